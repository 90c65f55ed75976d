/**
 * The page of a graph for which there are no places yet, whose groups open and close, or of arrays: `start.js`, how such a
 * graph is laid out, the numbers of its arrays, and maps of them.
 */
import { arranged } from "./arrange.js";
import { Heat } from "./heat.js";
import { Numbers } from "./numbers.js";
import { more } from "./page.js";

more.arranged = arranged;
more.Numbers = Numbers;
more.Heat = Heat;

export { mapOf } from "./heat.js";
export * from "./start.js";
