/* The what-if: stations are added, dragged, closed and switched, gates are opened; the page counts anew who can walk to
   what. */
import { countChanges, makeActors, makeHistory, NOTHING, plain, roundPlace } from "../engine/changes.js";
import { byId, sentence } from "../shared/elements.js";
import { moved } from "./edits.js";
import { changeOf, paint, showBlock } from "./effects.js";
import { hearDrops, makeScenarioFiles } from "./files.js";
import { onOutline } from "./marks/gates.js";
import { makeWhatIfMarks } from "./marks.js";
import { makeWhatIfPanel } from "./panel.js";
import { addAt, hearPlacing, openGate, setPlacing, whereFound } from "./placing.js";
import { change, choose, settle, show } from "./steps.js";
/** @import { BlockMarks, CountedStudy, Tryout } from "../types" */
/** @import { State, Store } from "../shared/store.js" */
/** @import { Acts, MarkActs, Session, Trials } from "./session" */

/**
 * Not in a public page, which tells nobody's number of people. Returns what the address carries and opens: the scenario
 * as text, "" without changes.
 * @param {L.Map} map
 * @param {CountedStudy} study
 * @param {Store} store
 * @param {{ blocks: BlockMarks, markers: L.Marker[], tryout: Tryout }} parts
 * @returns {Trials}
 */
export function prepareWhatIf(map, study, store, { blocks, markers, tryout }) {
  const opener = byId("whatif-open");
  const history = makeHistory();
  /** @type {Session["open"]} */
  const open = { now: false, ready: false, placing: null, chosen: null, name: "", note: "" };
  const offered = (/** @type {number} */ station) =>
    [...new Set(tryout.town().offers[station].map((offer) => offer.service))].sort((a, b) => a - b);
  const session = /** @type {Session} */ ({
    ...{ map, study, store, tryout, blocks, markers, opener, history, open, offered },
    ...{ actors: null, shown: NOTHING, waiting: "", looks: /** @type {string[]} */ ([]), numbers: { of: new WeakMap(), last: 0 } },
  });
  session.panel = makeWhatIfPanel(study, actsOf(session));
  const tell = (/** @type {string} */ text) => session.panel.tell(text);
  session.files = makeScenarioFiles(study, { history, offered, title: open, tell });
  session.marks = makeWhatIfMarks(map, study, markers, marksOf(session));
  study.learn({
    triedServices: (station) => (session.shown.closed[station] ? [] : session.shown.services[station] || null),
    countTried: () => countChanges(session.shown),
    changeOf: (block, service) => (store.state.trial && study.isTrying() ? changeOf(session, block, service) : ""),
  });
  hearDrops((text) => drop(session, text));
  hearPlacing(session);
  opener.addEventListener("click", () => setOpen(session, !open.now));
  store.listen((state, changed) => hear(session, state, changed));
  speak(session);
  return {
    text: () => session.files.text(history.now()),
    open(text) {
      if (!open.now && text === session.files.kept()) setOpen(session, true);
      else drop(session, text);
    },
    close() {
      if (open.now) setOpen(session, false);
    },
  };
}

/** @param {Session} session @param {string} key */
const word = ({ study }, key) => sentence(study.called("whatif", key));

/**
 * What the buttons of the panel do.
 * @param {Session} session
 * @returns {Acts}
 */
function actsOf(session) {
  const { map, store, history, open } = session;
  return {
    add(byKey) {
      if (byKey) addAt(session, whereFound(session));
      else setPlacing(session, open.placing === "station" ? null : "station");
    },
    gate(byKey) {
      const { block } = store.state;
      if (byKey) openGate(session, block, map.getCenter());
      else setPlacing(session, open.placing === block ? null : block);
    },
    undo() {
      if (!history.undo()) return;
      settle(session);
      session.files.keep(history.now());
    },
    reset: () => change(session, NOTHING),
    save: () => session.files.save(),
    load: (text) => load(session, text),
    close: () => setOpen(session, false),
    service: (service) => store.set({ service }),
    limit: () => store.state.stated,
    setLimit: (stated) => store.set({ stated }),
    name: () => open.name || word(session, "scenario"),
    rename: (name) => (open.name = plain(name)),
  };
}

/**
 * What the marks on the map do.
 * @param {Session} session
 * @returns {MarkActs}
 */
