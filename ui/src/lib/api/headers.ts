/** What was read from the header field: the headers, or the first line that is none. */
export type Headers = { headers: [name: string, value: string][]; wrong: null } | { headers: null; wrong: string };

/** Reads headers as a person writes them: one a line, name and value with a colon between. */
export function parseHeaders(text: string): Headers {
  const headers: [string, string][] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      return { headers: null, wrong: `Line ${index + 1} is not a header. Write it as Name: value.` };
    }
    headers.push([name, line.slice(colon + 1).trim()]);
  }
  return { headers, wrong: null };
}
