/* Elements made from data: text is always a text node, so a name can never become markup. */

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/**
 * The element of the shell that has an id, of that kind.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {{ new (): T, prototype: T }} [kind]
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (element instanceof (kind || HTMLElement)) return /** @type {T} */ (element);
  throw new Error(`the shell has no such element: ${id}`);
}

/**
 * The first HTML element that a selector finds; for where it is always there.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function first(root, selector) {
  const element = root.querySelector(selector);
  if (element instanceof HTMLElement) return element;
  throw new Error(`nothing here is ${selector}`);
}

/**
 * The element of a marker that stands on the map.
 * @param {L.Marker} marker
 * @returns {HTMLElement}
 */
export function elementOf(marker) {
  const element = marker.getElement();
  if (element) return element;
  throw new Error("the marker is on no map");
}

/**
 * What drags a marker that stands on the map.
 * @param {L.Marker} marker
 * @returns {L.Handler}
 */
export function draggingOf(marker) {
  if (marker.dragging) return marker.dragging;
  throw new Error("the marker is on no map");
}

export const html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/* A color of colors.css by its name, for what is drawn on a canvas. */
export const colorOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/* "{n} people" with its numbers grouped by thousands; unknown fields stay as they are. */
export const sentence = (template, fields) =>
  template.replace(/\{(\w+)\}/g, (whole, name) => (fields && name in fields ? grouped(fields[name]) : whole));

export const grouped = (value) =>
  typeof value === "number" && Number.isInteger(value)
    ? String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",")
    : String(value);
