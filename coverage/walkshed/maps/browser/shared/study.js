/* The study that the page carries, with short ways to ask it, and the one state that the parts of the page share. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const COLUMNS = ["verdict", "people", "served", "limit_m", "nearest", "nearest_m", "rule", "phrase", "reach_m"];
  const WORDS = ["mend_at", "gain", "short_m", "crew"];

  walkshed.readStudy = (data) => {
    const unpacked = new Map(); /* by what is packed: views share it */
    const opened = (packed, names) => {
      if (!unpacked.has(packed)) unpacked.set(packed, walkshed.unpackColumns(packed, names));
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
      /* Whether the page may say how many people live in a block. */
      countsBlocks: data.study.has_people && !data.study.public,
      /* The language to which the page switches. */
      nextLanguage() {
        const languages = Object.keys(data.words);
        return languages[(languages.indexOf(study.language) + 1) % languages.length];
      },
      /* The sentence of a word's key, with its fields filled in. */
      say: (key, fields) => walkshed.sentence(words().page[key], fields),
      /* What a thing is called; a key that the catalog lacks is its own name. */
      called: (catalog, key) => (key in words()[catalog] ? words()[catalog][key] : key),
      /* A sentence of a judgment, with its stations, meters and people in place of their names in braces. */
      told(what, i) {
        const named = (index) => (index >= 0 ? study.station(index).name : "–");
        const meters = (n) => (n >= 0 ? study.say("meters", { n }) : "–");
        return walkshed.sentence(spoken(rows.texts)[what][rows.phrase[i]], {
          nearest: named(rows.nearest[i]),
          nearest_m: meters(rows.nearest_m[i]),
          mend_at: rows.mend_at[i] >= 0 ? walkshed.nameInCure(study, rows.mend_at[i]) : "–",
          gain: rows.gain[i],
          short_m: meters(rows.short_m[i]),
          crew: named(rows.crew[i]),
        });
      },
      judgment(block, service) {
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
          ...study.tried(block, service),
        };
      },
      /* The meters within which enough people of a block lie, Infinity where no way leads there. */
      reachM(block, service) {
        const meters = rows.reach_m[block * count + service];
        return meters < 0 ? Infinity : meters;
      },
      /* What a what-if changes of a judgment: its state, doubt and people; nothing without one. */
      tried: () => null,
      isTrying: () => false,
      /* Counts and worst blocks of a service, as they are shown. */
      totals: (service) => study.services[service],
      /* The half hour of the week that the map shows, -1 for the moment of the run. */
      time: -1,
      /* How a judgment looks: hours outweigh its state, and so does doubt about a failing block. */
      look(judgment) {
        if (study.time >= 0 && judgment.state !== "unknown") {
          if (walkshed.isServedAt(study, judgment, study.time)) return "served";
          if (judgment.state === "served" || judgment.verdict === "closed") return "closed";
        }
        return lookOfState(judgment.state, judgment.doubt, judgment.verdict, judgment.nearest);
      },
      lookAt(block, service) {
        if (study.time >= 0 || study.isTrying()) return study.look(study.judgment(block, service));
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
        return study.called("verdict", rows.verdicts[rows.verdict[block * count + service]]);
      },
      lookName(look) {
        if (look === "closed") return study.called("verdict", "closed");
        if (look === "unknown") {
          const why = new Set(study.services.map((service) => service.unjudged).filter(Boolean));
          return study.unjudgedName(why.size > 1 ? "not_judged" : [...why][0] || "not_surveyed");
        }
        return ["doubt", "by_list"].includes(look) ? study.say(look) : words().state[look];
      },
    };
    return study;
  };

  /* state: language; walker (whose judgments are shown: another one counts as another service, too); stage (0 as things
     stand, 1 as proposed; this, too); time (half hour of the week, -1 for the moment of the run); service, block, station, street, cell (station × services + service), -1
     for none; limit (of the shown catchment); drawer (open or not); layers (names of the extra layers that are shown) */
  walkshed.makeStore = (initial) => {
    const listeners = [];
    const store = {
      state: { ...initial },
      listen: (listener) => listeners.push(listener),
      set(change) {
        const before = store.state;
        store.state = { ...before, ...change };
        const changed = new Set(Object.keys(change).filter((key) => before[key] !== store.state[key]));
        if (["walker", "stage", "stated"].some((key) => changed.has(key))) changed.add("service").add("area");
        if (changed.size) listeners.forEach((listener) => listener(store.state, changed));
      },
    };
    return store;
  };

  /* What an address asks for behind its #: "service=meals&lang=en&paper=a3&slide". */
  walkshed.readAddress = () => {
    const asked = {};
    for (const part of window.location.hash.slice(1).split("&").filter(Boolean)) {
      const [key, value] = part.split("=");
      asked[key] = value === undefined ? true : decodeURIComponent(value);
    }
    return asked;
  };
})();
