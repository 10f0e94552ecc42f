/* Squares are crossed straight (streets/squares/sight.py, walk/crossing.py): who stands on one walks to every entry, and to
   whoever else stands there, by the shortest line on the ground. Every step is a product, a sum or a root, as in Python. */
import { rint, TICKS } from "./plane.js";
import { ON_OUTLINE_M, readOutlines } from "./squares/outlines.js";
import { isOnGround, liesOn, nearest, sees } from "./squares/sight.js";
/** @import { Network } from "../payload" */
/** @import { Columns, FoundAnchor, Outlines, Shape, SquarePlace, Squares } from "../types" */

/**
 * places(x, y): where a place lies on squares; across(from, to, toCorner): ticks between two places; fromCorners(place):
 * ticks from each corner of its square.
 * @param {Network} packed
 * @param {Columns} parts
 * @returns {Squares}
 */
export function makeSquares(packed, parts) {
  const outlines = readOutlines(packed, parts);
  return {
    places: (x, y) => placesOf(outlines, x, y),
    across: (from, to, toCorner) => across(outlines, from, to, toCorner),
    fromCorners: (place) => fromCorners(outlines, place),
    withEntries: (standing, anchors, shape) =>
      standing.length ? withEntries(outlines, standing, anchors, shape) : anchors,
  };
}

/** @param {number} dx @param {number} dy */
const straight = (dx, dy) => rint(Math.sqrt(dx * dx + dy * dy) * TICKS);

/**
 * Ticks straight to each corner of its square, Infinity to those that it does not see; worked out once.
 * @param {Outlines} outlines
 * @param {SquarePlace} place
 */
function toCorners(outlines, place) {
  const { x, y, squares } = outlines;
  const square = squares[place.square];
  const known = place.corners;
  if (known) return known;
  const corners = Float64Array.from(square.corners, (v) =>
    sees(outlines, square, place.x, place.y, x[v], y[v]) ? straight(place.x - x[v], place.y - y[v]) : Infinity,
  );
  place.corners = corners;
  return corners;
}

/**
 * Ticks from each corner to a place.
 * @param {Outlines} outlines
 * @param {SquarePlace} place
 */
function fromCorners(outlines, place) {
  const { between, corners } = outlines.squares[place.square];
  const own = toCorners(outlines, place);
  const size = corners.length;
  return Float64Array.from(corners, (_, c) => {
    let least = Infinity;
    for (let other = 0; other < size; other += 1) least = Math.min(least, between[c * size + other] + own[other]);
    return least;
  });
}

/** @param {Outlines} outlines @param {number} px @param {number} py */
function placesOf(outlines, px, py) {
  /** @type {SquarePlace[]} */
  const found = [];
  outlines.squares.forEach((square, number) => {
    const [west, south, east, north] = square.box;
    if (px < west || px > east || py < south || py > north) return;
    const [far, fx, fy] = nearest(outlines, square, px, py);
    if (far <= ON_OUTLINE_M) found.push({ square: number, x: fx, y: fy, leg: rint(far * TICKS) });
    else if (isOnGround(outlines, square, px, py)) found.push({ square: number, x: px, y: py, leg: 0 });
  });
  return found;
}

/**
 * @param {Outlines} outlines
 * @param {SquarePlace} from
 * @param {SquarePlace} to
 * @param {Float64Array} toCorner
 */
function across(outlines, from, to, toCorner) {
  const square = outlines.squares[from.square];
  if (sees(outlines, square, from.x, from.y, to.x, to.y)) return straight(from.x - to.x, from.y - to.y);
  let least = Infinity;
  toCorners(outlines, from).forEach((ticks, c) => (least = Math.min(least, ticks + toCorner[c])));
  return least;
}

/**
 * The anchors of a door on squares: its entries first, then those of its other feet that lie straight across.
 * @param {Outlines} outlines
 * @param {SquarePlace[]} standing
 * @param {FoundAnchor[]} anchors
 * @param {Shape} shape
 * @returns {FoundAnchor[]}
 */
function withEntries(outlines, standing, anchors, shape) {
  const { squares } = outlines;
  const others = anchors.flatMap((anchor) => {
    const place = standing.find((one) => liesOn(outlines, squares[one.square], one.x, one.y, anchor.x, anchor.y));
    return place ? [{ ...anchor, place }] : [];
  });
  return [...standing.flatMap((place) => entriesOf(outlines, place, shape)), ...others];
}

/** @param {Outlines} outlines @param {SquarePlace} place @param {Shape} shape */
function entriesOf(outlines, place, { from }) {
  const { x, y, squares } = outlines;
  const { entries, corners } = squares[place.square];
  const toCorner = fromCorners(outlines, place);
  return entries
    .filter(({ corner }) => toCorner[corner] < Infinity)
    .map(({ edge, end, corner }) => ({
      edge,
      offset: end,
      leg: place.leg + toCorner[corner],
      vertex: end ? from[edge + 1] - 2 : from[edge],
      share: end ? 1 : 0,
      x: x[corners[corner]],
      y: y[corners[corner]],
      place,
    }));
}
