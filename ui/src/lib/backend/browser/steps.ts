import type { FlowField } from "../generated/FlowField";
import type { FlowStep } from "../generated/FlowStep";
import type { Party } from "../generated/Party";

type Recipe = [from: Party, to: Party, label: string, why: string, after: number, fields: FlowField[]];

const shown = (name: string, text: string): FlowField => ({ name, value: { kind: "shown", text } });
const hidden = (name: string, length: number): FlowField => ({ name, value: { kind: "hidden", length } });

const redirect = "http://127.0.0.1:53412/callback";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const started: Recipe[] = [
  ["you", "doorkey", "Ask to sign in", "Nothing happens before you ask for it.", 0, []],
  ["doorkey", "provider", "Ask where its endpoints are", "The provider says itself where to send people and codes, so nothing is guessed.", 2,
    [shown("GET", "http://127.0.0.1:4180/.well-known/openid-configuration")]],
  ["provider", "doorkey", "Name its endpoints", "The issuer in the answer must be the configured one, byte for byte.", 11,
    [shown("issuer", "http://127.0.0.1:4180"), shown("status", "200")]],
  ["doorkey", "doorkey", "Make verifier, state and nonce", "Fresh random values tie everything that follows to this one attempt.", 12,
    [hidden("code_verifier", 43), shown("code_challenge", challenge), hidden("state", 43), hidden("nonce", 43)]],
  ["doorkey", "doorkey", "Listen for the answer", "The port is open before the browser is, so no other program can take the answer.", 13,
    [shown("redirect_uri", redirect)]],
  ["doorkey", "you", "Open the browser", "You sign in where your password manager and passkeys are; Doorkey never sees a password.", 48, []],
  ["you", "provider", "Go to the provider", "The provider learns the challenge, which is useless without the verifier that made it.", 49,
    [shown("response_type", "code"), shown("client_id", "doorkey-demo"), shown("redirect_uri", redirect),
      shown("scope", "openid profile email offline_access"), shown("code_challenge", challenge),
      shown("code_challenge_method", "S256"), hidden("state", 43), hidden("nonce", 43)]],
];

const upstream: Recipe[] = [
  ["provider", "upstream", "Send you on to another provider", "The provider lets somebody else check who you are.", 60, []],
  ["upstream", "provider", "Say who you are", "That answer is for the provider. Doorkey never gets it.", 4_080, []],
];

const answered: Recipe[] = [
  ["you", "doorkey", "Bring the code home", "The code alone is worth nothing: only the verifier, which never left, can redeem it.", 4_120,
    [hidden("code", 312), hidden("state", 43), shown("iss", "http://127.0.0.1:4180")]],
  ["doorkey", "provider", "Redeem code and verifier", "The provider hashes the verifier and compares it with the challenge from before.", 4_122,
    [shown("POST", "http://127.0.0.1:4180/token"), shown("grant_type", "authorization_code"), shown("client_id", "doorkey-demo"),
      shown("redirect_uri", redirect), hidden("code", 312), hidden("code_verifier", 43)]],
];

const accepted: Recipe[] = [
  ["provider", "doorkey", "Issue tokens", "The tokens pass directly between the two, never through the browser.", 4_153,
    [shown("status", "200"), hidden("access_token", 812), hidden("id_token", 1_104), hidden("refresh_token", 64),
      shown("token_type", "Bearer"), shown("expires_in", "3600")]],
  ["doorkey", "doorkey", "Verify the ID token", "Signature, issuer, audience, times and nonce are checked before a claim is believed.", 4_159,
    [shown("alg", "RS256"), shown("kid", "demo-2026-11"), shown("aud", "doorkey-demo")]],
  ["doorkey", "doorkey", "Store the session in the keychain", "What must be kept is kept by the operating system, and nowhere else.", 4_171, []],
  ["doorkey", "you", "Say who is signed in", "The sign-in is complete.", 4_172, []],
];

const codeAsked: Recipe[] = [
  ...started.slice(0, 3),
  ["doorkey", "provider", "Ask for a code to type", "Where no browser can bring an answer back, you carry a short code to a browser instead.", 12,
    [shown("device_authorization_endpoint", "http://127.0.0.1:4180/device_authorization"), shown("client_id", "doorkey-demo"),
      shown("scope", "openid profile email offline_access")]],
];

