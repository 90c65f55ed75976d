/**
 * Maps of numbers in the boxes of arrays: a cell for each number, value to the left, gradient to the right.
 *
 * How large a number is beside the largest of its map is told by the strength of the colour; its sign by the colour, and
 * by the form, so that grey print works: squares are positive, lozenges negative, a dot is 0, a cross is not finite.
 */
import { html, svg } from "./dom.js";
import { LINE, SIDE } from "./measure.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{rows: number, columns: number, cells: string}} Map2 cells: see viz/page/maps.py */

const LEVELS = 4, ZERO = LEVELS, BAD = 9;
/** As in viz/page/maps.py. */
const ROWS = 24, COLUMNS = 48;
/** A cell is at most so large, and at least: of smaller ones there is no map. */
const LARGEST = 12, LEAST = 1;
const BETWEEN = 8;

export class Heat {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
  }

  /**
   * The maps of value and gradient; nothing where there are none.
   * @param {number} i
   * @returns {Map2[]}
   */
  maps(i) {
    const { node } = this.view.boxes[i], { graph } = this.view;
    if (!graph.data.maps?.[node]) return [];
    if (graph.numbers && graph.changed) return graph.numbers.arrays(node).map((x) => mapOf(x, graph.numbers?.shapes[node] ?? []));
    const [rows, columns, value, slope] = graph.data.maps[node];
    return [value, slope].map((cells) => ({ rows, columns, cells }));
  }

  /**
   * Draw the maps of a box in the room below its title.
   * @param {Element} g
   * @param {number} i
   * @param {{w: number, lines: number, title: number}} room its width, and how many lines it and its title have
   * @param {boolean[]} told whether value and gradient have been
   */
  draw(g, i, { w, lines, title }, told) {
    const maps = this.maps(i), wide = (w - 2 * SIDE - BETWEEN) / 2, high = (lines - title) * LINE - 2;
    const top = (title - lines / 2) * LINE;
    const key = JSON.stringify([maps, told, w, lines, title]);
    const old = g.querySelector(".heat");
    if (old?.getAttribute("data-key") === key) return;
    old?.remove();
    const drawn = maps.map((map, k) => told[k] && map.cells && picture(map, k * (wide + BETWEEN) - w / 2 + SIDE, top, wide, high,
      k ? "gradient" : "value"));
    g.append(svg("g", { class: "heat", "data-key": key, "aria-hidden": "true" }, ...drawn));
  }

  /**
   * What the cells mean.
   * @param {string} left that values are to the left
   */
  static legend(left) {
    /** @param {number} level @param {string} text */
    const sample = (level, text) => [html("span", { class: "frame-sample" },
      svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, ...cells({ rows: 1, columns: 1, cells: String(level) }, 1, 1, 12))), ` ${text} `];
    return [...sample(2 * LEVELS, "> 0"), ...sample(0, "< 0"), ...sample(ZERO, "0"), ...sample(BAD, "nan, inf"), left];
  }
}

/**
 * @param {Map2} map
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {string} kind
 */
function picture(map, x, y, w, h, kind) {
  const size = Math.min(LARGEST, w / map.columns, h / map.rows);
  if (size < LEAST) return null;
  const left = x + (w - size * map.columns) / 2, top = y + (h - size * map.rows) / 2;
  const ground = svg("path", { class: "ground",
    d: `M${left} ${top}h${size * map.columns}v${size * map.rows}h${-size * map.columns}z` });
  return svg("g", { class: kind }, ground, ...cells(map, left, top, size));
}

/**
 * One path for all cells of a level.
 * @param {Map2} map
 * @param {number} left
 * @param {number} top
 * @param {number} size
 */
function cells({ columns, cells: letters }, left, top, size) {
  /** @type {string[][]} */
  const found = Array.from({ length: BAD + 1 }, () => []);
  const side = size * 0.9, half = side / 2;
  [...letters].forEach((letter, k) => {
    const level = Number(letter), x = left + (k % columns) * size, y = top + Math.floor(k / columns) * size;
    const [cx, cy] = [x + size / 2, y + size / 2].map((n) => n.toFixed(1));
    const dot = Math.max(size / 8, 0.3);
    found[level].push(level === BAD ? `M${cx} ${cy}m${-half} ${-half}l${side} ${side}m0 ${-side}l${-side} ${side}`
      : level === ZERO ? `M${cx} ${cy}m${-dot} ${-dot}h${2 * dot}v${2 * dot}h${-2 * dot}z`
        : level > ZERO ? `M${cx} ${cy}m${-half} ${-half}h${side}v${side}h${-side}z`
          : `M${cx} ${cy}m${-half} 0l${half} ${-half}l${half} ${half}l${-half} ${half}z`);
  });
  return found.map((parts, level) => parts.length && svg("path", { d: parts.join(""), class: level === BAD ? "bad"
    : level === ZERO ? "zero" : level > ZERO ? "positive" : "negative",
  "fill-opacity": level === BAD || level === ZERO ? null : Math.abs(level - ZERO) / LEVELS })).filter((x) => x instanceof Element);
}

/**
 * As viz/page/maps.py makes it of what was recorded.
 * @param {number[]} numbers
 * @param {number[]} shape
 * @returns {Map2}
 */
export function mapOf(numbers, shape) {
  const across = shape.at(-1) ?? 1, down = numbers.length / across;
  const rows = Math.min(ROWS, down), columns = Math.min(COLUMNS, across);
  /** @param {number} x */
  const size = (x) => (Number.isFinite(x) ? Math.abs(x) : Infinity);
  /** @type {number[]} */
  const kept = [];
  const [rowOf, columnOf] = [blocks(down, rows), blocks(across, columns)];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let best = NaN, most = -1;
      // Column by column, as rows are taken together first.
      for (let j = columnOf[c]; j < columnOf[c + 1]; j++) {
        for (let i = rowOf[r]; i < rowOf[r + 1]; i++) {
          const x = numbers[i * across + j];
          if (size(x) > most) [best, most] = [x, size(x)];
        }
      }
      kept.push(best);
    }
  }
  const top = Math.max(0, ...kept.map(size).filter(Number.isFinite)) || 1;
  const letters = kept.map((x) => (!Number.isFinite(x) ? BAD
    : ZERO + Math.sign(x) * Math.max(Math.ceil(LEVELS * (Math.abs(x) / top)), x ? 1 : 0)));
  return { rows, columns, cells: letters.join("") };
}

/**
 * Where the blocks begin that so many numbers are divided into: as np.array_split does.
 * @param {number} length
 * @param {number} count
 */
function blocks(length, count) {
  const most = length % count, size = Math.floor(length / count);
  return Array.from({ length: count + 1 }, (_, k) => k * size + Math.min(k, most));
}
