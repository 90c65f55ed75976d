/**
 * How wide texts are, and how far apart their lines.
 */

export const SIZE = 12;
/** From line to line, as in viz/dot.py. */
export const LINE = 14;
/** Room that a text keeps from its frame. */
export const SIDE = 4;
/** Texts are measured so much larger, since small letters are rounded to whole pixels. */
const FINE = 8;
const FONT = 'Helvetica,Arial,"DejaVu Sans",sans-serif';

/** @type {CanvasRenderingContext2D | null} */
let pen = null;
/** @type {Map<string, number>} */
const widths = new Map();

/**
 * @param {string} text
 * @param {boolean} bold
 */
export function width(text, bold) {
  const key = (bold ? "b" : "p") + text;
  let found = widths.get(key);
  if (found === undefined) {
    pen ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    pen.font = `${bold ? "bold " : ""}${SIZE * FINE}px ${FONT}`;
    found = pen.measureText(text).width / FINE;
    if (widths.size > 20000) widths.clear();
    widths.set(key, found);
  }
  return found;
}

/** @param {import("./view.js").Piece[][]} rows */
export function widest(rows) {
  return Math.max(0, ...rows.map((row) => row.reduce((sum, { text, kind }) => sum + width(text, kind === "name"), 0)));
}
