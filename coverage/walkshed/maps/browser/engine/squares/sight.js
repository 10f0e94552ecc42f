/* Who sees whom on a square (streets/squares/sight.py). Every step is a product, a sum or a root, as in Python. */
/** @import { Outlines, Square } from "../../types" */

const SAME_M = 1e-6;

/**
 * The vertices that lie on the way of a straight line, by how far along it is each; null where a side crosses it.
 * @param {Outlines} outlines
 * @param {Square} square
 * @param {number} px
 * @param {number} py
 * @param {number} qx
 * @param {number} qy
 */
function touched({ x, y, next }, { first, last }, px, py, qx, qy) {
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

/**
 * The nearest point of a square's edge: [how far, x, y].
 * @param {Outlines} outlines
 * @param {Square} square
 * @param {number} px
 * @param {number} py
 */
export function nearest({ x, y, next }, { first, last }, px, py) {
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

/**
 * @param {Outlines} outlines
 * @param {Square} square
 * @param {number} px
 * @param {number} py
 */
export function isOnGround(outlines, square, px, py) {
  const { x, y, next } = outlines;
  let inside = false;
  for (let v = square.first; v < square.last; v += 1) {
    const ay = y[v];
    const by = y[next[v]];
    if (ay > py === by > py) continue;
    if (x[v] + ((py - ay) / (by - ay)) * (x[next[v]] - x[v]) > px) inside = !inside;
  }
  return inside || nearest(outlines, square, px, py)[0] <= SAME_M;
}

/**
 * Whether a straight line lies on a square and touches nothing of its edge.
 * @param {Outlines} outlines
 * @param {Square} square
 * @param {number} px
 * @param {number} py
 * @param {number} qx
 * @param {number} qy
 */
export function sees(outlines, square, px, py, qx, qy) {
  const found = touched(outlines, square, px, py, qx, qy);
  if (found === null || found.length) return false;
  return isOnGround(outlines, square, px + 0.5 * (qx - px), py + 0.5 * (qy - py));
}

/**
 * Whether a straight line lies on a square, which it may touch where it bends, or along a side.
 * @param {Outlines} outlines
 * @param {Square} square
 * @param {number} px
 * @param {number} py
 * @param {number} qx
 * @param {number} qy
 */
export function liesOn(outlines, square, px, py, qx, qy) {
  const found = touched(outlines, square, px, py, qx, qy);
  if (found === null) return false;
  const dx = qx - px;
  const dy = qy - py;
  const squared = Math.max(dx * dx + dy * dy, SAME_M * SAME_M);
  const shares = [0, ...found.map((along) => along / squared).sort((a, b) => a - b), 1];
  return shares.slice(1).every((share, i) => {
    const middle = 0.5 * (shares[i] + share);
    return isOnGround(outlines, square, px + middle * dx, py + middle * dy);
  });
}
