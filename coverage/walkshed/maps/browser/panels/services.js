/* The service buttons, and every service on paper, where there are no buttons. */
import { byId, grouped, html } from "../shared/elements.js";
import { inSentence, sureOf } from "./headline.js";
/** @import { NamedService, Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/** @param {Study} study @param {Store} store */
export function showServices(study, store) {
  /** @type {HTMLButtonElement[]} */
  let buttons = [];

  /** @param {State} state */
  function press(state) {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === state.service)));
    /** @type {NodeListOf<HTMLElement>} */
    const rows = document.querySelectorAll("#summary [data-service]");
    rows.forEach((row) => row.classList.toggle("chosen", Number(row.dataset.service) === state.service));
  }

  /** @param {State} state */
  function show(state) {
    const focused = buttons.findIndex((button) => button === document.activeElement);
    buttons = study.services.map((_, index) => makeButton(study, store, index));
    const checked = buttons.some((button) => button.querySelector(".count.doubt"));
    byId("services-hint").textContent = study.say(checked ? "services_check" : "services_hint");
    byId("service-list").replaceChildren(...buttons);
    if (focused >= 0) buttons[focused].focus({ preventScroll: true });
    summarize(study);
    press(state);
  }

  store.listen((state, changed) =>
    ["language", "shown"].some((key) => changed.has(key)) ? show(state) : press(state),
  );
  show(store.state);
}

/** @param {Study} study @param {Store} store @param {number} index */
function makeButton(study, store, index) {
  const { kind, count, spoken } = countOf(study, study.totals(index));
  return html(
    "button",
    {
      type: "button",
      class: "service",
      "data-service": index,
      "aria-label": spoken,
      on: { click: () => store.set({ service: index }) },
    },
    html("span", { class: "service-name" }, study.services[index].name),
    html("span", { class: `count ${kind}` }, count),
  );
}

/**
 * The count on a button, its kind, and what is spoken of it: blocks that fail, else those to be checked, else why there
 * is none.
 * @param {Study} study
 * @param {NamedService} service
 */
function countOf(study, service) {
  const sure = sureOf(service);
  const n = sure || service.blocks_in_doubt;
  const { name } = service;
  if (service.blocks_failing > 0 || service.blocks_unknown === 0) {
    const unsure = service.blocks_in_doubt ? "doubt" : "none";
    const kind = sure ? "" : unsure;
    const said = kind === "doubt" ? "check_of_service" : "failing_of_service";
    return { kind, count: grouped(n), spoken: study.say(said, { service: name, n }) };
  }
  const why = study.unjudgedName(service.unjudged || "not_surveyed");
  const unjudged = inSentence(why);
  if (!service.blocks_served) {
    return { kind: "unknown", count: why, spoken: study.say("nobody_surveyed", { service: name, n, why: unjudged }) };
  }
  const known = study.say("area_served", { n: service.blocks_served });
  const both = study.say("pair_of_facts", { one: known, other: unjudged });
  return { kind: "unknown", count: known, spoken: study.say("nobody_surveyed", { service: name, n, why: both }) };
}

/**
 * Every service on paper, where there are no buttons.
 * @param {Study} study
 */
function summarize(study) {
  const people = study.study.has_people;
  const checked = study.services.some((_, index) => study.totals(index).blocks_in_doubt);
  const head = (/** @type {string} */ word) => html("th", {}, study.say(word));
  byId("summary").replaceChildren(
    html(
      "thead",
      {},
      html(
        "tr",
        {},
        head("services"),
        people ? head("people_column") : "",
        head("blocks_column"),
        checked ? head("check_column") : "",
      ),
    ),
    html(
      "tbody",
      {},
      study.services.map((_, index) => summaryRow(study, index, checked)),
    ),
  );
}

/** @param {Study} study @param {number} index @param {boolean} checked */
function summaryRow(study, index, checked) {
  const service = study.totals(index);
  const judged = service.blocks > service.blocks_unknown;
  const cell = (/** @type {number} */ count) => html("td", {}, judged ? grouped(count) : "–");
  return html(
    "tr",
    { "data-service": index },
    html("th", {}, service.name),
    study.study.has_people ? cell(service.people_left_out - service.people_in_doubt) : "",
    html("td", {}, judged ? grouped(sureOf(service)) : study.unjudgedName(service.unjudged)),
    checked ? cell(service.blocks_in_doubt) : "",
  );
}
