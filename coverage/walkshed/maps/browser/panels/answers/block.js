/* One block explained: who lives there, what was judged of it by each service, and its walk. */
import { tellWalk } from "../../map/walk.js";
import { grouped, html } from "../../shared/elements.js";
import { swatch } from "../../shared/marks.js";
import { ledgerLines } from "./ledgers.js";
import { runSaid, triedIn } from "../shown.js";
import { tellWeek } from "../week.js";
import { back } from "./station.js";
/** @import { Judged, Study } from "../../types" */
/** @import { State, Store } from "../../shared/store.js" */

/**
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
export function tellBlock(study, store, state) {
  return [
    back(study, store),
    html(
      "div",
      { class: "subject" },
      html("h2", {}, study.blocks[state.block].name),
      html("p", { class: "facts" }, factsOf(study, state.block).filter(Boolean).join(" · ")),
      ledgerLines(study, "blocks", state.block),
    ),
    asOfRun(study, state),
    verdict(study, store, state),
    tellWalk(study, state),
    tellWeek(study, state),
    html("h3", {}, study.say("other_services")),
    html(
      "ul",
      { class: "verdicts" },
      study.services.map((_, service) => (service === state.service ? "" : otherVerdict(study, store, state, service))),
    ),
  ];
}

/** @param {Study} study @param {number} block */
function factsOf(study, block) {
  const subject = study.blocks[block];
  const groups = Object.entries(subject.groups).map(
    ([name, count]) => `${study.called("group", name)} ${grouped(count)}`,
  );
  return [
    study.called("kind", subject.kind),
    subject.kind_rule && subject.kind_rule !== "given" ? study.say("kind_rule", { rule: subject.kind_rule }) : "",
    ...subject.flags.map((flag) => study.called("flag", flag)),
    peopleOf(study, block),
    ...groups,
    study.called("exit", subject.exit_kind),
    subject.place,
  ];
}

/**
 * How many live there, and who says so; nothing in a public page.
 * @param {Study} study
 * @param {number} block
 */
function peopleOf(study, block) {
  const { people, people_source: source } = study.blocks[block];
  if (people === null) return study.study.public ? "" : study.say("no_people");
  return study.say("aside", { what: study.say("people", { n: people }), aside: study.called("people_source", source) });
}

/**
 * Where the page shows something else than the run, that comes first, with its own figures; what the run said of the
 * block is said to be the run's.
 * @param {Study} study
 * @param {State} state
 */
function asOfRun(study, state) {
  if (study.isAsJudged()) return "";
  const { block, service } = state;
  const now = study.judgment(block, service);
  const counted = study.isTrying() && study.countsBlocks && now.people;
  const figures = counted ? [study.say("served_of", { n: now.served, all: now.people })] : [];
  const told = [study.lookOf(block, service), ...figures].join(" · ");
  return html(
    "p",
    { class: "as-of-run" },
    html("strong", {}, study.say("pair", { name: triedIn(study, state).join(" · "), what: told })),
    html("span", {}, runSaid(study, state)),
  );
}

/**
 * What the run said of the block by the chosen service.
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
function verdict(study, store, state) {
  const chosen = study.judged(state.block, state.service);
  const look = study.lookJudged(state.block, state.service);
  const what = { name: study.services[state.service].name, what: study.called("verdict", chosen.verdict) };
  return html(
    "div",
    { class: `verdict ${look}` },
    html("p", { class: "what" }, swatch(look, 22, 14), html("span", {}, study.say("pair", what))),
    html("p", { class: "reason" }, chosen.reason),
    numbers(study, store, chosen),
    chosen.rule ? html("p", { class: "numbers" }, `${study.say("rule")} `, study.ruleName(chosen.rule)) : "",
    chosen.cure ? html("p", { class: "cure" }, chosen.cure) : "",
  );
}

/** @param {Study} study @param {Store} store @param {Judged} judgment */
function numbers(study, store, { people, served, nearest }) {
  const counted = study.countsBlocks && people ? study.say("served_of", { n: served, all: people }) : "";
  const line = html("p", { class: "numbers" }, counted);
  if (nearest < 0) return line;
  const standing = nearest < study.stations.length;
  const station = standing ? linkTo(study, store, nearest) : study.station(nearest).name;
  line.append(counted ? " · " : "", `${study.say("nearest")} `, station);
  return line;
}

/** @param {Study} study @param {Store} store @param {number} station */
const linkTo = (study, store, station) =>
  html(
    "button",
    { type: "button", class: "link", "data-station": station, on: { click: () => store.set({ station, block: -1 }) } },
    study.stations[station].name,
  );

/** @param {Study} study @param {Store} store @param {State} state @param {number} service */
function otherVerdict(study, store, state, service) {
  const judgment = study.judged(state.block, service);
  const asJudged = study.isAsJudged();
  const now = asJudged ? study.called("verdict", judgment.verdict) : study.lookOf(state.block, service);
  const name = html(
    "button",
    { type: "button", class: "name link", on: { click: () => store.set({ service }) } },
    study.services[service].name,
  );
  return html(
    "li",
    { "data-service": service },
    swatch(study.lookAt(state.block, service), 18, 12),
    html("p", {}, name, ` ${now}`),
    asJudged ? html("p", { class: "reason" }, judgment.reason) : "",
    asJudged && judgment.cure ? html("p", { class: "cure" }, judgment.cure) : "",
  );
}
