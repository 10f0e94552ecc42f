/* One limit for every need, tried beside the rule: all blocks, counts and the worst list follow it live. */
import { byId, html, limitText, sentence } from "../shared/elements.js";
/** @import { CountedStudy, Study, Tryout } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/* In meters, or in sixteenths of a mile: 330 to 2,970 feet. */
/** @type {Record<string, { min: number, max: number, step: number }>} */
const LIMITS = { metric: { min: 200, max: 1000, step: 50 }, us: { min: 100.584, max: 905.256, step: 100.584 } };
/** @param {Study} study */
export const limitsOf = (study) => LIMITS[study.words[study.language].lengths.units];

/** @param {CountedStudy} study @param {Store} store @param {Tryout} tryout */
export function showLimit(study, store, tryout) {
  const place = byId("limit");
  const slider = html("input", { type: "range", id: "limit-slider", ...limitsOf(study) });
  const name = html("label", { for: "limit-slider" });
  const told = html("output", { for: "limit-slider" });
  const back = html("button", { type: "button", class: "link", on: { click: () => store.set({ stated: null }) } });
  place.replaceChildren(name, slider, told, back);

  /**
   * The limit that most blocks are judged by, where the slider rests.
   * @param {State} state
   */
  function usual(state) {
    /** @type {Map<number, number>} */
    const counts = new Map();
    study.blocks.forEach((_, block) => {
      const { limitM } = study.judgment(block, state.service);
      if (limitM) counts.set(limitM, (counts.get(limitM) || 0) + 1);
    });
    const [[limit] = [300]] = [...counts].sort((a, b) => b[1] - a[1]);
    return limit;
  }

  let waiting = false;
  async function change() {
    if (waiting) return;
    if (!tryout.isReady()) {
      waiting = true;
      told.textContent = study.say("limit_reading");
      await new Promise((resolve) => window.setTimeout(resolve, 0));
      const fault = await tryout.open();
      waiting = false;
      if (fault) {
        slider.disabled = true;
        told.textContent = sentence(study.called("whatif", fault));
        return;
      }
    }
    /* tried is the study as it stands; the slider may have gone on while the page was reading */
    const time = tryout.knows(store.state.time) ? store.state.time : -1;
    store.set({ stated: Number(slider.value), time });
  }

  /** @param {State} state */
  function show(state) {
    const meters = state.stated === null ? usual(state) : state.stated;
    if (Number(slider.value) !== meters) slider.value = String(meters);
    place.classList.toggle("tried", state.stated !== null);
    name.textContent = study.say("limit_try");
    told.textContent = state.stated === null ? "" : limitText(state.stated);
    slider.setAttribute("aria-valuetext", limitText(meters));
    slider.title = study.say("limit_hint", limitsOf(study));
    back.textContent = study.say("limit_back");
    back.hidden = state.stated === null;
  }

  slider.addEventListener("input", change);
  store.listen((state, changed) => {
    if (["stated", "service", "language"].some((key) => changed.has(key)) && !waiting) show(state);
  });
  show(store.state);
}
