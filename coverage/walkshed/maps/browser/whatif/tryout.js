/* What the page counts anew: one limit for all needs, and the changes of a what-if. The network is unpacked when it is
   first asked for; a trial that does not say of the study what the run said is not shown. */
import { withGates } from "../engine/gates.js";
import { openTown } from "../engine/town.js";
import { makeTrial } from "../engine/trial.js";
import { isServedAt } from "../panels/week.js";
import { totalsOf } from "./tryout/totals.js";
/** @import { Actor, CountedStudy, Gate, Lines, NamedService, Rows, Town, Trial, TriedJudgment, Tryout, WeekStudy } from "../types" */
/** @import { Store } from "../shared/store.js" */

/**
 * What is counted with: the town, once it is read; the trial of the study's own exits for the walker, null where the
 * page cannot repeat the run; that with the gates which are opened besides; and what is followed.
 * @typedef {object} Counting
 * @property {CountedStudy} study
 * @property {Store} store
 * @property {Town | null} town
 * @property {Trial | null} base
 * @property {Trial | null} trial
 * @property {Actor[] | null} followed
 * @property {Gate[]} gates
 * @property {{ rows: Rows, old: Rows }[]} rows by service: as tried, and before
 * @property {Map<number, Trial | null>} bases by walker
 * @property {Map<string, boolean>} hours by walker and half hour: whether the page says of it what the run says
 */

/**
 * streets: a function that returns the drawn streets.
 * @param {CountedStudy} study
 * @param {Store} store
 * @param {() => Lines} streets
 * @returns {Tryout}
 */
export function makeTryout(study, store, streets) {
  /** @type {Counting} */
  const counting = {
    ...{ study, store, town: null, base: null, trial: null, followed: null },
    ...{ gates: [], rows: [], bases: new Map(), hours: new Map() },
  };
  /** @type {Promise<Town | null> | null} */
  let opening = null;

  /* Resolves to "" once everything can be tried, else to the word that says why not. */
  async function open() {
    opening = opening || openTown(study.network, streets()).catch(() => null);
    counting.town = await opening;
    if (!counting.town) return "unable";
    if (counting.bases.has(store.state.walker)) return counting.base ? "" : "unfaithful";
    return judgeFor(counting, store.state.walker) ? "" : "unfaithful";
  }

  study.learn({
    isTrying: () => isTrying(counting),
    tried: (block, service) => (isTrying(counting) ? triedOf(counting, block, service) : null),
    totals: (service) => (isTrying(counting) ? triedTotals(counting, service) : null),
  });
  store.listen((_, changed) => hear(counting, changed));

  return {
    open,
    follow: (actors, opened) => follow(counting, actors, opened),
    rowsOf: (service) => rowsOf(counting, service),
    knows: (half) => knows(counting, half),
    town: () => townOf(counting),
    isReady: () => Boolean(counting.trial),
    difference: () => trialOf(counting).difference(),
  };
}

/** @param {Counting} counting */
function townOf({ town }) {
  if (town) return town;
  throw new Error("the network is not read yet");
}

/** @param {Counting} counting */
function trialOf({ trial }) {
  if (trial) return trial;
  throw new Error("nothing can be tried yet");
}

/**
 * Whether a trial says of the study, as it stands, what the run said for the walker.
 * @param {CountedStudy} study
 * @param {Trial} made
 * @param {number} walker
 */
const isFaithful = (study, made, walker) =>
  study.services.every((_, service) => {
    const { state, served } = made.judge(service);
    return state.every((one, block) => {
      const row = study.ofRun(block, service, walker);
      return one === row.state && served[block] === row.served;
    });
  });

/**
 * From here on the trial is of this walker; whether there is one.
 * @param {Counting} counting
 * @param {number} walker
 */
function judgeFor(counting, walker) {
  const { study, bases } = counting;
  const town = townOf(counting);
  if (!bases.has(walker)) {
    const made = makeTrial(town, walker);
    bases.set(walker, isFaithful(study, made, walker) ? made : null);
  }
  counting.base = bases.get(walker) || null;
  counting.trial = counting.base;
  counting.rows = [];
  if (counting.base) follow(counting, counting.followed || town.standing, counting.gates, true);
  return Boolean(counting.base);
}

