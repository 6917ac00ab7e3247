import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { stand, type Look, type Sight, type Stand } from "./browser";
import { clipped, sideways } from "./looks";

/** A screen: a state, and what to do to get from there to what is looked at. */
export interface Screen {
  name: string;
  state: string;
  reach?: (page: Page) => Promise<void>;
}

/** Where pictures go, if they are wanted. */
const shots = process.env.SHOTS ? join(import.meta.dirname, "shots") : null;

/** One page for all tests of a group. */
export function onStage(look: Look): () => Sight {
  let place: Stand;
  let sight: Sight;
  beforeAll(async () => {
    place = await stand();
    sight = await place.open(look);
    if (shots) await mkdir(shots, { recursive: true });
  });
  afterAll(() => place.close());
  return () => sight;
}

/** Nothing is cut off, hard to read, or wrong on the way to a screen. */
export async function looksGood({ page, faults, show }: Sight, { name, state, reach }: Screen, look: string) {
  await show(state);
  await reach?.(page);
  if (shots) await page.screenshot({ path: join(shots, `${name}-${look}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html, any }) => [html, any.map((one) => one.message)])])).toEqual([]);
  expect(await sideways(page)).toBe(0);
  expect(await clipped(page)).toEqual([]);
  expect(faults.splice(0)).toEqual([]);
}

/** Nothing is cut off where people read twice as large. */
export async function bearsLargeText({ page, show }: Sight, { name, state, reach }: Screen) {
  await show(state);
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await reach?.(page);
  if (shots) await page.screenshot({ path: join(shots, `${name}-large-text.png`) });
  expect(await sideways(page)).toBe(0);
  expect(await clipped(page)).toEqual([]);
}
