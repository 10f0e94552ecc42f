/* The right-hand column: the worst blocks, or one block explained, or one station and what it reaches. */
import { floorOf } from "../map/stations.js";
import { tellWalk } from "../map/walk.js";
import { byId, grouped, html, limitText, tenthsText } from "../shared/elements.js";
import { swatch } from "../shared/marks.js";
import { areaList, caveats, listSwitch } from "./areas.js";
import { ledgerLines, ledgerTables, ordersHint, orderSwitch } from "./ledgers.js";
import { planTold } from "./proposals.js";
import { runSaid, triedIn } from "./shown.js";
import { blockTable } from "./table.js";
import { tellWeek } from "./week.js";

export function showAnswers(study, store) {
  const place = byId("answers");
  const say = study.say;
  const people = study.countsBlocks;

  function worst(state) {
    const service = study.totals(state.service);
    const asJudged = !study.isTrying(); /* at another moment that the page cannot count: still the run's list */
    const byOrders = state.order === "orders" && asJudged && Boolean(service.by_orders);
    const items = (byOrders ? service.by_orders : service.worst).map((index) => {
      const judgment = study.judgment(index, state.service);
      return html(
        "li",
        { class: asJudged ? study.lookJudged(index, state.service) : study.lookAt(index, state.service) },
        html(
          "button",
          { type: "button", "data-block": index, on: { click: () => store.set({ block: index, station: -1 }) } },
          html("span", { class: "name" }, study.blocks[index].name),
          people
            ? html("span", { class: "out" }, say("people_out", { n: judgment.people - judgment.served }))
            : html("span"),
          html("span", { class: "reason" }, reasonOf(judgment, state)),
          judgment.cure && asJudged ? html("span", { class: "cure" }, judgment.cure) : "",
        ),
      );
    });
    const hints = [
      byOrders ? ordersHint(study) : say(study.study.has_people ? "worst_hint" : "worst_hint_blocks"),
    ];
    if (service.blocks_in_doubt && !byOrders) hints.push(say("doubt_last"));
    const more = service.blocks_failing - items.length;
    const unsurveyed = service.blocks_served ? "rest_unknown" : "none_surveyed";
    const open = service.unjudged === "no_standard" ? "no_standard_here" : unsurveyed;
    const empty = service.blocks_unknown ? open : "none_failing";
    if (state.list === "areas" && asJudged) return listed("by_area", areaList, state);
    if (state.list === "all") return listed("all_blocks", blockTable, state);
    return [
      planTold(study, state),
      html("h2", {}, say("worst")),
      listSwitch(study, store, state),
      asJudged && service.by_orders ? orderSwitch(study, store, state) : "",
      items.length ? html("p", { class: "hint" }, hints.join(" · ")) : "",
      items.length ? html("ol", { class: "worst" }, items) : html("p", { class: "empty" }, say(empty)),
      html(
        "p",
        { class: "hint more", "data-failing": service.blocks_failing, hidden: more <= 0 },
        say("more_failing", { n: more }),
      ),
      ledgerTables(study),
      caveats(study),
    ];
  }

  /* Communities, or every block. */
  function listed(title, list, state) {
    return [
      html("h2", {}, say(title)),
      listSwitch(study, store, state),
      list(study, store, state),
      ledgerTables(study),
      caveats(study),
    ];
  }

  /* Under one limit for all, or at another moment, the run's sentence would name another; what was measured stays,
     but where stations were moved or closed. */
  function reasonOf(judgment, state) {
    if (!study.isTrying()) return judgment.reason;
    const now = study.lookOf(judgment.block, judgment.service);
    if (state.stated === null || state.trial) return now;
    const fields = { name: judgment.nearest >= 0 ? study.station(judgment.nearest).name : "", limit: state.stated };
    return judgment.nearest >= 0 ? say("limit_reason", { ...fields, n: judgment.nearestM }) : now;
  }

  /* Where the page shows something else than the run, that comes first, with its own figures; what the run said of the
     block is said to be the run's. */
  function asOfRun(state) {
    if (study.isAsJudged()) return "";
    const { block, service } = state;
    const now = study.judgment(block, service);
    const counted = study.isTrying() && people && now.people;
    const figures = counted ? [say("served_of", { n: now.served, all: now.people })] : [];
    const told = [study.lookOf(block, service), ...figures].join(" · ");
    return html(
      "p",
      { class: "as-of-run" },
      html("strong", {}, say("pair", { name: triedIn(study, state).join(" · "), what: told })),
      html("span", {}, runSaid(study, state)),
    );
  }

  const back = () =>
    html(
      "button",
      { type: "button", class: "back", on: { click: () => store.set({ block: -1, station: -1 }) } },
      say("back"),
    );

  function numbers(judgment) {
    const parts = [];
    if (study.countsBlocks && judgment.people)
      parts.push(say("served_of", { n: judgment.served, all: judgment.people }));
    const line = html("p", { class: "numbers" }, parts.join(" · "));
    if (judgment.nearest >= 0) {
      const station = study.station(judgment.nearest);
      const standing = judgment.nearest < study.stations.length;
      line.append(
        parts.length ? " · " : "",
        `${say("nearest")} `,
        standing ? linkTo(judgment.nearest) : station.name,
      );
    }
    return line;
  }

  const linkTo = (station) =>
    html(
      "button",
      {
        type: "button",
        class: "link",
        "data-station": station,
        on: { click: () => store.set({ station, block: -1 }) },
      },
      study.stations[station].name,
    );

  function block(state) {
    const subject = study.blocks[state.block];
    const chosen = study.judged(state.block, state.service);
    const look = study.lookJudged(state.block, state.service);
    const groups = Object.entries(subject.groups).map(
      ([name, count]) => `${study.called("group", name)} ${grouped(count)}`,
    );
    const facts = [
      study.called("kind", subject.kind),
      subject.kind_rule && subject.kind_rule !== "given" ? say("kind_rule", { rule: subject.kind_rule }) : "",
      ...subject.flags.map((flag) => study.called("flag", flag)),
      subject.people === null
        ? study.study.public
          ? ""
          : say("no_people")
        : say("aside", {
            what: say("people", { n: subject.people }),
            aside: study.called("people_source", subject.people_source),
          }),
      ...groups,
      study.called("exit", subject.exit_kind),
      subject.place,
    ];
    return [
      back(),
      html(
        "div",
        { class: "subject" },
        html("h2", {}, subject.name),
        html("p", { class: "facts" }, facts.filter(Boolean).join(" · ")),
        ledgerLines(study, "blocks", state.block),
      ),
      asOfRun(state),
      html(
        "div",
        { class: `verdict ${look}` },
        html(
          "p",
          { class: "what" },
          swatch(look, 22, 14),
          html("span", {}, say("pair", { name: study.services[state.service].name, what: study.called("verdict", chosen.verdict) })),
        ),
        html("p", { class: "reason" }, chosen.reason),
        numbers(chosen),
        chosen.rule ? html("p", { class: "numbers" }, `${say("rule")} `, study.ruleName(chosen.rule)) : "",
        chosen.cure ? html("p", { class: "cure" }, chosen.cure) : "",
      ),
      tellWalk(study, state),
      tellWeek(study, state),
      html("h3", {}, say("other_services")),
      html(
        "ul",
        { class: "verdicts" },
        study.services.map((service, index) => (index === state.service ? "" : verdict(state, service, index))),
      ),
    ];
  }

  function verdict(state, service, index) {
    const judgment = study.judged(state.block, index);
    const asJudged = study.isAsJudged();
    const now = asJudged ? study.called("verdict", judgment.verdict) : study.lookOf(state.block, index);
    return html(
      "li",
      { "data-service": index },
      swatch(study.lookAt(state.block, index), 18, 12),
      html(
        "p",
        {},
        html(
          "button",
          { type: "button", class: "name link", on: { click: () => store.set({ service: index }) } },
          service.name,
        ),
        ` ${now}`,
      ),
      asJudged ? html("p", { class: "reason" }, judgment.reason) : "",
      asJudged && judgment.cure ? html("p", { class: "cure" }, judgment.cure) : "",
    );
  }

  function station(state) {
    const subject = study.stations[state.station];
    const limits = study.reached[state.station];
    const shown = limits.find((entry) => entry.limit_m === state.limit);
    const farthest = Math.max(...study.study.limits_m);
    const facts = [
      study.called("tier", subject.tier),
      subject.parent >= 0 ? say("station_links", { name: study.stations[subject.parent].name }) : "",
      subject.on_network ? "" : say("station_off_network"),
      floorOf(study, subject, true),
      subject.step_free === null ? "" : say(subject.step_free ? "step_free" : "not_step_free"),
      subject.hours ? say("hours", { hours: study.called("hours", subject.hours) }) : "",
      subject.guessed ? say("station_guessed") : "",
    ];
    return [
      back(),
      html(
        "div",
        { class: "subject" },
        html("h2", {}, subject.name),
        html("p", { class: "facts" }, facts.filter(Boolean).join(" · ")),
        people ? html("p", { class: "facts" }, say("station_people", { limit: farthest, n: subject.people })) : "",
        ledgerLines(study, "stations", state.station),
      ),
      html("h3", {}, say("catchment")),
      html(
        "div",
        { class: "limits", role: "group", "aria-label": say("catchment") },
        limits.map((entry) =>
          html(
            "button",
            {
              type: "button",
              "data-limit": entry.limit_m,
              "aria-pressed": String(entry.limit_m === state.limit),
              on: { click: () => store.set({ limit: entry.limit_m }) },
            },
            limitText(entry.limit_m),
          ),
        ),
      ),
      shown
        ? html(
            "p",
            { class: "hint" },
            say("catchment_facts", {
              km: tenthsText(shown.street_m / 1000),
              ha: tenthsText(shown.area_ha),
              mi: tenthsText(shown.street_m / 1609.344),
              acres: tenthsText(shown.area_ha * 2.471053814671653),
            }),
          )
        : "",
      html("p", { class: "hint" }, say("legend_note")),
      study.isAsJudged() && !state.stage ? "" : html("p", { class: "hint" }, say("worth_as_judged")),
      html(
        "h3",
        {},
        say("station_offers", { n: subject.services.length }),
        html("small", {}, say(study.matrix.weighs_blocks ? "worth_blocks" : "worth_people")),
      ),
      html(
        "ul",
        { class: "offered" },
        subject.services.map((index) =>
          html("li", {}, html("span", {}, study.services[index].name), html("span", { class: "worth" }, worth(state.station, index))),
        ),
      ),
    ];
  }

  function worth(stationIndex, serviceIndex) {
    const twin = study.matrix.twin[stationIndex][serviceIndex];
    if (twin >= 0) return `≈ ${study.stations[twin].name}`;
    const worth = study.matrix.worth[stationIndex][serviceIndex];
    return worth === null ? "–" : grouped(worth);
  }

  /* Keyboard users stay where they are: on the way in they land on "back", on the way out on the block they left. */
  function keepFocus(changed, left) {
    const isLeft = changed && changed.has("block") && left >= 0;
    const entry = `.worst [data-block="${left}"], .all-blocks [data-block="${left}"]`;
    const target = (isLeft && place.querySelector(entry)) || place.querySelector(".back") || place;
    /** @type {HTMLElement} */ (target).focus({ preventScroll: true });
  }

  let last = store.state.block;
  function show(state, changed) {
    const inside = place.contains(document.activeElement);
    const left = last;
    last = state.block;
    const content = state.block >= 0 ? block(state) : state.station >= 0 ? station(state) : worst(state);
    place.replaceChildren(...content.filter((part) => part !== ""));
    place.classList.toggle("sheet", state.block >= 0 || state.station >= 0); /* on a phone it rises over the map */
    if (changed && (changed.has("block") || changed.has("station"))) place.scrollTop = 0;
    if (inside) keepFocus(changed, left);
  }

  store.listen((state, changed) => {
    const parts = ["service", "block", "station", "limit", "language", "list", "order", "area", "shown"];
    if (parts.some((key) => changed.has(key))) show(state, changed);
  });
  show(store.state);
}
