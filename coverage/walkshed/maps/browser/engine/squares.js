/* Squares are crossed straight (streets/squares/sight.py, walk/crossing.py): who stands on one walks to every entry, and to
   whoever else stands there, by the shortest line on the ground. Every step is a product, a sum or a root, as in Python. */
import { makePlane, rint, TICKS } from "./plane.js";

const SAME_M = 1e-6;
const ON_OUTLINE_M = 0.01;

/* parts: the sections of maps/payload/whatif/squares.py. Returns places(x, y): where a place lies on squares, as objects
   {square, x, y, leg}; ways(place): [entry, ticks] for every entry; across(from, to): ticks between two places. */
export function makeSquares(packed, parts) {
  const { x, y, next, squares } = readOutlines(packed, parts);

  /* The vertices that lie on the way of a straight line, by how far along it is each; null where a side crosses it. */
  function touched({ first, last }, px, py, qx, qy) {
    const found = [];
    const dx = qx - px;
    const dy = qy - py;
    const long = Math.sqrt(dx * dx + dy * dy);
    const slack = SAME_M * long;
    for (let v = first; v < last; v += 1) {
      const ax = x[v];
      const ay = y[v];
      const left = dx * (ay - py) - dy * (ax - px);
      if (left <= slack && left >= -slack) {
        const along = dx * (ax - px) + dy * (ay - py);
        if (along > slack && along < long * long - slack) found.push(along);
        continue;
      }
      const right = dx * (y[next[v]] - py) - dy * (x[next[v]] - px);
      if (left > 0 ? right >= -slack : right <= slack) continue;
      const ex = x[next[v]] - ax;
      const ey = y[next[v]] - ay;
      const room = SAME_M * Math.sqrt(ex * ex + ey * ey);
      const one = ex * (py - ay) - ey * (px - ax);
      const other = ex * (qy - ay) - ey * (qx - ax);
      if ((one > room && other < -room) || (one < -room && other > room)) return null;
    }
    return found;
  }

  function nearest({ first, last }, px, py) {
    let best = [Infinity, px, py];
    for (let v = first; v < last; v += 1) {
      const ex = x[next[v]] - x[v];
      const ey = y[next[v]] - y[v];
      const squared = ex * ex + ey * ey;
      const part = ((px - x[v]) * ex + (py - y[v]) * ey) / (squared > 0 ? squared : 1);
      const share = Math.min(1, Math.max(0, part));
      const fx = share === 1 ? x[next[v]] : x[v] + share * ex;
      const fy = share === 1 ? y[next[v]] : y[v] + share * ey;
      const far = Math.sqrt((px - fx) * (px - fx) + (py - fy) * (py - fy));
      if (far < best[0]) best = [far, fx, fy];
    }
    return best;
  }

  function onGround(square, px, py) {
    let inside = false;
    for (let v = square.first; v < square.last; v += 1) {
      const ay = y[v];
      const by = y[next[v]];
      if (ay > py === by > py) continue;
      if (x[v] + ((py - ay) / (by - ay)) * (x[next[v]] - x[v]) > px) inside = !inside;
    }
    return inside || nearest(square, px, py)[0] <= SAME_M;
  }

  const sees = (square, px, py, qx, qy) => {
    const found = touched(square, px, py, qx, qy);
    return found !== null && !found.length && onGround(square, px + 0.5 * (qx - px), py + 0.5 * (qy - py));
  };

  /* Whether a straight line lies on a square, which it may touch where it bends, or along a side. */
  const liesOn = (square, px, py, qx, qy) => {
    const found = touched(square, px, py, qx, qy);
    if (found === null) return false;
    const dx = qx - px;
    const dy = qy - py;
    const squared = Math.max(dx * dx + dy * dy, SAME_M * SAME_M);
    const shares = [0, ...found.map((along) => along / squared).sort((a, b) => a - b), 1];
    return shares.slice(1).every((share, i) => {
      const middle = 0.5 * (shares[i] + share);
      return onGround(square, px + middle * dx, py + middle * dy);
    });
  };
  const straight = (dx, dy) => rint(Math.sqrt(dx * dx + dy * dy) * TICKS);

  /* ticks straight to each corner of its square, Infinity to those that it does not see; worked out once */
  function toCorners(place) {
    if (!place.corners) {
      const square = squares[place.square];
      place.corners = Float64Array.from(square.corners, (v) =>
        sees(square, place.x, place.y, x[v], y[v]) ? straight(place.x - x[v], place.y - y[v]) : Infinity,
      );
    }
    return place.corners;
  }

  /* ticks from each corner to a place */
  const fromCorners = (place) => {
    const { between, corners } = squares[place.square];
    const own = toCorners(place);
    const size = corners.length;
    return Float64Array.from(corners, (_, c) => {
      let least = Infinity;
      for (let other = 0; other < size; other += 1) least = Math.min(least, between[c * size + other] + own[other]);
      return least;
    });
  };

  const places = (px, py) => {
    const found = [];
    squares.forEach((square, number) => {
      const [west, south, east, north] = square.box;
      if (px < west || px > east || py < south || py > north) return;
      const [far, fx, fy] = nearest(square, px, py);
      if (far <= ON_OUTLINE_M) found.push({ square: number, x: fx, y: fy, leg: rint(far * TICKS) });
      else if (onGround(square, px, py)) found.push({ square: number, x: px, y: py, leg: 0 });
    });
    return found;
  };

  const ways = (place) => {
    const toCorner = fromCorners(place);
    return squares[place.square].entries
      .map((entry) => /** @type {[any, number]} */ ([entry, toCorner[entry.corner]]))
      .filter(([, ticks]) => ticks < Infinity);
  };

  const across = (from, to, toCorner) => {
    if (sees(squares[from.square], from.x, from.y, to.x, to.y)) return straight(from.x - to.x, from.y - to.y);
    let least = Infinity;
    toCorners(from).forEach((ticks, c) => (least = Math.min(least, ticks + toCorner[c])));
    return least;
  };

  /* The anchors of a door on squares: its entries first, then those of its other feet that lie straight across. */
  const withEntries = (standing, anchors, shape) => {
    if (!standing.length) return anchors;
    const found = standing.flatMap((place) =>
      ways(place).map(([{ edge, end, corner }, ticks]) => {
        const v = squares[place.square].corners[corner];
        const leg = place.leg + ticks;
        const vertex = end ? shape.from[edge + 1] - 2 : shape.from[edge];
        return { edge, offset: end, leg, vertex, share: end ? 1 : 0, x: x[v], y: y[v], place };
      }),
    );
    const others = anchors.flatMap((anchor) => {
      const place = standing.find((one) => liesOn(squares[one.square], one.x, one.y, anchor.x, anchor.y));
      return place ? [{ ...anchor, place }] : [];
    });
    return [...found, ...others];
  };

  return { places, across, fromCorners, withEntries };
}

