/* The chosen station of a what-if, with what can be done to it. */
import { plain } from "../engine/changes.js";
import { tierMark } from "../shared/marks.js";
import { addedOf, edited, furnished, isAdded, removed, toggled, without } from "./edits.js";
import { legText } from "./legs.js";
/** @import { Premises } from "../payload" */
/** @import { Changes, Key } from "../types" */
/** @import { Session, Subject } from "./session" */

/**
 * change(state, chosen): makes a change that stays.
 * @param {Session} session
 * @param {Changes} state
 * @param {(state: Changes, chosen?: Key | null) => void} change
 * @returns {Subject | null}
 */
export function subjectOf(session, state, change) {
  const { study, store, offered } = session;
  const key = session.open.chosen;
  if (key === null) return null;
  const acts = {
    toggle: (/** @type {number} */ service, /** @type {boolean} */ wanted) =>
      change(toggled(state, key, service, wanted, offered)),
    furnish: (/** @type {Partial<Premises>} */ more) => change(furnished(study, state, key, more)),
    asksFloors: premisesMatter(session),
  };
  if (isAdded(key)) return { ...candidate(session, state, key, change), ...acts };
  const shut = () => {
    store.set({ station: -1 }); /* what it reaches is no more */
    change({ ...state, closed: { ...state.closed, [key]: true } });
  };
  return {
    ...standing(session, state, key),
    ...acts,
    close: shut,
    reopen: () => change({ ...state, closed: without(state.closed, key) }),
    putBack: () => change({ ...state, moved: without(state.moved, key) }),
  };
}

/**
 * @param {Session} session
 * @param {Changes} state
 * @param {string} id
 * @param {(state: Changes, chosen?: Key | null) => void} change
 */
function candidate(session, state, id, change) {
  const { name, tier, services, place, premises } = addedOf(state, id);
  return {
    ...{ name, services, premises, mark: tierMark(tier, 26), added: true, leg: legText(session, place) },
    ...{ closed: false, moved: true, mayMove: true, hours: "" },
    rename: (/** @type {string} */ text) => change(edited(state, id, { name: plain(text).trim() || name })),
    remove: () => change(removed(state, id), null),
  };
}

/** @param {Session} session @param {Changes} state @param {number} key */
function standing(session, state, key) {
  const { study, tryout } = session;
  const { name, tier, hours } = study.stations[key];
  const would = study.network.would[key];
  const place = state.moved[key];
  const town = tryout.town();
  const isOff = !place && !town.enter(town.sites[key]).anchors.length;
  const unplaced = isOff ? study.say("station_off_network") : "";
  return {
    ...{ name, hours, mark: tierMark(tier, 26), added: false, mayMove: would.may_move },
    services: state.services[key] || session.offered(key),
    leg: place ? legText(session, place) : unplaced,
    closed: Boolean(state.closed[key]),
    moved: Boolean(place),
    premises: state.premises[key] || would.premises,
  };
}

/**
 * Floors decide nothing for an adult whose limits are in meters.
 * @param {Session} session
 */
const premisesMatter = ({ study, store }) =>
  study.network.walkers[store.state.walker].id !== "adult" ||
  study.network.services.some((service) => service.needs.some((need) => need && need.unit === "min"));
