/* Gates that a what-if opens: exits beside those that a block has (needs/exits/of_blocks.py). */
import { rint, TICKS } from "./plane.js";
import { withYards } from "./yards.js";
/** @import { FoundAnchor, Gate, Residents, Town } from "../types" */

const FINE = 65536; /* exits stand on 1/65536 m */

/**
 * An exit at an opened gate: its anchor, with the gate on the plane, as it is and on 1/65536 m.
 * @typedef {FoundAnchor & { fineX: number, fineY: number }} Opened
 */

/**
 * The town with more exits; a gate that is near no usable street changes nothing.
 * @param {Town} town
 * @param {Gate[]} gates
 * @returns {Town}
 */
export function withGates(town, gates) {
  const { residents } = town;
  const more = openedBy(town, gates);
  if (!more.some((list) => list.length)) return town;
  const { exitStart, pairStart } = startsWith(residents, more);
  const opened = {
    ...{ ...residents, exitStart, pairStart },
    exits: exitsWith(residents, more, exitStart),
    straight: straightWith(residents, more, exitStart, pairStart),
    standing: standingWith(residents, more, exitStart),
  };
  /* a compound without any exit has a wall once it has a gate */
  const walls = new Set(town.walls);
  town.yards.block.forEach((b, yard) => {
    if (more[b].length && residents.exitStart[b + 1] === residents.exitStart[b]) walls.add(yard);
  });
  return withYards({ ...town, residents: opened }, walls);
}

/**
 * The anchors of each block's new exits.
 * @param {Town} town
 * @param {Gate[]} gates
 */
function openedBy(town, gates) {
  /** @type {Opened[][]} */
  const more = Array.from({ length: town.residents.blocks }, () => []);
  for (const { block, lat, lng } of gates) {
    const [x, y] = town.plane(lat, lng);
    const [fineX, fineY] = [x, y].map((one) => rint(one * FINE) / FINE);
    for (const anchor of town.snap(lat, lng)) more[block].push({ ...anchor, x, y, fineX, fineY });
  }
  return more;
}

/** @param {Residents} residents @param {Opened[][]} more */
function startsWith({ blocks, exitStart: hadFrom, pointStart }, more) {
  const exitStart = new Int32Array(blocks + 1);
  const pairStart = new Int32Array(blocks + 1);
  for (let b = 0; b < blocks; b += 1) {
    const has = hadFrom[b + 1] - hadFrom[b] + more[b].length;
    exitStart[b + 1] = exitStart[b] + has;
    pairStart[b + 1] = pairStart[b] + has * (pointStart[b + 1] - pointStart[b]);
  }
  return { exitStart, pairStart };
}

/** @param {Residents} residents @param {Opened[][]} more @param {Int32Array} exitStart */
function exitsWith({ blocks, exits, exitStart: hadFrom }, more, exitStart) {
  const column = (/** @type {Float64Array} */ had, /** @type {(one: Opened) => number} */ of) => {
    const values = new Float64Array(exitStart[blocks]);
    for (let b = 0; b < blocks; b += 1) {
      values.set(had.subarray(hadFrom[b], hadFrom[b + 1]), exitStart[b]);
      values.set(more[b].map(of), exitStart[b + 1] - more[b].length);
    }
    return values;
  };
  return {
    edge: column(exits.edge, (one) => one.edge),
    offset: column(exits.offset, (one) => one.offset),
    leg: column(exits.leg, (one) => one.leg),
    x: column(exits.x, (one) => one.fineX),
    y: column(exits.y, (one) => one.fineY),
  };
}

/**
 * Ticks from each point to each exit of its block.
 * @param {Residents} residents
 * @param {Opened[][]} more
 * @param {Int32Array} exitStart
 * @param {Int32Array} pairStart
 */
function straightWith(residents, more, exitStart, pairStart) {
  const { blocks, exitStart: hadFrom, pairStart: hadPairs, pointStart, pointX, pointY } = residents;
  const straight = new Int32Array(pairStart[blocks]);
  for (let b = 0; b < blocks; b += 1) {
    const had = hadFrom[b + 1] - hadFrom[b];
    const has = exitStart[b + 1] - exitStart[b];
    for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
      const i = p - pointStart[b];
      for (let e = 0; e < had; e += 1) {
        straight[pairStart[b] + i * has + e] = residents.straight[hadPairs[b] + i * had + e];
      }
      more[b].forEach(({ x, y }, e) => {
        straight[pairStart[b] + i * has + had + e] = rint(Math.hypot(pointX[p] - x, pointY[p] - y) * TICKS);
      });
    }
  }
  return straight;
}

/**
 * Places of exits on squares, those of the gates last.
 * @param {Residents} residents
 * @param {Opened[][]} more
 * @param {Int32Array} exitStart
 */
function standingWith({ exitStart: hadFrom, standing: had }, more, exitStart) {
  const standing = had.map((place) => {
    const b = blockOf(hadFrom, place.exit);
    return { ...place, exit: place.exit + exitStart[b] - hadFrom[b] };
  });
  more.forEach((list, b) => {
    const first = exitStart[b + 1] - list.length;
    const seen = new Set();
    list.forEach(({ place }, e) => {
      if (place && !seen.has(place)) standing.push({ ...place, exit: first + e });
      seen.add(place);
    });
  });
  return standing;
}

/**
 * The block of an exit.
 * @param {Int32Array} exitStart
 * @param {number} exit
 */
function blockOf(exitStart, exit) {
  let b = 0;
  while (exitStart[b + 1] <= exit) b += 1;
  return b;
}
