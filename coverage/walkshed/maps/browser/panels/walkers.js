/* For whom the study is judged: one button per walker, where there are several. */
import { byId, first, html } from "../shared/elements.js";
/** @import { Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/** @param {Study} study @param {Store} store */
export function showWalkers(study, store) {
  const place = byId("walkers");
  place.hidden = study.walkers.length < 2;
  if (place.hidden) return;

  /** @param {State} state */
  function show(state) {
    const focused = place.contains(document.activeElement);
    place.setAttribute("aria-label", study.say("walkers"));
    place.replaceChildren(
      ...study.walkers.map((walker, index) =>
        html(
          "button",
          {
            type: "button",
            "data-walker": index,
            "aria-pressed": String(index === state.walker),
            on: { click: () => store.set({ walker: index }) },
          },
          walker.names[state.language],
        ),
      ),
    );
    if (focused) first(place, "[aria-pressed=true]").focus();
  }

  store.listen((state, changed) => (changed.has("walker") || changed.has("language")) && show(state));
  show(store.state);
}
