/* By what rules residents are served: needs by kind, walkers and their paces, who is admitted and who can get in. */
import { FLAGS } from "./graph.js";
import { TICKS } from "./plane.js";
import { makeReach } from "./reach.js";

export const FARTHEST_M = 1000; /* of the limit slider */

/* What a walk costs a walker beside meters that are open to all (needs/access/floors.py); null: nothing else. */
export function paceOf(walker, unit, flags) {
  const onSteps = walker.step_s_per_m === null ? Infinity : walker.step_s_per_m;
  const costs = (level, steps) => Float64Array.from(flags, (flag) => (flag & FLAGS.steps ? steps : level));
  if (unit === "min") return { perM: costs(walker.level_s_per_m, onSteps), legPerM: walker.level_s_per_m };
  const closed = walker.step_s_per_m === null && flags.some((flag) => flag & FLAGS.steps);
  return closed ? { perM: costs(1, Infinity), legPerM: 1 } : null;
}

/* Seconds from the door to the window, null where it is closed to the walker; an unknown floor is the ground floor,
   an unknown elevator is there. premises: {floor, elevator, step_free}, each null where nobody knows. */
export function floorsS({ floor, elevator, step_free }, walker) {
  if (step_free === false && walker.step_s_per_m === null) return null;
  const flights = floor === null ? 0 : floor >= 1 ? floor - 1 : -floor;
  if (flights === 0) return 0;
  const most = walker.flights_max === null ? Infinity : walker.flights_max;
  const stairs = walker.flight_s === null || flights > most ? Infinity : flights * walker.flight_s;
  const seconds = elevator === false ? stairs : Math.min(stairs, walker.elevator_wait_s);
  return seconds === Infinity ? null : seconds;
}

/* Whether an offer is open: at the moment of the run (half < 0), else as a half hour of its week begins. */
export function isOpenAt(packed, offer, half) {
  if (half < 0) return offer.open;
  return !offer.hours || packed.week[offer.hours][half] === "1";
}

/* Needs by service and kind under one limit for all (meters), or each its own (null): limit in the need's unit,
   limitM in meters for the walker, measure (number, -1 without a need), and the measures of each service. */
export function readNeeds(packed, walker, stated) {
  const measures = [];
  const numberOf = (unit, metric) => {
    const found = measures.findIndex((one) => one.unit === unit && one.metric === metric);
    return found >= 0 ? found : measures.push({ unit, metric }) - 1;
  };
  const services = packed.services.map(({ needs }) => {
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

/* Returns reachOf(actor, measure, who), who: "adult", "walker" or "crew". Each reach of an actor is searched once for
   each place at which it stands; actor.reaches keeps them, and their arrays. */
export function makeReaches(town, walker) {
  const { packed, streets, residents } = town;
  const people = { adult: packed.adult, walker, crew: packed.crew };
  const every = packed.services.flatMap((service) => service.needs).filter(Boolean);
  const largest = (unit, least) =>
    Math.max(least, ...every.filter((need) => need.unit === unit).map((need) => need.limit)) * TICKS;
  const limits = { m: largest("m", FARTHEST_M), min: largest("min", 0) };
  const oneway = streets.flags.some((flag) => !(flag & FLAGS.forward) || !(flag & FLAGS.backward));
  const searches = new Map();

  function search(unit, who) {
    const key = `${unit} ${who}`;
    if (!searches.has(key)) {
      const pace = paceOf(people[who], unit, streets.flags);
      const turned = who === "crew" && oneway;
      const plain = `${unit} plain`;
      if (pace || turned) searches.set(key, makeReach(turned ? opposite(town) : town, pace));
      else {
        if (!searches.has(plain)) searches.set(plain, makeReach(town, null));
        searches.set(key, searches.get(plain));
      }
    }
    return searches.get(key);
  }

  function straight(unit, who, { x, y }, limit, into) {
    const { points, pointX, pointY } = residents;
    if (!into.point) {
      into.point = new Int32Array(points);
      into.cost = into.sure = new Float64Array(points); /* as the crow flies nothing is a guess */
    }
    into.count = 0;
    for (let p = 0; p < points; p += 1) {
      const meters = Math.hypot(pointX[p] - x, pointY[p] - y);
      const cost = (unit === "min" ? meters / people[who].speed_m_s : meters) * TICKS;
      if (cost > limit) continue;
      into.point[into.count] = p;
      into.cost[into.count++] = cost;
    }
  }

  return (actor, { unit, metric }, who) => {
    const key = `${unit} ${metric} ${who}`;
    if (!actor.reaches.has(key)) actor.reaches.set(key, { into: {}, site: null });
    const kept = actor.reaches.get(key);
    if (kept.site !== actor.site) {
      if (metric === "radius") straight(unit, who, actor.site, limits[unit], kept.into);
      else search(unit, who)(actor.site, limits[unit], kept.into);
      kept.site = actor.site;
    }
    return kept.into;
  };
}

/* The town with every direction turned round, for crews that come to the door. */
export function opposite(town) {
  const { forward, backward } = FLAGS;
  const both = forward | backward;
  const flags = town.streets.flags.map(
    (flag) => (flag & ~both) | (flag & forward ? backward : 0) | (flag & backward ? forward : 0),
  );
  return { ...town, streets: { ...town.streets, flags } };
}

/* Whether the walker walks exactly as an adult does in that unit. */
export const walksLikeAdult = (packed, walker, unit) =>
  unit === "m"
    ? walker.step_s_per_m !== null
    : walker.level_s_per_m === packed.adult.level_s_per_m && walker.step_s_per_m === packed.adult.step_s_per_m;