const starts = (counts) => {
  const start = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i += 1) start[i + 1] = start[i] + counts[i];
  return start;
};

function readOutlines(packed, parts) {
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
  const squares = Array.from(parts.square_rings, (_, number) => {
    const first = ringFrom[rings[number]];
    const last = ringFrom[rings[number + 1]];
    const corners = parts.corner_vertex.slice(cornerFrom[number], cornerFrom[number + 1]).map((v) => first + v);
    const size = corners.length;
    const between = new Float64Array(size * size);
    for (let one = 0; one < size; one += 1) {
      for (let other = one + 1; other < size; other += 1) {
        const ticks = parts.between[at++];
        between[one * size + other] = between[other * size + one] = ticks < 0 ? Infinity : ticks;
      }
    }
    const entries = [];
    for (let e = entryFrom[number]; e < entryFrom[number + 1]; e += 1)
      entries.push({ corner: parts.entry_corner[e], edge: parts.entry_edge[e], end: parts.entry_offset[e] });
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let v = first; v < last; v += 1) {
      box[0] = Math.min(box[0], x[v] - ON_OUTLINE_M);
      box[1] = Math.min(box[1], y[v] - ON_OUTLINE_M);
      box[2] = Math.max(box[2], x[v] + ON_OUTLINE_M);
      box[3] = Math.max(box[3], y[v] + ON_OUTLINE_M);
    }
    return { first, last, corners, between, entries, box };
  });
  return { x, y, next, squares };
}

/* Places on squares: of exits [{exit, square, x, y, leg}], and for each anchor of a station its place, or null. */
export function readPlaces(parts) {
  const list = (name) =>
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
