/* A scenario file, as `walkshed run --scenario` reads it: written from the state of a what-if, and read back into one, by its own
   tables and no others. */
import { TIERS } from "../shared/marks.js";
import { DEGREES, plain, roundPlace } from "./changes.js";
import { fault, parse } from "./scenario/lines.js";
/** @import { Premises } from "../payload" */
/** @import { Changes, Place } from "../types" */
/** @import { Line, Row } from "./scenario/lines.js" */

/**
 * What a file names: stations, services and blocks of the payload; offered(station): its services in the study.
 * @typedef {object} Names
 * @property {{ id: string, name: string }[]} stations
 * @property {{ id: string, name: string }[]} services
 * @property {{ id: string, name: string }[]} blocks
 * @property {(station: number) => number[]} offered
 */

/**
 * What the study allows: premises and whether it may move, by station, and the hours that the page knows.
 * @typedef {object} Allowed
 * @property {(station: number) => Premises} premises
 * @property {(station: number) => boolean} mayMove
 * @property {Record<string, boolean> | null} hours
 */

/** @type {Record<string, (value: unknown) => boolean>} */
const VALUES = {
  floor: (value) => Number.isInteger(value) && value !== 0,
  elevator: (value) => typeof value === "boolean",
  step_free: (value) => typeof value === "boolean",
  hours: (value) => typeof value === "string",
};

/**
 * A TOML string.
 * @param {string} text
 */
const quoted = (text) => JSON.stringify(plain(text));

/** @param {Place} place */
const placeLines = ({ lat, lng }) => [`lon = ${lng.toFixed(DEGREES)}`, `lat = ${lat.toFixed(DEGREES)}`];

/** @param {Premises} premises */
function premisesLines({ floor, elevator, step_free: stepFree, hours }) {
  const known = Object.entries({ floor, elevator, step_free: stepFree }).filter(([, value]) => value !== null);
  return [...known.map(([key, value]) => `${key} = ${value}`), ...(hours ? [`hours = ${quoted(hours)}`] : [])];
}

/**
 * @param {Changes} state
 * @param {Names & { name: string, study: string, note?: string }} file
 */
export function scenarioFile(state, { name, study, note = "", ...names }) {
  const head = ["# walkshed run STUDY --scenario FILE", "# walkshed compare STUDY FILE…", "[scenario]", "format = 1"];
  const told = [`name = ${quoted(name)}`, `study = ${quoted(study)}`, ...(note ? [`note = ${quoted(note)}`] : [])];
  const tables = tablesOf(state, names).flatMap(([table, ...lines]) => ["", `[[${table}]]`, ...lines]);
  return `${[...head, ...told, ...tables].join("\n")}\n`;
}

/**
 * The tables of a state, each its name and its lines; what else is done to stations that are closed goes without saying.
 * @param {Changes} state
 * @param {Names} names
 * @returns {string[][]}
 */
function tablesOf(state, names) {
  const { stations, blocks } = names;
  const list = (/** @type {number[]} */ numbers) => listOf(names, numbers);
  const sorted = (/** @type {object} */ part) =>
    Object.keys(part)
      .map(Number)
      .sort((a, b) => a - b);
  const open = (/** @type {object} */ part) => sorted(part).filter((station) => !state.closed[station]);
  const station = (/** @type {number} */ number) => `station = ${quoted(stations[number].id)}`;
  return [
    ...state.added.map((one) => [
      "add",
      `id = ${quoted(one.id)}`,
      `name = ${quoted(one.name)}`,
      `tier = ${quoted(one.tier)}`,
      ...placeLines(one.place),
      `services = ${list(one.services)}`,
      ...premisesLines(one.premises),
    ]),
    ...open(state.moved).map((number) => ["move", station(number), ...placeLines(state.moved[number])]),
    ...sorted(state.closed).map((number) => ["close", station(number)]),
    ...open(state.services).map((number) => ["offers", station(number), ...offerLines(state, names, number)]),
    ...open(state.premises).map((number) => ["premises", station(number), ...premisesLines(state.premises[number])]),
    ...state.gates.map((gate) => ["open_gate", `block = ${quoted(blocks[gate.block].id)}`, ...placeLines(gate)]),
  ];
}

/** @param {Names} names @param {number[]} numbers */
const listOf = ({ services }, numbers) => `[${numbers.map((service) => quoted(services[service].id)).join(", ")}]`;

/**
 * Which services come, and which go.
 * @param {Changes} state
 * @param {Names} names
 * @param {number} station
 */
