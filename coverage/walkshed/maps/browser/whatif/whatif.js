/* The what-if: stations are added, dragged, closed and switched, gates are opened; the page counts anew who can walk to
   what. */
import { countChanges, makeActors, makeHistory, NOTHING, plain, roundPlace } from "../engine/changes.js";
import { TICKS } from "../engine/plane.js";
import { byId, sentence } from "../shared/elements.js";
import { tierMark } from "../shared/marks.js";
import { makeEdits } from "./edits.js";
import { hearDrops, makeScenarioFiles } from "./files.js";
import { makeWhatIfMarks, onOutline } from "./marks.js";
import { makeWhatIfPanel } from "./panel.js";

const GROUND = { floor: 1, elevator: null, step_free: null, hours: null };

export function prepareWhatIf(map, study, store, { blocks, markers, tryout }) {
  const opener = byId("whatif-open");
  if (!study.network) return opener.remove(); /* a public page tells nobody's number of people */

  const history = makeHistory();
  const say = (key, fields) => sentence(study.called("whatif", key), fields);
  /* placing: null, "station", or the block that gets a gate */
  /** @type {any} */
  const open = { now: false, ready: false, placing: null, chosen: null, name: "", note: "" };
  const offered = (station) =>
    [...new Set(tryout.town().offers[station].map((offer) => offer.service))].sort((a, b) => a - b);
  const edits = makeEdits(study, offered);
  let actors = null;
  let shown = NOTHING;
  let waiting = ""; /* a file that was dropped before the network was read */
  const looks = [];

  const act = {
    add: (byKey) => (byKey ? addAt(whereFound()) : setPlacing(open.placing === "station" ? null : "station")),
    gate: (byKey) => {
      const { block } = store.state;
      if (byKey) openGate(block, map.getCenter());
      else setPlacing(open.placing === block ? null : block);
    },
    undo() {
      if (!history.undo()) return;
      settle();
      files.keep(history.now());
    },
    reset: () => change(NOTHING),
    save: () => files.save(),
    load: (text) => load(text),
    close: () => setOpen(false),
    service: (service) => store.set({ service }),
    limit: () => store.state.stated,
    setLimit: (stated) => store.set({ stated }),
    name: () => open.name || say("scenario"),
    rename: (name) => (open.name = plain(name)),
  };
  const panel = makeWhatIfPanel(study, act);
  const files = makeScenarioFiles(study, { history, offered, title: open, tell: (text) => panel.tell(text) });
  const marks = makeWhatIfMarks(map, study, markers, {
    drag: (key, at) => show(edits.moved(history.now(), key, roundPlace(at)), key),
    drop(key, at) {
      store.set({ station: -1 }); /* what it reached from its old place is no more */
      change(edits.moved(history.now(), key, roundPlace(at)), key);
    },
    choose,
    dropGate(gate, at) {
      const state = history.now();
      const moved = { block: gate.block, ...onOutline(study.blocks[gate.block], at) };
      change({ ...state, gates: state.gates.map((other) => (other === gate ? moved : other)) });
    },
    chooseGate: (gate) => store.set({ block: gate.block, station: -1 }),
  });

  /* opening, once: the network is unpacked and judged, and must say what the run said */
  async function begin() {
    panel.wait(say("reading"));
    await new Promise((resolve) => window.setTimeout(resolve, 0));
    const fault = await tryout.open();
    if (fault) return panel.wait(say(fault));
    actors = actors || makeActors(tryout.town());
    open.ready = true;
    if (!tryout.knows(store.state.time)) store.set({ time: -1 });
    panel.build();
    settle();
    if (!history.canUndo() && files.kept()) load(files.kept(), false);
    if (waiting) load(waiting);
    waiting = "";
    return undefined;
  }

  /* a scenario file, or what the browser kept: one step of undo */
  function load(text, isFile = true) {
    const { state, said } = files.read(text, isFile);
    if (state) {
      panel.build();
      change(state, null);
    }
    panel.tell(said);
  }

  hearDrops((text) => {
    if (open.now && open.ready) return load(text);
    waiting = text; /* until the network is read */
    if (open.now) return undefined;
    setOpen(true);
    if (open.ready) load(waiting);
    if (open.ready) waiting = "";
    return undefined;
  });

  function setOpen(now) {
    open.now = now;
    opener.setAttribute("aria-expanded", String(now));
    if (now) opener.textContent = say("open");
    document.body.classList.toggle("trying", now);
    byId("answers").hidden = now;
    panel.place.hidden = !now;
    if (!now) setPlacing(null);
    markers.forEach((_, station) => marks.setDraggable(station, now && study.network.would[station].may_move));
    if (now) store.set({ stage: 0, time: timeToTry() }); /* a trial is of the study as it stands */
    if (now && !open.ready) begin();
    else if (open.ready) settle();
    (now ? panel.place : opener).focus({ preventScroll: true });
  }

  /* the moment that is shown, unless the page cannot count anything anew then */
  function timeToTry() {
    const { time } = store.state;
    return tryout.isReady() && !tryout.knows(time) ? -1 : time;
  }

  /* for a walker whose run the page cannot repeat: the way back is another walker */
  function cease() {
    open.ready = false;
    panel.wait(say("unfaithful"));
    store.set({ trial: 0 });
    paint();
  }

  /* a change that stays, one step of undo */
  function change(state, chosen = open.chosen) {
    history.push(state);
    open.chosen = chosen;
    settle();
    files.keep(state);
  }

  function settle() {
    const state = open.now ? history.now() : NOTHING;
    if (edits.isAdded(open.chosen) && !state.added.some((one) => one.id === open.chosen)) open.chosen = null;
    show(state, null);
    if (!open.now) return;
    panel.showChanges(
      edits.listed(state).map((one) => ({
        text: one.text,
        choose() {
          if (one.block !== undefined) store.set({ block: one.block, station: -1 });
          else if (edits.isAdded(one.key)) choose(one.key);
          else store.set({ station: one.key, block: -1 });
        },
        takeBack: () => change(one.without),
      })),
      history.canUndo(),
    );
    panel.showEditor(subject(state));
  }

  /* a state on the map and in the numbers; with a marker in the hand it is a step of a drag */
  function show(state, held) {
    tryout.follow(actors(state), state.gates);
    shown = state;
    store.set({ trial: numberOf(state) });
    marks.show(state, anchorAt, held, open.chosen);
    if (held === null) marks.showGates(state.gates);
    panel.showRows(tryout.difference(), store.state.service);
    if (held !== null)
      panel.showLeg(
        legText(edits.isAdded(held) ? state.added.find((one) => one.id === held).place : state.moved[held]),
      );
    paint();
  }

  /* only blocks that changed otherwise than before are touched */
  function paint() {
    const { service } = store.state;
    const others = [];
    for (let block = 0; block < study.blocks.length; block += 1) {
      const change = study.changeOf(block, service);
      if ((looks[block] || "") === change) continue;
      looks[block] = change;
      others.push(block);
      const { classList } = blocks.paths[block];
      classList.toggle("block-gained", change === "block_gained");
      classList.toggle("block-lost", change === "block_lost");
    }
    blocks.repaint(others);
    showBlock();
  }

  /* states of changes by number, 0 for none: the same state has the same one */
  const numbers = new WeakMap();
  let last = 0;
  function numberOf(state) {
    if (!countChanges(state)) return 0;
    if (!numbers.has(state)) numbers.set(state, (last += 1));
    return numbers.get(state);
  }
  study.learn({
    triedServices: (station) => (shown.closed[station] ? [] : shown.services[station] || null),
    countTried: () => countChanges(shown),
    changeOf: (block, service) => (store.state.trial && study.isTrying() ? changeOf(block, service) : ""),
  });

  const red = (state) => state === "partly" || state === "not_served";
  const lookOf = (rows, block) => (red(rows.state[block]) && rows.doubt[block] ? "doubt" : rows.state[block]);
  function changeOf(block, service) {
    const { rows, old } = tryout.rowsOf(service);
    const [was, is] = [old.state[block], rows.state[block]];
    return red(was) && is === "served" ? "block_gained" : was === "served" && red(is) ? "block_lost" : "";
  }

  function showBlock() {
    if (!open.now || !open.ready) return;
    panel.showBlock(blockText(store.state.block, store.state.service), store.state.block);
  }

  function blockText(block, service) {
    if (block < 0) return "";
    const { rows, old } = tryout.rowsOf(service);
    const [before, after] = [old, rows].map((from) => study.lookName(lookOf(from, block)));
    const text = [say("block_now", { name: study.blocks[block].name, before, after })];
    if (study.study.has_people) {
      text.push(
        say("block_people", { before: old.served[block], after: rows.served[block], all: rows.people[block] }),
      );
    }
    return text.join(" · ");
  }

  /* the nearest way out of a place, with the foot that its leg is drawn to; null without one */
  function anchorAt(place) {
    const town = tryout.town();
    const [anchor] = [...town.enter(actors.siteAt(place)).anchors].sort((a, b) => a.leg - b.leg);
    return anchor ? { ...town.footOf(anchor), ...anchor } : null;
  }

  function legText(place) {
    const anchor = anchorAt(place);
    if (!anchor) return say("off_network", { n: study.network.max_snap_m });
    const leg = anchor.place ? anchor.place.leg : anchor.leg; /* the rest crosses the square */
    return say("leg", { n: Math.round(leg / TICKS) });
  }

  /* placing */
  function setPlacing(placing) {
    open.placing = placing;
    map.getContainer().classList.toggle("adding", placing !== null);
    if (open.ready && open.now) panel.setPlacing(placing);
  }

  /* by keyboard a station is placed by search: in the block that was found, else in the middle of the map */
  function whereFound() {
    const { block } = store.state;
    return block >= 0 ? L.latLng(study.blocks[block].middle) : map.getCenter();
  }

  function addAt(at) {
    const state = history.now();
    const taken = new Set([...study.stations.map((one) => one.id), ...state.added.map((one) => one.id)]);
    let n = state.added.length + 1;
    while (taken.has(`new-${n}`)) n += 1;
    const one = {
      id: `new-${n}`,
      name: say("candidate", { n }),
      tier: "micro",
      place: roundPlace(at),
      services: [store.state.service],
      premises: GROUND,
    };
    setPlacing(null);
    store.set({ station: -1 });
    change({ ...state, added: [...state.added, one] }, one.id);
  }

  /* a gate stands on the edge of its block */
  function openGate(block, at) {
    const state = history.now();
    setPlacing(null);
    const gate = { block, ...onOutline(study.blocks[block], at) };
    change({ ...state, gates: [...state.gates, gate] });
    if (!tryout.town().snap(gate.lat, gate.lng).length)
      panel.tell(say("off_network", { n: study.network.max_snap_m }));
  }

  map.getContainer().addEventListener(
    "click",
    (event) => {
      if (open.placing === null || event.target.closest(".leaflet-control, .search")) return;
      event.stopPropagation();
      event.preventDefault();
      if (map.dragging.moved()) return;
      const at = map.mouseEventToLatLng(event);
      if (open.placing === "station") addAt(at);
      else openGate(open.placing, at);
    },
    true,
  );

  function choose(key) {
    open.chosen = key;
    if (edits.isAdded(key)) store.set({ station: -1 });
    settle();
  }

  /* the chosen station, with what can be done to it */
  function subject(state) {
    const key = open.chosen;
    if (key === null) return null;
    const added = edits.isAdded(key) ? state.added.find((one) => one.id === key) : null;
    const station = added || study.stations[key];
    const place = added ? added.place : state.moved[key];
    const would = added ? null : study.network.would[key];
    const off = !added && !place && !tryout.town().enter(tryout.town().sites[key]).anchors.length;
    return {
      name: station.name,
      mark: tierMark(station.tier, 26),
      added: Boolean(added),
      services: added ? added.services : state.services[key] || offered(key),
      leg: place ? legText(place) : off ? study.say("station_off_network") : "",
      closed: !added && Boolean(state.closed[key]),
      moved: Boolean(place),
      mayMove: Boolean(added) || would.may_move,
      premises: added ? added.premises : state.premises[key] || would.premises,
      asksFloors: premisesMatter(),
      hours: added ? "" : station.hours,
      rename: added && ((name) => change(edits.edited(state, key, { name: plain(name).trim() || added.name }))),
      toggle: (service, wanted) => change(edits.toggled(state, key, service, wanted)),
      furnish: (more) => change(edits.furnished(state, key, more)),
      remove: () => change(edits.removed(state, key), null),
      close: () => {
        store.set({ station: -1 }); /* what it reaches is no more */
        change({ ...state, closed: { ...state.closed, [key]: true } });
      },
      reopen: () => change({ ...state, closed: edits.without(state.closed, key) }),
      putBack: () => change({ ...state, moved: edits.without(state.moved, key) }),
    };
  }

  /* Floors decide nothing for an adult whose limits are in meters. */
  const premisesMatter = () =>
    study.network.walkers[store.state.walker].id !== "adult" ||
    study.network.services.some((service) => service.needs.some((need) => need && need.unit === "min"));

  opener.addEventListener("click", () => setOpen(!open.now));
  document.addEventListener("keydown", (event) => event.key === "Escape" && setPlacing(null));
  const speak = () => (opener.textContent = say(files.kept() && !history.canUndo() ? "open_again" : "open"));
  store.listen((state, changed) => {
    if (changed.has("language")) speak();
    if (changed.has("stage") && state.stage && open.now) setOpen(false);
    if (changed.has("walker") && open.ready && !tryout.isReady()) return cease();
    if (changed.has("walker") && open.now && !open.ready && tryout.isReady()) return begin();
    if (!open.ready) return undefined;
    if (changed.has("language")) panel.build(); /* also while it is closed: it opens again as it is then */
    if (changed.has("stated")) panel.showLimit(state.stated);
    if (!open.now) return undefined;
    if (!tryout.knows(state.time)) return setOpen(false);
    if (changed.has("station") && state.station >= 0) open.chosen = state.station;
    if (["language", "station", "service", "time"].some((key) => changed.has(key))) settle();
    if (changed.has("block")) {
      if (typeof open.placing === "number") setPlacing(null);
      showBlock();
    }
    return undefined;
  });
  speak();
  return undefined;
}
