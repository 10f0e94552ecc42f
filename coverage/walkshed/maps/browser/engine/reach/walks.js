/* The kinds of walks to a station, each of which lowers what the residents' walks cost so far. */
import { courtCost } from "../yards/courts.js";
import { FLAGS, legCost, partCost } from "../graph.js";
import { rint, TICKS } from "../plane.js";
import { ends } from "./tables.js";
/** @import { AnyAnchor, Inside, Town } from "../../types" */
/** @import { Pace } from "../graph.js" */
/** @import { Search } from "./search.js" */
/** @import { Tables } from "./tables.js" */

/**
 * What a search works with; costs are Infinity between searches.
 * @typedef {object} Work
 * @property {Town} town
 * @property {Pace | null} pace
 * @property {Tables} tables
 * @property {Search} search
 * @property {Float64Array} exitCost from each exit
 * @property {number[]} touchedExits
 * @property {number[]} touchedBlocks
 * @property {Uint8Array} blockTouched
 * @property {Float64Array} best of each point, by no exit of a search
 * @property {Float64Array} inner of each point, inside its compound
 * @property {Float64Array} innerSure if such walks take a long detour
 * @property {number} longer by how much
 */

/** @param {Work} work @param {number} b */
function touchBlock({ blockTouched, touchedBlocks }, b) {
  if (blockTouched[b]) return;
  blockTouched[b] = 1;
  touchedBlocks.push(b);
}

/**
 * Walks along the streets, from the exits to the station.
 * @param {Work} work
 * @param {AnyAnchor[]} anchors
 * @param {number} limit
 */
export function walkOut(work, anchors, limit) {
  const { search, exitCost, touchedExits } = work;
  const { byNode, leaves, exitBlock } = work.tables;
  const settled = search.run(seedsOf(work, anchors), limit);
  for (let k = 0; k < settled; k += 1) {
    const node = search.order[k];
    for (let i = byNode.start[node]; i < byNode.start[node + 1]; i += 1) {
      const row = byNode.rows[i];
      const exit = leaves.exit[row];
      const cost = search.cost[node] + leaves.cost[row];
      if (cost > limit || cost >= exitCost[exit]) continue;
      if (exitCost[exit] === Infinity) touchedExits.push(exit);
      exitCost[exit] = cost;
      touchBlock(work, exitBlock[exit]);
    }
  }
}

/** @param {Work} work @param {AnyAnchor[]} anchors */
function seedsOf({ town, tables, pace }, anchors) {
  const { streets } = town;
  const { forward, backward } = FLAGS;
  /** @type {[number, number][]} */
  const seeds = [];
  for (const { edge, offset, leg } of anchors) {
    for (const [side, part] of ends(streets.flags[edge], offset, streets.ticks[edge], forward, backward)) {
      const cost = partCost(pace, edge, part) + legCost(pace, leg);
      seeds.push([tables.graph.arriveBy[2 * edge + side], cost]);
    }
  }
  return seeds;
}

/**
 * Walks that never leave the station's own edge; both legs are counted in one, as a run counts them.
 * @param {Work} work
 * @param {AnyAnchor[]} anchors
 */
export function walkStraight(work, anchors) {
  const { town, pace, best } = work;
  const { byEdge, exitBlock, leg } = work.tables;
  const { exits, exitStart, pointStart, pairStart } = town.residents;
  const { forward, backward } = FLAGS;
  for (const { edge, offset, leg: ticks } of anchors) {
    const flags = town.streets.flags[edge];
    for (let i = byEdge.start[edge]; i < byEdge.start[edge + 1]; i += 1) {
      const exit = byEdge.rows[i];
      const ahead = offset - exits.offset[exit];
      if (ahead > 0 && !(flags & forward)) continue;
      if (ahead < 0 && !(flags & backward)) continue;
      const part = partCost(pace, edge, Math.abs(ahead));
      if (part === Infinity) continue;
      const b = exitBlock[exit];
      const count = exitStart[b + 1] - exitStart[b];
      touchBlock(work, b);
      for (let p = pointStart[b], pair = pairStart[b] + exit - exitStart[b]; p < pointStart[b + 1]; p += 1) {
        best[p] = Math.min(best[p], part + legCost(pace, leg[pair] + ticks));
        pair += count;
      }
    }
  }
}

/**
 * Walks of those who step out right at the foot of a station that is placed (needs/exits/stepping_out.py); at the feet
 * of those that stand there are exits already.
 * @param {Work} work
 * @param {AnyAnchor[]} anchors
 */
export function stepOut(work, anchors) {
  const { pace, best } = work;
  const { alongEdge } = work.tables;
  const { stretches, pointStart, pointX, pointY } = work.town.residents;
  for (const { edge, offset, leg, x, y } of anchors) {
    if (x === undefined || y === undefined) continue;
    for (let i = alongEdge.start[edge]; i < alongEdge.start[edge + 1]; i += 1) {
      const row = alongEdge.rows[i];
      if (offset < stretches.low[row] || offset > stretches.high[row]) continue;
      const b = stretches.block[row];
      touchBlock(work, b);
      for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
        const dx = pointX[p] - x;
        const dy = pointY[p] - y;
        const out = rint(Math.sqrt(dx * dx + dy * dy) * TICKS);
        best[p] = Math.min(best[p], legCost(pace, out + leg));
      }
    }
  }
}

/**
 * Walks to a station that stands inside the residents' own compound, by its ways or across its ground.
 * @param {Work} work
 * @param {Inside} inside
 */
export function walkInside(work, { point, ticks, courts }) {
  const { town, pace, inner, innerSure, longer } = work;
  const { block } = town.residents;
  for (const court of courts) {
    const costs = courtCost(town.streets, court, pace);
    for (const { point: p, home } of court.walks) {
      touchBlock(work, block[p]);
      inner[p] = innerSure[p] = costs[home];
    }
  }
  point.forEach((p, i) => {
    touchBlock(work, block[p]);
    inner[p] = legCost(pace, ticks[i]);
    innerSure[p] = legCost(pace, rint(ticks[i] * longer));
  });
}

/**
 * Walks between two places on one square, by no street.
 * @param {Work} work
 * @param {AnyAnchor[]} anchors
 */
export function walkAcross(work, anchors) {
  const { town, pace, best, tables } = work;
  const { squares, residents } = town;
  const { exitStart, pointStart, pairStart, straight } = residents;
  for (const place of new Set(anchors.map((anchor) => anchor.place))) {
    if (!place) continue;
    /** @type {Float64Array | null} */
    let toPlace = null;
    for (const from of residents.standing) {
      if (from.square !== place.square) continue;
      toPlace = toPlace || squares.fromCorners(place);
      const across = squares.across(from, place, toPlace);
      if (across === Infinity) continue;
      const b = tables.exitBlock[from.exit];
      const count = exitStart[b + 1] - exitStart[b];
      const part = legCost(pace, across);
      touchBlock(work, b);
      for (let p = pointStart[b], pair = pairStart[b] + from.exit - exitStart[b]; p < pointStart[b + 1]; p += 1) {
        best[p] = Math.min(best[p], part + legCost(pace, straight[pair] + from.leg + place.leg));
        pair += count;
      }
    }
  }
}
