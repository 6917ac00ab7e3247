/** The longest name that a profile can have. */
const longest = 64;

/** A name for a copy of a profile that nobody has yet: `work-2`, then `work-3`. */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 2; ; number += 1) {
    const suffix = `-${number}`;
    const free = `${name.slice(0, longest - suffix.length)}${suffix}`;
    if (!taken.includes(free)) return free;
  }
}

/** The name itself while nobody has it, or else one for a copy. */
export function nameOrFree(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freeName(name, taken) : name;
}
