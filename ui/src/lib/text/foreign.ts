/**
 * Text that somebody else wrote: a provider, an API, a profile.
 *
 * Svelte already keeps markup inert. What is left are control characters, which could reorder or
 * hide what stands beside them: each becomes a visible mark. What is too long ends in an ellipsis.
 */
export function foreign(text: string, longest = 200): string {
  const clipped = text.length > longest ? `${cut(text, longest).trimEnd()}…` : text;
  return clipped.replace(deceptive, "\ufffd");
}

/** The first characters of a text, without half of a pair at its end. */
export function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** Control characters but tab and line feed, and those that override, embed or isolate a direction. */
export const deceptive = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
