/**
 * A program told step by step: forward node by node, then backward edge by edge with the sum so far.
 *
 * What is told are the boxes and arrows of the picture (see view.js): nodes and edges, or what stands for many.
 */
import { factor } from "./typeset.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Arrow} Arrow */
/** @typedef {{kind: "given" | "value" | "seed" | "term", box: number, arrow: number}} Step */

/**
 * The steps, in order.
 * @param {View} view
 * @returns {Step[]}
 */
export function steps(view) {
  /** @type {Step[]} */
  const found = [{ kind: "given", box: -1, arrow: -1 }];
  view.boxes.forEach((box, i) => {
    if (!box.input) found.push({ kind: "value", box: i, arrow: -1 });
  });
  const reached = new Set();
  for (const root of view.roots) {
    found.push({ kind: "seed", box: root, arrow: -1 });
    reached.add(root);
  }
  for (let target = view.boxes.length - 1; target >= 0; target--) {
    if (!reached.has(target)) continue;
    for (const arrow of view.into[target]) {
      found.push({ kind: "term", box: arrow.source, arrow: arrow.id });
      reached.add(arrow.source);
    }
  }
  return found;
}

/**
 * How far the telling has come: what is known of each box after the first `count` steps.
 */
export class Progress {
  /**
   * @param {View} view
   * @param {Step[]} all
   * @param {number} count
   */
  constructor(view, all, count) {
    this.view = view;
    this.count = count;
    const size = view.boxes.length;
    this.value = new Uint8Array(size);
    this.seeded = new Uint8Array(size);
    /** How many terms of each derivative have been added up, and how many there are. */
    this.added = new Int32Array(size);
    this.waiting = new Int32Array(size);
    this.arrow = new Uint8Array(view.arrows.length);
    view.boxes.forEach((box, i) => {
      this.value[i] = box.input ? 1 : 0;
    });
    all.forEach((step, k) => {
      const done = k < count;
      if (step.kind === "value" && done) this.value[step.box] = 1;
      if (step.kind === "seed" && done) this.seeded[step.box] = 1;
      if (step.kind === "term") {
        if (done) {
          this.added[step.box]++;
          this.arrow[step.arrow] = 1;
        } else {
          this.waiting[step.box]++;
        }
      }
    });
    /** @type {Step | undefined} */
    this.now = all[count - 1];
  }

  /**
   * Whether anything of the box's derivative is known.
   * @param {number} i
   */
  started(i) {
    return Boolean(this.seeded[i] || this.added[i]);
  }

  /**
   * Whether no term of the box's derivative is missing.
   * @param {number} i
   */
  finished(i) {
    return this.started(i) && !this.waiting[i];
  }

  /**
   * The sum so far of a box's derivative, and the one before its last term; what nothing was added to is undefined.
   * @param {number} i
   * @returns {{before: number | undefined, now: number}}
   */
  sum(i) {
    const seeded = this.seeded[i];
    let now = seeded ? 1 : 0;
    /** @type {number | undefined} */
    let before = seeded ? 1 : undefined;
    let seen = seeded ? 1 : 0;
    for (const arrow of this.view.termsOf(i)) {
      if (!this.arrow[arrow.id]) continue;
      before = seen ? now : undefined;
      now += this.view.term(arrow);
      seen++;
    }
    return { before, now };
  }
}

/**
 * What a step says.
 * @param {View} view
 * @param {Step[]} all
 * @param {number} k
 * @returns {string}
 */
export function sentence(view, all, k) {
  const step = all[k];
  if (step.kind === "given") {
    const given = view.boxes.filter((box) => box.input).map((box) => `${box.name} = ${view.valueText(box)}`);
    return given.join(", ");
  }
  if (step.kind === "value") return view.told(step.box);
  const name = view.derivativeName(step.box);
  if (step.kind === "seed") return view.roots.length > 1 ? `${name} ← 1` : `${name} = 1`;
  const arrow = view.arrows[step.arrow];
  const upstream = view.derivativeName(arrow.target);
  const progress = new Progress(view, all, k + 1);
  const missing = progress.waiting[step.box] ? " + …" : "";
  if (!view.summable(arrow)) {
    const earlier = progress.added[step.box] > 1 || progress.seeded[step.box] ? "… + " : "";
    return `${name} = ${earlier}${arrow.edge?.contribution ?? `${upstream} · ${arrow.name}`}${missing}`;
  }
  const { before, now } = progress.sum(step.box);
  const earlier = before === undefined ? "" : `${view.show(before)} + `;
  if (!view.single(arrow)) return `${name} = ${earlier}${upstream} · ${arrow.name} = ${view.show(now)}${missing}`;
  const term = `${factor(view.show(view.slope(arrow.target)))} · ${factor(view.show(view.local(arrow)))}`;
  const weight = view.weight(arrow);
  const aside = weight < 0 ? "" : `; ${view.graph.derivativeName(weight)} = ${view.show(view.graph.slopes[weight])}`;
  return `${name} = ${earlier}${upstream} · ${arrow.name} = ${earlier}${term} = ${view.show(now)}${missing}${aside}`;
}
