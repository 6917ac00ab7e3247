import { roughly } from "./duration";

/** How fresh an access token is, in words. */
export interface Freshness {
  /** `Fresh until 14:32`, or that it has expired. */
  text: string;
  /** `4 min left`, or what happens next. Empty if there is nothing to say. */
  then: string;
  past: boolean;
}

/** Says until when a token is fresh. `until` is null if the provider did not tell. */
export function freshness(until: number | null, now: number, refreshable: boolean, locale?: string): Freshness {
  if (until === null) return { text: "The provider gave no time", then: "", past: false };
  if (until <= now) {
    const then = refreshable ? "renewed at the next call" : "sign in again to call the API";
    return { text: "Expired", then, past: true };
  }
  return { text: `Fresh until ${moment(until, now, locale)}`, then: `${roughly(until - now)} left`, past: false };
}

/** A local time: the clock for today, with the date for another day. */
export function moment(at: number, now: number, locale?: string): string {
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const format = sameDay ? clock : { day: "numeric" as const, month: "short" as const, ...clock };
  return new Intl.DateTimeFormat(locale, format).format(at);
}
