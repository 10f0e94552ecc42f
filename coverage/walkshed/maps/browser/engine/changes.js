/* The changes that a planner tries: what each does to stations and offers, taken back one by one, and as a file. */
import { floorsS } from "./rules.js";

const DEGREES = 7; /* decimals in the file; a place is rounded before it is used, so that a run finds the same */

/**
 * What a what-if changes; stations by their number.
 * @typedef {{ lat: number, lng: number }} Place
 * @typedef {{ floor: number | null, elevator: boolean | null, step_free: boolean | null, hours: string | null }} Premises
 * @typedef {{ id: string, name: string, tier: string, place: Place, services: number[], premises: Premises }} Added
 * @typedef {Place & { block: number }} Gate
 * @typedef {object} Changes
 * @property {Added[]} added
 * @property {Record<number, Place>} moved
 * @property {Record<number, boolean>} closed
 * @property {Record<number, number[]>} services
 * @property {Record<number, Premises>} premises
 * @property {Gate[]} gates
 */

/** @type {Readonly<Changes>} */
export const NOTHING = Object.freeze({ added: [], moved: {}, closed: {}, services: {}, premises: {}, gates: [] });
export const roundPlace = ({ lat, lng }) => ({ lat: Number(lat.toFixed(DEGREES)), lng: Number(lng.toFixed(DEGREES)) });

export const countChanges = (state) =>
  state.added.length +
  state.gates.length +
  ["moved", "closed", "services", "premises"].reduce((n, k) => n + Object.keys(state[k]).length, 0);

/* A row of states, of which the last is the one that holds. */
export function makeHistory() {
  const states = [NOTHING];
  return {
    now: () => states[states.length - 1],
    push: (state) => states.push(state),
    undo: () => states.length > 1 && states.pop(),
    canUndo: () => states.length > 1,
  };
}

/* Returns actors(state): the list [key, site, offers] that a trial follows. Sites and offers are made once for each
   place and each premises, so that what stays the same is known to be the same. */
export function makeActors(town) {
  const { packed } = town;
  const sites = new Map();
  const made = new Map();

  function siteAt(place) {
    const key = `${place.lat} ${place.lng}`;
    if (!sites.has(key)) {
      if (sites.size > 500) sites.clear();
      const [x, y] = town.plane(place.lat, place.lng);
      sites.set(key, { anchors: town.snap(place.lat, place.lng), x, y });
    }
    return sites.get(key);
  }

  const once = (key, make) => {
    if (!made.has(key)) made.set(key, make());
    return made.get(key);
  };
  const floors = (premises) => packed.walkers.map((walker) => floorsS(premises, walker));
  const spoken = ({ floor, elevator, step_free: stepFree, hours }) =>
    JSON.stringify([floor, elevator, stepFree, hours || null]);
  /* whether hours are open at the moment of the run; without one, or without hours, at any time */
  const isOpen = (hours) => !hours || !packed.hours || packed.hours[hours] !== false;

  function newOffer(service, premises) {
    return once(`new ${service} ${spoken(premises)}`, () => ({
      service,
      mode: packed.services[service].mode,
      admits: null,
      admitted: null,
      hours: premises.hours || "",
      open: isOpen(premises.hours),
      places: null,
      readiness_s: 0,
      floors_s: floors(premises),
    }));
  }

  function offersOf(state, station) {
    if (state.closed[station]) return [];
    const wanted = state.services[station];
    const premises = state.premises[station];
    let offers = town.offers[station];
    if (wanted) {
      const standing = new Set(offers.map((offer) => offer.service));
      offers = offers.filter((offer) => wanted.includes(offer.service));
      offers = [...offers, ...wanted.filter((s) => !standing.has(s)).map((s) => town.would(station, s))];
    }
    if (!premises) return offers;
    return offers.map((offer, i) =>
      once(`${station} ${offer.service} ${i} ${spoken(premises)}`, () => ({
        ...offer,
        floors_s: floors(premises),
        hours: premises.hours || offer.hours,
        open: premises.hours ? isOpen(premises.hours) : offer.open,
      })),
    );
  }

  const actors = (state) => {
    const standing = town.sites.map((site, station) => [
      station,
      state.moved[station] && !state.closed[station] ? siteAt(state.moved[station]) : site,
      offersOf(state, station),
    ]);
    const added = state.added.map((one) => [
      one.id,
      siteAt(one.place),
      one.services.map((service) => newOffer(service, one.premises)),
    ]);
    return [...standing, ...added];
  };
  actors.siteAt = siteAt;
  return actors;
}

/* A text without characters that whoever shows it would obey, as Python's model.marks cleans it. */
export const plain = (text) =>
  String(text)
    .replace(/[\v\f\x85\u2028\u2029]/g, " ")
    .replace(/[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]/gu, "");

/* A TOML string. */
const quoted = (text) => JSON.stringify(plain(text));

/* The scenario file, as `walkshed run --scenario` reads it; stations, services and blocks: the payload's. */
export function scenarioFile(state, { name, study, note = "", stations, services, blocks, offered }) {
  const lines = ["# walkshed run STUDY --scenario FILE", "# walkshed compare STUDY FILE…", "[scenario]", "format = 1"];
  lines.push(`name = ${quoted(name)}`, `study = ${quoted(study)}`);
  if (note) lines.push(`note = ${quoted(note)}`);
  const list = (numbers) => `[${numbers.map((service) => quoted(services[service].id)).join(", ")}]`;
  const place = ({ lat, lng }) => lines.push(`lon = ${lng.toFixed(DEGREES)}`, `lat = ${lat.toFixed(DEGREES)}`);
  const known = (premises) => {
    for (const key of ["floor", "elevator", "step_free"])
      if (premises[key] !== null) lines.push(`${key} = ${premises[key]}`);
    if (premises.hours) lines.push(`hours = ${quoted(premises.hours)}`);
  };
  const open = (table) => lines.push("", `[[${table}]]`);
  const sorted = (part) =>
    Object.keys(part)
      .map(Number)
      .sort((a, b) => a - b);
  for (const one of state.added) {
    open("add");
    lines.push(`id = ${quoted(one.id)}`, `name = ${quoted(one.name)}`, `tier = ${quoted(one.tier)}`);
    place(one.place);
    lines.push(`services = ${list(one.services)}`);
    known(one.premises);
  }
  const kept = (part) => sorted(part).filter((station) => !state.closed[station]);
  for (const station of kept(state.moved)) {
    open("move");
    lines.push(`station = ${quoted(stations[station].id)}`);
    place(state.moved[station]);
  }
  for (const station of sorted(state.closed)) {
    open("close");
    lines.push(`station = ${quoted(stations[station].id)}`);
  }
  for (const station of kept(state.services)) {
    const wanted = state.services[station];
    const before = offered(station);
    const more = wanted.filter((service) => !before.includes(service));
    const fewer = before.filter((service) => !wanted.includes(service));
    open("offers");
    lines.push(`station = ${quoted(stations[station].id)}`);
    if (more.length) lines.push(`add = ${list(more)}`);
    if (fewer.length) lines.push(`remove = ${list(fewer)}`);
  }
  for (const station of kept(state.premises)) {
    open("premises");
    lines.push(`station = ${quoted(stations[station].id)}`);
    known(state.premises[station]);
  }
  for (const gate of state.gates) {
    open("open_gate");
    lines.push(`block = ${quoted(blocks[gate.block].id)}`);
    place(gate);
  }
  return `${lines.join("\n")}\n`;
}
