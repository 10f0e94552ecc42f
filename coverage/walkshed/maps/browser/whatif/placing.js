/* Where a candidate or a gate is placed: by a click on the map, or by keyboard. */
import { roundPlace } from "../engine/changes.js";
import { sentence } from "../shared/elements.js";
import { onOutline } from "./marks/gates.js";
import { change } from "./steps.js";
/** @import { Place } from "../types" */
/** @import { Session } from "./session" */

const GROUND = { floor: 1, elevator: null, step_free: null, hours: null };

/**
 * What the next click places: null, "station", or the block that gets a gate.
 * @param {Session} session
 * @param {Session["open"]["placing"]} placing
 */
export function setPlacing({ map, open, panel }, placing) {
  open.placing = placing;
  map.getContainer().classList.toggle("adding", placing !== null);
  if (open.ready && open.now) panel.setPlacing(placing);
}

/**
 * By keyboard a station is placed by search: in the block that was found, else in the middle of the map.
 * @param {Session} session
 */
export function whereFound({ map, study, store }) {
  const { block } = store.state;
  return block >= 0 ? L.latLng(study.blocks[block].middle) : map.getCenter();
}

/**
 * @param {Session} session
 * @param {Place} at
 */
export function addAt(session, at) {
  const { study, store, history } = session;
  const state = history.now();
  const taken = new Set([...study.stations.map((one) => one.id), ...state.added.map((one) => one.id)]);
  let n = state.added.length + 1;
  while (taken.has(`new-${n}`)) n += 1;
  const one = {
    id: `new-${n}`,
    name: sentence(study.called("whatif", "candidate"), { n }),
    tier: "micro",
    place: roundPlace(at),
    services: [store.state.service],
    premises: GROUND,
  };
  setPlacing(session, null);
  store.set({ station: -1 });
  change(session, { ...state, added: [...state.added, one] }, one.id);
}

/**
 * A gate stands on the edge of its block.
 * @param {Session} session
 * @param {number} block
 * @param {Place} at
 */
export function openGate(session, block, at) {
  const { study, history, tryout, panel } = session;
  const state = history.now();
  setPlacing(session, null);
  const gate = { block, ...onOutline(study.blocks[block], at) };
  change(session, { ...state, gates: [...state.gates, gate] });
  if (tryout.town().snap(gate.lat, gate.lng).length) return;
  panel.tell(sentence(study.called("whatif", "off_network"), { n: study.network.max_snap_m }));
}

/**
 * The click that places something is nobody else's.
 * @param {Session} session
 */
export function hearPlacing(session) {
  const { map, open } = session;
  const place = (/** @type {MouseEvent} */ event) => {
    const target = /** @type {Element} */ (event.target);
    if (open.placing === null || target.closest(".leaflet-control, .search")) return;
    event.stopPropagation();
    event.preventDefault();
    const { dragging } = /** @type {any} */ (map); /* whether it moved, the types of Leaflet do not tell */
    if (dragging.moved()) return;
    const at = map.mouseEventToLatLng(event);
    if (open.placing === "station") addAt(session, at);
    else openGate(session, open.placing, at);
  };
  map.getContainer().addEventListener("click", place, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && setPlacing(session, null));
}
