/**
 * What is drawn of a graph: a box for each node, or for a group of them; an arrow for each edge, or for several.
 */
import { wrapped } from "./typeset.js";
import { numberOf } from "./graph.js";

/** @typedef {import("./graph.js").Graph} Graph */
/** @typedef {import("./graph.js").Edge} Edge */
/** @typedef {{id: number, node: number, name: string, title: string, bold: string, input: boolean, output: boolean,
 *   group: {note: string, gives: string, told: any[], nodes: number[]} | null}} Box */
/** @typedef {{id: number, source: number, target: number, name: string, formula: string | null, edge: Edge | null,
 *   fixed: number, contribution: string | undefined, lines: string[] | undefined}} Arrow */
/** @typedef {{text: string, kind: "name" | "formula" | "value" | "gradient" | "warning" | "note"}} Piece */

/** Shorter names of inputs share their line with the value. */
const ONE_LINE = 34;

export class View {
  /** @param {Graph} graph */
  constructor(graph) {
    this.graph = graph;
    const { picture, nodes } = graph.data;
    this.picture = picture;
    /** @type {Box[]} */
    this.boxes = (picture.stands ?? graph.names.map((_, i) => i)).map(
      (/** @type {any} */ x, /** @type {number} */ id) => (typeof x === "number" ? this._box(id, x) : this._group(id, x)));
    /** @type {Arrow[]} */
    this.arrows = picture.ways
      ? picture.ways.map((/** @type {any[]} */ way, /** @type {number} */ id) => this._way(id, way))
      : graph.edges.map((edge) => this._arrow(edge.id, edge.source, edge.target, edge));
    /** The box of each node: its own, or its group's. */
    this.boxOf = new Int32Array(graph.size).fill(-1);
    for (const box of this.boxes) {
      for (const node of box.group?.nodes ?? [box.node]) this.boxOf[node] = box.id;
    }
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
    for (const arrow of this.arrows) if (arrow.edge) this.arrowOf.set(arrow.edge.id, arrow.id);
  }

  /**
   * @param {number} id
   * @param {number} node
   * @returns {Box}
   */
  _box(id, node) {
    const { nodes } = this.graph.data, formula = nodes.formula[node];
    const bold = node in nodes.group ? nodes.short[node] ?? nodes.name[node] : nodes.name[node];
    const title = formula ? `${bold} = ${formula}` : bold;
    return { id, node, name: nodes.name[node], title, bold, input: nodes.kind[node] === "i",
      output: nodes.kind[node] === "o", group: null };
  }

  /**
   * @param {number} id
   * @param {any} x
   * @returns {Box}
   */
  _group(id, x) {
    const output = this.graph.roots.some((root) => x.nodes.includes(root));
    return { id, node: x.result ?? -1, name: x.name, title: x.short, bold: x.short, input: false, output,
      group: { note: x.note, gives: x.gives, told: x.told, nodes: x.nodes } };
  }

  /**
   * @param {number} id
   * @param {any[]} way
   * @returns {Arrow}
   */
  _way(id, [source, target, x]) {
    if (typeof x === "number") return this._arrow(id, source, target, this.graph.edges[x]);
    return { id, source, target, name: x.name, formula: null, edge: null, fixed: numberOf(x.value),
      contribution: undefined, lines: this.picture.lines?.[id] };
  }

  /**
   * @param {number} id
   * @param {number} source
   * @param {number} target
   * @param {Edge} edge
   * @returns {Arrow}
   */
  _arrow(id, source, target, edge) {
    return { id, source, target, name: edge.name, formula: edge.formula, edge, fixed: NaN,
      contribution: edge.contribution, lines: this.picture.lines?.[id] };
  }

  /** @param {number} x */
  show(x) {
    return this.graph.show(x);
  }

  /** @param {Box} box */
  valueText(box) {
    return box.node >= 0 ? this.graph.valueText(box.node) : box.group?.told[2] ?? "";
  }

  /** @param {number} i */
  told(i) {
    const box = this.boxes[i];
    return box.node >= 0 && !box.group ? this.graph.told(box.node) : `${box.name} = ${this.valueText(box)}`;
  }

  /** @param {number} i */
  derivativeName(i) {
    const box = this.boxes[i];
    return box.node >= 0 ? this.graph.derivativeName(box.node)
      : (box.group?.told[1][0] ?? "").split(/ = |: /)[0] || `d${this.graph.data.of}/d(${box.name})`;
  }

  /** @param {number} i */
  slope(i) {
    const { node } = this.boxes[i];
    return node >= 0 ? this.graph.slopes[node] : NaN;
  }

