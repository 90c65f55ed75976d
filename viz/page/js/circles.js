/**
 * A network as circles: a closed neuron is one, its weights are the lines into it. Their width is the size of the weight;
 * green ones are positive, purple and dotted ones negative. Where the backward pass has come, a dashed line beside it has
 * the size of the gradient.
 */
import { attribute, svg, write } from "./dom.js";
import { pressed } from "./picture.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Arrow} Arrow */
/** @typedef {import("./steps.js").Progress} Progress */
/** @typedef {import("./picture.js").Emphasis} Emphasis */

const ACROSS = 190, DOWN = 92, RADIUS = 25;
/** Half the way from a weight to its gradient. */
const ASIDE = 2.5;
const THINNEST = 0.7, THICKEST = 5;
/** Of fewer lines each has its numbers written on it. */
const WRITTEN = 24;
/** Where on a line its numbers stand. */
const NUMBER = 0.36;

/**
 * Columns of circles: each stands behind all that it is made from.
 * @param {View} view
 */
export function placed(view) {
  /** @type {number[]} */
  const depth = view.boxes.map(() => 0);
  for (const { source, target } of view.arrows) depth[target] = Math.max(depth[target], depth[source] + 1);
  for (const box of view.boxes) {
    const after = view.outOf[box.id].map(({ target }) => depth[target]);
    if (box.input && after.length) depth[box.id] = Math.min(...after) - 1;
  }
  /** @type {number[][]} */
  const columns = [];
  depth.forEach((k, i) => (columns[k] ??= []).push(i));
  const tallest = Math.max(...columns.map((column) => column.length));
  const height = tallest * DOWN, width = columns.length * ACROSS;
  /** @type {number[][]} */
  const boxes = [];
  columns.forEach((column, k) => column.forEach((i, row) => {
    boxes[i] = [(k + 0.5) * ACROSS, height / 2 + (row - (column.length - 1) / 2) * DOWN, 2 * RADIUS, 2 * RADIUS];
  }));
  return { width, height, unbroken: [], boxes, labels: [], frames: [], arrows: [], network: true };
}

export class Circles {
  /**
   * @param {View} view
   * @param {string} label
   * @param {import("./picture.js").Handlers} handlers
   */
  constructor(view, label, handlers) {
    this.view = view;
    this.handlers = handlers;
    this.width = view.picture.width;
    this.height = view.picture.height;
    this.element = svg("svg", { viewBox: `0 0 ${this.width} ${this.height}`, role: "group", "aria-label": label,
      class: "picture network" });
    this.lines = view.arrows.map((arrow) => this._line(arrow));
    this.boxes = view.boxes.map(({ id }) => this._circle(id));
    this.element.append(...this.lines.map((x) => x.g), ...this.boxes.map((x) => x.g));
  }

  /** @param {Arrow} arrow */
  _line(arrow) {
    const { boxes } = this.view.picture, [ax, ay] = boxes[arrow.source], [bx, by] = boxes[arrow.target];
    const length = Math.hypot(bx - ax, by - ay), [dx, dy] = [(bx - ax) / length, (by - ay) / length];
    /** @param {number} aside */
    const ends = (aside) => ({ x1: ax + RADIUS * dx - aside * dy, y1: ay + RADIUS * dy + aside * dx,
      x2: bx - RADIUS * dx - aside * dy, y2: by - RADIUS * dy + aside * dx });
    const weight = svg("line", { class: "weight", ...ends(-ASIDE) });
    const gradient = svg("line", { class: "gradient-line", ...ends(ASIDE) });
    const hit = svg("line", { class: "hit", ...ends(0) }), title = svg("title");
    // Where lines cross, in the middle, there is no room for numbers.
    const at = `translate(${ax + NUMBER * (bx - ax)} ${ay + NUMBER * (by - ay)}) rotate(${Math.atan2(dy, dx) * 180 / Math.PI})`;
    const label = svg("text", { class: "label", transform: at });
    const g = svg("g", { class: "arrow", "data-arrow": arrow.id,
      onpointerenter: () => this.handlers.point(arrow.id), onpointerleave: () => this.handlers.point(-1),
      onclick: () => this.handlers.point(arrow.id) }, title, hit, weight, gradient, label);
    return { g, weight, gradient, title, label, node: this.view.weight(arrow) };
  }

