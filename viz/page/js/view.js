/**
 * What is drawn of a graph: a box for each node, or for a closed group of them; an arrow for each edge, or for several.
 */
import { counted, told } from "./figures.js";
import { folded } from "./fold.js";
import { wrapped } from "./typeset.js";

/** @typedef {import("./graph.js").Graph} Graph */
/** @typedef {import("./graph.js").Edge} Edge */
/** @typedef {import("./fold.js").Closed} Closed */
/** @typedef {{id: number, node: number, name: string, title: string, bold: string, input: boolean, output: boolean,
 *   group: Closed | null, note: string, gives: string}} Box `node` is the one that a group gives, −1 of several */
/** @typedef {{id: number, source: number, target: number, name: string, formula: string | null, edge: Edge | null,
 *   edges: Edge[]}} Arrow `edge` is what it is, if it is one edge alone */
/** @typedef {{text: string, kind: "name" | "formula" | "value" | "gradient" | "warning" | "note"}} Piece */
/** @typedef {{label: number, frame: number, joined: boolean}} Lines how long lines may be: see viz/dot.py */

/** Shorter names of inputs share their line with the value; where the layout has it so, so do other names. */
const JOINED = 34, TITLE = 20;
/** What is in a group of so few operations is told in full. */
const TOLD = 2;
/** Labels that have room to the side. */
const UNBROKEN = 60;
/** How texts are broken where the page finds the places. */
const USUAL = { label: 26, frame: 36, joined: false };

export class View {
  /**
   * @param {Graph} graph
   * @param {Set<number>} open the groups that are open
   * @param {any} picture the layout, if there is one already: see viz/page/places.py
   */
  constructor(graph, open = new Set(), picture = null) {
    this.graph = graph;
    this.open = open;
    this.picture = picture;
    const [label, frame, joined] = picture?.lines ?? [];
    /** @type {Lines} */
    this.lines = picture?.lines ? { label, frame, joined } : USUAL;
    const { boxes, boxOf, around, arrows } = folded(graph, open);
    /** The box of each node: its own, or its group's. */
    this.boxOf = boxOf;
    /** The innermost open group around each box. */
    this.around = around;
    /** @type {Box[]} */
    this.boxes = boxes.map(({ node, closed }, id) => (closed ? this._group(id, node, closed) : this._box(id, node)));
    /** @type {Arrow[]} */
    this.arrows = arrows.map(({ source, target, edges, merged }, id) => ({ id, source, target, edges,
      name: merged ? this._partial(source, target) : edges[0].name, formula: merged ? null : edges[0].formula,
      edge: merged ? null : edges[0] }));
    this.roots = [...new Set(graph.roots.map((root) => this.boxOf[root]))];
    /** @type {Arrow[][]} */
    this.into = this.boxes.map(() => []);
    /** @type {Arrow[][]} */
    this.outOf = this.boxes.map(() => []);
    for (const arrow of this.arrows) {
      this.into[arrow.target].push(arrow);
      this.outOf[arrow.source].push(arrow);
    }
    /** The arrow of each edge that has one. @type {Map<number, number>} */
    this.arrowOf = new Map();
    for (const arrow of this.arrows) for (const edge of arrow.edges) this.arrowOf.set(edge.id, arrow.id);
    /** d(result)/d(source) through groups: arrow by arrow, as of an update of the graph. */
    this.factors = { version: -1, of: new Float64Array(0) };
    /** What stands in each box, as of an update of the graph: layout and picture both ask. */
    this.written = { version: -1, rows: /** @type {Piece[][][]} */ ([]) };
  }

  /**
   * @param {number} id
   * @param {number} node
   * @returns {Box}
   */
  _box(id, node) {
    const { nodes } = this.graph.data, formula = this.graph.formula(node), name = this.graph.names[node];
    const bold = nodes.short[node] ?? name;
    const title = formula ? `${bold} = ${formula}` : bold;
    return { id, node, name, title, bold, input: nodes.kind[node] === "i", output: nodes.kind[node] === "o", group: null,
      note: "", gives: "" };
  }

