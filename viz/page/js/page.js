/**
 * The page: it holds what is shown (step, chosen node, numbers of the inputs) and tells its parts when that changes.
 */
import { decode, encode } from "./address.js";
import { Curve } from "./curve.js";
import { Descent } from "./descent.js";
import { attribute, button, html, write } from "./dom.js";
import { counted } from "./figures.js";
import { Find } from "./find.js";
import { around, without, withOpen } from "./fold.js";
import { Graph } from "./graph.js";
import { Inputs } from "./inputs.js";
import { Picture } from "./picture.js";
import { Player } from "./player.js";
import { Stage } from "./stage.js";
import { Progress, steps } from "./steps.js";
import { Trace } from "./trace.js";
import { View } from "./view.js";
import { COLOURINGS, Marks } from "./marks.js";
import { LANGUAGES, Words } from "./words.js";

/** @typedef {"inputs" | "curve" | "descend" | "find"} Tab */

const THEMES = /** @type {const} */ (["auto", "light", "dark"]);
const DARK = matchMedia("(prefers-color-scheme: dark)");
/** How long the address waits for the end of a movement, in milliseconds. */
const PATIENCE = 250;
/** Where more boxes would be drawn, groups that were opened earlier are closed. */
const MOST = 500;

/** What only some pages need, and have: see large.js and network.js. */
export const more = /** @type {{arranged: null | typeof import("./arrange.js").arranged,
  Numbers: null | typeof import("./numbers.js").Numbers,
  Heat: null | typeof import("./heat.js").Heat, network: null | Pick<typeof import("./circles.js"), "Circles" | "placed">
 *   & Pick<typeof import("./training.js"), "Training">}} */ ({ arranged: null, Numbers: null, Heat: null, network: null });

export class Page {
  /**
   * @param {any} data
   * @param {import("./graph.js").Functions[]} functions
   * @param {import("./graph.js").Functions[]} ofNumbers
   */
  constructor(data, functions, ofNumbers) {
    this.data = data;
    this.graph = new Graph(data, functions);
    this.numbers = data.numbers && more.Numbers ? new more.Numbers(this.graph, data.numbers, ofNumbers) : null;
    /** What the page does its sums with: the graph, or the numbers behind its arrays. */
    this.sums = this.numbers?.sums ?? this.graph;
    /** The groups that are open, in the order in which they were opened. */
    this.open = new Set(/** @type {number[]} */ (data.open));
    this.view = this._drawn();
    this.steps = steps(this.view);
    this.step = this.steps.length - 1;
    /** The chosen box; −1 if none is. */
    this.selected = -1;
    /** The arrow that is pointed at. */
    this.pointed = -1;
    this.predicting = false;
    /** Whether steps are being told, so that the last one stands out. */
    this.telling = false;
    /** @type {Tab} */
    this.tab = "inputs";
    this.theme = "auto";
    /** @type {import("./marks.js").Colouring} */
    this.colour = "none";
    this.words = new Words(navigator.language.split("-")[0]);
    /** @type {Set<number>} */
    this.marked = new Set();
    /** @type {HTMLElement[]} */
    this.tabs = [];
    /** @type {HTMLElement[]} */
    this.panels = [];
    this._begin();
    this._restore();
    this.build();
    this._listen();
  }

  /** Whether the groups are open that are open at the beginning. @param {Set<number>} open */
  _asFirst(open) {
    const first = /** @type {number[]} */ (this.data.open);
    return open.size === first.length && first.every((k) => open.has(k));
  }

  /** The picture with the groups open that are open: as Python has laid it out, or as the page does. */
  _drawn() {
    const view = new View(this.graph, this.open, this._asFirst(this.open) ? this.data.picture : null);
    // Neurons are circles as long as none of them is open.
    if (more.network && !this.data.network.neurons.some((/** @type {number} */ k) => this.open.has(k))) {
      view.picture = more.network.placed(view);
    }
    view.picture ??= more.arranged?.(view);
    return view;
  }

  /** What the page shows if its address asks for nothing else. */
  _begin() {
    const { start } = this.data;
    const first = new Set(/** @type {number[]} */ (this.data.open));
    this._unfold(start.of === undefined ? first : this._showing(start.of, first));
    this.step = this.steps.length - 1;
    this.selected = -1;
    this.tab = "inputs";
    this.colour = start.colour ?? "none";
    if (start.of !== undefined) this.selected = this.view.boxOf[start.of];
    if (start.show === "forward") this.step = this.steps.filter((step) => step.kind === "value").length;
  }

