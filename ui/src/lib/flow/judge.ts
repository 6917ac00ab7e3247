import type { FlowKind } from "../backend/generated/FlowKind";
import type { FlowStep } from "../backend/generated/FlowStep";
import type { FlowSummary } from "../backend/generated/FlowSummary";
import type { FlowView } from "../backend/generated/FlowView";
import { elapsed } from "../time/duration";
import { occasion } from "../time/instant";

export interface Verdict {
  mark: "told" | "done" | "danger" | "now";
  text: string;
}

export const flowName: Record<FlowKind, string> = { signIn: "Sign-in", refresh: "Refresh", signOut: "Sign-out", call: "API call" };

/** How a flow stands: what it waits for, how long it took, where it failed. */
export function verdict({ summary, steps }: FlowView, underWay: string | null): Verdict {
  switch (summary.outcome) {
    case "running":
      return { mark: "now", text: underWay ?? "Happening now" };
    case "done":
      return { mark: "done", text: `Done in ${elapsed(duration(steps))}` };
    case "cancelled":
      return { mark: "told", text: "Cancelled" };
    case "failed": {
      const failed = steps.find(({ failure }) => failure !== null);
      return { mark: "danger", text: failed ? `Failed at step ${failed.number}` : "Failed" };
    }
  }
}

/** A flow as a line of the list: `Sign-in, today 14:32`, and how it ended unless that is as hoped. */
export function flowLine({ kind, started, outcome }: FlowSummary, now: number, locale?: string): string {
  const ended = { running: ", happening now", done: "", failed: ", failed", cancelled: ", cancelled" };
  return `${flowName[kind]}, ${occasion(started, now, locale)}${ended[outcome]}`;
}

/** The step from which on a flow is an API call behind it, as an index; none if there is no such call. */
export function callBegins(steps: FlowStep[]): number | null {
  const index = steps.findIndex(({ from, to }) => from === "api" || to === "api");
  return index > 0 ? index : null;
}

/** How long it took, without the API call behind it, in milliseconds. */
function duration(steps: FlowStep[]): number {
  const own = steps.slice(0, callBegins(steps) ?? steps.length);
  return (own.at(-1)?.at ?? 0) - (own[0]?.at ?? 0);
}
