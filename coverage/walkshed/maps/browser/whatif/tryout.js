/* What the page counts anew: one limit for all needs, and the changes of a what-if. The network is unpacked when it is
   first asked for; a trial that does not say of the study what the run said is not shown. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const { engine } = walkshed;

  /* streets: a function that returns the drawn streets. */
  walkshed.makeTryout = (study, store, streets) => {
    let opening = null;
    let town = null;
    let base = null; /* of the study's own exits */
    let trial = null; /* with the gates that are opened besides */
    let changed = false; /* whether a what-if is open */
    let checking = false;
    let followed = null;
    let gates = [];
    let judged = { service: -1, rows: null, old: null };
    const bases = new Map(); /* by walker; null where the page cannot repeat the run */

    function isFaithful(made) {
      checking = true;
      const faithful = study.services.every((_, service) => {
        const { state, served } = made.judge(service);
        return state.every((one, block) => {
          const row = study.judgment(block, service);
          return one === row.state && served[block] === row.served;
        });
      });
      checking = false;
      return faithful;
    }

    function judgeFor(walker) {
      if (!bases.has(walker)) {
        const made = engine.makeTrial(town, walker);
        bases.set(walker, isFaithful(made) ? made : null);
      }
      base = bases.get(walker);
      trial = base;
      judged = { service: -1 };
      if (base) follow(followed || town.standing, gates, true);
      return Boolean(base);
    }

    /* Resolves to "" once everything can be tried, else to the word that says why not. */
    async function open() {
      opening = opening || engine.openTown(study.network, streets()).catch(() => null);
      town = await opening;
      if (!town) return "unable";
      if (bases.has(store.state.walker)) return base ? "" : "unfaithful";
      return judgeFor(store.state.walker) ? "" : "unfaithful";
    }

    /* actors: as engine.makeActors lists them; opened: [{block, lat, lng}]. */
    function follow(actors, opened = [], afresh = false) {
      const same = JSON.stringify(opened) === JSON.stringify(gates);
      followed = actors;
      gates = opened;
      if (!opened.length) trial = base;
      else if (!same || afresh || trial === base)
        trial = engine.makeTrial(engine.withGates(town, opened), store.state.walker, base);
      trial.setLimit(store.state.stated);
      trial.follow(actors);
      judged = { service: -1 };
    }

    function rowsOf(service) {
      if (judged.service !== service)
        judged = { service, rows: trial.judge(service), old: trial.judge(service, false) };
      return judged;
    }

    study.isTrying = () => Boolean(trial) && !checking && (changed || store.state.stated !== null);
    study.tried = (block, service) => {
      if (!study.isTrying()) return null;
      const { rows } = rowsOf(service);
      return {
        state: rows.state[block],
        doubt: rows.doubt[block],
        served: rows.served[block],
        people: rows.people[block],
      };
    };
    /* A service's totals and worst blocks under one limit for all; otherwise those of the run. */
    study.totals = (service) => {
      const own = study.services[service];
      if (!study.isTrying() || store.state.stated === null) return own;
      const reachM = (block) => study.reachM(block, service);
      return Object.assign(
        Object.create(own),
        totalsOf(trial.judge(service), store.state.stated, reachM, study.worst),
      );
    };

    store.listen((state, now) => {
      if (!town) return;
      if (now.has("walker") && !judgeFor(state.walker) && state.stated !== null) store.set({ stated: null });
      if (now.has("stated") && trial) {
        trial.setLimit(state.stated);
        judged = { service: -1 };
      }
    });

    return {
      open,
      follow,
      rowsOf,
      town: () => town,
      isReady: () => Boolean(trial),
      difference: () => trial.difference(),
      setChanging: (now) => (changed = now),
    };
  };

  /* Totals of one service as maps/payload/whole.py sums them, from the rows of a trial; limit: of all needs, in meters. */
  function totalsOf({ state, doubt, people, served, share }, limit, reachM, { by, count: most }) {
    const sum = { blocks_served: 0, blocks_failing: 0, blocks_in_doubt: 0, blocks_unknown: 0 };
    const heads = { people: 0, people_served: 0, people_in_doubt: 0, people_unknown: 0 };
    const failing = [];
    for (let b = 0; b < people.length; b += 1) {
      const out = people[b] - served[b];
      heads.people += people[b];
      heads.people_served += served[b];
      if (state[b] === "served") {
        sum.blocks_served += 1;
      } else if (state[b] === "unknown") {
        sum.blocks_unknown += 1;
        heads.people_unknown += out;
      } else {
        failing.push(b);
        sum.blocks_failing += 1;
        sum.blocks_in_doubt += doubt[b] ? 1 : 0;
        heads.people_in_doubt += doubt[b] ? out : 0;
      }
    }
    const { people: all, people_served: inside, people_unknown: unknown } = heads;
    const figures = (b) => {
      const out = people[b] - served[b];
      return {
        spared: Number(all > 0 && out === 0),
        doubt: Number(doubt[b]),
        left_out: out,
        share: share[b],
        short_m: Math.max(0, reachM(b) - limit),
      };
    };
    const worst = ranked(failing, figures, by).slice(0, most);
    return { ...sum, ...heads, people_left_out: all - inside - unknown, worst };
  }

  /* Blocks by their figures, as maps/payload/judged.py ranks them: by = [[figure, 1 for the least first, -1 for the most]]. */
  function ranked(blocks, figures, by) {
    const of = new Map(blocks.map((b) => [b, figures(b)]));
    return blocks.sort((one, other) => {
      for (const [name, sign] of by) {
        const [a, b] = [of.get(one)[name], of.get(other)[name]];
        if (a !== b) return a < b ? -sign : sign;
      }
      return one - other;
    });
  }
})();
