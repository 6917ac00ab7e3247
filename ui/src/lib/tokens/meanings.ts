/** Which of the two tokens a claim stands in. */
export type Token = "id" | "access";

/** Claims that mean the same in every token, in plain words. */
const meanings: Record<string, string> = {
  iss: "Who made it: the provider.",
  sub: "The provider’s own, lasting name for you.",
  azp: "Which app it was made for.",
  client_id: "Which app asked for it.",
  scope: "What it allows.",
  scp: "What it allows.",
  iat: "When it was made.",
  nbf: "Not valid before this.",
  auth_time: "When you last proved who you are to the provider.",
  nonce: "Ties it to one sign-in.",
  at_hash: "Ties it to the access token that came with it.",
  c_hash: "Ties it to the code that it was exchanged for.",
  acr: "How strong the sign-in was.",
  amr: "How you signed in, such as by password or by key.",
  identity_provider: "The other provider that you signed in with.",
  sid: "The provider’s name for your session in the browser.",
  jti: "A name for this one token, so that it can be told from others.",
  name: "Your full name.",
  given_name: "Your first name.",
  family_name: "Your family name.",
  nickname: "What you like to be called.",
  preferred_username: "The user name you prefer. It may change.",
  email: "Your e-mail, as the provider knows it.",
  email_verified: "Whether the provider has checked that e-mail.",
  picture: "Where your picture is.",
  locale: "Your language and region.",
  updated_at: "When the provider last changed what it knows of you.",
  typ: "What kind of token it is.",
  alg: "How it is signed.",
  kid: "Which of the provider’s keys signed it.",
};

/** Claims that say something else to the app than to the API. */
const meaningsFor: Record<Token, Record<string, string>> = {
  id: {
    aud: "Who it is for: this app.",
    exp: "Accepted as proof of the sign-in until then. The session may last longer.",
  },
  access: {
    aud: "Which API it is for.",
    exp: "The API refuses it after this.",
  },
};

/** What a claim or header member means, in plain words; null for one of the provider's own. */
export function meaning(name: string, token: Token): string | null {
  for (const table of [meaningsFor[token], meanings]) {
    const found = Object.hasOwn(table, name) ? table[name] : undefined;
    if (found !== undefined) return found;
  }
  return null;
}
