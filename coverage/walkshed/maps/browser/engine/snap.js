/* Where a placed station meets the streets (walk/anchors.py): the feet of the perpendiculars on the nearest usable
   edges, found through a grid over the straight segments. */
import { rint, TICKS } from "./plane.js";
/** @import { Finder, FoundAnchor, Shape } from "../types" */

const CELL_M = 64;

/**
 * The streets: vertices with the meters along their edge, from (first vertex of each edge, and the end), ends: the
 * nodes at which edges start and end.
 * @typedef {Shape & {
 *   edgeTicks: Float64Array,
 *   ends: [Int32Array, Int32Array],
 *   usable: (edge: number) => boolean,
 *   isPrivate: (edge: number) => boolean,
 * }} SnapShape
 */

/**
 * Returns a finder of the anchors of a place, none beyond its last argument in meters. Of feet equally near none is
 * preferred: each is an anchor.
 * @param {SnapShape} shape
 * @returns {Finder}
 */
export function makeSnap(shape) {
  const grid = makeGrid(shape);
  return (px, py, maxSnapM) => {
    if (!grid.items.length) return [];
    const { least, ring } = nearest(shape, grid, px, py, Math.ceil(maxSnapM / CELL_M) + 1);
    if (least === Infinity) return [];
    const found = new Map(); /* by vertex: a long segment lies in several cells */
    for (let r = 0; r <= ring; r += 1) {
      near(grid, px, py, r, (v) => {
        if (away(shape, px, py, v) <= least + 1 / TICKS) found.set(v, anchorOn(shape, grid, px, py, v));
      });
    }
    const anchors = equallyNear(shape, [...found.values()]);
    return anchors[0].leg <= maxSnapM * TICKS ? anchors : [];
  };
}

/**
 * The segments that lie in each cell: those of cell c are items[start[c]] up to items[start[c + 1]], each by the vertex
 * at which it begins.
 * @typedef {object} Grid
 * @property {Int32Array} edgeOf of the segment that begins at a vertex, -1 for none
 * @property {number} west
 * @property {number} south
 * @property {number} columns
 * @property {number} rows
 * @property {Int32Array} start
 * @property {Int32Array} items
 */

/** @param {Grid} grid @param {number} x */
const columnAt = ({ west }, x) => Math.floor((x - west) / CELL_M);
/** @param {Grid} grid @param {number} y */
const rowAt = ({ south }, y) => Math.floor((y - south) / CELL_M);

/** @param {SnapShape} shape @returns {Grid} */
function makeGrid(shape) {
  const { x, y, from, usable } = shape;
  const edgeOf = new Int32Array(x.length).fill(-1);
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let e = 0; e + 1 < from.length; e += 1) {
    for (let v = from[e]; v < from[e + 1]; v += 1) {
      if (usable(e) && v + 1 < from[e + 1]) edgeOf[v] = e;
      west = Math.min(west, x[v]);
      east = Math.max(east, x[v]);
      south = Math.min(south, y[v]);
      north = Math.max(north, y[v]);
    }
  }
  const columns = Math.max(1, Math.ceil((east - west) / CELL_M) + 1);
  const rows = Math.max(1, Math.ceil((north - south) / CELL_M) + 1);
  const start = new Int32Array(rows * columns + 1);
  const grid = { edgeOf, west, south, columns, rows, start, items: new Int32Array(0) };
  eachCell(shape, grid, (cell) => (start[cell + 1] += 1));
  for (let cell = 0; cell < rows * columns; cell += 1) start[cell + 1] += start[cell];
  const next = start.slice(0, rows * columns);
  grid.items = new Int32Array(start[rows * columns]);
  eachCell(shape, grid, (cell, v) => (grid.items[next[cell]++] = v));
  return grid;
}

/**
 * Every cell of the box around each segment; long slanting segments are rare.
 * @param {SnapShape} shape
 * @param {Grid} grid
 * @param {(cell: number, v: number) => void} see
 */
function eachCell({ x, y }, grid, see) {
  for (let v = 0; v < grid.edgeOf.length; v += 1) {
    if (grid.edgeOf[v] < 0) continue;
    const left = columnAt(grid, Math.min(x[v], x[v + 1]));
    const right = columnAt(grid, Math.max(x[v], x[v + 1]));
    const low = rowAt(grid, Math.min(y[v], y[v + 1]));
    const high = rowAt(grid, Math.max(y[v], y[v + 1]));
    for (let row = low; row <= high; row += 1) {
      for (let column = left; column <= right; column += 1) see(row * grid.columns + column, v);
    }
  }
}

