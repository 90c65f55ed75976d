/**
 * The picture: boxes and arrows where the still picture has them, showing as much as has been told.
 */
import { attribute, svg, write } from "./dom.js";
import { dress } from "./marks.js";
import { LINE, SIDE, widest, width } from "./measure.js";

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./view.js").Arrow} Arrow */
/** @typedef {import("./view.js").Piece} Piece */
/** @typedef {import("./steps.js").Progress} Progress */
/** @typedef {{bold: {boxes: Set<number>, arrows: Set<number>} | null, lit: Set<number>, selected: number,
 *   marked: Set<number>, telling: boolean, marks: import("./marks.js").Marks | null,
 *   heat: import("./heat.js").Heat | null}} Emphasis */
/** @typedef {{choose: (box: number) => void, point: (arrow: number) => void, open: (group: number) => void,
 *   close: (group: number) => void, says: {open: string, close: string}}} Handlers */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Sight */

/** Room around the picture, in its own units. */
const PAD = 10;
const HALF = 2.8;
/** Of more arrows, only their lines can be pointed at. */
const MANY = 500;
/** So many arrows are first drawn in one frame; more follow in the next ones. */
const AT_ONCE = 80;
/** What an arrow can be besides drawn: its classes, in the order of their bits. */
const STATES = ["hidden", "faded", "strong", "lit", "lost"];
/** Texts on arrows are squeezed down to this before they reach out of their places. */
const SQUEEZED = 0.82;

export class Picture {
  /**
   * @param {View} view
   * @param {string} label
   * @param {Handlers} handlers
   */
  constructor(view, label, handlers) {
    this.view = view;
    this.handlers = handlers;
    const { picture } = view;
    this.width = picture.width + 2 * PAD;
    this.height = picture.height + 2 * PAD;
    const box = `${-PAD} ${-PAD} ${this.width} ${this.height}`;
    // Listeners of their own would make many arrows slow.
    const point = (/** @type {Event} */ event) => {
      const g = /** @type {Element} */ (event.target).closest("[data-arrow]"), arrow = g ? Number(g.getAttribute("data-arrow")) : -1;
      if (g?.classList.contains("backward")) this._tip(arrow);
      handlers.point(arrow);
    };
    this.element = svg("svg", { viewBox: box, role: "group", "aria-label": label, class: "picture", onpointerover: point,
      onclick: point, onpointerleave: () => handlers.point(-1) });
    const frames = /** @type {number[][]} */ (picture.frames).map((frame) => this._frame(frame));
    /** The arrows, forward and backward, that have been drawn: not those that nobody has seen yet.
     * @type {ReturnType<Picture["_arrow"]>[][]} */
    this.arrows = [[], []];
    this.layers = [svg("g"), svg("g")];
    /** @type {number[][]} */
    this.extents = picture.extents ?? view.arrows.map(({ id }) => extent(picture.arrows[id]));
    this.boxes = view.boxes.map((_, i) => this._box(i));
    /** How much wider than in the layout a box is drawn. */
    this.grown = new Float64Array(view.boxes.length);
    /** Boxes and arrows out of sight, which are not up to date. @type {Set<number>[]} */
    this.stale = [new Set(), new Set()];
    this.element.append(...frames.map((x) => x.rect), ...this.layers, ...this.boxes.map((x) => x.g),
      ...frames.map((x) => x.title));
  }

  /**
   * The frame of an open group; its name closes it.
   * @param {number[]} frame
   */
  _frame([group, further, x, y, w, h]) {
    const { name } = this.view.graph.groups[group], left = x - w / 2 + 6, top = y - h / 2 + 3;
    const act = () => this.handlers.close(group);
    const shown = `− ${name}${further ? " (continued)" : ""}`;
    const title = svg("g", { class: "frame-title", role: "button", tabindex: 0, "data-frame": group,
      "aria-label": `${this.handlers.says.close} ${name}`, onclick: act,
      onkeydown: (/** @type {KeyboardEvent} */ event) => pressed(event, act) },
    svg("rect", { x: left, y: top, width: Math.max(24, width(shown, false) + 8), height: 17, rx: 4 }),
    svg("text", { x: left + 4, y: top + 12.5 }, shown));
    return { rect: svg("rect", { class: "frame", x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 8 }), title };
  }

  /** @param {number} i */
  _box(i) {
    const box = this.view.boxes[i], [x, y, w, h] = this.view.picture.boxes[i];
    const kind = box.input ? "input" : box.output ? "output" : "inner";
    const rect = svg("rect", { x: -w / 2, y: -h / 2, width: w, height: h, rx: 9 });
    const { group } = box;
    // What stands behind a closed group says that there is more.
    const behind = group ? svg("rect", { class: "behind", rx: 9 }) : null;
    const act = () => (group ? this.handlers.open(group.group) : this.handlers.choose(i));
    const g = svg("g", {
      class: `box ${kind}${group ? " group" : ""}`, transform: `translate(${x} ${y})`, tabindex: 0, role: "button",
      "data-box": i, onclick: act, onkeydown: (/** @type {KeyboardEvent} */ event) => pressed(event, act),
    }, behind, rect);
    /** @type {SVGTextElement[]} */
    const texts = [];
    return { g, rect, behind, texts, key: "", w, h };
  }

