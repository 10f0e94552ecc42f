/* Who can walk to a station: the distance of every resident within a limit (walk/terminals.py, walk/distances.py). */
import { makeTables } from "./reach/tables.js";
import { stepOut, walkAcross, walkInside, walkOut, walkStraight } from "./reach/walks.js";
import { makeSearch } from "./reach/search.js";
/** @import { Reach, Reached, Town } from "../types" */
/** @import { Pace } from "./graph.js" */
/** @import { Work } from "./reach/walks.js" */

/**
 * Returns reach(site, limit, into): fills into {count, point, cost, sure} with the residents within the limit (in
 * ticks), each with the cost of the walk, legs and all, and that if walks inside a compound take a long detour; site:
 * as town.enter returns it. into grows as needed and may be used again.
 * @param {Town} town
 * @param {Pace | null} pace
 * @returns {Reach}
 */
export function makeReach(town, pace = null) {
  const work = makeWork(town, pace);
  return ({ anchors, inside }, limit, into = {}) => {
    walkOut(work, anchors, limit);
    walkStraight(work, anchors);
    stepOut(work, anchors);
    walkInside(work, inside);
    walkAcross(work, anchors);
    const reached = gather(work, limit, into);
    for (const exit of work.touchedExits) work.exitCost[exit] = Infinity;
    work.touchedExits.length = 0;
    work.touchedBlocks.length = 0;
    return reached;
  };
}

/** @param {Town} town @param {Pace | null} pace @returns {Work} */
function makeWork(town, pace) {
  const { residents, packed } = town;
  const tables = makeTables(town, pace);
  const unreached = (/** @type {number} */ count) => new Float64Array(count).fill(Infinity);
  return {
    ...{ town, pace, tables, search: makeSearch(tables.graph) },
    ...{ touchedExits: [], touchedBlocks: [], blockTouched: new Uint8Array(residents.blocks) },
    exitCost: unreached(residents.exits.edge.length),
    best: unreached(residents.points),
    inner: unreached(residents.points),
    innerSure: unreached(residents.points),
    longer: Math.max(1, packed.longest_detour / packed.inside_detour),
  };
}

/**
 * The residents of the touched blocks that are within the limit; what was noted of them is taken back.
 * @param {Work} work
 * @param {number} limit
 * @param {Partial<Reached>} into
 */
function gather({ town, tables, touchedBlocks, blockTouched, exitCost, best, inner, innerSure }, limit, into) {
  const { exitStart, pointStart, pairStart } = town.residents;
  const { legCosts } = tables;
  const room = touchedBlocks.reduce((sum, b) => sum + pointStart[b + 1] - pointStart[b], 0);
  const reached = withRoom(into, room);
  let count = 0;
  for (const b of touchedBlocks) {
    blockTouched[b] = 0;
    const first = exitStart[b];
    const open = [];
    for (let e = first; e < exitStart[b + 1]; e += 1) if (exitCost[e] < Infinity) open.push(e - first);
    const step = exitStart[b + 1] - first;
    for (let p = pointStart[b], pair = pairStart[b]; p < pointStart[b + 1]; p += 1, pair += step) {
      let least = best[p];
      for (const e of open) least = Math.min(least, exitCost[first + e] + legCosts[pair + e]);
      const cost = Math.min(least, inner[p]);
      const sure = Math.min(least, innerSure[p]);
      best[p] = inner[p] = innerSure[p] = Infinity;
      if (cost > limit) continue;
      reached.point[count] = p;
      reached.sure[count] = sure;
      reached.cost[count++] = cost;
    }
  }
  reached.count = count;
  return reached;
}

/** @param {Partial<Reached>} into @param {number} room */
function withRoom(into, room) {
  if (!into.point || into.point.length < room) {
    into.point = new Int32Array(Math.max(64, 2 * room));
    into.cost = new Float64Array(into.point.length);
    into.sure = new Float64Array(into.point.length);
  }
  return /** @type {Reached} */ (into);
}
