/* What the page counts anew: one limit for all needs, and the changes of a what-if. The network is unpacked when it is
   first asked for; a trial that does not say of the study what the run said is not shown. */
import { withGates } from "../engine/gates.js";
import { openTown } from "../engine/town.js";
import { makeTrial } from "../engine/trial.js";
import { isServedAt } from "../panels/week.js";

/* streets: a function that returns the drawn streets. */
export function makeTryout(study, store, streets) {
  let opening = null;
  let town = null;
  let base = null; /* of the study's own exits */
  let trial = null; /* with the gates that are opened besides */
  let followed = null;
  let gates = [];
  let rows = []; /* by service: as tried, and before */
  const bases = new Map(); /* by walker; null where the page cannot repeat the run */
  const hours = new Map(); /* by walker and half hour: whether the page says of it what the run says */

  function isFaithful(made, walker) {
    return study.services.every((_, service) => {
      const { state, served } = made.judge(service);
      return state.every((one, block) => {
        const row = study.ofRun(block, service, walker);
        return one === row.state && served[block] === row.served;
      });
    });
  }

  function judgeFor(walker) {
    if (!bases.has(walker)) {
      const made = makeTrial(town, walker);
      bases.set(walker, isFaithful(made, walker) ? made : null);
    }
    base = bases.get(walker);
    trial = base;
    rows = [];
    if (base) follow(followed || town.standing, gates, true);
    return Boolean(base);
  }

  /* Resolves to "" once everything can be tried, else to the word that says why not. */
  async function open() {
    opening = opening || openTown(study.network, streets()).catch(() => null);
    town = await opening;
    if (!town) return "unable";
    if (bases.has(store.state.walker)) return base ? "" : "unfaithful";
    return judgeFor(store.state.walker) ? "" : "unfaithful";
  }

  /* Whether the page can count anew at a half hour of the week: it must find served whom the run finds served then. */
  function knows(half) {
    if (half < 0) return true;
    if (!base || !study.network.week || !study.week) return false;
    const key = `${store.state.walker} ${half}`;
    if (!hours.has(key)) {
      base.follow(town.standing);
      base.setTerms(null, half);
      const agrees = study.services.every((_, service) =>
        base
          .judge(service)
          .state.every((one, block) => (one === "served") === isServedAt(study, { block, service }, half)),
      );
      hours.set(key, agrees);
      if (trial) follow(followed || town.standing, gates);
    }
    return hours.get(key);
  }

  /* actors: as engine.makeActors lists them; opened: [{block, lat, lng}]. */
  function follow(actors, opened = [], afresh = false) {
    const same = JSON.stringify(opened) === JSON.stringify(gates);
    followed = actors;
    gates = opened;
    if (!opened.length) trial = base;
    else if (!same || afresh || trial === base) {
      base.follow(town.standing);
      trial = makeTrial(withGates(town, opened), store.state.walker, base);
    }
    const { stated, time } = store.state;
    trial.setTerms(stated, knows(time) ? time : -1);
    trial.follow(actors);
    rows = [];
  }

  function rowsOf(service) {
    if (!rows[service]) rows[service] = { rows: trial.judge(service), old: trial.judge(service, false) };
    return rows[service];
  }

  const unknownFor = (asked) => (asked ? "not_surveyed" : "no_standard");
  const isTrying = () => {
    const { stated, time, trial: changes } = store.state;
    return Boolean(trial) && (stated !== null || changes > 0 || (time >= 0 && knows(time)));
  };
  const tried = (block, service) => {
    if (!isTrying()) return null;
    const { rows: now } = rowsOf(service);
    const state = now.state[block];
    return {
      state,
      doubt: now.doubt[block],
      served: now.served[block],
      people: now.people[block],
      /* why a block fails is nothing that the page counts */
      verdict: state === "served" ? "served" : state === "unknown" ? unknownFor(now.asked[block]) : "",
      byHours: store.state.stated === null && !store.state.trial,
      changed: store.state.trial > 0,
    };
  };
  /* A service's totals and worst blocks as they are tried; otherwise those of the run. */
  const totals = (service) => {
    if (!isTrying()) return null;
    const own = study.services[service];
    const { stated } = store.state;
    const beyondM = (block) => study.reachM(block, service) - (stated === null ? study.limitM(block, service) : stated);
    return Object.assign(Object.create(own), totalsOf(rowsOf(service).rows, beyondM, study.worst));
  };

  study.learn({ isTrying, tried, totals });

  store.listen((state, now) => {
    if (!town) return;
    if (now.has("walker") && !judgeFor(state.walker) && state.stated !== null) store.set({ stated: null });
    if (!trial) return;
    /* a moment that the page cannot count anew goes with nothing else */
    if (!knows(state.time) && (state.stated !== null || state.trial)) store.set({ time: -1 });
    if (now.has("stated") || now.has("time")) follow(followed || town.standing, gates);
  });

  return {
    open,
    follow,
    rowsOf,
    knows,
    town: () => town,
    isReady: () => Boolean(trial),
    difference: () => trial.difference(),
  };
}

/* Totals of one service as maps/payload/whole.py sums them, from the rows of a trial; beyondM: by how many meters most
   of a block's people are too far. */
function totalsOf({ state, asked, doubt, people, served, share }, beyondM, { by, count: most }) {
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
      short_m: Math.max(0, beyondM(b)),
    };
  };
  const worst = ranked(failing, figures, by).slice(0, most);
  return { ...sum, ...heads, people_left_out: all - inside - unknown, worst, unjudged: unjudgedOf(state, asked) };
}

/* Why blocks are not judged, as needs/measures/totals.py says it. */
function unjudgedOf(state, asked) {
  const why = new Set(asked.filter((_, b) => state[b] === "unknown"));
  if (why.size > 1) return "not_judged";
  return why.size ? (why.has(true) ? "not_surveyed" : "no_standard") : "";
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
