/**
 * The page of a graph for which there are no places yet, or whose groups open and close: `start.js`, and how it is laid out.
 */
import { arranged } from "./arrange.js";
import { more } from "./page.js";

more.arranged = arranged;

export * from "./start.js";
