/* The directed graph that searches run on, with private ways in layers of their own (streets/assemble.py). */
import { rint } from "./plane.js";

export const FLAGS = { private: 1, forward: 2, backward: 4, steps: 8, usable: 16 };

/* What a part of an edge costs: its ticks of meters; with a pace, ticks of that pace. Closed edges cost Infinity. */
/** @typedef {{ perM: Float64Array, legPerM: number }} Pace what a meter of each edge, and of a leg, costs */

export function partCost(pace, edge, ticks) {
  if (!pace || ticks === 0) return ticks;
  return rint(ticks * pace.perM[edge]);
}
export const legCost = (pace, ticks) => (pace ? rint(ticks * pace.legPerM) : ticks);

/* streets: nodes (count), start, end, ticks, flags per edge; lines: start, end, ticks, edge per line across a square,
   which is walked both ways by the rules of an edge. pace: null for meters open to all, else {perM, legPerM}.
   Arcs are grouped by the node they lead into: arc a of into[h]..into[h + 1] comes from tail[a] and costs cost[a].
   A walk uses private ways first (layer leave), then public ones, then private ones (layer arrive). */
/** @param {any} streets @param {Pace | null} pace */
export function makeGraph(streets, pace = null) {
  const { nodes, start, end, ticks, flags, lines } = streets;
  const F = FLAGS;
  const edges = start.length;
  const pocketOf = new Int32Array(nodes).fill(-1);
  const pockets = [];
  const enter = (node) => {
    if (pocketOf[node] >= 0) return;
    pocketOf[node] = pockets.length;
    pockets.push(node);
  };
  for (let e = 0; e < edges; e += 1) {
    if (!(flags[e] & F.private)) continue;
    enter(start[e]);
    enter(end[e]);
  }
  const leave = (node) => nodes + pocketOf[node];
  const arrive = (node) => nodes + pockets.length + pocketOf[node];
  const leaveBy = new Int32Array(2 * edges);
  const arriveBy = new Int32Array(2 * edges);
  for (let e = 0; e < edges; e += 1) {
    const closed = flags[e] & F.private;
    for (let side = 0; side < 2; side += 1) {
      const node = side ? end[e] : start[e];
      leaveBy[2 * e + side] = closed ? leave(node) : node;
      arriveBy[2 * e + side] = closed ? arrive(node) : node;
    }
  }

  const total = nodes + 2 * pockets.length;
  /** @type {number[][]} tail, head, cost */
  const arcs = [[], [], []];
  const add = (tail, head, cost) => {
    arcs[0].push(tail);
    arcs[1].push(head);
    arcs[2].push(cost);
  };
  for (let e = 0; e < edges; e += 1) {
    const cost = partCost(pace, e, ticks[e]);
    if (cost === Infinity) continue;
    const layers = flags[e] & F.private ? [leaveBy, arriveBy] : [leaveBy];
    for (const by of layers) {
      if (flags[e] & F.forward) add(by[2 * e], by[2 * e + 1], cost);
      if (flags[e] & F.backward) add(by[2 * e + 1], by[2 * e], cost);
    }
  }
  for (let i = 0; i < lines.start.length; i += 1) {
    const cost = partCost(pace, lines.edge[i], lines.ticks[i]);
    if (cost === Infinity) continue;
    const layers = flags[lines.edge[i]] & F.private ? [leave, arrive] : [(node) => node];
    for (const at of layers) {
      add(at(lines.start[i]), at(lines.end[i]), cost);
      add(at(lines.end[i]), at(lines.start[i]), cost);
    }
  }
  for (const node of pockets) {
    add(leave(node), node, 0);
    add(node, arrive(node), 0);
  }

  const into = new Int32Array(total + 1);
  for (const head of arcs[1]) into[head + 1] += 1;
  for (let i = 0; i < total; i += 1) into[i + 1] += into[i];
  const next = into.slice(0, total);
  const tail = new Int32Array(arcs[0].length);
  const cost = new Float64Array(arcs[0].length);
  for (let a = 0; a < tail.length; a += 1) {
    const at = next[arcs[1][a]]++;
    tail[at] = arcs[0][a];
    cost[at] = arcs[2][a];
  }
  return { total, into, tail, cost, leaveBy, arriveBy };
}
