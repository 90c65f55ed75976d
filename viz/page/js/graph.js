/**
 * The recorded graph, and what the page computes of it: values forward, derivatives backward, whenever an input changes.
 */
import { written } from "./typeset.js";
import { show } from "./formatting.js";

/** @typedef {import("./typeset.js").Notation} Notation */
/** @typedef {{arity: number, f: Function, d: any, kink?: Function} | null} Functions */
/** @typedef {{id: number, source: number, target: number, name: string, formula: string | null, factor: string | null,
 *   contribution: string | undefined, position: number}} Edge */

/** @typedef {{name: string, parent: number, parameters: number, operations: number}} Group */

/** Of more operands an operation is not written out with its numbers. */
const MANY = 24;
/** How far beside a kink its two slopes are looked at, relatively. */
const BESIDE = 1e-9;

/** @param {unknown} x a number of the data */
export function numberOf(x) {
  return x === "inf" ? Infinity : x === "-inf" ? -Infinity : x === null || x === "nan" ? NaN : Number(x);
}

export class Graph {
  /**
   * @param {any} data what Python wrote: see viz/page/columns.py
   * @param {Functions[]} functions of data.rules, in their order
   */
  constructor(data, functions) {
    this.data = data;
    /** The numbers behind arrays, where the page has them. @type {import("./numbers.js").Numbers | null} */
    this.numbers = null;
    this.functions = functions;
    this.format = String(data.format);
    /** Whether everything is one number, so that the page does the sums. */
    this.scalar = Boolean(data.scalar);
    const { nodes, edges } = data;
    this.size = nodes.name.length;
    let counted = 0;
    /** @type {string[]} */
    this.names = nodes.name.map((/** @type {string | 0} */ name) => (name === 0 ? `v${++counted}` : name));
    /** @type {Group[]} */
    this.groups = data.groups.map((/** @type {any[]} */ [name, parent, parameters, operations]) =>
      ({ name, parent, parameters, operations }));
    /** The innermost group around each node; −1 for none. */
    this.groupOf = Int32Array.from(this.names, (_, i) => nodes.group[i] ?? -1);
    /** @type {string[]} */
    this.atoms = this.names.map((name, i) => nodes.atom[i] ?? name);
    /** @type {number[]} */
    this.roots = data.roots;
    this.inputs = this._where((i) => nodes.kind[i] === "i");
    /** What users may change. */
    this.knobs = this.scalar ? this.inputs : [];
    /** @type {Edge[]} */
    this.edges = [];
    for (let target = 0; target < this.size; target++) {
      const args = nodes.args[target], into = edges.into[target] ?? [];
      if (args) {
        args.forEach((/** @type {number | string} */ x, /** @type {number} */ position) => {
          if (typeof x === "number") this.edges.push(this._edge(x, target, position));
        });
      }
      for (let k = 0; k < into.length; k += 2) this.edges.push(this._edge(into[k], target, into[k + 1]));
    }
    /** @type {Edge[][]} */
    this.into = Array.from({ length: this.size }, () => []);
    /** @type {Edge[][]} */
    this.outOf = Array.from({ length: this.size }, () => []);
    for (const edge of this.edges) {
      this.into[edge.target].push(edge);
      this.outOf[edge.source].push(edge);
    }
    // Operands of all nodes in one array: nodes by their number, constants behind them.
    /** @type {number[]} */
    const constants = [];
    /** @type {(Int32Array | null)[]} */
    this.operands = nodes.args.map((/** @type {(number | string)[] | null} */ args) => args && Int32Array.from(
      args, (x) => (typeof x === "number" ? x : this.size + constants.push(numberOf(x)) - 1)));
    /** The operations that the page can compute. @type {Functions[]} */
    this.rules = nodes.rule.map((/** @type {number} */ k, /** @type {number} */ i) =>
      (k >= 0 && this.operands[i] ? this.functions[k] : null));
    this.recorded = Float64Array.from([...nodes.value.map(numberOf), ...constants]);
    this.recordedSlope = this.edges.map((edge) => numberOf(edges.value[edge.id] ?? null));
    this.values = this.recorded.slice();
    this.slopes = new Float64Array(this.recorded.length);
    /** Derivatives of something else than the roots: all zero but while they are computed. */
    this.inner = new Float64Array(this.recorded.length);
    /** What the page can no longer know, since an operation without JavaScript would have to be done again. */
    this.lost = new Uint8Array(this.size);
    this.lostSlope = new Uint8Array(this.size);
    /** Whether any input differs from what was recorded, as of the last update. */
    this.moved = false;
    /** Counts the updates. */
    this.version = 0;
    this.reset();
  }

