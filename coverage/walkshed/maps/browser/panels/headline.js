/* The masthead (who is left out, by which rule), the service buttons and the legend. */
import { byId, grouped, html, svg, tenthsText, writeNumbersLike } from "../shared/elements.js";
import { LOOKS, swatch, tierMark, TIERS } from "../shared/marks.js";
import { actMark } from "./proposals.js";
import { figuresOf } from "./shown.js";

/* Blocks that fail, without those to be checked. */
const sureOf = (service) => service.blocks_failing - service.blocks_in_doubt;

export function showStudy(study) {
  writeNumbersLike(study.say("number"));
  /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-word]")).forEach((element) => {
    element.textContent = study.say(element.dataset.word);
  });
  const { name, scenario } = study.study;
  byId("study-name").textContent = scenario ? `${name} · ${scenario}` : name;
  const invented = byId("invented");
  invented.hidden = !study.study.illustrative && !study.study.unverified;
  invented.textContent = study.say(study.study.unverified ? "unverified" : "invented");
  const open = byId("public");
  open.hidden = !study.study.public;
  const { country } = study.study;
  const reviewed = !country || country.reviews_maps;
  open.textContent = study.say(reviewed ? "public" : "public_elsewhere");
  const tiles = study.tiles ? study.tiles[0].attribution : "";
  const credits = [...new Set([study.study.attribution, tiles])];
  const internal = reviewed ? study.say("internal") : "";
  const facts = [...credits, date(study), whose(study), internal, "Leaflet"];
  byId("colophon").replaceChildren(...facts.filter(Boolean).map((fact) => html("span", {}, fact)));
  document.title = `${study.study.name} · ${study.say("title")}`;
  document.documentElement.lang = study.say("html_lang");
}

const inSentence = (name) => name.charAt(0).toLowerCase() + name.slice(1);

/* The country whose holidays count, in the language of the page. */
function whose(study) {
  const { country } = study.study;
  if (!country) return "";
  const name = country.names[study.say("html_lang").slice(0, 2)] || country.names.en || country.names.code;
  return study.say("country", { name: `${name} (${country.names.code})` });
}

function date(study) {
  return study.study.data_date ? study.say("data_date", { date: study.study.data_date }) : study.say("no_data_date");
}

