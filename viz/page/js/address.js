/**
 * The state of the page in its address: `#step=7&of=b&b=2.5`.
 */

/** @typedef {{step?: number, of?: string, lang?: string, theme?: string, tab?: string, colour?: string, predict?: boolean,
 *   open?: string, inputs: Map<string, number>}} State */

const OWN = ["step", "of", "open", "lang", "theme", "tab", "colour", "predict"];

/** An input that is called like a part of the state gets a dot before it. @param {string} name */
const key = (name) => (OWN.includes(name) || name.startsWith(".") ? `.${name}` : name);

/**
 * @param {State} state
 * @returns {string}
 */
export function encode(state) {
  /** @type {[string, string][]} */
  const parts = [];
  for (const name of OWN) {
    const x = state[/** @type {"step"} */ (name)];
    if (x !== undefined) parts.push([name, String(x === /** @type {any} */ (true) ? 1 : x)]);
  }
  for (const [name, x] of state.inputs) parts.push([key(name), String(x)]);
  return parts.map((part) => part.map(encodeURIComponent).join("=")).join("&");
}

/**
 * @param {string} hash
 * @returns {State}
 */
export function decode(hash) {
  /** @type {State} */
  const state = { inputs: new Map() };
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [name, text] = part.split("=").map(plain);
    if (!name || text === undefined || text === "") continue;
    if (name === "step") {
      if (/^\d+$/.test(text)) state.step = Number(text);
    } else if (name === "predict") {
      state.predict = text === "1";
    } else if (OWN.includes(name)) {
      state[/** @type {"of"} */ (name)] = text;
    } else {
      const number = Number(text);
      if (!Number.isNaN(number) || text === "NaN") state.inputs.set(name.replace(/^\./, ""), number);
    }
  }
  return state;
}

/** @param {string} text */
function plain(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
