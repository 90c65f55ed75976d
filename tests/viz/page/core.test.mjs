/** The page's sums in Node: numbers, formulas, steps, chains, judging, addresses. Run by `npm test` in viz/page/js. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "../../../viz/page/js/address.js";
import { chain, textOf } from "../../../viz/page/js/chain.js";
import { format, read, show } from "../../../viz/page/js/formatting.js";
import { Graph } from "../../../viz/page/js/graph.js";
import * as numerics from "../../../viz/page/js/numerics.js";
import { close, judge } from "../../../viz/page/js/predict.js";
import { descend, difference, zeros, curve } from "../../../viz/page/js/search.js";
import { Progress, sentence, steps } from "../../../viz/page/js/steps.js";
import { wrapped, written } from "../../../viz/page/js/typeset.js";
import { View } from "../../../viz/page/js/view.js";
import { words } from "../../../viz/page/js/words.js";

const MUL = { arity: 2, f: (a, b) => a * b, d: [(g, y, a, b) => g * b, (g, y, a) => g * a] };
const ADD = { arity: 2, f: (a, b) => a + b, d: [(g) => g, (g) => g] };

/** J = a·b + a with a = 2, b = 3, as Python writes it. */
function product() {
  const data = {
    title: "J = a·b + a", of: "J", format: ".4g", scalar: true, roots: [3],
    rules: [{ name: "mul", notation: ["{0}·{1}", 3, 3, 3] }, { name: "add", notation: ["{0} + {1}", 2, 1, 2] }],
    nodes: { name: ["a", "b", "u", "J"], atom: {}, derivative: {}, short: {}, kind: "iipo", rule: [-1, -1, 0, 1],
      args: [null, null, [0, 1], [2, 0]], value: [2, 3, 6, 8], formula: [null, null, "a·b", "u + a"], worked: {},
      line: {}, group: [], remark: {}, grad: {}, was: {}, told: {}, size: {} },
    groups: [], open: [],
    edges: { into: {}, name: {}, formula: ["b", "a", "1", "1"],
      factor: {}, value: {}, contribution: {} },
    picture: null,
  };
  return new Graph(data, [MUL, ADD]);
}

test("values and derivatives follow the inputs", () => {
  const graph = product();
  assert.deepEqual([...graph.slopes.slice(0, 4)], [4, 2, 1, 1]);
  graph.set(1, 2.5);
  graph.update();
  assert.deepEqual([...graph.values.slice(0, 4)], [2, 2.5, 5, 7]);
  assert.equal(graph.slopes[0], 3.5);
  assert.equal(graph.told(2), "u = a·b = 2·2.5 = 5");
  graph.reset();
  assert.equal(graph.changed, false);
});

test("the steps add up what a node is used for", () => {
  const view = new View(product()), all = steps(view);
  const told = all.map((_, k) => sentence(view, all, k));
  assert.deepEqual(told, ["a = 2, b = 3", "u = a·b = 2·3 = 6", "J = u + a = 6 + 2 = 8", "dJ/dJ = 1",
    "dJ/du = dJ/dJ · ∂J/∂u = 1 · 1 = 1", "dJ/da = dJ/dJ · ∂J/∂a = 1 · 1 = 1 + …",
    "dJ/da = 1 + dJ/du · ∂u/∂a = 1 + 1 · 3 = 4", "dJ/db = dJ/du · ∂u/∂b = 1 · 2 = 2"]);
  const waiting = new Progress(view, all, 6);
  assert.deepEqual([waiting.started(0), waiting.finished(0), waiting.sum(0).now], [true, false, 1]);
  assert.equal(new Progress(view, all, 7).finished(0), true);
});

test("a chain is counted, not walked", () => {
  const graph = product();
  assert.equal(chain(graph, 0).lines.map(textOf).join(" = "),
    "dJ/da = ∂J/∂u · ∂u/∂a + ∂J/∂a = 1 · b + 1 = 1 · 3 + 1 = 3 + 1 = 4");
});

