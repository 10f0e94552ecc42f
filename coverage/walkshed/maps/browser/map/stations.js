/* Stations by tier, the thin links of the network of hubs, and on demand what one station reaches. */
import { draggingOf, elementOf, first, html } from "../shared/elements.js";
import { tierMark } from "../shared/marks.js";
import { unpackPolygons } from "../shared/unpack.js";
import { ARROWS, nextByArrow } from "./arrows.js";
import { addPane } from "./panes.js";
/** @import { Station } from "../payload" */
/** @import { At, Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/** @type {Record<string, number>} */
const SIZE = { hub: 36, center: 26, micro: 26, compound: 26 };
/** @type {Record<string, number>} */
const LIFT = { hub: 400, center: 300, compound: 200, micro: 100 };

/**
 * On which floor, and whether an elevator goes there; as a badge only what keeps people out.
 * @param {Study} study
 * @param {Station} station
 * @param {boolean} whole
 */
export function floorOf(study, station, whole) {
  const { floor, elevator } = station;
  if (floor === null || (!whole && (floor === 1 || elevator))) return "";
  if (floor !== 1 && elevator === false) return study.say("floor_no_elevator", { n: floor });
  return study.say(floor !== 1 && elevator ? "floor_elevator" : "floor", { n: floor });
}

/** @param {L.Map} map @param {Study} study @param {Store} store */
export function drawStations(map, study, store) {
  drawLinks(map, study);
  const rings = makeRings(map, study);
  const markers = study.stations.map((station, index) => makeMarker(map, study, station, index));
  const keys = walkBetween(map, study, markers);
  markers.forEach((marker, index) => {
    const choose = () => store.set({ station: index, block: -1 });
    const element = elementOf(marker);
    marker.on("click", choose);
    marker.on("mouseover", () => rings.show(index));
    marker.on("mouseout", rings.hide);
    element.addEventListener("focus", () => rings.show(index));
    element.addEventListener("blur", rings.hide);
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") choose();
      else if (!ARROWS[event.key] || draggingOf(marker).enabled()) return; /* in a what-if arrows move it */
      else keys.moveFrom(index, ARROWS[event.key]);
      event.preventDefault();
      event.stopPropagation();
    });
  });

  store.listen((state, changed) => {
    emphasize(study, markers, state);
    if (changed.has("language")) name(study, markers);
    const isChosen = changed.has("station") && state.station >= 0;
    if (isChosen && !document.body.classList.contains("trying")) keys.stopAt(state.station);
  });
  emphasize(study, markers, store.state);
  name(study, markers);
  return markers;
}

/** @param {L.Map} map @param {Study} study @param {Station} station @param {number} index */
function makeMarker(map, study, station, index) {
  const size = SIZE[station.tier];
  const isIdle = study.ledgers && study.ledgers.idle.includes(index);
  const marker = L.marker(station.at, {
    icon: L.divIcon({
      className: `station ${station.tier}${isIdle ? " idle" : ""}`,
      html: html("div", {}, tierMark(station.tier, size), html("span", { class: "floor" })),
      iconSize: [size, size],
    }),
    riseOnHover: true,
  }).addTo(map);
  const tip = () =>
    html(
      "div",
      {},
      html("strong", {}, station.name),
      " ",
      html("span", { class: "state" }, study.called("tier", station.tier)),
    );
  marker.bindTooltip(tip, { direction: "top", offset: [0, -10] });
  elementOf(marker).dataset.station = String(index);
  return marker;
}

/**
 * One tab stop for all stations; arrows go to the nearest one on that side.
 * @param {L.Map} map
 * @param {Study} study
 * @param {L.Marker[]} markers
 */
function walkBetween(map, study, markers) {
  const places = study.stations.map((station) => station.at);
  let stop = 0;

  /** @param {number} index @param {boolean} isStop */
  function mark(index, isStop) {
    const element = elementOf(markers[index]);
    element.setAttribute("tabindex", isStop ? "0" : "-1");
    element.dataset.stop = isStop ? "yes" : "no";
  }

  /** @param {number} index */
  function stopAt(index) {
    if (!markers.length) return;
    mark(stop, false);
    mark(index, true);
    stop = index;
  }

  /** @param {number} index @param {[number, number]} arrow */
  function moveFrom(index, arrow) {
    const to = nextByArrow(map, places, index, arrow);
    if (to < 0) return;
    stopAt(to);
    if (!map.getBounds().pad(-0.05).contains(places[to])) map.panTo(places[to], { animate: false });
    elementOf(markers[to]).focus({ preventScroll: true });
  }

  markers.forEach((marker) => elementOf(marker).setAttribute("tabindex", "-1"));
  stopAt(0);
  return { stopAt, moveFrom };
}

/** @param {Study} study @param {L.Marker[]} markers */
function name(study, markers) {
  study.stations.forEach((station, index) => {
    const badge = floorOf(study, station, false);
    const spoken = [station.name, study.called("tier", station.tier), badge].filter(Boolean).join(", ");
    const element = elementOf(markers[index]);
    element.setAttribute("aria-label", spoken);
    first(element, ".floor").textContent = badge;
  });
}

/** @param {Study} study @param {L.Marker[]} markers @param {State} state */
function emphasize(study, markers, state) {
  /* where stations are moved or closed, which one is nearest is not measured */
  const named = state.block >= 0 && !state.trial ? study.judgment(state.block, state.service).nearest : -1;
  markers.forEach((marker, index) => {
    const station = study.stations[index];
    const offers = study.servicesOf(index, state).includes(state.service);
    const classes = elementOf(marker).classList;
    classes.toggle("offers", offers);
    classes.toggle("chosen", index === state.station);
    classes.toggle("named", index === named);
    marker.setZIndexOffset(LIFT[station.tier] + (offers ? 1000 : 0) + (index === state.station ? 2000 : 0));
  });
}

/**
 * How far one can walk to a station, one outline per limit, while it is pointed at.
 * @param {L.Map} map
 * @param {Study} study
 */
function makeRings(map, study) {
  addPane(map, "rings", 422);
  const renderer = L.svg({ pane: "rings", padding: 0.4 });
  const group = L.layerGroup().addTo(map);
  return {
    /** @param {number} index */
    show(index) {
      group.clearLayers();
      study.reached[index].forEach((entry, i) =>
        L.polygon(unpackPolygons(entry.area), {
          pane: "rings",
          renderer,
          interactive: false,
          className: "catchment-ring",
          color: "var(--reach)",
          weight: i === 0 ? 1.8 : 1.1,
          opacity: 0.85,
          dashArray: i === 0 ? undefined : "5 3",
          fillColor: "var(--reach)",
          fillOpacity: 0.05,
        }).addTo(group),
      );
    },
    hide: () => group.clearLayers(),
  };
}

/** @param {L.Map} map @param {Study} study */
function drawLinks(map, study) {
  addPane(map, "links", 430);
  const links = study.stations
    .filter((station) => station.parent >= 0)
    .map((station) => /** @type {At[]} */ ([station.at, study.stations[station.parent].at]));
  if (!links.length) return;
  L.polyline(links, {
    pane: "links",
    renderer: L.svg({ pane: "links" }),
    interactive: false,
    className: "hub-links",
    color: "var(--link)",
    weight: 0.9,
    opacity: 0.55,
    dashArray: "1 4",
    lineCap: "round",
  }).addTo(map);
}
