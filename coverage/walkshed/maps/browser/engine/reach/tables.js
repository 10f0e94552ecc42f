/* By which nodes and edges residents come out onto the streets, and what it costs them: tables that no search changes. */
import { FLAGS, legCost, makeGraph, partCost } from "../graph.js";
/** @import { Residents, Streets, Town } from "../../types" */
/** @import { Graph, Pace } from "../graph.js" */

/**
 * The rows of a table by their key: those of key k are rows[start[k]] up to rows[start[k + 1]].
 * @typedef {{ start: Int32Array, rows: Int32Array }} Grouped
 */

/**
 * @typedef {object} Tables
 * @property {Graph} graph
 * @property {{ node: number[], exit: number[], cost: number[] }} leaves from exits to the nodes at the ends of their edges
 * @property {Grouped} byNode leaves
 * @property {Grouped} byEdge exits
 * @property {Grouped} alongEdge stretches on which residents step out anywhere
 * @property {Int32Array} exitBlock
 * @property {Int32Array} leg of every pair of point and exit, in ticks of meters
 * @property {Int32Array} legCosts the same as this walker counts them
 */

/**
 * @param {Town} town
 * @param {Pace | null} pace
 * @returns {Tables}
 */
export function makeTables({ streets, residents }, pace) {
  const { exits, stretches, exitStart } = residents;
  const graph = makeGraph(streets, pace);
  const exitBlock = new Int32Array(exits.edge.length);
  for (let b = 0; b < residents.blocks; b += 1) exitBlock.fill(b, exitStart[b], exitStart[b + 1]);
  const leaves = leavesOf(streets, residents, graph, pace);
  const leg = legsOf(residents);
  return {
    ...{ graph, leaves, exitBlock, leg },
    byNode: grouped(leaves.node, graph.total),
    byEdge: grouped(Array.from(exits.edge), streets.start.length),
    alongEdge: grouped(Array.from(stretches.edge), streets.start.length),
    legCosts: pace ? leg.map((ticks) => legCost(pace, ticks)) : leg,
  };
}

/** @param {number[]} keys @param {number} size @returns {Grouped} */
function grouped(keys, size) {
  const start = new Int32Array(size + 1);
  for (const key of keys) start[key + 1] += 1;
  for (let i = 0; i < size; i += 1) start[i + 1] += start[i];
  const next = start.slice(0, size);
  const rows = new Int32Array(keys.length);
  keys.forEach((key, row) => (rows[next[key]++] = row));
  return { start, rows };
}

/**
 * The ends of an edge that a walk from (or to) an offset uses: [side, ticks], against and along its direction. An anchor
 * that lies on an end is at that node, whatever the direction.
 * @param {number} flags
 * @param {number} offset
 * @param {number} length
 * @param {number} toStart
 * @param {number} toEnd
 */
export function ends(flags, offset, length, toStart, toEnd) {
  /** @type {[number, number][]} */
  const found = [];
  if (flags & toStart || offset === 0) found.push([0, offset]);
  if (flags & toEnd || offset === length) found.push([1, length - offset]);
  return found;
}

/**
 * @param {Streets} streets
 * @param {Residents} residents
 * @param {Graph} graph
 * @param {Pace | null} pace
 */
function leavesOf(streets, { exits }, graph, pace) {
  const { forward, backward } = FLAGS;
  /** @type {Tables["leaves"]} */
  const leaves = { node: [], exit: [], cost: [] };
  for (let e = 0; e < exits.edge.length; e += 1) {
    const edge = exits.edge[e];
    for (const [side, part] of ends(streets.flags[edge], exits.offset[e], streets.ticks[edge], backward, forward)) {
      const cost = partCost(pace, edge, part);
      if (cost === Infinity) continue;
      leaves.node.push(graph.leaveBy[2 * edge + side]);
      leaves.exit.push(e);
      leaves.cost.push(cost);
    }
  }
  return leaves;
}

/** @param {Residents} residents */
function legsOf({ blocks, exits, exitStart, pairStart, straight }) {
  const leg = new Int32Array(straight.length);
  for (let b = 0; b < blocks; b += 1) {
    const count = exitStart[b + 1] - exitStart[b];
    for (let i = pairStart[b]; i < pairStart[b + 1]; i += 1) {
      leg[i] = straight[i] + exits.leg[exitStart[b] + ((i - pairStart[b]) % count)];
    }
  }
  return leg;
}
