import { describe, test } from "vitest";
import { everyday } from "./everyday";
import { settings } from "./settings";
import { bearsLargeText, onStage } from "./stage";

describe("text at 200 %, 420 wide", () => {
  const sight = onStage({ width: 420 });

  test.each([...everyday, ...settings])("$name", async (screen) => {
    await bearsLargeText(sight(), screen);
  });
});
