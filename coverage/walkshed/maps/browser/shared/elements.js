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

  /* "{n} people" with its numbers grouped by thousands; unknown fields stay as they are. */
  walkshed.sentence = (template, fields) =>
    template.replace(/\{(\w+)\}/g, (whole, name) => (fields && name in fields ? walkshed.number(fields[name]) : whole));

  /* Numbers are written as in an example: "1,234.5", "1.234,5". */
  let marks = { thousands: ",", decimal: "." };
  walkshed.writeNumbersLike = (example) => {
    marks = { thousands: example[1], decimal: example[example.length - 2] };
  };

  walkshed.number = (value) => {
    if (typeof value !== "number") return String(value);
    if (!Number.isInteger(value)) return String(value).replace(".", marks.decimal);
    return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, marks.thousands);
  };

  walkshed.tenths = (value) => value.toFixed(1).replace(".", marks.decimal);
})();
