/* Puts the page together around the Leaflet map that folium made. */
import { drawBlocks } from "../map/blocks.js";
import { drawGround } from "../map/ground.js";
import { showLayers } from "../map/layers.js";
import { drawNames } from "../map/names.js";
import { drawReached, drawStations } from "../map/stations.js";
import { drawWalk } from "../map/walk.js";
import { showAnswers } from "../panels/answers.js";
import { showBriefing } from "../panels/briefing.js";
import { showHeadline, showLegend, showServices, showStudy } from "../panels/headline.js";
import { showLimit } from "../panels/limit.js";
import { showMatrix } from "../panels/matrix.js";
import { drawProposals } from "../panels/proposals.js";
import { showSearch } from "../panels/search.js";
import { showWalkers } from "../panels/walkers.js";
import { showClock } from "../panels/week.js";
import { makeTryout } from "../whatif/tryout.js";
import { prepareWhatIf } from "../whatif/whatif.js";
import { keepAddress, readAddress } from "./address.js";
import { byId, html } from "./elements.js";
import { readData } from "./inflate.js";
import { preparePrint } from "./print.js";
import { makeStore } from "./store.js";
import { readStudy } from "./study.js";

const SHEET = window.matchMedia("(max-width: 820px)"); /* as in narrow.css: answers stand over the map */

const EDGE = 24; /* pixels around a block */
const BELOW_SEARCH = 64;
const BESIDE_ZOOM = 64;

/**
 * The version of the data that these scripts read.
 * @type {import("../payload").Payload["format"]}
 */
const FORMAT = 1;

/* Data of another version would be misread: one sentence stands in place of the page. */
function tellOther(data) {
  const words = data.words[data.language];
  document.body.replaceChildren(html("p", { class: "other-format", role: "alert" }, words.page.other_format));
}

/* What is shown at first: the service asked for by the address, of today and by the standard. */
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

export function start(map) {
  const data = readData();
  if (data.format !== FORMAT) return tellOther(data);
  const study = readStudy(data);
  const asked = readAddress();
  study.spoken = study.language;
  if (asked.lang in study.words) study.language = asked.lang;
  const store = makeStore(firstState(study, asked));
  if (asked.slide) document.body.classList.add("slide");
  /* the first to hear of another language, so that the others find it spoken */
  store.listen((state, changed) => {
    if (changed.has("walker") || changed.has("stage")) study.judgeFor(state.walker, state.stage);
    if (changed.has("time")) study.time = state.time;
    if (!changed.has("language")) return;
    study.language = state.language;
    showStudy(study);
  });

  let streets = null;
  const tryout = study.network ? makeTryout(study, store, () => streets) : null;
  showPanels(study, store, tryout);
  const fit = fitTo(map, study);
  addControls(map, study, store, fit);
  streets = drawGround(map, study);
  drawMap(map, study, store, { streets, tryout });
  hear(map, study, store);
  preparePrint(map, study, store, fit, asked);
  const restore = keepAddress(study, store, tryout, mostPressing(study));
  restore();
  document.documentElement.dataset.ready = "yes";
  return undefined;
}

function showPanels(study, store, tryout) {
  showStudy(study);
  showLimit(study, store, tryout);
  showHeadline(study, store);
  showWalkers(study, store);
  showServices(study, store);
  showLegend(study, store);
  showAnswers(study, store);
  showMatrix(study, store);
  showBriefing(study, store);
}

/* Shows the whole study, and returns what shows it again. */
function fitTo(map, study) {
  const bounds = L.latLngBounds(study.bounds);
  const fit = () => map.fitBounds(bounds, { padding: [22, 26], animate: false });
  Object.assign(L.Browser, { retina: true }); /* the canvas is drawn at twice its size, so that print stays sharp */
  map.invalidateSize({ animate: false });
  fit();
  map.setMinZoom(map.getZoom() - 1.5);
  map.setMaxBounds(bounds.pad(0.8));
  return fit;
}

