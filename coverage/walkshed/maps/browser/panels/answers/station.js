/* One station: what it is, what is reached from it, and what each of its services is worth. */
import { floorOf } from "../../map/stations.js";
import { grouped, html, limitText, tenthsText } from "../../shared/elements.js";
import { ledgerLines } from "./ledgers.js";
/** @import { Study } from "../../types" */
/** @import { State, Store } from "../../shared/store.js" */

const [MILE_M, ACRES_PER_HA] = [1609.344, 2.471053814671653];

/**
 * The way back to the list.
 * @param {Study} study
 * @param {Store} store
 */
export const back = (study, store) =>
  html(
    "button",
    { type: "button", class: "back", on: { click: () => store.set({ block: -1, station: -1 }) } },
    study.say("back"),
  );

/**
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
export function tellStation(study, store, state) {
  const say = study.say;
  const subject = study.stations[state.station];
  const farthest = Math.max(...study.study.limits_m);
  const people = say("station_people", { limit: farthest, n: subject.people });
  return [
    back(study, store),
    html(
      "div",
      { class: "subject" },
      html("h2", {}, subject.name),
      html("p", { class: "facts" }, factsOf(study, state.station).filter(Boolean).join(" · ")),
      study.countsBlocks ? html("p", { class: "facts" }, people) : "",
      ledgerLines(study, "stations", state.station),
    ),
    html("h3", {}, say("catchment")),
    limits(study, store, state),
    catchment(study, state),
    html("p", { class: "hint" }, say("legend_note")),
    study.isAsJudged() && !state.stage ? "" : html("p", { class: "hint" }, say("worth_as_judged")),
    html(
      "h3",
      {},
      say("station_offers", { n: subject.services.length }),
      html("small", {}, say(study.matrix.weighs_blocks ? "worth_blocks" : "worth_people")),
    ),
    offered(study, state.station),
  ];
}

/** @param {Study} study @param {number} index */
function factsOf(study, index) {
  const station = study.stations[index];
  const { step_free: stepFree, hours } = station;
  return [
    study.called("tier", station.tier),
    station.parent >= 0 ? study.say("station_links", { name: study.stations[station.parent].name }) : "",
    station.on_network ? "" : study.say("station_off_network"),
    floorOf(study, station, true),
    stepFree === null ? "" : study.say(stepFree ? "step_free" : "not_step_free"),
    hours ? study.say("hours", { hours: study.called("hours", hours) }) : "",
    station.guessed ? study.say("station_guessed") : "",
  ];
}

/**
 * A button for each limit that something was drawn for.
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
function limits(study, store, state) {
  const button = (/** @type {number} */ limit) =>
    html(
      "button",
      {
        type: "button",
        "data-limit": limit,
        "aria-pressed": String(limit === state.limit),
        on: { click: () => store.set({ limit }) },
      },
      limitText(limit),
    );
  return html(
    "div",
    { class: "limits", role: "group", "aria-label": study.say("catchment") },
    study.reached[state.station].map((entry) => button(entry.limit_m)),
  );
}

/** @param {Study} study @param {State} state */
function catchment(study, state) {
  const shown = study.reached[state.station].find((entry) => entry.limit_m === state.limit);
  if (!shown) return "";
  const facts = {
    km: tenthsText(shown.street_m / 1000),
    ha: tenthsText(shown.area_ha),
    mi: tenthsText(shown.street_m / MILE_M),
    acres: tenthsText(shown.area_ha * ACRES_PER_HA),
  };
  return html("p", { class: "hint" }, study.say("catchment_facts", facts));
}

/** @param {Study} study @param {number} station */
const offered = (study, station) =>
  html(
    "ul",
    { class: "offered" },
    study.stations[station].services.map((service) =>
      html(
        "li",
        {},
        html("span", {}, study.services[service].name),
        html("span", { class: "worth" }, worthOf(study, station, service)),
      ),
    ),
  );

/** @param {Study} study @param {number} station @param {number} service */
function worthOf(study, station, service) {
  const twin = study.matrix.twin[station][service];
  if (twin >= 0) return `≈ ${study.stations[twin].name}`;
  const worth = study.matrix.worth[station][service];
  return worth === null ? "–" : grouped(worth);
}
