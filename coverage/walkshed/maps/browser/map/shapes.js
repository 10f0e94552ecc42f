/* Many shapes as the paths of one SVG element that follows the map, without an object of Leaflet's for each. */
import { svg } from "../shared/elements.js";
import { unpackLine } from "../shared/unpack.js";

const ZOOM = 16; /* of the pixels in which shapes are kept */
const FINEST = 0.7; /* pixels between two corners of an outline */

/* Millionths of degrees to pixels of a zoom, as Leaflet's spherical Mercator has them. */
export function mercator(zoom) {
  const size = 256 * 2 ** zoom;
  const radians = Math.PI / 180e6;
  return (lat, lon) => [
    size * (0.5 + lon / 360e6),
    size * (0.5 - Math.atanh(Math.sin(lat * radians)) / (2 * Math.PI)),
  ];
}

/* shapes: [{shape (packed polygons, perhaps none), middle}]; without polygons a circle of so many pixels. dress(path,
   index) is called once for each path as it is made. */
const RENDERER = /** @type {any} */ (L.SVG).prototype; /* what is its own, the types of Leaflet do not tell */
export const Shapes = L.SVG.extend({
  initialize(shapes, options) {
    RENDERER.initialize.call(this, options);
    const project = mercator(ZOOM);
    const kept = (points) => {
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
  _initContainer() {
    RENDERER._initContainer.call(this);
    this._rootGroup.append(...this.paths);
  },
  onAdd() {
    RENDERER.onAdd.call(this);
    this._trace();
  },
  _reset() {
    RENDERER._reset.call(this);
    this._trace();
  },
  _onZoomEnd() {
    this._trace();
  },
  _updatePaths() {},
  _trace() {
    const scale = 2 ** (this._map.getZoom() - ZOOM);
    const origin = this._map.getPixelOrigin();
    this._kept.forEach((one, index) =>
      this.paths[index].setAttribute("d", outline(one, scale, origin, this.options)),
    );
  },
  toFront(index) {
    const path = this.paths[index];
    if (!path.nextSibling) return;
    /* a path that is moved loses the focus, and with it whoever walks by keyboard */
    const focused = document.activeElement === path;
    path.parentNode.append(path);
    if (focused) path.focus({ preventScroll: true });
  },
  boundsOf(index) {
    const { rings, middle } = this._kept[index];
    const bounds = L.bounds([]);
    for (const ring of rings.length ? rings : [middle])
      for (let i = 0; i < ring.length; i += 2) bounds.extend([ring[i], ring[i + 1]]);
    return L.latLngBounds([bounds.min, bounds.max].map((corner) => this._map.unproject(corner, ZOOM)));
  },
});

function outline({ rings, middle }, scale, origin, { radius }) {
  const tenth = (value, from) => Math.round((value * scale - from) * 10) / 10;
  if (!rings.length) {
    const [x, y] = [tenth(middle[0], origin.x), tenth(middle[1], origin.y)];
    return `M${x - radius},${y}a${radius},${radius} 0 1,0 ${2 * radius},0a${radius},${radius} 0 1,0 ${-2 * radius},0z`;
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