  /**
   * @param {number} id
   * @param {number} node
   * @param {Closed} closed
   * @returns {Box}
   */
  _group(id, node, closed) {
    const { graph } = this, { name, parent, parameters, operations } = graph.groups[closed.group];
    const path = [name];
    for (let k = parent; k >= 0; k = graph.groups[k].parent) if (!name.includes(" … ")) path.unshift(graph.groups[k].name);
    /** @param {number} n @param {string} what */
    const count = (n, what) => (n ? [`${counted(n)} ${what}${n > 1 ? "s" : ""}`] : []);
    const input = !operations;
    return { id, node, name: path.join(", "), title: name, bold: name, input, group: closed,
      output: graph.roots.some((root) => closed.members.includes(root)),
      note: [...count(parameters, input ? "number" : "parameter"), ...count(operations, "operation")].join(", "),
      gives: node >= 0 ? graph.names[node] : `${closed.results.length} results` };
  }

  /**
   * ∂(layer 1)/∂x of an arrow that stands for several edges.
   * @param {number} source
   * @param {number} target
   */
  _partial(source, target) {
    const [above, below] = [target, source].map((i) => {
      const { node, title } = this.boxes[i];
      return node >= 0 ? this.graph.atoms[node] : `(${title})`;
    });
    return `∂${above}/∂${below}`;
  }

  /** @param {number} x */
  show(x) {
    return this.graph.show(x);
  }

  /** @param {Box} box */
  valueText(box) {
    return box.node >= 0 ? this.graph.valueText(box.node) : this._figures(box, this.graph.values).join(", ");
  }

  /** @param {number} i */
  told(i) {
    const box = this.boxes[i];
    const made = box.group?.members.filter((k) => this.graph.into[k].length) ?? [];
    // Of a neuron, its sum and its activation.
    if (made.length && made.length <= TOLD && box.node >= 0) return made.map((k) => this.graph.told(k)).join(", ");
    return box.node >= 0 && !box.group ? this.graph.told(box.node) : `${box.name} = ${this.valueText(box)}`;
  }

  /** @param {number} i */
  derivativeName(i) {
    const box = this.boxes[i];
    return box.node >= 0 ? this.graph.derivativeName(box.node) : `d${this.graph.data.of}/d(${box.title})`;
  }

  /** @param {number} i */
  slope(i) {
    const { node } = this.boxes[i];
    return node >= 0 ? this.graph.slopes[node] : NaN;
  }

  /** @param {Arrow} arrow */
  local(arrow) {
    if (arrow.edge) return this.graph.local(arrow.edge);
    if (!this.single(arrow)) return NaN;
    if (this.factors.version !== this.graph.version) this._multiply();
    return this.factors.of[arrow.id];
  }

  /** Whether both ends of an arrow are one number each. @param {Arrow} arrow */
  single(arrow) {
    return this.graph.scalar && this.boxes[arrow.source].node >= 0 && this.boxes[arrow.target].node >= 0;
  }

  /** The derivatives of what groups give by what comes in. */
  _multiply() {
    const { graph } = this, of = new Float64Array(this.arrows.length);
    for (const { id, node, group } of this.boxes) {
      const arrows = group && node >= 0 ? this.into[id].filter((arrow) => this.boxes[arrow.source].node >= 0) : [];
      if (!group || !arrows.length) continue;
      const found = graph.through(group.members, node, arrows.map((arrow) => this.boxes[arrow.source].node));
      arrows.forEach((arrow, k) => {
        of[arrow.id] = found[k];
      });
    }
    this.factors = { version: graph.version, of };
  }

  /**
   * Whether what an arrow adds to the derivative of its source is one number.
   * @param {Arrow} arrow
   */
  summable(arrow) {
    return this.graph.scalar && this.boxes[arrow.source].node >= 0;
  }

  /** What an arrow adds to the derivative of its source, if that is one number. @param {Arrow} arrow */
  term(arrow) {
    return arrow.edges.reduce((sum, edge) => sum + this.graph.term(edge), 0);
  }

