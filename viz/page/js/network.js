/**
 * The page of a network: `large.js`, neurons as circles, and training.
 */
import { Circles, placed } from "./circles.js";
import { more } from "./page.js";
import { Training } from "./training.js";

more.network = { Circles, placed, Training };

export * from "./large.js";
