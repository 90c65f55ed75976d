/**
 * Training step by step: gradient descent of the mean loss over all examples, with its curve and what the network says of
 * every point.
 */
import { button, html, svg, write } from "./dom.js";
import { read } from "./formatting.js";
import { plot } from "./plot.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {{inputs: number[], targets: number, output: number, samples: number[][]}} Network `targets`: how many
 *   of the inputs, the last ones, are what the network should say; `output` is what it says, −1 of several */

/** Milliseconds between the steps of a run, and how long in each it computes. */
const PACE = 80, WORK = 15;
/** Cells of the region, across and down; points of a curve. */
const CELLS = 40, POINTS = 120;
const SIDE = 260;
/** A loss that has grown so much diverges. */
const DIVERGED = 1e6;

export class Training {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { words, graph } = page;
    /** @type {Network} */
    this.network = page.data.network;
    const fixed = new Set(this.network.inputs);
    this.parameters = graph.knobs.filter((i) => !fixed.has(i));
    this.timer = 0;
    this.rate = html("input", { class: "number", size: 7, value: "0.1", inputmode: "decimal", autocomplete: "off",
      "aria-label": words.say("rate") });
    this.run = button(words.say("run"), () => (this.timer ? this.stop() : this._run()));
    this.told = html("p", { class: "told", role: "status" });
    this.figures = html("div", { class: "figure" });
    /** The mean losses so far. @type {number[]} */
    this.history = [];
    this.element = html("div", {},
      html("p", { class: "help" }, words.say("training", this.network.samples.length)),
      html("div", { class: "row" }, html("label", {}, `${words.say("rate")} `, this.rate),
        button(words.say("oneStep"), () => this.step()), this.run, button(words.say("reset"), () => this._reset())),
      this.told, this.figures);
    this.draw();
  }

  /**
   * The mean loss over all examples, and its gradient by each parameter.
   */
  gradient() {
    const { network, parameters, page: { graph } } = this, { samples } = network;
    const slopes = parameters.map(() => 0);
    let loss = 0;
    this._apart(() => {
      for (const sample of samples) {
        network.inputs.forEach((i, k) => graph.set(i, sample[k]));
        graph.update();
        loss += graph.roots.reduce((sum, root) => sum + graph.values[root], 0) / samples.length;
        parameters.forEach((i, k) => (slopes[k] += graph.slopes[i] / samples.length));
      }
    });
    return { loss, slopes };
  }

  /**
   * Compute with other inputs; they are afterwards what they were.
   * @param {() => void} compute
   */
  _apart(compute) {
    const { network: { inputs }, page: { graph } } = this, before = inputs.map((i) => graph.values[i]);
    compute();
    inputs.forEach((i, k) => graph.set(i, before[k]));
    graph.update();
  }

  /** One step down the gradient; whether there may be another. */
  _descend() {
    const rate = read(this.rate.value), { graph } = this.page, { loss, slopes } = this.gradient();
    if (!Number.isFinite(rate)) return false;
    if (!this.history.length) this.history.push(loss);
    this.parameters.forEach((i, k) => graph.set(i, graph.values[i] - rate * slopes[k]));
    graph.update();
    this.history.push(this.gradient().loss);
    return this._goes();
  }

  _goes() {
    const last = this.history[this.history.length - 1];
    return !(Math.abs(last) > DIVERGED * Math.max(1, Math.abs(this.history[0]))) && Number.isFinite(last);
  }

  step() {
    const goes = this._descend();
    this.page.update();
    this.draw();
    return goes;
  }

  _run() {
    this.timer = window.setInterval(() => {
      const began = performance.now();
      let goes = true;
      while (goes && performance.now() - began < WORK) goes = this._descend();
      this.page.update();
      this.draw();
      if (!goes) this.stop();
    }, PACE);
    write(this.run, this.page.words.say("stop"));
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    write(this.run, this.page.words.say("run"));
  }

  _reset() {
    this.stop();
    this.history = [];
    this.page.reset();
    this.draw();
  }

  draw() {
    const { words, graph } = this.page, of = String(graph.data.of), { history } = this;
    const last = history.length ? history[history.length - 1] : this.gradient().loss;
    write(this.told, `${words.say("steps", Math.max(0, history.length - 1), words.say("meanLoss", of), graph.show(last))}${this._goes() || !history.length ? "" : ` ${words.say("diverges")}`}`);
    /** @type {[string, SVGElement][]} */
    const figures = [];
    if (history.length > 1) {
      const caption = words.say("loss", words.say("meanLoss", of));
      figures.push([caption, plot(caption, [{ points: history.map((y, x) => ({ x, y })), kind: "forward", dots: true }])]);
    }
    const says = this._says();
    if (says) figures.push(says);
    this.figures.replaceChildren(...figures.map(([caption, figure]) => html("figure", {}, figure, html("figcaption", {}, caption))));
  }

  /**
   * What the network says: of one input a curve, of two a region.
   * @returns {[string, SVGElement] | null}
   */
  _says() {
    const { network, page: { graph, words } } = this, { inputs, targets, output, samples } = network;
    const count = inputs.length - targets;
    if (output < 0 || count > 2 || targets !== 1) return null;
    const name = graph.names[output], names = inputs.map((i) => graph.names[i]);
    const ends = Array.from({ length: count }, (_, k) => reach(samples.map((sample) => sample[k])));
    if (count === 1) {
      const [[left, right]] = ends;
      const points = this.at(Array.from({ length: POINTS + 1 }, (_, k) => [left + ((right - left) * k) / POINTS]))
        .map(([x, y]) => ({ x, y }));
      const caption = words.say("says", name, names[0]);
      return [caption, plot(caption, [{ points, kind: "forward" }], samples.map(([x, y]) => ({ x, y })))];
    }
    const goals = samples.map((sample) => sample[2]), middle = (Math.min(...goals) + Math.max(...goals)) / 2;
    const [[left, right], [bottom, top]] = ends;
    const cells = this.at(Array.from({ length: CELLS * CELLS }, (_, k) => [
      left + ((right - left) * ((k % CELLS) + 0.5)) / CELLS, top - ((top - bottom) * (Math.floor(k / CELLS) + 0.5)) / CELLS]));
    const size = SIDE / CELLS, caption = words.say("region", name, graph.show(middle));
    /** @param {boolean} above */
    const part = (above) => svg("path", { class: `region ${above ? "positive" : "negative"}`, d: cells.map(([, , y], k) =>
      (y > middle === above ? `M${(k % CELLS) * size} ${Math.floor(k / CELLS) * size}h${size}v${size}h${-size}z` : "")).join("") });
    const dots = samples.map(([x, y, goal]) => svg("circle", { class: `example ${goal > middle ? "positive" : "negative"}`, r: 4,
      cx: ((x - left) / (right - left)) * SIDE, cy: ((top - y) / (top - bottom)) * SIDE }));
    return [`${caption} (${names[0]}: ${graph.show(left)} … ${graph.show(right)}, ${names[1]}: ${graph.show(bottom)} … ${graph.show(top)})`,
      svg("svg", { class: "plot square", viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img", "aria-label": caption }, part(true), part(false), ...dots)];
  }

  /**
   * The output at inputs, behind them.
   * @param {number[][]} places
   */
  at(places) {
    const { network: { inputs, output }, page: { graph } } = this;
    /** @type {number[][]} */
    let found = [];
    this._apart(() => {
      found = places.map((place) => {
        place.forEach((x, k) => graph.set(inputs[k], x));
        graph.forward();
        return [...place, graph.values[output]];
      });
    });
    return found;
  }
}

/**
 * From the least to the largest, and a little more.
 * @param {number[]} xs
 * @returns {[number, number]}
 */
function reach(xs) {
  const low = Math.min(...xs), high = Math.max(...xs), room = 0.15 * (high - low) || 1;
  return [low - room, high + room];
}
