/* The controls of the map: zoom, the whole study, the scale and the language. */
import { byId, first, html } from "./elements.js";
/** @import { Study } from "../types" */
/** @import { Store } from "./store.js" */

/**
 * Shows the whole study, and returns what shows it again.
 * @param {L.Map} map
 * @param {Study} study
 */
export function fitTo(map, study) {
  const bounds = L.latLngBounds(study.bounds);
  const fit = () => map.fitBounds(bounds, { padding: [22, 26], animate: false });
  Object.assign(L.Browser, { retina: true }); /* the canvas is drawn at twice its size, so that print stays sharp */
  map.invalidateSize({ animate: false });
  fit();
  map.setMinZoom(map.getZoom() - 1.5);
  map.setMaxBounds(bounds.pad(0.8));
  return fit;
}

/**
 * @param {L.Map} map
 * @param {Study} study
 * @param {Store} store
 * @param {() => void} fit
 */
export function addControls(map, study, store, fit) {
  L.control.zoom({ position: "topright" }).addTo(map);
  addWhole(map, fit);
  const imperial = study.words[study.language].lengths.units === "us";
  L.control.scale({ imperial, metric: !imperial, maxWidth: 140 }).addTo(map);
  store.listen((_, changed) => changed.has("language") && speak(map, study));
  speak(map, study);
}

/** @param {L.Map} map @param {() => void} fit */
function addWhole(map, fit) {
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
}

/** @param {L.Map} map @param {Study} study */
function speak(map, study) {
  const names = { ".leaflet-control-zoom-in": "zoom_in", ".leaflet-control-zoom-out": "zoom_out", ".whole": "whole" };
  const frame = map.getContainer();
  Object.entries(names).forEach(([selector, word]) => {
    const button = first(frame, selector);
    button.title = study.say(word);
    button.setAttribute("aria-label", study.say(word));
  });
  frame.setAttribute("aria-label", `${study.say("map")}. ${study.say("map_hint")}`);
  const language = byId("language");
  const other = study.words[study.nextLanguage()].page;
  language.hidden = other === study.words[study.language].page;
  language.textContent = other.own_name;
  language.title = other.switch;
  language.lang = other.html_lang;
  byId("paper").setAttribute("aria-label", study.say("paper"));
}
