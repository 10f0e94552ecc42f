/* Puts the page together around the Leaflet map that folium made. */
import { drawBlocks } from "../map/blocks.js";
import { drawGround } from "../map/ground.js";
import { showLayers } from "../map/layers.js";
import { drawNames } from "../map/names.js";
import { drawReached } from "../map/reached.js";
import { drawStations } from "../map/stations.js";
import { drawWalk } from "../map/walk.js";
import { showAnswers } from "../panels/answers.js";
import { showBriefing } from "../panels/briefing.js";
import { showHeadline, showStudy } from "../panels/headline.js";
import { showLegend } from "../panels/legend.js";
import { showLimit } from "../panels/limit.js";
import { showMatrix } from "../panels/matrix.js";
import { drawProposals } from "../panels/proposals.js";
import { showSearch } from "../panels/search.js";
import { showServices } from "../panels/services.js";
import { showWalkers } from "../panels/walkers.js";
import { showClock } from "../panels/week.js";
import { makeTryout } from "../whatif/tryout.js";
import { prepareWhatIf } from "../whatif/whatif.js";
import { keepAddress, readAddress } from "./address.js";
import { addControls, fitTo } from "./controls.js";
import { byId, html } from "./elements.js";
import { readData } from "./inflate.js";
import { preparePrint } from "./print.js";
import { makeStore } from "./store.js";
import { readStudy } from "./study.js";
/** @import { Payload } from "../payload" */
/** @import { BlockMarks, CountedStudy, Lines, PlannedStudy, Study, Tryout } from "../types" */
/** @import { Asked } from "./address.js" */
/** @import { State, Store } from "./store.js" */

const SHEET = window.matchMedia("(max-width: 820px)"); /* as in narrow.css: answers stand over the map */

const EDGE = 24; /* pixels around a block */
const BELOW_SEARCH = 64;
const BESIDE_ZOOM = 64;

/**
 * The version of the data that these scripts read.
 * @type {Payload["format"]}
 */
const FORMAT = 1;

/**
 * Data of another version would be misread: one sentence stands in place of the page.
 * @param {Payload} data
 */
function tellOther(data) {
  const words = data.words[data.language];
  document.body.replaceChildren(html("p", { class: "other-format", role: "alert" }, words.page.other_format));
}

/**
 * What is shown at first: the service asked for by the address, of today and by the standard.
 * @param {Study} study
 * @param {Asked} asked
 * @returns {State}
 */
function firstState(study, asked) {
  const service = firstService(study, asked);
  return {
    language: study.language,
    walker: 0,
    stage: 0,
    stated: null,
    time: -1,
    trial: 0,
    service,
    block: -1,
    station: -1,
    street: -1,
    cell: -1,
    limit: usualLimit(study, service),
    drawer: false,
    list: "blocks",
    order: "people",
    area: -1,
    layers: study.tiles ? ["names", "tiles"] : ["names"],
  };
}

/** @param {L.Map} map */
export function start(map) {
  const data = readData();
  if (data.format !== FORMAT) return tellOther(data);
  const study = readStudy(data);
  const asked = readAddress();
  if (typeof asked.lang === "string" && asked.lang in study.words) study.language = asked.lang;
  const store = makeStore(firstState(study, asked));
  if (asked.slide) document.body.classList.add("slide");
  followState(study, store);

  const ground = /** @type {{ streets: Lines }} */ ({});
  const counted = countedOf(study);
  const tryout = counted ? makeTryout(counted, store, () => ground.streets) : null;
  showPanels(study, store, tryout);
  const fit = fitTo(map, study);
  addControls(map, study, store, fit);
  ground.streets = drawGround(map, study);
  const trials = drawMap(map, study, store, { streets: ground.streets, tryout });
  hear(map, study, store);
  preparePrint(map, study, store, fit, asked);
  const restore = keepAddress(study, store, { tryout, trials }, mostPressing(study));
  restore();
  document.documentElement.dataset.ready = "yes";
  return undefined;
}

/**
 * The first to hear of another language, so that the others find it spoken.
 * @param {Study} study
 * @param {Store} store
 */
function followState(study, store) {
  store.listen((state, changed) => {
    if (changed.has("walker") || changed.has("stage")) study.judgeFor(state.walker, state.stage);
    if (changed.has("time")) study.time = state.time;
    if (!changed.has("language")) return;
    study.language = state.language;
    showStudy(study);
  });
}

/**
 * The study, if the page can count it anew; a public page can not.
 * @param {Study} study
 */
const countedOf = (study) => (study.network ? /** @type {CountedStudy} */ (study) : null);

/** @param {Study} study @param {Store} store @param {Tryout | null} tryout */
function showPanels(study, store, tryout) {
  showStudy(study);
  const counted = countedOf(study);
  if (counted && tryout) showLimit(counted, store, tryout);
  else byId("limit").remove();
  showHeadline(study, store);
  showWalkers(study, store);
  showServices(study, store);
  showLegend(study, store);
  showAnswers(study, store);
  showMatrix(study, store);
  showBriefing(study, store);
}

