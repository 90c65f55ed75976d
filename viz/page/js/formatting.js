/**
 * Numbers as Python writes them: the mini-language of format() for floats, digit for digit.
 */

export const MINUS = "−";
export const DEFAULT = ".4g";

const SPEC = /^(?:(.)?([<>=^]))?([-+ ]?)(z?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([eEfFgGn%]?)$/su;

/**
 * m·2^e = x, with whole m.
 * @param {number} x positive and finite
 * @returns {[bigint, number]}
 */
function parts(x) {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const whole = bits.getBigUint64(0);
  const exponent = Number(whole >> 52n) & 0x7ff;
  const fraction = whole & ((1n << 52n) - 1n);
  return exponent ? [fraction | (1n << 52n), exponent - 1075] : [fraction, -1074];
}

/**
 * x·10^digits, rounded to a whole number; halves go to the even one.
 * @param {number} x
 * @param {number} digits
 */
function scaled(x, digits) {
  const [m, e] = parts(x);
  const above = m * (e > 0 ? 1n << BigInt(e) : 1n) * (digits > 0 ? 10n ** BigInt(digits) : 1n);
  const below = (e < 0 ? 1n << BigInt(-e) : 1n) * (digits < 0 ? 10n ** BigInt(-digits) : 1n);
  const whole = above / below, twice = 2n * (above - whole * below);
  return twice > below || (twice === below && whole & 1n) ? whole + 1n : whole;
}

/**
 * The digits of x > 0 with `count` of them, and the exponent of the first.
 * @param {number} x
 * @param {number} count
 * @returns {[string, number]}
 */
function significant(x, count) {
  if (count < 100) {
    const more = x.toExponential(count);
    // The engine rounds halves up; whether it is one, only exact arithmetic tells.
    if (!(more.split("e")[0].endsWith("5") && Number(more) === x)) {
      const [mantissa, exponent] = x.toExponential(count - 1).split("e");
      return [mantissa.replace(".", ""), Number(exponent)];
    }
  }
  let exponent = Number(x.toExponential(20).split("e")[1]);
  if (scaled(x, -exponent - 1) >= 1n && x >= Number(`1e${exponent + 1}`)) exponent++;
  let digits = scaled(x, count - 1 - exponent).toString();
  if (digits.length > count) [digits, exponent] = [digits.slice(0, count), exponent + 1];
  return [digits, exponent];
}

/**
 * x ≥ 0 with so many digits behind the point.
 * @param {number} x
 * @param {number} count
 */
function fixed(x, count) {
  const digits = (x === 0 ? "0" : scaled(x, count).toString()).padStart(count + 1, "0");
  return count ? `${digits.slice(0, -count)}.${digits.slice(-count)}` : digits;
}

/** @param {number} exponent */
function exponentPart(exponent) {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/**
 * @param {string} digits
 * @param {number} exponent
 */
function scientific(digits, exponent) {
  return (digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits) + exponentPart(exponent);
}

/**
 * @param {string} digits
 * @param {number} exponent
 */
function positional(digits, exponent) {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const before = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const behind = digits.slice(exponent + 1);
  return behind ? `${before}.${behind}` : before;
}

/**
 * Python's repr of a float ≥ 0: the fewest digits that give it back.
 * @param {number} x
 */
function shortest(x) {
  if (x === 0) return "0.0";
  const [mantissa, exponent] = x.toExponential().split("e");
  const digits = mantissa.replace(".", ""), e = Number(exponent);
  if (e < -4 || e >= 16) return scientific(digits, e);
  const written = positional(digits, e);
  return written.includes(".") ? written : `${written}.0`;
}

/**
 * The general format: positional in the middle, scientific at the ends.
 * @param {number} x at least 0
 * @param {number} count
 * @param {boolean} alternate whether zeros at the end stay
 * @param {number} limit the exponent from which it is scientific
 */
function general(x, count, alternate, limit) {
  let [digits, exponent] = x === 0 ? ["0".repeat(count), 0] : significant(x, count);
  if (!alternate) digits = digits.replace(/0+$/, "") || "0";
  return exponent < -4 || exponent >= limit ? scientific(digits, exponent) : positional(digits, exponent);
}

/**
 * @param {number} x finite, at least 0
 * @param {string} type
 * @param {number} precision NaN if it was not given
 * @param {boolean} alternate
 */
function unsigned(x, type, precision, alternate) {
  const digits = Number.isNaN(precision) ? 6 : precision;
  switch (type.toLowerCase()) {
    case "e": {
      const [mantissa, exponent] = x === 0 ? ["0".repeat(digits + 1), 0] : significant(x, digits + 1);
      return scientific(mantissa, exponent);
    }
    case "f": return fixed(x, digits);
    case "%": return x * 100 === Infinity ? "inf%" : `${fixed(x * 100, digits)}%`;
    case "": {
      if (Number.isNaN(precision)) return shortest(x);
      const count = Math.max(1, digits);
      const written = general(x, count, alternate, count - 1);
      return /[.e]/.test(written) ? written : `${written}.0`;
    }
    default: return general(x, Math.max(1, digits), alternate, Math.max(1, digits));
  }
}

/**
 * Python's format(x, spec).
 * @param {number} x
 * @param {string} spec
 */
export function format(x, spec) {
  const found = SPEC.exec(spec);
  if (!found) throw new Error(`no format for numbers: ${spec}`);
  const [, filler, align, plus, z, sharp, zero, width, grouping, precision, type] = found;
  const size = Math.abs(x);
  let written = Number.isNaN(x) ? "nan" : size === Infinity ? "inf"
    : unsigned(size, type, precision === undefined ? NaN : Number(precision), sharp === "#");
  if (!Number.isFinite(x) && type === "%") written += "%";
  if (sharp && Number.isFinite(x) && !written.includes(".")) written = written.replace(/^\d+/, "$&.");
  if (/[EFG]/.test(type)) written = written.toUpperCase();
  let negative = x < 0 || Object.is(x, -0);
  if (z && Number.isFinite(x) && !/[1-9]/.test(written.split(/e/i)[0])) negative = false;
  const before = negative ? "-" : plus === "-" ? "" : plus;
  const fill = filler ?? (zero ? "0" : " "), side = align ?? (zero ? "=" : ">");
  const room = Number(width || 0) - before.length;
  if (grouping) written = grouped(written, grouping, fill === "0" && side === "=" ? room : 0);
  const missing = Math.max(0, room - written.length);
  if (side === "=") return before + fill.repeat(missing) + written;
  const left = side === "<" ? 0 : side === "^" ? Math.floor(missing / 2) : missing;
  return fill.repeat(left) + before + written + fill.repeat(missing - left);
}

/**
 * Thousands marked off; zeros that fill up a width are marked off too.
 * @param {string} written
 * @param {string} mark
 * @param {number} width
 */
function grouped(written, mark, width) {
  const [, whole, rest] = /** @type {RegExpExecArray} */ (/^(\d*)(.*)$/s.exec(written));
  if (!whole) return written;
  /** @param {string} digits */
  const marked = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, mark);
  let digits = whole;
  while (marked(digits).length + rest.length < width) digits = `0${digits}`;
  return marked(digits) + rest;
}

/**
 * A number as pictures show it.
 * @param {number} x
 * @param {string} spec
 */
export function show(x, spec) {
  const size = Math.abs(x);
  if (x === 0) return format(0, spec).replaceAll("-", MINUS);
  return format(x, spec === DEFAULT && size >= 1e4 && size < 1e7 ? ".0f" : spec).replaceAll("-", MINUS);
}

/**
 * The number that a person has written, with our minus or theirs; NaN if it is none.
 * @param {string} text
 */
export function read(text) {
  const plain = text.trim().replaceAll(MINUS, "-").replace(",", ".");
  if (/^[-+]?inf(inity)?$/i.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}
