/* Blocks by keyboard: one tab stop; arrows go to the nearest block on that side, Enter explains it. */
import { ARROWS, nextByArrow } from "./arrows.js";
/** @import { Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/**
 * @param {L.Map} map
 * @param {Study} study
 * @param {Store} store
 * @param {SVGElement[]} elements
 */
export function walkBetween(map, study, store, elements) {
  let stop = 0;
  /** @type {string[]} */
  const spoken = [];
  const middles = study.blocks.map((block) => block.middle);

  /** @param {number} index */
  function stopAt(index) {
    if (index < 0 || index === stop) return;
    elements[stop].setAttribute("tabindex", "-1");
    stop = index;
    elements[stop].setAttribute("tabindex", "0");
  }

  /** @param {number} index */
  function moveTo(index) {
    stopAt(index);
    elements[stop].focus({ preventScroll: true });
    const at = study.blocks[index].middle;
    if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at, { animate: false });
  }

  const pane = /** @type {HTMLElement} */ (map.getPane("blocks"));
  pane.addEventListener("keydown", (event) => {
    const { block } = /** @type {SVGElement} */ (event.target).dataset;
    if (!block) return;
    const index = Number(block);
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
    /** @param {number} index @param {State} state */
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