const codeShown: Recipe[] = [
  ["provider", "doorkey", "Issue a code to type", "The code to type is for you to see; the one that fetches the tokens stays here.", 31,
    [hidden("device_code", 43), hidden("user_code", 9), shown("verification_uri", "http://127.0.0.1:4180/device"),
      shown("expires_in", "600"), shown("interval", "5")]],
  ["doorkey", "you", "Show code and address", "Type the code only where you started the sign-in yourself: whoever shows you one gets the tokens.", 32,
    [shown("verification_uri", "http://127.0.0.1:4180/device")]],
  ["doorkey", "provider", "Ask whether you have agreed", "Nobody can call back, so the question is repeated, as seldom as the provider wants.", 33,
    [shown("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), hidden("device_code", 43), shown("client_id", "doorkey-demo")]],
];

const refused: Recipe[] = [
  ["provider", "doorkey", "Issue tokens", "The tokens pass directly between the two, never through the browser.", 4_151,
    [shown("status", "400"), shown("error", "invalid_grant"), shown("error_description", "code was redeemed before")]],
];

const refreshed: Recipe[] = [
  ["doorkey", "provider", "Present the refresh token", "A new access token without asking you again; one request, however many wait for it.", 0,
    [shown("grant_type", "refresh_token"), hidden("refresh_token", 64)]],
  ["provider", "doorkey", "Issue new tokens", "The new refresh token is stored before anybody uses the new access token.", 28,
    [hidden("access_token", 812), hidden("refresh_token", 64), shown("expires_in", "3600")]],
];

const left: Recipe[] = [
  ["doorkey", "doorkey", "Forget the session", "Signing out starts here, so that it works without the network.", 0, []],
  ["doorkey", "provider", "Revoke the tokens", "A copy of a token that somebody made becomes worthless.", 3, [hidden("token", 64)]],
  ["provider", "doorkey", "Confirm", "The provider may refuse; you are signed out here either way.", 19, [shown("status", "200")]],
];

const called: Recipe[] = [
  ["doorkey", "api", "Call the API", "The access token goes only to origins that the profile lists.", 0,
    [shown("GET", "http://127.0.0.1:4181/api/me"), hidden("Authorization", 819)]],
  ["api", "doorkey", "Answer", "Token bytes in the answer are masked before anybody sees it.", 12, [shown("status", "200")]],
];

function cook(recipes: Recipe[], start: number): FlowStep[] {
  return recipes.map(([from, to, label, why, after, fields], index) => ({
    number: index + 1, from, to, label, why, at: start + after, fields, failure: null,
  }));
}

/** The steps of the browser backend's flows, each from the moment it started. */
export const steps = {
  started: (start: number) => cook(started, start),
  answered: (start: number) => cook([...started, ...answered], start),
  signedIn: (start: number) => cook([...started, ...answered, ...accepted], start),
  codeAsked: (start: number) => cook(codeAsked, start),
  codeShown: (start: number) => cook([...codeAsked, ...codeShown], start),
  codeTyped: (start: number) => cook([...codeAsked, ...codeShown, ...accepted.slice(0, 1)], start),
  signedInByCode: (start: number) => cook([...codeAsked, ...codeShown, ...accepted], start),
  throughUpstream: (start: number) => cook([...started, ...upstream, ...answered, ...accepted], start),
  refused: (start: number) => {
    const taken = cook([...started, ...answered, ...refused], start);
    return taken.map((step, index) =>
      index === taken.length - 1 ? { ...step, failure: "The provider refused the code: it was redeemed before." } : step,
    );
  },
  refreshed: (start: number) => cook(refreshed, start),
  signedOut: (start: number) => cook(left, start),
  withCall: (start: number) => {
    const taken = cook([...started, ...answered, ...accepted], start);
    const call = cook(called, start + 9_000).map((step) => ({ ...step, number: step.number + taken.length }));
    return [...taken, ...call];
  },
};
