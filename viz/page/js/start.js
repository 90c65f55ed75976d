/**
 * Where the page begins: Python calls `live.start` with the graph and the functions of its rules.
 */
import { Graph } from "./graph.js";
import * as numerics from "./numerics.js";
import { Page } from "./page.js";

/** @typedef {(has: typeof numerics) => import("./graph.js").Functions[]} Rules gives the functions of data.rules */

/** @type {{page: Page | null}} */
export const opened = { page: null };

/**
 * @param {any} data
 * @param {Rules} rules
 * @param {Rules} ofNumbers the same of data.numbers, if the page has them
 */
export function start(data, rules, ofNumbers = () => []) {
  opened.page = new Page(data, rules(numerics), ofNumbers(numerics));
}

/**
 * The graph alone, to compute with.
 * @param {any} data
 * @param {Rules} rules
 */
export function graph(data, rules) {
  return new Graph(data, rules(numerics));
}

export { format, show } from "./formatting.js";
