/** A part of a sentence: words, or something to type or compare letter by letter. */
export interface Part {
  code: boolean;
  text: string;
}

/** A name between backticks, or an address up to the punctuation of its sentence. */
const exact = /`([^`]+)`|\b[a-z][a-z0-9+.-]*:\/[^\s"'<>`]*[^\s"'<>`.,;:!?)]/gi;

/** Divides a sentence into words and what belongs into code type. */
export function marked(sentence: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of sentence.matchAll(exact)) {
    parts.push({ code: false, text: sentence.slice(end, match.index) }, { code: true, text: match[1] ?? match[0] });
    end = match.index + match[0].length;
  }
  parts.push({ code: false, text: sentence.slice(end) });
  return parts.filter(({ text }) => text !== "");
}
