/* What is proposed: a ring with a sign and the rank, what each would bring, and the page before and after. */
import { elementOf, html, svg } from "../shared/elements.js";
/** @import { Mark } from "../payload" */
/** @import { BlockMarks, PlannedStudy, Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

const SIZE = 34;
const APART = 30; /* pixels from mark to mark, below which they lie under each other */
/* A plus for what is added, an arrow for what moves, two for what is merged, one up and down for an elevator. */
/** @type {Record<string, string>} */
const ACTS = {
  new: "M-6,0H6M0,-6V6",
  extend: "M-6,0H6M0,-6V6",
  move: "M-6,0H6M2,-4L6,0L2,4",
  merge: "M-7,0H-2M-5,-3L-2,0L-5,3M7,0H2M5,-3L2,0L5,3",
  elevator: "M-3,5V-5M-5.5,-2.5L-3,-5L-0.5,-2.5M3,-5V5M5.5,2.5L3,5L0.5,2.5",
};

/**
 * The sign of an act, for the legend.
 * @param {string} act
 */
export const actMark = (act) =>
  svg(
    "svg",
    { width: 26, height: 21, viewBox: "-16 -13 32 26", "aria-hidden": "true" },
    svg("circle", { class: "proposal-ring", r: 11 }),
    svg("path", { class: "proposal-plus", d: ACTS[act] }),
  );

/** @type {L.PopupOptions} */
const POPUP = {
  maxWidth: 340,
  maxHeight: 360,
  className: "proposal-told",
  autoPanPaddingTopLeft: [30, 70], // clear of the search
  autoPanPaddingBottomRight: [60, 30],
};

