/**
 * Numbers looked for with the graph: where a curve crosses zero, how exact a gradient is, where a step leads.
 */

/** @typedef {import("./graph.js").Graph} Graph */

const EPSILON = 2 ** -52;
/** Points of a curve. */
const POINTS = 161;

/**
 * y over an interval of one input; the graph is left as it was.
 * @param {Graph} graph
 * @param {number} input
 * @param {[number, number]} range
 * @param {() => number} y what to read after each change
 * @param {boolean} slopes whether y needs the backward pass
 * @returns {{x: number, y: number}[]}
 */
export function curve(graph, input, [low, high], y, slopes) {
  return restored(graph, input, () => {
    const found = [];
    for (let k = 0; k < POINTS; k++) {
      const x = low + ((high - low) * k) / (POINTS - 1);
      found.push({ x, y: at(graph, input, x, y, slopes) });
    }
    return found;
  });
}

/**
 * Where y is zero between the points of a curve, by bisection; and where it is zero on a point.
 * @param {Graph} graph
 * @param {number} input
 * @param {{x: number, y: number}[]} points
 * @param {() => number} y
 * @param {boolean} slopes
 * @returns {number[]}
 */
export function zeros(graph, input, points, y, slopes) {
  return restored(graph, input, () => {
    /** @type {number[]} */
    const found = [];
    points.forEach((point, k) => {
      const before = points[k - 1];
      if (point.y === 0) {
        // Of a stretch that is zero throughout, the ends are enough.
        if (!before || before.y !== 0 || points[k + 1]?.y !== 0) found.push(point.x);
      } else if (before && before.y * point.y < 0 && Number.isFinite(before.y * point.y)) {
        const zero = bisect(before, point, (x) => at(graph, input, x, y, slopes));
        if (zero !== null) found.push(zero);
      }
    });
    return found;
  });
}

/**
 * @param {{x: number, y: number}} left
 * @param {{x: number, y: number}} right
 * @param {(x: number) => number} f
 */
function bisect(left, right, f) {
  let a = left.x, b = right.x, fa = left.y;
  for (let k = 0; k < 200 && Math.abs(b - a) > 2 * EPSILON * Math.max(Math.abs(a), Math.abs(b)); k++) {
    const middle = (a + b) / 2, y = f(middle);
    if (y === 0) return middle;
    if (Number.isNaN(y)) return null;
    if (y * fa < 0) b = middle;
    else [a, fa] = [middle, y];
  }
  // A pole changes its sign as well, and is no zero.
  const size = Math.max(Math.abs(left.y), Math.abs(right.y));
  return Math.abs(f(b)) <= 1e-6 * size ? rounded(b) : null;
}

/** A number as short as it is exact. @param {number} x */
function rounded(x) {
  const short = Number(x.toPrecision(14));
  return Math.abs(short) < 1e-14 ? 0 : short;
}

/**
 * @param {Graph} graph
 * @param {number} input
 * @param {number} x
 * @param {() => number} y
 * @param {boolean} slopes
 */
function at(graph, input, x, y, slopes) {
  graph.set(input, x);
  graph.forward();
  if (slopes) graph.backward();
  return y();
}

/**
 * @template T
 * @param {Graph} graph
 * @param {number} input
 * @param {() => T} work
 * @returns {T}
 */
function restored(graph, input, work) {
  const before = graph.values[input];
  try {
    return work();
  } finally {
    graph.set(input, before);
    graph.update();
  }
}

/**
 * What is differentiated: the sum of the roots.
 * @param {Graph} graph
 */
export function result(graph) {
  return graph.roots.reduce((sum, root) => sum + graph.values[root], 0);
}

/**
 * The derivative of the result by an input, by central differences: Ridders' scheme of ever smaller steps, each
 * extrapolated with those before, of which the one that is best by its own estimate counts.
 * @param {Graph} graph
 * @param {number} input
 * @returns {{slope: number, error: number, step: number}}
 */
export function difference(graph, input) {
  const x = graph.values[input];
  return restored(graph, input, () => {
    /** @param {number} z */
    const f = (z) => at(graph, input, z, () => result(graph), false);
    const here = Math.abs(f(x));
    let best = { slope: NaN, error: Infinity, step: NaN };
    /** @type {number[]} */
    let before = [];
    for (let k = 0, h = 0.1 * Math.max(Math.abs(x), 0.1); k < 16; k++, h /= 2) {
      const above = x + h, below = x - h;
      const row = [(f(above) - f(below)) / (above - below)];
      // What the rounding of two values of the result does to their difference.
      const rounding = (4 * EPSILON * Math.max(here, Math.abs(f(above)))) / h;
      for (let j = 1, power = 4; j <= Math.min(before.length, 4); j++, power *= 4) {
        row.push(row[j - 1] + (row[j - 1] - before[j - 1]) / (power - 1));
        const error = Math.max(Math.abs(row[j] - row[j - 1]), Math.abs(row[j] - before[j - 1])) + rounding;
        if (error < best.error) best = { slope: row[j], error, step: h };
      }
      before = row;
    }
    return best;
  });
}

/**
 * One step of gradient descent.
 * @param {Graph} graph
 * @param {number[]} parameters
 * @param {number} rate
 */
export function descend(graph, parameters, rate) {
  const steps = parameters.map((i) => rate * graph.slopes[i]);
  parameters.forEach((i, k) => graph.set(i, graph.values[i] - steps[k]));
  graph.update();
}

/**
 * A range of an input in which something is to be seen.
 * @param {number} x
 * @returns {[number, number]}
 */
export function around(x) {
  const reach = Number.isFinite(x) ? Math.max(2, 2 * Math.abs(x)) : 2;
  const centre = Number.isFinite(x) ? x : 0;
  const size = 10 ** Math.floor(Math.log10(reach));
  const half = Math.ceil(reach / size) * size;
  return [centre - half, centre + half];
}