export function showHeadline(study, store) {
  const place = byId("headline");
  const people = study.study.has_people;
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
  place.replaceChildren(sums, trace);

  function figure(kind, number, name, small) {
    return html(
      "div",
      { class: `figure ${kind}` },
      html("span", { class: "number" }, grouped(number), small ? html("small", {}, small) : ""),
      html("span", { class: "name" }, name),
    );
  }

  function subject(state) {
    const service = study.services[state.service].name;
    const aside = figuresOf(study, state).join(" · ");
    return aside ? study.say("aside", { what: service, aside }) : service;
  }

  function show(state) {
    const service = study.totals(state.service);
    /* what is to be checked stands apart: out, to be checked, served and not judged are all of them */
    const left = people ? service.people_left_out : service.blocks_failing;
    const inside = people ? service.people_served : service.blocks_served;
    const doubted = people ? service.people_in_doubt : service.blocks_in_doubt;
    const out = left - doubted;
    const all = left + inside;
    const unit = people ? "people" : "blocks";
    const unknown = people ? service.people_unknown : service.blocks_unknown;
    const of = unknown ? "share_of_judged" : "share_of_people";
    const share = all ? study.say(of, { share: tenthsText((100 * out) / all) }) : "";
    /* where nobody fails because nobody has looked, a red 0 would be a false comfort */
    const unsurveyed = !out && unknown;
    const first = unsurveyed
      ? figure("unsurveyed", unknown, study.say(`unjudged_${service.unjudged}_${unit}`))
      : figure("out", out, study.say(`left_out_${unit}`), share);
    const check = doubted ? [figure("doubt", doubted, study.say(`check_${unit}`))] : [];
    const figures = [...(out || !doubted ? [first] : []), ...check, figure("in", inside, study.say(`served_${unit}`))];
    if (people) {
      const judged = study.say("of_blocks", { n: service.blocks - service.blocks_unknown });
      figures.push(figure("failing", sureOf(service), study.say("failing_blocks"), judged));
    }
    /* the bar is of everybody: where three of a thousand blocks are known it is not full */
    const part = (kind, count) => svgBar(kind, all + unknown ? (100 * count) / (all + unknown) : 0);
    parts.subject.textContent = subject(state);
    parts.figures.replaceChildren(...figures);
    parts.balance.replaceChildren(
      part("out", out),
      part("doubted", doubted),
      part("in", inside),
      part("unjudged", unknown),
    );
    parts.rules.replaceChildren(rules(service, state));
    const counted = unsurveyed && !doubted;
    parts.notes.replaceChildren(...notes(service, counted), ...asides(study, state), provenance(study, state));
  }

  /* Widths are set by script, since a style attribute would need a looser security policy. */
  function svgBar(kind, percent) {
    const element = html("span", { class: kind });
    element.style.width = `${percent}%`;
    return element;
  }

  function rules(service, state) {
    if (state.stated !== null) return html("p", {}, study.say("limit_rule", { n: state.stated }));
    if (!service.rules.length) return html("p", {}, study.say("no_rule"));
    return html(
      "p",
      {},
      service.rules.map((rule) => html("span", { class: "rule" }, study.ruleName(rule))),
    );
  }

  /* ``counted``: those that are not judged stand among the figures already. */
  function notes(service, counted) {
    const lines = [];
    const unit = study.countsBlocks ? "people" : "blocks";
    if (service.blocks_in_doubt) {
      lines.push(study.say(`in_doubt_${unit}`, { people: service.people_in_doubt, blocks: service.blocks_in_doubt }));
    }
    if (service.blocks_unknown && !(counted && !people)) {
      const why = inSentence(study.unjudgedName(service.unjudged));
      const word = counted ? "unknown_there" : `unknown_${unit}`;
      lines.push(study.say(word, { people: service.people_unknown, blocks: service.blocks_unknown, why }));
    }
    const asRun = !study.isTrying();
    if (asRun && service.passing_otherwise !== null) {
      const other = service.rules.some((rule) => rule.metric === "radius") ? "by_foot" : "by_radius";
      lines.push(study.say(other, { n: service.passing_otherwise }));
    }
    const [visitors, served] = service.visitors;
    if (asRun && visitors && served !== null) lines.push(study.say("visitors", { visitors, served }));
    return lines.map((line) => html("p", { class: "note" }, line));
  }

  store.listen((state, changed) => ["service", "language", "shown"].some((key) => changed.has(key)) && show(state));
  show(store.state);
}

/* What the figures are not of, though the map is, or though somebody may think so. */
function asides(study, state) {
  const lines = [];
  if (state.time >= 0 && !study.isTrying()) lines.push(html("p", { class: "note" }, study.say("as_of_figures")));
  /* of buttons and sliders, which paper has not */
  if (state.stage) lines.push(html("p", { class: "note of-tools" }, study.say("after_as_judged")));
  return lines;
}

/* The moment of the run is that of the figures, until another one is tried. */
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

