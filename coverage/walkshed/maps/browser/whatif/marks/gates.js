/* Gates that a what-if opens, on the map: few, and made anew with every change that stays. */
import { roundPlace } from "../../engine/changes.js";
import { elementOf, sentence, svg } from "../../shared/elements.js";
import { unpackPolygons } from "../../shared/unpack.js";
/** @import { Block } from "../../payload" */
/** @import { CountedStudy, Gate, Place } from "../../types" */
/** @import { MarkActs } from "../session" */

/**
 * Returns what shows gates, each of which may be dragged along its block.
 * @param {L.Map} map
 * @param {CountedStudy} study
 * @param {MarkActs} on
 */
export function makeGateMarks(map, study, on) {
  const group = L.layerGroup().addTo(map);
  return (/** @type {Gate[]} */ gates) => {
    group.clearLayers();
    for (const gate of gates) {
      const icon = L.divIcon({ className: "opened-gate", html: /** @type {any} */ (gateMark()), iconSize: [20, 20] });
      const marker = L.marker([gate.lat, gate.lng], { draggable: true, zIndexOffset: 3500, icon }).addTo(group);
      marker.on("dragend", () => on.dropGate(gate, marker.getLatLng()));
      marker.on("click", () => on.chooseGate(gate));
      const name = sentence(study.called("whatif", "change_gate"), { name: study.blocks[gate.block].name });
      elementOf(marker).setAttribute("aria-label", name);
    }
  };
}

const gateMark = () =>
  svg(
    "svg",
    { width: 20, height: 20, viewBox: "-10 -10 20 20", "aria-hidden": "true" },
    svg("rect", { x: -7, y: -7, width: 14, height: 14, rx: 2 }),
    svg("path", { d: "M-3.5,5V-4H3.5V5M0,-4V5" }),
  );

/**
 * The point of a block's outline nearest to a place, rounded as the file has it; of a block without one its middle.
 * @param {Block} block
 * @param {Place} at
 */
export function onOutline(block, at) {
  const shrink = Math.cos((at.lat * Math.PI) / 180);
  let best = { lat: block.middle[0], lng: block.middle[1] };
  let least = Infinity;
  for (const rings of unpackPolygons(block.shape)) {
    for (const ring of rings) {
      for (let i = 0; i < ring.length; i += 1) {
        const [lat0, lng0] = ring[i];
        const [lat1, lng1] = ring[(i + 1) % ring.length];
        const [dx, dy] = [(lng1 - lng0) * shrink, lat1 - lat0];
        const along = ((at.lng - lng0) * shrink * dx + (at.lat - lat0) * dy) / (dx * dx + dy * dy || 1);
        const share = Math.min(1, Math.max(0, along));
        const foot = { lat: lat0 + share * (lat1 - lat0), lng: lng0 + share * (lng1 - lng0) };
        const away = Math.hypot((foot.lng - at.lng) * shrink, foot.lat - at.lat);
        if (away < least) [least, best] = [away, foot];
      }
    }
  }
  return roundPlace(best);
}
