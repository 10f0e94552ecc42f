/* A paragraph for a report, ready to copy; Python wrote it from the printed rows. */
import { byId } from "../shared/elements.js";
/** @import { Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/** @param {Study} study @param {Store} store */
export function showBriefing(study, store) {
  const opener = byId("briefing-open");
  const panel = byId("briefing");
  const text = byId("briefing-text", HTMLTextAreaElement);
  const copy = byId("briefing-copy", HTMLButtonElement);
  const told = byId("briefing-told");

  /** @param {State} state */
  function fill(state) {
    /* beside other figures it would contradict them, and whoever pastes it would not know */
    const written = study.isAsJudged();
    text.value = written ? study.briefing[state.language][state.service] || "" : "";
    copy.disabled = !written;
    byId("paragraph").textContent = text.value;
    text.setAttribute("lang", state.language);
    text.setAttribute("aria-label", study.say("briefing"));
    told.textContent = study.say(written ? "briefing_hint" : "briefing_none");
  }

  /** @param {boolean} wanted */
  function open(wanted) {
    panel.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
    if (wanted) {
      fill(store.state);
      text.style.height = `${text.scrollHeight + 2}px`;
      text.focus();
      text.select();
    } else {
      opener.focus();
    }
  }

  async function put() {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      told.textContent = study.say("copied");
    } catch {
      told.textContent = study.say(document.execCommand("copy") ? "copied" : "copy_yourself");
    }
  }

  opener.addEventListener("click", () => open(panel.hidden));
  copy.addEventListener("click", put);
  byId("briefing-close").addEventListener("click", () => open(false));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
  });
  store.listen((state, changed) => {
    if (["service", "language", "shown"].some((key) => changed.has(key))) fill(state);
  });
  fill(store.state);
}
