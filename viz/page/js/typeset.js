/**
 * Operations written out with numbers put in, with parentheses where precedence asks: autograd.rules.typeset.
 */

const LOWEST = 0, NEGATION = 1, SUM = 2, PRODUCT = 3, ATOM = 5;

/** @typedef {[string, number, ...number[]]} Template text, precedence, and what each operand needs */
/** @typedef {Template | "sum" | "dot"} Notation */

/** @param {string} number */
const binding = (number) => (number.startsWith("−") ? NEGATION : ATOM);

/**
 * @param {string} text
 * @param {number} precedence
 * @param {number} need
 */
const enclosed = (text, precedence, need) => (precedence >= need ? text : `(${text})`);

/** @param {string[]} terms written terms */
function joined(terms) {
  return terms.reduce((left, right) => `${left} + ${enclosed(right, binding(right), SUM)}`);
}

/**
 * `3·2`: an operation applied to numbers that are written already.
 * @param {Notation} notation
 * @param {string[]} numbers
 */
export function written(notation, numbers) {
  if (notation === "sum") return numbers.length ? joined(numbers) : "0";
  if (notation === "dot") {
    const n = (numbers.length - 1) / 2;
    const terms = numbers.slice(0, n).map((w, i) =>
      `${enclosed(w, binding(w), PRODUCT)}·${enclosed(numbers[n + i], binding(numbers[n + i]), PRODUCT)}`);
    const bias = numbers[2 * n];
    return [...terms, terms.length ? enclosed(bias, binding(bias), SUM) : bias].join(" + ");
  }
  const [template, , ...needs] = notation;
  const operands = numbers.map((x, i) => enclosed(x, binding(x), needs[Math.min(i, needs.length - 1)] ?? LOWEST));
  return template.replace(/\{\*\}|\{(\d)\}|\{\{|\}\}/g, (found, i) =>
    found === "{*}" ? operands.join(", ") : i === undefined ? found[0] : operands[Number(i)]);
}

/**
 * A number as a factor that does not stand first: in parentheses if it is negative.
 * @param {string} number
 */
export function factor(number) {
  return number.startsWith("−") ? `(${number})` : number;
}

const WORD = 26;

/**
 * Broken into lines where it is long, after a comma or at a space if there is one; of words only long ones are: as in
 * viz/wrapping.py.
 * @param {string} text
 * @param {number} width
 */
export function wrapped(text, width = 36) {
  const lines = [], half = Math.floor(width / 2);
  for (const line of text.split("\n")) {
    let letters = [...line];
    while (letters.length > width) {
      const near = letters.slice(0, width), space = near.lastIndexOf(" ");
      const comma = near.map((letter, k) => letter === "," && k >= half && near[k + 1] === " ").lastIndexOf(true);
      const before = near.slice(0, comma), open = before.filter((letter) => letter === "(").length;
      const listed = comma >= 0 && open === before.filter((letter) => letter === ")").length;
      const word = letters.indexOf(" ", width) + 1 || letters.length;
      const cut = listed ? comma + 2 : space >= half ? space + 1 : word <= WORD ? word : width;
      if (cut === letters.length) break;
      lines.push(letters.slice(0, cut).join(""));
      letters = letters.slice(cut);
    }
    lines.push(letters.join(""));
  }
  return lines;
}
