/* The study that the page carries, with short ways to ask it, in parts that each answer one kind of question. */
import { nameInCure } from "../panels/answers/ledgers.js";
import { isServedAt, isServedEver } from "../panels/week.js";
import { sayLengthsWith, sentence } from "./elements.js";
import { unpackColumns } from "./unpack.js";

const COLUMNS = ["verdict", "people", "served", "limit_m", "nearest", "nearest_m", "rule", "phrase", "reach_m"];
const WORDS = ["mend_at", "gain", "short_m", "crew"];

/** @import { Payload, PartOfView } from "../payload" */
/**
 * @import {
 *   Comparing, JudgedColumns, Judging, Looking, LookWords, Now, PlannedStudy, Study, StudyData, Tried,
 *   Trying, WeekStudy, WholeView, Wording,
 * } from "../types"
 */

/** @type {Tried} */
const NOTHING_TRIED = {
  isTrying: () => false,
  tried: () => null,
  totals: () => null,
  triedServices: () => null,
  countTried: () => 0,
  changeOf: () => "",
};

/**
 * @param {Payload} data
 * @returns {Study}
 */
export function readStudy(data) {
  const views = readViews(data);
  const study = /** @type {Study} */ ({
    ...data,
    spoken: data.language,
    /* Whether the page may say how many people live in a block. */
    countsBlocks: data.study.has_people && !data.study.public,
    /* The half hour of the week that the map shows, -1 for the moment of the run. */
    time: -1,
  });
  nameByLanguage(study, views);
  sayLengthsWith(() => study.words[study.language].lengths);
  const columns = makeColumns();
  const now = columns.nowOf(views[0][0]);
  const judgeFor = (/** @type {number} */ walker, /** @type {number} */ stage) => {
    const view = views[stage][walker];
    const { services, areas, walks, briefing, week, matrix } = view;
    Object.assign(study, { services, areas, walks, briefing, week, matrix });
    Object.assign(now, columns.nowOf(view));
  };
  return Object.assign(
    study,
    { judgeFor },
    wording(study),
    judging(study, data, now),
    comparing(study, views, columns.judged),
    trying(study),
    looking(study, now),
    lookWords(study, now),
  );
}

/* The columns of views, each unpacked once: views share what is packed. */
function makeColumns() {
  /** @type {Map<object, any>} by what is packed */
  const unpacked = new Map();
  const opened = (/** @type {object} */ packed, /** @type {string[]} */ names) => {
    if (!unpacked.has(packed)) unpacked.set(packed, unpackColumns(packed, names));
    return unpacked.get(packed);
  };
  /** @param {WholeView} view @returns {JudgedColumns} */
  const judged = (view) => opened(view.judgments, [...COLUMNS, ...WORDS]);
  /** @param {WholeView} view @returns {Now} */
  const nowOf = (view) => ({ rows: judged(view), walkOf: opened(view.walks, ["of"]) });
  return { judged, nowOf };
}

/**
 * What depends on the walker, and on whether what is proposed stands: by stage, by walker; the first walker's is the
 * page's own.
 * @param {Payload} data
 */
function readViews(data) {
  const whole = (/** @type {object} */ view, /** @type {PartOfView} */ part) =>
    /** @type {WholeView} */ ({ ...view, ...part });
  const views = [data.walkers.map((walker) => whole(data, walker.view))];
  if (data.proposals) views.push(data.proposals.after.map((view, walker) => whole(views[0][walker], view)));
  return views;
}

/**
 * Services and rules have a name and a text of their own, in the language that is shown.
 * @param {StudyData} study
 * @param {WholeView[][]} views
 */
function nameByLanguage(study, views) {
  const spoken = (/** @type {Record<string, string>} */ texts) => texts[study.language];
  new Set(views.flat().map((view) => view.services)).forEach((services) =>
    services.forEach((service) => {
      Object.defineProperty(service, "name", { get: () => spoken(service.names) });
      service.rules.forEach((rule) => Object.defineProperty(rule, "text", { get: () => spoken(rule.texts) }));
    }),
  );
}

/**
 * Words and sentences in the language that is shown.
 * @param {Study} study
 * @returns {Wording}
 */
