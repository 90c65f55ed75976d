/**
 * Gradient descent on chosen inputs: step by step or running, with the curve of J and the path of two parameters.
 */
import { button, html, write } from "./dom.js";
import { read } from "./formatting.js";
import { plot } from "./plot.js";
import { descend, result } from "./search.js";

/** @typedef {import("./page.js").Page} Page */

/** So many parameters are offered one by one; of more, all are taken. */
const PARAMETERS = 40;
/** Milliseconds between the steps of a run. */
const PACE = 80;
/** A result that has grown so much diverges. */
const DIVERGED = 1e6;

export class Descent {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { words, sums: graph } = page;
    this.timer = 0;
    this.boxes = graph.knobs.slice(0, PARAMETERS).map((i) => ({ i, box: html("input", { type: "checkbox", checked: true }) }));
    this.rate = html("input", { class: "number", size: 7, value: "0.1", inputmode: "decimal", autocomplete: "off",
      "aria-label": words.say("rate") });
    this.run = button(words.say("run"), () => (this.timer ? this.stop() : this._run()));
    this.figures = html("div", { class: "figure" });
    this.told = html("p", { class: "told", role: "status" });
    this.warning = html("p", { class: "told warning", role: "status" });
    /** @type {{y: number, at: number[]}[]} */
    this.history = [];
    const chosen = html("fieldset", {}, html("legend", {}, words.say("parameters")),
      ...this.boxes.map(({ i, box }) => html("label", { class: "switch" }, box, graph.names[i])));
    this.element = graph.knobs.length
      ? html("div", {}, chosen,
        html("div", { class: "row" }, html("label", {}, `${words.say("rate")} `, this.rate),
          button(words.say("oneStep"), () => this.step()), this.run,
          button(words.say("reset"), () => {
            this.stop();
            this.history = [];
            page.reset();
            this.draw();
          })),
        this.told, this.warning, this.figures)
      : html("p", { class: "help" }, page.noKnobs());
  }

  /** @returns {number[]} */
  _parameters() {
    const { knobs } = this.page.sums;
    return [...this.boxes.filter(({ box }) => box.checked).map(({ i }) => i), ...knobs.slice(PARAMETERS)];
  }

  _run() {
    this.timer = window.setInterval(() => {
      if (!this.step()) this.stop();
    }, PACE);
    write(this.run, this.page.words.say("stop"));
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    write(this.run, this.page.words.say("run"));
  }

  /** One step; whether there may be another. */
  step() {
    const { page } = this, { sums: graph } = page, parameters = this._parameters(), rate = read(this.rate.value);
    if (!parameters.length || !Number.isFinite(rate)) return false;
    const pair = parameters.slice(0, 2);
    const note = () => ({ y: result(graph), at: pair.map((i) => graph.values[i]) });
    if (this.history[0]?.at.length !== pair.length || pair.join() !== this.pair) this.history = [];
    this.pair = pair.join();
    if (!this.history.length) this.history.push(note());
    descend(graph, parameters, rate);
    this.history.push(note());
    page.update();
    this.draw();
    return this._goes();
  }

  /** Whether the result is still a number of reasonable size. */
  _goes() {
    const [first] = this.history, last = this.history[this.history.length - 1];
    return Number.isFinite(last.y) && Math.abs(last.y) < DIVERGED * Math.max(1, Math.abs(first.y));
  }

  draw() {
    const { page } = this, { sums: graph, words } = page, of = String(graph.data.of);
    const last = this.history[this.history.length - 1];
    write(this.warning, "");
    if (!last) {
      this.figures.replaceChildren();
      write(this.told, "");
      return;
    }
    write(this.told, words.say("steps", this.history.length - 1, of, graph.show(last.y)));
    const growing = this.history.length > 3 && this.history.slice(-3).every((p, k, all) =>
      k === 0 || Math.abs(p.y) > 1.05 * Math.abs(all[k - 1].y)) && Math.abs(last.y) > Math.abs(this.history[0].y)
      && last.y > this.history[0].y;
    if (!this._goes() || growing) write(this.warning, words.say("diverges"));
    const loss = this.history.map((p, x) => ({ x, y: p.y }));
    const figures = [captioned(words.say("loss", of), [{ points: loss, kind: "forward", dots: true }])];
    const names = (this.pair ?? "").split(",").map((i) => graph.names[Number(i)]);
    if (last.at.length === 2) {
      const path = this.history.map((p) => ({ x: p.at[0], y: p.at[1] }));
      figures.push(captioned(words.say("path", names[0], names[1]), [{ points: path, kind: "backward", dots: true }]));
    }
    this.figures.replaceChildren(...figures);
  }
}

/**
 * @param {string} caption
 * @param {import("./plot.js").Line[]} lines
 */
function captioned(caption, lines) {
  return html("figure", {}, plot(caption, lines), html("figcaption", {}, caption));
}

