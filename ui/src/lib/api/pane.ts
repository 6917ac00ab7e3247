/** A window onto rows of one height, of which only those in sight are drawn. Lengths in CSS pixels. */
export interface Pane {
  rows: number;
  rowHeight: number;
  /** The height of the window itself. */
  height: number;
}

/** Rows that are drawn above and below those in sight, so that quick scrolling meets no gap. */
const margin = 20;

/** The tallest thing that every web view still draws. Taller sheets are scrolled in larger steps. */
const tallest = 8_000_000;

/** How tall the thing is that is scrolled. */
export function stretch({ rows, rowHeight }: Pane): number {
  return Math.min(rows * rowHeight, tallest);
}

/** Which rows to draw, and how far from the top, when so much has been scrolled away. */
export function drawn(pane: Pane, scrolled: number): { first: number; end: number; top: number } {
  const { rows, rowHeight, height } = pane;
  const tall = stretch(pane);
  const way = Math.max(0, tall - height);
  const at = Math.min(Math.max(0, scrolled), way);
  // The share that is scrolled away, as a position among all rows.
  const position = way > 0 ? (at / way) * Math.max(0, rows * rowHeight - height) : 0;
  const first = Math.max(0, Math.floor(position / rowHeight) - margin);
  const end = Math.min(rows, Math.ceil((position + height) / rowHeight) + margin);
  return { first, end, top: at - (position - first * rowHeight) };
}
