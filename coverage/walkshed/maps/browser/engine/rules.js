/* By what rules residents are served: needs by kind, walkers and their paces, who is admitted and who can get in. */
import { FLAGS } from "./graph.js";
import { TICKS } from "./plane.js";
import { makeReach } from "./reach.js";
/** @import { Network, Pace as Walker, Premises } from "../payload" */
/** @import { EnteredSite, Measure, Needs, NeedRow, Reach, Reached, Residents, Town, TownOffer } from "../types" */
/** @import { Pace } from "./graph.js" */

export const FARTHEST_M = 1000; /* of the limit slider */

/**
 * What a walk costs a walker beside meters that are open to all (needs/access/floors.py); null: nothing else.
 * @param {Walker} walker
 * @param {string} unit
 * @param {Float64Array} flags
 * @returns {Pace | null}
 */
export function paceOf(walker, unit, flags) {
  const onSteps = walker.step_s_per_m === null ? Infinity : walker.step_s_per_m;
  const costs = (/** @type {number} */ level, /** @type {number} */ steps) =>
    Float64Array.from(flags, (flag) => (flag & FLAGS.steps ? steps : level));
  if (unit === "min") return { perM: costs(walker.level_s_per_m, onSteps), legPerM: walker.level_s_per_m };
  const closed = walker.step_s_per_m === null && flags.some((flag) => (flag & FLAGS.steps) > 0);
  return closed ? { perM: costs(1, Infinity), legPerM: 1 } : null;
}

/**
 * Seconds from the door to the window, null where it is closed to the walker; an unknown floor is the ground floor, an
 * unknown elevator is there.
 * @param {Premises} premises
 * @param {Walker} walker
 */
export function floorsS({ floor, elevator, step_free }, walker) {
  if (step_free === false && walker.step_s_per_m === null) return null;
  const flights = floor === null ? 0 : floor >= 1 ? floor - 1 : -floor;
  if (flights === 0) return 0;
  const most = walker.flights_max === null ? Infinity : walker.flights_max;
  const stairs = walker.flight_s === null || flights > most ? Infinity : flights * walker.flight_s;
  const seconds = elevator === false ? stairs : Math.min(stairs, walker.elevator_wait_s);
  return seconds === Infinity ? null : seconds;
}

/**
 * Whether an offer is open: at the moment of the run (half < 0), else as a half hour of its week begins.
 * @param {Network} packed
 * @param {TownOffer} offer
 * @param {number} half
 */
export function isOpenAt(packed, offer, half) {
  if (half < 0) return offer.open;
  return !offer.hours || (packed.week !== null && packed.week[offer.hours][half] === "1");
}

/**
 * Needs by service and kind under one limit for all (meters), or each its own (null): limit in the need's unit, limitM
 * in meters for the walker, measure (number, -1 without a need), and the measures of each service.
 * @param {Network} packed
 * @param {number} walker
 * @param {number | null} stated
 * @returns {Needs}
 */
export function readNeeds(packed, walker, stated) {
  /** @type {Measure[]} */
  const measures = [];
  const numberOf = (/** @type {string} */ unit, /** @type {string} */ metric) => {
    const found = measures.findIndex((one) => one.unit === unit && one.metric === metric);
    return found >= 0 ? found : measures.push({ unit, metric }) - 1;
  };
  const services = packed.services.map(({ needs }) => {
    /** @type {NeedRow[]} */
    const rows = needs.map((need) => {
      if (!need) return { limit: NaN, limitM: NaN, measure: -1, perHead: 0 };
      const perHead = need.places_per_head || 0;
      if (stated !== null) return { limit: stated, limitM: stated, measure: numberOf("m", "network"), perHead };
      return { limit: need.limit, limitM: need.limit_m[walker], measure: numberOf(need.unit, need.metric), perHead };
    });
    const used = [...new Set(rows.map((row) => row.measure))].filter((measure) => measure >= 0);
    return { rows, used, asksPlaces: rows.some((row) => row.perHead > 0) };
  });
  return { measures, services };
}

/** @typedef {"adult" | "walker" | "crew"} Who */
/** @typedef {{ into: Partial<Reached>, site: EnteredSite | null }} Kept what was searched last, and from where */

