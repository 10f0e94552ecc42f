/* Blocks in the states of the selected service; a click explains one. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const { html } = walkshed;

  walkshed.drawBlocks = (map, study, store) => {
    map.createPane("blocks").style.zIndex = 410;
    map.createPane("exits").style.zIndex = 450;
    map.createPane("lit").style.zIndex = 435;
    ["exits", "lit"].forEach((name) => (map.getPane(name).style.pointerEvents = "none"));
    const renderer = L.svg({ pane: "blocks", padding: 0.4 });
    const lit = L.layerGroup().addTo(map);
    const litRenderer = L.svg({ pane: "lit", padding: 0.4 });
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

    const every = layers.map((_, index) => index);
    function paint(state, indices) {
      indices.forEach((index) => {
        const layer = layers[index];
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

    /* The blocks of the people for whom a cell of the matrix stands. */
    function light(state) {
      lit.clearLayers();
      const live = study.matrix.live;
      if (state.cell < 0 || !live) return;
      const count = study.services.length;
      const [t, s] = [Math.floor(state.cell / count), state.cell % count];
      const flat = { pane: "lit", renderer: litRenderer, interactive: false, className: "lit-block" };
      live[t][s].forEach(([block, people]) => {
        const look = { ...flat, color: "#16394a", weight: 3, fillColor: "#16394a", fillOpacity: 0.18 };
        const subject = study.blocks[block];
        const layer = subject.shape.length
          ? L.polygon(walkshed.unpackPolygons(subject.shape), look)
          : L.circleMarker(subject.middle, { ...look, radius: 9 });
        layer.addTo(lit);
        if (study.matrix.weighs_blocks) return;
        L.tooltip({ pane: "names", className: "map-label lit", permanent: true, direction: "center", offset: [0, 0] })
          .setLatLng(subject.middle)
          .setContent(html("span", {}, study.say("people", { n: people })))
          .addTo(lit);
      });
    }

    const keys = walkshed.walkBetweenBlocks(map, study, store, layers);
    store.listen((state, changed) => {
      if (["service", "block", "time"].some((key) => changed.has(key))) paint(state, every);
      if (changed.has("block")) showExits(state);
      if (changed.has("cell")) light(state);
      if (["service", "block", "language", "time"].some((key) => changed.has(key))) keys.name(state);
    });
    paint(store.state, every);
    layers.repaint = (indices) => paint(store.state, indices || every);
    showExits(store.state);
    keys.name(store.state);
    return layers;
  };

  /* Blocks by keyboard: one tab stop; arrows go to the nearest block on that side, Enter explains it. */
  walkshed.walkBetweenBlocks = (map, study, store, layers) => {
    const elements = layers.map((layer) => layer.getElement());
    let stop = 0;
    const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

    function next(from, [x, y]) {
      const here = map.latLngToLayerPoint(study.blocks[from].middle);
      let best = -1;
      let least = Infinity;
      study.blocks.forEach((block, index) => {
        const there = map.latLngToLayerPoint(block.middle);
        const [dx, dy] = [there.x - here.x, there.y - here.y];
        const ahead = dx * x + dy * y;
        const aside = Math.abs(dx * y) + Math.abs(dy * x);
        const cost = ahead + 2.5 * aside;
        if (index !== from && ahead > 0 && aside <= 2 * ahead && cost < least) [best, least] = [index, cost];
      });
      return best;
    }

    function moveTo(index) {
      elements[stop].setAttribute("tabindex", "-1");
      stop = index;
      elements[stop].setAttribute("tabindex", "0");
      elements[stop].focus({ preventScroll: true });
      const at = study.blocks[index].middle;
      if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at, { animate: false });
    }

    elements.forEach((element, index) => {
      element.setAttribute("tabindex", index === stop ? "0" : "-1");
      element.setAttribute("role", "button");
      element.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          store.set({ block: index, station: -1, street: -1 });
        } else if (STEPS[event.key]) {
          const to = next(index, STEPS[event.key]);
          if (to >= 0) moveTo(to);
        } else {
          return;
        }
        event.preventDefault();
        event.stopPropagation();
      });
    });

    return {
      name(state) {
        if (state.block >= 0 && state.block !== stop && elements.length) {
          elements[stop].setAttribute("tabindex", "-1");
          stop = state.block;
          elements[stop].setAttribute("tabindex", "0");
        }
        elements.forEach((element, index) => {
          const look = study.lookName(study.look(study.judgment(index, state.service)));
          element.setAttribute("aria-label", `${study.blocks[index].name}, ${look}`);
        });
      },
    };
  };
})();
