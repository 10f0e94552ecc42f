/* Before printing the map takes the size that print.css gives it on the chosen paper, and shows the whole study. */
import { byId } from "./elements.js";
/** @import { Study } from "../types" */
/** @import { Asked } from "./address.js" */
/** @import { Store } from "./store.js" */

const PAPERS = ["a4", "a3"];
const REST = 26; /* pixels */

/**
 * Entries that the paper would cut stay away, and the line below the list counts them. What the study says of its data
 * is no less than the list: its entries make room for that, but for the first.
 * @param {Study} study
 */
function hideWhatIsCut(study) {
  const answers = byId("answers");
  /* the line that counts the others keeps its room */
  const bottom = answers.getBoundingClientRect().bottom - REST;
  const overflows = (/** @type {Element} */ item) => item.getBoundingClientRect().bottom > bottom;
  const entries = [...answers.querySelectorAll(".worst > li")];
  const caveats = answers.querySelector(".caveats");
  while (caveats && overflows(caveats) && entries.length > 1) /** @type {Element} */ (entries.pop()).classList.add("cut");
  /* measured before the first is hidden, which would move the others up */
  const cut = [...answers.querySelectorAll("li:not(.cut)")].filter(overflows);
  cut.forEach((item) => item.classList.add("cut"));
  if (caveats && !caveats.querySelector("li:not(.cut)")) caveats.classList.add("cut");
  countTheRest(study);
}

/** @param {Study} study */
function countTheRest(study) {
  /** @type {HTMLElement | null} */
  const line = document.querySelector("#answers .more");
  if (!line) return;
  const n = Number(line.dataset.failing) - document.querySelectorAll("#answers .worst > li:not(.cut)").length;
  line.textContent = study.say("more_failing", { n });
  line.hidden = n <= 0;
}

/** @param {Study} study */
function showAll(study) {
  document.querySelectorAll("#answers .cut").forEach((item) => item.classList.remove("cut"));
  countTheRest(study);
}

/**
 * @param {L.Map} map
 * @param {Study} study
 * @param {Store} store
 * @param {() => void} fit
 * @param {Asked} asked
 */
export function preparePrint(map, study, store, fit, asked) {
  const choice = byId("paper", HTMLSelectElement);
  const sheet = document.head.appendChild(document.createElement("style"));
  const narrow = /** @type {CSSStyleSheet} */ (
    /** @type {HTMLStyleElement} */ (document.querySelector("style[data-from='shared/narrow.css']")).sheet
  );
  /** @type {{ center: L.LatLng, zoom: number } | null} */
  let view = null;
  /** @type {string | null} */
  let list = null;

  /** @param {string} paper */
  function choose(paper) {
    choice.value = paper;
    sheet.textContent = `@page { size: ${paper.toUpperCase()} landscape; margin: 9mm; }`;
    PAPERS.forEach((one) => document.body.classList.toggle(`paper-${one}`, one === paper));
  }

  choice.addEventListener("change", () => choose(choice.value));
  choose(typeof asked.paper === "string" && PAPERS.includes(asked.paper) ? asked.paper : "a4");
  byId("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => {
    view = { center: map.getCenter(), zoom: map.getZoom() };
    /* a table of all blocks is longer than the paper: the worst of them stand there */
    list = store.state.list;
    if (list === "all") store.set({ list: "blocks" });
    /* the window may be narrow, the paper is not */
    narrow.disabled = true;
    document.body.classList.add("printing");
    map.setMinZoom(0);
    map.invalidateSize({ animate: false });
    fit();
    hideWhatIsCut(study);
  });
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("printing");
    narrow.disabled = false;
    showAll(study);
    if (list) store.set({ list });
    list = null;
    map.invalidateSize({ animate: false });
    if (view) map.setView(view.center, view.zoom, { animate: false });
    view = null;
  });
  if (document.body.classList.contains("slide")) {
    const settle = () => {
      map.invalidateSize({ animate: false });
      fit();
      showAll(study);
      hideWhatIsCut(study);
    };
    window.addEventListener("resize", settle);
    settle();
  }
}
