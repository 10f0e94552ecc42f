/* Walks along the mapped ways of a compound, to a door inside (needs/exits/paths_inside.py): from every home of a court what
   the walk costs, legs and all, in ticks; a few ways, so that a plain list will do for a queue. */
import { FLAGS, legCost, partCost } from "../graph.js";
/** @import { Anchor, Court, FoundAnchor, Streets, Ways } from "../../types" */
/** @import { Pace } from "../graph.js" */

/**
 * The parts of an edge that hold a place on it.
 * @param {Pick<Ways, "edge" | "low" | "high">} ways
 * @param {number} from
 * @param {number} to
 * @param {Anchor} place
 */
export function partsAt(ways, from, to, { edge, offset }) {
  const parts = [];
  for (let k = from; k < to; k += 1) {
    if (ways.edge[k] === edge && ways.low[k] <= offset && offset <= ways.high[k]) parts.push(k);
  }
  return parts;
}

/**
 * What the walk costs from each home of a court to its door, in the order of the homes.
 * @param {Streets} streets
 * @param {Court} court
 * @param {Pace | null} pace
 */
export function courtCost(streets, { ways, door, homes }, pace) {
  const toDoor = nodeCosts(streets, ways, door, pace);
  return homes.map((feet) => {
    let best = Infinity;
    for (const foot of feet) {
      const leg = legCost(pace, foot.leg);
      for (const part of partsAt(ways, ways.from, ways.to, foot)) {
        for (const [node, cost] of ends(streets, ways, part, foot.offset, { pace, leaving: true })) {
          const onward = toDoor.get(node);
          if (onward !== undefined) best = Math.min(best, leg + cost + onward);
        }
        best = Math.min(best, leg + along(streets, ways, part, foot.offset, { pace, door }));
      }
    }
    return best;
  });
}

/** @param {Streets} streets @param {number} edge @param {number} way */
const goes = (streets, edge, way) => (streets.flags[edge] & way) > 0;

/**
 * The nodes at the ends of a part that a walk leaves to, or comes from: [node, cost].
 * @param {Streets} streets
 * @param {Ways} ways
 * @param {number} part
 * @param {number} offset
 * @param {{ pace: Pace | null, leaving: boolean }} walk
 */
function ends(streets, ways, part, offset, { pace, leaving }) {
  const { forward, backward } = FLAGS;
  const edge = ways.edge[part];
  const whole = streets.ticks[edge];
  const [toStart, toEnd] = leaving ? [backward, forward] : [forward, backward];
  /** @type {[number, number][]} */
  const found = [];
  if (ways.low[part] === 0 && (goes(streets, edge, toStart) || offset === 0))
    found.push([streets.start[edge], partCost(pace, edge, offset)]);
  if (ways.high[part] === whole && (goes(streets, edge, toEnd) || offset === whole))
    found.push([streets.end[edge], partCost(pace, edge, whole - offset)]);
  return found;
}

/**
 * What it costs from each node of the ways to the door: from there, against the direction of the walk.
 * @param {Streets} streets
 * @param {Ways} ways
 * @param {FoundAnchor[]} door
 * @param {Pace | null} pace
 */
function nodeCosts(streets, ways, door, pace) {
  /** @type {[number, number][]} */
  const waiting = [];
  for (const foot of door) {
    const leg = legCost(pace, foot.leg);
    for (const part of partsAt(ways, ways.from, ways.to, foot)) {
      for (const [node, cost] of ends(streets, ways, part, foot.offset, { pace, leaving: false }))
        waiting.push([node, cost + leg]);
    }
  }
  const into = linksInto(streets, ways, pace);
  /** @type {Map<number, number>} */
  const toDoor = new Map();
  while (waiting.length) {
    let least = 0;
    for (let i = 1; i < waiting.length; i += 1) if (waiting[i][1] < waiting[least][1]) least = i;
    const [[node, cost]] = waiting.splice(least, 1);
    if (toDoor.has(node) || cost === Infinity) continue;
    toDoor.set(node, cost);
    for (const [before, step] of into.get(node) || []) waiting.push([before, cost + step]);
  }
  return toDoor;
}

/**
 * The whole edges among the ways, by the node that they lead into: [node before, cost].
 * @param {Streets} streets
 * @param {Ways} ways
 * @param {Pace | null} pace
 */
function linksInto(streets, ways, pace) {
  /** @type {Map<number, [number, number][]>} */
  const into = new Map();
  const link = (/** @type {number} */ to, /** @type {number} */ from, /** @type {number} */ cost) => {
    into.set(to, [...(into.get(to) || []), [from, cost]]);
  };
  for (let k = ways.from; k < ways.to; k += 1) {
    const edge = ways.edge[k];
    if (ways.low[k] !== 0 || ways.high[k] !== streets.ticks[edge]) continue;
    const cost = partCost(pace, edge, streets.ticks[edge]);
    if (goes(streets, edge, FLAGS.forward)) link(streets.end[edge], streets.start[edge], cost);
    if (goes(streets, edge, FLAGS.backward)) link(streets.start[edge], streets.end[edge], cost);
  }
  return into;
}

/**
 * Straight along one part to a foot of the door.
 * @param {Streets} streets
 * @param {Ways} ways
 * @param {number} part
 * @param {number} offset
 * @param {{ pace: Pace | null, door: FoundAnchor[] }} walk
 */
function along(streets, ways, part, offset, { pace, door }) {
  const { forward, backward } = FLAGS;
  const edge = ways.edge[part];
  let best = Infinity;
  for (const foot of door) {
    if (foot.edge !== edge || foot.offset < ways.low[part] || foot.offset > ways.high[part]) continue;
    const ahead = foot.offset - offset;
    if ((ahead > 0 && !goes(streets, edge, forward)) || (ahead < 0 && !goes(streets, edge, backward))) continue;
    best = Math.min(best, partCost(pace, edge, Math.abs(ahead)) + legCost(pace, foot.leg));
  }
  return best;
}
