/* On demand what one station reaches: the drawn area lies under the blocks, the reached streets above them. */
import { unpackIndices, unpackLine, unpackPolygons } from "../shared/unpack.js";
import { addPane } from "./panes.js";
/** @import { Lines, Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/** @param {L.Map} map @param {Study} study @param {Store} store @param {Lines} streets */
export function drawReached(map, study, store, streets) {
  addPane(map, "areas", 405);
  addPane(map, "reached", 420);
  const renderers = { areas: L.svg({ pane: "areas" }), reached: L.svg({ pane: "reached" }) };
  const group = L.layerGroup().addTo(map);

  /** @param {State} state */
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