  /** @param {(i: number) => boolean} wanted */
  _where(wanted) {
    return Array.from({ length: this.size }, (_, i) => i).filter(wanted);
  }

  /**
   * @param {number} source
   * @param {number} target
   * @param {number} position
   * @returns {Edge}
   */
  _edge(source, target, position) {
    const { edges } = this.data, i = this.edges.length;
    const formula = edges.formula[i] ?? null;
    const factor = i in edges.factor ? edges.factor[i] : formula;
    const name = edges.name[i] ?? `∂${this.atoms[target]}/∂${this.atoms[source]}`;
    return { id: i, source, target, name, formula, factor, contribution: edges.contribution[i], position };
  }

  reset() {
    this.values.set(this.recorded);
    this.update();
  }

  /** Whether any input differs from what was recorded. @returns {boolean} */
  get changed() {
    return this.numbers ? this.numbers.sums.changed : this.moved;
  }

  /**
   * @param {number} input
   * @param {number} value
   */
  set(input, value) {
    this.values[input] = value;
  }

  /** Both passes. */
  update() {
    this.version++;
    if (!this.scalar) return;
    this.forward();
    this.backward();
  }

  forward() {
    const { values, operands, rules, recorded, lost } = this;
    const moved = new Uint8Array(this.size);
    for (const i of this.knobs) moved[i] = Object.is(values[i], recorded[i]) ? 0 : 1;
    this.moved = moved.includes(1);
    for (let i = 0; i < this.size; i++) {
      lost[i] = 0;
      const rule = rules[i], args = operands[i];
      if (rule && args) {
        let touched = 0, unknown = 0;
        for (const x of args) {
          if (x < this.size) {
            touched |= moved[x];
            unknown |= lost[x];
          }
        }
        moved[i] = touched;
        lost[i] = unknown;
        // What nothing has touched keeps what Python computed.
        values[i] = touched ? value(rule, args, values) : recorded[i];
      } else if (this.into[i].length) {
        moved[i] = lost[i] = this.into[i].some((edge) => moved[edge.source] || lost[edge.source]) ? 1 : 0;
      }
    }
  }

  backward() {
    const { values, slopes, operands, rules, lost, lostSlope } = this;
    slopes.fill(0);
    lostSlope.fill(0);
    for (const root of this.roots) slopes[root] = 1;
    for (let i = this.size - 1; i >= 0; i--) {
      const rule = rules[i], args = operands[i], g = slopes[i];
      const unknown = lost[i] | lostSlope[i];
      if (rule && args) {
        pull(rule, args, values, g, values[i], slopes, this.size);
        if (unknown) for (const x of args) if (x < this.size) lostSlope[x] = 1;
      } else {
        for (const edge of this.into[i]) {
          slopes[edge.source] += g * this.recordedSlope[edge.id];
          if (unknown) lostSlope[edge.source] = 1;
        }
      }
    }
  }

  /**
   * ∂target/∂source of an edge; NaN where it is not one number.
   * @param {Edge} edge
   * @returns {number}
   */
  local(edge) {
    const rule = this.rules[edge.target], args = this.operands[edge.target];
    if (!this.scalar || !rule || !args) return this.recordedSlope[edge.id];
    return cotangent(rule, args, this.values, 1, this.values[edge.target], edge.position);
  }

  /**
   * Whether a local derivative is known as a number.
   * @param {Edge} edge
   */
  hasLocal(edge) {
    return this.scalar && !this.lost[edge.target];
  }

