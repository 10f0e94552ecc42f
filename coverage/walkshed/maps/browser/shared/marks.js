/* The marks that stand for states and tiers, drawn the same on the map, in the legend and in the panels. */
import { svg } from "./elements.js";

export const LOOKS = ["served", "partly", "not_served", "unknown", "by_list", "doubt", "closed"];
/** @param {string} look */
export const fillOf = (look) => `url(#fill-${look})`;

/** @param {string} look @param {number} width @param {number} height */
export const swatch = (look, width, height) =>
  svg(
    "svg",
    { width, height, "aria-hidden": "true" },
    svg("rect", {
      class: `swatch ${look}`,
      x: 0.75,
      y: 0.75,
      width: width - 1.5,
      height: height - 1.5,
      rx: 1.5,
      fill: fillOf(look),
    }),
  );

/** @param {number} radius */
function star(radius) {
  const points = [];
  for (let i = 0; i < 10; i += 1) {
    const r = i % 2 ? radius * 0.46 : radius;
    const angle = (Math.PI / 5) * i - Math.PI / 2;
    points.push(`${(r * Math.cos(angle)).toFixed(2)},${(r * Math.sin(angle)).toFixed(2)}`);
  }
  return svg("polygon", { class: "shape", points: points.join(" "), "stroke-linejoin": "round" });
}

/** @type {Record<string, () => SVGElement>} */
const SHAPES = {
  hub: () => star(13),
  center: () => svg("rect", { class: "shape", x: -6.5, y: -6.5, width: 13, height: 13, rx: 1 }),
  micro: () => svg("circle", { class: "shape", r: 5 }),
  compound: () => svg("polygon", { class: "shape", points: "0,-7 7,0 0,7 -7,0", "stroke-linejoin": "round" }),
};

export const TIERS = Object.keys(SHAPES);

/**
 * The tier's shape in the middle of a box of so many pixels.
 * @param {string} tier
 * @param {number} width
 */
export const tierMark = (tier, width, height = width) =>
  svg(
    "svg",
    { width, height, viewBox: `${-width / 2} ${-height / 2} ${width} ${height}`, "aria-hidden": "true" },
    svg("circle", { class: "ring", r: tier === "hub" ? 17 : 12 }),
    SHAPES[tier](),
  );