/**
 * Returns what the address opens and closes of a what-if, null without one.
 * @param {L.Map} map
 * @param {Study} study
 * @param {Store} store
 * @param {{ streets: Lines, tryout: Tryout | null }} parts
 */
function drawMap(map, study, store, { streets, tryout }) {
  drawReached(map, study, store, streets);
  const blocks = drawBlocks(map, study, store);
  const markers = drawStations(map, study, store);
  const walk = drawWalk(map, study, store);
  showLayers(map, study, store);
  drawNames(map, study, store);
  showClock(study, store, tryout);
  showSearch(map, study, store, streets);
  const counted = countedOf(study);
  const trials = counted && tryout ? prepareWhatIf(map, counted, store, { blocks, markers, tryout }) : null;
  if (!trials) byId("whatif-open").remove(); /* a public page tells nobody's number of people */
  const hasPlan = study.proposals && study.proposals.rows.length;
  if (hasPlan) drawProposals(map, /** @type {PlannedStudy} */ (study), store, blocks);

  store.listen((state, changed) => {
    if (changed.has("service")) store.set({ limit: usualLimit(study, state.service) });
    if (changed.has("drawer")) map.invalidateSize({ animate: false });
    const isBlock = changed.has("block") && state.block >= 0;
    const isStation = changed.has("station") && state.station >= 0;
    if ((isBlock || isStation) && SHEET.matches) byId("map-frame").scrollIntoView();
    if (isBlock) flyTo(map, blocks, state.block, walk.bounds());
    if (isStation) reveal(map, study, state);
  });
  return trials;
}

/**
 * Clicks beside everything, Escape, another size of the window, and another language.
 * @param {L.Map} map
 * @param {Study} study
 * @param {Store} store
 */
function hear(map, study, store) {
  map.on("click", ({ originalEvent }) => {
    const on = /** @type {Element} */ (originalEvent.target).closest("[data-block]");
    if (on) store.set({ block: Number(on.getAttribute("data-block")), station: -1 });
    else store.set({ block: -1, station: -1, street: -1 });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") store.set({ block: -1, station: -1, street: -1, drawer: false });
  });
  window.addEventListener("resize", () => map.invalidateSize({ animate: false }));
  byId("language").addEventListener("click", () => {
    store.set({ language: study.nextLanguage() });
  });
}

/** @param {Study} study @param {Asked} asked */
function firstService(study, asked) {
  const index = study.services.findIndex((service) => service.id === asked.service);
  return index >= 0 ? index : mostPressing(study);
}

/**
 * The service whose failing blocks, those in doubt last, are the most; where none fails, the one that serves most.
 * @param {Study} study
 */
function mostPressing({ services }) {
  const weights = services.map(
    (service) =>
      (service.blocks_failing - service.blocks_in_doubt) * 1e6 + service.blocks_failing + service.blocks_served / 1e6,
  );
  return weights.reduce((best, weight, i) => (weight > weights[best] ? i : best), 0);
}

/**
 * The limit by which most blocks are judged, if a catchment was drawn for it; else the smallest that was.
 * @param {Study} study
 * @param {number} service
 */
function usualLimit(study, service) {
  const drawn = study.study.limits_m;
  const counts = drawn.map(() => 0);
  study.blocks.forEach((_, block) => {
    const { limitM } = study.judgment(block, service);
    const i = limitM === null ? -1 : drawn.indexOf(limitM);
    if (i >= 0) counts[i] += 1;
  });
  const best = counts.reduce((most, count, i) => (count > counts[most] ? i : most), 0);
  return drawn.length ? drawn[best] : null;
}

/**
 * To the block together with its walk, unless both are in sight already and large enough.
 * @param {L.Map} map
 * @param {BlockMarks} blocks
 * @param {number} block
 * @param {L.LatLngBounds | null} walked
 */
function flyTo(map, blocks, block, walked) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const own = blocks.bounds(block);
  const bounds = walked ? walked.extend(own) : own;
  if (SHEET.matches) return flyAbove(map, blocks, block, { bounds, calm });
  const wanted = Math.min(map.getBoundsZoom(bounds.pad(0.08)), 17.5);
  const inside = map.getBounds().contains(bounds) && map.getZoom() >= wanted - 1;
  if (!inside) map.flyTo(bounds.getCenter(), wanted, { duration: 0.7, animate: !calm });
  return blocks.toFront(block);
}

/**
 * Into the part of the map that a phone shows between the search and the sheet.
 * @param {L.Map} map
 * @param {BlockMarks} blocks
 * @param {number} block
 * @param {{ bounds: L.LatLngBounds, calm: boolean }} shown
 */
function flyAbove(map, blocks, block, { bounds, calm }) {
  const hidden = Math.max(0, map.getSize().y - window.innerHeight / 2);
  map.flyToBounds(bounds, {
    paddingTopLeft: [EDGE, BELOW_SEARCH],
    paddingBottomRight: [BESIDE_ZOOM, hidden + EDGE],
    maxZoom: 17.5,
    duration: 0.7,
    animate: !calm,
  });
  return blocks.toFront(block);
}

/** @param {L.Map} map @param {Study} study @param {State} state */
function reveal(map, study, state) {
  const at = study.stations[state.station].at;
  if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at);
}