  /**
   * What an edge adds to the derivative of its source.
   * @param {Edge} edge
   */
  term(edge) {
    const rule = this.rules[edge.target], args = this.operands[edge.target], g = this.slopes[edge.target];
    if (!rule || !args) return g * this.recordedSlope[edge.id];
    return cotangent(rule, args, this.values, g, this.values[edge.target], edge.position);
  }

  /**
   * d(result)/d(source) along all ways through these nodes alone.
   * @param {number[]} members oldest first, each of which the page can compute
   * @param {number} result
   * @param {number[]} sources
   */
  through(members, result, sources) {
    const { values, rules, operands, inner: slopes } = this;
    slopes[result] = 1;
    for (let k = members.length - 1; k >= 0; k--) {
      const i = members[k], rule = rules[i], args = operands[i];
      if (rule && args && slopes[i]) pull(rule, args, values, slopes[i], values[i], slopes, this.size);
      else for (const edge of rule ? [] : this.into[i]) slopes[edge.source] += slopes[i] * this.recordedSlope[edge.id];
    }
    const found = sources.map((i) => slopes[i]);
    for (const i of members) {
      slopes[i] = 0;
      for (const edge of this.into[i]) slopes[edge.source] = 0;
    }
    return found;
  }

  /**
   * `b·c`: how a node was made, in names; nothing of an input.
   * @param {number} i
   * @returns {string | null}
   */
  formula(i) {
    const given = this.data.nodes.formula[i];
    if (given) return given;
    const args = this.operands[i], notation = this.data.rules[this.data.nodes.rule[i]]?.notation;
    if (!args || !notation || args.length > MANY) return null;
    return written(notation, Array.from(args, (x) => (x < this.size ? this.names[x] : show(this.values[x], ".4g"))));
  }

  /** @param {number} i */
  derivativeName(i) {
    return this.data.nodes.derivative[i] ?? `d${this.data.of}/d${this.atoms[i]}`;
  }

  /** @param {number} x */
  show(x) {
    return show(x, this.format);
  }

  /** @param {number} i */
  ruleName(i) {
    const k = this.data.nodes.rule[i];
    return k < 0 ? "" : String(this.data.rules[k].name);
  }

  /**
   * Why an operation cannot be done again here; nothing if it can.
   * @param {number} i
   * @returns {string}
   */
  reason(i) {
    const k = this.data.nodes.rule[i];
    return k < 0 || this.rules[i] ? "" : this.data.rules[k].reason ?? this.ruleName(i);
  }

  /**
   * The formula of a node with numbers put in; nothing for an input.
   * @param {number} i
   * @returns {string | undefined}
   */
  worked(i) {
    const args = this.operands[i], k = this.data.nodes.rule[i];
    const notation = this.data.rules[k]?.notation;
    if (!args || !notation) return this.changed ? undefined : this.data.nodes.worked[i];
    if (args.length > MANY) return undefined;
    return written(notation, Array.from(args, (x) => show(this.values[x], ".4g")));
  }

  /**
   * `u = b·c = 3·2 = 6`.
   * @param {number} i
   */
  told(i) {
    const parts = [this.names[i], this.formula(i), this.worked(i), this.valueText(i)];
    const known = parts.filter(Boolean);
    return known.filter((part, k) => k === 0 || part !== known[k - 1]).join(" = ");
  }

  /** @param {number} i */
  valueText(i) {
    if (this.scalar) return this.show(this.values[i]);
    return this.figures(i)[2];
  }

  /**
   * Of an array: the lines of its value and of its gradient, and each in one line.
   * @param {number} i
   * @returns {[string[], string[], string, string]}
   */
  figures(i) {
    return this.numbers && this.changed ? this.numbers.figures(i) : this.data.nodes.told[i];
  }

