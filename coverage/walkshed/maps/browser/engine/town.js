/* The town that the page carries: streets, residents with their exits, and where stations stand. Nothing changes it. */
import { inflate } from "../shared/inflate.js";
import { decode, starts } from "./decode.js";
import { FLAGS } from "./graph.js";
import { groundLength, makePlane, rint, TICKS } from "./plane.js";
import { makeSnap } from "./snap.js";
import { makeSquares } from "./squares.js";
import { readPlaces } from "./squares/outlines.js";
import { withYards } from "./yards.js";
import { readYards } from "./yards/ground.js";
/** @import { Network } from "../payload" */
/**
 * @import {
 *   Actor, Anchor, At, Columns, Lines, Residents, Shape, Site, SquarePlace, Streets, Town, TownOffer,
 * } from "../types"
 */

const FINE = 65536; /* residents and exits stand on 1/65536 m */

/**
 * lines: the drawn streets of unpack.js, one per edge.
 * @param {Network} packed
 * @param {Lines} lines
 */
export async function openTown(packed, lines) {
  const size = packed.sections.reduce((sum, [, , , length]) => sum + length, 0);
  const parts = decode(inflate(packed.packed, size), packed.sections);
  return makeTown(packed, parts, lines);
}

/** @param {Network} packed @param {Columns} parts @param {Lines} lines @returns {Town} */
export function makeTown(packed, parts, lines) {
  const streets = readStreets(parts);
  const residents = readResidents(packed, parts);
  const shape = readShape(packed, parts, lines);
  const plane = makePlane(packed.plane);
  const finder = (/** @type {(edge: number) => boolean} */ usable) =>
    makeSnap({
      ...shape,
      edgeTicks: streets.ticks,
      ends: [streets.start, streets.end],
      usable,
      isPrivate: (edge) => (streets.flags[edge] & FLAGS.private) > 0,
    });
  const find = finder((edge) => (streets.flags[edge] & FLAGS.usable) > 0);
  const squares = makeSquares(packed, parts);
  const standing = readPlaces(parts);
  const sites = readSites(parts, standing.anchors);
  const offersOf = readOffers(packed, residents.blocks);
  return withYards({
    packed,
    streets,
    residents: { ...residents, standing: standing.exits },
    yards: readYards(parts),
    shape,
    squares,
    plane,
    footOf: (anchor) => footOn(shape, anchor),
    finderOn: (edges) => finder((edge) => edges.has(edge)),
    /* where each station of the study stands, what it offers, and what it would offer of a service besides */
    sites,
    offers: offersOf.standing,
    would: offersOf.would,
    standing: sites.map((site, station) => /** @type {Actor} */ ([station, site, offersOf.standing[station]])),
    /* The anchors of a place, each with the foot that its leg is drawn to; none where no usable street is near. */
    snap: (lat, lon) => {
      const [x, y] = plane(lat, lon);
      const anchors = squares.withEntries(squares.places(x, y), find(x, y, packed.max_snap_m), shape);
      return anchors.map((anchor) => ({ ...anchor, foot: between(shape, anchor.vertex, anchor.share) }));
    },
  });
}

/**
 * Where an anchor lies: {x, y} on the plane, and the foot that its leg is drawn to.
 * @param {Shape} shape
 * @param {Anchor} anchor
 */
function footOn(shape, { edge, offset }) {
  const { from, meters, x, y } = shape;
  let v = from[edge];
  while (v + 2 < from[edge + 1] && meters[v + 1] * TICKS < offset) v += 1;
  const long = meters[v + 1] - meters[v];
  const share = long > 0 ? Math.min(1, Math.max(0, (offset / TICKS - meters[v]) / long)) : 0;
  return {
    x: x[v] + share * (x[v + 1] - x[v]),
    y: y[v] + share * (y[v + 1] - y[v]),
    foot: between(shape, v, share),
  };
}

/** @param {Shape} shape @param {number} v @param {number} share @returns {At} */
function between({ lat, lon }, v, share) {
  return [lat[v] + share * (lat[v + 1] - lat[v]), lon[v] + share * (lon[v + 1] - lon[v])];
}

