/* Squares as the page carries them (maps/payload/whatif/squares.py): outlines, corners, entries, and who stands there. */
import { starts } from "../decode.js";
import { makePlane } from "../plane.js";
/** @import { Network } from "../../payload" */
/** @import { Columns, Outlines, Residents, Square, SquarePlace } from "../../types" */

export const ON_OUTLINE_M = 0.01;

/** @param {Network} packed @param {Columns} parts @returns {Outlines} */
export function readOutlines(packed, parts) {
  const plane = makePlane(packed.plane);
  const count = parts.square_lat.length;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let v = 0; v < count; v += 1) [x[v], y[v]] = plane(parts.square_lat[v] / 1e7, parts.square_lon[v] / 1e7);
  const ringFrom = starts(parts.ring_size);
  const next = Int32Array.from({ length: count }, (_, v) => v + 1);
  for (let r = 0; r + 1 < ringFrom.length; r += 1) next[ringFrom[r + 1] - 1] = ringFrom[r];

  const rings = starts(parts.square_rings);
  const cornerFrom = starts(parts.square_corners);
  const entryFrom = starts(parts.square_entries);
  let at = 0;
  /** @type {Square[]} */
  const squares = Array.from(parts.square_rings, (_, number) => {
    const first = ringFrom[rings[number]];
    const last = ringFrom[rings[number + 1]];
    const corners = parts.corner_vertex.slice(cornerFrom[number], cornerFrom[number + 1]).map((v) => first + v);
    const between = betweenCorners(parts.between, at, corners.length);
    at += (corners.length * (corners.length - 1)) / 2;
    const entries = entriesOf(parts, entryFrom[number], entryFrom[number + 1]);
    return { first, last, corners, between, entries, box: boxOf(x, y, first, last) };
  });
  return { x, y, next, squares };
}

/**
 * Ticks between the corners of a square, both ways, from a list of pairs.
 * @param {Float64Array} ticks
 * @param {number} at
 * @param {number} size
 */
function betweenCorners(ticks, at, size) {
  const between = new Float64Array(size * size);
  for (let one = 0, pair = at; one < size; one += 1) {
    for (let other = one + 1; other < size; other += 1, pair += 1) {
      between[one * size + other] = between[other * size + one] = ticks[pair] < 0 ? Infinity : ticks[pair];
    }
  }
  return between;
}

/** @param {Columns} parts @param {number} from @param {number} to */
function entriesOf(parts, from, to) {
  const entries = [];
  for (let e = from; e < to; e += 1)
    entries.push({ corner: parts.entry_corner[e], edge: parts.entry_edge[e], end: parts.entry_offset[e] });
  return entries;
}

/** @param {Float64Array} x @param {Float64Array} y @param {number} first @param {number} last */
function boxOf(x, y, first, last) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let v = first; v < last; v += 1) {
    box[0] = Math.min(box[0], x[v] - ON_OUTLINE_M);
    box[1] = Math.min(box[1], y[v] - ON_OUTLINE_M);
    box[2] = Math.max(box[2], x[v] + ON_OUTLINE_M);
    box[3] = Math.max(box[3], y[v] + ON_OUTLINE_M);
  }
  return box;
}

/**
 * Places on squares: of exits, and for each anchor of a station its place, or null.
 * @param {Columns} parts
 * @returns {{ exits: Residents["standing"], anchors: (SquarePlace | null)[] }}
 */
export function readPlaces(parts) {
  const list = (/** @type {string} */ name) =>
    Array.from(parts[`${name}_square`], (square, i) => ({
      square,
      x: parts[`${name}_x`][i],
      y: parts[`${name}_y`][i],
      leg: parts[`${name}_leg`][i],
    }));
  const sites = list("site");
  return {
    exits: list("standing").map((place, i) => ({ ...place, exit: parts.standing_exit[i] })),
    anchors: Array.from(parts.anchor_site, (site) => (site < 0 ? null : sites[site])),
  };
}
