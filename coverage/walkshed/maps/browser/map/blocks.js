/* Blocks in the states of the selected service; a click explains one. */
import { html } from "../shared/elements.js";
import { unpackLine } from "../shared/unpack.js";
import { walkBetween } from "./keys.js";
import { makeLit } from "./lit.js";
import { addPane } from "./panes.js";
import { makeShapes } from "./shapes.js";
/** @import { At, BlockMarks, Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */
/** @import { DrawnShapes } from "./shapes.js" */

/**
 * @param {L.Map} map
 * @param {Study} study
 * @param {Store} store
 * @returns {BlockMarks}
 */
export function drawBlocks(map, study, store) {
  map.createPane("blocks").style.zIndex = "410";
  const looks = study.blocks.map((_, index) => study.lookAt(index, store.state.service));
  const dress = (/** @type {SVGElement} */ path, /** @type {number} */ index) => {
    path.dataset.block = String(index);
    path.dataset.look = looks[index];
  };
  const shapes = makeShapes(study.blocks, { pane: "blocks", padding: 0.4, radius: 7, dress }).addTo(map);
  const { paths } = shapes;
  const showExits = makeExits(map, study);
  const light = makeLit(map, study);
  showTips(map, study, store, shapes);
  const keys = walkBetween(map, study, store, paths);
  const every = paths.map((_, index) => index);

  /**
   * Only what looks otherwise than before is touched.
   * @param {State} state
   * @param {number[]} indices
   */
  function paint(state, indices) {
    for (const index of indices) {
      const look = study.lookAt(index, state.service);
      keys.name(index, state); /* what looks the same may be called otherwise */
      if (looks[index] === look) continue;
      looks[index] = look;
      paths[index].dataset.look = look;
    }
  }

  let chosen = -1;
  /** @param {State} state */
  function choose(state) {
    if (chosen >= 0) paths[chosen].classList.remove("chosen");
    chosen = state.block;
    if (chosen < 0) return;
    paths[chosen].classList.add("chosen");
    shapes.toFront(chosen);
  }

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

/**
 * Returns what shows the exits of the chosen block.
 * @param {L.Map} map
 * @param {Study} study
 */
function makeExits(map, study) {
  addPane(map, "exits", 450);
  const exits = L.layerGroup().addTo(map);
  return (/** @type {State} */ state) => {
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
  };
}

/**
 * The name and state of the block that is pointed at, or that has the focus.
 * @param {L.Map} map
 * @param {Study} study
 * @param {Store} store
 * @param {DrawnShapes} shapes
 */
function showTips(map, study, store, shapes) {
  const tip = L.tooltip({ direction: "top", offset: [0, -6] });
  /** @param {EventTarget | null} target @param {L.LatLng | At} [at] */
  const show = (target, at) => {
    const index = Number(/** @type {SVGElement} */ (target).dataset.block);
    tip
      .setContent(tipOf(study, store, index))
      .setLatLng(at || study.blocks[index].middle)
      .addTo(map);
  };
  const group = /** @type {SVGElement | null} */ (shapes.paths.length ? shapes.paths[0].parentNode : null);
  if (!group) return;
  group.addEventListener("mouseover", (event) => show(event.target, map.mouseEventToLatLng(event)));
  group.addEventListener("mousemove", (event) => tip.setLatLng(map.mouseEventToLatLng(event)));
  group.addEventListener("mouseout", () => tip.remove());
  /* heard on the pane: an SVG group that listens to the focus is a tab stop itself */
  const pane = /** @type {HTMLElement} */ (map.getPane("blocks"));
  pane.addEventListener("focusin", ({ target }) => /** @type {SVGElement} */ (target).dataset.block && show(target));
  pane.addEventListener("focusout", () => tip.remove());
}

/** @param {Study} study @param {Store} store @param {number} index */
const tipOf = (study, store, index) =>
  html(
    "div",
    {},
    html("strong", {}, study.blocks[index].name),
    " ",
    html("span", { class: "state" }, study.lookOf(index, store.state.service)),
    " ",
    html("span", { class: "state" }, study.metersByList(index, store.state.service)),
  );
