/**
 * The chain of one derivative below the picture: paths, factors, products, their sum, tied to the arrows.
 */
import { button, html } from "./dom.js";
import { chain, shortened, textOf } from "./chain.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./chain.js").Chain} Chain */
/** @typedef {import("./chain.js").Piece} Piece */

/** The derivations of at most so many inputs stand here while no node is chosen. */
const WRITTEN = 4;
/** In larger graphs they would be long, and take long at every change. */
const LARGE = 500;
/** Longer equations have a line for each equals sign. */
const LONG_EQUATION = 130;

export class Trace {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.body = html("div", { class: "chain" });
    this.notes = html("div", { class: "notes" });
    this.element = html("section", { class: "trace", "aria-label": page.words.say("why") }, this.body, this.notes);
    this.key = "";
  }

  update() {
    const { page } = this, { graph, words, selected } = page;
    const node = selected < 0 ? -1 : page.view.boxes[selected].node;
    /** @type {Chain | null} */
    this.chain = node < 0 ? null : chain(graph, node);
    const secret = page.secret(selected);
    const lines = (this.chain?.lines ?? []).filter((_, k) => !secret || k < 2);
    const all = this.chain ? [] : this._derivations();
    const key = JSON.stringify([selected, secret, lines.map(textOf), all]);
    this.body.classList.toggle("lost", Boolean(graph.lostSlope[node]));
    if (key !== this.key) {
      this.key = key;
      if (this.chain) this.body.replaceChildren(this._formula(lines), this._buttons(node));
      else {
        this.body.replaceChildren(html("p", { class: "help" }, words.say("whyHelp")), ...all.map(({ box, text, lost }) =>
          button(text, () => page.choose(box), { class: `link derivation${lost ? " lost" : ""}` })));
      }
    }
    this._notes();
    this.light();
  }

  /** What stands below the still picture: the chains of all inputs, if they are few. */
  _derivations() {
    const { page } = this, { graph } = page;
    if (graph.inputs.length > WRITTEN || graph.size > LARGE || page.predicting) return [];
    return graph.inputs.filter((i) => page.progress?.finished(page.view.boxOf[i])).map((i) => ({
      box: page.view.boxOf[i], text: shortened(graph, chain(graph, i)), lost: graph.lostSlope[i] }));
  }

  /** @param {Piece[][]} lines */
  _formula(lines) {
    const [[name], ...rest] = lines;
    const long = lines.map(textOf).join(" = ").length > LONG_EQUATION;
    return html("p", { class: `equation${long ? " long" : ""}` }, html("b", {}, name.text),
      ...rest.map((line, k) => html("span", { class: "line" }, " = ", ...line.map((piece) => this._piece(piece, k === 0)))));
  }

  /**
   * A piece of the formula: its factors answer to pointing, those of the first line to the keyboard too.
   * @param {Piece} piece
   * @param {boolean} first
   */
  _piece(piece, first) {
    if (!piece.edge) return piece.text;
    const arrow = this.page.view.arrowOf.get(piece.edge.id) ?? -1;
    const listeners = {
      "data-arrow": arrow,
      onpointerenter: () => this.page.point(arrow), onpointerleave: () => this.page.point(-1),
      onfocus: () => this.page.point(arrow), onblur: () => this.page.point(-1),
    };
    if (!first || arrow < 0) return html("span", { class: "factor", ...listeners }, piece.text);
    return button(piece.text, () => this.page.point(arrow), { class: "factor", ...listeners });
  }

  /** @param {number} node */
  _buttons(node) {
    const { page } = this;
    const zero = page.graph.knobs.length && !page.predicting
      ? button(page.words.say("zeroWhere"), () => page.curve?.findZero(node), { class: "quiet" }) : null;
    const group = page.view.boxes[page.selected]?.group?.group ?? -1;
    const open = group < 0 ? null : button(page.words.say("openGroup"), () => page.openGroup(group), { class: "quiet" });
    return html("span", { class: "actions" }, zero, open,
      button(page.words.say("clear"), () => page.choose(-1), { class: "quiet" }));
  }

  /** What has to be said of the chosen node: a kink, what cannot be computed; and of the whole: the first nan. */
  _notes() {
    const { page } = this, { graph, words } = page;
    /** @type {(HTMLElement | string)[]} */
    const said = [];
    const first = graph.firstNotFinite();
    if (first >= 0 && !page.predicting) {
      said.push(button(`⚠ ${words.say("bad", graph.told(first))}${this._remark(first)}`, () => page.go(first),
        { class: "link" }));
    }
    const node = page.selected < 0 ? -1 : page.view.boxes[page.selected].node;
    const line = graph.data.nodes.line[node];
    if (line) said.push(words.say("made", graph.names[node], line));
    if (graph.scalar) {
      const near = node < 0 ? [] : [...new Set([node, ...graph.outOf[node].map((edge) => edge.target)])];
      for (const i of near) {
        const kink = graph.kink(i);
        if (kink) {
          said.push(words.say("kink", graph.told(i), graph.show(kink.left), graph.show(kink.right),
            graph.show(kink.here)));
        }
      }
    }
    const { sums } = page;
    if (sums.changed) {
      const lost = new Set();
      for (let i = 0; i < sums.size && lost.size < 3; i++) {
        if (!sums.lost[i] || !sums.reason(i)) continue;
        const name = page.numbers ? graph.names[page.numbers.arrayOf(i)] : sums.names[i];
        lost.add(words.say("lost", name, sums.reason(i)));
      }
      said.push(...lost);
    }
    const key = said.map((x) => (typeof x === "string" ? x : x.textContent)).join("\n");
    if (this.notes.dataset.key === key) return;
    this.notes.dataset.key = key;
    this.notes.replaceChildren(...said.map((x) => html("p", { class: "remark" }, x)));
  }

  /** @param {number} i */
  _remark(i) {
    const remark = this.page.graph.remark(i);
    if (!remark) return "";
    const word = remark === "outside the domain" ? "outside" : remark === "undefined there" ? "undefinedThere" : null;
    return ` (${word ? this.page.words.say(word) : remark})`;
  }

  /** Mark the factors of the arrow that is pointed at. */
  light() {
    const pointed = String(this.page.pointed);
    for (const factor of this.body.querySelectorAll(".factor")) {
      factor.classList.toggle("lit", pointed !== "-1" && factor.getAttribute("data-arrow") === pointed);
    }
  }

  /** What the picture draws boldly: the boxes and arrows of the chain. */
  bold() {
    const { chain: found, page } = this;
    if (!found) {
      return page.selected < 0 ? null : { boxes: new Set([page.selected]), arrows: new Set() };
    }
    const { view } = page;
    const boxes = new Set([...found.nodes].map((node) => view.boxOf[node]));
    boxes.add(page.selected);
    const arrows = new Set();
    for (const arrow of view.arrows) {
      const drawn = arrow.edge ? found.edges.has(arrow.edge.id) : boxes.has(arrow.source) && boxes.has(arrow.target);
      if (drawn) arrows.add(arrow.id);
    }
    return { boxes, arrows };
  }
}
