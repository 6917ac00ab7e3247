import { createSubscriber } from "svelte/reactivity";

/**
 * The time, as something that a view can read and that then changes by itself.
 *
 * It ticks only while somebody reads it and the window can be seen: in the tray nothing wakes up.
 */
class Clock {
  #subscribe: () => void;

  constructor(step: number) {
    this.#subscribe = createSubscriber((update) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const tick = () => {
        update();
        schedule();
      };
      const schedule = () => {
        clearTimeout(timer);
        if (!document.hidden) timer = setTimeout(tick, step - (Date.now() % step));
      };
      document.addEventListener("visibilitychange", tick);
      schedule();
      return () => {
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", tick);
      };
    });
  }

  /** Now, in milliseconds since the Unix epoch. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

/** For countdowns. */
export const seconds = new Clock(1_000);

/** For times that a person reads in minutes. */
export const quarters = new Clock(15_000);
