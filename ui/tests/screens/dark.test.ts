import { describe, test } from "vitest";
import { everyday } from "./everyday";
import { settings } from "./settings";
import { looksGood, onStage } from "./stage";

describe.each([960, 420])("dark, %i wide", (width) => {
  const sight = onStage({ theme: "dark", width });

  test.each([...everyday, ...settings])("$name", async (screen) => {
    await looksGood(sight(), screen, `${width}-dark`);
  });
});