/** @param {Columns} parts @returns {Streets} */
function readStreets(parts) {
  const start = Int32Array.from(parts.edge_start);
  const end = start.map((node, edge) => node + parts.edge_end[edge]);
  let nodes = 0;
  for (let e = 0; e < start.length; e += 1) nodes = Math.max(nodes, start[e] + 1, end[e] + 1);
  const lineStart = Int32Array.from(parts.line_start);
  const lineEnd = lineStart.map((node, line) => node + parts.line_end[line]);
  return {
    nodes,
    start,
    end,
    ticks: parts.edge_ticks,
    flags: parts.edge_flags,
    lines: { start: lineStart, end: lineEnd, ticks: parts.line_ticks, edge: parts.line_edge },
    component: components(nodes, start, end, [lineStart, lineEnd]),
  };
}

/**
 * For each edge a number of the streets that hang together with it, by lines across squares too, whatever their direction.
 * @param {number} nodes
 * @param {Int32Array} start
 * @param {Int32Array} end
 * @param {Int32Array[]} lines where they start and end
 */
function components(nodes, start, end, [lineStart, lineEnd]) {
  const parent = Int32Array.from({ length: nodes }, (_, node) => node);
  const top = (/** @type {number} */ node) => {
    while (parent[node] !== node) node = parent[node] = parent[parent[node]];
    return node;
  };
  for (let e = 0; e < start.length; e += 1) parent[top(start[e])] = top(end[e]);
  for (let i = 0; i < lineStart.length; i += 1) parent[top(lineStart[i])] = top(lineEnd[i]);
  return Int32Array.from(start, top);
}

/**
 * Vertices to the seventh decimal, on the plane, with the meters along their edge.
 * @param {Network} packed
 * @param {Columns} parts
 * @param {Lines} lines
 * @returns {Shape}
 */
function readShape(packed, parts, lines) {
  const plane = makePlane(packed.plane);
  const { from } = lines;
  const count = from[lines.count];
  const column = () => new Float64Array(count);
  const shape = { from, lat: column(), lon: column(), x: column(), y: column(), meters: column() };
  const { lat, lon, x, y, meters } = shape;
  for (let e = 0; e < lines.count; e += 1) {
    const last = from[e + 1] - 1;
    const edgeM = parts.edge_ticks[e] / TICKS;
    let along = 0;
    for (let v = from[e]; v <= last; v += 1) {
      const digits = parts.vertex_digits[v];
      lat[v] = (lines.lat[v] * 10 + Math.floor(digits / 11) - 5) / 1e7;
      lon[v] = (lines.lon[v] * 10 + (digits % 11) - 5) / 1e7;
      [x[v], y[v]] = plane(lat[v], lon[v]);
      if (v > from[e]) along += groundLength(x[v - 1], y[v - 1], x[v], y[v], packed.plane.planar);
      meters[v] = v === last ? edgeM : Math.min(along, edgeM);
    }
  }
  return shape;
}

/**
 * Points and exits by block; straight: ticks from each point to each exit of its block, point by point. Who stands on a
 * square is read elsewhere.
 * @param {Network} packed
 * @param {Columns} parts
 * @returns {Omit<Residents, "standing">}
 */
function readResidents(packed, parts) {
  const pointStart = starts(parts.block_points);
  const exitStart = starts(parts.block_exits);
  const pairStart = starts(parts.block_points.map((count, b) => count * parts.block_exits[b]));
  const { weight, people, block } = readPeople(parts, pointStart);
  return {
    blocks: parts.block_points.length,
    points: block.length,
    pointX: parts.point_x.map((x) => x / FINE),
    pointY: parts.point_y.map((y) => y / FINE),
    pointStart,
    exitStart,
    /* exits of each block that are there whatever stations stand where, before those at stations */
    lasting: parts.block_lasting,
    atStations: parts.block_exits.map((count, b) => count - parts.block_lasting[b]),
    pairStart,
    straight: readStraight(parts, pointStart, exitStart, pairStart),
    block,
    weight,
    people,
    worth: packed.weighs_blocks ? weight : people,
    blockPeople: parts.block_people,
    blockKind: parts.block_kind,
    blockGapM: parts.block_gap_m,
    exits: {
      edge: parts.exit_edge,
      offset: parts.exit_offset,
      leg: parts.exit_leg,
      x: Float64Array.from(parts.exit_x, (x) => x / FINE),
      y: Float64Array.from(parts.exit_y, (y) => y / FINE),
    },
    /* ways along the edges of blocks: residents step out onto them anywhere */
    stretches: {
      block: parts.stretch_block,
      edge: parts.stretch_edge,
      low: parts.stretch_low,
      high: parts.stretch_high,
    },
  };
}