  /** @param {Arrow} arrow */
  local(arrow) {
    return arrow.edge ? this.graph.local(arrow.edge) : this.graph.changed ? NaN : arrow.fixed;
  }

  /**
   * Whether an arrow carries a number that adds to a sum.
   * @param {Arrow} arrow
   */
  summable(arrow) {
    if (!this.graph.scalar || this.boxes[arrow.source].node < 0 || this.boxes[arrow.target].node < 0) return false;
    return arrow.edge !== null || Number.isFinite(this.local(arrow));
  }

  /** @param {Arrow} arrow */
  term(arrow) {
    return arrow.edge ? this.graph.term(arrow.edge) : this.slope(arrow.target) * this.local(arrow);
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
    const { node } = this.boxes[i];
    if (node < 0) return { value: this.graph.changed, slope: this.graph.changed };
    return { value: Boolean(this.graph.lost[node]), slope: Boolean(this.graph.lostSlope[node] || this.graph.lost[node]) };
  }

  /**
   * The lines in a box, as in the still picture: name and formula, value, gradient, remark.
   * @param {number} i
   * @returns {Piece[][]}
   */
  rows(i) {
    const box = this.boxes[i], { graph } = this;
    const titles = wrapped(box.title);
    const values = this._valueLines(box);
    /** @type {Piece[][]} */
    let rows;
    if (box.input && values.length === 1 && titles.length === 1 && titles[0].length + values[0].length < ONE_LINE) {
      rows = [[{ text: titles[0], kind: "name" }, { text: " = ", kind: "formula" }, valuePiece(values[0])]];
    } else {
      rows = titles.map((text, k) => (k ? [{ text, kind: "formula" }] : titled(text, box)));
      if (box.group) {
        rows.push([{ text: box.group.note, kind: "note" }]);
        if (values.length === 1) values[0] = `${box.group.gives} = ${values[0]}`;
      }
      rows.push(...values.map((text) => [valuePiece(text)]));
    }
    for (const line of this._gradientLines(box)) {
      rows.push(...wrapped(line).map((text) => [/** @type {Piece} */ ({ text, kind: warned(text, "gradient") })]));
    }
    const remark = box.node >= 0 ? graph.remark(box.node) : "";
    if (remark) rows.push(...wrapped(`⚠ ${remark}`).map((text) => [/** @type {Piece} */ ({ text, kind: "warning" })]));
    return rows;
  }

  /**
   * @param {Box} box
   * @returns {string[]}
   */
  _valueLines(box) {
    if (!this.graph.scalar) return [...(box.group?.told[0] ?? this.graph.data.nodes.told[box.node][0])];
    if (box.node < 0) return [...(box.group?.told[0] ?? [])];
    const text = this.graph.valueText(box.node);
    return [/nan|inf/.test(text) ? `⚠ ${text}` : text];
  }

  /**
   * @param {Box} box
   * @returns {string[]}
   */
  _gradientLines(box) {
    if (!this.graph.scalar) return box.group?.told[1] ?? this.graph.data.nodes.told[box.node][1];
    if (box.node < 0) return box.group?.told[1] ?? [];
    const text = this.show(this.graph.slopes[box.node]);
    const line = `${this.graph.derivativeName(box.node)} = ${/nan|inf/.test(text) ? "⚠ " : ""}${text}`;
    return [line, ...(this.graph.data.nodes.grad[box.node] ?? [])];
  }

  /**
   * What stands on a backward arrow: the local derivative in its parts, broken where it is long.
   * @param {Arrow} arrow
   * @returns {string[]}
   */
  label(arrow) {
    if (arrow.lines) return arrow.lines;
    const known = this.graph.scalar && (arrow.edge ? this.graph.hasLocal(arrow.edge) : !Number.isNaN(this.local(arrow)));
    const number = known ? this.show(this.local(arrow)) : null;
    const parts = [arrow.name];
    if (arrow.formula !== null && (number === null || !isNumber(arrow.formula))) parts.push(arrow.formula);
    if (number !== null) parts.push(number);
    const oneLine = this.picture.unbroken.includes(arrow.id) ? 60 : this.picture.oneLine;
    const lines = parts.slice(0, 1);
    for (const part of parts.slice(1)) {
      const last = lines.length - 1;
      if (lines[last].length + part.length + 3 <= oneLine) lines[last] += ` = ${part}`;
      else lines.push(`= ${part}`);
    }
    const broken = lines.flatMap((line) => wrapped(line, Math.max(26, oneLine)));
    const remark = arrow.edge ? this.graph.remark(arrow.edge.target) : "";
    return remark ? [...broken, `⚠ ${remark}`] : broken;
  }
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