function offerLines(state, names, station) {
  const wanted = state.services[station];
  const before = names.offered(station);
  const more = wanted.filter((service) => !before.includes(service));
  const fewer = before.filter((service) => !wanted.includes(service));
  return [
    ...(more.length ? [`add = ${listOf(names, more)}`] : []),
    ...(fewer.length ? [`remove = ${listOf(names, fewer)}`] : []),
  ];
}

/**
 * {name, study, note, state} of a file. Throws an error with a key and fields where it says what the page cannot try.
 * @param {string} text
 * @param {Names & Allowed} names
 */
export function readScenario(text, names) {
  const file = parse(text);
  const { format, name = "", study = "", note = "" } = file.scenario;
  if (format !== undefined && format !== 1) throw fault("file_table", { name: "format" });
  const rows = (/** @type {string} */ table) => file.tables[table] || [];
  const stationOf = numbered(names.stations, "station");
  const serviceOf = numbered(names.services, "service");
  const blockOf = numbered(names.blocks, "block");
  const list = (/** @type {Line} */ ids) => {
    if (!ids) return [];
    if (!Array.isArray(ids)) throw fault("file_value", { name: String(ids) });
    return ids.map(serviceOf);
  };

  /** @type {Changes} */
  const state = { added: rows("add").map((row, index) => addedOf(row, index, list, names)), ...none() };
  for (const row of rows("move")) {
    const station = stationOf(row.station);
    if (!names.mayMove(station)) throw fault("file_may_not_move", { name: names.stations[station].name });
    state.moved[station] = placeOf(row);
  }
  for (const row of rows("close")) state.closed[stationOf(row.station)] = true;
  for (const row of rows("offers")) {
    const station = stationOf(row.station);
    const fewer = list(row.remove);
    const kept = names.offered(station).filter((service) => !fewer.includes(service));
    state.services[station] = sortedOnce([...kept, ...list(row.add)]);
  }
  for (const row of rows("premises")) {
    const station = stationOf(row.station);
    state.premises[station] = { ...names.premises(station), ...knownOf(row, names.hours) };
  }
  for (const row of rows("open_gate")) state.gates.push({ block: blockOf(row.block), ...placeOf(row) });
  return { ...{ name: String(name), study: String(study), note: String(note) }, state };
}

const none = () => ({ moved: {}, closed: {}, services: {}, premises: {}, gates: [] });

/** @param {number[]} numbers */
const sortedOnce = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);

/**
 * Numbers by id, or by a name that only one has.
 * @param {{ id: string, name: string }[]} list
 * @param {string} what
 */
const numbered = (list, what) => (/** @type {Line} */ id) => {
  const named = list.filter((one) => one.name === id);
  const at = list.findIndex((one) => one.id === id || (named.length === 1 && one === named[0]));
  if (at < 0) throw fault("file_unknown", { what, name: String(id) });
  return at;
};

/** @param {Row} row @returns {Place} */
function placeOf({ lon, lat }) {
  if (typeof lon !== "number" || typeof lat !== "number" || !Number.isFinite(lon) || !Number.isFinite(lat))
    throw fault("file_place");
  return roundPlace({ lat, lng: lon });
}

/**
 * What a row says of premises.
 * @param {Row} row
 * @param {Record<string, boolean> | null} hours that the page knows
 * @returns {Partial<Premises>}
 */
function knownOf(row, hours) {
  /** @type {Record<string, any>} */
  const said = {};
  for (const [key, isGood] of Object.entries(VALUES)) {
    if (!(key in row)) continue;
    if (!isGood(row[key])) throw fault("file_value", { name: `${key} = ${row[key]}` });
    said[key] = row[key];
  }
  if (said.hours && hours && !(said.hours in hours)) throw fault("file_value", { name: said.hours });
  return said;
}

/**
 * @param {Row} row
 * @param {number} index
 * @param {(ids: Line) => number[]} list
 * @param {Allowed} names
 */
function addedOf(row, index, list, { hours }) {
  if (!Array.isArray(row.services) || !row.services.length) throw fault("file_unknown", { what: "service", name: "" });
  const tier = String(row.tier || "micro");
  if (!TIERS.includes(tier)) throw fault("file_value", { name: `tier = ${tier}` });
  const place = placeOf(row);
  const services = sortedOnce(list(row.services));
  return {
    id: String(row.id || `new-${index + 1}`),
    name: plain(row.name || row.id || `new-${index + 1}`),
    ...{ tier, place, services },
    premises: { floor: null, elevator: null, step_free: null, hours: null, ...knownOf(row, hours) },
  };
}
