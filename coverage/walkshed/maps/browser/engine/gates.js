/* Gates that a what-if opens: exits beside those that a block has (needs/exits/of_blocks.py). */
import { rint, TICKS } from "./plane.js";
import { withYards } from "./yards.js";

const FINE = 65536; /* exits stand on 1/65536 m */

/* The block of an exit. */
function blockOf(exitStart, exit) {
  let b = 0;
  while (exitStart[b + 1] <= exit) b += 1;
  return b;
}

/* The town with more exits: gates [{block, lat, lng}]; one that is near no usable street changes nothing. */
export function withGates(town, gates) {
  const { residents, plane } = town;
  const { blocks, exitStart, pointStart, pairStart, pointX, pointY } = residents;
  /** @type {any[][]} the anchors of each block's new exits */
  const more = Array.from({ length: blocks }, () => []);
  for (const { block, lat, lng } of gates) {
    const [x, y] = plane(lat, lng);
    const [fineX, fineY] = [x, y].map((one) => rint(one * FINE) / FINE);
    for (const anchor of town.snap(lat, lng)) more[block].push({ ...anchor, x, y, fineX, fineY });
  }
  const added = more.reduce((sum, list) => sum + list.length, 0);
  if (!added) return town;
  const starts = new Int32Array(blocks + 1);
  const pairs = new Int32Array(blocks + 1);
  const exits = {};
  for (const key of ["edge", "offset", "leg"])
    exits[key] = new residents.exits[key].constructor(residents.exits[key].length + added);
  for (const key of ["x", "y"]) exits[key] = new Float64Array(residents.exits.x.length + added);
  const straight = new Int32Array(
    residents.straight.length +
      more.reduce((sum, list, b) => sum + list.length * (pointStart[b + 1] - pointStart[b]), 0),
  );
  for (let b = 0; b < blocks; b += 1) {
    const had = exitStart[b + 1] - exitStart[b];
    const has = had + more[b].length;
    const count = pointStart[b + 1] - pointStart[b];
    starts[b + 1] = starts[b] + has;
    pairs[b + 1] = pairs[b] + has * count;
    for (let e = 0; e < has; e += 1) {
      for (const key of ["edge", "offset", "leg"])
        exits[key][starts[b] + e] = e < had ? residents.exits[key][exitStart[b] + e] : more[b][e - had][key];
      exits.x[starts[b] + e] = e < had ? residents.exits.x[exitStart[b] + e] : more[b][e - had].fineX;
      exits.y[starts[b] + e] = e < had ? residents.exits.y[exitStart[b] + e] : more[b][e - had].fineY;
    }
    for (let i = 0; i < count; i += 1) {
      const p = pointStart[b] + i;
      for (let e = 0; e < has; e += 1) {
        straight[pairs[b] + i * has + e] =
          e < had
            ? residents.straight[pairStart[b] + i * had + e]
            : rint(Math.hypot(pointX[p] - more[b][e - had].x, pointY[p] - more[b][e - had].y) * TICKS);
      }
    }
  }
  const standing = residents.standing.map((place) => {
    const b = blockOf(exitStart, place.exit);
    return { ...place, exit: place.exit + starts[b] - exitStart[b] };
  });
  more.forEach((list, b) => {
    const first = starts[b] + exitStart[b + 1] - exitStart[b];
    /** @type {Set<any>} */
    const seen = new Set();
    list.forEach(({ place }, e) => {
      if (place && !seen.has(place)) standing.push({ ...place, exit: first + e });
      seen.add(place);
    });
  });
  /* a compound without any exit has a wall once it has a gate */
  const walls = new Set(town.walls);
  town.yards.block.forEach((b, yard) => {
    if (more[b].length && exitStart[b + 1] === exitStart[b]) walls.add(yard);
  });
  const opened = { ...residents, exitStart: starts, pairStart: pairs, straight, exits, standing };
  return withYards({ ...town, residents: opened }, walls);
}