  // --- groups -----------------------------------------------------------------------------------------------------

  /**
   * The open groups that let a node be seen.
   * @param {number} node
   * @param {Set<number>} open
   */
  _showing(node, open) {
    const closed = around(this.graph, node).filter((k) => !open.has(k));
    return closed.length ? withOpen(this.graph, open, closed[closed.length - 1], MOST) : open;
  }

  /**
   * Draw with these groups open; what was chosen and told stays so.
   * @param {Set<number>} open
   */
  _unfold(open) {
    if (open.size === this.open.size && [...open].every((k) => this.open.has(k))) return;
    const node = this.selected < 0 ? -1 : this.view.boxes[this.selected].node;
    const told = this.steps[this.step], last = this.step === this.steps.length - 1;
    const { node: given, group } = this.view.boxes[told.box] ?? { node: -1, group: null };
    const at = group && given < 0 ? group.members[group.members.length - 1] : given;
    this.open = open;
    this.view = this._drawn();
    this.steps = steps(this.view);
    this.selected = node < 0 ? -1 : this.view.boxOf[node];
    this.pointed = -1;
    const now = at < 0 ? -1 : this.steps.map((step) => step.kind === told.kind && step.box === this.view.boxOf[at])
      .lastIndexOf(true);
    this.step = last || (told.box >= 0 && now < 0) ? this.steps.length - 1 : Math.max(0, now);
  }

  /** Draw anew, with the side as it is. */
  _redraw() {
    this._draw();
    this.update();
  }

  /** @param {number} group */
  openGroup(group) {
    this._unfold(withOpen(this.graph, this.open, group, MOST));
    this._redraw();
    const first = this.view.around.findIndex((k) => k === group);
    const inside = first >= 0 ? first : this.view.boxes.findIndex((box) => box.group && this.graph.groups[box.group.group].parent === group);
    this._focus(inside);
  }

  /** @param {number} group */
  closeGroup(group) {
    this._unfold(without(this.graph, this.open, group));
    this._redraw();
    this._focus(this.view.boxes.findIndex((box) => box.group?.group === group));
  }

  /** @param {number} box */
  _focus(box) {
    if (box < 0) return;
    this.stage?.reveal(box);
    this.picture?.boxes[box]?.g.focus({ preventScroll: true });
  }

  // --- the parts ------------------------------------------------------------------------------------------------

  build() {
    const { words } = this;
    document.documentElement.lang = words.language;
    this._lighten();
    document.title = this.data.title;
    this.player?.stop();
    this.descent?.stop();
    this.stage = new Stage(words);
    this.trace = new Trace(this);
    this.player = new Player(this);
    this.inputs = new Inputs(this);
    this.curve = new Curve(this);
    this.descent = more.network && this.data.network?.targets ? new more.network.Training(this) : new Descent(this);
    this.find = new Find(this);
    const samples = this.data.network?.samples ?? [];
    const sample = samples.length < 2 ? null : html("label", { class: "sample" }, `${words.say("example")} `,
      html("select", { "aria-label": words.say("example"), onchange: (/** @type {any} */ event) =>
        this.take(samples[event.target.value]) }, ...samples.map((/** @type {number[]} */ x, /** @type {number} */ k) =>
        html("option", { value: k }, `${k + 1}: ${x.slice(0, 4).map((n) => this.graph.show(n)).join(", ")}${x.length > 4 ? ", …" : ""}`))));
    this.shown = html("p", { class: "shown", role: "status" });
    this.legend = html("p", { class: "legend" });
    this.stage.bar.prepend(this._colours(), this.legend, this.data.remark ? html("p", {}, this.data.remark) : "", this.shown);
    const main = html("main", {},
      html("div", { class: "left" }, sample, this.stage.element, this.trace.element, this.player.element), this._side());
    document.body.replaceChildren(
      html("a", { class: "skip", href: "#controls", onclick: (/** @type {Event} */ event) => {
        event.preventDefault();
        this.player?.playing.focus();
      } }, words.say("skip")),
      this._header(), main);
    this._draw();
    this.update();
    if (this.selected >= 0) this.stage.reveal(this.selected);
  }

