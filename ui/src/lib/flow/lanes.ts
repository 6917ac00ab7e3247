import type { FlowStep } from "../backend/generated/FlowStep";
import type { Party } from "../backend/generated/Party";

const order: Party[] = ["you", "doorkey", "provider", "upstream", "api"];

export const partyName: Record<Party, string> = { you: "You", doorkey: "Doorkey", provider: "Provider", upstream: "Upstream", api: "API" };

/** Who the parties are, as far as there is something to say beyond what they are called. */
export type Whom = Partial<Record<Party, string>>;

/** Who takes part, from left to right. A lane that nobody is in is left out. */
export function lanes(steps: FlowStep[]): Party[] {
  return order.filter((party) => steps.some(({ from, to }) => from === party || to === party));
}

/** Where an arrow lies, in grid lines of a track with two columns a lane. */
export interface Arrow {
  start: number;
  end: number;
  shape: "there" | "back" | "self";
}

export function arrow(step: Pick<FlowStep, "from" | "to">, among: Party[]): Arrow {
  const centre = (party: Party) => among.indexOf(party) * 2 + 2;
  const [from, to] = [centre(step.from), centre(step.to)];
  if (from === to) return { start: from, end: from + 1, shape: "self" };
  return { start: Math.min(from, to), end: Math.max(from, to), shape: from < to ? "there" : "back" };
}

/** What the fields of a step are, seen from Doorkey. */
export function wire({ from, to }: Pick<FlowStep, "from" | "to">): string {
  if (from === "doorkey") return to === "doorkey" ? "Kept in Doorkey" : "Sent";
  if (to === "doorkey") return "Received";
  return from === "you" ? "Sent by your browser" : `Sent by the ${partyName[from].toLowerCase()}`;
}

/** Between whom a step happens that Doorkey does not see. */
export function outOfSight({ from, to }: Pick<FlowStep, "from" | "to">): string {
  const name = (party: Party) => (party === "you" ? "your browser" : `the ${partyName[party].toLowerCase()}`);
  return from === to ? `inside ${name(from)}` : `between ${name(from)} and ${name(to)}`;
}

/** Whether a party never meets Doorkey in these steps, so that all that is known of it is hearsay. */
export function hearsay(party: Party, steps: FlowStep[]): boolean {
  return !steps.some((step) => seen(step) && (step.from === party || step.to === party));
}

/** Whether Doorkey took part in it. What two others do together is known, but out of its sight. */
export function seen(step: Pick<FlowStep, "from" | "to">): boolean {
  return step.from === "doorkey" || step.to === "doorkey";
}

/** Who does it to whom, for a step's name: `Doorkey to Provider`, or `Doorkey, by itself`. */
export function parties(step: Pick<FlowStep, "from" | "to">): string {
  const from = partyName[step.from];
  return step.from === step.to ? `${from}, by itself` : `${from} to ${partyName[step.to]}`;
}
