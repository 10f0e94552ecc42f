/* Elements made from data: text is always a text node, so a name can never become markup. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
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

  walkshed.html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  walkshed.svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  /* A color of colors.css by its name, for what is drawn on a canvas. */
  walkshed.color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  /* "{n} {n:block|blocks}" with its numbers grouped by thousands, and the word for one or for more; unknown fields stay as they are. */
  walkshed.sentence = (template, fields) =>
    template.replace(/\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g, (whole, name, one, more) => {
      if (!fields || !(name in fields)) return whole;
      const said = walkshed.number(fields[name]);
      if (one === undefined) return said;
      return said === "1" ? one : more;
    });

  walkshed.number = (value) =>
    typeof value === "number" && Number.isInteger(value)
      ? String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",")
      : String(value);
})();
