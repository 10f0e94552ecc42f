/* A scenario file read back into the state of a what-if: the tables that engine.scenarioFile writes, and no others. */
import { TIERS } from "../shared/marks.js";
import { plain, roundPlace } from "./changes.js";

const TABLES = ["add", "move", "close", "offers", "premises", "open_gate"];
const VALUES = {
  floor: (value) => Number.isInteger(value) && value !== 0,
  elevator: (value) => typeof value === "boolean",
  step_free: (value) => typeof value === "boolean",
  hours: (value) => typeof value === "string",
};
const LARGEST = 1e6; /* characters */

const fault = (key, fields = {}) => Object.assign(new Error(key), { key, fields });

/* A value of one line: a string in either quotes, a number, true or false, a list of strings. */
function valueOf(text, line) {
  const literal = /^'([^']*)'\s*(?:#.*)?$/.exec(text);
  if (literal) return literal[1];
  const plain = /^("(?:[^"\\]|\\.)*"|\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\]|[^\s#]+)\s*(?:#.*)?$/.exec(text);
  try {
    return plain && JSON.parse(plain[1].replace(/,\s*\]$/, "]"));
  } catch {
    throw fault("file_line", { line });
  }
}

/* {scenario: {…}, add: [{…}], …} of a text of plain lines. */
function parse(text) {
  if (text.length > LARGEST) throw fault("file_line", { line: 1 });
  const found = { scenario: {} };
  let table = null;
  text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .forEach((raw, index) => {
      const line = raw.trim();
      if (!line || line.startsWith("#")) return;
      const head = /^\[(\[?)\s*([a-z_]+)\s*\](\]?)\s*(?:#.*)?$/.exec(line);
      if (head && head[2] === "scenario" && !head[1]) {
        table = found.scenario;
      } else if (head) {
        if (!TABLES.includes(head[2]) || !head[1]) throw fault("file_table", { name: head[2] });
        table = {};
        (found[head[2]] = found[head[2]] || []).push(table);
      } else {
        const pair = /^([A-Za-z_]+)\s*=\s*(.+)$/.exec(line);
        if (!pair || !table) throw fault("file_line", { line: index + 1 });
        table[pair[1]] = valueOf(pair[2], index + 1);
      }
    });
  return found;
}

/* {name, study, note, state}; stations, services, blocks, offered: as engine.scenarioFile takes them, premises(station): those
   of the study. Throws an error with a key and fields where the file says what the page cannot try. */
export function readScenario(text, { stations, services, blocks, offered, premises, mayMove, hours }) {
  const file = parse(text);
  if (file.scenario.format !== undefined && file.scenario.format !== 1) throw fault("file_table", { name: "format" });
  /* by id, or by a name that only one has */
  const numbered = (list, what) => (id) => {
    const named = list.filter((one) => one.name === id);
    const at = list.findIndex((one) => one.id === id || (named.length === 1 && one === named[0]));
    if (at < 0) throw fault("file_unknown", { what, name: String(id) });
    return at;
  };
  const stationOf = numbered(stations, "station");
  const serviceOf = numbered(services, "service");
  const blockOf = numbered(blocks, "block");
  const place = ({ lon, lat }) => {
    if (!Number.isFinite(lon) || !Number.isFinite(lat)) throw fault("file_place");
    return roundPlace({ lat, lng: lon });
  };
  const list = (ids) => (ids || []).map(serviceOf);
  const known = (row) => {
    const said = {};
    for (const [key, isGood] of Object.entries(VALUES)) {
      if (!(key in row)) continue;
      if (!isGood(row[key])) throw fault("file_value", { name: `${key} = ${row[key]}` });
      said[key] = row[key];
    }
    if (said.hours && hours && !(said.hours in hours)) throw fault("file_value", { name: said.hours });
    return said;
  };
  const tierOf = (tier) => {
    if (!TIERS.includes(tier)) throw fault("file_value", { name: `tier = ${tier}` });
    return tier;
  };
  const sorted = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);
  const rows = (name) => file[name] || [];
  /** @type {import("./changes.js").Changes} */
  const state = { added: [], moved: {}, closed: {}, services: {}, premises: {}, gates: [] };

  rows("add").forEach((row, index) => {
    if (!row.services || !row.services.length) throw fault("file_unknown", { what: "service", name: "" });
    state.added.push({
      id: String(row.id || `new-${index + 1}`),
      name: plain(row.name || row.id || `new-${index + 1}`),
      tier: tierOf(row.tier || "micro"),
      place: place(row),
      services: sorted(list(row.services)),
      premises: { floor: null, elevator: null, step_free: null, hours: null, ...known(row) },
    });
  });
  for (const row of rows("move")) {
    const station = stationOf(row.station);
    if (!mayMove(station)) throw fault("file_may_not_move", { name: stations[station].name });
    state.moved[station] = place(row);
  }
  for (const row of rows("close")) state.closed[stationOf(row.station)] = true;
  for (const row of rows("offers")) {
    const station = stationOf(row.station);
    const fewer = list(row.remove);
    const kept = offered(station).filter((service) => !fewer.includes(service));
    state.services[station] = sorted([...kept, ...list(row.add)]);
  }
  for (const row of rows("premises")) {
    const station = stationOf(row.station);
    state.premises[station] = { ...premises(station), ...known(row) };
  }
  for (const row of rows("open_gate")) state.gates.push({ block: blockOf(row.block), ...place(row) });
  const { name = "", study = "", note = "" } = file.scenario;
  return { ...{ name: String(name), study: String(study), note: String(note) }, state };
}
