import type { SessionView } from "../generated/SessionView";
import type { View } from "../generated/View";
import { ada, hostile, pictured, unnamed } from "./accounts";
import { profiles } from "./profiles";
import { flows } from "./steps";
import { beginning, report, signedIn } from "./story";

type State = (now: number) => Partial<View>;

const minute = 60_000;
const noKeychain = {
  keychain: {
    kind: "memoryOnly",
    reason: "No keychain answered. On Linux, install and start a Secret Service such as gnome-keyring or KWallet.",
  },
} as const;

function waiting(now: number, browserOpened: boolean, since = now - 8_000): Partial<View> {
  const session: SessionView = { state: "waitingForBrowser", since, deadline: since + 5 * minute, browserOpened };
  return { session, flow: flows.started(since) };
}

function account(now: number, change: Partial<SessionView & { state: "signedIn" }> = {}): Partial<View> {
  return { session: { ...signedIn(now), ...change }, keychain: { kind: "keychain" }, flow: flows.signedIn(now - 6 * minute) };
}

/** Every state that the address can jump to, as in `#waiting`. */
export const states: Record<string, State> = {
  "signed-out": () => ({}),
  restoring: () => ({ session: { state: "restoring" } }),
  waiting: (now) => waiting(now, true),
  "waiting-long": (now) => waiting(now, true, now - 23_000),
  "waiting-no-browser": (now) => waiting(now, false),
  exchanging: (now) => ({ session: { state: "exchanging" }, flow: flows.answered(now - 4_000) }),
  "signed-in": (now) => account(now),
  "signed-in-picture": (now) => account(now, { account: pictured }),
  "signed-in-stale": (now) => account(now, { freshUntil: now - 3 * minute }),
  "signed-in-ending": (now) => account(now, { freshUntil: now + 2 * minute, refreshable: false, canEndSession: false }),
  "signed-in-unnamed": (now) => account(now, { account: unnamed, freshUntil: null, scopes: [], canEndSession: false }),
  "signed-in-memory": (now) => ({ ...account(now), ...noKeychain }),
  refreshing: (now) => account(now, { refreshing: true }),
  "refresh-failed": (now) => ({
    ...account(now),
    problem: { code: "offline", message: "The provider cannot be reached.", hint: "Check the network connection, VPN and proxy, then try again." },
  }),
  "signing-out": () => ({ session: { state: "signingOut" }, keychain: { kind: "keychain" } }),
  "after-sign-out": (now) => ({ signedOut: report(false), flow: flows.signedOut(now - 2_000) }),
  "after-sign-out-failed": () => ({
    signedOut: {
      local: { result: "done" },
      revoked: { result: "failed", reason: "The provider could not be reached, so it was not told." },
      sessionEnded: { result: "skipped", reason: "This provider has no way to end its session from here." },
    },
  }),
  expired: (now) => ({ session: { state: "expired", account: ada }, flow: flows.refreshed(now - minute) }),
  problem: (now) => ({
    problem: {
      code: "invalid_grant",
      message: "The provider refused the code: it was redeemed before.",
      hint: "Start again. A code is valid for a short time and for one use.",
    },
    flow: flows.refused(now - 5_000),
  }),
  cancelled: () => ({
    problem: { code: "cancelled", message: "You cancelled the sign-in.", hint: "Start again when you are ready." },
  }),
  called: (now) => ({ ...account(now), flow: flows.withCall(now - 6 * minute) }),
  "no-profiles": () => ({ profiles: [], selected: "" }),
  hostile: (now) => ({
    ...account(now, { account: hostile, scopes: ["<b>scope</b>", `\u202e${"s".repeat(400)}`] }),
    selected: "hostile",
    profiles: [
      ...profiles,
      {
        name: "hostile",
        provider: `<img src=x onerror="document.title='owned'"> \u202erekcatta ${"p".repeat(300)}`,
        issuer: "https://attacker.example",
        api: [`https://${"x".repeat(200)}.example`],
        demo: false,
        templates: [{ title: "<script>alert(1)</script>", method: "<b>GET</b>", path: "/hostile", body: null }],
      },
    ],
    problem: {
      code: "<img src=x>",
      message: `<img src=x onerror="document.title='owned'"> \u202e ${"m".repeat(2_000)}`,
      hint: "<a href='javascript:alert(1)'>Press here</a>",
    },
    flow: flows.refused(now - 9_000).map((step) => ({
      ...step,
      label: `<img src=x onerror="document.title='owned'"> \u202e${step.label}`,
      why: `<b>${step.why}</b>${"w".repeat(600)}`,
      fields: [...step.fields, { name: `<i>${"n".repeat(120)}</i>`, value: { kind: "shown", text: `\u202e<svg onload="document.title='owned'">${"v".repeat(4_000)}` } }],
    })),
  }),
};

/** The view of a named state, or the beginning for a name that is none. */
export function stateNamed(name: string, now: number): View {
  return { ...beginning(), ...(Object.hasOwn(states, name) ? states[name]?.(now) : {}) };
}
