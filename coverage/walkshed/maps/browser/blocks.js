/* Blocks in the states of the selected service; a click explains one. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const { html } = walkshed;

  walkshed.drawBlocks = (map, study, store) => {
    map.createPane("blocks").style.zIndex = 410;
    map.createPane("exits").style.zIndex = 450;
    const renderer = L.svg({ pane: "blocks", padding: 0.4 });
    const exits = L.layerGroup().addTo(map);

    const layers = study.blocks.map((block, index) => {
      const options = { renderer, pane: "blocks", fillOpacity: 1, lineJoin: "round", bubblingMouseEvents: false };
      const layer = block.shape.length
        ? L.polygon(walkshed.unpackPolygons(block.shape), options)
        : L.circleMarker(block.middle, { ...options, radius: 7 });
      layer.on("click", () => store.set({ block: index, station: -1 }));
      layer.bindTooltip(() => tip(index), { sticky: true, direction: "top", offset: [0, -6] });
      return layer.addTo(map);
    });

    function tip(index) {
      const judgment = study.judgment(index, store.state.service);
      return html(
        "div",
        {},
        html("strong", {}, study.blocks[index].name),
        " ",
        html("span", { class: "state" }, study.lookName(study.look(judgment))),
      );
    }

    function paint(state) {
      layers.forEach((layer, index) => {
        const look = study.look(study.judgment(index, state.service));
        const chosen = index === state.block;
        layer.setStyle({
          ...walkshed.STROKES[look],
          ...(chosen ? { color: "#25282b", weight: 3, dashArray: null } : {}),
          fillColor: walkshed.fillOf(look),
        });
        const path = layer.getElement();
        path.dataset.block = String(index);
        path.dataset.look = look;
        path.classList.toggle("chosen", chosen);
        if (chosen) layer.bringToFront();
      });
    }

    function showExits(state) {
      exits.clearLayers();
      if (state.block < 0) return;
      const block = study.blocks[state.block];
      const known = block.exit_kind === "given" || block.exit_kind === "mapped";
      block.exits.forEach((at) =>
        L.circleMarker(at, {
          pane: "exits",
          interactive: false,
          className: "exit-mark",
          radius: 2.6,
          color: "#25282b",
          weight: 1.2,
          fillColor: known ? "#25282b" : "#fcfaf5",
          fillOpacity: 1,
        }).addTo(exits),
      );
    }

    store.listen((state, changed) => {
      if (changed.has("service") || changed.has("block")) paint(state);
      if (changed.has("block")) showExits(state);
    });
    paint(store.state);
    return layers;
  };
})();
