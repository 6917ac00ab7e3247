import type { CallSummary } from "../generated/CallSummary";
import type { CodeView } from "../generated/CodeView";
import type { ProfileView } from "../generated/ProfileView";
import type { FlowKind } from "../generated/FlowKind";
import type { FlowOutcome } from "../generated/FlowOutcome";
import type { FlowStep } from "../generated/FlowStep";
import type { SessionView } from "../generated/SessionView";
import type { View } from "../generated/View";
import { hostile, pictured, unnamed } from "./accounts";
import { begun, earlier } from "./flows";
import { problem } from "./problems";
import { profiles, unusable } from "./profiles";
import { settingsStates } from "./settings";
import { updateStates } from "./updates";
import { steps } from "./steps";
import { beginning, expired, report, settled, signedIn, waiting, waitingForCode } from "./story";

type State = (now: number) => Partial<View>;

const minute = 60_000;

const noKeychain = {
  keychain: {
    kind: "memoryOnly",
    reason: "No keychain answered. On Linux, install and start a Secret Service such as gnome-keyring or KWallet.",
  },
} as const;

const lockedKeychain = {
  keychain: { kind: "locked", reason: "Doorkey cannot tell whether you are signed in until it is unlocked." },
} as const;

function waits(now: number, change: Partial<SessionView & { state: "waitingForBrowser" }> = {}, since = now - 8_000): Partial<View> {
  const taken = steps.started(since);
  return { session: waiting(since, change), ...flow("signIn", "running", change.browser === "starting" ? taken.slice(0, 5) : taken) };
}

function waitsForCode(now: number, change: Partial<CodeView> | null = {}): Partial<View> {
  const since = now - 8_000;
  return { session: waitingForCode(since, change), ...flow("signIn", "running", change ? steps.codeShown(since) : steps.codeAsked(since)) };
}

function account(now: number, change: Partial<SessionView & { state: "signedIn" }> = {}): Partial<View> {
  return {
    session: { ...signedIn(now), ...change },
    keychain: { kind: "keychain" },
    tokenGeneration: 1,
    ...flow("signIn", "done", steps.signedIn(now - 6 * minute)),
  };
}

function flow(kind: FlowKind, outcome: FlowOutcome, taken: FlowStep[]): Pick<View, "flow" | "flows"> {
  return begun({ flow: null, flows: [] }, kind, outcome, taken);
}

/** A session with a past: ten flows at most, and fifty calls. */
function long(now: number): Partial<View> {
  const past = { flow: null, flows: earlier(now).map(({ summary }) => summary) };
  return { ...account(now), ...begun(past, "signIn", "done", steps.throughUpstream(now - 6 * minute)), calls: calls(now) };
}

function calls(now: number): CallSummary[] {
  const call = (id: number, ago: number, method: string, path: string, status: number | null, millis: number, failure: string | null = null) => ({
    id, at: now - ago, method, path, status, failure, millis,
  });
  const recent = [
    call(50, 20_000, "GET", "/api/me", 200, 38),
    call(49, 2 * minute, "POST", "/api/v1/executions", 403, 21),
    call(48, 6 * minute, "GET", "/api/v1/projects?limit=200&sort=name&fields=id,name,owner", 200, 112),
    call(47, 65 * minute, "GET", "/api/v1/slow", null, 30_000, "network_timeout"),
    call(46, 70 * minute, "GET", "/api/v1/workflows", null, 1_400, "cancelled"),
  ];
  return [...recent, ...Array.from({ length: 45 }, (_, index) => call(45 - index, (26 + index) * 60 * minute, "GET", "/api/me", 200, 12 + index))];
}

