/* Streets, water and green of the study itself, on one canvas that takes no clicks.

   What is drawn is prepared once, in pixels of one zoom from one corner, as few paths as there are styles and cells; each
   view draws the cells in sight through a transform, so that no street is an object of its own. */
import { colorOf } from "../shared/elements.js";
import { unpackLines } from "../shared/unpack.js";
import { addPane } from "./panes.js";
import { mercator } from "./shapes.js";
/** @import { Lines, Study } from "../types" */

/** @typedef {(lat: number, lon: number) => [number, number]} Pixels */
/** @typedef {{ path: Path2D, left: number, right: number, top: number, bottom: number }} Cell */

const WATER = "water";
const GREEN = "grass";
const STREETS = [
  { color: "street-small", weight: 0.7 },
  { color: "street-middle", weight: 1.3 },
  { color: "street-large", weight: 2.4 },
];
const EDGE = { color: "doubt", weight: 1, dash: [7, 3, 1, 3] };
const ZOOM = 16; /* of the prepared pixels */
const CELL = 1024; /* pixels */
const FAINT = 0.28; /* pixels: thinner streets are not drawn */

/** @param {L.Map} map @param {Study} study */
export function drawGround(map, study) {
  addPane(map, "ground", 210);
  const streets = unpackLines(study.background.streets.lines);
  new (/** @type {any} */ (Ground))({ pane: "ground", padding: 0.3, drawing: prepare(study, streets) }).addTo(map);
  return streets;
}

/** @param {Study} study @param {Lines} streets */
function prepare(study, streets) {
  const ground = study.background;
  const [[, west], [north]] = study.bounds;
  const project = mercator(ZOOM);
  const corner = project(north * 1e6, west * 1e6);
  /** @type {Pixels} */
  const at = (lat, lon) => {
    const [x, y] = project(lat, lon);
    return [x - corner[0], y - corner[1]];
  };
  const drawn = (/** @type {string[]} */ texts, /** @type {boolean} */ closed) => {
    const path = new Path2D();
    const lines = unpackLines(texts);
    for (let i = 0; i < lines.count; i += 1) {
      trace(path, lines, i, at);
      if (closed) path.closePath();
    }
    return path;
  };
  const rings = (/** @type {string[]} */ texts) => drawn(texts, true);
  return {
    corner,
    areas: [
      [rings(ground.green.flat()), GREEN],
      [rings(ground.water.flat()), WATER],
    ],
    streets: STREETS.map((_, width) => gather(streets, ground.streets.width, String(width), at)),
    edge: ground.edge ? drawn(ground.edge, false) : null,
  };
}

/** @param {Path2D} path @param {Lines} lines @param {number} i @param {Pixels} at */
function trace(path, lines, i, at) {
  const begin = lines.from[i];
  for (let v = begin; v < lines.from[i + 1]; v += 1) {
    const [x, y] = at(lines.lat[v], lines.lon[v]);
    if (v === begin) path.moveTo(x, y);
    else path.lineTo(x, y);
  }
}

/**
 * The streets of one width by cells.
 * @param {Lines} streets
 * @param {string} widths
 * @param {string} width
 * @param {Pixels} at
 */
function gather(streets, widths, width, at) {
  /** @type {Map<number, Cell>} */
  const cells = new Map();
  for (let i = 0; i < streets.count; i += 1) {
    if (widths[i] !== width) continue;
    /** @type {Cell | undefined} */
    let cell;
    for (let v = streets.from[i]; v < streets.from[i + 1]; v += 1) {
      const [x, y] = at(streets.lat[v], streets.lon[v]);
      if (!cell) {
        const key = Math.floor(x / CELL) * 65536 + Math.floor(y / CELL);
        cell = cells.get(key);
        if (!cell) {
          cell = { path: new Path2D(), left: x, right: x, top: y, bottom: y };
          cells.set(key, cell);
        }
        cell.path.moveTo(x, y);
      } else {
        cell.path.lineTo(x, y);
      }
      if (x < cell.left) cell.left = x;
      else if (x > cell.right) cell.right = x;
      if (y < cell.top) cell.top = y;
      else if (y > cell.bottom) cell.bottom = y;
    }
  }
  return [...cells.values()];
}

/* Leaflet's renderer moves and scales the canvas with the map; what stands on it is drawn here. */
/* what is its own, the types of Leaflet do not tell */
const RENDERER = /** @type {any} */ (L.Renderer).prototype;
const Ground = L.Renderer.extend({
  /** @this {any} */
  _initContainer() {
    this._container = document.createElement("canvas");
    this._context = this._container.getContext("2d");
  },
  /** @this {any} */
  _destroyContainer() {
    this._container.remove();
    delete this._context;
  },
  _updatePaths() {},
  /** @this {any} */
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    RENDERER._update.call(this);
    const size = this._bounds.getSize();
    const fine = L.Browser.retina ? 2 : 1;
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = fine * size.x;
    this._container.height = fine * size.y;
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._draw(fine, size);
  },
  /** @this {any} @param {number} fine @param {L.Point} size */
  _draw(fine, size) {
    const { corner, areas, streets, edge } = this.options.drawing;
    const context = this._context;
    const zoom = this._map.getZoom();
    const scale = 2 ** (zoom - ZOOM);
    const shift = this._map.getPixelOrigin().add(this._bounds.min);
    const [left, top] = [corner[0] * scale - shift.x, corner[1] * scale - shift.y];
    context.setTransform(fine * scale, 0, 0, fine * scale, fine * left, fine * top);
    for (const [path, color] of areas) {
      context.fillStyle = colorOf(color);
      context.fill(path, "evenodd");
    }
    context.lineCap = "round";
    context.lineJoin = "round";
    /* streets broaden as the map comes closer */
    const broad = Math.min(3, Math.max(0.6, 1.5 ** (zoom - 15)));
    const outside = (/** @type {Cell} */ cell) =>
      cell.right * scale + left < 0 ||
      cell.bottom * scale + top < 0 ||
      cell.left * scale + left > size.x ||
      cell.top * scale + top > size.y;
    STREETS.forEach(({ color, weight }, width) => {
      if (weight * broad < FAINT) return;
      context.strokeStyle = colorOf(color);
      context.lineWidth = (weight * broad) / scale;
      for (const cell of streets[width]) if (!outside(cell)) context.stroke(cell.path);
    });
    if (!edge) return;
    context.strokeStyle = colorOf(EDGE.color);
    context.lineWidth = EDGE.weight / scale;
    context.setLineDash(EDGE.dash.map((/** @type {number} */ length) => length / scale));
    context.stroke(edge);
    context.setLineDash([]);
  },
});
