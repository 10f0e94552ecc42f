/* The what-if on the map: candidates, moved and closed stations, and the legs by which they meet the streets. */
import { roundPlace } from "../engine/changes.js";
import { draggingOf, elementOf, sentence, svg } from "../shared/elements.js";
import { tierMark } from "../shared/marks.js";
import { unpackPolygons } from "../shared/unpack.js";

const SIZE = 30;
const NUDGE = { ArrowUp: [0, -8], ArrowDown: [0, 8], ArrowLeft: [-8, 0], ArrowRight: [8, 0] };

/* on: drag(key, latlng), drop(key, latlng), choose(key), dropGate(gate, latlng), chooseGate(gate). Keys are numbers of
   stations, and ids of candidates. */
export function makeWhatIfMarks(map, study, markers, on) {
  map.createPane("trial").style.zIndex = 440;
  map.getPane("trial").style.pointerEvents = "none";
  const renderer = L.svg({ pane: "trial", padding: 0.4 });
  const lines = L.layerGroup().addTo(map);
  const legs = new Map();
  const candidates = new Map();

  function draggable(marker, key) {
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

  markers.forEach((marker, station) => draggable(marker, station));

  function addCandidate(one) {
    const marker = L.marker(one.place, {
      draggable: true,
      zIndexOffset: 3000,
      icon: L.divIcon({
        className: `station candidate offers ${one.tier}`,
        html: tierMark(one.tier, SIZE),
        iconSize: [SIZE, SIZE],
      }),
    }).addTo(map);
    marker.on("click", () => on.choose(one.id));
    const element = elementOf(marker);
    element.dataset.candidate = one.id;
    draggable(marker, one.id);
    element.addEventListener("keydown", (event) => event.key === "Enter" && on.choose(one.id));
    candidates.set(one.id, marker);
  }

  function drawLeg(key, from, to, className) {
    const known = legs.get(key);
    if (known) return known.setLatLngs([from, to]);
    const line = L.polyline([from, to], {
      pane: "trial",
      renderer,
      interactive: false,
      className,
      weight: 2,
      color: "var(--reach)",
    });
    legs.set(key, line.addTo(lines));
    return line;
  }

  const stand = (marker, place) => marker.getLatLng().equals(place, 0) || marker.setLatLng(place);

  /* anchorOf(place): the anchor, or null where no usable street is near. held: the key of the marker in the hand. */
  function show(state, anchorOf, held, chosen) {
    const wanted = new Set();
    const leg = (key, place) => {
      const anchor = anchorOf(place);
      if (!anchor || anchor.place) return; /* who stands on a square has no leg */
      wanted.add(`leg ${key}`);
      drawLeg(`leg ${key}`, place, anchor.foot, "trial-leg");
    };
    for (const one of state.added) {
      if (!candidates.has(one.id)) addCandidate(one);
      const marker = candidates.get(one.id);
      if (held !== one.id) stand(marker, one.place);
      elementOf(marker).setAttribute("aria-label", one.name);
      elementOf(marker).classList.toggle("chosen", chosen === one.id);
      elementOf(marker).classList.toggle("nowhere", !anchorOf(one.place));
      leg(one.id, one.place);
    }
    for (const [id, marker] of [...candidates]) {
      if (state.added.some((one) => one.id === id)) continue;
      marker.remove();
      candidates.delete(id);
    }
    markers.forEach((marker, station) => {
      const home = study.stations[station].at;
      const place = state.moved[station] || null;
      const classes = elementOf(marker).classList;
      if (held !== station) stand(marker, place || home);
      classes.toggle("closed", Boolean(state.closed[station]));
      classes.toggle("moved", Boolean(place));
      if (!place) return;
      wanted.add(`way ${station}`);
      drawLeg(`way ${station}`, home, place, "trial-way");
      leg(station, place);
    });
    for (const [key, line] of [...legs]) {
      if (wanted.has(key)) continue;
      line.remove();
      legs.delete(key);
    }
  }

  /* gates that are opened: few, and made anew with every change that stays */
  const gateMarks = L.layerGroup().addTo(map);
  function showGates(gates) {
    gateMarks.clearLayers();
    for (const gate of gates) {
      const name = sentence(study.called("whatif", "change_gate"), { name: study.blocks[gate.block].name });
      const marker = L.marker([gate.lat, gate.lng], {
        draggable: true,
        zIndexOffset: 3500,
        icon: L.divIcon({
          className: "opened-gate",
          html: svg(
            "svg",
            { width: 20, height: 20, viewBox: "-10 -10 20 20", "aria-hidden": "true" },
            svg("rect", { x: -7, y: -7, width: 14, height: 14, rx: 2 }),
            svg("path", { d: "M-3.5,5V-4H3.5V5M0,-4V5" }),
          ),
          iconSize: [20, 20],
        }),
      }).addTo(gateMarks);
      marker.on("dragend", () => on.dropGate(gate, marker.getLatLng()));
      marker.on("click", () => on.chooseGate(gate));
      elementOf(marker).setAttribute("aria-label", name);
    }
  }

  return {
    show,
    showGates,
    focus: (id) => candidates.has(id) && elementOf(candidates.get(id)).focus({ preventScroll: true }),
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

/* The point of a block's outline nearest to a place, rounded as the file has it; of a block without one its middle. */
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
