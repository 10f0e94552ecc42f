/* The ground inside compounds: a station that stands there is come to by the exits, and by its own residents across
   the ground (needs/exits/yards.py, needs/exits/inside.py). Sums, products and comparisons alone, each rounded as in Python. */
import { courtCost, partsAt } from "./courts.js";
import { rint, TICKS } from "./plane.js";

const STEPS_PER_M = 64;
const ON_EDGE_M = 1;
const ANYWHERE_M = 1e6;
const TIP_M = 1 / 4;

/* Lines from x0, y0 to x1, y1; those of yard i are edges edgeStart[i] to edgeStart[i + 1], and what parts its ground
   divides divideStart[i] to divideStart[i + 1]. Its mapped ways are parts of edges. */
export function readYards(parts) {
  const yards = parts.yard_block.length;
  const lines = (count) => ({
    x0: new Float64Array(count),
    y0: new Float64Array(count),
    x1: new Float64Array(count),
    y1: new Float64Array(count),
  });
  const edges = lines(parts.ring_x.length);
  const edgeStart = new Int32Array(yards + 1);
  for (let i = 0, ring = 0, at = 0; i < yards; i += 1) {
    for (let r = 0; r < parts.yard_rings[i]; r += 1, ring += 1) {
      const count = parts.ring_lines[ring];
      for (let k = 0; k < count; k += 1) {
        const [from, to] = [at + k, at + ((k + 1) % count)];
        edges.x0[from] = parts.ring_x[from] / STEPS_PER_M;
        edges.y0[from] = parts.ring_y[from] / STEPS_PER_M;
        edges.x1[from] = parts.ring_x[to] / STEPS_PER_M;
        edges.y1[from] = parts.ring_y[to] / STEPS_PER_M;
      }
      at += count;
    }
    edgeStart[i + 1] = at;
  }
  const divides = lines(parts.divide_x.length);
  const divideStart = new Int32Array(yards + 1);
  for (let i = 0; i < yards; i += 1) divideStart[i + 1] = divideStart[i] + parts.yard_divides[i];
  for (let k = 0; k < divides.x0.length; k += 1) {
    divides.x0[k] = parts.divide_x[k] / STEPS_PER_M;
    divides.y0[k] = parts.divide_y[k] / STEPS_PER_M;
    divides.x1[k] = (parts.divide_x[k] + parts.divide_dx[k]) / STEPS_PER_M;
    divides.y1[k] = (parts.divide_y[k] + parts.divide_dy[k]) / STEPS_PER_M;
  }
  const wayStart = new Int32Array(yards + 1);
  for (let i = 0; i < yards; i += 1) wayStart[i + 1] = wayStart[i] + parts.yard_ways[i];
  const ways = { edge: parts.way_edge, low: parts.way_low, high: parts.way_high };
  const outlines = { edges, edgeStart, divides, divideStart };
  return { block: parts.yard_block, walled: parts.yard_walled, ...outlines, ways, wayStart };
}

/* Whether a place lies within the edge of a yard (even-odd rule), and off all of it by 1 m. */
function holds({ edges, edgeStart }, yard, x, y) {
  const { x0, y0, x1, y1 } = edges;
  let odd = false;
  for (let k = edgeStart[yard]; k < edgeStart[yard + 1]; k += 1) {
    const straddles = y0[k] > y !== y1[k] > y;
    if (straddles && x < ((x1[k] - x0[k]) * (y - y0[k])) / (y1[k] - y0[k]) + x0[k]) odd = !odd;
    const alongX = x1[k] - x0[k];
    const alongY = y1[k] - y0[k];
    const squared = alongX * alongX + alongY * alongY;
    const share = Math.min(1, Math.max(0, ((x - x0[k]) * alongX + (y - y0[k]) * alongY) / squared));
    const awayX = x - (x0[k] + share * alongX);
    const awayY = y - (y0[k] + share * alongY);
    if (awayX * awayX + awayY * awayY <= ON_EDGE_M * ON_EDGE_M) return false;
  }
  return odd;
}

const rightOf = (dx, dy, toX, toY) => dx * toY - dy * toX < 0;

/* Whether a straight walk crosses one of some lines. */
function crosses({ x0, y0, x1, y1 }, from, to, ax, ay, bx, by) {
  for (let k = from; k < to; k += 1) {
    const endsApart =
      rightOf(bx - ax, by - ay, x0[k] - ax, y0[k] - ay) !== rightOf(bx - ax, by - ay, x1[k] - ax, y1[k] - ay);
    if (!endsApart) continue;
    const [u, v] = [x1[k] - x0[k], y1[k] - y0[k]];
    if (rightOf(u, v, ax - x0[k], ay - y0[k]) !== rightOf(u, v, bx - x0[k], by - y0[k])) return true;
  }
  return false;
}

/* The town with town.enter(site): where a station at a site {anchors, x, y} meets the streets, and whom it meets
   inside, as {anchors, x, y, inside: {point, ticks, courts}}. Sites of the study have their doors inside, and only anchors
   that are through no wall; walls: yards that have one since. */
