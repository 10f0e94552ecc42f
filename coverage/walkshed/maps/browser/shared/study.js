/* The study that the page carries, with short ways to ask it, and the one state that the parts of the page share. */
import { nameInCure } from "../panels/ledgers.js";
import { isServedAt, isServedEver } from "../panels/week.js";
import { sentence } from "./elements.js";
import { unpackColumns } from "./unpack.js";

const COLUMNS = ["verdict", "people", "served", "limit_m", "nearest", "nearest_m", "rule", "phrase", "reach_m"];
const WORDS = ["mend_at", "gain", "short_m", "crew"];

export function readStudy(data) {
  const unpacked = new Map(); /* by what is packed: views share it */
  const opened = (packed, names) => {
    if (!unpacked.has(packed)) unpacked.set(packed, unpackColumns(packed, names));
    return unpacked.get(packed);
  };
  const judgedRows = (view) => opened(view.judgments, [...COLUMNS, ...WORDS]);
  let rows = judgedRows(data);
  let walkOf = opened(data.walks, ["of"]);
  const count = data.services.length;
  const words = () => data.words[study.language];
  const spoken = (texts) => texts[study.language];
  /* Failing ones may be to be checked; of those that nobody surveyed the list so far tells how far its stations are. */
  function lookOfState(state, doubt, verdict, nearest) {
    if (state === "unknown") return verdict !== "no_standard" && nearest >= 0 ? "by_list" : state;
    return doubt && (state === "partly" || state === "not_served") ? "doubt" : state;
  }
  /* What depends on the walker, and on whether what is proposed stands; the first walker's is the page's own. */
  const views = [data.walkers.map((walker) => ({ ...data, ...walker.view }))];
  if (data.proposals) views.push(data.proposals.after.map((view, walker) => ({ ...views[0][walker], ...view })));
  new Set(views.flat().map((view) => view.services)).forEach((services) =>
    services.forEach((service) => {
      Object.defineProperty(service, "name", { get: () => spoken(service.names) });
      service.rules.forEach((rule) => Object.defineProperty(rule, "text", { get: () => spoken(rule.texts) }));
    }),
  );
  const study = {
    ...data,
    /* From here on everything is judged for this walker, as things stand (stage 0) or as proposed (1). */
    judgeFor(walker, stage) {
      const view = views[stage][walker];
      const { services, areas, walks, briefing, week, matrix } = view;
      Object.assign(study, { services, areas, walks, briefing, week, matrix });
      rows = judgedRows(view);
      walkOf = opened(walks, ["of"]);
    },
    /* Whether what is proposed changes how the block looks. */
    isChanged(block, service, walker) {
      const i = block * count + service;
      const [before, after] = views.map((stage) => stage[walker].judgments);
      return before.state[i] !== after.state[i] || before.doubt[i] !== after.doubt[i];
    },
    /* The station of a judgment; one that is only proposed stands behind the others. */
    station: (index) => study.stations[index] || data.proposals.stations[index - data.stations.length],
    /* What a station offers in what is shown: today, after the plan, or as it is tried. */
    triedServices: () => null,
    servicesOf(station, { stage, trial }) {
      const then = stage ? data.proposals.offers[station] : trial ? study.triedServices(station) : null;
      return then || data.stations[station].services;
    },
    /* Whether the page may say how many people live in a block. */
    countsBlocks: data.study.has_people && !data.study.public,
    /* The language to which the page switches. */
    nextLanguage() {
      const languages = Object.keys(data.words);
      return languages[(languages.indexOf(study.language) + 1) % languages.length];
    },
    /* The sentence of a word's key, with its fields filled in. */
    say: (key, fields) => sentence(words().page[key], fields),
    /* What a thing is called; a key that the catalog lacks is its own name. */
    called: (catalog, key) => (key in words()[catalog] ? words()[catalog][key] : key),
    /* A sentence of a judgment, with its stations, meters and people in place of their names in braces. */
    told(what, i) {
      const named = (index) => (index >= 0 ? study.station(index).name : "–");
      const meters = (n) => (n >= 0 ? study.say("meters", { n }) : "–");
      return sentence(spoken(rows.texts)[what][rows.phrase[i]], {
        nearest: named(rows.nearest[i]),
        nearest_m: meters(rows.nearest_m[i]),
        mend_at: rows.mend_at[i] >= 0 ? nameInCure(study, rows.mend_at[i]) : "–",
        gain: rows.gain[i],
        short_m: meters(rows.short_m[i]),
        crew: named(rows.crew[i]),
      });
    },
    /* What is shown of a judgment: as it was judged, and what is tried of it. */
    judgment: (block, service) => ({ ...study.judged(block, service), ...study.tried(block, service) }),
    judged(block, service) {
      const i = block * count + service;
      return {
        block,
        service,
        state: rows.states[rows.state[i]],
        doubt: rows.doubt[i] === "1",
        verdict: rows.verdicts[rows.verdict[i]],
        people: rows.people[block] || 0,
        served: rows.served[i] || 0,
        limitM: rows.limit_m[i] < 0 ? null : rows.limit_m[i],
        nearest: rows.nearest[i],
        nearestM: rows.nearest_m[i] < 0 ? null : rows.nearest_m[i],
        walk: walkOf.of[i],
        rule: study.services[service].rules[rows.rule[i]],
        reason: study.told("reason", i),
        cure: study.told("cure", i),
      };
    },
    /* The state and the people served of a judgment as the walker was judged by the run, whatever is shown. */
    ofRun(block, service, walker) {
      const i = block * count + service;
      const own = judgedRows(views[0][walker]);
      return { state: own.states[own.state[i]], served: own.served[i] || 0 };
    },
    /* The meters within which enough people of a block lie, Infinity where no way leads there. */
    reachM(block, service) {
      const meters = rows.reach_m[block * count + service];
      return meters < 0 ? Infinity : meters;
    },
    /* The limit in meters of a judgment, NaN without one. */
    limitM(block, service) {
      const meters = rows.limit_m[block * count + service];
      return meters < 0 ? NaN : meters;
    },
    /* What is counted anew of a judgment (state, doubt, verdict, people), null where nothing is: see tryout.js. */
    tried: () => null,
    isTrying: () => false,
    /* Counts and worst blocks of a service, as they are shown. */
    totals: (service) => study.services[service],
    /* How many changes a what-if tries, and what it does to a block: "gained", "lost" or nothing. */
    countTried: () => 0,
    changeOf: () => "",
    /* The half hour of the week that the map shows, -1 for the moment of the run. */
    time: -1,
    /* Whether figures, list and words are those of the run or of the plan; what differs is asOf. */
    isAsJudged: () => study.time < 0 && !study.isTrying(),
    /* How a judgment looks: hours outweigh its state, and so does doubt about a failing block. */
    lookAt(block, service) {
      const tried = study.tried(block, service);
      const i = block * count + service;
      const state = rows.states[rows.state[i]];
      if (study.time >= 0 && (!tried || tried.byHours) && (tried || { state }).state !== "unknown") {
        const row = { block, service };
        if (tried ? tried.state === "served" : isServedAt(study, row, study.time)) return "served";
        if (isServedEver(study, row)) return "closed";
      }
      /* where stations are moved or closed nobody has measured which one of the list is near */
      if (tried) return lookOfState(tried.state, tried.doubt, tried.verdict, tried.changed ? -1 : rows.nearest[i]);
      return study.lookJudged(block, service);
    },
    /* How a judgment looks as it was judged, whatever is tried. */
    lookJudged(block, service) {
      const i = block * count + service;
      const [state, verdict] = [rows.states[rows.state[i]], rows.verdicts[rows.verdict[i]]];
      return lookOfState(state, rows.doubt[i] === "1", verdict, rows.nearest[i]);
    },
    /* The meters to the nearest station of a list that nobody declared complete, in words; "" for other blocks. */
    metersByList(block, service) {
      if (study.lookAt(block, service) !== "by_list") return "";
      const meters = rows.nearest_m[block * count + service];
      return meters < 0 ? "" : study.say("by_list_meters", { n: meters });
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
    /* How one judgment looks, in words: an unjudged one says why. */
    lookOf(block, service) {
      const look = study.lookAt(block, service);
      if (look !== "unknown") return study.lookName(look);
      const tried = study.tried(block, service);
      return study.called("verdict", tried ? tried.verdict : rows.verdicts[rows.verdict[block * count + service]]);
    },
    lookName(look) {
      if (look === "closed") return study.say("closed_then");
      if (look === "unknown") {
        const why = new Set(study.services.map((service) => service.unjudged).filter(Boolean));
        return study.unjudgedName(why.size > 1 ? "not_judged" : [...why][0] || "not_surveyed");
      }
      return ["doubt", "by_list"].includes(look) ? study.say(look) : words().state[look];
    },
  };
  return study;
}

/* What is judged is one of the run (nothing else), a plan (stage), or a trial (stated, time, trial): the page knows the
   plan by the standard at the moment of the run only. */
const MODES = ["walker", "stage", "stated", "time", "trial"];
const AS_RUN = { stated: null, time: -1, trial: 0 };

function settled(change) {
  if (change.stage) return { ...change, ...AS_RUN };
  const tries = Object.keys(AS_RUN).some((key) => key in change && change[key] !== AS_RUN[key]);
  return tries ? { ...change, stage: 0 } : change;
}

/* state: language; walker (whose judgments are shown: another one counts as another service, too); stage (0 as things
   stand, 1 as proposed; this, too); stated (one limit in meters for all, null for the standard; this, too); time (half
   hour of the week, -1 for the moment of the run); trial (which changes of a what-if, 0 for none); service, block,
   station, street, cell (station × services + service), -1 for none; limit (of the shown catchment); drawer (open or
   not); layers (names of the extra layers that are shown). Whatever changes what is judged changes "shown", too. */
export function makeStore(initial) {
  const listeners = [];
  const store = {
    state: { ...initial },
    listen: (listener) => listeners.push(listener),
    set(change) {
      const before = store.state;
      const wanted = settled(change);
      store.state = { ...before, ...wanted };
      const changed = new Set(Object.keys(wanted).filter((key) => before[key] !== store.state[key]));
      if (MODES.some((key) => changed.has(key))) changed.add("shown");
      if (["walker", "stage", "stated"].some((key) => changed.has(key))) changed.add("service").add("area");
      if (changed.size) listeners.forEach((listener) => listener(store.state, changed));
    },
    /* the state is the same, but the page has learned to count it */
    refresh: () => listeners.forEach((listener) => listener(store.state, new Set(["shown"]))),
  };
  return store;
}
