/**
 * Many numbers in a few words, as in viz.formatting.told.
 */
import { show } from "./formatting.js";

const GROUPED = new Intl.NumberFormat("en");

/** `12,672` @param {number} n */
export const counted = (n) => GROUPED.format(n);

/**
 * @param {number[]} numbers
 * @param {string} format
 * @returns {string[]}
 */
export function told(numbers, format) {
  const known = numbers.filter((x) => Number.isFinite(x));
  const low = Math.min(...known), high = Math.max(...known);
  const mean = known.reduce((sum, x) => sum + x, 0) / known.length;
  const zeros = numbers.filter((x) => x === 0).length;
  const nan = numbers.filter((x) => Number.isNaN(x)).length, inf = numbers.length - known.length - nan;
  const line = [];
  if (known.length) {
    line.push(low === high ? `all ${show(low, format)}` : `${show(low, format)} … ${show(high, format)}`);
    if (low !== high) line.push(`mean ${show(mean, format)}`);
  }
  if (zeros && !(low === 0 && high === 0)) line.push(`${Math.max(1, Math.round((100 * zeros) / numbers.length))}% zeros`);
  const warnings = [...(nan ? [`${nan} nan`] : []), ...(inf ? [`${inf} inf`] : [])];
  return [line.join(", "), ...(warnings.length ? [`⚠ ${warnings.join(", ")}`] : [])].filter(Boolean);
}