function marksOf(session) {
  const { study, store, history } = session;
  return {
    drag: (key, at) => show(session, moved(history.now(), key, roundPlace(at)), key),
    drop(key, at) {
      store.set({ station: -1 }); /* what it reached from its old place is no more */
      change(session, moved(history.now(), key, roundPlace(at)), key);
    },
    choose: (key) => choose(session, key),
    dropGate(gate, at) {
      const state = history.now();
      const other = { block: gate.block, ...onOutline(study.blocks[gate.block], at) };
      change(session, { ...state, gates: state.gates.map((one) => (one === gate ? other : one)) });
    },
    chooseGate: (gate) => store.set({ block: gate.block, station: -1 }),
  };
}

/**
 * Opening, once: the network is unpacked and judged, and must say what the run said.
 * @param {Session} session
 */
async function begin(session) {
  const { store, tryout, history, open, panel, files } = session;
  panel.wait(word(session, "reading"));
  await new Promise((resolve) => window.setTimeout(resolve, 0));
  const fault = await tryout.open();
  if (fault) return panel.wait(word(session, fault));
  session.actors = session.actors || makeActors(tryout.town());
  open.ready = true;
  if (!tryout.knows(store.state.time)) store.set({ time: -1 });
  panel.build();
  settle(session);
  if (!history.canUndo() && files.kept()) load(session, files.kept(), false);
  if (session.waiting) load(session, session.waiting);
  session.waiting = "";
  return undefined;
}

/**
 * A scenario file, or what the browser kept: one step of undo.
 * @param {Session} session
 * @param {string} text
 */
function load(session, text, isFile = true) {
  const { state, said } = session.files.read(text, isFile);
  if (state) {
    session.panel.build();
    change(session, state, null);
  }
  session.panel.tell(said);
}

/**
 * A file that is dropped waits until the network is read.
 * @param {Session} session
 * @param {string} text
 */
function drop(session, text) {
  const { open } = session;
  if (open.now && open.ready) return load(session, text);
  session.waiting = text;
  if (open.now) return undefined;
  setOpen(session, true);
  if (!open.ready) return undefined;
  load(session, session.waiting);
  session.waiting = "";
  return undefined;
}

/**
 * @param {Session} session
 * @param {boolean} now
 */
function setOpen(session, now) {
  const { study, store, opener, markers, marks, open, panel } = session;
  open.now = now;
  opener.setAttribute("aria-expanded", String(now));
  if (now) opener.textContent = word(session, "open");
  document.body.classList.toggle("trying", now);
  byId("answers").hidden = now;
  panel.place.hidden = !now;
  if (!now) setPlacing(session, null);
  markers.forEach((_, station) => marks.setDraggable(station, now && study.network.would[station].may_move));
  if (now) store.set({ stage: 0, time: timeToTry(session) }); /* a trial is of the study as it stands */
  if (now && !open.ready) begin(session);
  else if (open.ready) settle(session);
  (now ? panel.place : opener).focus({ preventScroll: true });
}

/**
 * The moment that is shown, unless the page cannot count anything anew then.
 * @param {Session} session
 */
function timeToTry({ store, tryout }) {
  const { time } = store.state;
  return tryout.isReady() && !tryout.knows(time) ? -1 : time;
}

/**
 * For a walker whose run the page cannot repeat: the way back is another walker.
 * @param {Session} session
 */
function cease(session) {
  session.open.ready = false;
  session.panel.wait(word(session, "unfaithful"));
  session.store.set({ trial: 0 });
  paint(session);
}

/** @param {Session} session */
function speak(session) {
  const { files, history, opener } = session;
  opener.textContent = word(session, files.kept() && !history.canUndo() ? "open_again" : "open");
}

/**
 * What changes elsewhere on the page: first whether the what-if can go on, then what it shows.
 * @param {Session} session
 * @param {State} state
 * @param {Set<string>} changed
 */
function hear(session, state, changed) {
  const { tryout, open, panel } = session;
  if (changed.has("language")) speak(session);
  if (changed.has("stage") && state.stage && open.now) setOpen(session, false);
  if (changed.has("walker") && open.ready && !tryout.isReady()) return cease(session);
  if (changed.has("walker") && open.now && !open.ready && tryout.isReady()) return begin(session);
  if (!open.ready) return undefined;
  if (changed.has("language")) panel.build(); /* also while it is closed: it opens again as it is then */
  if (changed.has("stated")) panel.showLimit(state.stated);
  if (!open.now) return undefined;
  if (!tryout.knows(state.time)) return setOpen(session, false);
  if (changed.has("station") && state.station >= 0) open.chosen = state.station;
  if (["language", "station", "service", "time"].some((key) => changed.has(key))) settle(session);
  if (!changed.has("block")) return undefined;
  if (typeof open.placing === "number") setPlacing(session, null);
  showBlock(session);
  return undefined;
}
