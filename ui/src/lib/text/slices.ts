/** Work that can be put down between any two of its steps. */
export type Slices<Result> = Generator<void, Result>;

/** How long the window may be kept from drawing, in milliseconds. */
const longest = 8;

/** Does all of it at once. */
export function finish<Result>(work: Slices<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does a little at a time, and lets the window draw in between. Null once nobody wants it any more. */
export async function finishGently<Result>(work: Slices<Result>, wanted: () => boolean): Promise<Result | null> {
  while (wanted()) {
    for (const start = performance.now(); performance.now() - start < longest; ) {
      const step = work.next();
      if (step.done) return step.value;
    }
    await otherWork();
  }
  return null;
}

/** Comes back after whatever else is waiting. A message: timers are slowed down, and later ones wait longer. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
