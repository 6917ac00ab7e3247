import type { ClaimValueView } from "../generated/ClaimValueView";
import type { ClaimView } from "../generated/ClaimView";
import type { TokensView } from "../generated/TokensView";
import type { View } from "../generated/View";
import { hostile, unnamed } from "./accounts";
import { problem } from "./problems";

const minute = 60_000;

const text = (name: string, text: string): ClaimView => ({ name, value: { kind: "text", text } });
const json = (name: string, value: unknown): ClaimView => ({ name, value: { kind: "json", text: JSON.stringify(value) } });
const time = (name: string, at: number): ClaimView => ({ name, value: { kind: "time", at: at - (at % 1_000) } });
const hidden = (name: string, length: number): ClaimView => ({ name, value: { kind: "hidden", length } });

/** What the tokens of the browser backend say. */
export function tokens(view: View, now: number): TokensView {
  const { session } = view;
  if (session.state !== "signedIn") throw problem("not_signed_in", "Nobody is signed in.", "Sign in first.");
  if (session.account === unnamed) return { idToken: null, accessToken: { kind: "opaque", length: 40 } };
  return session.account === hostile ? harmful() : usual(now - 6 * minute, session.freshUntil ?? now);
}

function usual(made: number, end: number): TokensView {
  const header = [text("alg", "RS256"), text("kid", "demo-2026-11")];
  const idToken: TokensView["idToken"] = {
    algorithm: "RS256",
    keyId: "demo-2026-11",
    contents: {
      header: [...header, text("typ", "JWT")],
      claims: [
        text("iss", "http://127.0.0.1:4180"),
        text("sub", "upstream|ada"),
        text("aud", "doorkey-demo"),
        time("exp", end),
        time("iat", made),
        time("auth_time", made - 26 * 60 * minute),
        hidden("nonce", 43),
        text("at_hash", "77QmUPtjPfzWtF2AnpK9RQ"),
        json("amr", ["pwd", "otp"]),
        text("name", "Ada Moreno"),
        text("preferred_username", "ada"),
        text("email", "ada@example.com"),
        json("email_verified", true),
        text("tier", "gold"),
        json("address", { locality: "Zürich", country: "CH" }),
      ],
      omitted: 0,
      signatureLength: 256,
    },
  };
  const contents = {
    header: [...header, text("typ", "at+jwt")],
    claims: [
      text("iss", "http://127.0.0.1:4180"),
      text("sub", "upstream|ada"),
      text("aud", "http://127.0.0.1:4181"),
      text("client_id", "doorkey-demo"),
      text("scope", "openid profile email offline_access"),
      time("exp", end),
      time("iat", made),
      text("jti", "5f0b2c1e"),
    ],
    omitted: 0,
    signatureLength: 256,
  };
  return { idToken, accessToken: { kind: "jwt", contents } };
}

/** Names and values that mean harm, as if nobody had cleaned them. */
function harmful(): TokensView {
  const evil = `<img src=x onerror="document.title='owned'"> \u202egnp.exe ${"v".repeat(4_000)}`;
  const values: ClaimValueView[] = [
    { kind: "text", text: evil },
    { kind: "json", text: JSON.stringify({ [evil]: [evil] }) },
    { kind: "text", text: "" },
    { kind: "time", at: 253_402_300_799_000 },
    { kind: "time", at: 0 },
    { kind: "hidden", length: 4_294_967_295 },
  ];
  const claims = values.map((value) => ({ name: `<b>\u202e${"n".repeat(200)}</b>`, value }));
  const contents = { header: claims.slice(0, 1), claims: [...claims, json("__proto__", null), json("iss", null)], omitted: 4_321, signatureLength: 1 };
  return { idToken: { algorithm: "RS256", keyId: evil, contents }, accessToken: { kind: "jwt", contents } };
}
