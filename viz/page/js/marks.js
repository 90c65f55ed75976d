/**
 * Frames that tell how large a value or a gradient is, or what kind of operation made it: those of viz/colours.py.
 */
import { html, svg } from "./dom.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {{colour: string, width: number, dashes: string}} Mark */

export const COLOURINGS = /** @type {const} */ (["none", "gradient", "value", "kind", "heat"]);
/** @typedef {typeof COLOURINGS[number]} Colouring */

const STEPS = 4;
const ZERO = mark("var(--soft)", 1, "1.5 3"), BAD = mark("var(--warning)", 4, "6 3");
const OTHER_VALUE = mark("var(--blue)", 3), OTHER_SLOPE = mark("var(--red)", 3, "6 3");
const KINDS = [mark("var(--soft)", 1), mark("var(--blue)", 2), mark("var(--negative)", 2, "6 3"), mark("var(--positive)", 3),
  mark("var(--warning)", 2, "2 3"), mark("var(--ink)", 3, "6 3"), mark("var(--red)", 3, "2 3")];

/**
 * @param {string} colour
 * @param {number} width
 * @returns {Mark}
 */
function mark(colour, width, dashes = "") {
  return { colour, width, dashes };
}

/** The frames of a picture as its numbers now are. */
export class Marks {
  /**
   * @param {View} view
   * @param {Colouring} by
   */
  constructor(view, by) {
    this.view = view;
    this.by = by;
    const sizes = by !== "gradient" && by !== "value" ? [] : view.boxes.map((box) => this._size(box));
    const powers = sizes.filter((x) => x > 0 && x < Infinity).map(Math.log10);
    const low = Math.floor(powers.reduce((a, b) => Math.min(a, b), powers.length ? Infinity : 0) + 1e-9);
    const high = Math.max(Math.ceil(powers.reduce((a, b) => Math.max(a, b), -Infinity) - 1e-9), low + 1);
    const steps = Math.min(STEPS, high - low);
    /** Whole powers of ten. */
    this.ends = Array.from({ length: steps + 1 }, (_, k) => Math.round(low + (k * (high - low)) / steps));
    this.others = [...(sizes.includes(0) ? [ZERO] : []), ...(sizes.includes(Infinity) ? [BAD] : [])];
  }

  /**
   * The largest number of a box; infinite if one is not finite, −1 if nothing is known.
   * @param {import("./view.js").Box} box
   */
  _size({ id, node, group }) {
    const { graph } = this.view, gradient = this.by === "gradient";
    const lost = this.view.lost(id);
    if (gradient ? lost.slope : lost.value) return -1;
    const numbers = gradient ? graph.slopes : graph.values;
    return (group?.results ?? [node]).reduce((most, i) => {
      const x = graph.scalar ? Math.abs(numbers[i]) : Number((graph.numbers && graph.changed ? graph.numbers.sizes(i) : graph.data.nodes.size[i])?.[gradient ? 1 : 0] ?? -1);
      return x !== x ? Infinity : Math.max(most, x);
    }, -1);
  }

  /**
   * @param {number} i
   * @param {boolean} value whether its value has been told
   * @param {boolean} slope whether its derivative has
   * @returns {Mark | null} the usual frame where nothing is known
   */
  of(i, value, slope) {
    const box = this.view.boxes[i];
    if (this.by === "none" || this.by === "heat") return this._difference(box, value, slope);
    if (this.by === "kind") return box.group ? null : KINDS[this._kind(box.node)];
    const size = (this.by === "value" ? value : slope) ? this._size(box) : -1;
    if (size < 0) return null;
    if (!size || size === Infinity) return size ? BAD : ZERO;
    return this._step(this.ends.slice(1, -1).filter((end) => Math.log10(size) > end + 1e-9).length);
  }

  /**
   * In a comparison of two recordings, whether a value differs, or a derivative alone.
   * @param {import("./view.js").Box} box
   * @param {boolean} value
   * @param {boolean} slope
   */
  _difference({ node, group }, value, slope) {
    const found = (group?.members ?? [node]).map((i) => this.view.graph.data.nodes.was[i]).filter(Boolean);
    if (value && found.some(([was]) => was)) return OTHER_VALUE;
    return slope && found.some(([, was]) => was) ? OTHER_SLOPE : null;
  }

  /** @param {number} k */
  _step(k) {
    const pure = this.by === "gradient" ? "var(--red)" : "var(--blue)";
    const [towards, share] = [["--ground", 55], ["--ground", 80], ["--ink", 95], ["--ink", 50]][k];
    return mark(`color-mix(in srgb, ${pure} ${share}%, var(${towards}))`, k + 1);
  }

  /** @param {number} node */
  _kind(node) {
    const { nodes, rules } = this.view.graph.data;
    return rules[nodes.rule[node]]?.kind ?? 0;
  }

  /**
   * What the frames mean.
   * @param {string[]} kinds their names
   */
  legend(kinds) {
    if (this.by === "none" || this.by === "heat") return [];
    if (this.by === "kind") {
      const there = new Set(this.view.boxes.filter((box) => !box.group).map(({ node }) => this._kind(node)));
      return KINDS.flatMap((each, k) => (there.has(k) ? [sample(each), ` ${kinds[k]} `] : []));
    }
    const ends = this.ends.map((power) => ` ${this.view.show(10 ** power)} `);
    return [ends[0], ...ends.slice(1).flatMap((end, k) => [sample(this._step(k)), end]),
      ...this.others.flatMap((each) => [sample(each), each === ZERO ? " 0 " : " nan, inf "])];
  }
}

/**
 * @param {SVGElement} element what has a frame, of the class "framed"
 * @param {Mark} given
 */
export function dress(element, given) {
  for (const [name, x] of Object.entries(given)) element.style.setProperty(`--${name}`, String(x));
}

/** @param {Mark} given */
function sample(given) {
  const frame = svg("g", { class: "framed" }, svg("rect", { x: 3, y: 3, width: 24, height: 10, rx: 4 }));
  dress(frame, given);
  return html("span", { class: "frame-sample" }, svg("svg", { width: 30, height: 16, "aria-hidden": "true" }, frame));
}
