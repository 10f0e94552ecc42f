/* Walks along the mapped ways of a compound, to a door inside (needs/exits/paths_inside.py): from every home of a court what
   the walk costs, legs and all, in ticks; a few ways, so that a plain list will do for a queue. */
import { FLAGS, legCost, partCost } from "./graph.js";

/* The parts of an edge that hold a place on it. */
export function partsAt(ways, from, to, { edge, offset }) {
  const parts = [];
  for (let k = from; k < to; k += 1) {
    if (ways.edge[k] === edge && ways.low[k] <= offset && offset <= ways.high[k]) parts.push(k);
  }
  return parts;
}

/* court: {ways: {edge, low, high, from, to}, door: [feet], homes: [feet of each]}. */
export function courtCost(streets, { ways, door, homes }, pace) {
  const { forward, backward } = FLAGS;
  const goes = (edge, way) => (streets.flags[edge] & way) > 0;

  /* the nodes at the ends of a part that a walk leaves to, or comes from: [node, cost] */
  function ends(part, offset, leaving) {
    const edge = ways.edge[part];
    const whole = streets.ticks[edge];
    const [toStart, toEnd] = leaving ? [backward, forward] : [forward, backward];
    const found = [];
    if (ways.low[part] === 0 && (goes(edge, toStart) || offset === 0))
      found.push([streets.start[edge], partCost(pace, edge, offset)]);
    if (ways.high[part] === whole && (goes(edge, toEnd) || offset === whole))
      found.push([streets.end[edge], partCost(pace, edge, whole - offset)]);
    return found;
  }

  /* from the door, against the direction of the walk */
  const waiting = [];
  for (const foot of door) {
    const leg = legCost(pace, foot.leg);
    for (const part of partsAt(ways, ways.from, ways.to, foot))
      for (const [node, cost] of ends(part, foot.offset, false)) waiting.push([node, cost + leg]);
  }
  const into = new Map();
  const link = (to, from, cost) => {
    if (!into.has(to)) into.set(to, []);
    into.get(to).push([from, cost]);
  };
  for (let k = ways.from; k < ways.to; k += 1) {
    const edge = ways.edge[k];
    if (ways.low[k] !== 0 || ways.high[k] !== streets.ticks[edge]) continue;
    const cost = partCost(pace, edge, streets.ticks[edge]);
    if (goes(edge, forward)) link(streets.end[edge], streets.start[edge], cost);
    if (goes(edge, backward)) link(streets.start[edge], streets.end[edge], cost);
  }
  const toDoor = new Map();
  while (waiting.length) {
    let least = 0;
    for (let i = 1; i < waiting.length; i += 1) if (waiting[i][1] < waiting[least][1]) least = i;
    const [[node, cost]] = waiting.splice(least, 1);
    if (toDoor.has(node) || cost === Infinity) continue;
    toDoor.set(node, cost);
    for (const [before, step] of into.get(node) || []) waiting.push([before, cost + step]);
  }

  /* straight along one part to a foot of the door */
  function along(part, offset) {
    const edge = ways.edge[part];
    let best = Infinity;
    for (const foot of door) {
      if (foot.edge !== edge || foot.offset < ways.low[part] || foot.offset > ways.high[part]) continue;
      const ahead = foot.offset - offset;
      if ((ahead > 0 && !goes(edge, forward)) || (ahead < 0 && !goes(edge, backward))) continue;
      best = Math.min(best, partCost(pace, edge, Math.abs(ahead)) + legCost(pace, foot.leg));
    }
    return best;
  }

  return homes.map((feet) => {
    let best = Infinity;
    for (const foot of feet) {
      const leg = legCost(pace, foot.leg);
      for (const part of partsAt(ways, ways.from, ways.to, foot)) {
        for (const [node, cost] of ends(part, foot.offset, true))
          if (toDoor.has(node)) best = Math.min(best, leg + cost + toDoor.get(node));
        best = Math.min(best, leg + along(part, foot.offset));
      }
    }
    return best;
  });
}
