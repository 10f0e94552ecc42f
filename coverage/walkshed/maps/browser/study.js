/* The study that the page carries, with short ways to ask it, and the one state that the parts of the page share. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const STATES = ["served", "partly", "not_served", "unknown"];

  walkshed.readStudy = () => {
    const data = JSON.parse(document.getElementById("walkshed-data").textContent);
    const rows = data.judgments;
    const count = data.services.length;
    return {
      ...data,
      /* The sentence of a word's key, with its fields filled in. */
      say: (key, fields) => walkshed.sentence(data.words.page[key], fields),
      /* What a thing is called; a key that the catalog lacks is its own name. */
      called: (catalog, key) => (key in data.words[catalog] ? data.words[catalog][key] : key),
      judgment(block, service) {
        const i = block * count + service;
        return {
          block,
          service,
          state: STATES[rows.state[i]],
          doubt: rows.doubt[i] === "1",
          verdict: rows.verdict[i],
          people: rows.people[i],
          served: rows.served[i],
          limitM: rows.limit_m[i],
          nearest: rows.nearest[i],
          nearestM: rows.nearest_m[i],
          rule: data.services[service].rules[rows.rule[i]],
          reason: rows.texts[rows.reason[i]],
          cure: rows.texts[rows.cure[i]],
        };
      },
      /* How a judgment looks: doubt about a failing block outweighs its state. */
      look(judgment) {
        const failing = judgment.state === "partly" || judgment.state === "not_served";
        return failing && judgment.doubt ? "doubt" : judgment.state;
      },
      /* A rule in words, with the kind of block that it is for, unless it is for all. */
      ruleName(rule) {
        if (rule.kind === "*") return rule.text;
        const kind = rule.kind in data.words.kind ? data.words.kind[rule.kind] : rule.kind;
        return walkshed.sentence(data.words.page.rule_of_kind, { kind, rule: rule.text });
      },
      lookName(look) {
        return look === "doubt" ? data.words.page.doubt : data.words.state[look];
      },
    };
  };

  /* state: service, block, station (-1 for none), limit (of the shown catchment), drawer (open or not) */
  walkshed.makeStore = (initial) => {
    const listeners = [];
    const store = {
      state: { ...initial },
      listen: (listener) => listeners.push(listener),
      set(change) {
        const before = store.state;
        store.state = { ...before, ...change };
        const changed = new Set(Object.keys(change).filter((key) => before[key] !== store.state[key]));
        if (changed.size) listeners.forEach((listener) => listener(store.state, changed));
      },
    };
    return store;
  };
})();
