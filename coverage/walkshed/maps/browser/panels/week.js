/* When a block is served in the week of the moment asked for: a strip of half hours per day. */
import { byId, clockText, html, svg } from "../shared/elements.js";
import { unpackIntegers } from "../shared/unpack.js";
/** @import { Study, Tryout, WeekStudy } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

const HALVES = 48;
const CELL = 5;
const ROW = 13;
const LEFT = 38;

/**
 * Stretches [first, last) of half hours in which the block is served, day by day.
 * @param {string} packed
 */
export function servedStretches(packed) {
  /** @type {[number, number][][]} */
  const days = Array.from({ length: 7 }, () => []);
  let at = 0;
  unpackIntegers(packed).forEach((length, i) => {
    if (i % 2) {
      for (let half = at; half < at + length;) {
        const day = Math.floor(half / HALVES);
        const end = Math.min(at + length, (day + 1) * HALVES);
        days[day].push([half - day * HALVES, end - day * HALVES]);
        half = end;
      }
    }
    at += length;
  });
  return days;
}

/** @param {WeekStudy} study @param {number} day @param {"short" | "long"} style */
const weekday = (study, day, style) =>
  new Intl.DateTimeFormat(study.say("html_lang"), { weekday: style, timeZone: "UTC" }).format(
    new Date(`${study.week.days[day][0]}T00:00:00Z`),
  );

/** @typedef {{ block: number, service: number }} Judgment */

/** @type {Map<string, [number, number][][]>} */
const unpacked = new Map();
/** @param {WeekStudy} study @param {Judgment} judgment */
const daysOf = (study, { block, service }) => {
  const strip = study.week.strips[study.week.of[block * study.services.length + service]];
  const days = unpacked.get(strip) || servedStretches(strip);
  unpacked.set(strip, days);
  return days;
};

/**
 * Whether the block would be served in that half hour of the week, as the walker who is judged.
 * @param {WeekStudy} study
 * @param {Judgment} judgment
 * @param {number} half
 */
export function isServedAt(study, judgment, half) {
  const at = half % HALVES;
  return daysOf(study, judgment)[Math.floor(half / HALVES)].some(([from, to]) => from <= at && at < to);
}
/** @param {WeekStudy} study @param {Judgment} judgment */
export const isServedEver = (study, judgment) => daysOf(study, judgment).some((day) => day.length > 0);

/** @param {number} half */
const clockTime = (half) => clockText(30 * (half % HALVES));
/** @param {WeekStudy} study @param {number} half */
export const timeOf = (study, half) => `${weekday(study, Math.floor(half / HALVES), "short")} ${clockTime(half)}`;

/**
 * A slider over the half hours of the week, where hours are judged; the blocks follow it.
 * @param {Study} study
 * @param {Store} store
 * @param {Tryout | null} tryout
 */
export function showClock(study, store, tryout) {
  const place = byId("clock");
  place.hidden = !study.week;
  if (!study.week) return;
  const timed = /** @type {WeekStudy} */ (study);
  const told = html("output", {});
  const slider = html("input", { type: "range", min: 0, max: 7 * HALVES - 1, step: 1, value: 20 });
  const back = html("button", { type: "button", class: "tool" });

  /* blocks follow at once; figures and list, once the network is read, if the page can count them at that moment */
  async function change() {
    const asked = Number(slider.value);
    const ready = tryout && tryout.isReady();
    store.set(ready && tryout.knows(asked) ? { time: asked } : { time: asked, stated: null, trial: 0 });
    if (!tryout || ready) return;
    await new Promise((resolve) => window.setTimeout(resolve, 0));
    if (!(await tryout.open())) store.refresh();
  }
  slider.addEventListener("input", change);
  back.addEventListener("click", () => store.set({ time: -1 }));
  place.replaceChildren(slider, told, back);
  L.DomEvent.disableClickPropagation(place);

  /** @param {State} state */
  function show(state) {
    const words = state.time < 0 ? study.say("clock") : timeOf(timed, state.time);
    told.textContent = words;
    slider.setAttribute("aria-label", study.say("clock"));
    slider.setAttribute("aria-valuetext", words);
    back.textContent = study.say("clock_run");
    back.hidden = state.time < 0;
    if (state.time >= 0) slider.value = String(state.time);
  }
  store.listen((state, changed) => (changed.has("time") || changed.has("language")) && show(state));
  show(store.state);
}

/**
 * The week of the chosen block by the chosen service, as things stand.
 * @param {Study} study
 * @param {State} state
 */
export function tellWeek(study, state) {
  if (!study.week || state.stage) return "";
  const { days, hours } = study.week;
  const row = state.block * study.services.length + state.service;
  const timed = /** @type {WeekStudy} */ (study);
  const told = study.say("week_hours", { n: hours[row] });
  return html(
    "section",
    { class: "week-section" },
    html("h3", {}, study.say("week"), html("small", {}, told)),
    strip(timed, state, told),
    html("p", { class: "hint" }, study.say("week_of", { first: days[0][0], last: days[6][0] })),
  );
}

/** @param {WeekStudy} study @param {State} state @param {string} told */
function strip(study, state, told) {
  const hours = [0, 6, 12, 18, 24].map((hour) =>
    svg("text", { class: "hour", x: LEFT + hour * 2 * CELL, y: 7 * ROW + 10 }, String(hour)),
  );
  return svg(
    "svg",
    { class: "week", width: "100%", viewBox: `0 0 ${46 + HALVES * CELL} ${7 * ROW + 13}`, role: "img", "aria-label": told },
    daysOf(study, state).flatMap((stretches, day) => dayRow(study, stretches, day)),
    hours,
  );
}

/** @param {WeekStudy} study @param {[number, number][]} stretches @param {number} day */
function dayRow(study, stretches, day) {
  const y = day * ROW;
  const [date, what] = study.week.days[day];
  const kind = what ? study.say(`week_${what}`) : "";
  const bar = (/** @type {string} */ look, /** @type {number} */ from, /** @type {number} */ to) =>
    svg("rect", { class: look, x: LEFT + from * CELL, y: y + 1, width: (to - from) * CELL, height: ROW - 3 });
  return [
    svg("text", { x: 0, y: y + 9.5, class: what }, weekday(study, day, "short"), svg("title", {}, kind || date)),
    bar("closed", 0, HALVES),
    ...stretches.map(([from, to]) => bar("open", from, to)),
  ];
}