  /**
   * The weight that stands on an arrow into a closed neuron; −1 where there is none.
   * @param {Arrow} arrow
   */
  weight({ source, target }) {
    const { graph, boxes } = this;
    for (const i of boxes[target].group?.members ?? []) {
      const args = graph.ruleName(i) === "dot" ? graph.operands[i] : null;
      const half = args ? (args.length - 1) / 2 : 0;
      const k = args ? args.subarray(half, 2 * half).indexOf(boxes[source].node) : -1;
      if (args && k >= 0 && args[k] < graph.size) return args[k];
    }
    return -1;
  }

  /**
   * The arrows that add to a box's derivative, in the order in which they do.
   * @param {number} i
   */
  termsOf(i) {
    return [...this.outOf[i]].sort((p, q) => q.target - p.target || p.id - q.id);
  }

  /**
   * Whether what the page shows of a node may be no longer true, since it cannot compute it.
   * @param {number} i
   */
  lost(i) {
    const { node, group } = this.boxes[i], { lost, lostSlope } = this.graph;
    /** @param {Uint8Array} which */
    const any = (which) => (node >= 0 ? Boolean(which[node]) : Boolean(group?.results.some((k) => which[k])));
    return { value: any(lost), slope: any(lost) || any(lostSlope) };
  }

  /**
   * The lines in a box, as in the still picture: name and formula, value, gradient, remark.
   * @param {number} i
   * @returns {Piece[][]}
   */
  rows(i) {
    if (this.written.version !== this.graph.version) this.written = { version: this.graph.version, rows: [] };
    return (this.written.rows[i] ??= this._rows(i));
  }

  /**
   * @param {number} i
   * @returns {Piece[][]}
   */
  _rows(i) {
    const box = this.boxes[i], { graph } = this, { frame } = this.lines;
    const titles = wrapped(box.title, Math.max(frame, TITLE));
    const values = this._valueLines(box);
    const room = box.input ? JOINED : this.lines.joined ? TITLE : 0;
    /** @type {Piece[][]} */
    let rows;
    if (titles.length === 1 && values.length === 1 && !box.group && titles[0].length + values[0].length < room) {
      rows = [[...titled(titles[0], box), { text: " = ", kind: "formula" }, valuePiece(values[0])]];
    } else {
      rows = titles.map((text, k) => (k ? [{ text, kind: "formula" }] : titled(text, box)));
      if (box.note) rows.push(...lined(box.note, ", ", frame).map((text) => [/** @type {Piece} */ ({ text, kind: "note" })]));
      if (box.group && values.length === 1 && !box.input) values[0] = `${box.gives} = ${values[0]}`;
      for (const line of values) {
        const kind = warned(line, "value");
        rows.push(...lined(line, " = ", frame).map((text) => [/** @type {Piece} */ ({ text, kind })]));
      }
    }
    for (const line of this._gradientLines(box)) {
      const kind = warned(line, "gradient");
      rows.push(...lined(line, " = ", frame).map((text) => [/** @type {Piece} */ ({ text, kind })]));
    }
    const remark = box.node >= 0 ? graph.remark(box.node) : "";
    if (remark) rows.push(...wrapped(`⚠ ${remark}`, frame).map((text) => [/** @type {Piece} */ ({ text, kind: "warning" })]));
    return rows;
  }

  /**
   * What is in the results of a group of several.
   * @param {Box} box
   * @param {Float64Array} numbers
   * @returns {string[]}
   */
  _figures(box, numbers) {
    const results = box.group?.results ?? [];
    return this.graph.scalar ? told(results.map((k) => numbers[k]), this.graph.format) : [];
  }

  /**
   * @param {Box} box
   * @returns {string[]}
   */
  _valueLines(box) {
    if (box.node < 0) return box.input ? this._figures(box, this.graph.values) : [box.gives, ...this._figures(box, this.graph.values)];
    if (!this.graph.scalar) return [...this.graph.figures(box.node)[0]];
    const text = this.graph.valueText(box.node);
    return [(/nan|inf/.test(text) ? `⚠ ${text}` : text) + this._was(box.node, 0)];
  }

  /**
   * What a value (0) or derivative (1) was in the recording that this one is compared with, if that is something else.
   * @param {number} i
   * @param {number} which
   */
  _was(i, which) {
    const was = this.graph.data.nodes.was[i]?.[which];
    return was ? ` (was ${was})` : "";
  }

