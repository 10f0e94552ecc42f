/* Whom an offer serves (needs/access/rows.py): admitted, near enough, and able to get to the window. */
import { TICKS } from "../plane.js";
import { isOpenAt, makeReaches, walksLikeAdult } from "../rules.js";
/** @import { EnteredSite, Needs, Reached, Town, TownOffer } from "../../types" */
/** @import { Kept } from "../rules.js" */

/**
 * A station in a trial: where it stands, what was searched from there, and whom each of its offers serves.
 * @typedef {{ site: EnteredSite, reaches: Map<string, Kept>, served: Map<TownOffer, Served> }} Stationed
 */

/**
 * Residents whom an offer serves; sure: if walks inside compounds take a long detour, too; nearness: share of the limit.
 * @typedef {{ point: number[], sure: number[], nearness: number[], sureNearness: number[] }} Served
 */

/** @typedef {(actor: Stationed, offer: TownOffer, needs: Needs, moment: number) => Served} Accept */

/**
 * moment: the half hour of the week, -1 for the moment of the run.
 * @param {Town} town
 * @param {number} walkerNumber
 * @returns {Accept}
 */
export function makeAccept(town, walkerNumber) {
  const { packed, residents } = town;
  const { block, blockKind } = residents;
  const walker = packed.walkers[walkerNumber];
  const reachOf = makeReaches(town, walker);
  const own = makeOwnCosts(residents.points);

  /**
   * Adds those whose need is counted by one measure.
   * @param {Served} list
   * @param {Stationed} actor
   * @param {TownOffer} offer
   * @param {Needs} needs
   * @param {number} number
   */
  function add(list, actor, offer, needs, number) {
    const { rows, asksPlaces } = needs.services[offer.service];
    const measure = needs.measures[number];
    const inMinutes = measure.unit === "min";
    const outreach = offer.mode === "outreach";
    const floors = offer.floors_s[walkerNumber];
    const ready = outreach && inMinutes ? offer.readiness_s : 0;
    const near = reachOf(actor, measure, outreach ? "crew" : "adult");
    const isSame = outreach || walksLikeAdult(packed, walker, measure.unit);
    const mineOf = isSame ? null : reachOf(actor, measure, "walker");
    if (mineOf) own.note(mineOf);
    const within = (/** @type {number} */ limit, /** @type {number} */ adult, /** @type {number} */ mine) =>
      adult <= limit && (outreach || (floors !== null && mine + (inMinutes ? floors : 0) <= limit));
    for (let i = 0; i < near.count; i += 1) {
      const p = near.point[i];
      const row = rows[blockKind[block[p]]];
      if (row.measure !== number || (offer.admitted && !offer.admitted[block[p]])) continue;
      const cost = near.cost[i] / TICKS + ready;
      const mine = mineOf ? own.cost[p] / TICKS : cost;
      if (!within(row.limit, cost, mine)) continue;
      const sureCost = near.sure[i] / TICKS + ready;
      const sureMine = mineOf ? own.sure[p] / TICKS : sureCost;
      list.point.push(p);
      list.sure.push(within(row.limit, sureCost, sureMine) ? 1 : 0);
      if (!asksPlaces) continue;
      list.nearness.push(mine / row.limit);
      list.sureNearness.push(sureMine / row.limit);
    }
    if (mineOf) own.forget(mineOf);
  }

  return (actor, offer, needs, moment) => {
    /** @type {Served} */
    const list = { point: [], sure: [], nearness: [], sureNearness: [] };
    const { anchors, inside } = actor.site;
    const isSomewhere = anchors.length || inside.point.length || inside.courts.length;
    if (!isOpenAt(packed, offer, moment) || !isSomewhere) return list;
    for (const number of needs.services[offer.service].used) add(list, actor, offer, needs, number);
    return list;
  };
}

/**
 * What the walker's own walks cost, by point, Infinity where none is noted.
 * @param {number} points
 */
function makeOwnCosts(points) {
  const cost = new Float64Array(points).fill(Infinity);
  const sure = new Float64Array(points).fill(Infinity);
  return {
    cost,
    sure,
    /** @param {Reached} walks */
    note(walks) {
      for (let i = 0; i < walks.count; i += 1) {
        cost[walks.point[i]] = walks.cost[i];
        sure[walks.point[i]] = walks.sure[i];
      }
    },
    /** @param {Reached} walks */
    forget(walks) {
      for (let i = 0; i < walks.count; i += 1) cost[walks.point[i]] = sure[walks.point[i]] = Infinity;
    },
  };
}
