/**
 * What rules compute with that JavaScript's Math lacks, or does in another way than Python.
 */

/** Larger exponents of two are no help: the sum of the series or the fraction has settled before. */
const SERIES_BELOW = 2;
const TWO_BY_SQRT_PI = 2 / Math.sqrt(Math.PI);

/**
 * exp(−x²), with x² split in two so that its rounding is not multiplied by its size.
 * @param {number} x
 */
function gauss(x) {
  const high = Math.round(x * 1024) / 1024;
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/**
 * The error function for small |x|: 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, all terms of one sign
 * (Abramowitz and Stegun 7.1.6).
 * @param {number} x
 */
function series(x) {
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_BY_SQRT_PI * gauss(x) * sum;
}

/**
 * 1 − erf(x) for large x, by the continued fraction of Abramowitz and Stegun 7.1.14, from below.
 * @param {number} x
 */
function tail(x) {
  let below = x;
  for (let k = Math.ceil(20 + 480 / (x * x)); k > 0; k--) below = x + k / 2 / below;
  return gauss(x) / (Math.sqrt(Math.PI) * below);
}

/** @param {number} x */
export function erf(x) {
  if (x !== x || x === 0) return x;
  if (Math.abs(x) < SERIES_BELOW) return series(x);
  return Math.sign(x) * (1 - (Math.abs(x) > 7 ? 0 : tail(Math.abs(x))));
}

/** @param {number} x */
export function erfc(x) {
  if (x !== x) return x;
  if (Math.abs(x) < SERIES_BELOW) return 1 - series(x);
  if (x > 28) return 0;
  return x > 0 ? tail(x) : 2 - (x < -7 ? 0 : tail(-x));
}

/**
 * a to the power b; as in IEEE 754, 1 of anything and (−1)^±∞ are 1.
 * @param {number} a
 * @param {number} b
 */
export function power(a, b) {
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  return Math.pow(a, b);
}

/**
 * The larger one; nan if either is.
 * @param {number} a
 * @param {number} b
 */
export function larger(a, b) {
  return a > b || a !== a ? a : b;
}

/**
 * @param {number} a
 * @param {number} b
 */
export function smaller(a, b) {
  return a < b || a !== a ? a : b;
}

/** @param {number} x */
export function sign(x) {
  return x > 0 ? 1 : x < 0 ? -1 : x !== x ? x : 0;
}

/** @param {number[]} xs */
export function largest(xs) {
  return xs.reduce(larger);
}

/** @param {number[]} xs */
export function smallest(xs) {
  return xs.reduce(smaller);
}

/**
 * What the largest or smallest of all passes on: those that are equal share it.
 * @param {number} g
 * @param {number} y
 * @param {number[]} xs
 */
export function winners(g, y, xs) {
  const share = g / xs.filter((x) => x === y).length;
  return xs.map((x) => (x === y ? share : y === y ? 0 : NaN));
}

/** @param {number[]} xs */
export function sum(xs) {
  let found = 0;
  for (const x of xs) found += x;
  return found;
}

/**
 * @param {number} g
 * @param {number} y
 * @param {number[]} xs
 */
export function ones(g, y, xs) {
  return xs.map(() => g);
}

/**
 * bias + w₁x₁ + w₂x₂ + …, of w₁ … wₙ, x₁ … xₙ, bias.
 * @param {number[]} xs
 */
export function dot(xs) {
  const n = (xs.length - 1) / 2;
  let found = xs[2 * n];
  for (let i = 0; i < n; i++) found += xs[i] * xs[n + i];
  return found;
}

/**
 * @param {number} g
 * @param {number} y
 * @param {number[]} xs
 */
export function dotSlopes(g, y, xs) {
  const n = (xs.length - 1) / 2;
  return xs.map((_, i) => (i === 2 * n ? g : g * xs[i < n ? i + n : i - n]));
}

/** @param {number[]} xs */
export function logsumexp(xs) {
  const top = xs.reduce(larger);
  if (!Number.isFinite(top)) return xs.some((x) => x !== x) ? NaN : top;
  return top + Math.log(sum(xs.map((x) => Math.exp(x - top))));
}

/**
 * What logsumexp passes on: e^(x − y), divided out instead, since y has too few digits for the difference.
 * @param {number} g
 * @param {number} y
 * @param {number[]} xs
 */
export function shares(g, y, xs) {
  const top = xs.reduce(larger);
  if (!Number.isFinite(top)) return xs.map((x) => g * (Number.isNaN(top) ? Math.exp(x - y) : 0));
  const parts = xs.map((x) => Math.exp(x - top));
  const whole = sum(parts);
  return parts.map((part) => g * (part / whole));
}
