/* Names of hubs and centers, of blocks that are as wide as their names, and of all close up, where they do not cover
   one another. */
import { html } from "../shared/elements.js";
import { addPane } from "./panes.js";
import { floorOf } from "./stations.js";
/** @import { At, Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

const BLOCKS_FROM_ZOOM = 16.5;
const MICRO_FROM_ZOOM = 17;
const CLEAR = 3; /* pixels beside a name */
/** @type {Record<string, number>} */
const LIFTS = { hub: 23, block: 0 }; /* pixels from the mark, where not 18 */
const ORDER = ["hub", "center", "compound", "micro"];

/** @typedef {{ at: At, text: string, rank: string }} Name */
/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

/** @param {L.Map} map @param {Study} study @param {Store} store */
export function drawNames(map, study, store) {
  addPane(map, "names", 620);
  const shown = L.layerGroup().addTo(map);

  function show() {
    shown.clearLayers();
    if (!store.state.layers.includes("names")) return;
    const view = map.getBounds().pad(0.1);
    const taken = marksIn(map, study, view, store.state.service);
    for (const name of wanted(map, study, store.state)) {
      if (!view.contains(name.at)) continue;
      const size = name.rank === "hub" ? 14 : 12;
      const box = place(name, size, map.latLngToLayerPoint(name.at), taken);
      if (!box) continue;
      taken.push(box);
      label(name, box.offset).addTo(shown);
    }
  }

  map.on("moveend zoomend resize", show);
  store.listen((_, changed) => ["service", "layers", "language", "shown"].some((key) => changed.has(key)) && show());
  show();
}

/** @param {Name} name @param {number} offset */
const label = ({ at, text, rank }, offset) =>
  L.tooltip({
    pane: "names",
    className: `map-label ${rank}`,
    permanent: true,
    direction: "center",
    interactive: false,
    offset: [0, offset],
  })
    .setLatLng(at)
    .setContent(html("span", {}, text));

/**
 * The names for which there is room by the zoom, the weightiest first.
 * @param {L.Map} map
 * @param {Study} study
 * @param {State} state
 * @returns {Name[]}
 */
function wanted(map, study, state) {
  const zoom = map.getZoom();
  const stations = study.stations
    .map((station, index) => ({
      at: station.at,
      text: station.name,
      rank: station.tier,
      offers: study.servicesOf(index, state).includes(state.service),
    }))
    .filter((one) => one.rank === "hub" || (one.offers && (one.rank === "center" || zoom >= MICRO_FROM_ZOOM)));
  stations.sort((a, b) => ORDER.indexOf(a.rank) - ORDER.indexOf(b.rank));
  const scale = metersPerPixel(map);
  const blocks = study.blocks
    .filter((block) => zoom >= BLOCKS_FROM_ZOOM || block.wide_m / scale >= textWidth(block.name, 12))
    .map((block) => ({ at: block.middle, text: block.name, rank: "block" }));
  return [...stations, ...blocks];
}

/** @param {string} text @param {number} size */
const textWidth = (text, size) =>
  [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e80 ? size : size * 0.56), 0);

/**
 * On the ground, at the map's middle.
 * @param {L.Map} map
 */
function metersPerPixel(map) {
  const middle = map.getSize().y / 2;
  return map.distance(map.containerPointToLatLng([0, middle]), map.containerPointToLatLng([100, middle])) / 100;
}

/**
 * The room that the marks of stations take, with the badge of their floor (see stations.js).
 * @param {L.Map} map
 * @param {Study} study
 * @param {L.LatLngBounds} view
 * @param {number} service
 * @returns {Box[]}
 */
const marksIn = (map, study, view, service) =>
  study.stations
    .filter((station) => view.contains(station.at))
    .map((station) => {
      const p = map.latLngToLayerPoint(station.at);
      const badge = station.services.includes(service) ? floorOf(study, station, false) : "";
      const right = badge ? 20 + textWidth(badge, 11) : 6;
      return { left: p.x - 6, right: p.x + right, top: p.y - 6, bottom: p.y + 6 };
    });

/**
 * Below the mark, else above it, else nowhere; hubs stand in any case.
 * @param {Name} name
 * @param {number} size
 * @param {L.Point} point
 * @param {Box[]} taken
 */
function place(name, size, point, taken) {
  const width = textWidth(name.text, size);
  const lift = name.rank in LIFTS ? LIFTS[name.rank] : 18;
  const boxes = (lift ? [lift, -lift] : [0]).map((offset) => ({
    offset,
    left: point.x - width / 2 - CLEAR,
    right: point.x + width / 2 + CLEAR,
    top: point.y + offset - size * 0.6,
    bottom: point.y + offset + size * 0.6,
  }));
  const free = boxes.find(
    (box) => !taken.some((b) => b.left < box.right && box.left < b.right && b.top < box.bottom && box.top < b.bottom),
  );
  return free || (name.rank === "hub" ? boxes[0] : null);
}