export function withYards(town, walls = new Set()) {
  const { yards, residents, packed } = town;
  const entered = new WeakMap();
  const finders = new Map();
  const onSquare = new Map(residents.standing.map((place) => [place.exit, place]));
  const homes = new Map();
  const enter = (site) => {
    if (!entered.has(site)) entered.set(site, make(site));
    return entered.get(site);
  };

  function make(site) {
    const doors = site.doors || [[site.x, site.y]];
    /** @type {any[]} */
    const held = [];
    for (const [x, y] of doors) {
      for (let yard = 0; yard < yards.block.length; yard += 1) if (holds(yards, yard, x, y)) held.push([x, y, yard]);
    }
    if (!held.length) return { ...site, inside: { point: [], ticks: [], courts: [] } };
    const own = site.anchors.filter((anchor) => !held.some((door) => throughWall(site, anchor, door)));
    return { ...site, anchors: [...own, ...held.flatMap(exitsFrom)], inside: across(held) };
  }

  function throughWall(site, anchor, [x, y, yard]) {
    const since = walls.has(yard);
    if (site.doors ? !since : !since && !yards.walled[yard]) return false;
    const [start, end] = [yards.edgeStart[yard], yards.edgeStart[yard + 1]];
    const foot = anchor.x === undefined ? town.footOf(anchor) : anchor;
    return crosses(yards.edges, start, end, x, y, foot.x, foot.y) && !onStretch(yards.block[yard], anchor);
  }

  function onStretch(block, { edge, offset }) {
    const { stretches } = residents;
    return stretches.edge.some(
      (own, i) =>
        own === edge && stretches.block[i] === block && stretches.low[i] <= offset && offset <= stretches.high[i],
    );
  }

  /* By the exits of a yard, but for those that other stations alone bring about; opened gates come last. */
  function exitsFrom([x, y, yard]) {
    const { exits, exitStart, lasting, atStations } = residents;
    const block = yards.block[yard];
    const until = exitStart[block] + lasting[block];
    const found = [];
    for (let e = exitStart[block]; e < exitStart[block + 1]; e += 1) {
      if (until <= e && e < until + atStations[block]) continue;
      const [dx, dy] = [x - exits.x[e], y - exits.y[e]];
      const leg = rint(Math.sqrt(dx * dx + dy * dy) * TICKS) + exits.leg[e];
      const to = leg - exits.leg[e];
      const place = onSquare.has(e) ? { ...onSquare.get(e), leg: to + onSquare.get(e).leg } : null;
      found.push({ edge: exits.edge[e], offset: exits.offset[e], leg, place });
    }
    return found;
  }

  /* Whether a straight walk keeps to a yard, and crosses nothing that parts it. */
  const isFree = (yard, ...walk) =>
    !crosses(yards.edges, yards.edgeStart[yard], yards.edgeStart[yard + 1], ...walk) &&
    !crosses(yards.divides, yards.divideStart[yard], yards.divideStart[yard + 1], ...walk);

  /* A hair before a foot: a leg that ends on a street, or at the edge, does not cross it (needs/exits/paths_inside.py). */
  function before(foot, x, y) {
    const [dx, dy] = [x - foot.x, y - foot.y];
    const share = TIP_M / Math.max(Math.sqrt(dx * dx + dy * dy), TIP_M);
    return [foot.x + share * dx, foot.y + share * dy];
  }

  /* Where a place inside a yard meets its ways: the nearest, if the leg to it keeps to the yard. */
  function feetAt(yard, x, y) {
    const [from, to] = [yards.wayStart[yard], yards.wayStart[yard + 1]];
    if (!finders.has(yard)) finders.set(yard, town.finderOn(new Set(yards.ways.edge.slice(from, to))));
    return finders.get(yard)(x, y, ANYWHERE_M).filter((foot) => {
      if (!isFree(yard, x, y, ...before(foot, x, y))) return false;
      return partsAt(yards.ways, from, to, foot).length > 0;
    });
  }

  function homesAt(yard) {
    if (!homes.has(yard)) {
      const { pointStart, pointX, pointY } = residents;
      const [from, to] = [pointStart[yards.block[yard]], pointStart[yards.block[yard] + 1]];
      const every = Array.from({ length: to - from }, (_, i) => feetAt(yard, pointX[from + i], pointY[from + i]));
      homes.set(yard, every);
    }
    return homes.get(yard);
  }

  /* The walks from the residents of the yards that hold a door: straight ones {point, ticks}, and courts, from whose
     homes ways lead to the door. Of equals the nearest counts, ways before guesses. */
  function across(held) {
    const { pointStart, pointX, pointY } = residents;
    const best = new Map();
    const courts = [];
    const offer = (p, ticks, court, home) => {
      if (best.has(p) && best.get(p).ticks <= ticks) return;
      best.set(p, { ticks, court, home });
    };
    for (const [x, y, yard] of held) {
      const first = pointStart[yards.block[yard]];
      const end = pointStart[yards.block[yard] + 1];
      const ways = { ...yards.ways, from: yards.wayStart[yard], to: yards.wayStart[yard + 1] };
      const door = ways.from < ways.to ? feetAt(yard, x, y) : [];
      const long = (p) => {
        const [dx, dy] = [pointX[p] - x, pointY[p] - y];
        return Math.sqrt(dx * dx + dy * dy);
      };
      const court = { ways, door, homes: [] };
      if (door.length) {
        const meets = (feet, p) => feet.length && (feet[0].leg + door[0].leg) / TICKS <= long(p);
        court.homes = homesAt(yard).map((feet, i) => (meets(feet, first + i) ? feet : []));
      }
      const along = court.homes.length ? courtCost(town.streets, court, null) : [];
      for (let p = first; p < end; p += 1) {
        const ticks = along.length ? along[p - first] : Infinity;
        if (ticks < Infinity) offer(p, ticks, court, p - first);
        else if (isFree(yard, pointX[p], pointY[p], x, y))
          offer(p, rint(long(p) * packed.inside_detour * TICKS), null, -1);
      }
      if (court.homes.length) courts.push(court);
    }
    const walks = [...best].map(([point, walk]) => ({ point, ...walk }));
    const straight = walks.filter((walk) => !walk.court);
    return {
      point: straight.map((walk) => walk.point),
      ticks: straight.map((walk) => walk.ticks),
      courts: courts.map((court) => ({ ...court, walks: walks.filter((walk) => walk.court === court) })),
    };
  }

  return { ...town, enter, walls };
}
