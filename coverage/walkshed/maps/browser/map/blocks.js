/* Blocks in the states of the selected service; a click explains one. */
import { html } from "../shared/elements.js";
import { unpackLine, unpackLiving, unpackPolygons } from "../shared/unpack.js";
import { ARROWS, nextByArrow } from "./arrows.js";
import { Shapes } from "./shapes.js";

export function drawBlocks(map, study, store) {
  map.createPane("blocks").style.zIndex = 410;
  map.createPane("exits").style.zIndex = 450;
  map.createPane("lit").style.zIndex = 435;
  ["exits", "lit"].forEach((name) => (map.getPane(name).style.pointerEvents = "none"));
  const lit = L.layerGroup().addTo(map);
  const litRenderer = L.svg({ pane: "lit", padding: 0.4 });
  const exits = L.layerGroup().addTo(map);
  const looks = study.blocks.map((_, index) => study.lookAt(index, store.state.service));
  const dress = (path, index) => {
    path.dataset.block = String(index);
    path.dataset.look = looks[index];
  };
  const shapes = new (/** @type {any} */ (Shapes))(study.blocks, { pane: "blocks", padding: 0.4, radius: 7, dress }).addTo(map);
  const { paths } = shapes;
  showTips(map, study, store, shapes);

  /* only what looks otherwise than before is touched */
  const every = paths.map((_, index) => index);
  let chosen = -1;
  function paint(state, indices) {
    for (const index of indices) {
      const look = study.lookAt(index, state.service);
      keys.name(index, state); /* what looks the same may be called otherwise */
      if (looks[index] === look) continue;
      looks[index] = look;
      paths[index].dataset.look = look;
    }
  }

  function choose(state) {
    if (chosen >= 0) paths[chosen].classList.remove("chosen");
    chosen = state.block;
    if (chosen < 0) return;
    paths[chosen].classList.add("chosen");
    shapes.toFront(chosen);
  }

  function showExits(state) {
    exits.clearLayers();
    if (state.block < 0) return;
    const block = study.blocks[state.block];
    const known = block.exit_kind === "given" || block.exit_kind === "mapped";
    unpackLine(block.exits).forEach((at) =>
      L.circleMarker(at, {
        pane: "exits",
        interactive: false,
        className: "exit-mark",
        radius: 2.6,
        color: "var(--ink)",
        weight: 1.2,
        fillColor: known ? "var(--ink)" : "var(--panel)",
        fillOpacity: 1,
      }).addTo(exits),
    );
  }

  /* The blocks of the people for whom a cell of the matrix stands. */
  function light(state) {
    lit.clearLayers();
    const live = state.cell >= 0 ? study.matrix.live : null; /* by station, then by service */
    map.getContainer().classList.toggle("lighting", Boolean(live) && !study.matrix.weighs_blocks);
    if (!live) return;
    const flat = { pane: "lit", renderer: litRenderer, interactive: false, className: "lit-block" };
    unpackLiving(live.flat()[state.cell]).forEach(([block, people]) => {
      const look = { ...flat, color: "var(--walk)", weight: 3, fillColor: "var(--walk)", fillOpacity: 0.18 };
      const subject = study.blocks[block];
      const layer = subject.shape.length
        ? L.polygon(unpackPolygons(subject.shape), look)
        : L.circleMarker(subject.middle, { ...look, radius: 9 });
      layer.addTo(lit);
      if (study.matrix.weighs_blocks) return;
      L.tooltip({ pane: "names", className: "map-label lit", permanent: true, direction: "center", offset: [0, 0] })
        .setLatLng(subject.middle)
        .setContent(html("span", {}, study.say("people", { n: people })))
        .addTo(lit);
    });
  }

  const keys = walkBetween(map, study, store, paths);
  store.listen((state, changed) => {
    if (["service", "shown"].some((key) => changed.has(key))) paint(state, every);
    if (changed.has("block")) {
      choose(state);
      showExits(state);
      keys.stopAt(state.block);
    }
    if (changed.has("cell")) light(state);
    if (changed.has("language")) every.forEach((index) => keys.name(index, state));
  });
  every.forEach((index) => keys.name(index, store.state));
  showExits(store.state);
  return {
    paths,
    bounds: (index) => shapes.boundsOf(index),
    toFront: (index) => shapes.toFront(index),
    repaint: (indices) => paint(store.state, indices || every),
  };
}

/* The name and state of the block that is pointed at, or that has the focus. */
function showTips(map, study, store, shapes) {
  const tip = L.tooltip({ direction: "top", offset: [0, -6] });
  const told = (index) =>
    html(
      "div",
      {},
      html("strong", {}, study.blocks[index].name),
      " ",
      html("span", { class: "state" }, study.lookOf(index, store.state.service)),
      " ",
      html("span", { class: "state" }, study.metersByList(index, store.state.service)),
    );
  const show = (target, at) => {
    const index = Number(target.dataset.block);
    tip
      .setContent(told(index))
      .setLatLng(at || study.blocks[index].middle)
      .addTo(map);
  };
  const group = shapes.paths.length ? shapes.paths[0].parentNode : null;
  if (!group) return;
  group.addEventListener("mouseover", (event) => show(event.target, map.mouseEventToLatLng(event)));
  group.addEventListener("mousemove", (event) => tip.setLatLng(map.mouseEventToLatLng(event)));
  group.addEventListener("mouseout", () => tip.remove());
  /* heard on the pane: an SVG group that listens to the focus is a tab stop itself */
  const pane = map.getPane("blocks");
  pane.addEventListener("focusin", (event) => event.target.dataset.block && show(event.target, null));
  pane.addEventListener("focusout", () => tip.remove());
}

/* Blocks by keyboard: one tab stop; arrows go to the nearest block on that side, Enter explains it. */
function walkBetween(map, study, store, elements) {
  let stop = 0;
  const spoken = [];
  const middles = study.blocks.map((block) => block.middle);

  function stopAt(index) {
    if (index < 0 || index === stop) return;
    elements[stop].setAttribute("tabindex", "-1");
    stop = index;
    elements[stop].setAttribute("tabindex", "0");
  }

  function moveTo(index) {
    stopAt(index);
    elements[stop].focus({ preventScroll: true });
    const at = study.blocks[index].middle;
    if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at, { animate: false });
  }

  map.getPane("blocks").addEventListener("keydown", (event) => {
    if (!event.target.dataset.block) return;
    const index = Number(event.target.dataset.block);
    if (event.key === "Enter" || event.key === " ") {
      store.set({ block: index, station: -1, street: -1 });
    } else if (ARROWS[event.key]) {
      const to = nextByArrow(map, middles, index, ARROWS[event.key]);
      if (to >= 0) moveTo(to);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  elements.forEach((element, index) => {
    element.setAttribute("tabindex", index === stop ? "0" : "-1");
    element.setAttribute("role", "button");
  });
  return {
    stopAt,
    name(index, state) {
      const said = [study.blocks[index].name, study.lookOf(index, state.service)];
      const { stage, service, walker } = state;
      if (stage && study.isChanged(index, service, walker)) said.push(study.say("block_changed"));
      const change = study.changeOf(index, service);
      if (change) said.push(study.called("whatif", change));
      const text = said.join(", ");
      if (spoken[index] === text) return;
      spoken[index] = text;
      elements[index].setAttribute("aria-label", text);
    },
  };
}
