/* Who can walk to a station: the distance of every resident within a limit (walk/terminals.py, walk/distances.py). */
import { courtCost } from "./courts.js";
import { FLAGS, legCost, makeGraph, partCost } from "./graph.js";
import { rint, TICKS } from "./plane.js";
import { makeSearch } from "./search.js";

/**
 * The rows of a table by their key: those of key k are rows[start[k]] up to rows[start[k + 1]].
 * @param {number[]} keys
 * @param {number} size
 */
const grouped = (keys, size) => {
  const start = new Int32Array(size + 1);
  for (const key of keys) start[key + 1] += 1;
  for (let i = 0; i < size; i += 1) start[i + 1] += start[i];
  const next = start.slice(0, size);
  const rows = new Int32Array(keys.length);
  keys.forEach((key, row) => (rows[next[key]++] = row));
  return { start, rows };
};

/* The ends of an edge that a walk from (or to) an offset uses: [side, ticks], against and along its direction. An
   anchor that lies on an end is at that node, whatever the direction. */
const ends = (flags, offset, length, toStart, toEnd) => {
  const found = [];
  if (flags & toStart || offset === 0) found.push([0, offset]);
  if (flags & toEnd || offset === length) found.push([1, length - offset]);
  return found;
};

/* Returns reach(site, limit, into): fills into {count, point, cost, sure} with the residents within the limit (in
   ticks), each with the cost of the walk, legs and all, and that if walks inside a compound take a long detour; site:
   as town.enter returns it. into grows as needed and may be used again. */
