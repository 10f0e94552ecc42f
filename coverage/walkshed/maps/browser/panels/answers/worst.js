/* The right-hand list: the worst blocks of a service, or its communities, or every block. */
import { html } from "../../shared/elements.js";
import { areaList, caveats, listSwitch } from "./areas.js";
import { ledgerTables, ordersHint, orderSwitch } from "./ledgers.js";
import { planTold } from "../proposals.js";
import { blockTable } from "./table.js";
/** @import { Judged, NamedService, Study } from "../../types" */
/** @import { State, Store } from "../../shared/store.js" */

/**
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
export function tellWorst(study, store, state) {
  const asJudged = !study.isTrying(); /* at another moment that the page cannot count: still the run's list */
  if (state.list === "areas" && asJudged) return listed(study, store, state, areaList);
  if (state.list === "all") return listed(study, store, state, blockTable);
  const service = study.totals(state.service);
  const orders = state.order === "orders" && asJudged ? service.by_orders : undefined;
  const items = (orders || service.worst).map((block) => entry(study, store, state, block));
  const more = service.blocks_failing - items.length;
  return [
    planTold(study, state),
    html("h2", {}, study.say("worst")),
    listSwitch(study, store, state),
    asJudged && service.by_orders ? orderSwitch(study, store, state) : "",
    items.length ? html("p", { class: "hint" }, hintOf(study, service, Boolean(orders))) : "",
    items.length
      ? html("ol", { class: "worst" }, items)
      : html("p", { class: "empty" }, study.say(emptyWord(service))),
    html(
      "p",
      { class: "hint more", "data-failing": service.blocks_failing, hidden: more <= 0 },
      study.say("more_failing", { n: more }),
    ),
    ledgerTables(study),
    caveats(study),
  ];
}

/**
 * Communities, or every block.
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 * @param {(study: Study, store: Store, state: State) => HTMLElement} list
 */
const listed = (study, store, state, list) => [
  html("h2", {}, study.say(list === areaList ? "by_area" : "all_blocks")),
  listSwitch(study, store, state),
  list(study, store, state),
  ledgerTables(study),
  caveats(study),
];

/** @param {Study} study @param {Store} store @param {State} state @param {number} block */
function entry(study, store, state, block) {
  const judgment = study.judgment(block, state.service);
  const asJudged = !study.isTrying();
  const left = judgment.people - judgment.served;
  const out = study.countsBlocks ? html("span", { class: "out" }, study.say("people_out", { n: left })) : html("span");
  return html(
    "li",
    { class: asJudged ? study.lookJudged(block, state.service) : study.lookAt(block, state.service) },
    html(
      "button",
      { type: "button", "data-block": block, on: { click: () => store.set({ block, station: -1 }) } },
      html("span", { class: "name" }, study.blocks[block].name),
      out,
      html("span", { class: "reason" }, reasonOf(study, judgment, state)),
      judgment.cure && asJudged ? html("span", { class: "cure" }, judgment.cure) : "",
    ),
  );
}

/**
 * Under one limit for all, or at another moment, the run's sentence would name another; what was measured stays, but
 * where stations were moved or closed.
 * @param {Study} study
 * @param {Judged} judgment
 * @param {State} state
 */
function reasonOf(study, judgment, state) {
  if (!study.isTrying()) return judgment.reason;
  const { block, service, nearest, nearestM } = judgment;
  if (state.stated === null || state.trial || nearest < 0) return study.lookOf(block, service);
  return study.say("limit_reason", { name: study.station(nearest).name, limit: state.stated, n: nearestM });
}

/** @param {Study} study @param {NamedService} service @param {boolean} byOrders */
function hintOf(study, service, byOrders) {
  const sorted = study.say(study.study.has_people ? "worst_hint" : "worst_hint_blocks");
  const hints = [byOrders ? ordersHint(study) : sorted];
  if (service.blocks_in_doubt && !byOrders) hints.push(study.say("doubt_last"));
  return hints.join(" · ");
}

/**
 * Why the list is empty.
 * @param {NamedService} service
 */
function emptyWord(service) {
  if (!service.blocks_unknown) return "none_failing";
  if (service.unjudged === "no_standard") return "no_standard_here";
  return service.blocks_served ? "rest_unknown" : "none_surveyed";
}