export function showServices(study, store) {
  let buttons = [];
  const make = (_, index) => {
    const service = study.totals(index);
    const judged = service.blocks_failing > 0 || service.blocks_unknown === 0;
    const known = service.blocks_served
      ? study.say("area_served", { n: service.blocks_served })
      : study.unjudgedName(service.unjudged || "not_surveyed");
    const sure = sureOf(service);
    const count = judged ? grouped(sure || service.blocks_in_doubt) : known;
    const kind = !judged ? "unknown" : sure ? "" : service.blocks_in_doubt ? "doubt" : "none";
    const said = kind === "doubt" ? "check_of_service" : "failing_of_service";
    const unjudged = inSentence(study.unjudgedName(service.unjudged || "not_surveyed"));
    const spoken = study.say(judged ? said : "nobody_surveyed", {
      service: service.name,
      n: sure || service.blocks_in_doubt,
      why: service.blocks_served ? study.say("pair_of_facts", { one: known, other: unjudged }) : unjudged,
    });
    return html(
      "button",
      {
        type: "button",
        class: "service",
        "data-service": index,
        "aria-label": spoken,
        on: { click: () => store.set({ service: index }) },
      },
      html("span", { class: "service-name" }, service.name),
      html("span", { class: `count ${kind}` }, count),
    );
  };
  function press(state) {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === state.service)));
    /** @type {NodeListOf<HTMLElement>} */
    const rows = document.querySelectorAll("#summary [data-service]");
    rows.forEach((row) => row.classList.toggle("chosen", Number(row.dataset.service) === state.service));
  }

  function show(state) {
    const focused = buttons.indexOf(document.activeElement);
    buttons = study.services.map(make);
    const checked = buttons.some((button) => button.querySelector(".count.doubt"));
    byId("services-hint").textContent = study.say(checked ? "services_check" : "services_hint");
    byId("service-list").replaceChildren(...buttons);
    if (focused >= 0) buttons[focused].focus({ preventScroll: true });
    summarize();
    press(state);
  }

  /* Every service on paper, where there are no buttons. */
  function summarize() {
    const people = study.study.has_people;
    const cell = (tag, text) => html(tag, {}, text);
    const checked = study.services.some((_, index) => study.totals(index).blocks_in_doubt);
    byId("summary").replaceChildren(
      html(
        "thead",
        {},
        html(
          "tr",
          {},
          cell("th", study.say("services")),
          people ? cell("th", study.say("people_column")) : "",
          cell("th", study.say("blocks_column")),
          checked ? cell("th", study.say("check_column")) : "",
        ),
      ),
      html(
        "tbody",
        {},
        study.services.map((_, index) => {
          const service = study.totals(index);
          const judged = service.blocks > service.blocks_unknown;
          return html(
            "tr",
            { "data-service": index },
            cell("th", service.name),
            people ? cell("td", judged ? grouped(service.people_left_out - service.people_in_doubt) : "–") : "",
            cell("td", judged ? grouped(sureOf(service)) : study.unjudgedName(service.unjudged)),
            checked ? cell("td", judged ? grouped(service.blocks_in_doubt) : "–") : "",
          );
        }),
      ),
    );
  }

  store.listen((state, changed) =>
    ["language", "shown"].some((key) => changed.has(key)) ? show(state) : press(state),
  );
  show(store.state);
}

export function showLegend(study, store) {
  const show = () => byId("legend-body").replaceChildren(...legend(study));
  store.listen((_, changed) => (changed.has("language") || changed.has("shown")) && show());
  show();
}

/* What the marks of a plan stand for, where there is one. */
function proposed(study, item) {
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

function legend(study) {
  const looks = new Set();
  study.blocks.forEach((_, b) => study.services.forEach((__, s) => looks.add(study.lookAt(b, s))));
  const tiers = new Set(study.stations.map((station) => station.tier));
  const item = (mark, text) => html("li", {}, mark, html("span", {}, text));
  const line = (attributes) =>
    svg(
      "svg",
      { width: 26, height: 15, "aria-hidden": "true" },
      svg("line", { x1: 1, y1: 7.5, x2: 25, y2: 7.5, ...attributes }),
    );
  const offerMark = (tier) => {
    const mark = tierMark(tier, 26, 21);
    mark.setAttribute("class", "offers");
    return mark;
  };
  const pale = svg(
    "svg",
    { width: 26, height: 16, viewBox: "-13 -8 26 16", "aria-hidden": "true" },
    svg("circle", { class: "shape", r: 5 }),
  );
  return [
    html(
      "ul",
      { class: "looks" },
      LOOKS.filter(
        (look) => looks.has(look) || !["doubt", "by_list", "closed"].includes(look) || (look === "closed" && study.week),
      ).map((look) => item(swatch(look, 26, 15), study.lookName(look))),
    ),
    html(
      "ul",
      { class: "tiers" },
      TIERS.filter((tier) => tiers.has(tier)).map((tier) =>
        item(offerMark(tier), study.called("tier", tier)),
      ),
      item(pale, study.say("offers_not")),
      study.stations.some((station) => station.parent >= 0)
        ? item(
            line({ stroke: "var(--link)", "stroke-width": 1.2, "stroke-dasharray": "1 4", "stroke-linecap": "round" }),
            study.say("link"),
          )
        : "",
      study.background.edge
        ? item(line({ stroke: "var(--doubt)", "stroke-width": 1, "stroke-dasharray": "7 3 1 3" }), study.say("data_edge"))
        : "",
      item(line({ stroke: "var(--reach)", "stroke-width": 2.6 }), study.say("reached")),
      ...proposed(study, item),
    ),
    html("p", { class: "note" }, study.say("legend_note")),
  ];
}