/**
 * Whether the page can count anew at a half hour of the week: it must find served whom the run finds served then.
 * @param {Counting} counting
 * @param {number} half
 */
function knows(counting, half) {
  const { study, store, base, hours } = counting;
  if (half < 0) return true;
  if (!base || !study.network.week || !study.week) return false;
  const key = `${store.state.walker} ${half}`;
  const known = hours.get(key);
  if (known !== undefined) return known;
  const town = townOf(counting);
  base.follow(town.standing);
  base.setTerms(null, half);
  const agrees = study.services.every((_, service) => agreesAt(counting, base, service, half));
  hours.set(key, agrees);
  if (counting.trial) follow(counting, counting.followed || town.standing, counting.gates);
  return agrees;
}

/** @param {Counting} counting @param {Trial} base @param {number} service @param {number} half */
const agreesAt = ({ study }, base, service, half) =>
  base
    .judge(service)
    .state.every(
      (one, block) => (one === "served") === isServedAt(/** @type {WeekStudy} */ (study), { block, service }, half),
    );

/**
 * What the trial is of from here on: actors as engine.makeActors lists them, and the gates that are opened.
 * @param {Counting} counting
 * @param {Actor[]} actors
 * @param {Gate[]} [opened]
 */
function follow(counting, actors, opened = [], afresh = false) {
  const { store, base, gates } = counting;
  if (!base) return;
  const same = JSON.stringify(opened) === JSON.stringify(gates);
  counting.followed = actors;
  counting.gates = opened;
  if (!opened.length) counting.trial = base;
  else if (!same || afresh || counting.trial === base) {
    const town = townOf(counting);
    base.follow(town.standing);
    counting.trial = makeTrial(withGates(town, opened), store.state.walker, base);
  }
  const { stated, time } = store.state;
  const half = knows(counting, time) ? time : -1;
  const trial = trialOf(counting);
  trial.setTerms(stated, half);
  trial.follow(actors);
  counting.rows = [];
}

/** @param {Counting} counting @param {number} service */
function rowsOf(counting, service) {
  const { rows } = counting;
  const trial = trialOf(counting);
  if (!rows[service]) rows[service] = { rows: trial.judge(service), old: trial.judge(service, false) };
  return rows[service];
}

/** @param {Counting} counting */
function isTrying(counting) {
  const { stated, time, trial: changes } = counting.store.state;
  return Boolean(counting.trial) && (stated !== null || changes > 0 || (time >= 0 && knows(counting, time)));
}

/**
 * @param {Counting} counting
 * @param {number} block
 * @param {number} service
 * @returns {TriedJudgment}
 */
function triedOf(counting, block, service) {
  const { stated, trial } = counting.store.state;
  const { rows } = rowsOf(counting, service);
  const state = rows.state[block];
  const unknown = rows.asked[block] ? "not_surveyed" : "no_standard";
  const failing = state === "unknown" ? unknown : ""; /* why a block fails is nothing that the page counts */
  return {
    state,
    doubt: rows.doubt[block],
    served: rows.served[block],
    people: rows.people[block],
    verdict: state === "served" ? "served" : failing,
    byHours: stated === null && !trial,
    changed: trial > 0,
  };
}

/**
 * A service's totals and worst blocks as they are tried, its other figures those of the run.
 * @param {Counting} counting
 * @param {number} service
 * @returns {NamedService}
 */
function triedTotals(counting, service) {
  const { study, store } = counting;
  const { stated } = store.state;
  const beyondM = (/** @type {number} */ block) =>
    study.reachM(block, service) - (stated === null ? study.limitM(block, service) : stated);
  const totals = totalsOf(rowsOf(counting, service).rows, beyondM, study.worst);
  return Object.assign(Object.create(study.services[service]), totals);
}

/** @param {Counting} counting @param {Set<string>} changed */
function hear(counting, changed) {
  const { store, town } = counting;
  const { state } = store;
  if (!town) return;
  if (changed.has("walker") && !judgeFor(counting, state.walker) && state.stated !== null) store.set({ stated: null });
  if (!counting.trial) return;
  /* a moment that the page cannot count anew goes with nothing else */
  if (!knows(counting, state.time) && (state.stated !== null || state.trial)) store.set({ time: -1 });
  if (changed.has("stated") || changed.has("time")) follow(counting, counting.followed || town.standing, counting.gates);
}
