/* Elements made from data: text is always a text node, so a name can never become markup. */

const SVG = "http://www.w3.org/2000/svg";

/** @import { Attributes, Fields, Parts } from "../types" */

/**
 * @template {Element} T
 * @param {T} element
 * @param {Attributes | undefined} attributes
 * @param {Parts[]} children
 * @returns {T}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(/** @type {NonNullable<Attributes["on"]>} */ (value)))
        if (handler) element.addEventListener(event, handler);
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

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {Parts[]} children
 */
export const html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {Parts[]} children
 */
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/**
 * A color of tokens.css by its name, for what is drawn on a canvas.
 * @param {string} name
 */
export const colorOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/**
 * "{n} {n:block|blocks}" with its numbers grouped by thousands, and the word for one or for more; "{n_length}" and
 * "{n_limit}" are meters n in the units of the page. Unknown fields stay as they are.
 * @param {string} template
 * @param {Fields} [fields]
 * @returns {string}
 */
export const sentence = (template, fields) =>
  template.replace(/\{(\w+?)(?:_(length|limit)|:([^{}|]*)\|([^{}|]*))?\}/g, (whole, name, unit, one, more) => {
    if (!fields || !(name in fields)) return whole;
    if (unit) return (unit === "limit" ? limitText : lengthText)(fields[name]);
    const said = grouped(fields[name]);
    if (one === undefined) return said;
    return said === "1" ? one : more;
  });

/* Meters as words/quantities.py says them: feet to the next five and miles, or quarters of a mile for limits. */
const [FOOT_M, MILE_M, FEET_STEP, QUARTER_SLACK_M] = [0.3048, 1609.344, 5, 1];
/** @type {() => Record<string, string>} */
let lengths = () => ({ units: "metric", m: "{n}" });
/** @param {() => Record<string, string>} words */
export const sayLengthsWith = (words) => (lengths = words);
/** @param {Fields[string]} meters */
export function lengthText(meters) {
  const words = lengths();
  if (typeof meters !== "number") return String(meters);
  if (words.units === "metric") return sentence(words.m, { n: meters });
  const whole = Math.floor(meters + 0.5);
  if (whole >= MILE_M) return sentence(words.mi, { n: Math.floor((100 * whole) / MILE_M + 0.5) / 100 });
  return sentence(words.ft, { n: FEET_STEP * Math.floor(whole / FOOT_M / FEET_STEP + 0.5) });
}
/** @param {Fields[string]} meters */
export function limitText(meters) {
  if (typeof meters !== "number") return String(meters);
  const words = lengths();
  const quarters = Math.floor((4 * meters) / MILE_M + 0.5);
  const off = Math.abs((quarters * MILE_M) / 4 - meters) > QUARTER_SLACK_M;
  if (words.units === "metric" || !quarters || off) return lengthText(meters);
  if (quarters === 4) return words.one;
  const whole = Math.floor(quarters / 4);
  return sentence(whole ? words.more : words.part, { whole, part: ["", "¼", "½", "¾"][quarters % 4] });
}

/**
 * A time of day by its minute, on a clock of 24 or 12 hours.
 * @param {number} minute
 */
export function clockText(minute) {
  const words = lengths();
  const [hour, rest] = [Math.floor(minute / 60), minute % 60];
  const minutes = `:${String(rest).padStart(2, "0")}`;
  if (words.clock !== "12") return `${String(hour).padStart(2, "0")}${minutes}`;
  const time = ((hour + 11) % 12) + 1 + minutes;
  return sentence(hour % 24 >= 12 ? words.pm : words.am, { time });
}

/* Numbers are written as in an example: "1,234.5", "1.234,5". */
let marks = { thousands: ",", decimal: "." };
/** @param {string} example */
export function writeNumbersLike(example) {
  marks = { thousands: example[1], decimal: example[example.length - 2] };
}

/** @param {Fields[string]} value */
export function grouped(value) {
  if (typeof value !== "number") return String(value);
  if (!Number.isInteger(value)) return String(value).replace(".", marks.decimal);
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, marks.thousands);
}

/** @param {number} value */
export const tenthsText = (value) => value.toFixed(1).replace(".", marks.decimal);
