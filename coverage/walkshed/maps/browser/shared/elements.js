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

  /* "{n} {n:block|blocks}" with its numbers grouped by thousands, and the word for one or for more; "{n_length}" and
     "{n_limit}" are meters n in the units of the page. Unknown fields stay as they are. */
  walkshed.sentence = (template, fields) =>
    template.replace(/\{(\w+?)(?:_(length|limit)|:([^{}|]*)\|([^{}|]*))?\}/g, (whole, name, unit, one, more) => {
      if (!fields || !(name in fields)) return whole;
      if (unit) return walkshed[unit](fields[name]);
      const said = walkshed.number(fields[name]);
      if (one === undefined) return said;
      return said === "1" ? one : more;
    });

  /* Meters as words/quantities.py says them: feet to the next five and miles, or quarters of a mile for limits. */
  const [FOOT_M, MILE_M, FEET_STEP, QUARTER_SLACK_M] = [0.3048, 1609.344, 5, 1];
  let lengths = () => ({ units: "metric", m: "{n}" });
  walkshed.sayLengthsWith = (words) => (lengths = words);
  walkshed.length = (meters) => {
    const words = lengths();
    if (typeof meters !== "number") return String(meters);
    if (words.units === "metric") return walkshed.sentence(words.m, { n: meters });
    const whole = Math.floor(meters + 0.5);
    if (whole >= MILE_M) return walkshed.sentence(words.mi, { n: Math.floor((100 * whole) / MILE_M + 0.5) / 100 });
    return walkshed.sentence(words.ft, { n: FEET_STEP * Math.floor(whole / FOOT_M / FEET_STEP + 0.5) });
  };
  walkshed.limit = (meters) => {
    const words = lengths();
    const quarters = Math.floor((4 * meters) / MILE_M + 0.5);
    const off = Math.abs((quarters * MILE_M) / 4 - meters) > QUARTER_SLACK_M;
    if (words.units === "metric" || !quarters || off) return walkshed.length(meters);
    if (quarters === 4) return words.one;
    const whole = Math.floor(quarters / 4);
    return walkshed.sentence(whole ? words.more : words.part, { whole, part: ["", "¼", "½", "¾"][quarters % 4] });
  };

  /* A time of day by its minute, on a clock of 24 or 12 hours. */
  walkshed.clockTime = (minute) => {
    const words = lengths();
    const [hour, rest] = [Math.floor(minute / 60), minute % 60];
    const minutes = `:${String(rest).padStart(2, "0")}`;
    if (words.clock !== "12") return `${String(hour).padStart(2, "0")}${minutes}`;
    const time = ((hour + 11) % 12) + 1 + minutes;
    return walkshed.sentence(hour % 24 >= 12 ? words.pm : words.am, { time });
  };

  walkshed.number = (value) =>
    typeof value === "number" && Number.isInteger(value)
      ? String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",")
      : String(value);
})();