  /** Light or dark, as chosen here or in the system. */
  _lighten() {
    document.documentElement.dataset.theme = this.theme !== "auto" ? this.theme : DARK.matches ? "dark" : "light";
  }

  /** Why there is nothing to change. */
  noKnobs() {
    return this.words.say(this.data.scalar ? "noInputs" : "noNumbers", this.data.reason);
  }

  /** What the frames of the picture tell. */
  _colours() {
    const { words } = this;
    const select = html("select", { onchange: () => {
      this.colour = /** @type {import("./marks.js").Colouring} */ (select.value);
      this.update();
    } }, ...COLOURINGS.filter((x) => x !== "heat" || this.data.maps).map((x) => html("option", { value: x, selected: x === this.colour }, words.say(x === "value" ? "ofValue" : x))));
    return html("label", { class: "colours" }, `${words.say("colour")} `, select);
  }

  /** The picture, on its stage. */
  _draw() {
    const { words } = this;
    const Drawn = this.view.picture.network && more.network ? more.network.Circles : Picture;
    this.picture = new Drawn(this.view, `${words.say("picture")}: ${this.data.title}`, {
      choose: (box) => this.choose(box === this.selected ? -1 : box), point: (arrow) => this.point(arrow),
      open: (group) => this.openGroup(group), close: (group) => this.closeGroup(group),
      says: { open: words.say("openGroup"), close: words.say("closeGroup") },
    });
    this.stage?.show(this.picture);
    const shown = this.view.boxes.length, all = this.graph.size;
    if (this.shown) write(this.shown, shown < all && !this.view.picture.network ? words.say("shown", shown, counted(all)) : "");
  }