  /** @param {number} i */
  _circle(i) {
    const [x, y] = this.view.picture.boxes[i];
    const act = () => this.handlers.choose(i);
    const name = svg("text", { class: "name", y: -RADIUS - 5 }), value = svg("text", { class: "value", y: 4 });
    const slope = svg("text", { class: "gradient", y: RADIUS + 13 });
    const g = svg("g", { transform: `translate(${x} ${y})`, tabindex: 0, role: "button", "data-box": i, onclick: act,
      onkeydown: (/** @type {KeyboardEvent} */ event) => pressed(event, act) },
    svg("circle", { r: RADIUS }), name, value, slope);
    return { g, name, value, slope };
  }

  /**
   * @param {Progress} progress
   * @param {Emphasis} emphasis
   */
  update(progress, emphasis) {
    const { view } = this, { graph } = view;
    /** @param {Float64Array} of */
    const most = (of) => Math.max(...this.lines.map(({ node }) => (node < 0 ? 0 : Math.abs(of[node]) || 0)), 1e-300);
    const heaviest = most(graph.values), steepest = most(graph.slopes);
    this.boxes.forEach(({ g, name, value, slope }, i) => {
      const box = view.boxes[i];
      attribute(g, "class", ["box", box.input ? "input" : box.output ? "output" : "inner",
        ...classes({ faded: emphasis.bold && !emphasis.bold.boxes.has(i), selected: emphasis.selected === i,
          marked: emphasis.marked.has(i), waiting: progress.started(i) && !progress.finished(i),
          strong: emphasis.telling && !emphasis.bold && progress.now?.box === i })].join(" "));
      attribute(g, "aria-pressed", String(emphasis.selected === i));
      write(name, box.title.split(" = ")[0]);
      write(value, !progress.value[i] ? "" : box.node < 0 ? "…" : graph.show(Number(graph.values[box.node].toPrecision(3))));
      const sum = progress.started(i) && box.node >= 0 ? progress.finished(i) ? graph.slopes[box.node] : progress.sum(i).now : NaN;
      write(slope, progress.started(i) && box.node >= 0
        ? `${view.derivativeName(i)} = ${graph.show(Number(sum.toPrecision(3)))}${progress.finished(i) ? "" : " + …"}` : "");
      attribute(g, "aria-label", [name, value, slope].map((x) => x.textContent).filter(Boolean).join(", "));
    });
    this.lines.forEach(({ g, weight, gradient, title, label, node }, k) => {
      const arrow = view.arrows[k], back = Boolean(progress.arrow[k]), bold = emphasis.bold?.arrows.has(k);
      const w = node < 0 ? NaN : graph.values[node], s = node < 0 ? view.term(arrow) : graph.slopes[node];
      attribute(g, "class", ["arrow", ...classes({ hidden: !progress.value[arrow.target] && !back, faded: bold === false,
        strong: bold, lit: emphasis.lit.has(k) })].join(" "));
      attribute(weight, "class", `weight ${w > 0 ? "positive" : w < 0 ? "negative" : "neither"}`);
      attribute(weight, "stroke-width", stroke(w, heaviest));
      attribute(gradient, "stroke-width", back ? stroke(s, node < 0 ? Math.abs(s) : steepest) : "0");
      const name = node < 0 ? "" : `${graph.names[node]} = ${graph.show(w)}`;
      const slope = node < 0 ? view.label(arrow).join(" ") : `${graph.derivativeName(node)} = ${graph.show(s)}`;
      write(title, [name, back ? slope : ""].filter(Boolean).join(", "));
      const written = this.lines.length <= WRITTEN || emphasis.lit.has(k);
      const texts = !written || node < 0 ? ["", ""] : [graph.show(w), back ? graph.show(s) : ""];
      while (label.childNodes.length < 2) label.append(svg("tspan", { x: 0, class: label.childNodes.length ? "gradient" : "value" }));
      [...label.childNodes].forEach((span, n) => {
        write(span, texts[n]);
        attribute(/** @type {Element} */ (span), "y", String(n ? 16 : -7));
      });
    });
  }

  catchUp() {
    // Everything is always up to date.
  }
}

/** @param {Record<string, unknown>} which */
const classes = (which) => Object.entries(which).filter(([, on]) => on).map(([name]) => name);

/**
 * @param {number} x
 * @param {number} largest
 */
const stroke = (x, largest) => (x ? THINNEST + (THICKEST - THINNEST) * Math.abs(x) / largest : THINNEST).toFixed(2);
