/**
 * The page of a network: `large.js`, and neurons as circles.
 */
import { Circles, placed } from "./circles.js";
import { more } from "./page.js";

more.network = { Circles, placed };

export * from "./large.js";
