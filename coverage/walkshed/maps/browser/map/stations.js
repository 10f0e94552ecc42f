/* Stations by tier, the thin links of the network of hubs, and on demand what one station reaches. */
import { draggingOf, elementOf, first, html } from "../shared/elements.js";
import { tierMark } from "../shared/marks.js";
import { unpackIndices, unpackLine, unpackPolygons } from "../shared/unpack.js";
import { ARROWS, nextByArrow } from "./arrows.js";

const SIZE = { hub: 36, center: 26, micro: 26, compound: 26 };
const LIFT = { hub: 400, center: 300, compound: 200, micro: 100 };

/* On which floor, and whether an elevator goes there; as a badge only what keeps people out. */
export function floorOf(study, station, whole) {
  const { floor, elevator } = station;
  if (floor === null || (!whole && (floor === 1 || elevator))) return "";
  if (floor !== 1 && elevator === false) return study.say("floor_no_elevator", { n: floor });
  return study.say(floor !== 1 && elevator ? "floor_elevator" : "floor", { n: floor });
}

export function drawStations(map, study, store) {
  drawLinks(map, study);
  const rings = makeRings(map, study);
  const markers = study.stations.map((station, index) => {
    const size = SIZE[station.tier];
    const marker = L.marker(station.at, {
      icon: L.divIcon({
        className: `station ${station.tier}${study.ledgers && study.ledgers.idle.includes(index) ? " idle" : ""}`,
        html: html("div", {}, tierMark(station.tier, size), html("span", { class: "floor" })),
        iconSize: [size, size],
      }),
      riseOnHover: true,
    }).addTo(map);
    const choose = () => store.set({ station: index, block: -1 });
    marker.on("click", choose);
    marker.bindTooltip(
      () =>
        html(
          "div",
          {},
          html("strong", {}, station.name),
          " ",
          html("span", { class: "state" }, study.called("tier", station.tier)),
        ),
      { direction: "top", offset: [0, -10] },
    );
    marker.on("mouseover", () => rings.show(index));
    marker.on("mouseout", rings.hide);
    const element = elementOf(marker);
    element.dataset.station = String(index);
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") choose();
      else if (!ARROWS[event.key] || draggingOf(marker).enabled()) return; /* in a what-if arrows move it */
      else moveFrom(index, ARROWS[event.key]);
      event.preventDefault();
      event.stopPropagation();
    });
    element.addEventListener("focus", () => rings.show(index));
    element.addEventListener("blur", rings.hide);
    return marker;
  });

  /* one tab stop for all stations; arrows go to the nearest one on that side */
  const places = study.stations.map((station) => station.at);
  let stop = 0;
  function stopAt(index) {
    if (!markers.length) return;
    [
      [stop, "-1"],
      [index, "0"],
    ].forEach(([one, tab]) => {
      const element = elementOf(markers[one]);
      element.setAttribute("tabindex", tab);
      element.dataset.stop = tab === "0" ? "yes" : "no";
    });
    stop = index;
  }
  function moveFrom(index, arrow) {
    const to = nextByArrow(map, places, index, arrow);
    if (to < 0) return;
    stopAt(to);
    if (!map.getBounds().pad(-0.05).contains(places[to])) map.panTo(places[to], { animate: false });
    elementOf(markers[to]).focus({ preventScroll: true });
  }
  markers.forEach((marker) => elementOf(marker).setAttribute("tabindex", "-1"));
  stopAt(0);

  function name() {
    study.stations.forEach((station, index) => {
      const badge = floorOf(study, station, false);
      const spoken = [station.name, study.called("tier", station.tier), badge].filter(Boolean).join(", ");
      const element = elementOf(markers[index]);
      element.setAttribute("aria-label", spoken);
      first(element, ".floor").textContent = badge;
    });
  }

  function emphasize(state) {
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

  store.listen((state, changed) => {
    emphasize(state);
    if (changed.has("language")) name();
    if (changed.has("station") && state.station >= 0 && !document.body.classList.contains("trying")) stopAt(state.station);
  });
  emphasize(store.state);
  name();
  return markers;
}

/* How far one can walk to a station, one outline per limit, while it is pointed at. */
function makeRings(map, study) {
  map.createPane("rings").style.zIndex = 422;
  map.getPane("rings").style.pointerEvents = "none";
  const renderer = L.svg({ pane: "rings", padding: 0.4 });
  const group = L.layerGroup().addTo(map);
  return {
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

function drawLinks(map, study) {
  map.createPane("links").style.zIndex = 430;
  map.getPane("links").style.pointerEvents = "none";
  const links = study.stations
    .filter((station) => station.parent >= 0)
    .map((station) => [station.at, study.stations[station.parent].at]);
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

/* The drawn area lies under the blocks, the reached streets above them. */
export function drawReached(map, study, store, streets) {
  map.createPane("areas").style.zIndex = 405;
  map.createPane("reached").style.zIndex = 420;
  ["areas", "reached"].forEach((name) => (map.getPane(name).style.pointerEvents = "none"));
  const renderers = { areas: L.svg({ pane: "areas" }), reached: L.svg({ pane: "reached" }) };
  const group = L.layerGroup().addTo(map);

  function show(state) {
    group.clearLayers();
    if (state.station < 0) return;
    const entry = study.reached[state.station].find((one) => one.limit_m === state.limit);
    if (!entry) return;
    const lines = unpackIndices(entry.whole).map(streets.line);
    lines.push(...entry.cut.map(unpackLine));
    L.polygon(unpackPolygons(entry.area), {
      pane: "areas",
      renderer: renderers.areas,
      interactive: false,
      className: "catchment-area",
      color: "var(--reach)",
      weight: 1,
      opacity: 0.6,
      fillColor: "var(--reach)",
      fillOpacity: 0.13,
    }).addTo(group);
    L.polyline(lines, {
      pane: "reached",
      renderer: renderers.reached,
      interactive: false,
      className: "catchment-streets",
      color: "var(--reach)",
      weight: Math.min(3, Math.max(1.1, 0.7 * (map.getZoom() - 13))),
      opacity: 0.85,
    }).addTo(group);
  }

  store.listen((state, changed) => {
    if (changed.has("station") || changed.has("limit")) show(state);
  });
}
