/* The what-if on the map: candidates, moved and closed stations, and the legs by which they meet the streets. */
import { draggingOf, elementOf } from "../shared/elements.js";
import { tierMark } from "../shared/marks.js";
import { makeGateMarks } from "./marks/gates.js";
/** @import { Added, At, Changes, CountedStudy, Key, Place } from "../types" */
/** @import { FootOf, MarkActs, Marks } from "./session" */

const SIZE = 30;
/** @type {Record<string, [number, number]>} */
const NUDGE = { ArrowUp: [0, -8], ArrowDown: [0, 8], ArrowLeft: [-8, 0], ArrowRight: [8, 0] };

/**
 * @param {L.Map} map
 * @param {CountedStudy} study
 * @param {L.Marker[]} markers
 * @param {MarkActs} on
 * @returns {Marks}
 */
export function makeWhatIfMarks(map, study, markers, on) {
  const pane = map.createPane("trial");
  pane.style.zIndex = "440";
  pane.style.pointerEvents = "none";
  const lines = makeLines(map);
  const candidates = makeCandidates(map, on);
  markers.forEach((marker, station) => makeDraggable(map, marker, station, on));

  /** @param {Changes} state @param {FootOf} footOf @param {Key | null} held @param {Key | null} chosen */
  function show(state, footOf, held, chosen) {
    lines.begin();
    const leg = (/** @type {Key} */ key, /** @type {Place} */ place) => {
      const anchor = footOf(place);
      if (!anchor || anchor.place) return; /* who stands on a square has no leg */
      lines.draw(`leg ${key}`, place, anchor.foot, "trial-leg");
    };
    for (const one of state.added) {
      candidates.show(one, { held, chosen, isNowhere: !footOf(one.place) });
      leg(one.id, one.place);
    }
    candidates.keep(state.added);
    markers.forEach((marker, station) => {
      const home = study.stations[station].at;
      const place = state.moved[station] || null;
      const classes = elementOf(marker).classList;
      if (held !== station) stand(marker, place || home);
      classes.toggle("closed", Boolean(state.closed[station]));
      classes.toggle("moved", Boolean(place));
      if (!place) return;
      lines.draw(`way ${station}`, home, place, "trial-way");
      leg(station, place);
    });
    lines.end();
  }

  return {
    show,
    showGates: makeGateMarks(map, study, on),
    setDraggable(station, may) {
      const dragging = draggingOf(markers[station]);
      if (may) dragging.enable();
      else dragging.disable();
      /* arrows move it then, and lead to no other one: it is a tab stop of its own */
      const element = elementOf(markers[station]);
      element.setAttribute("tabindex", may || element.dataset.stop === "yes" ? "0" : "-1");
    },
  };
}

/** @param {L.Marker} marker @param {Place | At} place */
const stand = (marker, place) => marker.getLatLng().equals(place, 0) || marker.setLatLng(place);

/**
 * A marker that is dragged by the mouse, or by arrows.
 * @param {L.Map} map
 * @param {L.Marker} marker
 * @param {Key} key
 * @param {MarkActs} on
 */
function makeDraggable(map, marker, key, on) {
  marker.on("drag", () => on.drag(key, marker.getLatLng()));
  marker.on("dragend", () => on.drop(key, marker.getLatLng()));
  elementOf(marker).addEventListener("keydown", (event) => {
    if (!NUDGE[event.key] || !draggingOf(marker).enabled()) return;
    event.preventDefault();
    event.stopPropagation();
    const at = map.latLngToContainerPoint(marker.getLatLng()).add(NUDGE[event.key]);
    on.drop(key, map.containerPointToLatLng(at));
  });
}

/**
 * Legs and ways by their key: those that are not drawn between begin and end go.
 * @param {L.Map} map
 */
function makeLines(map) {
  const renderer = L.svg({ pane: "trial", padding: 0.4 });
  const group = L.layerGroup().addTo(map);
  /** @type {Map<string, L.Polyline>} */
  const drawn = new Map();
  /** @type {Set<string>} */
  const wanted = new Set();
  return {
    begin: () => wanted.clear(),
    /** @param {string} key @param {Place | At} from @param {Place | At} to @param {string} className */
    draw(key, from, to, className) {
      wanted.add(key);
      const known = drawn.get(key);
      if (known) return known.setLatLngs([from, to]);
      const look = { pane: "trial", renderer, interactive: false, className, weight: 2, color: "var(--reach)" };
      const line = L.polyline([from, to], look).addTo(group);
      drawn.set(key, line);
      return line;
    },
    end() {
      for (const [key, line] of [...drawn]) {
        if (wanted.has(key)) continue;
        line.remove();
        drawn.delete(key);
      }
    },
  };
}

/**
 * The markers of candidates.
 * @param {L.Map} map
 * @param {MarkActs} on
 */
function makeCandidates(map, on) {
  /** @type {Map<string, L.Marker>} */
  const markers = new Map();

  /** @param {Added} one */
  function make({ id, tier, place }) {
    const mark = /** @type {any} */ (tierMark(tier, SIZE));
    const icon = L.divIcon({ className: `station candidate offers ${tier}`, html: mark, iconSize: [SIZE, SIZE] });
    const marker = L.marker(place, { draggable: true, zIndexOffset: 3000, icon }).addTo(map);
    marker.on("click", () => on.choose(id));
    const element = elementOf(marker);
    element.dataset.candidate = id;
    makeDraggable(map, marker, id, on);
    element.addEventListener("keydown", (event) => event.key === "Enter" && on.choose(id));
    markers.set(id, marker);
    return marker;
  }

  return {
    /** @param {Added} one @param {{ held: Key | null, chosen: Key | null, isNowhere: boolean }} now */
    show(one, { held, chosen, isNowhere }) {
      const marker = markers.get(one.id) || make(one);
      if (held !== one.id) stand(marker, one.place);
      const element = elementOf(marker);
      element.setAttribute("aria-label", one.name);
      element.classList.toggle("chosen", chosen === one.id);
      element.classList.toggle("nowhere", isNowhere);
    },
    /** @param {Added[]} added */
    keep(added) {
      for (const [id, marker] of [...markers]) {
        if (added.some((one) => one.id === id)) continue;
        marker.remove();
        markers.delete(id);
      }
    },
  };
}