test("numbers of the Python kind", () => {
  for (const [x, spec, text] of [[0.5, ".0f", "0"], [1.5, ".0f", "2"], [2.5, ".0f", "2"], [2.675, ".2f", "2.67"],
    [1e23, "", "1e+23"], [0.1, ".20f", "0.10000000000000000555"], [-0, ".1f", "-0.0"], [1234567.891, ",.2f", "1,234,567.89"],
    [NaN, ".3f", "nan"], [-Infinity, "g", "-inf"], [3, "", "3.0"], [0.00001, ".4g", "1e-05"], [12345, ".4g", "1.234e+04"]]) {
    assert.equal(format(x, spec), text);
  }
  assert.equal(show(12345, ".4g"), "12345");
  assert.equal(show(-2e-6, ".4g"), "−2e−06");
  assert.equal(read("−0,5"), -0.5);
  assert.ok(Number.isNaN(read("1e")) && Number.isNaN(read("")) && Number.isNaN(read("0x10")));
});

test("formulas with numbers put in", () => {
  assert.equal(written(["{0}·{1}", 3, 3, 3], ["3", "−2"]), "3·(−2)");
  assert.equal(written(["log({*})", 5, 0], ["−2"]), "log(−2)");
  assert.equal(written("sum", ["1", "−2", "3"]), "1 + (−2) + 3");
  assert.equal(written("dot", ["1", "−2", "3", "4", "0"]), "1·3 + (−2)·4 + 0");
  assert.deepEqual(wrapped("one two three four five six seven eight", 12), ["one two ", "three four ", "five six ",
    "seven eight"]);
  assert.deepEqual(wrapped("d(d²y/dx²)/d(d²y/dx²) = 1", 14), ["d(d²y/dx²)/d(d²y/dx²) ", "= 1"]);
  assert.deepEqual(wrapped("a".repeat(70), 30), ["a".repeat(30), "a".repeat(30), "a".repeat(10)]);
  assert.deepEqual(wrapped("d(d²y/dx²)/d(d²y/dx²)", 14), ["d(d²y/dx²)/d(d²y/dx²)"]);
});

test("answers are judged within their rounding", () => {
  assert.ok(close("0.67", 2 / 3) && close("0.6667", 2 / 3) && close("−3", -3) && close("1e3", 1000));
  assert.ok(!close("0.66", 2 / 3) && !close("1", 0.6) && !close("", 0) && !close("0", 0.004));
  const parts = { before: { number: 1, name: "1" }, upstream: { number: 2, name: "p" }, local: { number: 3, name: "q" } };
  assert.deepEqual(["7", "−7", "6", "3", "4", "1", "x", "9"].map((typed) => judge(typed, 7, parts).kind),
    ["right", "sign", "sum", "factor", "factor", "local", "unread", "wrong"]);
  assert.deepEqual(judge("3", 7, parts), { kind: "factor", name: "q" });
});

test("the address keeps any name and any number", () => {
  const inputs = new Map([["b", 2.5], ["step", 1e-300], [".of", -0], ["a b&c=d#%한", Infinity]]);
  const state = decode(`#${encode({ step: 7, of: "θ₁", predict: true, inputs })}`);
  assert.deepEqual([state.step, state.of, state.predict], [7, "θ₁", true]);
  assert.deepEqual([...state.inputs], [...inputs].map(([name, x]) => [name, x === 0 ? 0 : x]));
});

test("what is looked for is found", () => {
  const graph = product();
  const found = difference(graph, 1);
  assert.ok(Math.abs(found.slope - 2) <= found.error && found.error < 1e-9);
  const points = curve(graph, 1, [-3, 9], () => graph.slopes[0], true);
  assert.deepEqual(zeros(graph, 1, points, () => graph.slopes[0], true), [-1]);
  assert.equal(graph.values[1], 3);
  descend(graph, [1], 0.5);
  assert.equal(graph.values[1], 2);
});

test("numerics at their ends", () => {
  assert.equal(numerics.power(1, NaN), 1);
  assert.equal(numerics.power(-1, Infinity), 1);
  assert.ok(Number.isNaN(numerics.larger(NaN, 1)) && Number.isNaN(numerics.smaller(1, NaN)));
  assert.deepEqual([numerics.erf(Infinity), numerics.erfc(Infinity), numerics.erfc(-Infinity)], [1, 0, 2]);
  assert.equal(numerics.logsumexp([1000, 1000]), 1000 + Math.log(2));
  assert.equal(numerics.logsumexp([-Infinity, -Infinity]), -Infinity);
});

test("every word is there in both languages, with the same blanks", () => {
  for (const [word, texts] of Object.entries(words)) {
    assert.equal(texts.length, 2, word);
    const blanks = texts.map((text) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort().join());
    assert.equal(blanks[0], blanks[1], word);
  }
});
