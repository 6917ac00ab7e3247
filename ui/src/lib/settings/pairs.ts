/** A named value of a field that takes several. */
export interface Pair {
  name: string;
  value: string;
}

/**
 * Reads lines of `name=value`. The first equals sign divides; a line without one is a name alone.
 * A line that begins with a space continues the value before it.
 */
export function parsePairs(text: string): Pair[] {
  const pairs: Pair[] = [];
  for (const line of text.split("\n")) {
    const last = pairs.at(-1);
    if (last && line.startsWith(" ")) last.value += `\n${line.slice(1)}`;
    else if (line.trim() !== "") pairs.push(pair(line));
  }
  return pairs;
}

/** Writes lines of `name=value`. What is empty on both sides is not there. */
export function formatPairs(pairs: Pair[]): string {
  return pairs
    .filter(({ name, value }) => name.trim() !== "" || value !== "")
    .map(({ name, value }) => `${name.trim()}=${value.replaceAll("\n", "\n ")}`)
    .join("\n");
}

function pair(line: string): Pair {
  const at = line.indexOf("=");
  return at < 0 ? { name: line.trim(), value: "" } : { name: line.slice(0, at).trim(), value: line.slice(at + 1) };
}
