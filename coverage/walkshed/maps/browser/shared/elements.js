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
