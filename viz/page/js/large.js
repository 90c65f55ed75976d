/**
 * The page of a graph for which there are no places yet, whose groups open and close, or of arrays: `start.js`, how such a
 * graph is laid out, and the numbers of its arrays.
 */
import { arranged } from "./arrange.js";
import { Numbers } from "./numbers.js";
import { more } from "./page.js";

more.arranged = arranged;
more.Numbers = Numbers;

export * from "./start.js";
