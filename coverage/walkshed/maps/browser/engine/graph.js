/* The directed graph that searches run on, with private ways in layers of their own (streets/assemble.py). */
import { rint } from "./plane.js";
/** @import { Streets } from "../types" */

export const FLAGS = { private: 1, forward: 2, backward: 4, steps: 8, usable: 16 };

/** @typedef {{ perM: Float64Array, legPerM: number }} Pace what a meter of each edge, and of a leg, costs */

/**
 * Arcs are grouped by the node they lead into: arc a of into[h]..into[h + 1] comes from tail[a] and costs cost[a].
 * leaveBy, arriveBy: the node by which an edge is left, or come to, at either side.
 * @typedef {object} Graph
 * @property {number} total nodes
 * @property {Int32Array} into
 * @property {Int32Array} tail
 * @property {Float64Array} cost
 * @property {Int32Array} leaveBy
 * @property {Int32Array} arriveBy
 */

/** @typedef {{ tail: number[], head: number[], cost: number[] }} Arcs */

/**
 * What a part of an edge costs: its ticks of meters; with a pace, ticks of that pace. Closed edges cost Infinity.
 * @param {Pace | null} pace
 * @param {number} edge
 * @param {number} ticks
 */
export function partCost(pace, edge, ticks) {
  if (!pace || ticks === 0) return ticks;
  return rint(ticks * pace.perM[edge]);
}

/** @param {Pace | null} pace @param {number} ticks */
export const legCost = (pace, ticks) => (pace ? rint(ticks * pace.legPerM) : ticks);

/**
 * streets: nodes (count), start, end, ticks, flags per edge; lines: start, end, ticks, edge per line across a square,
 * which is walked both ways by the rules of an edge. pace: null for meters open to all.
 * A walk uses private ways first (layer leave), then public ones, then private ones (layer arrive).
 * @param {Streets} streets
 * @param {Pace | null} pace
 * @returns {Graph}
 */
export function makeGraph(streets, pace = null) {
  const layers = makeLayers(streets);
  /** @type {Arcs} */
  const arcs = { tail: [], head: [], cost: [] };
  addEdges(arcs, streets, layers, pace);
  addLines(arcs, streets, layers, pace);
  for (const node of layers.pockets) {
    add(arcs, layers.leave(node), node, 0);
    add(arcs, node, layers.arrive(node), 0);
  }
  const total = streets.nodes + 2 * layers.pockets.length;
  const { leaveBy, arriveBy } = layers;
  return { total, ...byHead(arcs, total), leaveBy, arriveBy };
}

/**
 * Nodes of private ways stand twice more, behind all others: to be left by, and to be come to.
 * @param {Streets} streets
 */
function makeLayers({ nodes, start, end, flags }) {
  const edges = start.length;
  const pocketOf = new Int32Array(nodes).fill(-1);
  /** @type {number[]} */
  const pockets = [];
  const enter = (/** @type {number} */ node) => {
    if (pocketOf[node] >= 0) return;
    pocketOf[node] = pockets.length;
    pockets.push(node);
  };
  for (let e = 0; e < edges; e += 1) {
    if (!(flags[e] & FLAGS.private)) continue;
    enter(start[e]);
    enter(end[e]);
  }
  const leave = (/** @type {number} */ node) => nodes + pocketOf[node];
  const arrive = (/** @type {number} */ node) => nodes + pockets.length + pocketOf[node];
  const leaveBy = new Int32Array(2 * edges);
  const arriveBy = new Int32Array(2 * edges);
  for (let e = 0; e < edges; e += 1) {
    const isClosed = flags[e] & FLAGS.private;
    for (let side = 0; side < 2; side += 1) {
      const node = side ? end[e] : start[e];
      leaveBy[2 * e + side] = isClosed ? leave(node) : node;
      arriveBy[2 * e + side] = isClosed ? arrive(node) : node;
    }
  }
  return { pockets, leave, arrive, leaveBy, arriveBy };
}

/** @param {Arcs} arcs @param {number} tail @param {number} head @param {number} cost */
function add(arcs, tail, head, cost) {
  arcs.tail.push(tail);
  arcs.head.push(head);
  arcs.cost.push(cost);
}

/**
 * @param {Arcs} arcs
 * @param {Streets} streets
 * @param {ReturnType<typeof makeLayers>} layers
 * @param {Pace | null} pace
 */
function addEdges(arcs, { start, ticks, flags }, { leaveBy, arriveBy }, pace) {
  for (let e = 0; e < start.length; e += 1) {
    const cost = partCost(pace, e, ticks[e]);
    if (cost === Infinity) continue;
    for (const by of flags[e] & FLAGS.private ? [leaveBy, arriveBy] : [leaveBy]) {
      if (flags[e] & FLAGS.forward) add(arcs, by[2 * e], by[2 * e + 1], cost);
      if (flags[e] & FLAGS.backward) add(arcs, by[2 * e + 1], by[2 * e], cost);
    }
  }
}

/**
 * @param {Arcs} arcs
 * @param {Streets} streets
 * @param {ReturnType<typeof makeLayers>} layers
 * @param {Pace | null} pace
 */
function addLines(arcs, { flags, lines }, { leave, arrive }, pace) {
  const own = (/** @type {number} */ node) => node;
  for (let i = 0; i < lines.start.length; i += 1) {
    const cost = partCost(pace, lines.edge[i], lines.ticks[i]);
    if (cost === Infinity) continue;
    for (const at of flags[lines.edge[i]] & FLAGS.private ? [leave, arrive] : [own]) {
      add(arcs, at(lines.start[i]), at(lines.end[i]), cost);
      add(arcs, at(lines.end[i]), at(lines.start[i]), cost);
    }
  }
}

/** @param {Arcs} arcs @param {number} total */
function byHead(arcs, total) {
  const into = new Int32Array(total + 1);
  for (const head of arcs.head) into[head + 1] += 1;
  for (let i = 0; i < total; i += 1) into[i + 1] += into[i];
  const next = into.slice(0, total);
  const tail = new Int32Array(arcs.tail.length);
  const cost = new Float64Array(arcs.tail.length);
  for (let a = 0; a < tail.length; a += 1) {
    const at = next[arcs.head[a]]++;
    tail[at] = arcs.tail[a];
    cost[at] = arcs.cost[a];
  }
  return { into, tail, cost };
}
