/* The changes that a planner tries: what each does to stations and offers, taken back one by one, and as a file. */
import { floorsS } from "./rules.js";

export const DEGREES = 7; /* decimals in the file; a place is rounded before it is used, so that a run finds the same */
const MOST_SITES = 500; /* that are kept */

/** @import { Network, Premises } from "../payload" */
/** @import { Actor, Added, Changes, Place, Site, Town, TownOffer } from "../types" */
/** @import { Actors, History } from "../whatif/session" */

/** @type {Readonly<Changes>} */
export const NOTHING = Object.freeze({ added: [], moved: {}, closed: {}, services: {}, premises: {}, gates: [] });

/** @param {Place} place */
export const roundPlace = ({ lat, lng }) => ({ lat: Number(lat.toFixed(DEGREES)), lng: Number(lng.toFixed(DEGREES)) });

/** @param {Changes} state */
export const countChanges = ({ added, gates, moved, closed, services, premises }) =>
  added.length +
  gates.length +
  [moved, closed, services, premises].reduce((n, part) => n + Object.keys(part).length, 0);

/**
 * A row of states, of which the last is the one that holds.
 * @returns {History}
 */
export function makeHistory() {
  /** @type {Changes[]} */
  const states = [NOTHING];
  return {
    now: () => states[states.length - 1],
    push: (state) => states.push(state),
    undo: () => states.length > 1 && states.pop(),
    canUndo: () => states.length > 1,
  };
}

/**
 * Returns actors(state): what a trial follows. Sites and offers are made once for each place and each premises, so that
 * what stays the same is known to be the same.
 * @param {Town} town
 * @returns {Actors}
 */
export function makeActors(town) {
  const siteAt = makeSites(town);
  const offers = makeOffers(town);
  const actors = (/** @type {Changes} */ state) => {
    const standing = town.sites.map((site, station) => {
      const isMoved = state.moved[station] && !state.closed[station];
      const at = isMoved ? siteAt(state.moved[station]) : site;
      return /** @type {Actor} */ ([station, at, offers.standing(state, station)]);
    });
    const added = state.added.map((one) => /** @type {Actor} */ ([one.id, siteAt(one.place), offers.added(one)]));
    return [...standing, ...added];
  };
  return Object.assign(actors, { siteAt });
}

/**
 * Where a place meets the streets.
 * @param {Town} town
 */
function makeSites(town) {
  /** @type {Map<string, Site>} */
  const sites = new Map();
  return (/** @type {Place} */ place) => {
    const key = `${place.lat} ${place.lng}`;
    const known = sites.get(key);
    if (known) return known;
    if (sites.size > MOST_SITES) sites.clear();
    const [x, y] = town.plane(place.lat, place.lng);
    const site = { anchors: town.snap(place.lat, place.lng), x, y };
    sites.set(key, site);
    return site;
  };
}

/**
 * Whether hours are open at the moment of the run; without one, or without hours, at any time.
 * @param {Network} packed
 * @param {string | null} hours
 */
const isOpen = (packed, hours) => !hours || !packed.hours || packed.hours[hours] !== false;

/** @param {Premises} premises */
const spoken = ({ floor, elevator, step_free: stepFree, hours }) =>
  JSON.stringify([floor, elevator, stepFree, hours || null]);

/**
 * What stations offer in a state.
 * @param {Town} town
 */
function makeOffers(town) {
  const { packed } = town;
  /** @type {Map<string, TownOffer>} */
  const made = new Map();
  const once = (/** @type {string} */ key, /** @type {() => TownOffer} */ make) => {
    const offer = made.get(key) || make();
    made.set(key, offer);
    return offer;
  };
  const floors = (/** @type {Premises} */ premises) => packed.walkers.map((walker) => floorsS(premises, walker));

  /** @param {number} service @param {Premises} premises @returns {TownOffer} */
  const fresh = (service, premises) => ({
    ...{ service, mode: packed.services[service].mode, admits: null, admitted: null },
    hours: premises.hours || "",
    open: isOpen(packed, premises.hours),
    ...{ places: null, readiness_s: 0 },
    floors_s: floors(premises),
  });

  /** @param {TownOffer} offer @param {Premises} premises @returns {TownOffer} */
  const furnished = (offer, premises) => ({
    ...offer,
    floors_s: floors(premises),
    hours: premises.hours || offer.hours,
    open: premises.hours ? isOpen(packed, premises.hours) : offer.open,
  });

  /** @param {Changes} state @param {number} station */
  function standing(state, station) {
    if (state.closed[station]) return [];
    const wanted = state.services[station];
    const premises = state.premises[station];
    const offers = wanted ? chosen(town, station, wanted) : town.offers[station];
    if (!premises) return offers;
    return offers.map((offer, i) =>
      once(`${station} ${offer.service} ${i} ${spoken(premises)}`, () => furnished(offer, premises)),
    );
  }

  /** @param {Added} one */
  const added = ({ services, premises }) =>
    services.map((service) => once(`new ${service} ${spoken(premises)}`, () => fresh(service, premises)));
  return { standing, added };
}

/**
 * A station's own offers of the services that are wanted of it, and what it would offer of the others.
 * @param {Town} town
 * @param {number} station
 * @param {number[]} wanted
 */
function chosen(town, station, wanted) {
  const own = town.offers[station];
  const standing = new Set(own.map((offer) => offer.service));
  const more = wanted.filter((service) => !standing.has(service)).map((service) => town.would(station, service));
  return [...own.filter((offer) => wanted.includes(offer.service)), ...more];
}

/**
 * A text without characters that whoever shows it would obey, as Python's model.marks cleans it.
 * @param {unknown} text
 */
export const plain = (text) =>
  String(text)
    .replace(/[\v\f\x85\u2028\u2029]/g, " ")
    .replace(/[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu, "");
