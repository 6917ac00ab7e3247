const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The time left as a clock: `4:52`, or `1:04:52`. Never below zero. A begun second counts. */
export function countdown(millis: number): string {
  const seconds = Math.max(0, Math.ceil(millis / second));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3_600);
  if (hours > 0) parts.unshift(hours);
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** The time left in words, for those who hear it: `4 minutes 52 seconds left`. */
export function countdownInWords(millis: number): string {
  const seconds = Math.max(0, Math.ceil(millis / second));
  const minutes = Math.floor(seconds / 60);
  const words = [];
  if (minutes > 0) words.push(plural(minutes, "minute"));
  if (seconds % 60 > 0 || minutes === 0) words.push(plural(seconds % 60, "second"));
  return `${words.join(" ")} left`;
}

/** How long something will last, roughly and rounded down: `40 s`, `4 min`, `3 h 20 min`, `2 days`. */
export function roughly(millis: number): string {
  if (millis < minute) return `${Math.max(0, Math.floor(millis / second))} s`;
  if (millis < hour) return `${Math.floor(millis / minute)} min`;
  if (millis < day) {
    const minutes = Math.floor((millis % hour) / minute);
    return `${Math.floor(millis / hour)} h${minutes > 0 ? ` ${minutes} min` : ""}`;
  }
  return plural(Math.floor(millis / day), "day");
}

/** How long something took: `38 ms`, `4.1 s`, `1:12 min`. */
export function elapsed(millis: number): string {
  if (millis < second) return `${Math.max(0, Math.round(millis))} ms`;
  if (millis < minute) return `${(Math.floor(millis / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(millis / second);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
