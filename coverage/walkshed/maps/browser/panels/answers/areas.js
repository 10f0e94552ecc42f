/* The right-hand list by community and subdistrict, and what must be said beside every answer. */
import { html } from "../../shared/elements.js";
import { swatch } from "../../shared/marks.js";
/** @import { Area, Told } from "../../payload" */
/** @import { Study } from "../../types" */
/** @import { State, Store } from "../../shared/store.js" */

/**
 * Which list is shown: the worst blocks, all of them, or communities where blocks name them; areas are of the run.
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
export function listSwitch(study, store, state) {
  const byArea = study.areas.length > 0 && !study.isTrying();
  const chosen = state.list === "areas" && !byArea ? "blocks" : state.list;
  const button = (/** @type {string} */ list) =>
    html(
      "button",
      {
        type: "button",
        "data-list": list,
        "aria-pressed": String(chosen === list),
        on: { click: () => store.set({ list, area: -1 }) },
      },
      study.say(`list_${list}`),
    );
  return html("div", { class: "limits switch", role: "group" }, button("blocks"), byArea ? button("areas") : "", button("all"));
}

/**
 * Every area with what the service misses there; the chosen one with its blocks, worst first as in the payload.
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
export const areaList = (study, store, state) =>
  html(
    "ol",
    { class: "worst areas" },
    study.areas.map((area, index) => areaItem(study, store, state, area, index)),
  );

/** @param {Study} study @param {Store} store @param {State} state @param {Area} area @param {number} index */
function areaItem(study, store, state, area, index) {
  const say = study.say;
  const totals = area.services[state.service];
  const open = state.area === index;
  const out =
    study.study.has_people && totals.left_out !== null
      ? html("span", { class: "out" }, say("people_out", { n: totals.left_out }))
      : html("span");
  return html(
    "li",
    { class: lookOf(totals) },
    html(
      "button",
      {
        type: "button",
        "data-area": index,
        "aria-expanded": String(open),
        on: { click: () => store.set({ area: open ? -1 : index }) },
      },
      html("span", { class: "name" }, [area.name, area.unnamed ? say("area_none") : ""].filter(Boolean).join(" · ")),
      out,
      html("span", { class: "reason" }, factsOf(study, area, totals).filter(Boolean).join(" · ")),
    ),
    open ? html("ul", { class: "members" }, area.blocks.map((block) => member(study, store, state, block))) : "",
  );
}

/** @param {Told} totals */
function lookOf({ failing, check, unknown }) {
  if (failing) return "not_served";
  if (check) return "doubt";
  return unknown ? "unknown" : "served";
}

/** @param {Study} study @param {Area} area @param {Told} totals */
function factsOf(study, { blocks }, { failing, served, check, unknown, unjudged }) {
  const say = study.say;
  const why = study.unjudgedName(unjudged).toLowerCase();
  return [
    failing ? say("area_failing", { n: failing, all: blocks.length }) : say("area_blocks", { n: blocks.length }),
    say("area_served", { n: served }),
    check ? say("area_check", { n: check }) : "",
    unknown ? say("area_unknown", { n: unknown, why }) : "",
  ];
}

/** @param {Study} study @param {Store} store @param {State} state @param {number} index */
function member(study, store, state, index) {
  const judgment = study.judged(index, state.service);
  const look = study.lookJudged(index, state.service);
  return html(
    "li",
    { class: look },
    swatch(look, 16, 11),
    blockButton(store, index, study.blocks[index].name),
    html("span", {}, study.called("verdict", judgment.verdict)),
  );
}

/**
 * The name of a block, which shows it.
 * @param {Store} store
 * @param {number} index
 * @param {string} name
 */
export const blockButton = (store, index, name) =>
  html(
    "button",
    {
      type: "button",
      class: "link",
      "data-block": index,
      on: { click: () => store.set({ block: index, station: -1 }) },
    },
    name,
  );

/**
 * What the study says of itself: unverified stations, and what its data lacks.
 * @param {Study} study
 */
export const caveats = (study) =>
  study.study.unverified || study.study.remarks.length
    ? html(
        "section",
        { class: "caveats" },
        html("h3", {}, study.say("caveats")),
        html(
          "ul",
          {},
          [study.study.unverified ? study.say("unverified") : "", ...study.study.remarks]
            .filter(Boolean)
            .map((caveat) => html("li", {}, caveat)),
        ),
      )
    : "";