/** @param {Mark} row */
function mark(row) {
  return svg(
    "svg",
    { width: SIZE, height: SIZE, viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}`, "aria-hidden": "true" },
    svg("circle", { class: "proposal-ring", r: 12 }),
    svg("path", { class: "proposal-plus", d: ACTS[row.act] }),
    svg("circle", { class: "proposal-badge", cx: 10, cy: -10, r: 6.5 }),
    svg("text", { class: "proposal-rank", x: 10, y: -7, "text-anchor": "middle" }, String(row.rank)),
  );
}

/**
 * What a proposal is: what is done, for which services, why here, and what it leaves.
 * @param {Study} study
 * @param {Mark} row
 */
function told(study, row) {
  const language = study.language;
  const services = row.services.map((index) => study.services[index].name);
  return html(
    "div",
    {},
    html("strong", {}, row.title[study.language]),
    html("p", { class: "proposal-services" }, services.join(" · ")),
    html("p", {}, row.why[language]),
    row.left[language]
      ? html("p", { class: "hint" }, study.say("proposal_left", { what: row.left[language] }))
      : "",
  );
}

/**
 * @param {L.Map} map
 * @param {PlannedStudy} study
 * @param {Store} store
 * @param {BlockMarks} blocks
 */
export function drawProposals(map, study, store, blocks) {
  map.createPane("proposed").style.zIndex = "660";
  drawMoves(map, study);
  const markers = study.proposals.rows.map((row) => makeMarker(map, study, row));
  const spread = makeSpread(map, study, markers);
  const holder = addSwitch(map);

  function speak() {
    holder.replaceChildren(
      stageButton(study, store, 0, "proposal_before"),
      stageButton(study, store, 1, "proposal_after"),
    );
    markers.forEach((marker, index) => {
      const row = study.proposals.rows[index];
      const name = study.say("pair", { name: row.title[study.language], what: row.place[study.language] });
      elementOf(marker).setAttribute("aria-label", name);
    });
  }

  map.on("zoomend", spread);
  store.listen((state, changed) => {
    if (changed.has("language") || changed.has("stage")) speak();
    if (changed.has("language")) map.closePopup();
    if (changed.has("service")) frame(study, blocks, state);
  });
  spread();
  speak();
  frame(study, blocks, store.state);
}

/**
 * A line for each station that moves.
 * @param {L.Map} map
 * @param {PlannedStudy} study
 */
function drawMoves(map, { proposals }) {
  const moves = proposals.rows.flatMap((row) => (row.from ? [[row.from, row.at]] : []));
  if (!moves.length) return;
  const renderer = L.svg({ pane: "proposed" });
  L.polyline(moves, { pane: "proposed", renderer, interactive: false, className: "proposal-way" }).addTo(map);
}

/** @param {L.Map} map @param {Study} study @param {Mark} row */
function makeMarker(map, study, row) {
  const icon = L.divIcon({ className: "proposal", html: /** @type {any} */ (mark(row)), iconSize: [SIZE, SIZE] });
  const marker = L.marker(row.at, { icon, pane: "proposed", riseOnHover: true }).addTo(map);
  marker.bindPopup(() => told(study, row), POPUP);
  elementOf(marker).dataset.proposal = String(row.rank);
  return marker;
}

/**
 * Returns what spreads marks that would lie under each other: they stand side by side, each with a line to its place.
 * @param {L.Map} map
 * @param {PlannedStudy} study
 * @param {L.Marker[]} markers
 */
function makeSpread(map, { proposals }, markers) {
  const ways = L.layerGroup().addTo(map);
  const renderer = L.svg({ pane: "proposed" });
  const look = { pane: "proposed", renderer, interactive: false, className: "proposal-leader" };
  return () => {
    ways.clearLayers();
    /** @type {L.Point[]} */
    const taken = [];
    proposals.rows.forEach((row, index) => {
      const own = map.latLngToLayerPoint(row.at);
      const at = freeNear(own, taken);
      taken.push(at);
      const stands = at === own ? L.latLng(row.at) : map.layerPointToLatLng(at);
      markers[index].setLatLng(stands);
      if (at !== own) L.polyline([row.at, stands], look).addTo(ways);
    });
  };
}

/**
 * Blocks that look otherwise once the proposals stand are framed.
 * @param {Study} study
 * @param {BlockMarks} blocks
 * @param {State} state
 */
function frame(study, blocks, { stage, service, walker }) {
  document.documentElement.dataset.proposed = stage ? "after" : "before";
  blocks.paths.forEach((path, index) =>
    path.classList.toggle("after-block", stage > 0 && study.isChanged(index, service, walker)),
  );
}

/**
 * The box of the switch from before to after.
 * @param {L.Map} map
 */
function addSwitch(map) {
  const holder = html("div", { class: "proposal-switch leaflet-bar", role: "group" });
  const Switch = L.Control.extend({
    onAdd() {
      L.DomEvent.disableClickPropagation(holder);
      return holder;
    },
  });
  new Switch({ position: "topright" }).addTo(map);
  return holder;
}

/** @param {Study} study @param {Store} store @param {number} stage @param {string} word */
const stageButton = (study, store, stage, word) =>
  html(
    "button",
    {
      type: "button",
      "aria-pressed": String(store.state.stage === stage),
      on: { click: () => store.set({ stage, time: -1 }) },
    },
    study.say(word),
  );

/**
 * What is told of the plan as a whole, a line each; nothing before it.
 * @param {Study} study
 * @param {State} state
 */
export function planTold(study, state) {
  if (!state.stage || !study.proposals) return "";
  const lines = study.proposals.told[study.language];
  return html(
    "section",
    { class: "plan-told" },
    html("h2", {}, study.say("plan")),
    html("ul", {}, lines.map((line) => html("li", {}, line))),
  );
}

/**
 * The point itself, else the first of a widening row of rings that is free.
 * @param {L.Point} point
 * @param {L.Point[]} taken
 */
function freeNear(point, taken) {
  const isFree = (/** @type {L.Point} */ one) => taken.every((other) => one.distanceTo(other) >= APART);
  if (isFree(point)) return point;
  for (let ring = 1; ring < 9; ring += 1) {
    for (let turn = 0; turn < 6 * ring; turn += 1) {
      const angle = (turn / (6 * ring)) * 2 * Math.PI - Math.PI / 2;
      const one = L.point(Math.cos(angle), Math.sin(angle)).multiplyBy(ring * APART).add(point);
      if (isFree(one)) return one;
    }
  }
  return point;
}
