import type { Backend } from "../backend";
import type { View } from "../generated/View";
import { answer, cancelledCall } from "./answers";
import { judge } from "./pasted";
import { stateNamed } from "./states";
import { tokens } from "./tokens";
import { after, type Happening } from "./story";

/** How long the pretended person, provider and API take, in milliseconds. */
const pace = { person: 2_500, provider: 900, api: 300 };

/** The whole program in memory, for a plain browser: the dev server and the tests. Never in the app. */
export function browserBackend(page: Window): Backend {
  const listeners = new Set<(view: View) => void>();
  let timers: number[] = [];
  let breakOff = () => {};
  let view = arrive();

  function show(next: View) {
    if (next === view) return;
    view = next;
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

  function answerComes(delay: number) {
    later(delay, () => ({ kind: "codeArrived" }));
    later(delay + pace.provider, () => ({ kind: view.selected === "orders" ? "tokensRefused" : "tokensArrived" }));
  }

  /** The state that the address names. One that waits gives up at its deadline, as the program does. */
  function arrive(): View {
    const now = Date.now();
    const named = stateNamed(page.location.hash.slice(1), now);
    if (named.session.state === "waitingForBrowser") later(named.session.deadline - now, () => ({ kind: "timeIsUp" }));
    return named;
  }

  page.addEventListener("hashchange", () => {
    forget();
    show({ ...arrive(), revision: view.revision + 1 });
  });

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
      happen({ kind: "selected", profile });
    },
    async signIn(profile) {
      forget();
      happen({ kind: "signInAsked", profile });
      answerComes(pace.person);
    },
    async cancelSignIn() {
      forget();
      happen({ kind: "cancelled" });
    },
    async openAgain() {},
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
    async callApi(call) {
      await new Promise<void>((resolve, reject) => {
        if (!call.path.startsWith("/silent")) page.setTimeout(resolve, pace.api);
        breakOff = () => reject(cancelledCall);
      });
      return answer(call);
    },
    async cancelCall() {
      breakOff();
    },
    async copyCurl() {},
    async tokens() {
      return tokens(view, Date.now());
    },
  };
}