  /**
   * @param {Arrow} arrow
   * @param {0 | 1} way 0 forward, 1 backward
   */
  _arrow(arrow, way) {
    const line = svg("path", { class: "line" }), head = svg("polygon", { class: "head" });
    // Where many arrows are, there is no room to point beside one.
    const hit = this.view.arrows.length > MANY ? null : svg("path", { class: "hit" });
    const g = svg("g", { class: `arrow ${way ? "backward" : "forward"}`, "data-arrow": arrow.id }, hit, line, head);
    const made = { g, line, head, hit, key: "", state: -1, way,
      /** @type {SVGTextElement | null} */ label: null };
    this._route(made, arrow);
    this.layers[way].append(g);
    return made;
  }

  /**
   * Draw an arrow along its curve; where boxes have grown, its ends give way.
   * @param {{line: SVGPathElement, head: SVGPolygonElement, hit: SVGPathElement | null, way: number}} made
   * @param {Arrow} arrow
   */
  _route(made, arrow) {
    const { picture } = this.view;
    const curve = picture.arrows[arrow.id][made.way];
    /** @type {number[]} */
    const points = [...curve[0]];
    const start = curve[1] ? [...curve[1]] : null, end = curve[2] ? [...curve[2]] : null;
    give(start ?? points, points, 0, picture.boxes[arrow.source], this.grown[arrow.source]);
    give(end ?? points, points, points.length - 2, picture.boxes[arrow.target], this.grown[arrow.target]);
    const d = `M${points.slice(0, 2)}${curve[3] ? "L" : "C"}${points.slice(2)}`;
    made.line.setAttribute("d", d);
    made.hit?.setAttribute("d", d);
    const tip = start ?? end ?? points.slice(-2), base = start ? points.slice(0, 2) : points.slice(-2);
    const [dx, dy] = [tip[0] - base[0], tip[1] - base[1]], length = Math.hypot(dx, dy) || 1;
    const [nx, ny] = [(-dy / length) * HALF, (dx / length) * HALF];
    made.head.setAttribute("points", `${tip} ${base[0] + nx},${base[1] + ny} ${base[0] - nx},${base[1] - ny}`);
  }

  /**
   * Show what has been told, emphasised as asked; boxes and arrows out of sight wait until they are seen.
   * @param {Progress} progress
   * @param {Emphasis} emphasis
   * @param {(() => Sight) | null} look
   */
  update(progress, emphasis, look) {
    this.shown = { progress, emphasis };
    this.stale = [this.view.boxes, this.view.arrows].map((all) => new Set(all.keys()));
    this.catchUp(look);
  }

  /**
   * Bring up to date what is in sight, or everything.
   * @param {(() => Sight) | null} look where is looked at; to ask costs a layout
   */
  catchUp(look) {
    if (!this.shown) return;
    const sight = look && look();
    const { progress, emphasis } = this.shown, [boxes, arrows] = this.stale;
    for (const i of boxes) {
      const [x, y, w, h] = this.view.picture.boxes[i];
      if (!seen([x - w, y - h, x + w, y + h], sight)) continue;
      boxes.delete(i);
      this._updateBox(i, progress, emphasis);
    }
    let fresh = 0;
    for (const i of arrows) {
      if (!seen(this.extents[i], sight)) continue;
      if (sight && !this.arrows[0][i] && ++fresh > AT_ONCE) {
        requestAnimationFrame(() => this.element.isConnected && this.catchUp(look));
        return;
      }
      arrows.delete(i);
      this._updateArrow(this.view.arrows[i], progress, emphasis);
    }
  }

