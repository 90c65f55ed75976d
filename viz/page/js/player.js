/**
 * The controls that step through both passes, and the question that each step asks in predict mode.
 */
import { attribute, button, html, write } from "./dom.js";
import { judge } from "./predict.js";
import { sentence } from "./steps.js";

/** @typedef {import("./page.js").Page} Page */

/** How long a step stands while it plays, in milliseconds. */
const STANDS = 1400;
const SPEEDS = [0.5, 1, 2, 4, 8];

export class Player {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { words } = page;
    this.timer = 0;
    this.speed = 1;
    this.sentence = html("p", { class: "sentence", role: "status", "aria-live": "polite" });
    this.question = html("form", { class: "question", hidden: true, onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      this._judge();
    } });
    this.asked = html("label", { for: "answer" });
    this.answer = html("input", { id: "answer", autocomplete: "off", inputmode: "text", "aria-describedby": "verdict" });
    this.verdict = html("span", { id: "verdict", role: "status" });
    this.question.append(this.asked, this.answer,
      html("button", { type: "submit" }, words.say("judge")),
      button(words.say("reveal"), () => this.go(page.step + 1, true)), this.verdict);
    /** @param {string} sign @param {"first" | "back" | "forward" | "last"} word @param {() => void} act */
    const control = (sign, word, act) => button(sign, act, { "aria-label": words.say(word), title: words.say(word) });
    this.playing = button("▶", () => this.toggle(), { class: "play" });
    this.slider = html("input", { type: "range", min: 0, max: page.steps.length - 1, "aria-label": words.say("step"),
      oninput: () => this.go(Number(this.slider.value)) });
    this.count = html("span", { class: "count" });
    const speed = html("select", { "aria-label": words.say("speed"), title: words.say("speed"),
      onchange: () => {
        this.speed = Number(speed.value);
        if (this.timer) this._schedule();
      } }, ...SPEEDS.map((x) => html("option", { value: x, selected: x === 1 }, `${x}×`)));
    this.predict = html("input", { type: "checkbox", onchange: () => page.setPredicting(this.predict.checked) });
    this.element = html("section", { class: "player", "aria-label": words.say("step") },
      this.sentence, this.question,
      html("div", { class: "controls" },
        control("⏮", "first", () => this.go(0)), control("◀", "back", () => this.go(page.step - 1)), this.playing,
        control("▶|", "forward", () => this.go(page.step + 1)),
        control("⏭", "last", () => this.go(page.steps.length - 1)),
        this.slider, this.count, speed,
        html("label", { class: "switch", title: words.say("predictHelp") }, this.predict, words.say("predict"))));
  }

  /**
   * Go to a step; in predict mode, one step onward has to be answered first.
   * @param {number} step
   * @param {boolean} shown whether the answer was given or is to be shown
   */
  go(step, shown = false) {
    const { page } = this;
    const wanted = Math.max(0, Math.min(page.steps.length - 1, step));
    if (page.predicting && !shown && wanted > page.step && this._asks()) {
      this.answer.focus();
      return;
    }
    write(this.verdict, "");
    this.answer.value = "";
    page.setStep(wanted);
  }

  toggle() {
    if (this.timer) {
      this.stop();
      return;
    }
    const { page } = this;
    if (page.step === page.steps.length - 1) page.setStep(0);
    this._schedule();
    this._sign();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this._sign();
  }

  _schedule() {
    clearInterval(this.timer);
    this.timer = window.setInterval(() => {
      const { page } = this;
      if (page.predicting || page.step === page.steps.length - 1) this.stop();
      else page.setStep(page.step + 1);
      if (page.step === page.steps.length - 1) this.stop();
    }, STANDS / this.speed);
  }

  _sign() {
    const word = this.timer ? "pause" : "play";
    write(this.playing, this.timer ? "⏸" : "▶");
    for (const name of ["aria-label", "title"]) attribute(this.playing, name, this.page.words.say(word));
  }

  /** Whether the next step is a number that can be asked for. */
  _asks() {
    const { page } = this, next = page.steps[page.step + 1];
    if (!next || !page.graph.scalar || next.kind === "given" || next.kind === "seed") return false;
    return next.kind === "value" ? page.view.boxes[next.box].node >= 0 : page.view.single(page.view.arrows[next.arrow]);
  }

  _judge() {
    const { page } = this, { view, words } = page;
    const next = page.steps[page.step + 1];
    if (!next) return;
    let truth = NaN, parts = {};
    if (next.kind === "value") {
      truth = page.graph.values[view.boxes[next.box].node];
    } else {
      const arrow = view.arrows[next.arrow];
      const { before, now } = page.progressAt(page.step + 2).sum(next.box);
      truth = now;
      const upstream = view.derivativeName(arrow.target);
      parts = {
        before: before === undefined ? undefined : { number: before, name: view.show(before) },
        upstream: { number: view.slope(arrow.target), name: `${upstream} = ${view.show(view.slope(arrow.target))}` },
        local: { number: view.local(arrow), name: `${arrow.name} = ${view.show(view.local(arrow))}` },
      };
    }
    const verdict = judge(this.answer.value, truth, parts);
    const text = {
      right: () => words.say("right", view.show(truth)), unread: () => words.say("unread"),
      sign: () => words.say("wrongSign"), wrong: () => words.say("notYet"),
      factor: () => words.say("wrongFactor", "name" in verdict ? verdict.name : ""),
      sum: () => words.say("wrongSum", "name" in verdict ? verdict.name : ""),
      local: () => words.say("wrongLocal", "name" in verdict ? verdict.name : ""),
    }[verdict.kind]();
    if (verdict.kind === "right") {
      this.go(page.step + 1, true);
      if (this._asks()) this.answer.focus();
    }
    write(this.verdict, text);
    this.verdict.className = verdict.kind === "right" ? "right" : "wrong";
  }

  update() {
    const { page } = this, { words } = page;
    const step = page.steps[page.step], last = page.steps.length - 1;
    const told = sentence(page.view, page.steps, page.step);
    write(this.sentence, step.kind === "given" && told ? words.say("given", told) : told);
    this.sentence.className = `sentence ${step.kind === "term" || step.kind === "seed" ? "backward" : "forward"}`;
    attribute(this.slider, "max", String(last));
    this.slider.value = String(page.step);
    attribute(this.slider, "aria-valuetext", words.say("of", page.step, last));
    write(this.count, `${page.step}/${last}`);
    this.predict.checked = page.predicting;
    const asks = page.predicting && this._asks();
    this.question.hidden = !asks;
    if (asks) {
      const next = page.steps[page.step + 1], box = page.view.boxes[next.box];
      const sum = next.kind === "term" && page.progressAt(page.step + 1).started(next.box);
      const name = next.kind === "value" ? box.title : page.view.derivativeName(next.box);
      const arrow = next.kind === "term" ? page.view.arrows[next.arrow] : null;
      const hint = arrow ? ` = ${sum ? "… + " : ""}${page.view.derivativeName(arrow.target)} · ${arrow.name}` : "";
      write(this.asked, `${name}${hint} = ?`);
    }
    if (!this.timer) this._sign();
  }
}
