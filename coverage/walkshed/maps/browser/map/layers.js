/* Layers that are not there at first sight: catchments, homes, exits, names, tiles; folded under the legend. */
import { byId, colorOf, html } from "../shared/elements.js";
import { unpackLine, unpackPolygons } from "../shared/unpack.js";

export function showLayers(map, study, store) {
  const pane = map.createPane("homes");
  pane.style.zIndex = 445;
  pane.style.pointerEvents = "none";
  map.createPane("all-areas").style.zIndex = 415;
  map.getPane("all-areas").style.pointerEvents = "none";
  const dots = L.canvas({ pane: "homes", padding: 0.3 });
  const areas = L.svg({ pane: "all-areas", padding: 0.4 });
  const dot = (at, options) => L.circleMarker(at, { renderer: dots, pane: "homes", interactive: false, ...options });

  const makers = {
    catchments: (state) =>
      L.featureGroup(
        study.stations.flatMap((station, index) => {
          const entry = study.reached[index].find((one) => one.limit_m === state.limit);
          if (!entry || !station.services.includes(state.service)) return [];
          return L.polygon(unpackPolygons(entry.area), {
            renderer: areas,
            pane: "all-areas",
            interactive: false,
            className: "any-catchment",
            color: "var(--reach)",
            weight: 1,
            opacity: 0.7,
            fillColor: "var(--reach)",
            fillOpacity: 0.1,
          });
        }),
      ),
    homes: () =>
      L.featureGroup(
        unpackLine(study.homes)
          .map((at) => dot(at, { radius: 1.4, stroke: false, fillColor: colorOf("ink"), fillOpacity: 0.6 })),
      ),
    exits: () =>
      L.featureGroup(
        study.blocks.flatMap((block) => {
          const known = block.exit_kind === "given" || block.exit_kind === "mapped";
          const fillColor = colorOf(known ? "ink" : "panel");
          return unpackLine(block.exits).map((at) =>
            dot(at, { radius: 2.4, color: colorOf("ink"), weight: 1.1, fillColor, fillOpacity: 1 }),
          );
        }),
      ),
    tiles: () =>
      L.layerGroup(
        study.tiles.map((tiles) =>
          L.tileLayer(tiles.url, {
            maxNativeZoom: tiles.max_zoom,
            maxZoom: 19,
            subdomains: tiles.subdomains || "a",
            referrerPolicy: "strict-origin-when-cross-origin",
          }),
        ),
      ),
  };
  const depends = { catchments: ["service", "limit"] };
  const names = ["catchments", "homes", "exits", "names"];
  if (study.tiles) names.push("tiles");
  const shown = {};

  function draw(state, changed) {
    Object.keys(makers).forEach((name) => {
      const wanted = state.layers.includes(name);
      const stale = shown[name] && (depends[name] || []).some((key) => changed.has(key));
      if (shown[name] && (!wanted || stale)) {
        shown[name].remove();
        delete shown[name];
      }
      if (wanted && !shown[name]) shown[name] = makers[name](state).addTo(map);
    });
    document.body.classList.toggle("with-tiles", state.layers.includes("tiles"));
  }

  const place = byId("layers");
  const label = (name) =>
    name === "tiles" ? study.say("layer_tiles", { name: study.tiles[0].name }) : study.say(`layer_${name}`);
  function toggle(name, on) {
    const others = store.state.layers.filter((one) => one !== name);
    store.set({ layers: on ? [...others, name] : others });
  }
  function fold(state) {
    place.replaceChildren(
      html("summary", {}, study.say("more_layers")),
      html(
        "ul",
        {},
        names.map((name) =>
          html(
            "li",
            {},
            html(
              "label",
              {},
              html("input", {
                type: "checkbox",
                name: `layer-${name}`,
                checked: state.layers.includes(name),
                on: { change: (event) => toggle(name, event.target.checked) },
              }),
              html("span", {}, label(name)),
            ),
          ),
        ),
      ),
    );
  }

  store.listen((state, changed) => {
    if (changed.has("language")) fold(state);
    if (["layers", "service", "limit"].some((key) => changed.has(key))) draw(state, changed);
  });
  fold(store.state);
  draw(store.state, new Set());
}
