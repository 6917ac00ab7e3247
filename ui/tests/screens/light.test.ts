import { describe, test } from "vitest";
import { everyday } from "./everyday";
import { settings } from "./settings";
import { looksGood, onStage } from "./stage";

describe.each([960, 420])("light, %i wide", (width) => {
  const sight = onStage({ theme: "light", width });

  test.each([...everyday, ...settings])("$name", async (screen) => {
    await looksGood(sight(), screen, `${width}-light`);
  });
});
