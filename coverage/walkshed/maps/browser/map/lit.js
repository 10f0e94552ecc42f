/* The blocks of the people for whom a cell of the matrix stands. */
import { html } from "../shared/elements.js";
import { unpackLiving, unpackPolygons } from "../shared/unpack.js";
import { addPane } from "./panes.js";
/** @import { Study } from "../types" */
/** @import { State } from "../shared/store.js" */

/**
 * Returns what lights them.
 * @param {L.Map} map
 * @param {Study} study
 */
export function makeLit(map, study) {
  addPane(map, "lit", 435);
  const lit = L.layerGroup().addTo(map);
  const renderer = L.svg({ pane: "lit", padding: 0.4 });
  const flat = { pane: "lit", renderer, interactive: false, className: "lit-block" };
  const look = { ...flat, color: "var(--walk)", weight: 3, fillColor: "var(--walk)", fillOpacity: 0.18 };
  return (/** @type {State} */ { cell }) => {
    lit.clearLayers();
    const { live, weighs_blocks: weighsBlocks } = study.matrix;
    map.getContainer().classList.toggle("lighting", cell >= 0 && Boolean(live) && !weighsBlocks);
    if (cell < 0 || !live) return;
    const count = study.services.length;
    unpackLiving(live[Math.floor(cell / count)][cell % count]).forEach(([block, people]) => {
      const { shape, middle } = study.blocks[block];
      if (shape.length) L.polygon(unpackPolygons(shape), look).addTo(lit);
      else L.circleMarker(middle, { ...look, radius: 9 }).addTo(lit);
      if (!weighsBlocks) label(study, people).setLatLng(middle).addTo(lit);
    });
  };
}

/** @param {Study} study @param {number} people */
const label = (study, people) =>
  L.tooltip({
    pane: "names",
    className: "map-label lit",
    permanent: true,
    direction: "center",
    offset: [0, 0],
  }).setContent(html("span", {}, study.say("people", { n: people })));