/**
 * The segments in the cells of a ring around a place.
 * @param {Grid} grid
 * @param {number} px
 * @param {number} py
 * @param {number} ring
 * @param {(v: number) => void} see
 */
function near(grid, px, py, ring, see) {
  const { columns, rows, start, items } = grid;
  const column = columnAt(grid, px);
  const row = rowAt(grid, py);
  for (let r = row - ring; r <= row + ring; r += 1) {
    if (r < 0 || r >= rows) continue;
    const step = r === row - ring || r === row + ring ? 1 : Math.max(1, 2 * ring);
    for (let c = column - ring; c <= column + ring; c += step) {
      if (c < 0 || c >= columns) continue;
      const cell = r * columns + c;
      for (let i = start[cell]; i < start[cell + 1]; i += 1) see(items[i]);
    }
  }
}

/**
 * How far the nearest segment is, and the last ring of cells that may hold one as near.
 * @param {SnapShape} shape
 * @param {Grid} grid
 * @param {number} px
 * @param {number} py
 * @param {number} rings
 */
function nearest(shape, grid, px, py, rings) {
  let least = Infinity;
  let ring = 0;
  for (; ring <= rings; ring += 1) {
    near(grid, px, py, ring, (v) => (least = Math.min(least, away(shape, px, py, v))));
    if (least + 1 / TICKS <= ring * CELL_M) break;
  }
  return { least, ring: Math.min(ring, rings) };
}

/**
 * How far along a segment the foot of a place lies.
 * @param {SnapShape} shape
 * @param {number} px
 * @param {number} py
 * @param {number} v
 */
function fraction({ x, y }, px, py, v) {
  const dx = x[v + 1] - x[v];
  const dy = y[v + 1] - y[v];
  const squared = dx * dx + dy * dy;
  return Math.min(1, Math.max(0, ((px - x[v]) * dx + (py - y[v]) * dy) / (squared > 0 ? squared : 1)));
}

/** @param {SnapShape} shape @param {number} v @param {number} share */
function foot({ x, y }, v, share) {
  if (share === 1) return [x[v + 1], y[v + 1]];
  return [x[v] + share * (x[v + 1] - x[v]), y[v] + share * (y[v + 1] - y[v])];
}

/**
 * No Math.hypot: each step is rounded as in Python.
 * @param {number} dx
 * @param {number} dy
 */
const straight = (dx, dy) => Math.sqrt(dx * dx + dy * dy);

/** @param {SnapShape} shape @param {number} px @param {number} py @param {number} v */
function away(shape, px, py, v) {
  const [fx, fy] = foot(shape, v, fraction(shape, px, py, v));
  return straight(px - fx, py - fy);
}

/**
 * @param {SnapShape} shape
 * @param {Grid} grid
 * @param {number} px
 * @param {number} py
 * @param {number} v
 * @returns {FoundAnchor}
 */
function anchorOn(shape, { edgeOf }, px, py, v) {
  const { meters, edgeTicks } = shape;
  const share = fraction(shape, px, py, v);
  const [fx, fy] = foot(shape, v, share);
  const edge = edgeOf[v];
  const walked = meters[v] + share * (meters[v + 1] - meters[v]);
  return {
    edge,
    offset: Math.min(edgeTicks[edge], Math.max(0, rint(walked * TICKS))),
    leg: rint(straight(px - fx, py - fy) * TICKS),
    vertex: v,
    share,
    x: fx,
    y: fy,
  };
}

/**
 * All that are equally near; streets that join in the very foot are met once there, on a private one if there is one:
 * from its beginning a walk may go on along any.
 * @param {SnapShape} shape
 * @param {FoundAnchor[]} found
 */
function equallyNear(shape, found) {
  const { isPrivate } = shape;
  const before = (/** @type {FoundAnchor} */ a, /** @type {FoundAnchor} */ b) =>
    a.leg - b.leg ||
    Number(isPrivate(b.edge)) - Number(isPrivate(a.edge)) ||
    a.edge - b.edge ||
    a.offset - b.offset;
  const [{ leg }] = found.sort(before);
  const places = new Set();
  return found.filter((anchor) => {
    const node = nodeOf(shape, anchor);
    const place = node >= 0 ? `n${node}` : `${anchor.edge} ${anchor.offset}`;
    if (anchor.leg !== leg || places.has(place)) return false;
    places.add(place);
    return true;
  });
}

/**
 * The node at which an anchor lies, -1 for none.
 * @param {SnapShape} shape
 * @param {FoundAnchor} anchor
 */
function nodeOf({ edgeTicks, ends }, { edge, offset }) {
  if (offset === 0) return ends[0][edge];
  return offset === edgeTicks[edge] ? ends[1][edge] : -1;
}