/**
 * Whose point each is, and how many live there: all alike, but in blocks that are uneven.
 * @param {Columns} parts
 * @param {Int32Array} pointStart
 */
function readPeople(parts, pointStart) {
  const blocks = parts.block_points.length;
  const weight = new Float64Array(pointStart[blocks]);
  const people = new Float64Array(pointStart[blocks]);
  const block = new Int32Array(pointStart[blocks]);
  for (let b = 0, uneven = 0; b < blocks; b += 1) {
    for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
      weight[p] = parts.block_uneven[b] ? parts.uneven_weight[uneven++] : 1 / parts.block_points[b];
      people[p] = weight[p] * parts.block_people[b];
      block[p] = b;
    }
  }
  return { weight, people, block };
}

/**
 * @param {Columns} parts
 * @param {Int32Array} pointStart
 * @param {Int32Array} exitStart
 * @param {Int32Array} pairStart
 */
function readStraight(parts, pointStart, exitStart, pairStart) {
  const blocks = parts.block_points.length;
  const straight = new Int32Array(pairStart[blocks]);
  for (let b = 0, at = 0; b < blocks; b += 1) {
    for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
      for (let e = exitStart[b]; e < exitStart[b + 1]; e += 1) {
        const dx = parts.point_x[p] - parts.exit_x[e];
        const dy = parts.point_y[p] - parts.exit_y[e];
        straight[at++] = rint(Math.sqrt(dx * dx + dy * dy) / (FINE / TICKS));
      }
    }
  }
  parts.straight_wrong.forEach((pair, i) => (straight[pair] += parts.straight_more[i]));
  return straight;
}

/**
 * Per station its anchors and doors; no anchors where it is off the network, or behind a wall.
 * @param {Columns} parts
 * @param {(SquarePlace | null)[]} places
 * @returns {Site[]}
 */
function readSites(parts, places) {
  const start = starts(parts.station_anchors);
  const doors = starts(parts.station_doors);
  return Array.from(parts.station_anchors, (count, i) => ({
    anchors: Array.from({ length: count }, (_, a) => ({
      edge: parts.station_edge[start[i] + a],
      offset: parts.station_offset[start[i] + a],
      leg: parts.station_leg[start[i] + a],
      place: places[start[i] + a],
    })),
    x: parts.station_x[i],
    y: parts.station_y[i],
    doors: Array.from({ length: parts.station_doors[i] }, (_, d) => /** @type {At} */ ([
      parts.door_x[doors[i] + d],
      parts.door_y[doors[i] + d],
    ])),
  }));
}

/** @param {Network} packed @param {number} blocks */
function readOffers(packed, blocks) {
  /**
   * @param {Omit<TownOffer, "admitted">} offer
   * @returns {TownOffer}
   */
  const withAdmitted = (offer) => {
    if (offer.admits === null) return { ...offer, admitted: null };
    const admitted = new Uint8Array(blocks);
    for (const b of offer.admits) admitted[b] = 1;
    return { ...offer, admitted };
  };
  /** @type {TownOffer[][]} */
  const standing = packed.would.map(() => []);
  for (const offer of packed.offers) standing[offer.station].push(withAdmitted(offer));
  /** @type {Map<number, TownOffer>[]} */
  const made = packed.would.map(() => new Map());
  const would = (/** @type {number} */ station, /** @type {number} */ service) => {
    const { mode } = packed.services[service];
    const offer =
      made[station].get(service) || withAdmitted({ ...packed.would[station], station, service, mode });
    made[station].set(service, offer);
    return offer;
  };
  return { standing, would };
}
