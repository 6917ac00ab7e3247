import { cut } from "./foreign";

/** Characters that are shown of a long text until somebody asks for the rest. */
export const clipAt = 64_000;

/** The part of a text to show first: whole lines where lines are not too long. */
export function clip(text: string, longest = clipAt): string {
  if (text.length <= longest) return text;
  const lineEnd = text.lastIndexOf("\n", longest - 1);
  return lineEnd > longest / 2 ? text.slice(0, lineEnd + 1) : cut(text, longest);
}

/** A part of a long text, drawn only while it can be seen. */
export interface Chunk {
  text: string;
  lines: number;
}

/** Cuts a long text into parts that a web view lays out quickly, at line ends where there are any. */
export function chunks(text: string, longest = 16_000): Chunk[] {
  const parts: Chunk[] = [];
  for (let from = 0; from < text.length; ) {
    const part = clip(text.slice(from, from + longest + 1), longest);
    parts.push({ text: part, lines: part.split("\n").length });
    from += part.length;
  }
  return parts;
}
