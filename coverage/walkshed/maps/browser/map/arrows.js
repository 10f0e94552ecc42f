/* From mark to mark by arrow keys: one tab stop for all, and the nearest one on the side of the arrow. */
/** @import { At } from "../types" */

/** @type {Record<string, [number, number]>} */
export const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/**
 * The number of the place that an arrow leads to, -1 where there is none on that side.
 * @param {L.Map} map
 * @param {At[]} places
 * @param {number} from
 * @param {[number, number]} arrow
 */
export function nextByArrow(map, places, from, [x, y]) {
  const here = map.latLngToLayerPoint(places[from]);
  let best = -1;
  let least = Infinity;
  places.forEach((place, index) => {
    const there = map.latLngToLayerPoint(place);
    const [dx, dy] = [there.x - here.x, there.y - here.y];
    const ahead = dx * x + dy * y;
    const aside = Math.abs(dx * y) + Math.abs(dy * x);
    const cost = ahead + 2.5 * aside;
    if (index !== from && ahead > 0 && aside <= 2 * ahead && cost < least) [best, least] = [index, cost];
  });
  return best;
}
