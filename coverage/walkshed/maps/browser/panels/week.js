/* When a block is served in the week of the moment asked for: a strip of half hours per day. */
import { byId, clockText, html, svg } from "../shared/elements.js";
import { unpackIntegers } from "../shared/unpack.js";

const HALVES = 48;
const CELL = 5;
const ROW = 13;

/* Stretches [first, last) of half hours in which the block is served, day by day. */
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

const weekday = (study, day, style) =>
  new Intl.DateTimeFormat(study.say("html_lang"), { weekday: style, timeZone: "UTC" }).format(
    new Date(`${study.week.days[day][0]}T00:00:00Z`),
  );

/* Whether the block would be served in that half hour of the week, as the walker who is judged. */
const unpacked = new Map();
const daysOf = (study, { block, service }) => {
  const strip = study.week.strips[study.week.of[block * study.services.length + service]];
  if (!unpacked.has(strip)) unpacked.set(strip, servedStretches(strip));
  return unpacked.get(strip);
};
export function isServedAt(study, judgment, half) {
  const at = half % HALVES;
  return daysOf(study, judgment)[Math.floor(half / HALVES)].some(([from, to]) => from <= at && at < to);
}
export const isServedEver = (study, judgment) => daysOf(study, judgment).some((day) => day.length > 0);

const clockTime = (half) => clockText(30 * (half % HALVES));
export const timeOf = (study, half) => `${weekday(study, Math.floor(half / HALVES), "short")} ${clockTime(half)}`;

/* A slider over the half hours of the week, where hours are judged; the blocks follow it. */
export function showClock(study, store, tryout) {
  const place = byId("clock");
  place.hidden = !study.week;
  if (!study.week) return;
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

  function show(state) {
    const words = state.time < 0 ? study.say("clock") : timeOf(study, state.time);
    told.textContent = words;
    slider.setAttribute("aria-label", study.say("clock"));
    slider.setAttribute("aria-valuetext", words);
    back.textContent = study.say("clock_run");
    back.hidden = state.time < 0;
    if (state.time >= 0) slider.value = state.time;
  }
  store.listen((state, changed) => (changed.has("time") || changed.has("language")) && show(state));
  show(store.state);
}

export function tellWeek(study, state) {
  const week = study.week;
  if (!week || state.stage) return "";
  const row = state.block * study.services.length + state.service;
  const days = servedStretches(week.strips[week.of[row]]);
  const [first] = week.days[0];
  const [last] = week.days[6];
  const kind = (what) => (what ? study.say(`week_${what}`) : "");
  const strip = svg(
    "svg",
    {
      class: "week",
      width: "100%",
      viewBox: `0 0 ${46 + HALVES * CELL} ${7 * ROW + 13}`,
      role: "img",
      "aria-label": study.say("week_hours", { n: week.hours[row] }),
    },
    days.flatMap((stretches, day) => {
      const y = day * ROW;
      const [date, what] = week.days[day];
      return [
        svg(
          "text",
          { x: 0, y: y + 9.5, class: what },
          weekday(study, day, "short"),
          svg("title", {}, kind(what) || date),
        ),
        svg("rect", { class: "closed", x: 38, y: y + 1, width: HALVES * CELL, height: ROW - 3 }),
        ...stretches.map(([from, to]) =>
          svg("rect", { class: "open", x: 38 + from * CELL, y: y + 1, width: (to - from) * CELL, height: ROW - 3 }),
        ),
      ];
    }),
    [0, 6, 12, 18, 24].map((hour) =>
      svg("text", { class: "hour", x: 38 + hour * 2 * CELL, y: 7 * ROW + 10 }, String(hour)),
    ),
  );
  return html(
    "section",
    { class: "week-section" },
    html("h3", {}, study.say("week"), html("small", {}, study.say("week_hours", { n: week.hours[row] }))),
    strip,
    html("p", { class: "hint" }, study.say("week_of", { first, last })),
  );
}
