/* The masthead: what the study is, who is left out, and by which rule. */
import { byId, grouped, html, tenthsText, writeNumbersLike } from "../shared/elements.js";
import { figuresOf } from "./shown.js";
/** @import { NamedService, Study } from "../types" */
/** @import { State, Store } from "../shared/store.js" */

/** @param {Study} study */
export function showStudy(study) {
  writeNumbersLike(study.say("number"));
  /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-word]")).forEach((element) => {
    element.textContent = study.say(String(element.dataset.word));
  });
  const { name, scenario, illustrative, unverified, country } = study.study;
  byId("study-name").textContent = scenario ? `${name} · ${scenario}` : name;
  const invented = byId("invented");
  invented.hidden = !illustrative && !unverified;
  invented.textContent = study.say(unverified ? "unverified" : "invented");
  const open = byId("public");
  open.hidden = !study.study.public;
  open.textContent = study.say(!country || country.reviews_maps ? "public" : "public_elsewhere");
  byId("colophon").replaceChildren(...factsOf(study).map((fact) => html("span", {}, fact)));
  document.title = `${name} · ${study.say("title")}`;
  document.documentElement.lang = study.say("html_lang");
}

/**
 * Whom the data are from, and of when.
 * @param {Study} study
 */
function factsOf(study) {
  const { attribution, country } = study.study;
  const tiles = study.tiles ? study.tiles[0].attribution : "";
  const credits = [...new Set([attribution, tiles])];
  const internal = !country || country.reviews_maps ? study.say("internal") : "";
  return [...credits, date(study), whose(study), internal, "Leaflet"].filter(Boolean);
}

/** @param {string} name */
export const inSentence = (name) => name.charAt(0).toLowerCase() + name.slice(1);

/**
 * Blocks that fail, without those to be checked.
 * @param {NamedService} service
 */
export const sureOf = (service) => service.blocks_failing - service.blocks_in_doubt;

/**
 * The country whose holidays count, in the language of the page.
 * @param {Study} study
 */
function whose(study) {
  const { country } = study.study;
  if (!country) return "";
  const name = country.names[study.say("html_lang").slice(0, 2)] || country.names.en || country.names.code;
  return study.say("country", { name: `${name} (${country.names.code})` });
}

/** @param {Study} study */
function date(study) {
  return study.study.data_date ? study.say("data_date", { date: study.study.data_date }) : study.say("no_data_date");
}

/** @param {Study} study @param {Store} store */
export function showHeadline(study, store) {
  const parts = {
    subject: html("p", { class: "subject" }),
    figures: html("div", { class: "figures" }),
    balance: html("div", { class: "balance", "aria-hidden": "true" }),
    rules: html("div", { class: "rules" }),
    notes: html("div", { class: "notes" }),
  };
  /* the slider of limit.js stands beside the rule, and stays where it is while it is dragged */
  const limit = document.getElementById("limit"); /* none in a public page */
  const trace = html("div", { class: "trace" }, html("div", { class: "rule-line" }, parts.rules, limit), parts.notes);
  const sums = html("div", { class: "sums" }, parts.subject, parts.figures, parts.balance);
  byId("headline").replaceChildren(sums, trace);

  /** @param {State} state */
  function show(state) {
    const service = study.totals(state.service);
    const counted = countOf(study, service);
    parts.subject.textContent = subjectOf(study, state);
    parts.figures.replaceChildren(...figures(study, service, counted));
    parts.balance.replaceChildren(...balance(counted));
    parts.rules.replaceChildren(rules(study, service, state));
    parts.notes.replaceChildren(...notes(study, service, counted), ...asides(study, state), provenance(study, state));
  }

  store.listen((state, changed) => ["service", "language", "shown"].some((key) => changed.has(key)) && show(state));
  show(store.state);
}

/** @param {Study} study @param {State} state */
function subjectOf(study, state) {
  const service = study.services[state.service].name;
  const aside = figuresOf(study, state).join(" · ");
  return aside ? study.say("aside", { what: service, aside }) : service;
}

/**
 * People, or blocks where nobody is counted: what is to be checked stands apart, so that out, to be checked, served and
 * not judged are all of them. Where nobody fails because nobody has looked, a red 0 would be a false comfort.
 * @param {Study} study
 * @param {NamedService} service
 */
function countOf(study, service) {
  const people = study.study.has_people;
  const left = people ? service.people_left_out : service.blocks_failing;
  const inside = people ? service.people_served : service.blocks_served;
  const doubted = people ? service.people_in_doubt : service.blocks_in_doubt;
  const unknown = people ? service.people_unknown : service.blocks_unknown;
  const out = left - doubted;
  const isUnsurveyed = !out && unknown > 0;
  return { unit: people ? "people" : "blocks", judged: left + inside, inside, doubted, unknown, out, isUnsurveyed };
}

/** @typedef {ReturnType<typeof countOf>} Counted */

/** @param {string} kind @param {number} number @param {string} name @param {string} [small] */
const figure = (kind, number, name, small) =>
  html(
    "div",
    { class: `figure ${kind}` },
    html("span", { class: "number" }, grouped(number), small ? html("small", {}, small) : ""),
    html("span", { class: "name" }, name),
  );

