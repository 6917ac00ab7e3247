import type { Backend } from "../backend";
import type { FlowView } from "../generated/FlowView";
import type { View } from "../generated/View";
import { callDesk } from "./calls";
import { earlier } from "./flows";
import { judge } from "./pasted";
import { problem } from "./problems";
import { keychain, settingsCommands } from "./settings";
import { stateNamed } from "./states";
import { tokens } from "./tokens";
import { updateCommands } from "./updates";
import { after, type Happening } from "./story";

/** How long the pretended person, browser and provider take, in milliseconds. */
const pace = { browser: 150, person: 2_500, provider: 900 };

/** The whole program in memory, for a plain browser: the dev server and the tests. Never in the app. */
export function browserBackend(page: Window): Backend {
  const listeners = new Set<(view: View) => void>();
  const flows = new Map<number, FlowView>();
  let timers: number[] = [];
  let view = arrive();

  function show(next: View) {
    if (next === view) return;
    view = next;
    if (view.flow) flows.set(view.flow.summary.id, view.flow);
    for (const listener of listeners) listener(view);
  }
  function happen(happening: Happening) {
    show(after(view, happening, Date.now()));
  }
  function later(delay: number, happening: () => Happening) {
    timers.push(page.setTimeout(() => happen(happening()), delay));
  }
  function forget() {
    for (const timer of timers) page.clearTimeout(timer);
    timers = [];
  }

  function signIn(profile: string, overLoopback: boolean) {
    forget();
    happen({ kind: "signInAsked", profile, overLoopback });
    later(pace.browser, () => ({ kind: "browserOpened" }));
    answerComes(pace.person);
  }

  function signInWithCode(profile: string) {
    forget();
    happen({ kind: "codeAsked", profile });
    later(pace.browser, () => ({ kind: "codeIssued" }));
    answerComes(pace.person);
  }

  function answerComes(delay: number) {
    later(delay, () => ({ kind: "codeArrived" }));
    later(delay + pace.provider, () => ({ kind: view.selected === "orders" ? "tokensRefused" : "tokensArrived" }));
  }

  /** The state that the address names. One that waits gives up at its deadline, as the program does. */
  function arrive(): View {
    const now = Date.now();
    const named = stateNamed(page.location.hash.slice(1), now);
    const deadline = deadlineOf(named);
    if (deadline) later(deadline - now, () => ({ kind: "timeIsUp" }));
    flows.clear();
    for (const flow of [...earlier(now), ...(named.flow ? [named.flow] : [])]) flows.set(flow.summary.id, flow);
    return named;
  }

  page.addEventListener("hashchange", () => {
    forget();
    show({ ...arrive(), revision: view.revision + 1 });
  });

  const room = { view: () => view, change: (change: Partial<View>) => happen({ kind: "changed", change }) };

  return {
    async subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async view() {
      return view;
    },
    async selectProfile(profile) {
      forget();
      happen({ kind: "cancelled" });
      happen({ kind: "selected", profile });
    },
    signIn: async (profile) => signIn(profile, false),
    signInOverLoopback: async (profile) => signIn(profile, true),
    signInWithCode: async (profile) => signInWithCode(profile),
    async cancelSignIn() {
      forget();
      happen({ kind: "cancelled" });
    },
    async openAgain() {
      happen({ kind: "browserOpened" });
    },
    async copyLink() {},
    async pasteAddress(text) {
      judge(view, text);
      forget();
      answerComes(0);
    },
    async refresh() {
      happen({ kind: "refreshAsked" });
      later(pace.provider, () => ({ kind: "refreshed" }));
    },
    async signOut(endSession) {
      happen({ kind: "signOutAsked" });
      later(pace.provider, () => ({ kind: "signedOut", endSession }));
    },
    async dismiss() {
      happen({ kind: "dismissed" });
    },
    async tokens() {
      return tokens(view, Date.now());
    },
    ...callDesk(page, () => view, happen),
    async flow(id) {
      const flow = flows.get(id);
      if (!flow) throw problem("forgotten", "This flow is not kept any more.", "Only the latest ones are.");
      return flow;
    },
    async exportFlow(id) {
      return { file: `doorkey-flow-${id}.json`, folder: "Downloads" };
    },
    async revealExport() {},
    async copyProblem() {},
    async unlockKeychain() {
      happen({ kind: "unlocked" });
      return keychain(view, null);
    },
    ...settingsCommands(page, room),
    ...updateCommands(page, room),
  };
}

/** When a view that waits for somebody gives up. */
function deadlineOf({ session }: View): number | null {
  if (session.state === "waitingForBrowser") return session.deadline;
  return session.state === "waitingForCode" ? (session.code?.deadline ?? null) : null;
}
