/* Every change of a what-if with its words, the state without it, and what it is about. */
import { sentence } from "../shared/elements.js";
import { removed, without } from "./edits.js";
/** @import { Changes, CountedStudy, Fields, Key } from "../types" */

/**
 * A change: its words, the state without it, and what it is about, a key or a block.
 * @typedef {{ text: string, key?: Key, block?: number, without: Changes }} Listed
 */

/**
 * offered(station): the services that it offers in the study.
 * @param {CountedStudy} study
 * @param {Changes} state
 * @param {(station: number) => number[]} offered
 * @returns {Listed[]}
 */
export function listed(study, state, offered) {
  const say = (/** @type {string} */ key, /** @type {Fields} */ fields) => sentence(study.called("whatif", key), fields);
  const name = (/** @type {number} */ station) => study.stations[station].name;
  const per = (
    /** @type {"moved" | "closed" | "services" | "premises"} */ part,
    /** @type {(station: number) => string} */ text,
  ) =>
    Object.keys(state[part]).map((station) => ({
      text: text(Number(station)),
      key: Number(station),
      without: { ...state, [part]: without(/** @type {Record<Key, any>} */ (state[part]), station) },
    }));
  const changed = (/** @type {number} */ station, /** @type {string} */ what) =>
    say("change_services", { name: name(station), what });
  return [
    ...state.added.map((one) => ({
      text: say("change_added", { name: one.name }),
      key: one.id,
      without: removed(state, one.id),
    })),
    ...per("moved", (station) => say("change_moved", { name: name(station) })),
    ...per("closed", (station) => say("change_closed", { name: name(station) })),
    ...per("services", (station) => changed(station, switched(study, state.services[station], offered(station)))),
    ...per("premises", (station) => changed(station, furnishing(study, state, station))),
    ...state.gates.map((gate) => ({
      text: say("change_gate", { name: study.blocks[gate.block].name }),
      block: gate.block,
      without: { ...state, gates: state.gates.filter((other) => other !== gate) },
    })),
  ];
}

/**
 * "+meals −clinic": which services come, and which go.
 * @param {CountedStudy} study
 * @param {number[]} now
 * @param {number[]} before
 */
function switched(study, now, before) {
  const called = (/** @type {string} */ sign, /** @type {number[]} */ list) =>
    list.map((service) => `${sign}${study.services[service].name}`);
  const gone = before.filter((service) => !now.includes(service));
  const come = now.filter((service) => !before.includes(service));
  return [...called("+", come), ...called("−", gone)].join(" ");
}

/**
 * Other premises, and other hours, in words.
 * @param {CountedStudy} study
 * @param {Changes} state
 * @param {number} station
 */
function furnishing(study, state, station) {
  const now = state.premises[station];
  const before = study.network.would[station].premises;
  const other =
    now.floor !== before.floor || now.elevator !== before.elevator || now.step_free !== before.step_free;
  const hours = now.hours ? study.called("hours", now.hours) : "";
  const premises = other ? sentence(study.called("whatif", "premises")) : "";
  return [premises, hours].filter(Boolean).join(" · ");
}
