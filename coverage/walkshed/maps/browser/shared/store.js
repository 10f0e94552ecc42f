/* The one state that the parts of the page share, and who hears of its changes. */

/* What is judged is one of the run (nothing else), a plan (stage), or a trial (stated, time, trial): the page knows the
   plan by the standard at the moment of the run only. */
const MODES = ["walker", "stage", "stated", "time", "trial"];
const AS_RUN = { stated: null, time: -1, trial: 0 };

/** @param {Partial<State>} change @returns {Partial<State>} */
function settled(change) {
  if (change.stage) return { ...change, ...AS_RUN };
  const { stated = null, time = -1, trial = 0 } = change;
  const tries = stated !== AS_RUN.stated || time !== AS_RUN.time || trial !== AS_RUN.trial;
  return tries ? { ...change, stage: 0 } : change;
}

/**
 * The one state that the parts of the page share. Whatever changes what is judged changes "shown", too.
 * @typedef {object} State
 * @property {string} language
 * @property {number} walker whose judgments are shown: another one counts as another service, too
 * @property {number} stage 0 as things stand, 1 as proposed; this, too
 * @property {number | null} stated one limit in meters for all, null for the standard; this, too
 * @property {number} time half hour of the week, -1 for the moment of the run
 * @property {number} trial which changes of a what-if, 0 for none
 * @property {number} service
 * @property {number} block -1 for none, as of the next three
 * @property {number} station
 * @property {number} street
 * @property {number} cell station × services + service
 * @property {number | null} limit of the shown catchment
 * @property {boolean} drawer open or not
 * @property {string} list which list of blocks is shown
 * @property {string} order by what the worst are sorted
 * @property {number} area -1 for all
 * @property {string[]} layers names of the extra layers that are shown
 */

/** @typedef {ReturnType<typeof makeStore>} Store */

/** @param {State} initial */
export function makeStore(initial) {
  /** @type {((state: State, changed: Set<string>) => unknown)[]} */
  const listeners = [];
  const store = {
    state: { ...initial },
    /** @param {(state: State, changed: Set<string>) => unknown} listener */
    listen: (listener) => listeners.push(listener),
    /** @param {Partial<State>} change */
    set(change) {
      const before = store.state;
      const wanted = settled(change);
      store.state = { ...before, ...wanted };
      const keys = /** @type {(keyof State)[]} */ (Object.keys(wanted));
      /** @type {Set<string>} */
      const changed = new Set(keys.filter((key) => before[key] !== store.state[key]));
      if (MODES.some((key) => changed.has(key))) changed.add("shown");
      if (["walker", "stage", "stated"].some((key) => changed.has(key))) changed.add("service").add("area");
      if (changed.size) listeners.forEach((listener) => listener(store.state, changed));
    },
    /* the state is the same, but the page has learned to count it */
    refresh: () => listeners.forEach((listener) => listener(store.state, new Set(["shown"]))),
  };
  return store;
}
