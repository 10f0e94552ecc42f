/* The steps of a what-if: a change, and how it is shown on the map, in the numbers and in the panel. */
import { countChanges, NOTHING } from "../engine/changes.js";
import { addedOf, isAdded } from "./edits.js";
import { paint } from "./effects.js";
import { anchorAt, legText } from "./legs.js";
import { listed } from "./listed.js";
import { subjectOf } from "./subject.js";
/** @import { Changes, Key } from "../types" */
/** @import { Listed } from "./listed.js" */
/** @import { Session } from "./session" */

/**
 * A change that stays, one step of undo.
 * @param {Session} session
 * @param {Changes} state
 * @param {Key | null} [chosen]
 */
export function change(session, state, chosen = session.open.chosen) {
  session.history.push(state);
  session.open.chosen = chosen;
  settle(session);
  session.files.keep(state);
}

/**
 * The state that holds, with its list and the editor.
 * @param {Session} session
 */
export function settle(session) {
  const { study, history, open, panel, offered } = session;
  const state = open.now ? history.now() : NOTHING;
  const { chosen } = open;
  if (isAdded(chosen) && !state.added.some((one) => one.id === chosen)) open.chosen = null;
  show(session, state, null);
  if (!open.now) return;
  const entries = listed(study, state, offered).map((one) => ({
    text: one.text,
    choose: () => chooseListed(session, one),
    takeBack: () => change(session, one.without),
  }));
  panel.showChanges(entries, history.canUndo());
  panel.showEditor(subjectOf(session, state, (next, key) => change(session, next, key)));
}

/**
 * A state on the map and in the numbers; with a marker in the hand it is a step of a drag.
 * @param {Session} session
 * @param {Changes} state
 * @param {Key | null} held
 */
export function show(session, state, held) {
  const { store, tryout, actors, marks, panel, open } = session;
  if (actors) tryout.follow(actors(state), state.gates);
  session.shown = state;
  store.set({ trial: numberOf(session, state) });
  marks.show(state, (place) => anchorAt(session, place), held, open.chosen);
  if (held === null) marks.showGates(state.gates);
  panel.showRows(tryout.difference(), store.state.service);
  if (held !== null) {
    const place = isAdded(held) ? addedOf(state, held).place : state.moved[held];
    panel.showLeg(legText(session, place));
  }
  paint(session);
}

/**
 * @param {Session} session
 * @param {Key} key
 */
export function choose(session, key) {
  session.open.chosen = key;
  if (isAdded(key)) session.store.set({ station: -1 });
  settle(session);
}

/**
 * What a change of the list is about: a block, a candidate or a station.
 * @param {Session} session
 * @param {Listed} one
 */
function chooseListed(session, { key, block }) {
  if (block !== undefined) session.store.set({ block, station: -1 });
  else if (typeof key === "number") session.store.set({ station: key, block: -1 });
  else if (key !== undefined) choose(session, key);
}

/**
 * States of changes by number, 0 for none: the same state has the same one.
 * @param {Session} session
 * @param {Changes} state
 */
function numberOf({ numbers }, state) {
  if (!countChanges(state)) return 0;
  const known = numbers.of.get(state);
  if (known) return known;
  numbers.last += 1;
  numbers.of.set(state, numbers.last);
  return numbers.last;
}
