/* Layers that are not there at first sight: catchments, homes, exits, names, tiles; folded under the legend. */
import { byId, colorOf, html } from "../shared/elements.js";
import { unpackLine, unpackPolygons } from "../shared/unpack.js";
import { addPane } from "./panes.js";
/** @import { At, Study, TiledStudy } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/** @type {Record<string, (keyof State)[]>} */
const DEPENDS = { catchments: ["service", "limit"] };

/** @typedef {Record<string, (state: State) => L.Layer>} Makers of layers, by name */

/** @param {L.Map} map @param {Study} study @param {Store} store */
export function showLayers(map, study, store) {
  const makers = makersOf(map, study);
  /** @type {Record<string, L.Layer>} */
  const shown = {};

  /** @param {State} state @param {Set<string>} changed */
  function draw(state, changed) {
    Object.keys(makers).forEach((name) => {
      const wanted = state.layers.includes(name);
      const stale = (DEPENDS[name] || []).some((key) => changed.has(key));
      if (shown[name] && (!wanted || stale)) {
        shown[name].remove();
        delete shown[name];
      }
      if (wanted && !shown[name]) shown[name] = makers[name](state).addTo(map);
    });
    document.body.classList.toggle("with-tiles", state.layers.includes("tiles"));
  }

  store.listen((state, changed) => {
    if (changed.has("language")) fold(study, store, state);
    if (["layers", "service", "limit"].some((key) => changed.has(key))) draw(state, changed);
  });
  fold(study, store, store.state);
  draw(store.state, new Set());
}

/** @param {L.Map} map @param {Study} study @returns {Makers} */
function makersOf(map, study) {
  addPane(map, "homes", 445);
  addPane(map, "all-areas", 415);
  const dots = L.canvas({ pane: "homes", padding: 0.3 });
  const areas = L.svg({ pane: "all-areas", padding: 0.4 });
  const dot = (/** @type {At} */ at, /** @type {L.CircleMarkerOptions} */ options) =>
    L.circleMarker(at, { renderer: dots, pane: "homes", interactive: false, ...options });
  return {
    catchments: (state) => catchments(study, areas, state),
    homes: () => {
      const look = { radius: 1.4, stroke: false, fillColor: colorOf("ink"), fillOpacity: 0.6 };
      return L.featureGroup(unpackLine(study.homes).map((at) => dot(at, look)));
    },
    exits: () =>
      L.featureGroup(
        study.blocks.flatMap((block) => {
          const known = block.exit_kind === "given" || block.exit_kind === "mapped";
          const fillColor = colorOf(known ? "ink" : "panel");
          const look = { radius: 2.4, color: colorOf("ink"), weight: 1.1, fillColor, fillOpacity: 1 };
          return unpackLine(block.exits).map((at) => dot(at, look));
        }),
      ),
    tiles: () => tiles(study),
  };
}

/**
 * What is reached from every station that offers the service, within the limit that is shown.
 * @param {Study} study
 * @param {L.Renderer} renderer
 * @param {State} state
 */
function catchments(study, renderer, { service, limit }) {
  const look = {
    ...{ renderer, pane: "all-areas", interactive: false, className: "any-catchment" },
    ...{ color: "var(--reach)", weight: 1, opacity: 0.7, fillColor: "var(--reach)", fillOpacity: 0.1 },
  };
  return L.featureGroup(
    study.stations.flatMap((station, index) => {
      const entry = study.reached[index].find((one) => one.limit_m === limit);
      if (!entry || !station.services.includes(service)) return [];
      return L.polygon(unpackPolygons(entry.area), look);
    }),
  );
}

/** @param {Study} study */
const tiles = (study) =>
  L.layerGroup(
    (study.tiles || []).map((source) =>
      L.tileLayer(source.url, {
        maxNativeZoom: source.max_zoom,
        maxZoom: 19,
        subdomains: source.subdomains || "a",
        referrerPolicy: "strict-origin-when-cross-origin",
      }),
    ),
  );

/**
 * The boxes of all layers, folded under a summary.
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
function fold(study, store, state) {
  const names = ["catchments", "homes", "exits", "names", ...(study.tiles ? ["tiles"] : [])];
  byId("layers").replaceChildren(
    html("summary", {}, study.say("more_layers")),
    html(
      "ul",
      {},
      names.map((name) => html("li", {}, layerBox(study, store, state, name))),
    ),
  );
}

/** @param {Study} study @param {Store} store @param {State} state @param {string} name */
function layerBox(study, store, state, name) {
  const change = (/** @type {{ target: HTMLInputElement }} */ { target }) => {
    const others = store.state.layers.filter((one) => one !== name);
    store.set({ layers: target.checked ? [...others, name] : others });
  };
  const label =
    name === "tiles"
      ? study.say("layer_tiles", { name: /** @type {TiledStudy} */ (study).tiles[0].name })
      : study.say(`layer_${name}`);
  const checked = state.layers.includes(name);
  return html(
    "label",
    {},
    html("input", { type: "checkbox", name: `layer-${name}`, checked, on: { change } }),
    html("span", {}, label),
  );
}