  /**
   * @param {number} i
   * @param {Progress} progress
   * @param {Emphasis} emphasis
   */
  _updateBox(i, progress, emphasis) {
    const made = this.boxes[i], lost = this.view.lost(i), box = this.view.boxes[i];
    const heat = emphasis.heat?.maps(i).length ? emphasis.heat : null;
    const rows = this.view.rows(i).map((row) => row.map((piece) => this._told(i, piece, progress)));
    const titles = rows.findIndex((row) => !row.some(({ kind }) => kind === "name" || kind === "formula"));
    const now = emphasis.telling && !emphasis.bold ? progress.now : undefined;
    const kind = box.input ? "input" : box.output ? "output" : "inner";
    const classes = ["box", kind];
    if (box.group) classes.push("group");
    if (emphasis.bold && !emphasis.bold.boxes.has(i)) classes.push("faded");
    if (emphasis.bold?.boxes.has(i) || now?.box === i) classes.push("strong");
    if (emphasis.selected === i) classes.push("selected");
    if (emphasis.marked.has(i)) classes.push("marked");
    if (progress.started(i) && !progress.finished(i)) classes.push("waiting");
    if (lost.value) classes.push("lost-value");
    if (lost.slope) classes.push("lost-slope");
    if (rows.some((row) => row.some((piece) => piece.kind === "warning" && piece.text))) classes.push("alarming");
    const mark = emphasis.marks?.of(i, Boolean(progress.value[i]), progress.finished(i));
    if (mark) {
      classes.push("framed");
      dress(made.g, mark);
    }
    attribute(made.g, "class", classes.join(" "));
    attribute(made.g, "aria-pressed", String(emphasis.selected === i));
    if (heat) heat.draw(made.g, i, { w: made.w, lines: rows.length, title: titles < 0 ? rows.length : titles },
      [Boolean(progress.value[i]), progress.finished(i)]);
    else made.g.querySelector(".heat")?.remove();
    const key = JSON.stringify([Boolean(heat), rows]);
    if (key === made.key) return;
    made.key = key;
    const said = rows.map((row) => row.map((piece) => piece.text).join("").trim()).filter(Boolean).join(", ");
    attribute(made.g, "aria-label", box.group ? `${this.handlers.says.open} ${said}` : said);
    // Where a map is, figures are left out, but their room is kept.
    this._write(i, heat ? rows.map((row) => row.filter(({ kind }) => kind === "name" || kind === "formula")) : rows);
  }

  /**
   * A piece of a box as far as it has been told.
   * @param {number} i
   * @param {Piece} piece
   * @param {Progress} progress
   * @returns {Piece}
   */
  _told(i, piece, progress) {
    const { kind } = piece;
    if (kind === "value" || kind === "formula" || kind === "name" || kind === "note") {
      return kind === "value" && !progress.value[i] ? { text: "", kind } : piece;
    }
    const gradient = kind === "gradient" || piece.text.startsWith("d") || piece.text.startsWith(".grad");
    if (!gradient) return progress.value[i] ? piece : { text: "", kind };
    if (progress.finished(i)) return piece;
    if (!progress.started(i)) return { text: "", kind };
    const name = this.view.derivativeName(i);
    if (!piece.text.startsWith(name)) return { text: "", kind };
    return { text: this.view.termsOf(i).every((arrow) => this.view.summable(arrow)) ? `${name} = ${this.view.show(progress.sum(i).now)} + …` : `${name} = … + …`, kind };
  }

  /**
   * @param {number} i
   * @param {Piece[][]} rows
   */
  _write(i, rows) {
    const made = this.boxes[i];
    while (made.texts.length > rows.length) made.texts.pop()?.remove();
    rows.forEach((row, k) => {
      if (!made.texts[k]) {
        made.texts[k] = svg("text", { class: "row" });
        made.g.append(made.texts[k]);
      }
      const text = made.texts[k];
      attribute(text, "y", (3.3 + (k - (rows.length - 1) / 2) * LINE).toFixed(2));
      while (text.childNodes.length > row.length) text.lastChild?.remove();
      row.forEach((piece, j) => {
        if (!text.childNodes[j]) text.append(svg("tspan"));
        const span = /** @type {Element} */ (text.childNodes[j]);
        write(span, piece.text);
        attribute(span, "class", piece.kind);
      });
    });
    const w = Math.max(made.w, Math.ceil(widest(rows) + 2 * SIDE)), h = Math.max(made.h, rows.length * LINE + 3);
    for (const [rect, aside] of [[made.rect, 0], [made.behind, 4]]) {
      if (!(rect instanceof Element)) continue;
      const places = { width: w, x: Number(aside) - w / 2, height: h, y: -Number(aside) - h / 2 };
      for (const [name, x] of Object.entries(places)) attribute(rect, name, String(x));
    }
    const grown = (w - made.w) / 2;
    if (grown === this.grown[i]) return;
    this.grown[i] = grown;
    for (const arrow of [...this.view.into[i], ...this.view.outOf[i]]) {
      for (const drawn of this.arrows) if (drawn[arrow.id]) this._route(drawn[arrow.id], arrow);
    }
  }

