/* The right-hand list by community and subdistrict, and what must be said beside every answer. */
import { html } from "../shared/elements.js";
import { swatch } from "../shared/marks.js";

/* Which list is shown: the worst blocks, all of them, or communities where blocks name them; areas are of the run. */
export function listSwitch(study, store, state) {
  const byArea = study.areas.length > 0 && !study.isTrying();
  const chosen = state.list === "areas" && !byArea ? "blocks" : state.list;
  const button = (list) =>
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

/* Every area with what the service misses there; the chosen one with its blocks, worst first as in the payload. */
export function areaList(study, store, state) {
  const say = study.say;
  const people = study.study.has_people;
  const items = study.areas.map((area, index) => {
    const totals = area.services[state.service];
    const facts = [
      totals.failing
        ? say("area_failing", { n: totals.failing, all: area.blocks.length })
        : say("area_blocks", { n: area.blocks.length }),
      say("area_served", { n: totals.served }),
      totals.check ? say("area_check", { n: totals.check }) : "",
      totals.unknown
        ? say("area_unknown", { n: totals.unknown, why: study.unjudgedName(totals.unjudged).toLowerCase() })
        : "",
    ];
    const open = state.area === index;
    return html(
      "li",
      { class: totals.failing ? "not_served" : totals.check ? "doubt" : totals.unknown ? "unknown" : "served" },
      html(
        "button",
        {
          type: "button",
          "data-area": index,
          "aria-expanded": String(open),
          on: { click: () => store.set({ area: open ? -1 : index }) },
        },
        html("span", { class: "name" }, [area.name, area.unnamed ? say("area_none") : ""].filter(Boolean).join(" · ")),
        people && totals.left_out !== null
          ? html("span", { class: "out" }, say("people_out", { n: totals.left_out }))
          : html("span"),
        html("span", { class: "reason" }, facts.filter(Boolean).join(" · ")),
      ),
      open
        ? html(
            "ul",
            { class: "members" },
            area.blocks.map((block) => member(study, store, state, block)),
          )
        : "",
    );
  });
  return html("ol", { class: "worst areas" }, items);
}

function member(study, store, state, index) {
  const judgment = study.judged(index, state.service);
  const look = study.lookJudged(index, state.service);
  return html(
    "li",
    { class: look },
    swatch(look, 16, 11),
    html(
      "button",
      {
        type: "button",
        class: "link",
        "data-block": index,
        on: { click: () => store.set({ block: index, station: -1 }) },
      },
      study.blocks[index].name,
    ),
    html("span", {}, study.called("verdict", judgment.verdict)),
  );
}

/* What the study says of itself: unverified stations, and what its data lacks. */
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
