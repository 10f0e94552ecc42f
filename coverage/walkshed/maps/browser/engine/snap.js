/* Where a placed station meets the streets (walk/anchors.py): the feet of the perpendiculars on the nearest usable
   edges, found through a grid over the straight segments. */
import { rint, TICKS } from "./plane.js";

const CELL_M = 64;

/* shape: x, y, meters (along its edge) per vertex, from (first vertex of each edge, and the end), ends: the nodes at which edges
   start and end, usable(edge), isPrivate(edge). */
export function makeSnap({ x, y, meters, from, edgeTicks, ends, usable, isPrivate }) {
  const edgeOf = new Int32Array(x.length).fill(-1); /* of the segment that begins at a vertex */
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
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
  const cellX = (value) => Math.floor((value - west) / CELL_M);
  const cellY = (value) => Math.floor((value - south) / CELL_M);

  /* every cell of the box around a segment; long slanting segments are rare */
  const visit = (v, see) => {
    const left = cellX(Math.min(x[v], x[v + 1]));
    const right = cellX(Math.max(x[v], x[v + 1]));
    const low = cellY(Math.min(y[v], y[v + 1]));
    const high = cellY(Math.max(y[v], y[v + 1]));
    for (let row = low; row <= high; row += 1) {
      for (let column = left; column <= right; column += 1) see(row * columns + column);
    }
  };
  const start = new Int32Array(rows * columns + 1);
  for (let v = 0; v < edgeOf.length; v += 1) if (edgeOf[v] >= 0) visit(v, (cell) => (start[cell + 1] += 1));
  for (let cell = 0; cell < rows * columns; cell += 1) start[cell + 1] += start[cell];
  const next = start.slice(0, rows * columns);
  const items = new Int32Array(start[rows * columns]);
  for (let v = 0; v < edgeOf.length; v += 1) if (edgeOf[v] >= 0) visit(v, (cell) => (items[next[cell]++] = v));

  function fraction(px, py, v) {
    const dx = x[v + 1] - x[v];
    const dy = y[v + 1] - y[v];
    const squared = dx * dx + dy * dy;
    return Math.min(1, Math.max(0, ((px - x[v]) * dx + (py - y[v]) * dy) / (squared > 0 ? squared : 1)));
  }

  function foot(v, share) {
    if (share === 1) return [x[v + 1], y[v + 1]];
    return [x[v] + share * (x[v + 1] - x[v]), y[v] + share * (y[v + 1] - y[v])];
  }

  function near(px, py, ring, see) {
    const column = cellX(px);
    const row = cellY(py);
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

  /* no Math.hypot: each step is rounded as in Python */
  const straight = (dx, dy) => Math.sqrt(dx * dx + dy * dy);

  function anchorOn(px, py, v) {
    const share = fraction(px, py, v);
    const [fx, fy] = foot(v, share);
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

  const before = (a, b) =>
    a.leg - b.leg || isPrivate(b.edge) - isPrivate(a.edge) || a.edge - b.edge || a.offset - b.offset;
  const nodeOf = ({ edge, offset }) =>
    offset === 0 ? ends[0][edge] : offset === edgeTicks[edge] ? ends[1][edge] : -1;

  /* All that are equally near; streets that join in the very foot are met once there, on a private one if there is
     one: from its beginning a walk may go on along any. */
  function equallyNear(found) {
    const [{ leg }] = found.sort(before);
    const places = new Set();
    return found.filter((anchor) => {
      const node = nodeOf(anchor);
      const place = node >= 0 ? `n${node}` : `${anchor.edge} ${anchor.offset}`;
      if (anchor.leg !== leg || places.has(place)) return false;
      places.add(place);
      return true;
    });
  }

  /* The anchors {edge, offset, leg (ticks), vertex, share} of a place, none beyond maxSnapM. Of feet equally near none
     is preferred: each is an anchor. */
  return (px, py, maxSnapM) => {
    if (!items.length) return [];
    let best = Infinity;
    const rings = Math.ceil(maxSnapM / CELL_M) + 1;
    let ring = 0;
    for (; ring <= rings; ring += 1) {
      near(px, py, ring, (v) => {
        const [fx, fy] = foot(v, fraction(px, py, v));
        best = Math.min(best, straight(px - fx, py - fy));
      });
      if (best + 1 / TICKS <= ring * CELL_M) break;
    }
    if (best === Infinity) return [];
    const found = new Map(); /* by vertex: a long segment lies in several cells */
    for (let r = 0; r <= Math.min(ring, rings); r += 1) {
      near(px, py, r, (v) => {
        const [fx, fy] = foot(v, fraction(px, py, v));
        if (straight(px - fx, py - fy) <= best + 1 / TICKS) found.set(v, anchorOn(px, py, v));
      });
    }
    const anchors = equallyNear([...found.values()]);
    return anchors[0].leg <= maxSnapM * TICKS ? anchors : [];
  };
}