  /**
   * @param {Arrow} arrow
   * @param {Progress} progress
   * @param {Emphasis} emphasis
   */
  _updateArrow(arrow, progress, emphasis) {
    const drawn = [Boolean(progress.value[arrow.target]), Boolean(progress.arrow[arrow.id])];
    const now = emphasis.telling && !emphasis.bold ? progress.now : undefined;
    const lost = this.view.lost(arrow.target).value;
    this.arrows.forEach((all, way) => {
      if (!drawn[way] && !all[arrow.id]) return;
      const made = (all[arrow.id] ??= this._arrow(arrow, /** @type {0 | 1} */ (way)));
      const told = now?.arrow === arrow.id ? 1 : now?.kind === "value" && now.box === arrow.target ? 0 : -1;
      const bold = emphasis.bold?.arrows.has(arrow.id);
      const state = [!drawn[way], bold === false, (way && bold) || told === way, way && emphasis.lit.has(arrow.id),
        way && lost].reduce((/** @type {number} */ bits, on, k) => (on ? bits | (1 << k) : bits), 0);
      if (state === made.state) return;
      made.state = state;
      const names = STATES.filter((_, k) => state & (1 << k));
      attribute(made.g, "class", ["arrow", way ? "backward" : "forward", ...names].join(" "));
    });
    const place = this.view.picture.labels[arrow.id];
    if (!drawn[1] || !place) return;
    const made = this.arrows[1][arrow.id], lines = this.view.label(arrow);
    const [left, right] = this._grownBeside(arrow);
    const key = [...lines, left, right].join("\n");
    if (key === made.key) return;
    made.key = key;
    if (!made.label) made.g.append((made.label = svg("text", { class: "label" })));
    const [x, y, w] = place;
    this._label(made.label, lines, [x + (left - right) / 2, y, w - left - right]);
  }

  /**
   * What is said of an arrow that is pointed at.
   * @param {number} arrow
   */
  _tip(arrow) {
    const { g } = this.arrows[1][arrow];
    if (g.firstChild?.nodeName !== "title") g.prepend(svg("title"));
    write(/** @type {Node} */ (g.firstChild), this.view.label(this.view.arrows[arrow]).join(" "));
  }

  /**
   * How far the boxes to the left and to the right of an arrow's label reach into its room.
   * @param {Arrow} arrow
   * @returns {[number, number]}
   */
  _grownBeside(arrow) {
    const { boxes, labels } = this.view.picture, place = labels[arrow.id];
    /** @type {[number, number]} */
    const found = [0, 0];
    for (const i of place ? [arrow.source, arrow.target] : []) {
      const [x, , w] = boxes[i];
      if (x + w / 2 <= place[0]) found[0] = this.grown[i];
      if (x - w / 2 >= place[0]) found[1] = this.grown[i];
    }
    return found;
  }

  /**
   * @param {SVGTextElement} text
   * @param {string[]} lines
   * @param {number[]} place
   */
  _label(text, lines, [x, y, w]) {
    while (text.childNodes.length > lines.length) text.lastChild?.remove();
    lines.forEach((line, k) => {
      if (!text.childNodes[k]) text.append(svg("tspan"));
      const span = /** @type {SVGTSpanElement} */ (text.childNodes[k]);
      write(span, line);
      attribute(span, "class", line.includes("⚠") ? "warning" : null);
      attribute(span, "x", String(x));
      attribute(span, "y", (y + 4 + (k - (lines.length - 1) / 2) * LINE).toFixed(1));
      const natural = width(line, false);
      const squeezed = natural > w ? Math.max(w, natural * SQUEEZED) : 0;
      attribute(span, "textLength", squeezed ? squeezed.toFixed(1) : null);
      attribute(span, "lengthAdjust", squeezed ? "spacingAndGlyphs" : null);
    });
  }
}

/**
 * The least and the largest coordinates of an arrow, forward and backward.
 * @param {any[][]} ways
 */
function extent(ways) {
  const found = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [curve] of ways) {
    for (let k = 0; k < curve.length; k++) {
      found[k % 2] = Math.min(found[k % 2], curve[k]);
      found[2 + (k % 2)] = Math.max(found[2 + (k % 2)], curve[k]);
    }
  }
  return found;
}

/**
 * @param {number[]} extent
 * @param {Sight | null} sight
 */
function seen([left, top, right, bottom], sight) {
  return !sight || (right > sight.left && left < sight.right && bottom > sight.top && top < sight.bottom);
}

/**
 * @param {KeyboardEvent} event
 * @param {() => void} act
 */
export function pressed(event, act) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  act();
}

/**
 * Move the end of a curve sideways, where it meets a box that is drawn wider than it was laid out.
 * @param {number[]} tip
 * @param {number[]} points
 * @param {number} at where the end's coordinates begin in `points`
 * @param {number[]} box
 * @param {number} by
 */
function give(tip, points, at, box, by) {
  if (!by) return;
  const end = tip === points ? at : 0;
  const side = tip[end] - box[0];
  if (Math.abs(side) < box[2] / 2 - 4) return;
  const shift = Math.sign(side) * by;
  if (tip !== points) tip[0] += shift;
  points[at] += shift;
  const next = at ? at - 2 : at + 2;
  if (points.length > 4) points[next] += shift;
}