  /**
   * @param {Box} box
   * @returns {string[]}
   */
  _gradientLines(box) {
    if (box.node < 0) {
      const figures = this._figures(box, this.graph.slopes);
      return figures.length ? [`${this.derivativeName(box.id)}: ${figures[0]}`, ...figures.slice(1)] : [];
    }
    if (!this.graph.scalar) return this.graph.figures(box.node)[1];
    const text = this.show(this.graph.slopes[box.node]);
    const line = `${this.graph.derivativeName(box.node)} = ${/nan|inf/.test(text) ? "⚠ " : ""}${text}${this._was(box.node, 1)}`;
    return [line, ...(this.graph.data.nodes.grad[box.node] ?? [])];
  }

  /**
   * What stands on a backward arrow: the local derivative in its parts, broken where it is long; between arrays and
   * groups, what it adds to the gradient.
   * @param {Arrow} arrow
   * @returns {string[]}
   */
  label(arrow) {
    const longest = this.picture?.unbroken?.includes(arrow.id) ? UNBROKEN : this.lines.label;
    const parts = this._parts(arrow), lines = parts.slice(0, 1);
    for (const part of parts.slice(1)) {
      const last = lines.length - 1;
      if (lines[last].length + part.length + 3 <= longest) lines[last] += ` = ${part}`;
      else lines.push(`= ${part}`);
    }
    const broken = lines.flatMap((line) => wrapped(line, Math.max(26, longest)));
    const remark = arrow.edge ? this.graph.remark(arrow.edge.target) : "";
    return remark ? [...broken, `⚠ ${remark}`] : broken;
  }

  /** @param {Arrow} arrow */
  _parts(arrow) {
    const { edge, edges } = arrow;
    const more = this.outOf[arrow.source].length > 1 ? "… + " : "";
    if (edge?.contribution !== undefined) return [this.derivativeName(arrow.source), more + edge.contribution];
    if (!edge && !this.single(arrow)) {
      if (!this.graph.scalar || edges.some(({ target }) => this.graph.lost[target])) return [arrow.name];
      if (this.boxes[arrow.source].node < 0) return [arrow.name];
      return [this.derivativeName(arrow.source), more + this.show(this.term(arrow))];
    }
    const known = this.graph.scalar && edges.every((one) => this.graph.hasLocal(one)) || (edge && !this.graph.scalar && !this.graph.changed && Number.isFinite(this.local(arrow)));
    const number = known ? this.show(this.local(arrow)) : null;
    const parts = [arrow.name];
    if (arrow.formula !== null && (number === null || !isNumber(arrow.formula))) parts.push(arrow.formula);
    if (number !== null) parts.push(number);
    return parts;
  }
}

/**
 * Broken where it is long: at this sign, if there is one.
 * @param {string} text
 * @param {string} at
 * @param {number} width
 */
function lined(text, at, width) {
  const found = text.indexOf(at);
  if (found < 0 || [...text].length <= width) return wrapped(text, width);
  const cut = found + (at.startsWith(" ") ? 0 : at.trimEnd().length);
  return [text.slice(0, cut), text.slice(cut).trimStart()].flatMap((part) => wrapped(part, width));
}

/** @param {string} text */
function isNumber(text) {
  const plain = text.replaceAll("−", "-").replace("∞", "Infinity").replace(/^[()]+|[()]+$/g, "");
  return plain !== "" && (!Number.isNaN(Number(plain)) || plain === "nan");
}

/**
 * @param {string} text
 * @param {Piece["kind"]} kind
 * @returns {Piece["kind"]}
 */
const warned = (text, kind) => (text.includes("⚠") ? "warning" : kind);

/**
 * @param {string} text
 * @returns {Piece}
 */
const valuePiece = (text) => ({ text, kind: warned(text, "value") });

/**
 * The first line of a box: its name stands out.
 * @param {string} text
 * @param {Box} box
 * @returns {Piece[]}
 */
function titled(text, box) {
  if (!text.startsWith(`${box.bold} =`)) return [{ text, kind: text === box.title ? "name" : "formula" }];
  return [{ text: box.bold, kind: "name" }, { text: text.slice(box.bold.length), kind: "formula" }];
}

