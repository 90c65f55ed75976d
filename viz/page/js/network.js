/**
 * The page of a network: `start.js`, and neurons as circles.
 */
import { Circles, placed } from "./circles.js";
import { pictures } from "./page.js";

pictures.network = { Circles, placed };

export * from "./start.js";
