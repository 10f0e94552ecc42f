/* The legend: how blocks look, what marks stand for, and the lines. */
import { byId, html, svg } from "../shared/elements.js";
import { LOOKS, swatch, tierMark, TIERS } from "../shared/marks.js";
import { actMark } from "./proposals.js";
/** @import { Attributes, Study } from "../types" */
/** @import { Store } from "../shared/store.js" */

const SELDOM = ["doubt", "by_list", "closed"]; /* only where there is one */

/** @param {Study} study @param {Store} store */
export function showLegend(study, store) {
  const show = () => byId("legend-body").replaceChildren(...legend(study));
  store.listen((_, changed) => (changed.has("language") || changed.has("shown")) && show());
  show();
}

/** @param {Element} mark @param {string} text */
const item = (mark, text) => html("li", {}, mark, html("span", {}, text));

/** @param {Attributes} attributes */
const line = (attributes) =>
  svg(
    "svg",
    { width: 26, height: 15, "aria-hidden": "true" },
    svg("line", { x1: 1, y1: 7.5, x2: 25, y2: 7.5, ...attributes }),
  );

/** @param {Study} study */
const legend = (study) => [
  html("ul", { class: "looks" }, looks(study)),
  html("ul", { class: "tiers" }, stations(study), lines(study), proposed(study)),
  html("p", { class: "note" }, study.say("legend_note")),
];

/** @param {Study} study */
function looks(study) {
  const seen = new Set();
  study.blocks.forEach((_, b) => study.services.forEach((__, s) => seen.add(study.lookAt(b, s))));
  const isShown = (/** @type {string} */ look) =>
    seen.has(look) || !SELDOM.includes(look) || (look === "closed" && study.week);
  return LOOKS.filter(isShown).map((look) => item(swatch(look, 26, 15), study.lookName(look)));
}

/** @param {Study} study */
function stations(study) {
  const tiers = new Set(study.stations.map((station) => station.tier));
  const offerMark = (/** @type {string} */ tier) => {
    const mark = tierMark(tier, 26, 21);
    mark.setAttribute("class", "offers");
    return mark;
  };
  const pale = svg(
    "svg",
    { width: 26, height: 16, viewBox: "-13 -8 26 16", "aria-hidden": "true" },
    svg("circle", { class: "shape", r: 5 }),
  );
  const marks = TIERS.filter((tier) => tiers.has(tier)).map((tier) => item(offerMark(tier), study.called("tier", tier)));
  return [...marks, item(pale, study.say("offers_not"))];
}

/** @param {Study} study */
function lines(study) {
  const link = { stroke: "var(--link)", "stroke-width": 1.2, "stroke-dasharray": "1 4", "stroke-linecap": "round" };
  const edge = { stroke: "var(--doubt)", "stroke-width": 1, "stroke-dasharray": "7 3 1 3" };
  return [
    study.stations.some((station) => station.parent >= 0) ? item(line(link), study.say("link")) : "",
    study.background.edge ? item(line(edge), study.say("data_edge")) : "",
    item(line({ stroke: "var(--reach)", "stroke-width": 2.6 }), study.say("reached")),
  ];
}

/**
 * What the marks of a plan stand for, where there is one.
 * @param {Study} study
 */
function proposed(study) {
  const acts = new Set(study.proposals ? study.proposals.rows.map((row) => row.act) : []);
  if (!acts.size) return [];
  const frame = svg(
    "svg",
    { width: 26, height: 16, "aria-hidden": "true" },
    svg("rect", { class: "after-frame", x: 2, y: 2, width: 22, height: 12 }),
  );
  return [
    ...[...acts].map((act) => item(actMark(act), study.say(`act_${act}`))),
    item(frame, study.say("proposal_changed")),
  ];
}
