/**
 * What if: a slider and a number for each input; everything follows.
 */
import { button, html, write } from "./dom.js";
import { read, show } from "./formatting.js";
import { around } from "./search.js";

/** @typedef {import("./page.js").Page} Page */

/** So many inputs are shown at once; a chosen one always is. */
const LISTED_INPUTS = 40;

export class Inputs {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { words } = page;
    this.largest = false;
    this.sort = button("", () => {
      this.largest = !this.largest;
      this.build();
    });
    this.reset = button(words.say("reset"), () => page.reset());
    this.list = html("div", { class: "inputs" });
    this.more = html("p", { class: "help" });
    this.element = html("div", {}, html("div", { class: "row" }, this.sort, this.reset), this.list, this.more);
    /** @type {Map<number, {field: HTMLInputElement, slider: HTMLInputElement, slope: HTMLElement, bar: HTMLElement}>} */
    this.rows = new Map();
    this.build();
  }

  /** The inputs that are shown, in their order. */
  _chosen() {
    const { sums: graph, selected } = this.page;
    const all = [...graph.knobs];
    if (this.largest) all.sort((p, q) => size(graph.slopes[q]) - size(graph.slopes[p]));
    const shown = all.slice(0, LISTED_INPUTS);
    const chosen = this.page.numbersOf(selected).filter((i) => all.includes(i) && !shown.includes(i)).slice(0, LISTED_INPUTS);
    return [...chosen, ...shown];
  }

  build() {
    const { page } = this, { sums: graph, words } = page;
    write(this.sort, words.say(this.largest ? "inOrder" : "largest"));
    const shown = this._chosen(), hidden = graph.knobs.length - shown.length;
    this.rows.clear();
    this.list.replaceChildren(...shown.map((i) => this._row(i)));
    this.sort.hidden = this.reset.hidden = !graph.knobs.length;
    const chosen = graph.data.chosen ?? [];
    const notes = [hidden > 0 ? words.say("moreInputs", hidden) : "", chosen.length ? words.say("chosen", chosen.join(", ")) : ""];
    write(this.more, graph.knobs.length ? notes.filter(Boolean).join(" ") : page.noKnobs());
    this.key = shown.join();
    this.update();
  }

  /** @param {number} i */
  _row(i) {
    const { page } = this, { sums: graph, words } = page, name = graph.names[i];
    const field = html("input", { class: "number", inputmode: "decimal", autocomplete: "off", size: 9,
      "aria-label": words.say("value", name),
      onchange: () => {
        const x = read(field.value);
        if (Number.isNaN(x)) field.value = show(graph.values[i], ".7g");
        else this._set(i, x);
      } });
    const [low, high] = around(graph.values[i]);
    const slider = html("input", { type: "range", min: low, max: high, step: "any", value: graph.values[i],
      "aria-label": words.say("slider", name), oninput: () => page.change(i, this._stop(slider)) });
    const slope = html("span", { class: "slope" }), bar = html("span", { class: "bar" });
    this.rows.set(i, { field, slider, slope, bar });
    const label = button(name, () => page.choose(page.boxOfNumber(i)), { class: "name" });
    return html("div", { class: "input-row" }, label, field, slider, slope, bar);
  }

  /**
   * Where a slider stands, on a round number if one is near.
   * @param {HTMLInputElement} slider
   */
  _stop(slider) {
    const step = 10 ** Math.floor(Math.log10((Number(slider.max) - Number(slider.min)) / 100));
    const places = Math.max(0, -Math.floor(Math.log10(step)));
    return Number((Math.round(Number(slider.value) / step) * step).toFixed(places));
  }

  /**
   * @param {number} i
   * @param {number} x
   */
  _set(i, x) {
    const row = this.rows.get(i);
    if (row && (x < Number(row.slider.min) || x > Number(row.slider.max))) {
      const [low, high] = around(x);
      row.slider.min = String(low);
      row.slider.max = String(high);
    }
    this.page.change(i, x);
  }

  update() {
    const { sums: graph } = this.page;
    if (this._chosen().join() !== this.key && !this.list.contains(document.activeElement)) {
      this.build();
      return;
    }
    const known = !this.page.predicting;
    const most = Math.max(...[...this.rows.keys()].map((i) => size(graph.slopes[i])), 0);
    for (const [i, row] of this.rows) {
      const x = graph.values[i];
      if (document.activeElement !== row.field) {
        row.field.value = show(x, ".7g");
        row.field.title = String(x);
      }
      if (Number(row.slider.value) !== x) row.slider.value = String(x);
      const slope = graph.slopes[i], text = known ? `${graph.derivativeName(i)} = ${graph.show(slope)}` : "";
      write(row.slope, text);
      row.slope.classList.toggle("lost", Boolean(graph.lostSlope[i]));
      const share = known && most > 0 && Number.isFinite(most) ? size(slope) / most : 0;
      row.bar.style.width = `${(100 * share).toFixed(1)}%`;
    }
    this.reset.disabled = !graph.changed;
  }
}

/** @param {number} x */
const size = (x) => (Number.isNaN(x) ? Infinity : Math.abs(x));
