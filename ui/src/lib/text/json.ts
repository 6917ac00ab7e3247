import { deceptive } from "./foreign";
import { finish } from "./slices";

const deepest = 64;

/** Characters that are read before the work is put down for a moment. */
const sliceLength = 32_000;

/**
 * Sets JSON out over lines, without touching a value: long numbers, repeated names and the order of
 * names stay as they came. Control characters that could reorder the text become escapes. Null if
 * the text is not JSON. Below 64 levels lines are indented no further, so that nesting alone cannot
 * make the result many times as large as the text.
 */
export function layOut(text: string): string | null {
  return finish(layOutInSlices(text));
}

/** The same, a slice at a time. */
export function* layOutInSlices(text: string): Generator<void, string | null> {
  if (!isJson(text)) return null;
  yield;
  let whole = "";
  let out: string[] = [];
  let depth = 0;
  let pause = sliceLength;
  const line = () => `\n${"  ".repeat(Math.min(depth, deepest))}`;
  const flush = () => {
    whole += out.join("").replace(deceptive, escape);
    out = [];
  };
  for (let at = 0; at < text.length; ) {
    if (at >= pause) {
      flush();
      pause = at + sliceLength;
      yield;
    }
    const char = text[at]!;
    const end = tokenEnd(text, at);
    if (char === "{" || char === "[") {
      const inner = afterSpace(text, end);
      const closing = text[inner];
      if (closing === "}" || closing === "]") {
        out.push(char, closing);
        at = inner + 1;
        continue;
      }
      depth += 1;
      out.push(char, line());
    } else if (char === "}" || char === "]") {
      depth -= 1;
      out.push(line(), char);
    } else if (char === ",") out.push(",", line());
    else if (char === ":") out.push(": ");
    else if (!isSpace(char)) out.push(text.slice(at, end));
    at = end;
  }
  flush();
  return whole;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isSpace(char: string): boolean {
  return char === " " || char === "\n" || char === "\r" || char === "\t";
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text[at]!)) at += 1;
  return at;
}

/** Where the token that begins here ends. The text is known to be JSON. */
function tokenEnd(text: string, start: number): number {
  const char = text[start]!;
  if (char === '"') return stringEnd(text, start);
  if (isSpace(char) || "{}[],:".includes(char)) return start + 1;
  let at = start + 1;
  while (at < text.length && !isSpace(text[at]!) && !"{}[],:".includes(text[at]!)) at += 1;
  return at;
}

function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A stretch of laid-out JSON: a name, or what lies between two names. */
export interface Piece {
  text: string;
  name: boolean;
}

/** Takes laid-out JSON apart where names begin and end. A name is the string at a line's start before a colon. */
export function pieces(laidOut: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of laidOut.matchAll(/^( *)("(?:[^"\\\n]|\\.)*"): /gm)) {
    const start = match.index + match[1]!.length;
    const end = start + match[2]!.length;
    if (start > from) found.push({ text: laidOut.slice(from, start), name: false });
    found.push({ text: laidOut.slice(start, end), name: true });
    from = end;
  }
  if (from < laidOut.length) found.push({ text: laidOut.slice(from), name: false });
  return found;
}
