import { deceptive } from "./foreign";
import { layOutInSlices } from "./json";
import type { Slices } from "./slices";

/** A long text as rows, any of which is at hand without the others. */
export interface Sheet {
  /** Whether the text is JSON, set out over lines. */
  json: boolean;
  rows: number;
  /** The length of the longest row, in characters. */
  width: number;
  row(index: number): string;
}

/** Characters in a row. What is longer goes on in the next one, so that no row alone holds up the window. */
export const rowLength = 400;

/** Steps between two pauses. */
const sliceSteps = 4_000;

/** Makes a sheet of a text: JSON is set out over lines, anything else stays as it came. */
export function* sheet(text: string): Slices<Sheet> {
  const laidOut = yield* layOutInSlices(text);
  const whole = laidOut ?? text.replace(deceptive, "\ufffd");
  yield;
  const { starts, width } = yield* measure(whole);
  return {
    json: laidOut !== null,
    rows: starts.length,
    width,
    row(index) {
      const from = starts[index] ?? whole.length;
      const to = starts[index + 1] ?? whole.length;
      return whole.slice(from, to > from && whole[to - 1] === "\n" ? to - 1 : to);
    },
  };
}

/** Finds where rows start. */
function* measure(whole: string): Slices<{ starts: number[]; width: number }> {
  const starts: number[] = [];
  let width = 0;
  let steps = 0;
  for (let line = 0; line <= whole.length; ) {
    const lineEnd = whole.indexOf("\n", line);
    const end = lineEnd === -1 ? whole.length : lineEnd;
    for (let from = line; ; ) {
      if ((steps += 1) % sliceSteps === 0) yield;
      starts.push(from);
      width = Math.max(width, Math.min(end - from, rowLength));
      if (end - from <= rowLength) break;
      from += isHalf(whole, from + rowLength) ? rowLength - 1 : rowLength;
    }
    line = end + 1;
  }
  return { starts, width };
}

/** Whether a cut here would leave half of a pair. */
function isHalf(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff;
}
