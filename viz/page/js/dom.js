/**
 * Making elements. Text only ever becomes a text node or an attribute's value, so no label can be taken for markup.
 */

/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */
/** @typedef {Node | string | null | undefined | false} Child */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} element
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function filled(element, attributes, children) {
  for (const [name, x] of Object.entries(attributes)) {
    if (typeof x === "function") element.addEventListener(name.slice(2), x);
    else if (x === true) element.setAttribute(name, "");
    else if (x !== null && x !== undefined && x !== false) element.setAttribute(name, String(x));
  }
  element.append(...children.filter((child) => child || child === "").map((child) => /** @type {Node | string} */ (child)));
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} attributes those that begin with "on" are listeners
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function html(tag, attributes = {}, ...children) {
  return /** @type {any} */ (filled(document.createElement(tag), attributes, children));
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} attributes
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  return /** @type {any} */ (filled(document.createElementNS(SVG, tag), attributes, children));
}

/**
 * @param {string} text
 * @param {(event: any) => void} act
 * @param {Attributes} attributes
 */
export function button(text, act, attributes = {}) {
  return html("button", { type: "button", onclick: act, ...attributes }, text);
}

/**
 * Write only where something changes: browsers do work for every text that is set.
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null} x
 */
export function attribute(element, name, x) {
  if (element.getAttribute(name) === x) return;
  if (x === null) element.removeAttribute(name);
  else element.setAttribute(name, x);
}
