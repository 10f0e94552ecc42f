/* The walk that stands for a block: from a typical home by its exit to the nearest station, street by street. */
import { html } from "../shared/elements.js";
import { unpackIntegers, unpackLine } from "../shared/unpack.js";
import { addPane } from "./panes.js";
/** @import { Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

const LOOKS = ["street", "private", "steps", "leg"];
/** @type {Record<string, string>} */
const DASHES = { leg: "1 6", steps: "3 4" };

/** @typedef {{ name: string, meters: number, look: string, last: number }} Stretch with the last of its points */

/**
 * The chosen block's walk to the chosen service, as the page shows it; null where there is none.
 * @param {Study} study
 * @param {State} state
 */
export function walkOf(study, state) {
  if (state.block < 0 || state.trial) return null; /* stations may have moved: the page has no walk to show */
  const number = study.judgment(state.block, state.service).walk;
  if (number < 0) return null;
  const numbers = unpackIntegers(study.walks.stretches[number]);
  /** @type {Stretch[]} */
  const parts = [];
  for (let i = 0; i < numbers.length; i += 4) {
    const [street, tenths, kind, last] = numbers.slice(i, i + 4);
    parts.push({ name: nameOf(study, street, LOOKS[kind], i === 0), meters: tenths / 10, look: LOOKS[kind], last });
  }
  return {
    line: study.walks.lines[number],
    station: study.walks.station[number],
    meters: parts.reduce((sum, part) => sum + part.meters, 0),
    parts,
  };
}

/** @param {Study} study @param {number} street @param {string} look @param {boolean} isFirst */
function nameOf(study, street, look, isFirst) {
  const say = study.say;
  if (look === "leg") return say(isFirst ? "walk_leg" : "walk_leg_station");
  const called = study.walks.names[street] || say(look === "private" ? "walk_private" : "walk_unnamed");
  return look === "steps" ? say("aside", { what: called, aside: say("walk_steps") }) : called;
}

/**
 * Neighbors of one name as one stretch.
 * @param {Stretch[]} parts
 */
function joined(parts) {
  /** @type {Stretch[]} */
  const entries = [];
  parts.forEach((part) => {
    const before = entries[entries.length - 1];
    const hardly = part.meters < 1 && part.look !== "leg"; /* a step across a crossing is no street of its own */
    const isSame = before && before.name === part.name && part.look !== "leg";
    if (before && (hardly || isSame)) before.meters += part.meters;
    else entries.push({ ...part });
  });
  return entries;
}

/**
 * The walk in words: neighbors of one name are one entry.
 * @param {Study} study
 * @param {State} state
 */
export function tellWalk(study, state) {
  const walk = walkOf(study, state);
  if (!walk || !walk.parts.length) return "";
  const entries = joined(walk.parts);
  /* the nearest station is an adult's nearest, and so is the walk to it */
  const walker = study.walkers[state.walker];
  const closed = walker.no_steps && walk.parts.some((part) => part.look === "steps");
  const warning = study.say("walk_of_adult", { walker: walker.names[study.language] });
  const meters = (/** @type {number} */ value) => study.say("meters", { n: Math.round(value) });
  return html(
    "section",
    { class: "walk", "aria-labelledby": "walk-title" },
    html(
      "h3",
      { id: "walk-title" },
      study.say("walk"),
      html("small", {}, study.say("walk_total", { n: Math.round(walk.meters) })),
    ),
    closed ? html("p", { class: "warning" }, warning) : "",
    html(
      "ol",
      {},
      html("li", { class: "end" }, html("span", {}, study.say("walk_from"))),
      entries.map((entry) =>
        html("li", { class: entry.look }, html("span", {}, entry.name), html("span", {}, meters(entry.meters))),
      ),
      html("li", { class: "end" }, html("span", {}, study.station(walk.station).name)),
    ),
  );
}

/** @param {L.Map} map @param {Study} study @param {Store} store */
export function drawWalk(map, study, store) {
  addPane(map, "walk", 440);
  const renderer = L.svg({ pane: "walk", padding: 0.4 });
  const group = L.layerGroup().addTo(map);
  /** @type {L.PolylineOptions} */
  const flat = { pane: "walk", renderer, interactive: false, lineCap: "round", lineJoin: "round" };

  /** @param {State} state */
  function show(state) {
    group.clearLayers();
    const walk = walkOf(study, state);
    if (!walk || !walk.parts.length) return;
    const line = unpackLine(walk.line);
    L.polyline(line, { ...flat, className: "walk-case", color: "var(--panel)", weight: 7, opacity: 0.9 }).addTo(group);
    let first = 0;
    walk.parts.forEach((part) => {
      L.polyline(line.slice(first, part.last + 1), {
        ...flat,
        className: `walk-line ${part.look}`,
        color: "var(--walk)",
        weight: 3.2,
        dashArray: DASHES[part.look],
      }).addTo(group);
      first = part.last;
    });
    L.circleMarker(line[0], {
      ...flat,
      className: "walk-home",
      radius: 5,
      color: "var(--walk)",
      weight: 2.5,
      fillColor: "var(--panel)",
      fillOpacity: 1,
    }).addTo(group);
  }

  store.listen((state, changed) => ["block", "service", "shown"].some((key) => changed.has(key)) && show(state));
  show(store.state);
  return { bounds: () => walkBounds(study, store.state) };
}

/** @param {Study} study @param {State} state */
function walkBounds(study, state) {
  const walk = walkOf(study, state);
  return walk && walk.parts.length ? L.latLngBounds(unpackLine(walk.line)) : null;
}