function wording(study) {
  return {
    /* The language to which the page switches. */
    nextLanguage() {
      const languages = Object.keys(study.words);
      return languages[(languages.indexOf(study.language) + 1) % languages.length];
    },
    /* The sentence of a word's key, with its fields filled in. */
    say: (key, fields) => sentence(study.words[study.language].page[key], fields),
    /* What a thing is called; a key that the catalog lacks is its own name. */
    called(catalog, key) {
      const words = study.words[study.language][catalog];
      return key in words ? words[key] : key;
    },
    /* A rule in words, with the kind of block that it is for, unless it is for all. */
    ruleName(rule) {
      if (rule.kind === "*") return rule.text;
      return study.say("rule_of_kind", { kind: study.called("kind", rule.kind), rule: rule.text });
    },
    /* Why blocks are not judged, by the payload's word for it: not surveyed, no standard, or some of both. */
    unjudgedName(why) {
      return why === "not_judged" ? study.say("not_judged") : study.called("verdict", why);
    },
    lookName(look) {
      if (look === "closed") return study.say("closed_then");
      if (look === "unknown") {
        const why = new Set(study.services.map((service) => service.unjudged).filter(Boolean));
        return study.unjudgedName(why.size > 1 ? "not_judged" : [...why][0] || "not_surveyed");
      }
      return ["doubt", "by_list"].includes(look) ? study.say(look) : study.words[study.language].state[look];
    },
  };
}

/**
 * What was judged of a block by a service, and what is shown of it.
 * @param {Study} study
 * @param {Payload} data
 * @param {Now} now
 * @returns {Judging}
 */
function judging(study, data, now) {
  const count = data.services.length;
  return {
    /* The station of a judgment; one that is only proposed stands behind the others. */
    station: (index) =>
      study.stations[index] || /** @type {PlannedStudy} */ (study).proposals.stations[index - data.stations.length],
    /* A sentence of a judgment, with its stations, meters and people in place of their names in braces. */
    told(what, i) {
      const named = (/** @type {number} */ index) => (index >= 0 ? study.station(index).name : "–");
      const meters = (/** @type {number} */ n) => (n >= 0 ? study.say("meters", { n }) : "–");
      return sentence(now.rows.texts[study.language][what][now.rows.phrase[i]], {
        nearest: named(now.rows.nearest[i]),
        nearest_m: meters(now.rows.nearest_m[i]),
        mend_at: now.rows.mend_at[i] >= 0 ? nameInCure(study, now.rows.mend_at[i]) : "–",
        gain: now.rows.gain[i],
        short_m: meters(now.rows.short_m[i]),
        crew: named(now.rows.crew[i]),
      });
    },
    /* What is shown of a judgment: as it was judged, and what is tried of it. */
    judgment: (block, service) => ({ ...study.judged(block, service), ...study.tried(block, service) }),
    judged(block, service) {
      const i = block * count + service;
      return {
        block,
        service,
        state: now.rows.states[Number(now.rows.state[i])],
        doubt: now.rows.doubt[i] === "1",
        verdict: now.rows.verdicts[now.rows.verdict[i]],
        people: now.rows.people[block] || 0,
        served: now.rows.served[i] || 0,
        limitM: now.rows.limit_m[i] < 0 ? null : now.rows.limit_m[i],
        nearest: now.rows.nearest[i],
        nearestM: now.rows.nearest_m[i] < 0 ? null : now.rows.nearest_m[i],
        walk: now.walkOf.of[i],
        rule: study.services[service].rules[now.rows.rule[i]],
        reason: study.told("reason", i),
        cure: study.told("cure", i),
      };
    },
    /* The meters within which enough people of a block lie, Infinity where no way leads there. */
    reachM(block, service) {
      const meters = now.rows.reach_m[block * count + service];
      return meters < 0 ? Infinity : meters;
    },
    /* The limit in meters of a judgment, NaN without one. */
    limitM(block, service) {
      const meters = now.rows.limit_m[block * count + service];
      return meters < 0 ? NaN : meters;
    },
  };
}

/**
 * What was judged, beside what is shown.
 * @param {Study} study
 * @param {WholeView[][]} views
 * @param {(view: WholeView) => JudgedColumns} judgedRows
 * @returns {Comparing}
 */
