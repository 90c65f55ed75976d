/**
 * Small plots: axes with round numbers, lines, points.
 */
import { svg } from "./dom.js";
import { show } from "./formatting.js";

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{points: Point[], kind: string, dots?: boolean}} Line */

const WIDTH = 340, HEIGHT = 190;
const LEFT = 52, RIGHT = 10, TOP = 10, BOTTOM = 22;

/**
 * @param {string} label what it shows, for those who cannot see it
 * @param {Line[]} lines the first one decides what is in sight
 * @param {Point[]} marks
 */
export function plot(label, lines, marks = []) {
  const seen = lines.flatMap((line, k) => (k === 0 || line.dots ? line.points : []))
    .filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));
  const xs = seen.map((p) => p.x);
  const [low, high] = middle(seen.map((p) => p.y));
  const [left, right] = span(Math.min(...xs), Math.max(...xs)), [bottom, top] = span(low, high);
  /** @param {number} x */
  const across = (x) => LEFT + ((x - left) / (right - left)) * (WIDTH - LEFT - RIGHT);
  /** @param {number} y */
  const up = (y) => HEIGHT - BOTTOM - ((y - bottom) / (top - bottom)) * (HEIGHT - BOTTOM - TOP);
  const element = svg("svg", { class: "plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  if (!seen.length) return element;
  for (const x of ticks(left, right)) {
    element.append(svg("line", { class: x === 0 ? "axis" : "grid", x1: across(x), x2: across(x), y1: TOP,
      y2: HEIGHT - BOTTOM }), svg("text", { x: across(x), y: HEIGHT - 7, "text-anchor": "middle" }, short(x)));
  }
  for (const y of ticks(bottom, top)) {
    element.append(svg("line", { class: y === 0 ? "axis" : "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: up(y), y2: up(y) }),
      svg("text", { x: LEFT - 5, y: up(y) + 4, "text-anchor": "end" }, short(y)));
  }
  for (const line of lines) {
    element.append(svg("path", { class: `curve ${line.kind}`, d: path(line.points, across, up, bottom, top) }));
    if (line.dots) {
      const last = line.points[line.points.length - 1];
      if (last && Number.isFinite(last.x) && Number.isFinite(last.y)) element.append(spot(last, across, up, line.kind));
    }
  }
  for (const mark of marks) if (Number.isFinite(mark.x) && Number.isFinite(mark.y)) element.append(spot(mark, across, up, "mark"));
  return element;
}

/**
 * @param {Point} p
 * @param {(x: number) => number} across
 * @param {(y: number) => number} up
 * @param {string} kind
 */
function spot(p, across, up, kind) {
  return svg("circle", { class: `dot ${kind}`, cx: across(p.x), cy: up(p.y), r: 4 });
}

/**
 * A path that is interrupted where there is no number, and cut a little outside of what is in sight.
 * @param {Point[]} points
 * @param {(x: number) => number} across
 * @param {(y: number) => number} up
 * @param {number} bottom
 * @param {number} top
 */
function path(points, across, up, bottom, top) {
  let drawing = false;
  const [low, high] = [bottom - (top - bottom) * 0.02, top + (top - bottom) * 0.02];
  return points.map((p) => {
    const outside = !Number.isFinite(p.y) || !Number.isFinite(p.x) || p.y < low || p.y > high;
    const part = outside ? "" : `${drawing ? "L" : "M"}${across(p.x).toFixed(1)},${up(p.y).toFixed(1)}`;
    drawing = !outside;
    return part;
  }).join("");
}

/**
 * The range of most of the numbers: a pole does not press all else flat.
 * @param {number[]} ys
 * @returns {[number, number]}
 */
function middle(ys) {
  const sorted = [...ys].sort((p, q) => p - q), n = sorted.length;
  if (n < 40) return [sorted[0], sorted[n - 1]];
  const [a, b] = [sorted[Math.floor(n * 0.04)], sorted[Math.ceil(n * 0.96) - 1]];
  const reach = 4 * (b - a);
  return [Math.max(sorted[0], a - reach), Math.min(sorted[n - 1], b + reach)];
}

/**
 * @param {number} low
 * @param {number} high
 * @returns {[number, number]}
 */
function span(low, high) {
  const room = (high - low) * 0.05 || Math.max(Math.abs(low) * 0.1, 0.5);
  return [low - room, high + room];
}

/**
 * Round numbers, about five.
 * @param {number} low
 * @param {number} high
 */
function ticks(low, high) {
  const rough = (high - low) / 5, size = 10 ** Math.floor(Math.log10(rough));
  const step = size * (rough / size > 5 ? 10 : rough / size > 2 ? 5 : rough / size > 1 ? 2 : 1);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high && found.length < 12; k++) found.push(k * step);
  return found;
}

/** @param {number} x */
const short = (x) => show(Number(x.toPrecision(10)), ".4g");
