/* Many shapes as the paths of one SVG element that follows the map, without an object of Leaflet's for each. */
import { svg } from "../shared/elements.js";
import { unpackLine } from "../shared/unpack.js";
/** @import { At } from "../types" */

/**
 * @typedef {object} ShapeOptions
 * @property {string} pane
 * @property {number} padding
 * @property {number} radius pixels of the circle that stands for a shape without polygons
 * @property {(path: SVGElement, index: number) => void} dress called once for each path as it is made
 */

/**
 * @typedef {L.Layer & {
 *   paths: SVGElement[],
 *   toFront: (index: number) => void,
 *   boundsOf: (index: number) => L.LatLngBounds,
 * }} DrawnShapes
 */

/** @typedef {{ rings: Float64Array[], middle: Float64Array }} Kept */
/** @typedef {{ shape: string[][], middle: At }} Outlined packed polygons, perhaps none */

const ZOOM = 16; /* of the pixels in which shapes are kept */
const FINEST = 0.7; /* pixels between two corners of an outline */

/**
 * Millionths of degrees to pixels of a zoom, as Leaflet's spherical Mercator has them.
 * @param {number} zoom
 */
export function mercator(zoom) {
  const size = 256 * 2 ** zoom;
  const radians = Math.PI / 180e6;
  return (/** @type {number} */ lat, /** @type {number} */ lon) => [
    size * (0.5 + lon / 360e6),
    size * (0.5 - Math.atanh(Math.sin(lat * radians)) / (2 * Math.PI)),
  ];
}

/**
 * @param {Outlined[]} shapes
 * @param {ShapeOptions} options
 * @returns {DrawnShapes}
 */
export const makeShapes = (shapes, options) => new /** @type {any} */ (Shapes)(shapes, options);

const RENDERER = /** @type {any} */ (L.SVG).prototype; /* what is its own, the types of Leaflet do not tell */
const Shapes = L.SVG.extend({
  /** @this {any} @param {Outlined[]} shapes @param {ShapeOptions} options */
  initialize(shapes, options) {
    RENDERER.initialize.call(this, options);
    const project = mercator(ZOOM);
    const kept = (/** @type {At[]} */ points) => {
      const flat = new Float64Array(2 * points.length);
      points.forEach(([lat, lon], i) => flat.set(project(lat * 1e6, lon * 1e6), 2 * i));
      return flat;
    };
    this._kept = shapes.map(({ shape, middle }) => ({
      rings: shape.flatMap((polygon) => polygon.map((ring) => kept(unpackLine(ring)))),
      middle: kept([middle]),
    }));
    this.paths = shapes.map((_, index) => {
      const path = svg("path", { class: "leaflet-interactive", "fill-rule": "evenodd" });
      options.dress(path, index);
      return path;
    });
  },
  /** @this {any} */
  _initContainer() {
    RENDERER._initContainer.call(this);
    this._rootGroup.append(...this.paths);
  },
  /** @this {any} */
  onAdd() {
    RENDERER.onAdd.call(this);
    this._trace();
  },
  /** @this {any} */
  _reset() {
    RENDERER._reset.call(this);
    this._trace();
  },
  /** @this {any} */
  _onZoomEnd() {
    this._trace();
  },
  _updatePaths() {},
  /** @this {any} */
  _trace() {
    const scale = 2 ** (this._map.getZoom() - ZOOM);
    const origin = this._map.getPixelOrigin();
    this._kept.forEach((/** @type {Kept} */ one, /** @type {number} */ index) =>
      this.paths[index].setAttribute("d", outline(one, scale, origin, this.options)),
    );
  },
  /** @this {any} @param {number} index */
  toFront(index) {
    const path = this.paths[index];
    if (!path.nextSibling) return;
    /* a path that is moved loses the focus, and with it whoever walks by keyboard */
    const focused = document.activeElement === path;
    path.parentNode.append(path);
    if (focused) path.focus({ preventScroll: true });
  },
  /** @this {any} @param {number} index */
  boundsOf(index) {
    const { rings, middle } = this._kept[index];
    const bounds = L.bounds([]);
    for (const ring of rings.length ? rings : [middle])
      for (let i = 0; i < ring.length; i += 2) bounds.extend([ring[i], ring[i + 1]]);
    const [one, other] = [bounds.min, bounds.max].map((corner) => this._map.unproject(corner, ZOOM));
    return L.latLngBounds(one, other);
  },
});

/**
 * @param {Kept} shape
 * @param {number} scale
 * @param {L.Point} origin
 * @param {{ radius: number }} options
 */
function outline({ rings, middle }, scale, origin, { radius }) {
  const tenth = (/** @type {number} */ value, /** @type {number} */ from) =>
    Math.round((value * scale - from) * 10) / 10;
  if (!rings.length) {
    const [x, y] = [tenth(middle[0], origin.x), tenth(middle[1], origin.y)];
    const half = `a${radius},${radius} 0 1,0 `;
    return `M${x - radius},${y}${half}${2 * radius},0${half}${-2 * radius},0z`;
  }
  let text = "";
  for (const ring of rings) {
    let [lastX, lastY] = [Infinity, Infinity];
    for (let i = 0; i < ring.length; i += 2) {
      const x = tenth(ring[i], origin.x);
      const y = tenth(ring[i + 1], origin.y);
      if (Math.abs(x - lastX) < FINEST && Math.abs(y - lastY) < FINEST) continue;
      text += `${lastX === Infinity ? "M" : "L"}${x} ${y}`;
      [lastX, lastY] = [x, y];
    }
    text += "z";
  }
  return text;
}