  /**
   * What a reader should be warned of: an operation that made a nan of inputs that are none.
   * @param {number} i
   * @returns {string}
   */
  remark(i) {
    const args = this.operands[i];
    if (!this.scalar || !args) return this.changed ? "" : this.data.nodes.remark[i] ?? "";
    if (this.values[i] === this.values[i] || args.some((x) => this.values[x] !== this.values[x])) return "";
    return args.length === 1 || this.ruleName(i) === "power" ? "outside the domain" : "undefined there";
  }

  /**
   * The slopes on both sides of a kink that the node stands at, and the convention between them.
   * @param {number} i
   * @returns {{edge: Edge, left: number, right: number, here: number} | null}
   */
  kink(i) {
    const rule = this.rules[i], args = this.operands[i];
    if (!rule?.kink || !args || !rule.kink(this.values[i], ...Array.from(args, (x) => this.values[x]))) return null;
    for (const edge of this.into[i]) {
      const [near, far] = [BESIDE, 1000 * BESIDE].map((reach) => [-1, 1].map((side) => {
        const xs = Array.from(args, (x) => this.values[x]);
        xs[edge.position] += side * reach * Math.max(1, Math.abs(xs[edge.position]));
        return rule.d[edge.position](1, rule.f(...xs), ...xs);
      }));
      const [left, right] = near;
      // Where the function is only curved, the two slopes meet.
      if (Math.abs(left - right) > 0.5 * Math.abs(far[0] - far[1])) return { edge, left, right, here: this.local(edge) };
    }
    return null;
  }

  /** The oldest node that is not finite, though all that it was made from is; −1 if there is none. */
  firstNotFinite() {
    /** @param {number} i */
    const fine = (i) => (this.scalar ? Number.isFinite(this.values[i])
      : !this.figures(i)[0].some((/** @type {string} */ line) => /⚠/.test(line)));
    for (let i = 0; i < this.size; i++) {
      if (!fine(i) && this.into[i].every((edge) => fine(edge.source))) return i;
    }
    return -1;
  }
}

/**
 * @param {any} rule
 * @param {Int32Array} args
 * @param {Float64Array} values
 * @returns {number}
 */
function value(rule, args, values) {
  switch (rule.arity) {
    case 1: return rule.f(values[args[0]]);
    case 2: return rule.f(values[args[0]], values[args[1]]);
    case 3: return rule.f(values[args[0]], values[args[1]], values[args[2]]);
    case -1: return rule.f(Array.from(args, (x) => values[x]));
    default: return rule.f(...Array.from(args, (x) => values[x]));
  }
}

/**
 * Add what the operation passes back to its operands' slopes; nothing is computed for constants.
 * @param {any} rule
 * @param {Int32Array} args
 * @param {Float64Array} values
 * @param {number} g
 * @param {number} y
 * @param {Float64Array} slopes
 * @param {number} size
 */
function pull(rule, args, values, g, y, slopes, size) {
  const [p, q] = args;
  switch (rule.arity) {
    case 1:
      if (p < size) slopes[p] += rule.d[0](g, y, values[p]);
      break;
    case 2: {
      const a = values[p], b = values[q];
      if (p < size) slopes[p] += rule.d[0](g, y, a, b);
      if (q < size) slopes[q] += rule.d[1](g, y, a, b);
      break;
    }
    case -1: {
      /** @type {number[]} */
      const found = rule.d(g, y, Array.from(args, (x) => values[x]));
      for (let i = 0; i < args.length; i++) if (args[i] < size) slopes[args[i]] += found[i];
      break;
    }
    default: {
      const xs = Array.from(args, (x) => values[x]);
      for (let i = 0; i < args.length; i++) if (args[i] < size) slopes[args[i]] += rule.d[i](g, y, ...xs);
    }
  }
}

/**
 * @param {any} rule
 * @param {Int32Array} args
 * @param {Float64Array} values
 * @param {number} g
 * @param {number} y
 * @param {number} position
 * @returns {number}
 */
function cotangent(rule, args, values, g, y, position) {
  const xs = Array.from(args, (x) => values[x]);
  return rule.arity < 0 ? rule.d(g, y, xs)[position] : rule.d[position](g, y, ...xs);
}
