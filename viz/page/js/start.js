/**
 * Where the page begins: Python calls `live.start` with the graph and the functions of its rules.
 */
import * as numerics from "./numerics.js";
import { Page } from "./page.js";

/**
 * @param {any} data
 * @param {(has: typeof numerics) => import("./graph.js").Functions[]} rules gives the functions of data.rules
 */
export function start(data, rules) {
  new Page(data, rules(numerics));
}
