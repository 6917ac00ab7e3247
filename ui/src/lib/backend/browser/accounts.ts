import type { AccountView } from "../generated/AccountView";

/** A picture of a person, 64 by 64: what the shell hands over after fetching it from an allowed origin. */
const picture =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAzElEQVR42u3YsRHCQAxE0W2ECknIqJF2nEBIBRyyJXOr489sAf9F9kmX+631BAAAAAAAAAAAAKBw2+M6mDVgnH4SQz9OL2doVn2VQRPrSwz/DcjX5w2aXp80AGgKqK3PGAAAAACgJYAPGQD+RnnQmADav4lXuEqscBda5DLHcRdAcq/nFpwXIN59hkRTugslcqjPGOSQnmHIqv6AQW71ew0yrN9lkGd93CDb+qBBzvURg8zrvxrWBfjUjw2LAtzqBwYAAOoBnvWfDO0Bb++EHxZjwSjeAAAAAElFTkSuQmCC";

export const ada: AccountView = {
  name: "Ada Moreno",
  email: "ada@example.com",
  subject: "upstream|ada",
  initials: "AM",
  picture: null,
};

export const pictured: AccountView = { ...ada, picture };

/** What a plain OAuth server tells: nothing. */
export const unnamed: AccountView = { name: "", email: null, subject: null, initials: "", picture: null };

const long = "a".repeat(3_000);

/** What a provider that means harm might tell. */
export const hostile: AccountView = {
  name: `<img src=x onerror="document.title='owned'">\u202egnp.exe ${long}`,
  email: `\u202emoc.elpmaxe@ada ${long}@example.com`,
  subject: "<script>document.title='owned'</script>",
  initials: "\u202eA",
  picture: "javascript:document.title='owned'",
};
