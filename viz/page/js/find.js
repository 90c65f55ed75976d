/**
 * Questions that an engineer has: where the first nan came from, where gradients vanish, which input matters most.
 */
import { button, html, write } from "./dom.js";
import { read } from "./formatting.js";

/** @typedef {import("./page.js").Page} Page */

/** So many answers are listed. */
const ANSWERS = 12;

export class Find {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { words } = page;
    this.limit = html("input", { class: "number", size: 7, value: "1e-6", inputmode: "decimal", autocomplete: "off",
      "aria-label": words.say("findBelow") });
    this.told = html("p", { class: "told", role: "status" });
    this.list = html("div", { class: "answers" });
    this.element = html("div", {}, html("h3", {}, words.say("wrong")), this._found(), html("h3", {}, words.say("ask")),
      html("div", { class: "questions" },
        button(words.say("findNan"), () => this.show(this.firstNan())),
        html("span", { class: "row" },
          button(words.say("findBelow"), () => this.show(this.below())), this.limit),
        button(words.say("findZero"), () => this.show(this.zero())),
        button(words.say("findLargest"), () => this.show(this.largest()))),
      this.told, this.list);
  }

  /** What Python has found in the program as it was recorded; each entry goes to its node. */
  _found() {
    const { page } = this, { words } = page, { findings } = page.data;
    if (!findings.length) return html("p", { class: "told" }, words.say("wrongNothing"));
    return html("ol", { class: "findings" }, .../** @type {[string, number, string, string][]} */ (findings).map(
      ([kind, node, text, line]) => html("li", { "data-kind": kind },
        node < 0 ? text : button(text, () => page.go(node), { class: "link" }),
        line ? html("span", { class: "source" }, ` ${line}`) : null)));
  }

  firstNan() {
    const first = this.page.graph.firstNotFinite();
    return first < 0 ? [] : [first];
  }

  /** On the way back from the result, the first ones come first. */
  below() {
    const { graph } = this.page, limit = read(this.limit.value);
    return backward(graph).filter((i) => Math.abs(graph.slopes[i]) < limit);
  }

  zero() {
    const { graph } = this.page;
    return backward(graph).filter((i) => graph.slopes[i] === 0);
  }

  largest() {
    const { graph } = this.page;
    return [...graph.knobs].sort((p, q) => Math.abs(graph.slopes[q]) - Math.abs(graph.slopes[p]));
  }

  /** @param {number[]} nodes */
  show(nodes) {
    const { page } = this, { graph, words } = page;
    write(this.told, nodes.length ? words.say("counted", nodes.length) : words.say("nothing"));
    this.list.replaceChildren(...nodes.slice(0, ANSWERS).map((i) => button(
      graph.scalar ? `${graph.derivativeName(i)} = ${graph.show(graph.slopes[i])}   (${graph.told(i)})` : graph.told(i),
      () => page.go(i), { class: "link" })));
    if (nodes.length) page.go(nodes[0]);
  }
}

/** @param {import("./graph.js").Graph} graph */
function backward(graph) {
  return graph.scalar ? Array.from({ length: graph.size }, (_, k) => graph.size - 1 - k) : [];
}
