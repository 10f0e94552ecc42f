/* The address carries what is shown behind its #: service, walker, block or station, plan, limit, moment and scenario, so
   that a link opens there and Back goes where one was. */
import { limitsOf } from "../panels/limit.js";
/** @import { Study, Tryout } from "../types" */
/** @import { Trials } from "../whatif/session" */
/** @import { State, Store } from "./store.js" */

/** @typedef {Record<string, string | true | undefined>} Asked what an address asks for, by key */

const PUSHED = ["service", "walker", "stage", "block", "station"]; /* each a step of Back; sliders are none */
const CARRIED = [...PUSHED, "stated", "time", "trial", "language"];
const OWN = ["service", "walker", "stage", "block", "station", "limit", "time", "scenario", "lang"];
const MOST = 8000; /* letters of a scenario: what most programs that send links leave whole */

/**
 * What an address asks for behind its #: "service=meals&walker=older&limit=450&lang=en&paper=a3&slide".
 * @returns {Asked}
 */
export function readAddress() {
  /** @type {Asked} */
  const asked = {};
  for (const part of window.location.hash.slice(1).split("&").filter(Boolean)) {
    const [key, value] = part.split("=");
    asked[key] = value === undefined ? true : plain(value);
  }
  return asked;
}

/** @param {string} value */
function plain(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * The part of a state that an address asks for; what it does not name is as in a page that is opened without.
 * @param {Study} study
 * @param {Asked} asked
 * @param {number} first the service of such a page
 */
function stateOf(study, asked, first) {
  const numbered = (/** @type {{ id: string }[]} */ list, /** @type {Asked[string]} */ id) =>
     (id === undefined ? -1 : list.findIndex((one) => one.id === id));
  const whole = (/** @type {Asked[string]} */ text, /** @type {number} */ least, /** @type {number} */ most) => {
    const number = Number(text);
    return Number.isInteger(number) && number >= least && number <= most ? number : null;
  };
  const { min, max } = limitsOf(study);
  const limit = Number(asked.limit);
  const isLimit = Number.isFinite(limit) && limit >= min && limit <= max;
  const service = numbered(study.services, asked.service);
  const time = study.week ? whole(asked.time, 0, 7 * 48 - 1) : null;
  return {
    service: service >= 0 ? service : first,
    walker: Math.max(0, numbered(study.walkers, asked.walker)),
    stage: study.proposals && asked.stage === "after" ? 1 : 0,
    block: numbered(study.blocks, asked.block),
    station: numbered(study.stations, asked.station),
    stated: study.network && asked.limit !== undefined && isLimit ? limit : null,
    time: time === null || asked.time === undefined ? -1 : time,
  };
}

/**
 * A text in letters that an address may hold; none of an empty text, and of one that is too long for a link.
 * @param {string} text
 */
function packText(text) {
  const letters = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const packed = letters.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  return packed && packed.length <= MOST ? packed : undefined;
}

/**
 * The text of such letters, "" of any others.
 * @param {Asked[string]} packed
 */
function unpackText(packed) {
  if (typeof packed !== "string") return "";
  try {
    const bytes = atob(packed.replace(/-/g, "+").replace(/_/g, "/"));
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
  } catch {
    return "";
  }
}

/**
 * Writes what is shown into the address, and returns what shows what the address asks for.
 * @param {Study} study
 * @param {Store} store
 * @param {{ tryout: Tryout | null, trials: Trials | null }} tried
 * @param {number} first the service of a page that is opened without
 */
export function keepAddress(study, store, { tryout, trials }, first) {
  const { spoken } = study;
  let restoring = false;

  const scenario = () => (trials && store.state.trial ? trials.text() : "");

  /** @param {State} state */
  function addressOf(state) {
    const asked = Object.entries(readAddress()).filter(([key]) => !OWN.includes(key));
    const parts = [
      ["service", study.services.length ? study.services[state.service].id : undefined],
      ["walker", state.walker ? study.walkers[state.walker].id : undefined],
      ["stage", state.stage ? "after" : undefined],
      ["block", state.block >= 0 ? study.blocks[state.block].id : undefined],
      ["station", state.station >= 0 ? study.stations[state.station].id : undefined],
      ["limit", state.stated === null ? undefined : state.stated],
      ["time", state.time < 0 ? undefined : state.time],
      ["scenario", packText(scenario())],
      ["lang", state.language === spoken ? undefined : state.language],
      ...asked,
    ];
    const written = parts
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => (value === true ? key : `${key}=${encodeURIComponent(String(value))}`));
    return `#${written.join("&")}`;
  }

  store.listen((_, changed) => {
    if (restoring || !CARRIED.some((key) => changed.has(key))) return;
    const address = addressOf(store.state);
    if (address === window.location.hash) return;
    const step = PUSHED.some((key) => changed.has(key)) && !changed.has("stated") && !changed.has("time");
    try {
      window.history[step ? "pushState" : "replaceState"](null, "", address);
    } catch {
      /* a page inside another one, or written into one, has no address of its own */
    }
  });

  async function restore() {
    const asked = readAddress();
    const { stated, time, ...rest } = stateOf(study, asked, first);
    const language = typeof asked.lang === "string" && asked.lang in study.words ? asked.lang : spoken;
    const tries = stated !== null || time >= 0;
    await set({ ...rest, language, stated: null, time: -1 });
    if (trials) restoreScenario(trials, rest.stage ? "" : unpackText(asked.scenario));
    if (!tries || rest.stage) return;
    if (time >= 0) await set({ time });
    if (!tryout || (await tryout.open())) return;
    store.refresh();
    if (stated === null) return;
    await set(tryout.knows(time) ? { stated, time } : { stated, time: -1 });
  }

  /**
   * What the address carries is opened; what it does not carry is left.
   * @param {Trials} opened
   * @param {string} text
   */
  function restoreScenario(opened, text) {
    if (text === scenario()) return;
    if (text) opened.open(text);
    else opened.close();
  }

  /** @param {Partial<State>} change */
  function set(change) {
    restoring = true;
    store.set(change);
    restoring = false;
  }

  window.addEventListener("popstate", restore);
  return restore;
}
