/* The right-hand column: the worst blocks, or one block explained, or one station and what it reaches. */
import { byId } from "../shared/elements.js";
import { tellBlock } from "./answers/block.js";
import { tellStation } from "./answers/station.js";
import { tellWorst } from "./answers/worst.js";
/** @import { Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

const HEARS = ["service", "block", "station", "limit", "language", "list", "order", "area", "shown"];

/**
 * @param {Study} study
 * @param {Store} store
 */
export function showAnswers(study, store) {
  const place = byId("answers");

  let last = store.state.block;
  /** @param {State} state @param {Set<string>} changed */
  function show(state, changed) {
    const inside = place.contains(document.activeElement);
    const left = last;
    last = state.block;
    place.replaceChildren(...answerOf(study, store, state).filter((part) => part !== ""));
    place.classList.toggle("sheet", state.block >= 0 || state.station >= 0); /* on a phone it rises over the map */
    if (changed.has("block") || changed.has("station")) place.scrollTop = 0;
    if (inside) keepFocus(place, changed, left);
  }

  store.listen((state, changed) => {
    if (HEARS.some((key) => changed.has(key))) show(state, changed);
  });
  show(store.state, new Set());
}

/** @param {Study} study @param {Store} store @param {State} state */
function answerOf(study, store, state) {
  if (state.block >= 0) return tellBlock(study, store, state);
  return state.station >= 0 ? tellStation(study, store, state) : tellWorst(study, store, state);
}

/**
 * Keyboard users stay where they are: on the way in they land on "back", on the way out on the block they left.
 * @param {HTMLElement} place
 * @param {Set<string>} changed
 * @param {number} left
 */
function keepFocus(place, changed, left) {
  const isLeft = changed.has("block") && left >= 0;
  const entry = `.worst [data-block="${left}"], .all-blocks [data-block="${left}"]`;
  const target = (isLeft && place.querySelector(entry)) || place.querySelector(".back") || place;
  /** @type {HTMLElement} */ (target).focus({ preventScroll: true });
}
