/**
 * One derivative dJ/db as the chain rule: its paths, their products, their sum. The numbers of paths are counted, and
 * the largest found, node by node, so a graph with 2⁴⁰ paths takes no longer than another of its size.
 */
import { factor } from "./typeset.js";

/** @typedef {import("./graph.js").Graph} Graph */
/** @typedef {import("./graph.js").Edge} Edge */
/** @typedef {{edges: Edge[], product: number}} Path */
/** @typedef {{text: string, edge?: Edge, path?: number}} Piece a part of a line; a factor knows its edge */
/** @typedef {{source: number, count: bigint, paths: Path[], lines: Piece[][], nodes: Set<number>, edges: Set<number>}}
 *   Chain */

/** So many paths are written out; of more, the largest. */
const SHOWN = 4;
/** A path of more factors is written with its first and last ones. */
const LONG = 12;
/** The step with formulas is left out where it has more characters than this. */
const FORMULAS = 200;
/** Longer derivations are shortened where several stand below each other. */
const LONGEST = 330;

/**
 * @param {Graph} graph
 * @param {number} source
 * @returns {Chain}
 */
export function chain(graph, source) {
  const { nodes, edges } = between(graph, source);
  const { count, paths } = walk(graph, source, edges);
  return { source, count, paths, nodes, edges, lines: lines(graph, source, count, paths) };
}

/**
 * The nodes and edges on the paths from the roots down to `source`.
 * @param {Graph} graph
 * @param {number} source
 */
export function between(graph, source) {
  const above = new Uint8Array(graph.size), below = new Uint8Array(graph.size);
  above[source] = 1;
  for (const edge of graph.edges) above[edge.target] |= above[edge.source];
  for (const root of graph.roots) below[root] = 1;
  for (let k = graph.edges.length - 1; k >= 0; k--) below[graph.edges[k].source] |= below[graph.edges[k].target];
  /** @type {Set<number>} */
  const nodes = new Set();
  /** @type {Set<number>} */
  const edges = new Set();
  for (let i = 0; i < graph.size; i++) if (above[i] && below[i]) nodes.add(i);
  for (const edge of graph.edges) if (nodes.has(edge.source) && nodes.has(edge.target)) edges.add(edge.id);
  return { nodes, edges };
}

/**
 * @param {Graph} graph
 * @param {number} source
 * @param {Set<number>} onPath
 */
function walk(graph, source, onPath) {
  /** @typedef {{size: number, product: number, edge: Edge | null, above: Link | null}} Link */
  /** @type {Map<number, bigint>} */
  const counts = new Map(graph.roots.map((root) => [root, 1n]));
  /** @type {Map<number, Link[]>} */
  const best = new Map(graph.roots.map((root) => [root, [{ size: 1, product: 1, edge: null, above: null }]]));
  for (let k = graph.edges.length - 1; k >= 0; k--) {
    const edge = graph.edges[k];
    if (!onPath.has(edge.id)) continue;
    counts.set(edge.source, (counts.get(edge.source) ?? 0n) + (counts.get(edge.target) ?? 0n));
    const local = graph.hasLocal(edge) ? graph.local(edge) : NaN;
    /** @type {Link[]} */
    const longer = (best.get(edge.target) ?? []).map((above) => {
      const product = above.product * local;
      const size = !graph.scalar ? 0 : Number.isNaN(product) ? Infinity : Math.abs(product);
      return { size, product, edge, above };
    });
    // The newest edges come first in the walk: later finds stand before, in order of the program.
    const both = longer.concat(best.get(edge.source) ?? []);
    best.set(edge.source, both.length > SHOWN ? both.sort((p, q) => (q.size > p.size ? 1 : q.size < p.size ? -1 : 0))
      .slice(0, SHOWN) : both);
  }
  const paths = (best.get(source) ?? []).map((end) => {
    const edges = [];
    for (let link = end; link.edge && link.above; link = link.above) edges.unshift(link.edge);
    return { edges, product: end.product };
  });
  return { count: counts.get(source) ?? 0n, paths };
}

