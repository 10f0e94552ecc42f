/* Walks from the residents of a compound to a door inside it (needs/exits/inside.py): by its ways, or across its ground. */
import { courtCost, partsAt } from "./courts.js";
import { rint, TICKS } from "../plane.js";
import { crosses } from "./ground.js";
/** @import { At, Finder, FoundAnchor, Inside, OpenTown, WalkedCourt, Yards } from "../../types" */
/** @import { Walk } from "./ground.js" */

const ANYWHERE_M = 1e6;
const TIP_M = 1 / 4;

/** @typedef {[number, number, number]} Door x, y and the yard that holds it */

/**
 * What is worked out of yards once: what finds their ways, and where each of their homes meets these.
 * @typedef {object} Known
 * @property {Map<number, Finder>} finders
 * @property {Map<number, FoundAnchor[][]>} homes
 */

/**
 * A walk from a home to a door: by a court's ways, or straight.
 * @typedef {{ ticks: number, court: WalkedCourt | null, home: number }} Way
 */

/**
 * The walks from the residents of the yards that hold a door. Of equals the nearest counts, ways before guesses.
 * @param {OpenTown} town
 * @param {Known} known
 * @param {Door[]} held
 * @returns {Inside}
 */
export function across(town, known, held) {
  /** @type {Map<number, Way>} */
  const best = new Map();
  const courts = held.flatMap((door) => {
    const court = courtOf(town, known, door);
    addWays(town, court, door, best);
    return court.homes.length ? [court] : [];
  });
  const straight = [...best].filter(([, way]) => !way.court);
  for (const [point, { court, home }] of best) if (court) court.walks.push({ point, home });
  return { point: straight.map(([point]) => point), ticks: straight.map(([, way]) => way.ticks), courts };
}

/**
 * How far a resident is from a door.
 * @param {OpenTown} town
 * @param {number} p
 * @param {Door} door
 */
function away({ residents }, p, [x, y]) {
  const [dx, dy] = [residents.pointX[p] - x, residents.pointY[p] - y];
  return Math.sqrt(dx * dx + dy * dy);
}

/**
 * The ways of a yard to a door; homes from which they would be longer than straight through the air have none.
 * @param {OpenTown} town
 * @param {Known} known
 * @param {Door} place
 * @returns {WalkedCourt}
 */
function courtOf(town, known, place) {
  const [x, y, yard] = place;
  const { yards, residents } = town;
  const first = residents.pointStart[yards.block[yard]];
  const ways = { ...yards.ways, from: yards.wayStart[yard], to: yards.wayStart[yard + 1] };
  const door = ways.from < ways.to ? feetAt(town, known, yard, x, y) : [];
  if (!door.length) return { ways, door, homes: [], walks: [] };
  const meets = (/** @type {FoundAnchor[]} */ feet, /** @type {number} */ p) =>
    feet.length && (feet[0].leg + door[0].leg) / TICKS <= away(town, p, place);
  const homes = homesAt(town, known, yard).map((feet, i) => (meets(feet, first + i) ? feet : []));
  return { ways, door, homes, walks: [] };
}

/**
 * Notes each resident's walk to a door, where it is shorter than those that are noted.
 * @param {OpenTown} town
 * @param {WalkedCourt} court
 * @param {Door} door
 * @param {Map<number, Way>} best
 */
function addWays(town, court, door, best) {
  const { yards, residents, packed, streets } = town;
  const [x, y, yard] = door;
  const first = residents.pointStart[yards.block[yard]];
  const end = residents.pointStart[yards.block[yard] + 1];
  const offer = (/** @type {number} */ p, /** @type {Way} */ way) => {
    const known = best.get(p);
    if (!known || way.ticks < known.ticks) best.set(p, way);
  };
  const along = court.homes.length ? courtCost(streets, court, null) : [];
  for (let p = first; p < end; p += 1) {
    const ticks = along.length ? along[p - first] : Infinity;
    if (ticks < Infinity) offer(p, { ticks, court, home: p - first });
    else if (isFree(yards, yard, [residents.pointX[p], residents.pointY[p], x, y]))
      offer(p, { ticks: rint(away(town, p, door) * packed.inside_detour * TICKS), court: null, home: -1 });
  }
}

/**
 * Whether a straight walk keeps to a yard, and crosses nothing that parts it.
 * @param {Yards} yards
 * @param {number} yard
 * @param {Walk} walk
 */
const isFree = (yards, yard, walk) =>
  !crosses(yards.edges, yards.edgeStart[yard], yards.edgeStart[yard + 1], walk) &&
  !crosses(yards.divides, yards.divideStart[yard], yards.divideStart[yard + 1], walk);

/**
 * A hair before a foot: a leg that ends on a street, or at the edge, does not cross it (needs/exits/paths_inside.py).
 * @param {FoundAnchor} foot
 * @param {number} x
 * @param {number} y
 * @returns {At}
 */
function before(foot, x, y) {
  const [dx, dy] = [x - foot.x, y - foot.y];
  const share = TIP_M / Math.max(Math.sqrt(dx * dx + dy * dy), TIP_M);
  return [foot.x + share * dx, foot.y + share * dy];
}

/**
 * Where a place inside a yard meets its ways: the nearest, if the leg to it keeps to the yard.
 * @param {OpenTown} town
 * @param {Known} known
 * @param {number} yard
 * @param {number} x
 * @param {number} y
 */
function feetAt({ yards, finderOn }, { finders }, yard, x, y) {
  const [from, to] = [yards.wayStart[yard], yards.wayStart[yard + 1]];
  const find = finders.get(yard) || finderOn(new Set(yards.ways.edge.slice(from, to)));
  finders.set(yard, find);
  return find(x, y, ANYWHERE_M).filter((foot) => {
    if (!isFree(yards, yard, [x, y, ...before(foot, x, y)])) return false;
    return partsAt(yards.ways, from, to, foot).length > 0;
  });
}

/** @param {OpenTown} town @param {Known} known @param {number} yard */
function homesAt(town, known, yard) {
  const { yards, residents } = town;
  const { pointStart, pointX, pointY } = residents;
  const [from, to] = [pointStart[yards.block[yard]], pointStart[yards.block[yard] + 1]];
  const homes =
    known.homes.get(yard) ||
    Array.from({ length: to - from }, (_, i) => feetAt(town, known, yard, pointX[from + i], pointY[from + i]));
  known.homes.set(yard, homes);
  return homes;
}
