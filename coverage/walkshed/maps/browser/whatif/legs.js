/* How a place that is tried meets the streets, on the map and in words. */
import { TICKS } from "../engine/plane.js";
import { sentence } from "../shared/elements.js";
/** @import { Place } from "../types" */
/** @import { Session } from "./session" */

/**
 * The nearest way out of a place, with the foot that its leg is drawn to; null without one.
 * @param {Session} session
 * @param {Place} place
 */
export function anchorAt({ tryout, actors }, place) {
  const town = tryout.town();
  if (!actors) return null;
  const [anchor] = [...town.enter(actors.siteAt(place)).anchors].sort((a, b) => a.leg - b.leg);
  return anchor ? { ...town.footOf(anchor), ...anchor } : null;
}

/**
 * @param {Session} session
 * @param {Place} place
 */
export function legText(session, place) {
  const { study } = session;
  const anchor = anchorAt(session, place);
  if (!anchor) return sentence(study.called("whatif", "off_network"), { n: study.network.max_snap_m });
  const leg = anchor.place ? anchor.place.leg : anchor.leg; /* the rest crosses the square */
  return sentence(study.called("whatif", "leg"), { n: Math.round(leg / TICKS) });
}
