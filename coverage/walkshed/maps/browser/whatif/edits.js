/* The states of a what-if: what each becomes by a change. Nothing is drawn or counted here. */
/** @import { Added, Changes, CountedStudy, Key, Place } from "../types" */
/** @import { Premises } from "../payload" */

/**
 * Whether a key is that of a candidate, and no number of a station.
 * @param {Key | null} key
 * @returns {key is string}
 */
export const isAdded = (key) => typeof key === "string";

/**
 * A part of a state without a station's entry.
 * @template T
 * @param {Record<Key, T>} part
 * @param {Key} key
 * @returns {Record<Key, T>}
 */
export const without = (part, key) => Object.fromEntries(Object.entries(part).filter(([one]) => one !== String(key)));

/**
 * The candidate of a key.
 * @param {Changes} state
 * @param {string} id
 * @returns {Added}
 */
export function addedOf(state, id) {
  const added = state.added.find((one) => one.id === id);
  if (added) return added;
  throw new Error(`no such candidate: ${id}`);
}

/**
 * @param {Changes} state
 * @param {string} id
 * @param {Partial<Added>} more
 * @returns {Changes}
 */
export const edited = (state, id, more) => ({
  ...state,
  added: state.added.map((one) => (one.id === id ? { ...one, ...more } : one)),
});

/**
 * @param {Changes} state
 * @param {string} id
 * @returns {Changes}
 */
export const removed = (state, id) => ({ ...state, added: state.added.filter((one) => one.id !== id) });

/**
 * @param {Changes} state
 * @param {Key} key
 * @param {Place} place
 * @returns {Changes}
 */
export function moved(state, key, place) {
  if (isAdded(key)) return edited(state, key, { place });
  return { ...state, moved: { ...state.moved, [key]: place } };
}

/**
 * offered(station): the services that it offers in the study.
 * @param {Changes} state
 * @param {Key} key
 * @param {number} service
 * @param {boolean} wanted
 * @param {(station: number) => number[]} offered
 * @returns {Changes}
 */
export function toggled(state, key, service, wanted, offered) {
  const flip = (/** @type {number[]} */ list) =>
    wanted ? [...list, service].sort((a, b) => a - b) : list.filter((one) => one !== service);
  if (isAdded(key)) return edited(state, key, { services: flip(addedOf(state, key).services) });
  const standing = offered(key);
  const services = flip(state.services[key] || standing);
  const same = services.length === standing.length && services.every((one, i) => one === standing[i]);
  return { ...state, services: same ? without(state.services, key) : { ...state.services, [key]: services } };
}

/**
 * @param {CountedStudy} study
 * @param {Changes} state
 * @param {Key} key
 * @param {Partial<Premises>} more
 * @returns {Changes}
 */
export function furnished(study, state, key, more) {
  if (isAdded(key)) return edited(state, key, { premises: { ...addedOf(state, key).premises, ...more } });
  const premises = { ...(state.premises[key] || study.network.would[key].premises), ...more };
  return { ...state, premises: { ...state.premises, [key]: premises } };
}