  _header() {
    const { words } = this;
    const status = html("span", { class: "status", role: "status" });
    let at = 0;
    const field = html("input", { type: "search", placeholder: words.say("search"), "aria-label": words.say("search"),
      oninput: () => {
        at = 0;
        this._mark(field.value);
        write(status, !field.value ? "" : this.marked.size ? words.say("found", 1, this.marked.size) : words.say("notFound"));
        this._seek(at);
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || !this.marked.size) return;
        event.preventDefault();
        this.choose(this._seek(at));
        write(status, words.say("found", (at % this.marked.size) + 1, this.marked.size));
        at++;
      } });
    const theme = html("select", { "aria-label": words.say("theme"), title: words.say("theme"), onchange: () => {
      this.theme = theme.value;
      this._lighten();
      this.remember();
    } }, ...THEMES.map((x) => html("option", { value: x, selected: x === this.theme },
      words.say({ auto: "themeAuto", light: "themeLight", dark: "themeDark" }[x] === "themeAuto" ? "themeAuto"
        : x === "light" ? "themeLight" : "themeDark"))));
    const other = LANGUAGES[1 - LANGUAGES.indexOf(words.language)];
    return html("header", {}, html("h1", {}, this.data.title),
      html("div", { class: "tools" }, field, status,
        button(words.say("language"), () => {
          this.words = new Words(other);
          this.build();
          this.remember();
        }, { lang: other }), theme));
  }

  /** @param {string} text */
  _mark(text) {
    const wanted = text.trim().toLowerCase();
    this.marked = new Set(!wanted ? [] : this.view.boxes.filter((box) =>
      box.name.toLowerCase().includes(wanted) || box.title.toLowerCase().includes(wanted)).map((box) => box.id));
    this.update();
  }

  /**
   * Show one of the boxes that were found.
   * @param {number} at
   * @returns {number}
   */
  _seek(at) {
    const found = [...this.marked];
    const box = found[at % found.length] ?? -1;
    if (box >= 0) this.stage?.reveal(box);
    return box;
  }

  _side() {
    const { words } = this, { findings } = this.data;
    /** @type {[Tab, string, HTMLElement][]} */
    const parts = [["inputs", words.say("whatIf"), this.inputs?.element ?? html("div")],
      ["curve", words.say("curve"), this.curve?.element ?? html("div")],
      ["descend", words.say("descend"), this.descent?.element ?? html("div")],
      ["find", `${words.say("find")}${findings.length ? ` ⚠ ${findings.length}` : ""}`, this.find?.element ?? html("div")]];
    this.tabs = parts.map(([tab, name]) => button(name, () => this.openTab(tab), { role: "tab", id: `tab-${tab}`,
      "aria-controls": `panel-${tab}`, "data-tab": tab, onkeydown: (/** @type {KeyboardEvent} */ event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        const k = parts.findIndex(([other]) => other === tab);
        const next = parts[(k + step + parts.length) % parts.length][0];
        this.openTab(next);
        document.getElementById(`tab-${next}`)?.focus();
      } }));
    this.panels = parts.map(([tab, , element]) => html("div", { role: "tabpanel", id: `panel-${tab}`, class: "panel",
      "aria-labelledby": `tab-${tab}`, tabindex: 0, "data-tab": tab }, element));
    return html("aside", { "aria-label": words.say("whatIf") },
      html("div", { role: "tablist", "aria-label": words.say("whatIf") }, ...this.tabs), ...this.panels);
  }

  /** @param {Tab} tab */
  openTab(tab) {
    this.tab = tab;
    this.update();
  }

  // --- what changes ---------------------------------------------------------------------------------------------

  /** @param {number} step */
  setStep(step) {
    this.step = step;
    this.telling = true;
    this.update();
    const now = this.steps[step];
    if (now.box >= 0) this.stage?.reveal(now.box);
  }

  /**
   * Choose a box, whose chain is then shown; −1 for none.
   * @param {number} box
   */
  choose(box) {
    this.selected = box;
    this.pointed = -1;
    if (box >= 0) this.curve?.follow(this.numbersOf(box)[0] ?? -1);
    this.update();
  }

  /**
   * Choose a node and bring it into sight.
   * @param {number} node
   */
  go(node) {
    const open = this._showing(node, this.open);
    if (open !== this.open) {
      this._unfold(open);
      this._draw();
    }
    const box = this.view.boxOf[node];
    this.choose(box);
    this.stage?.reveal(box);
    this.picture?.boxes[box]?.g.focus({ preventScroll: true });
  }

  /** @param {number} arrow */
  point(arrow) {
    if (arrow === this.pointed) return;
    this.pointed = arrow;
    this.trace?.light();
    this._show();
  }

  /**
   * @param {number} input
   * @param {number} x
   */
  change(input, x) {
    this.sums.set(input, x);
    this.sums.update();
    this.update();
  }

  /**
   * Give the network another example.
   * @param {number[]} sample
   */
  take(sample) {
    this.data.network.inputs.forEach((/** @type {number} */ i, /** @type {number} */ k) => this.graph.set(i, sample[k]));
    this.graph.update();
    this.update();
  }

  reset() {
    this.sums.reset();
    this.update();
  }

  /** @param {boolean} on */
  setPredicting(on) {
    this.predicting = on;
    this.player?.stop();
    this.setStep(on ? 0 : this.step);
  }

  /**
   * Whether what is known of a box's derivative is not to be seen yet.
   * @param {number} box
   */
  secret(box) {
    return this.predicting && box >= 0 && !this.progressAt(this.step + 1).finished(box);
  }

  /**
   * What is known after so many steps.
   * @param {number} count
   */
  progressAt(count) {
    return new Progress(this.view, this.steps, count);
  }

  /**
   * The numbers that a box shows, as the sums know them.
   * @param {number} box −1 for none
   * @returns {number[]}
   */
  numbersOf(box) {
    const node = box < 0 ? -1 : this.view.boxes[box].node;
    if (!this.numbers) return node < 0 ? [] : [node];
    return /** @type {number[]} */ ((this.numbers.of[node] ?? []).filter((x) => typeof x === "number"));
  }

  /**
   * The box of one of these numbers.
   * @param {number} number
   */
  boxOfNumber(number) {
    return this.view.boxOf[this.numbers ? this.numbers.arrayOf(number) : number];
  }

  update() {
    this.numbers?.update();
    this.progress = this.progressAt(this.step + 1);
    this.trace?.update();
    this._show();
    this.player?.update();
    this.tabs.forEach((tab) => {
      const open = tab.dataset.tab === this.tab;
      attribute(tab, "aria-selected", String(open));
      attribute(tab, "tabindex", open ? "0" : "-1");
    });
    this.panels.forEach((panel) => {
      panel.hidden = panel.dataset.tab !== this.tab;
    });
    if (this.tab === "inputs") this.inputs?.update();
    this.curve?.update();
    this.remember();
  }

  _show() {
    const { stage } = this;
    if (!this.picture || !stage || !this.progress) return;
    const emphasis = { bold: this.trace?.bold() ?? null, lit: new Set(this.pointed < 0 ? [] : [this.pointed]),
      selected: this.selected, marked: this.marked, telling: this.telling,
      marks: this.view.picture.network ? null : new Marks(this.view, this.colour),
      heat: more.Heat && this.colour === "heat" ? new more.Heat(this.view) : null };
    const legend = emphasis.heat ? more.Heat?.legend(this.words.say("sides")) ?? []
      : emphasis.marks?.legend(this.words.say("kinds").split("|")) ?? [];
    this.legend?.replaceChildren(...legend);
    this.picture.update(this.progress, emphasis, () => stage.sight());
  }

  // --- the address ----------------------------------------------------------------------------------------------

  _restore() {
    const state = decode(location.hash);
    if (state.open !== undefined) {
      // Only groups that there are, those around them before them.
      const numbers = new Set(state.open.split(".").map(Number));
      const known = this.graph.groups.map((_, k) => k).filter((k) => numbers.has(k));
      this._unfold(known.reduce((open, k) => withOpen(this.graph, open, k, MOST), new Set()));
    }
    const named = new Map(this.graph.names.map((name, i) => [name, i]));
    const of = state.of === undefined ? undefined : named.get(state.of);
    if (of !== undefined) {
      this._unfold(this._showing(of, this.open));
      this.selected = this.view.boxOf[of];
    }
    if (state.step !== undefined) this.step = Math.min(state.step, this.steps.length - 1);
    this.telling = state.step !== undefined;
    if (state.lang) this.words = new Words(state.lang);
    if (state.theme && THEMES.includes(/** @type {"auto"} */ (state.theme))) this.theme = state.theme;
    const colour = COLOURINGS.find((x) => x === state.colour && (x !== "heat" || this.data.maps));
    if (colour) this.colour = colour;
    if (["inputs", "curve", "descend", "find"].includes(state.tab ?? "")) this.tab = /** @type {Tab} */ (state.tab);
    this.predicting = state.predict ?? false;
    for (const i of this.sums.knobs) {
      this.sums.set(i, state.inputs.get(this.sums.names[i]) ?? this.sums.recorded[i]);
    }
    this.sums.update();
    this.numbers?.update();
  }

  /** Write the state into the address, once it has come to rest. */
  remember() {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      const { graph, sums } = this;
      const changed = sums.knobs.filter((i) => !Object.is(sums.values[i], sums.recorded[i]));
      const hash = encode({
        step: this.step === this.steps.length - 1 ? undefined : this.step,
        of: this.selected < 0 || this.view.boxes[this.selected].node < 0 ? undefined
          : graph.names[this.view.boxes[this.selected].node],
        open: this._asFirst(this.open) ? undefined : [...this.open].join("."),
        tab: this.tab === "inputs" ? undefined : this.tab, predict: this.predicting || undefined,
        colour: this.colour === (this.data.start.colour ?? "none") ? undefined : this.colour,
        theme: this.theme === "auto" ? undefined : this.theme,
        lang: this.words.language === navigator.language.split("-")[0] ? undefined : this.words.language,
        inputs: new Map(changed.map((i) => [sums.names[i], sums.values[i]])),
      });
      this.hash = `#${hash}`;
      try {
        history.replaceState(null, "", this.hash);
      } catch {
        // A frame without an address of its own, as in notebooks, has nothing to remember it by.
      }
    }, PATIENCE);
  }

  _listen() {
    addEventListener("hashchange", () => {
      if (location.hash === this.hash) return;
      this._begin();
      this._restore();
      this.build();
    });
    addEventListener("keydown", (event) => this._key(event));
    addEventListener("beforeprint", () => this.picture?.catchUp(null));
    DARK.addEventListener("change", () => this._lighten());
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      this.choose(-1);
      return;
    }
    // The keys of remote controls step wherever the focus is: a lecturer has just moved a slider, or chosen a speed.
    const own = !event.key.startsWith("Page") && target.matches("select, textarea, input:not([type=checkbox])");
    if (own || !this.player || (event.key === " " && target.matches("button, input"))) return;
    const act = {
      ArrowRight: () => this.player?.go(this.step + 1), PageDown: () => this.player?.go(this.step + 1),
      ArrowLeft: () => this.player?.go(this.step - 1), PageUp: () => this.player?.go(this.step - 1),
      Home: () => this.player?.go(0), End: () => this.player?.go(this.steps.length - 1),
      " ": () => this.player?.toggle(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
