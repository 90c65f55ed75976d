/**
 * What if, for arrays: behind the program of arrays stands the same program number by number, and the figures of the
 * arrays follow from its numbers.
 */
import { told } from "./figures.js";
import { Graph } from "./graph.js";

/** Arrays of at most so many numbers are written with their values: viz/stats.py. */
const SMALL = 6;
/** Longer figures of gradients are broken: viz/dot.py. */
const SPAN = 22;

export class Numbers {
  /**
   * @param {Graph} graph the program of arrays
   * @param {any} data what viz/page/numbers.py writes
   * @param {import("./graph.js").Functions[]} functions
   */
  constructor(graph, data, functions) {
    this.graph = graph;
    this.sums = new Graph(data, functions);
    /** Of each array its numbers, row by row: nodes, or constants as text. @type {(number | string)[][]} */
    this.of = data.numbers;
    /** @type {number[][]} */
    this.shapes = data.shapes;
    graph.numbers = this;
  }

  /** After each change of the numbers. */
  update() {
    const { graph, sums } = this;
    this.of.forEach((numbers, i) => {
      graph.lost[i] = Number(numbers.some((x) => typeof x === "number" && sums.lost[x]));
      graph.lostSlope[i] = Number(numbers.some((x) => typeof x === "number" && sums.lostSlope[x]));
    });
    graph.version++;
  }

  /**
   * The array that a number belongs to; −1 for what stands only between arrays.
   * @param {number} number
   */
  arrayOf(number) {
    return this.of.findIndex((numbers) => numbers.includes(number));
  }

  /** @param {number} i */
  _values(i) {
    return this.of[i].map((x) => (typeof x === "number" ? this.sums.values[x] : Number(x)));
  }

  /** @param {number} i */
  _slopes(i) {
    return this.of[i].map((x) => (typeof x === "number" ? this.sums.slopes[x] : 0));
  }

  /** Its values and its gradient, row by row. @param {number} i */
  arrays(i) {
    return [this._values(i), this._slopes(i)];
  }

  /** How large value and gradient are. @param {number} i */
  sizes(i) {
    return this.arrays(i).map((xs) => xs.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
  }

  /**
   * The lines of value and gradient, and both in one line, as Python wrote them for what was recorded.
   * @param {number} i
   * @returns {[string[], string[], string, string]}
   */
  figures(i) {
    const values = this._lines(this._values(i), this.shapes[i]), slopes = this._lines(this._slopes(i), this.shapes[i]);
    return [values, named(this.graph.derivativeName(i), slopes), inline(values), inline(slopes)];
  }

  /**
   * @param {number[]} numbers
   * @param {number[]} shape
   */
  _lines(numbers, shape) {
    if (numbers.length > SMALL) return [`${shape.join("×")} numbers`, ...told(numbers, this.graph.format)];
    const text = nested(numbers.map((x) => this.graph.show(x)), shape);
    return [/nan|inf/.test(text) ? `⚠ ${text}` : text];
  }
}

/**
 * @param {string[]} texts
 * @param {number[]} shape
 * @returns {string}
 */
function nested(texts, shape) {
  if (!shape.length) return texts[0];
  const size = texts.length / shape[0];
  const rows = Array.from({ length: shape[0] }, (_, k) => nested(texts.slice(k * size, (k + 1) * size), shape.slice(1)));
  return `[${rows.join(", ")}]`;
}

/**
 * @param {string} name
 * @param {string[]} lines
 */
function named(name, [first, span, ...rest]) {
  if (span === undefined) return [`${name} = ${first}`];
  const cut = span.length > SPAN ? span.indexOf(", ") : -1;
  return cut < 0 ? [`${name}: ${span}`, ...rest] : [`${name}: ${span.slice(0, cut)}`, span.slice(cut + 2), ...rest];
}

/** @param {string[]} lines */
const inline = ([first, ...rest]) => (rest.length ? `${first}: ${rest.join(", ")}` : first.replace("⚠ ", ""));