/**
 * Returns reachOf(actor, measure, who). Each reach of an actor is searched once for each place at which it stands;
 * actor.reaches keeps them, and their arrays.
 * @param {Town} town
 * @param {Walker} walker
 */
export function makeReaches(town, walker) {
  const { packed, residents } = town;
  const people = { adult: packed.adult, walker, crew: packed.crew };
  const limits = largestLimits(packed);
  const searchOf = makeSearches(town, people);

  /**
   * @param {{ site: EnteredSite, reaches: Map<string, Kept> }} actor
   * @param {Measure} measure
   * @param {Who} who
   * @returns {Reached}
   */
  return (actor, { unit, metric }, who) => {
    const key = `${unit} ${metric} ${who}`;
    const kept = actor.reaches.get(key) || { into: {}, site: null };
    actor.reaches.set(key, kept);
    if (kept.site !== actor.site) {
      const limit = unit === "min" ? limits.min : limits.m;
      const speed = unit === "min" ? people[who].speed_m_s : 1;
      if (metric === "radius") asTheCrowFlies(residents, actor.site, speed, limit, kept.into);
      else searchOf(unit, who)(actor.site, limit, kept.into);
      kept.site = actor.site;
    }
    return /** @type {Reached} */ (kept.into);
  };
}

/**
 * The largest limits that may be asked for, in ticks.
 * @param {Network} packed
 */
function largestLimits({ services }) {
  const limitsIn = (/** @type {string} */ unit) =>
    services.flatMap(({ needs }) => needs.flatMap((need) => (need && need.unit === unit ? [need.limit] : [])));
  return { m: Math.max(FARTHEST_M, ...limitsIn("m")) * TICKS, min: Math.max(0, ...limitsIn("min")) * TICKS };
}

/**
 * Searches by unit and by whose walk it is; those that walk alike share one.
 * @param {Town} town
 * @param {Record<Who, Walker>} people
 */
function makeSearches(town, people) {
  const { flags } = town.streets;
  const isOneway = flags.some((flag) => !(flag & FLAGS.forward) || !(flag & FLAGS.backward));
  /** @type {Map<string, Reach>} */
  const searches = new Map();
  const once = (/** @type {string} */ key, /** @type {() => Reach} */ make) => {
    const search = searches.get(key) || make();
    searches.set(key, search);
    return search;
  };
  return (/** @type {string} */ unit, /** @type {Who} */ who) =>
    once(`${unit} ${who}`, () => {
      const pace = paceOf(people[who], unit, flags);
      const isTurned = who === "crew" && isOneway;
      if (pace || isTurned) return makeReach(isTurned ? opposite(town) : town, pace);
      return once(`${unit} plain`, () => makeReach(town, null));
    });
}

/**
 * @param {Residents} residents
 * @param {EnteredSite} site
 * @param {number} speed in meters per unit of the limit
 * @param {number} limit
 * @param {Partial<Reached>} into
 */
function asTheCrowFlies({ points, pointX, pointY }, { x, y }, speed, limit, into) {
  const point = into.point || new Int32Array(points);
  const cost = into.cost || new Float64Array(points);
  let count = 0;
  for (let p = 0; p < points; p += 1) {
    const ticks = (Math.hypot(pointX[p] - x, pointY[p] - y) / speed) * TICKS;
    if (ticks > limit) continue;
    point[count] = p;
    cost[count++] = ticks;
  }
  Object.assign(into, { count, point, cost, sure: cost }); /* nothing of it is a guess */
}

/**
 * The town with every direction turned round, for crews that come to the door.
 * @param {Town} town
 * @returns {Town}
 */
export function opposite(town) {
  const { forward, backward } = FLAGS;
  const both = forward | backward;
  const flags = town.streets.flags.map(
    (flag) => (flag & ~both) | (flag & forward ? backward : 0) | (flag & backward ? forward : 0),
  );
  return { ...town, streets: { ...town.streets, flags } };
}

/**
 * Whether the walker walks exactly as an adult does in that unit.
 * @param {Network} packed
 * @param {Walker} walker
 * @param {string} unit
 */
export const walksLikeAdult = (packed, walker, unit) =>
  unit === "m"
    ? walker.step_s_per_m !== null
    : walker.level_s_per_m === packed.adult.level_s_per_m && walker.step_s_per_m === packed.adult.step_s_per_m;
