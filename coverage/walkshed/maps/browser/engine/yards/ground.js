/* The grounds of compounds (needs/exits/yards.py): who stands inside, and which straight walks cross what. Sums, products and
   comparisons alone, each rounded as in Python. */
import { starts } from "../decode.js";
/** @import { Columns, Segments, Yards } from "../../types" */

/** @typedef {[number, number, number, number]} Walk from x, y to x, y */

const STEPS_PER_M = 64;
const ON_EDGE_M = 1;

/**
 * Those of yard i are edges edgeStart[i] to edgeStart[i + 1], and what parts its ground divides divideStart[i] to
 * divideStart[i + 1]. Its mapped ways are parts of edges.
 * @param {Columns} parts
 * @returns {Yards}
 */
export function readYards(parts) {
  const yards = parts.yard_block.length;
  const ways = { edge: parts.way_edge, low: parts.way_low, high: parts.way_high };
  return {
    block: parts.yard_block,
    walled: parts.yard_walled,
    ...readEdges(parts, yards),
    divides: readDivides(parts),
    divideStart: starts(parts.yard_divides),
    ways,
    wayStart: starts(parts.yard_ways),
  };
}

/**
 * Lines from x0, y0 to x1, y1.
 * @param {number} count
 * @returns {Segments}
 */
const makeLines = (count) => ({
  x0: new Float64Array(count),
  y0: new Float64Array(count),
  x1: new Float64Array(count),
  y1: new Float64Array(count),
});

/** @param {Columns} parts @param {number} yards */
function readEdges(parts, yards) {
  const edges = makeLines(parts.ring_x.length);
  const edgeStart = new Int32Array(yards + 1);
  for (let i = 0, ring = 0, at = 0; i < yards; i += 1) {
    for (let r = 0; r < parts.yard_rings[i]; r += 1, ring += 1) {
      const count = parts.ring_lines[ring];
      for (let k = 0; k < count; k += 1) {
        const [from, to] = [at + k, at + ((k + 1) % count)];
        edges.x0[from] = parts.ring_x[from] / STEPS_PER_M;
        edges.y0[from] = parts.ring_y[from] / STEPS_PER_M;
        edges.x1[from] = parts.ring_x[to] / STEPS_PER_M;
        edges.y1[from] = parts.ring_y[to] / STEPS_PER_M;
      }
      at += count;
    }
    edgeStart[i + 1] = at;
  }
  return { edges, edgeStart };
}

/** @param {Columns} parts */
function readDivides(parts) {
  const divides = makeLines(parts.divide_x.length);
  for (let k = 0; k < divides.x0.length; k += 1) {
    divides.x0[k] = parts.divide_x[k] / STEPS_PER_M;
    divides.y0[k] = parts.divide_y[k] / STEPS_PER_M;
    divides.x1[k] = (parts.divide_x[k] + parts.divide_dx[k]) / STEPS_PER_M;
    divides.y1[k] = (parts.divide_y[k] + parts.divide_dy[k]) / STEPS_PER_M;
  }
  return divides;
}

/**
 * Whether a place lies within the edge of a yard (even-odd rule), and off all of it by 1 m.
 * @param {Yards} yards
 * @param {number} yard
 * @param {number} x
 * @param {number} y
 */
export function holds({ edges, edgeStart }, yard, x, y) {
  const { x0, y0, x1, y1 } = edges;
  let odd = false;
  for (let k = edgeStart[yard]; k < edgeStart[yard + 1]; k += 1) {
    const straddles = y0[k] > y !== y1[k] > y;
    if (straddles && x < ((x1[k] - x0[k]) * (y - y0[k])) / (y1[k] - y0[k]) + x0[k]) odd = !odd;
    const alongX = x1[k] - x0[k];
    const alongY = y1[k] - y0[k];
    const squared = alongX * alongX + alongY * alongY;
    const share = Math.min(1, Math.max(0, ((x - x0[k]) * alongX + (y - y0[k]) * alongY) / squared));
    const awayX = x - (x0[k] + share * alongX);
    const awayY = y - (y0[k] + share * alongY);
    if (awayX * awayX + awayY * awayY <= ON_EDGE_M * ON_EDGE_M) return false;
  }
  return odd;
}

/** @param {number} dx @param {number} dy @param {number} toX @param {number} toY */
const rightOf = (dx, dy, toX, toY) => dx * toY - dy * toX < 0;

/**
 * Whether a straight walk crosses one of some lines.
 * @param {Segments} lines
 * @param {number} from
 * @param {number} to
 * @param {Walk} walk
 */
export function crosses({ x0, y0, x1, y1 }, from, to, [ax, ay, bx, by]) {
  for (let k = from; k < to; k += 1) {
    const endsApart =
      rightOf(bx - ax, by - ay, x0[k] - ax, y0[k] - ay) !== rightOf(bx - ax, by - ay, x1[k] - ax, y1[k] - ay);
    if (!endsApart) continue;
    const [u, v] = [x1[k] - x0[k], y1[k] - y0[k]];
    if (rightOf(u, v, ax - x0[k], ay - y0[k]) !== rightOf(u, v, bx - x0[k], by - y0[k])) return true;
  }
  return false;
}
