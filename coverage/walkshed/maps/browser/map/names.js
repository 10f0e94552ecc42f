/* Names of hubs and centers, of blocks that are as wide as their names, and of all close up, where they do not cover
   one another. */
import { html } from "../shared/elements.js";
import { floorOf } from "./stations.js";

const BLOCKS_FROM_ZOOM = 16.5;
const MICRO_FROM_ZOOM = 17;
const CLEAR = 3; /* pixels beside a name */
const LIFTS = { hub: 23, block: 0 }; /* pixels from the mark, where not 18 */

export function drawNames(map, study, store) {
  map.createPane("names").style.zIndex = 620;
  map.getPane("names").style.pointerEvents = "none";
  const shown = L.layerGroup().addTo(map);

  function wanted(state) {
    const zoom = map.getZoom();
    const stations = study.stations
      .map((station, index) => ({
        at: station.at,
        text: station.name,
        rank: station.tier,
        offers: study.servicesOf(index, state).includes(state.service),
      }))
      .filter((one) => one.rank === "hub" || (one.offers && (one.rank === "center" || zoom >= MICRO_FROM_ZOOM)));
    const order = ["hub", "center", "compound", "micro"];
    stations.sort((a, b) => order.indexOf(a.rank) - order.indexOf(b.rank));
    const scale = metersPerPixel();
    const blocks = study.blocks
      .filter((block) => zoom >= BLOCKS_FROM_ZOOM || block.wide_m / scale >= textWidth(block.name, 12))
      .map((block) => ({ at: block.middle, text: block.name, rank: "block" }));
    return [...stations, ...blocks];
  }

  const textWidth = (text, size) =>
    [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e80 ? size : size * 0.56), 0);

  /* On the ground, at the map's middle. */
  function metersPerPixel() {
    const size = map.getSize();
    return (
      map.distance(map.containerPointToLatLng([0, size.y / 2]), map.containerPointToLatLng([100, size.y / 2])) / 100
    );
  }

  /* Below the mark, else above it, else nowhere; hubs stand in any case. */
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
      (box) =>
        !taken.some((b) => b.left < box.right && box.left < b.right && b.top < box.bottom && box.top < b.bottom),
    );
    return free || (name.rank === "hub" ? boxes[0] : null);
  }

  function show() {
    shown.clearLayers();
    if (!store.state.layers.includes("names")) return;
    const view = map.getBounds().pad(0.1);
    const taken = study.stations
      .filter((s) => view.contains(s.at))
      .map((station) => {
        const p = map.latLngToLayerPoint(station.at);
        /* with its floor, see stations.js */
        const badge = station.services.includes(store.state.service) ? floorOf(study, station, false) : "";
        const right = badge ? 20 + textWidth(badge, 11) : 6;
        return { left: p.x - 6, right: p.x + right, top: p.y - 6, bottom: p.y + 6 };
      });
    for (const name of wanted(store.state)) {
      if (!view.contains(name.at)) continue;
      const size = name.rank === "hub" ? 14 : 12;
      const box = place(name, size, map.latLngToLayerPoint(name.at), taken);
      if (!box) continue;
      taken.push(box);
      L.tooltip({
        pane: "names",
        className: `map-label ${name.rank}`,
        permanent: true,
        direction: "center",
        interactive: false,
        offset: [0, box.offset],
      })
        .setLatLng(name.at)
        .setContent(html("span", {}, name.text))
        .addTo(shown);
    }
  }

  map.on("moveend zoomend resize", show);
  store.listen((_, changed) => ["service", "layers", "language", "shown"].some((key) => changed.has(key)) && show());
  show();
}
