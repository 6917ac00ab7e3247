import { describe, expect, test, vi } from "vitest";
import { layOut } from "./json";
import { rowLength, sheet, type Sheet } from "./sheet";
import { finish, finishGently } from "./slices";

const rowsOf = (made: Sheet) => Array.from({ length: made.rows }, (_, index) => made.row(index));
const large = JSON.stringify(Array.from({ length: 10_000 }, (_, id) => ({ id, name: `Row ${id}` })));

describe("sheet", () => {
  test("its rows are the lines of laid-out JSON", () => {
    const made = finish(sheet(large));
    expect(made.json).toBe(true);
    expect(rowsOf(made).join("\n")).toBe(layOut(large));
    expect(made.width).toBe('    "name": "Row 9999"'.length);
  });
  test("what is no JSON stays as it came, but for characters that reorder", () => {
    const made = finish(sheet("a\r\n\nb\u202ec\n"));
    expect(rowsOf(made)).toEqual(["a\ufffd", "", "b\ufffdc", ""]);
    expect(made.json).toBe(false);
  });
  test("a line that is too long goes on in the next row, and loses nothing", () => {
    const text = `${"👩".repeat(100_000)}\nend`;
    const made = finish(sheet(text));
    const rows = rowsOf(made);
    expect(rows.join("")).toBe(text.replace("\n", ""));
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(rowLength);
    for (const row of rows) expect(row).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
  test("no text is one empty row", () => expect(rowsOf(finish(sheet("")))).toEqual([""]));
  test("is put down often", () => {
    let pauses = 0;
    for (const work = sheet(large); !work.next().done; ) pauses += 1;
    expect(pauses).toBeGreaterThan(large.length / 50_000);
  });
});

describe("finishGently", () => {
  test("comes to the same end", async () => {
    const made = await finishGently(sheet(large), () => true);
    expect(made?.rows).toBe(finish(sheet(large)).rows);
  });
  test("lets other work in between, and stops when nobody wants it", async () => {
    const clock = vi.spyOn(performance, "now");
    let time = 0;
    clock.mockImplementation(() => (time += 5));
    let asked = 0;
    let steps = 0;
    function* endless() {
      for (;;) {
        steps += 1;
        yield;
      }
    }
    expect(await finishGently(endless(), () => (asked += 1) < 4)).toBeNull();
    expect(steps).toBeLessThan(10);
    clock.mockRestore();
  });
});
