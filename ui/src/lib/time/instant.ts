import { roughly } from "./duration";

/** A moment as a person reads it: `today, 15:32:07`, and how far away that is. */
export interface Instant {
  local: string;
  /** `in 54 min`, `6 min ago` or `now`. */
  relative: string;
}

/** Tells a moment in local time, to the second. */
export function instant(at: number, now: number, locale?: string): Instant {
  return { local: `${day(at, now, locale)}, ${clock(at, locale)}`, relative: distance(at - now) };
}

/** A moment as a person remembers it: `today 14:32`, `yesterday 18:04`, `3 Feb 2019 04:05`. */
export function occasion(at: number, now: number, locale?: string): string {
  return `${day(at, now, locale)} ${new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(at)}`;
}

/** A moment as something that was a while ago: `just now`, `6 min ago`, and from an hour on its occasion. */
export function ago(at: number, now: number, locale?: string): string {
  const passed = now - at;
  if (passed < 60_000) return "just now";
  return passed < 3_600_000 ? `${roughly(passed)} ago` : occasion(at, now, locale);
}

function clock(at: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
}

function day(at: number, now: number, locale?: string): string {
  const [then, today] = [new Date(at), new Date(now)];
  const away = Math.round((midnight(then) - midnight(today)) / 86_400_000);
  const near: Record<number, string> = { [-1]: "yesterday", 0: "today", 1: "tomorrow" };
  const named = near[away];
  if (named) return named;
  const year = then.getFullYear() === today.getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...year }).format(then);
}

function midnight(date: Date): number {
  return new Date(date).setHours(0, 0, 0, 0);
}

function distance(millis: number): string {
  if (Math.abs(millis) < 1_000) return "now";
  return millis > 0 ? `in ${roughly(millis)}` : `${roughly(-millis)} ago`;
}