/** @param {Study} study @param {NamedService} service @param {Counted} counted */
function figures(study, service, counted) {
  const { unit, doubted, out, isUnsurveyed } = counted;
  const shown = [figure("in", counted.inside, study.say(`served_${unit}`))];
  if (doubted) shown.unshift(figure("doubt", doubted, study.say(`check_${unit}`)));
  if (isUnsurveyed && !doubted) {
    shown.unshift(figure("unsurveyed", counted.unknown, study.say(`unjudged_${service.unjudged}_${unit}`)));
  } else if (out || !doubted) {
    shown.unshift(figure("out", out, study.say(`left_out_${unit}`), shareOf(study, counted)));
  }
  /* the four numbers are all people: who is not judged is the last of them */
  if (counted.unknown && (doubted || !isUnsurveyed)) {
    shown.push(figure("unsurveyed", counted.unknown, study.say(`unjudged_${service.unjudged}_${unit}`)));
  }
  if (study.study.has_people) {
    const judged = study.say("of_blocks", { n: service.blocks - service.blocks_unknown });
    shown.push(figure("failing", sureOf(service), study.say("failing_blocks"), judged));
  }
  return shown;
}

/** @param {Study} study @param {Counted} counted */
function shareOf(study, { judged, unknown, out }) {
  const of = unknown ? "share_of_judged" : "share_of_people";
  return judged ? study.say(of, { share: tenthsText((100 * out) / judged) }) : "";
}

/**
 * The bar is of everybody: where three of a thousand blocks are known it is not full.
 * @param {Counted} counted
 */
function balance({ judged, inside, doubted, unknown, out }) {
  const all = judged + unknown;
  const part = (/** @type {string} */ kind, /** @type {number} */ count) => bar(kind, all ? (100 * count) / all : 0);
  return [part("out", out), part("doubted", doubted), part("in", inside), part("unjudged", unknown)];
}

/**
 * Widths are set by script, since a style attribute would need a looser security policy.
 * @param {string} kind
 * @param {number} percent
 */
function bar(kind, percent) {
  const element = html("span", { class: kind });
  element.style.width = `${percent}%`;
  return element;
}

/** @param {Study} study @param {NamedService} service @param {State} state */
function rules(study, service, state) {
  if (state.stated !== null) return html("p", {}, study.say("limit_rule", { n: state.stated }));
  if (!service.rules.length) return html("p", {}, study.say("no_rule"));
  return html(
    "p",
    {},
    service.rules.map((rule) => html("span", { class: "rule" }, study.ruleName(rule))),
  );
}

/**
 * What the figures are not of, though the map is, or though somebody may think so.
 * @param {Study} study
 * @param {State} state
 */
function asides(study, state) {
  const lines = [];
  if (state.time >= 0 && !study.isTrying()) lines.push(html("p", { class: "note" }, study.say("as_of_figures")));
  /* of buttons and sliders, which paper has not */
  if (state.stage) lines.push(html("p", { class: "note of-tools" }, study.say("after_as_judged")));
  return lines;
}

/** @param {Study} study @param {NamedService} service @param {Counted} counted */
function notes(study, service, { isUnsurveyed, doubted }) {
  const lines = [];
  const unit = study.countsBlocks ? "people" : "blocks";
  /* those that are not judged may stand among the figures already */
  const isTold = isUnsurveyed && !doubted;
  if (service.blocks_in_doubt) {
    lines.push(study.say(`in_doubt_${unit}`, { people: service.people_in_doubt, blocks: service.blocks_in_doubt }));
  }
  if (service.blocks_unknown && !(isTold && !study.study.has_people)) {
    const why = inSentence(study.unjudgedName(service.unjudged));
    const word = isTold ? "unknown_there" : `unknown_${unit}`;
    lines.push(study.say(word, { people: service.people_unknown, blocks: service.blocks_unknown, why }));
  }
  if (!study.isTrying()) lines.push(...notesOfRun(study, service));
  return lines.map((line) => html("p", { class: "note" }, line));
}

/**
 * What only the run tells of a service: by the other way to measure, and who comes from elsewhere.
 * @param {Study} study
 * @param {NamedService} service
 */
function notesOfRun(study, service) {
  const lines = [];
  if (service.passing_otherwise !== null) {
    const other = service.rules.some((rule) => rule.metric === "radius") ? "by_foot" : "by_radius";
    lines.push(study.say(other, { n: service.passing_otherwise }));
  }
  const [visitors, served] = service.visitors;
  if (visitors && served !== null) lines.push(study.say("visitors", { visitors, served }));
  return lines;
}

/**
 * What stands behind all figures; the moment of the run is theirs until another one is tried.
 * @param {Study} study
 * @param {State} state
 */
function provenance(study, state) {
  const atAnother = state.time >= 0 && study.isTrying();
  const facts = [
    study.say("min_share", { share: Math.round(100 * study.study.min_share) }),
    study.say(`people_source_${study.study.people_source}`),
    study.study.people_total_source,
    atAnother ? "" : study.study.judged_at[study.language],
    date(study),
  ];
  /* a line breaks between two facts, and not within a date */
  const told = facts.filter(Boolean);
  const last = told.length - 1;
  return html(
    "p",
    {},
    told.flatMap((fact, i) => [html("span", { class: "fact" }, i < last ? `${fact} ·` : fact), i < last ? " " : ""]),
  );
}
