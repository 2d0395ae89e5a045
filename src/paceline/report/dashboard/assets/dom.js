/** Elements made by hand: whatever comes from data becomes a text node, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. Attributes that are functions become listeners, null and false are left out.
 * @param {string} tag
 * @param {Object<string, any>} [attributes]
 * @param {...any} children strings, numbers, nodes, arrays of them; null and false are left out
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Make an element of SVG, in the same way. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter(wanted).map(asNode));
  return element;
}

function wanted(child) {
  return child !== null && child !== undefined && child !== false && child !== true;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/** Text of ours in which backticks stand around what one types. */
export function prose(text) {
  return text.split("`").map((part, place) => (place % 2 ? h("code", {}, part) : part));
}

/** A select of [value, text] pairs. */
export function select(id, label, options, chosen, change) {
  const made = options.map(([value, text]) =>
    h("option", { value, selected: String(value) === String(chosen) }, text));
  const control = h("select", { id, change: (event) => change(event.target.value) }, made);
  return h("label", { class: "field", for: id }, h("span", {}, label), control);
}

/** A button that is pressed or not. */
export function toggle(id, text, pressed, click, attributes = {}) {
  return h("button", { id, type: "button", "aria-pressed": String(pressed), click, ...attributes }, text);
}
