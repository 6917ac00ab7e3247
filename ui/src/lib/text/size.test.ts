import { expect, test } from "vitest";
import { size } from "./size";

test.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [412, "412 bytes"],
  [1_000, "1 kB"],
  [1_234, "1.2 kB"],
  [20_480, "20 kB"],
  [999_499, "999 kB"],
  [999_500, "1 MB"],
  [5_242_880, "5.2 MB"],
])("%i is %s", (bytes, text) => expect(size(bytes)).toBe(text));
