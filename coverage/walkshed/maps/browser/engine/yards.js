/* The ground inside compounds: a station that stands there is come to by the exits, and by its own residents across
   the ground (needs/exits/yards.py, needs/exits/inside.py). */
import { rint, TICKS } from "./plane.js";
import { crosses, holds } from "./yards/ground.js";
import { across } from "./yards/inside.js";
/** @import { Anchor, AnyAnchor, EnteredSite, OpenTown, Residents, Site, SquarePlace, Town } from "../types" */
/** @import { Door, Known } from "./yards/inside.js" */

/**
 * The town with town.enter(site): where a station meets the streets, and whom it meets inside. Sites of the study have
 * their doors inside, and only anchors that are through no wall; walls: yards that have one since.
 * @param {OpenTown} town
 * @param {Set<number>} walls
 * @returns {Town}
 */
export function withYards(town, walls = new Set()) {
  /** @type {WeakMap<Site, EnteredSite>} */
  const entered = new WeakMap();
  /** @type {Known} */
  const known = { finders: new Map(), homes: new Map() };
  const onSquare = new Map(town.residents.standing.map((place) => [place.exit, place]));
  const enter = (/** @type {Site} */ site) => {
    const one = entered.get(site) || enteredSite({ ...town, walls }, known, onSquare, site);
    entered.set(site, one);
    return one;
  };
  return { ...town, enter, walls };
}

/**
 * @param {OpenTown & { walls: Set<number> }} town
 * @param {Known} known
 * @param {Map<number, SquarePlace>} onSquare
 * @param {Site} site
 * @returns {EnteredSite}
 */
function enteredSite(town, known, onSquare, site) {
  const held = heldBy(town, site);
  if (!held.length) return { ...site, inside: { point: [], ticks: [], courts: [] } };
  const own = site.anchors.filter((anchor) => !held.some((door) => isThroughWall(town, site, anchor, door)));
  const byExits = held.flatMap((door) => exitsFrom(town, onSquare, door));
  return { ...site, anchors: [...own, ...byExits], inside: across(town, known, held) };
}

/**
 * The doors of a site that stand in yards.
 * @param {OpenTown} town
 * @param {Site} site
 */
function heldBy({ yards }, site) {
  /** @type {Door[]} */
  const held = [];
  for (const [x, y] of site.doors || [[site.x, site.y]]) {
    for (let yard = 0; yard < yards.block.length; yard += 1) if (holds(yards, yard, x, y)) held.push([x, y, yard]);
  }
  return held;
}

/**
 * @param {OpenTown & { walls: Set<number> }} town
 * @param {Site} site
 * @param {AnyAnchor} anchor
 * @param {Door} door
 */
function isThroughWall({ yards, residents, walls, footOf }, site, anchor, [x, y, yard]) {
  const isSince = walls.has(yard);
  if (site.doors ? !isSince : !isSince && !yards.walled[yard]) return false;
  const [start, end] = [yards.edgeStart[yard], yards.edgeStart[yard + 1]];
  const foot = anchor.x === undefined || anchor.y === undefined ? footOf(anchor) : { x: anchor.x, y: anchor.y };
  if (!crosses(yards.edges, start, end, [x, y, foot.x, foot.y])) return false;
  return !isOnStretch(residents, yards.block[yard], anchor);
}

/** @param {Residents} residents @param {number} block @param {Anchor} anchor */
const isOnStretch = ({ stretches }, block, { edge, offset }) =>
  stretches.edge.some(
    (own, i) =>
      own === edge && stretches.block[i] === block && stretches.low[i] <= offset && offset <= stretches.high[i],
  );

/**
 * By the exits of a yard, but for those that other stations alone bring about; opened gates come last.
 * @param {OpenTown} town
 * @param {Map<number, SquarePlace>} onSquare
 * @param {Door} door
 */
function exitsFrom({ yards, residents }, onSquare, [x, y, yard]) {
  const { exits, exitStart, lasting, atStations } = residents;
  const block = yards.block[yard];
  const until = exitStart[block] + lasting[block];
  /** @type {Anchor[]} */
  const found = [];
  for (let e = exitStart[block]; e < exitStart[block + 1]; e += 1) {
    if (until <= e && e < until + atStations[block]) continue;
    const [dx, dy] = [x - exits.x[e], y - exits.y[e]];
    const leg = rint(Math.sqrt(dx * dx + dy * dy) * TICKS) + exits.leg[e];
    const to = leg - exits.leg[e];
    const square = onSquare.get(e);
    const place = square ? { ...square, leg: to + square.leg } : null;
    found.push({ edge: exits.edge[e], offset: exits.offset[e], leg, place });
  }
  return found;
}