/** Every state that the address can jump to, as in `#waiting`. */
export const states: Record<string, State> = {
  "signed-out": () => ({}),
  "signed-out-link": () => ({ selected: "flyte-staging" }),
  restoring: () => ({ session: { state: "restoring" } }),
  locked: () => ({ session: { state: "restoring" }, ...lockedKeychain }),
  "waiting-starting": (now) => waits(now, { browser: "starting" }, now - 300),
  waiting: (now) => waits(now),
  "waiting-unnamed": (now) => waits(now, { browserName: null }),
  "waiting-long": (now) => waits(now, {}, now - 23_000),
  "waiting-posted": (now) => waits(now, { pasteable: false }, now - 23_000),
  "waiting-link": (now) => ({ selected: "flyte-staging", ...waits(now, { channel: "deepLink" }) }),
  "waiting-link-long": (now) => ({ selected: "flyte-staging", ...waits(now, { channel: "deepLink" }, now - 23_000) }),
  "waiting-no-browser": (now) => waits(now, { browser: "failed", browserName: null }),
  "code-asked": (now) => waitsForCode(now, null),
  code: (now) => waitsForCode(now),
  "code-here": (now) => waitsForCode(now, { address: "http://127.0.0.1:4180/device", hereOnly: true }),
  "code-not-opened": (now) => waitsForCode(now, { opened: false }),
  "code-long": (now) =>
    waitsForCode(now, {
      code: "ABCDEFGH-JKLMNPQR-STUVWXYZ",
      address: "https://login.identity.example.com/realms/customers/protocol/openid-connect/device",
      complete: false,
      picture: null,
    }),
  "code-hostile": (now) => waitsForCode(now, { code: `<img src=x>\u202e${"W".repeat(52)}`, address: `https://${"x".repeat(900)}.example/` }),
  "code-expired": (now) => ({
    problem: problem("timed_out", "The code was not used in time.", "Start again, and type the new code before it expires."),
    ...flow("signIn", "failed", steps.codeShown(now - 600_000)),
  }),
  "signed-in-by-code": (now) => ({ ...account(now), ...flow("signIn", "done", steps.signedInByCode(now - 6 * minute)) }),
  "port-taken": () => ({
    problem: problem("port_unavailable", "Port 8400 is in use.", "Close the program that uses the port, or list further ports in the profile."),
  }),
  "no-secret": () => ({
    selected: "orders",
    session: { state: "signedOut" },
    problem: problem("client_secret_missing", "The provider insists on a client secret, and none is kept for “orders”.", "Give the client secret, with: doorkey profile secret orders"),
  }),
  exchanging: (now) => ({ session: { state: "exchanging" }, ...flow("signIn", "running", steps.answered(now - 4_000)) }),
  "signed-in": (now) => account(now),
  "signed-in-picture": (now) => account(now, { account: pictured }),
  "signed-in-stale": (now) => ({ ...account(now, { freshUntil: now - 3 * minute }), tokenGeneration: 2 }),
  "signed-in-ending": (now) => account(now, { freshUntil: now + 2 * minute, refreshable: false, canEndSession: false }),
  "signed-in-unnamed": (now) => account(now, { account: unnamed, freshUntil: null, scopes: [], canEndSession: false }),
  "signed-in-in-part": (now) => account(now, { notGranted: ["executions:write", "https://www.googleapis.com/auth/cloud-platform"] }),
  "signed-in-memory": (now) => ({ ...account(now), ...noKeychain }),
  "signed-in-locked": (now) => ({ ...account(now), keychain: { kind: "locked", reason: "This sign-in is saved when the keychain is unlocked." } }),
  "signed-in-long": long,
  refreshing: (now) => account(now, { refreshing: true }),
  "refresh-failed": (now) => ({
    ...account(now),
    problem: problem("offline", "The provider cannot be reached.", "Check the network connection, VPN and proxy, then try again."),
  }),
  "signing-out": () => ({ session: { state: "signingOut" }, keychain: { kind: "keychain" } }),
  "after-sign-out": (now) => ({ signedOut: report(false), ...flow("signOut", "done", steps.signedOut(now - 2_000)) }),
  "after-sign-out-failed": () => ({
    signedOut: {
      local: { result: "done" },
      revoked: { result: "failed", reason: "The provider could not be reached, so it was not told." },
      sessionEnded: { result: "skipped", reason: "This provider has no way to end its session from here." },
    },
  }),
  expired: (now) => ({ session: expired(now), ...flow("refresh", "failed", steps.refreshed(now - 26 * minute)) }),
  problem: (now) => ({
    problem: problem("invalid_grant", "The provider refused the code: it was redeemed before.", "Start again. A code is valid for a short time and for one use."),
    ...flow("signIn", "failed", steps.refused(now - 5_000)),
  }),
  cancelled: (now) => ({
    problem: problem("cancelled", "You cancelled the sign-in.", "Start again when you are ready."),
    ...flow("signIn", "cancelled", steps.started(now - 20_000)),
  }),
  "scheme-taken": () => ({
    selected: "flyte-staging",
    problem: problem(
      "scheme_taken",
      "Links that begin with org.doorkey.doorkey: go to another program on this computer, so the answer would not come here.",
      "Sign in over loopback, or give these links back to Doorkey in the system's settings.",
    ),
  }),
  called: (now) => ({ ...account(now), ...flow("signIn", "done", steps.withCall(now - 6 * minute)) }),
  ...settingsStates,
  ...updateStates,
  unusable: () => ({ selected: unusable.name, profiles: [...profiles, unusable] }),
  dark: (now) => ({ ...account(now), settings: { ...beginning().settings, theme: "dark" } }),
  "no-profiles": () => ({ profiles: [], selected: "" }),
  hostile: (now) => ({
    ...account(now, { account: hostile, scopes: ["<b>scope</b>", `\u202e${"s".repeat(400)}`] }),
    selected: "hostile",
    profiles: [...profiles, harmful],
    problem: problem("<img src=x>", `<img src=x onerror="document.title='owned'"> \u202e ${"m".repeat(2_000)}`, "<a href='javascript:alert(1)'>Press here</a>"),
    calls: calls(now).map((call) => ({ ...call, method: "<b>GET</b>", path: `\u202e<img src=x>${"p".repeat(900)}`, failure: call.failure && "<i>" })),
    ...flow("signIn", "failed", steps.refused(now - 9_000).map((step) => ({
      ...step,
      label: `<img src=x onerror="document.title='owned'"> \u202e${step.label}`,
      why: `<b>${step.why}</b>${"w".repeat(600)}`,
      fields: [...step.fields, { name: `<i>${"n".repeat(120)}</i>`, value: { kind: "shown", text: `\u202e<svg onload="document.title='owned'">${"v".repeat(4_000)}` } }],
    }))),
  }),
};

/** A profile whose every word means harm. */
const harmful: ProfileView = {
  name: "hostile",
  provider: `<img src=x onerror="document.title='owned'"> \u202erekcatta ${"p".repeat(300)}`,
  issuer: "https://attacker.example",
  api: [`https://${"x".repeat(200)}.example`],
  demo: false,
  stands: "signedIn",
  account: hostile.name,
  channel: "loopback",
  offersCode: false,
  unusable: null,
  templates: [{ title: "<script>alert(1)</script>", method: "<b>GET</b>", path: "/hostile", body: null }],
};

/** The view of a named state, or the beginning for a name that is none. */
export function stateNamed(name: string, now: number): View {
  return settled({ ...beginning(), ...(Object.hasOwn(states, name) ? states[name]?.(now) : {}) });
}