/** @param {any} town @param {import("./graph.js").Pace | null} pace */
export function makeReach(town, pace = null) {
  const { streets, residents, squares } = town;
  const { forward, backward } = FLAGS;
  const { exits, stretches, exitStart, pointStart, pairStart, straight, pointX, pointY } = residents;
  const graph = makeGraph(streets, pace);
  const search = makeSearch(graph);
  const exitCount = exits.edge.length;
  const exitBlock = new Int32Array(exitCount);
  for (let b = 0; b < residents.blocks; b += 1) exitBlock.fill(b, exitStart[b], exitStart[b + 1]);

  /** @type {{ node: number[], exit: number[], cost: number[] }} */
  const leaves = { node: [], exit: [], cost: [] };
  for (let e = 0; e < exitCount; e += 1) {
    const edge = exits.edge[e];
    for (const [side, part] of ends(streets.flags[edge], exits.offset[e], streets.ticks[edge], backward, forward)) {
      const cost = partCost(pace, edge, part);
      if (cost === Infinity) continue;
      leaves.node.push(graph.leaveBy[2 * edge + side]);
      leaves.exit.push(e);
      leaves.cost.push(cost);
    }
  }
  const byNode = grouped(leaves.node, graph.total);
  const byEdge = grouped(Array.from(exits.edge), streets.start.length);
  const alongEdge = grouped(Array.from(stretches.edge), streets.start.length);

  /* legs of every pair of point and exit, in ticks of meters and as this walker counts them */
  const leg = new Int32Array(straight.length);
  for (let b = 0; b < residents.blocks; b += 1) {
    const count = exitStart[b + 1] - exitStart[b];
    for (let i = pairStart[b]; i < pairStart[b + 1]; i += 1) {
      leg[i] = straight[i] + exits.leg[exitStart[b] + ((i - pairStart[b]) % count)];
    }
  }
  const legCosts = pace ? leg.map((ticks) => legCost(pace, ticks)) : leg;

  const exitCost = new Float64Array(exitCount).fill(Infinity);
  const touchedExits = [];
  const touchedBlocks = [];
  const blockTouched = new Uint8Array(residents.blocks);
  const best = new Float64Array(residents.points).fill(Infinity);
  const inner = new Float64Array(residents.points).fill(Infinity);
  const innerSure = new Float64Array(residents.points).fill(Infinity);
  const longer = Math.max(1, town.packed.longest_detour / town.packed.inside_detour);

  function touchBlock(b) {
    if (blockTouched[b]) return;
    blockTouched[b] = 1;
    touchedBlocks.push(b);
  }

  function walkOut(anchors, limit) {
    const seeds = [];
    for (const { edge, offset, leg: ticks } of anchors) {
      for (const [side, part] of ends(streets.flags[edge], offset, streets.ticks[edge], forward, backward)) {
        const cost = partCost(pace, edge, part) + legCost(pace, ticks);
        seeds.push([graph.arriveBy[2 * edge + side], cost]);
      }
    }
    const settled = search.run(seeds, limit);
    for (let k = 0; k < settled; k += 1) {
      const node = search.order[k];
      for (let i = byNode.start[node]; i < byNode.start[node + 1]; i += 1) {
        const row = byNode.rows[i];
        const exit = leaves.exit[row];
        const cost = search.cost[node] + leaves.cost[row];
        if (cost > limit || cost >= exitCost[exit]) continue;
        if (exitCost[exit] === Infinity) touchedExits.push(exit);
        exitCost[exit] = cost;
        touchBlock(exitBlock[exit]);
      }
    }
  }

  /* walks that never leave the station's own edge; both legs are counted in one, as a run counts them */
  function walkStraight(anchors) {
    for (const { edge, offset, leg: ticks } of anchors) {
      for (let i = byEdge.start[edge]; i < byEdge.start[edge + 1]; i += 1) {
        const exit = byEdge.rows[i];
        const ahead = offset - exits.offset[exit];
        if (ahead > 0 && !(streets.flags[edge] & forward)) continue;
        if (ahead < 0 && !(streets.flags[edge] & backward)) continue;
        const part = partCost(pace, edge, Math.abs(ahead));
        if (part === Infinity) continue;
        const b = exitBlock[exit];
        const count = exitStart[b + 1] - exitStart[b];
        touchBlock(b);
        for (let p = pointStart[b], pair = pairStart[b] + exit - exitStart[b]; p < pointStart[b + 1]; p += 1) {
          best[p] = Math.min(best[p], part + legCost(pace, leg[pair] + ticks));
          pair += count;
        }
      }
    }
  }

  /* walks of those who step out right at the foot of a station that is placed (needs/exits/stepping_out.py); at the feet
     of those that stand there are exits already */
  function stepOut(anchors) {
    for (const { edge, offset, leg: ticks, x, y } of anchors) {
      if (x === undefined) continue;
      for (let i = alongEdge.start[edge]; i < alongEdge.start[edge + 1]; i += 1) {
        const row = alongEdge.rows[i];
        if (offset < stretches.low[row] || offset > stretches.high[row]) continue;
        const b = stretches.block[row];
        touchBlock(b);
        for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
          const dx = pointX[p] - x;
          const dy = pointY[p] - y;
          const out = rint(Math.sqrt(dx * dx + dy * dy) * TICKS);
          best[p] = Math.min(best[p], legCost(pace, out + ticks));
        }
      }
    }
  }

  /* walks to a station that stands inside the residents' own compound, by its ways or across its ground */
  function walkInside({ point, ticks, courts }) {
    for (const court of courts) {
      const costs = courtCost(streets, court, pace);
      for (const { point: p, home } of court.walks) {
        touchBlock(residents.block[p]);
        inner[p] = innerSure[p] = costs[home];
      }
    }
    point.forEach((p, i) => {
      touchBlock(residents.block[p]);
      inner[p] = legCost(pace, ticks[i]);
      innerSure[p] = legCost(pace, rint(ticks[i] * longer));
    });
  }

  /* walks between two places on one square, by no street */
  function walkAcross(anchors) {
    for (const place of new Set(anchors.map((anchor) => anchor.place).filter(Boolean))) {
      let toPlace = null;
      for (const from of residents.standing) {
        if (from.square !== place.square) continue;
        toPlace = toPlace || squares.fromCorners(place);
        const inner = squares.across(from, place, toPlace);
        if (inner === Infinity) continue;
        const b = exitBlock[from.exit];
        const count = exitStart[b + 1] - exitStart[b];
        const part = legCost(pace, inner);
        touchBlock(b);
        for (let p = pointStart[b], pair = pairStart[b] + from.exit - exitStart[b]; p < pointStart[b + 1]; p += 1) {
          best[p] = Math.min(best[p], part + legCost(pace, straight[pair] + from.leg + place.leg));
          pair += count;
        }
      }
    }
  }

  function gather(limit, into) {
    let count = 0;
    const room = touchedBlocks.reduce((sum, b) => sum + pointStart[b + 1] - pointStart[b], 0);
    if (!into.point || into.point.length < room) {
      into.point = new Int32Array(Math.max(64, 2 * room));
      into.cost = new Float64Array(into.point.length);
      into.sure = new Float64Array(into.point.length);
    }
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
        into.point[count] = p;
        into.sure[count] = sure;
        into.cost[count++] = cost;
      }
    }
    into.count = count;
    return into;
  }

  return ({ anchors, inside }, limit, into = {}) => {
    walkOut(anchors, limit);
    walkStraight(anchors);
    stepOut(anchors);
    walkInside(inside);
    walkAcross(anchors);
    gather(limit, into);
    for (const exit of touchedExits) exitCost[exit] = Infinity;
    touchedExits.length = 0;
    touchedBlocks.length = 0;
    return into;
  };
}