function drawMap(map, study, store, { streets, tryout }) {
  drawReached(map, study, store, streets);
  const blocks = drawBlocks(map, study, store);
  const markers = drawStations(map, study, store);
  const walk = drawWalk(map, study, store);
  showLayers(map, study, store);
  drawNames(map, study, store);
  showClock(study, store, tryout);
  showSearch(map, study, store, streets);
  prepareWhatIf(map, study, store, { blocks, markers, tryout });
  drawProposals(map, study, store, blocks);

  store.listen((state, changed) => {
    if (changed.has("service")) store.set({ limit: usualLimit(study, state.service) });
    if (changed.has("drawer")) map.invalidateSize({ animate: false });
    const chosen = ["block", "station"].some((key) => changed.has(key) && state[key] >= 0);
    if (chosen && SHEET.matches) byId("map-frame").scrollIntoView();
    if (changed.has("block") && state.block >= 0) flyTo(map, blocks, state.block, walk.bounds());
    if (changed.has("station") && state.station >= 0) reveal(map, study, state);
  });
}

/* Clicks beside everything, Escape, another size of the window, and another language. */
function hear(map, study, store) {
  map.on("click", ({ originalEvent }) => {
    const on = originalEvent.target.closest("[data-block]");
    if (on) store.set({ block: Number(on.dataset.block), station: -1 });
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

function firstService(study, asked) {
  const index = study.services.findIndex((service) => service.id === asked.service);
  return index >= 0 ? index : mostPressing(study);
}

/* The service whose failing blocks, those in doubt last, are the most; where none fails, the one that serves most. */
function mostPressing(study) {
  const weight = (service) =>
    (service.blocks_failing - service.blocks_in_doubt) * 1e6 + service.blocks_failing + service.blocks_served / 1e6;
  return study.services.reduce((best, service, i) => (weight(service) > weight(study.services[best]) ? i : best), 0);
}

/* The limit by which most blocks are judged, if a catchment was drawn for it; else the smallest that was. */
function usualLimit(study, service) {
  const drawn = study.study.limits_m;
  const counts = new Map(drawn.map((limit) => [limit, 0]));
  study.blocks.forEach((_, block) => {
    const limit = study.judgment(block, service).limitM;
    if (counts.has(limit)) counts.set(limit, counts.get(limit) + 1);
  });
  return drawn.length ? drawn.reduce((best, limit) => (counts.get(limit) > counts.get(best) ? limit : best)) : null;
}

/* To the block together with its walk, unless both are in sight already and large enough. */
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

/* Into the part of the map that a phone shows between the search and the sheet. */
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

function reveal(map, study, state) {
  const at = study.stations[state.station].at;
  if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at);
}

function addControls(map, study, store, fit) {
  L.control.zoom({ position: "topright" }).addTo(map);
  /* a running zoom would end after, and over, a view that is set meanwhile */
  let zooming = false;
  map.on("zoomstart", () => (zooming = true));
  map.on("zoomend", () => (zooming = false));
  const Whole = L.Control.extend({
    onAdd() {
      const link = html("a", { class: "whole", href: "#", role: "button" }, "⤢");
      L.DomEvent.on(link, "click", (event) => {
        L.DomEvent.stop(event);
        if (zooming) map.once("zoomend", fit);
        else fit();
      });
      return html("div", { class: "leaflet-bar leaflet-control" }, link);
    },
  });
  new Whole({ position: "topright" }).addTo(map);
  const imperial = study.words[study.language].lengths.units === "us";
  L.control.scale({ imperial, metric: !imperial, maxWidth: 140 }).addTo(map);

  const names = { ".leaflet-control-zoom-in": "zoom_in", ".leaflet-control-zoom-out": "zoom_out", ".whole": "whole" };
  function speak() {
    Object.entries(names).forEach(([selector, word]) => {
      const button = map.getContainer().querySelector(selector);
      button.title = study.say(word);
      button.setAttribute("aria-label", study.say(word));
    });
    map.getContainer().setAttribute("aria-label", `${study.say("map")}. ${study.say("map_hint")}`);
    const language = byId("language");
    const other = study.words[study.nextLanguage()].page;
    language.hidden = other === study.words[study.language].page;
    language.textContent = other.own_name;
    language.title = other.switch;
    language.lang = other.html_lang;
    byId("paper").setAttribute("aria-label", study.say("paper"));
  }
  store.listen((_, changed) => changed.has("language") && speak());
  speak();
}
