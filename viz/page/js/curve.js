/**
 * J, or a derivative, against one input: its curve, the tangent, where it is zero; and a check by differences.
 */
import { button, html, write } from "./dom.js";
import { read, show } from "./formatting.js";
import { plot } from "./plot.js";
import { around, curve, difference, result, zeros } from "./search.js";

/** @typedef {import("./page.js").Page} Page */

/** So many derivatives are offered besides that of the chosen node. */
const OFFERED = 60;
/** So many inputs are searched for a zero. */
const SEARCHED = 24;
/** The difference and the gradient may be so many of its errors apart. */
const APART = 8;

export class Curve {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { words } = page;
    /** The input along which is drawn. */
    this.input = page.sums.knobs[0] ?? -1;
    this.follow(page.numbersOf(page.selected)[0] ?? -1);
    /** The node whose derivative is drawn; −1 for the result itself. */
    this.of = -1;
    this.across = html("select", { "aria-label": words.say("across"), onchange: () => {
      this.input = Number(this.across.value);
      this.range = null;
      this.draw();
    } });
    this.up = html("select", { "aria-label": words.say("up"), onchange: () => {
      this.of = Number(this.up.value);
      this.draw();
    } });
    /** @type {[number, number] | null} */
    this.range = null;
    this.key = "";
    this.from = this._end("from", 0);
    this.to = this._end("to", 1);
    this.figure = html("div", { class: "figure" });
    this.slope = html("p", { class: "told backward" });
    this.zeros = html("p", { class: "told" });
    this.check = html("p", { class: "told" });
    this.none = html("p", { class: "help" });
    this.body = html("div", {},
      html("div", { class: "row" }, html("label", {}, `${words.say("up")} `, this.up),
        html("label", {}, `${words.say("across")} `, this.across)),
      html("div", { class: "row" }, html("label", {}, `${words.say("from")} `, this.from),
        html("label", {}, `${words.say("to")} `, this.to)),
      this.figure, this.slope, this.zeros, html("h3", {}, words.say("check")), this.check);
    this.element = html("div", {}, this.body, this.none);
  }

  /**
   * @param {"from" | "to"} word
   * @param {0 | 1} side
   */
  _end(word, side) {
    const field = html("input", { class: "number", size: 7, inputmode: "decimal", autocomplete: "off",
      "aria-label": this.page.words.say(word), onchange: () => {
        const x = read(field.value);
        if (Number.isFinite(x) && this.range) {
          this.range[side] = x;
          if (this.range[0] >= this.range[1]) this.range = null;
        }
        this.draw();
      } });
    return field;
  }

  /**
   * Draw along an input that was chosen in the picture.
   * @param {number} node
   */
  follow(node) {
    if (!this.page.sums.knobs.includes(node) || node === this.input) return;
    this.input = node;
    this.range = null;
  }

  /**
   * Draw the derivative by a node along the first input for which it is zero somewhere.
   * @param {number} node
   */
  findZero(node) {
    const { page } = this, { sums: graph } = page;
    this.of = node;
    const others = graph.knobs.filter((i) => i !== node), own = graph.knobs.filter((i) => i === node);
    for (const input of [...others, ...own].slice(0, SEARCHED)) {
      const points = curve(graph, input, around(graph.values[input]), () => graph.slopes[node], true);
      if (points.every((p) => p.y === points[0].y)) continue;
      this.input = input;
      this.range = null;
      if (zeros(graph, input, points, () => graph.slopes[node], true).length) break;
    }
    page.openTab("curve");
    this.draw();
  }

  update() {
    if (this.page.tab === "curve") this.draw();
  }

  draw() {
    const { page } = this, { sums: graph, words } = page;
    const lost = graph.roots.some((root) => graph.lost[root]);
    this.body.hidden = this.input < 0 || lost;
    write(this.none, this.input < 0 ? page.noKnobs()
      : lost ? words.say("lost", graph.data.of, graph.names.find((_, i) => graph.lost[i] && graph.reason(i)) ?? "") : "");
    if (this.input < 0 || lost) return;
    this._options();
    const x = graph.values[this.input];
    this.range ??= around(x);
    const range = this.range;
    if (x < range[0] || x > range[1]) [range[0], range[1]] = around(x);
    [this.from, this.to].forEach((field, k) => {
      if (document.activeElement !== field) field.value = show(range[k], ".6g");
    });
    const y = this.of < 0 ? () => result(graph) : () => graph.slopes[this.of];
    const points = curve(graph, this.input, range, y, this.of >= 0);
    const here = y(), slope = graph.slopes[this.input];
    const name = this.of < 0 ? String(graph.data.of) : graph.derivativeName(this.of);
    const lines = [{ points, kind: this.of < 0 ? "forward" : "backward" }];
    if (this.of < 0 && Number.isFinite(slope)) {
      lines.push({ points: points.map((p) => ({ x: p.x, y: here + slope * (p.x - x) })), kind: "backward tangent" });
    }
    const crossings = zeros(graph, this.input, points, y, this.of >= 0);
    const marks = [{ x, y: here }];
    this.figure.replaceChildren(plot(`${name}, ${graph.names[this.input]}`, lines, marks));
    write(this.slope, this.of >= 0 ? "" : words.say("slope", graph.derivativeName(this.input), graph.show(slope)));
    this._zeros(name, crossings, range);
    this._check(slope);
  }

  _options() {
    const { page } = this, { sums: graph } = page;
    const node = page.numbersOf(page.selected)[0] ?? -1;
    const offered = [...new Set([-1, node, this.of, ...graph.inputs.slice(0, OFFERED)])];
    const inputs = graph.knobs.slice(0, 200);
    if (node >= 0 && graph.knobs.includes(node) && !inputs.includes(node)) inputs.push(node);
    const key = `${offered}|${inputs}|${this.input}|${this.of}`;
    if (key === this.key) return;
    this.key = key;
    this.up.replaceChildren(...offered.map((i) => html("option", { value: i, selected: i === this.of },
      i < 0 ? String(graph.data.of) : graph.derivativeName(i))));
    this.across.replaceChildren(...inputs.map((i) => html("option", { value: i, selected: i === this.input },
      graph.names[i])));
  }

  /**
   * @param {string} name
   * @param {number[]} crossings
   * @param {[number, number]} range
   */
  _zeros(name, crossings, range) {
    const { page } = this, { sums: graph, words } = page, input = this.input, called = graph.names[input];
    if (!crossings.length) {
      write(this.zeros, words.say("noZeros", name, called, graph.show(range[0]), graph.show(range[1])));
      return;
    }
    this.zeros.replaceChildren(`${words.say("zeros", name)} `, ...crossings.slice(0, 6).map((x) =>
      button(`${called} = ${show(x, ".6g")}`, () => page.change(input, x), { class: "link" })));
  }

  /** @param {number} slope */
  _check(slope) {
    const { sums: graph, words } = this.page;
    const found = difference(graph, this.input);
    const apart = Math.abs(found.slope - slope);
    const coarse = !(found.error <= 1e-3 * Math.max(Math.abs(found.slope), Math.abs(slope), 1e-12));
    const agree = apart <= APART * found.error + 1e-9 * Math.abs(slope);
    const verdict = agree && !coarse ? "agree" : agree ? "undecided" : "differ";
    write(this.check, `${words.say("checkText", show(found.slope, ".10g"), show(found.error, ".1e"),
      show(slope, ".10g"))}. ${words.say(verdict)}`);
    this.check.classList.toggle("warning", verdict === "differ");
  }
}
