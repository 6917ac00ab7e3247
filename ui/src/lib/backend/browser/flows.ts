import type { FlowKind } from "../generated/FlowKind";
import type { FlowOutcome } from "../generated/FlowOutcome";
import type { FlowStep } from "../generated/FlowStep";
import type { FlowView } from "../generated/FlowView";
import type { View } from "../generated/View";
import { steps } from "./steps";

type Flows = Pick<View, "flow" | "flows">;

const minute = 60_000;
const hour = 60 * minute;

/** How many flows of a profile are kept. */
const kept = 10;

/** The view's flows after a new one has begun. */
export function begun(view: Flows, kind: FlowKind, outcome: FlowOutcome, taken: FlowStep[]): Flows {
  const id = Math.max(0, ...view.flows.map((flow) => flow.id)) + 1;
  const summary = { id, kind, started: taken[0]?.at ?? 0, outcome };
  return { flow: { summary, steps: taken }, flows: [summary, ...view.flows].slice(0, kept) };
}

/** The view's flows after the latest one has gone on. */
export function gone(view: Flows, outcome: FlowOutcome, taken?: FlowStep[]): Flows {
  if (!view.flow) return view;
  const summary = { ...view.flow.summary, outcome };
  return {
    flow: { summary, steps: taken ?? view.flow.steps },
    flows: view.flows.map((flow) => (flow.id === summary.id ? summary : flow)),
  };
}

/** Flows of hours and days before, newest first. */
export function earlier(now: number): FlowView[] {
  return [
    past(5, "refresh", "done", steps.refreshed(now - 58 * minute)),
    past(4, "signIn", "done", steps.throughUpstream(now - 2 * hour)),
    past(3, "signIn", "cancelled", steps.started(now - 2 * hour - 3 * minute)),
    past(2, "signOut", "done", steps.signedOut(now - 20 * hour)),
    past(1, "signIn", "failed", steps.refused(now - 52 * hour)),
  ];
}

function past(id: number, kind: FlowKind, outcome: FlowOutcome, taken: FlowStep[]): FlowView {
  return { summary: { id, kind, started: taken[0]?.at ?? 0, outcome }, steps: taken };
}
