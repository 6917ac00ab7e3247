import { expect, test } from "vitest";
import { drawn, stretch, type Pane } from "./pane";

const pane: Pane = { rows: 240_000, rowHeight: 20.8, height: 300 };
const endless: Pane = { rows: 2_500_001, rowHeight: 20.8, height: 300 };

test.each([["long", pane], ["too tall to draw", endless]])("a sheet that is %s draws what is in sight and a little around it, wherever it is scrolled", (_, one) => {
  const way = stretch(one) - one.height;
  for (const share of [0, 0.1, 0.5, 0.999_9, 1]) {
    const { first, end, top } = drawn(one, way * share);
    const sight = [way * share, way * share + one.height] as const;
    expect(end - first).toBeLessThan(60);
    expect(top).toBeLessThanOrEqual(sight[0]);
    expect(top + (end - first) * one.rowHeight).toBeGreaterThanOrEqual(sight[1] - 0.01);
  }
});

test("the first row is on top, and the last one at the bottom", () => {
  for (const one of [pane, endless]) {
    expect(drawn(one, 0)).toMatchObject({ first: 0, top: 0 });
    const { first, end, top } = drawn(one, stretch(one));
    expect(end).toBe(one.rows);
    expect(top + (end - first) * one.rowHeight).toBeCloseTo(stretch(one), 3);
  }
});

test("a sheet is never taller than what can be drawn", () => {
  expect(stretch(endless)).toBe(8_000_000);
  expect(stretch(pane)).toBe(240_000 * 20.8);
});

test("what fits is drawn whole, even when a web view bounces", () => {
  const short = { ...pane, rows: 3 };
  for (const scrolled of [-40, 0, 40]) expect(drawn(short, scrolled)).toEqual({ first: 0, end: 3, top: 0 });
});