function comparing(study, views, judgedRows) {
  const count = study.services.length;
  return {
    /* Whether what is proposed changes how the block looks. */
    isChanged(block, service, walker) {
      const i = block * count + service;
      const [before, after] = views.map((stage) => stage[walker].judgments);
      return before.state[i] !== after.state[i] || before.doubt[i] !== after.doubt[i];
    },
    /* The state and the people served of a judgment as the walker was judged by the run, whatever is shown. */
    ofRun(block, service, walker) {
      const i = block * count + service;
      const own = judgedRows(views[0][walker]);
      return { state: own.states[Number(own.state[i])], served: own.served[i] || 0 };
    },
  };
}

/**
 * What a trial says of the study, once it is told: see tryout.js and whatif.js.
 * @param {Study} study
 * @returns {Trying}
 */
function trying(study) {
  /** @type {Tried} */
  const told = { ...NOTHING_TRIED };
  return {
    learn: (more) => Object.assign(told, more),
    isTrying: () => told.isTrying(),
    tried: (block, service) => told.tried(block, service),
    countTried: () => told.countTried(),
    changeOf: (block, service) => told.changeOf(block, service),
    /* Counts and worst blocks of a service, as they are shown. */
    totals: (service) => told.totals(service) || study.services[service],
    /* What a station offers in what is shown: today, after the plan, or as it is tried. */
    servicesOf(station, { stage, trial }) {
      const plan = stage ? /** @type {PlannedStudy} */ (study).proposals.offers[station] : null;
      const then = plan || (trial ? told.triedServices(station) : null);
      return then || study.stations[station].services;
    },
    /* Whether figures, list and words are those of the run or of the plan; what differs is asOf. */
    isAsJudged: () => study.time < 0 && !study.isTrying(),
  };
}

/**
 * Failing ones may be to be checked; of those that nobody surveyed the list so far tells how far its stations are.
 * @param {string} state
 * @param {boolean} doubt
 * @param {string} verdict
 * @param {number} nearest
 */
function lookOfState(state, doubt, verdict, nearest) {
  if (state === "unknown") return verdict !== "no_standard" && nearest >= 0 ? "by_list" : state;
  return doubt && (state === "partly" || state === "not_served") ? "doubt" : state;
}

/**
 * How judgments look on the map.
 * @param {Study} study
 * @param {Now} now
 * @returns {Looking}
 */
function looking(study, now) {
  const count = study.services.length;
  return {
    /* How a judgment looks: hours outweigh its state, and so does doubt about a failing block. */
    lookAt(block, service) {
      const tried = study.tried(block, service);
      const i = block * count + service;
      const state = now.rows.states[Number(now.rows.state[i])];
      if (study.time >= 0 && (!tried || tried.byHours) && (tried || { state }).state !== "unknown") {
        const row = { block, service };
        const timed = /** @type {WeekStudy} */ (study);
        if (tried ? tried.state === "served" : isServedAt(timed, row, study.time)) return "served";
        if (isServedEver(timed, row)) return "closed";
      }
      /* where stations are moved or closed nobody has measured which one of the list is near */
      if (tried) return lookOfState(tried.state, tried.doubt, tried.verdict, tried.changed ? -1 : now.rows.nearest[i]);
      return study.lookJudged(block, service);
    },
    /* How a judgment looks as it was judged, whatever is tried. */
    lookJudged(block, service) {
      const i = block * count + service;
      const [state, verdict] = [now.rows.states[Number(now.rows.state[i])], now.rows.verdicts[now.rows.verdict[i]]];
      return lookOfState(state, now.rows.doubt[i] === "1", verdict, now.rows.nearest[i]);
    },
  };
}

/**
 * How judgments look, in words.
 * @param {Study} study
 * @param {Now} now
 * @returns {LookWords}
 */
function lookWords(study, now) {
  const count = study.services.length;
  return {
    /* The meters to the nearest station of a list that nobody declared complete, in words; "" for other blocks. */
    metersByList(block, service) {
      if (study.lookAt(block, service) !== "by_list") return "";
      const meters = now.rows.nearest_m[block * count + service];
      return meters < 0 ? "" : study.say("by_list_meters", { n: meters });
    },
    /* How one judgment looks, in words: an unjudged one says why. */
    lookOf(block, service) {
      const look = study.lookAt(block, service);
      if (look !== "unknown") return study.lookName(look);
      const tried = study.tried(block, service);
      return study.called("verdict", tried ? tried.verdict : now.rows.verdicts[now.rows.verdict[block * count + service]]);
    },
  };
}
