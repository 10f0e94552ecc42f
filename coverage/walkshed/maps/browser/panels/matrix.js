/* The service matrix in its drawer: what every filled cell holds together, what every empty one could give. */
import { byId, html } from "../shared/elements.js";
import { tellHomes } from "./matrix/cells.js";
import { matrixTable } from "./matrix/table.js";
/** @import { Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/** @param {Study} study @param {Store} store */
export function showMatrix(study, store) {
  const toggle = byId("drawer-toggle");
  /** @type {HTMLElement[]} */
  let heads = [];
  let built = false; /* the table is made when the drawer is first opened */

  function build() {
    const made = matrixTable(study, store);
    heads = made.heads;
    listenTo(study, store, made.table);
    byId("drawer-scroll").replaceChildren(made.table);
    const words = byId("drawer-words");
    words.textContent = hintOf(study);
    words.classList.remove("said");
    built = true;
  }

  /** @param {State} state */
  function show(state) {
    if (state.drawer && !built) build();
    toggle.setAttribute("aria-expanded", String(state.drawer));
    byId("drawer-body").hidden = !state.drawer;
    byId("drawer-action").textContent = study.say(state.drawer ? "close_matrix" : "open_matrix");
    heads.forEach((head, index) => head.classList.toggle("selected", index === state.service));
  }

  toggle.addEventListener("click", () => store.set({ drawer: !store.state.drawer }));
  store.listen((state, changed) => {
    const anew = changed.has("language") || changed.has("walker"); /* another walker has another matrix */
    if (anew || changed.has("shown")) showSize(study, store.state);
    if (anew) {
      built = false;
      store.state.cell = -1;
    }
    show(state);
  });
  showSize(study, store.state);
  show(store.state);
}

/** @param {Study} study */
function hintOf(study) {
  const { at, moments } = study.study;
  const hint = study.say(study.matrix.weighs_blocks ? "matrix_hint_blocks" : "matrix_hint");
  return at ? hint + study.say("matrix_at", { at: moments[study.language] }) : hint;
}

/**
 * How large the matrix is, and of what.
 * @param {Study} study
 * @param {State} state
 */
function showSize(study, state) {
  const size = study.say("matrix_size", { stations: study.stations.length, services: study.services.length });
  const walker = study.walkers[state.walker].names[study.language];
  const whom = study.walkers.length > 1 ? study.say("matrix_for", { walker }) : "";
  const stage = state.stage ? study.say("proposal_before") : ""; /* proposals have no row in it */
  const run = study.isAsJudged() ? "" : study.say("as_judged");
  byId("drawer-size").textContent = [size, whom, stage, run].filter(Boolean).join(" · ");
}

/**
 * The cell that is pointed at, or has the focus, is told beside the table and lit on the map.
 * @param {Study} study
 * @param {Store} store
 * @param {HTMLTableElement} table
 */
function listenTo(study, store, table) {
  const words = byId("drawer-words");
  const tell = (/** @type {Event} */ event) => {
    const at = /** @type {Element} */ (event.target).closest("td");
    const [t, s] = at ? [Number(at.dataset.station), Number(at.dataset.service)] : [-1, -1];
    words.replaceChildren(html("span", {}, at ? at.getAttribute("aria-label") : hintOf(study)));
    if (at) words.append(html("span", { class: "homes" }, tellHomes(study, t, s)));
    words.classList.toggle("said", Boolean(at));
    store.set({ cell: at ? t * study.services.length + s : -1 });
  };
  table.addEventListener("mouseover", tell);
  table.addEventListener("mouseleave", tell);
  table.addEventListener("focusin", tell);
  table.addEventListener("focusout", () => store.set({ cell: -1 }));
}
