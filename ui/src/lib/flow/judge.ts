import type { FlowStep } from "../backend/generated/FlowStep";
import { elapsed } from "../time/duration";

export interface Verdict {
  mark: "told" | "danger" | "now";
  text: string;
}

/** How the flow stands: where it failed, what it waits for, or how long it took. */
export function verdict(steps: FlowStep[], underWay: string | null): Verdict {
  const failed = steps.find(({ failure }) => failure !== null);
  const first = steps[0];
  const last = steps.at(-1);
  if (failed) return { mark: "danger", text: `Failed at step ${failed.number}` };
  if (underWay) return { mark: "now", text: underWay };
  const count = `${steps.length} ${steps.length === 1 ? "step" : "steps"}`;
  return { mark: "told", text: first && last ? `${count} in ${elapsed(last.at - first.at)}` : count };
}