/**
 * The derivation, cut at its equals signs: names, formulas, numbers, products, their sum.
 * @param {Graph} graph
 * @param {number} source
 * @param {bigint} count
 * @param {Path[]} paths
 * @returns {Piece[][]}
 */
function lines(graph, source, count, paths) {
  const name = graph.derivativeName(source);
  if (!count) return [[{ text: name }], [{ text: `0 (${graph.data.of} does not depend on ${graph.names[source]})` }]];
  const total = graph.scalar ? graph.show(graph.slopes[source]) : graph.figures(source)[3];
  /** @type {Piece[][]} */
  const found = [[{ text: name }]];
  const hidden = count - BigInt(paths.length);
  const rest = hidden ? [[{ text: `… (${thousands(hidden)} more of ${thousands(count)} paths)` }]] : [];
  if (paths.some((path) => path.edges.length)) {
    found.push(plus([...paths.map((path, k) => product(path, k, (edge) => edge.name)), ...rest]));
    const known = graph.scalar && paths.every((path) => path.edges.every((edge) => graph.hasLocal(edge)));
    if (known) {
      if (paths.every((path) => path.edges.every((edge) => edge.factor !== null))) {
        const formulas = paths.map((path, k) => product(path, k, (edge) => String(edge.factor)));
        const line = plus([...signed(formulas), ...rest]);
        const plain = paths.every((path) => path.edges.every((edge) => edge.factor === graph.show(graph.local(edge))));
        if (!plain && textOf(line).length <= FORMULAS) found.push(line);
      }
      const worked = paths.map((path, k) => product(path, k, (edge) => graph.show(graph.local(edge))));
      found.push(plus([...signed(worked), ...rest]));
      found.push(plus([...signed(paths.map((path, k) => [{ text: graph.show(path.product), path: k }])), ...rest]));
    }
  }
  found.push([{ text: total }]);
  return found.filter((line, i) => i === 0 || textOf(line) !== textOf(found[i - 1]));
}

/**
 * A derivation in one line; a long one without its factors: the products of the paths and their sum.
 * @param {Graph} graph
 * @param {Chain} chain
 */
export function shortened(graph, { source, count, lines: found }) {
  const steps = found.map(textOf), whole = steps.join(" = ");
  if (whole.length <= LONGEST) return whole;
  const ends = steps.slice(-2).filter((step) => step !== steps[0]);
  return [`${graph.derivativeName(source)} (${thousands(count)} path${count > 1n ? "s" : ""})`, ...ends].join(" = ");
}

/** @param {Piece[]} line */
export function textOf(line) {
  return line.map((piece) => piece.text).join("");
}

/**
 * @param {Path} path
 * @param {number} k
 * @param {(edge: Edge) => string} write
 * @returns {Piece[]}
 */
function product(path, k, write) {
  let factors = path.edges.map((edge, i) => ({ text: i ? factor(write(edge)) : write(edge), edge, path: k }));
  /** @type {Piece[]} */
  let shown = factors;
  if (factors.length > LONG) {
    const more = { text: `… (${thousands(BigInt(factors.length - 8))} more)` };
    shown = [...factors.slice(0, 4), more, ...factors.slice(-4)];
  }
  return shown.flatMap((piece, i) => (i ? [{ text: " · " }, piece] : [piece]));
}

/**
 * The terms, with parentheses around negative ones that do not stand first.
 * @param {Piece[][]} terms
 */
function signed(terms) {
  return terms.map((term, i) => (i && textOf(term).startsWith("−") ? [{ text: "(" }, ...term, { text: ")" }] : term));
}

/** @param {Piece[][]} terms */
function plus(terms) {
  return terms.flatMap((term, i) => (i ? [{ text: " + " }, ...term] : term));
}

/** @param {bigint} n */
function thousands(n) {
  return n.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}
