/* One limit for every need, tried beside the rule: all blocks, counts and the worst list follow it live. */
import { byId, html, limitText, sentence } from "../shared/elements.js";

/* In meters, or in sixteenths of a mile: 330 to 2,970 feet. */
const LIMITS = { metric: { min: 200, max: 1000, step: 50 }, us: { min: 100.584, max: 905.256, step: 100.584 } };
export const limitsOf = (study) => LIMITS[study.words[study.language].lengths.units];

export function showLimit(study, store, tryout) {
  const place = byId("limit");
  if (!study.network) return place.remove(); /* a public page counts nothing anew */
  const slider = html("input", { type: "range", id: "limit-slider", ...limitsOf(study) });
  const name = html("label", { for: "limit-slider" });
  const told = html("output", { for: "limit-slider" });
  const back = html("button", { type: "button", class: "link", on: { click: () => store.set({ stated: null }) } });
  place.replaceChildren(name, slider, told, back);

  /* the limit that most blocks are judged by, where the slider rests */
  function usual(state) {
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

  function show(state) {
    const meters = state.stated === null ? usual(state) : state.stated;
    if (Number(slider.value) !== meters) slider.value = meters;
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
  return undefined;
}
