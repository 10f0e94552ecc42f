/* What changes when stations come, go, move or offer something else: people gained and lost, blocks served anew. */
import { TICKS } from "./plane.js";
import { FARTHEST_M, isOpenAt, makeReaches, readNeeds, walksLikeAdult } from "./rules.js";

const SHARE_TOLERANCE = 1e-9;
const DECAY = [
  [1 / 3, 1],
  [2 / 3, 0.68],
  [1, 0.22],
]; /* needs/access/capacity.py */

const decay = (nearness) => {
  for (const [bound, weight] of DECAY) if (nearness - 1e-12 <= bound) return weight;
  return 0;
};
const whole = (people) => Math.floor(people + 0.5);

/* An actor is a station as it stands in the trial: {site: as town.enter returns it, offers}. An offer is an object of the
   payload with its service; as long as the object stays the same, so does whom it serves. base: the trial of the
   study as it stands, by which this one is measured, where its town is another (engine.withGates). */
/** @param {any} town @param {number} walkerNumber @param {any} base */
export function makeTrial(town, walkerNumber = 0, base = null) {
  const { residents, streets, packed } = town;
  const { points, pointStart, block, blockKind, worth, exits, exitStart } = residents;
  const services = packed.services.length;
  const kinds = packed.kinds.length;
  const walker = packed.walkers[walkerNumber];
  const reachOf = makeReaches(town, walker);
  const actors = new Map();
  /* how many serve a point; and if walks inside compounds take a long detour */
  const providers = Array.from({ length: services }, () => new Uint16Array(points));
  const sureProviders = Array.from({ length: services }, () => new Uint16Array(points));
  const ownCost = new Float64Array(points).fill(Infinity);
  const ownSure = new Float64Array(points).fill(Infinity);
  /** @type {number | null} */
  let stated = null; /* one limit for all needs, in meters; null: each its own */
  let moment = -1; /* the half hour of the week; -1: the moment of the run */
  let needs = readNeeds(packed, walkerNumber, stated);
  const every = Array.from({ length: residents.blocks }, (_, b) => b);
  const books = Array.from({ length: services }, () => makeBook(residents)); /* what is known of each block */
  /* per service: the blocks that a station without a place may serve (needs/judging/unplaced.py) */
  const unplaced = packed.services.map((service) => new Set(service.unplaced));
  /** @type {any} */
  let rowsBefore = null;
  /** @type {any} */
  let before = null; /* per service, per point: the share that is served by the study as it stands */

  /* The residents whom an offer serves (needs/access/rows.py): admitted, near enough, and able to get to the window; sure: if
     walks inside compounds take a long detour, too. */
  function accept(actor, offer) {
    /** @type {{ point: number[], sure: number[], nearness: number[], sureNearness: number[] }} */
    const list = { point: [], sure: [], nearness: [], sureNearness: [] };
    const { anchors, inside } = actor.site;
    const isSomewhere = anchors.length || inside.point.length || inside.courts.length;
    if (!isOpenAt(packed, offer, moment) || !isSomewhere) return list;
    const { rows, used, asksPlaces } = needs.services[offer.service];
    const outreach = offer.mode === "outreach";
    const floors = offer.floors_s[walkerNumber];
    for (const number of used) {
      const measure = needs.measures[number];
      const inMinutes = measure.unit === "min";
      const near = reachOf(actor, measure, outreach ? "crew" : "adult");
      const same = outreach || walksLikeAdult(packed, walker, measure.unit);
      const own = same ? null : reachOf(actor, measure, "walker");
      const ready = outreach && inMinutes ? offer.readiness_s : 0;
      if (own) for (let i = 0; i < own.count; i += 1) ownCost[own.point[i]] = own.cost[i];
      if (own) for (let i = 0; i < own.count; i += 1) ownSure[own.point[i]] = own.sure[i];
      const within = (limit, adult, mine) =>
        adult <= limit && (outreach || (floors !== null && mine + (inMinutes ? floors : 0) <= limit));
      for (let i = 0; i < near.count; i += 1) {
        const p = near.point[i];
        const row = rows[blockKind[block[p]]];
        if (row.measure !== number || (offer.admitted && !offer.admitted[block[p]])) continue;
        const cost = near.cost[i] / TICKS + ready;
        const mine = own ? ownCost[p] / TICKS : cost;
        if (!within(row.limit, cost, mine)) continue;
        const sureCost = near.sure[i] / TICKS + ready;
        const sureMine = own ? ownSure[p] / TICKS : sureCost;
        list.point.push(p);
        list.sure.push(within(row.limit, sureCost, sureMine) ? 1 : 0);
        if (!asksPlaces) continue;
        list.nearness.push(mine / row.limit);
        list.sureNearness.push(sureMine / row.limit);
      }
      if (!own) continue;
      for (let i = 0; i < own.count; i += 1) ownCost[own.point[i]] = ownSure[own.point[i]] = Infinity;
    }
    return list;
  }

  function count(offer, { point, sure }, change) {
    const counts = providers[offer.service];
    const sureCounts = sureProviders[offer.service];
    const book = books[offer.service];
    point.forEach((p, i) => {
      counts[p] += change;
      sureCounts[p] += change * sure[i];
      if (book.marked[block[p]]) return;
      book.marked[block[p]] = 1;
      book.touched.push(block[p]);
    });
  }

  function place(key, at, offers) {
    const site = town.enter(at);
    let actor = actors.get(key);
    if (!actor) actors.set(key, (actor = { site: null, reaches: new Map(), served: new Map() }));
    const moved = actor.site !== site;
    for (const [offer, list] of actor.served) {
      if (!moved && offers.includes(offer)) continue;
      count(offer, list, -1);
      actor.served.delete(offer);
    }
    actor.site = site;
    for (const offer of offers) {
      if (actor.served.has(offer)) continue;
      const list = accept(actor, offer);
      count(offer, list, 1);
      actor.served.set(offer, list);
    }
  }

  /* Makes the actors those of a list [key, site, offers]; what stays the same costs nothing. */
  function follow(wanted) {
    const keys = new Set(wanted.map(([key]) => key));
    for (const key of [...actors.keys()]) {
      if (keys.has(key)) continue;
      place(key, actors.get(key).site, []);
      actors.delete(key);
    }
    for (const [key, site, offers] of wanted) place(key, site, offers);
  }

  /* For whom there is no room although somebody would serve them (needs/access/capacity.py): the share of each point. In
     turned blocks walks inside take their detour. */
  function crowd(service, turned) {
    const supply = new Float64Array(points);
    for (const actor of actors.values()) {
      for (const [offer, list] of actor.served) {
        if (offer.service !== service) continue;
        const near = list.point.map((p, i) => {
          if (!turned[block[p]]) return offer.places === null ? 1 : decay(list.nearness[i]);
          if (!list.sure[i]) return 0;
          return offer.places === null ? 1 : decay(list.sureNearness[i]);
        });
        if (offer.places === null) {
          list.point.forEach((p, i) => (supply[p] = near[i] ? Infinity : supply[p]));
          continue;
        }
        let demand = 0;
        list.point.forEach((p, i) => (demand += residents.people[p] * near[i]));
        if (demand > 0) list.point.forEach((p, i) => (supply[p] += (offer.places / demand) * near[i]));
      }
    }
    return supply.map((places, p) => {
      const required = needs.services[service].rows[blockKind[block[p]]].perHead;
      return required > 0 ? Math.max(0, 1 - places / required) : 0;
    });
  }

  /* The streets that hang together with somebody who offers a service (needs/judging/missing_streets.py); null where nobody does. */
  function joinedTo(service) {
    const joined = new Set();
    let offered = false;
    for (const { site, served } of actors.values()) {
      for (const offer of served.keys()) {
        if (offer.service !== service) continue;
        offered = true;
        for (const anchor of site.anchors) joined.add(streets.component[anchor.edge]);
      }
    }
    return offered ? joined : null;
  }

  /* To be checked: failing, and where a station without a place may stand, or near where the data end, or only if walks inside the compound take a long detour, or
     joined by no way of the map with anybody who offers it. */
  function inDoubt(service, b) {
    const { rows, joined, turned } = books[service];
    if (!rows.red[b]) return false;
    if (turned[b] || unplaced[service].has(b)) return true;
    if (residents.blockGapM[b] <= needs.services[service].rows[blockKind[b]].limitM) return true;
    if (joined === null) return false;
    for (let e = exitStart[b]; e < exitStart[b + 1]; e += 1) {
      if (joined.has(streets.component[exits.edge[e]])) return false;
    }
    return true;
  }

  /* A station on streets of its own changes what is to be checked even of blocks that it serves none of. */
  function rejoin(service) {
    const book = books[service];
    const joined = joinedTo(service);
    const key = joined === null ? "nobody" : [...joined].sort((a, b) => a - b).join(" ");
    if (key === book.key) return;
    Object.assign(book, { key, joined, row: null });
    for (const b of every) book.rows.doubt[b] = inDoubt(service, b);
  }

  /* Everything is counted anew for the blocks that were touched, all of them where places are shared out; sums run
     from point to point in their order, so that they are those of a run. */
  function refresh(service) {
    const book = books[service];
    rejoin(service);
    const shared = needs.services[service].asksPlaces && !packed.weighs_blocks;
    if (!book.touched.length) return book;
    const blocks = shared ? every : book.touched;
    for (const b of blocks) book.turned[b] = 0;
    let full = shared ? crowd(service, book.turned) : null;
    if (turn(service, blocks, full) && shared) full = crowd(service, book.turned);
    const was = before ? before[service] : null;
    for (const b of blocks) {
      let share = 0;
      let gained = 0;
      let lost = 0;
      const counts = (book.turned[b] ? sureProviders : providers)[service];
      for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
        const now = counts[p] === 0 ? 0 : full ? 1 - full[p] : 1;
        share += residents.weight[p] * now;
        const more = was ? now - was[p] : 0;
        if (more > 0) gained += worth[p] * more;
        else if (more < 0) lost -= worth[p] * more;
        book.now[p] = now;
      }
      book.gained[b] = gained;
      book.lost[b] = lost;
      judgeBlock(service, b, share, book.rows);
      book.marked[b] = 0;
    }
    book.touched.length = 0;
    book.row = null;
    return book;
  }

  /* Notes the blocks that are served, and would not be if walks inside took a long detour (needs/judging/guessing.py); whether
     there is one. */
  function turn(service, blocks, full) {
    const [counts, sure] = [providers[service], sureProviders[service]];
    const { turned } = books[service];
    const least = packed.min_share - SHARE_TOLERANCE;
    let any = false;
    for (const b of blocks) {
      if (needs.services[service].rows[blockKind[b]].measure < 0) continue;
      let share = 0;
      let sureShare = 0;
      for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
        if (counts[p]) share += residents.weight[p] * (full ? 1 - full[p] : 1);
        if (sure[p]) sureShare += residents.weight[p];
      }
      turned[b] = share >= least && sureShare < least ? 1 : 0;
      any = any || turned[b] === 1;
    }
    return any;
  }

  /* One block by one service, as needs/judging/shares.py judges it. */
  function judgeBlock(service, b, share, rows) {
    const { measure } = needs.services[service].rows[blockKind[b]];
    const enough = share >= packed.min_share - SHARE_TOLERANCE;
    const unknown = measure < 0 || (!enough && !packed.services[service].complete);
    const state = unknown ? "unknown" : enough ? "served" : share > 0 ? "partly" : "not_served";
    const red = state === "partly" || state === "not_served";
    const people = whole(residents.blockPeople[b]);
    rows.failing += (red ? 1 : 0) - (rows.red[b] ? 1 : 0);
    rows.red[b] = red;
    rows.share[b] = share;
    rows.state[b] = state;
    rows.asked[b] = measure >= 0;
    rows.doubt[b] = inDoubt(service, b);
    rows.people[b] = people;
    rows.served[b] = measure < 0 ? 0 : Math.min(people, whole(residents.blockPeople[b] * share));
  }

  /* The study as it stands, by which every trial is measured. */
  function keep() {
    touchAll();
    if (base) {
      base.setTerms(stated, moment);
      ({ before, rowsBefore } = base.kept());
      return;
    }
    before = null;
    before = books.map((_, service) => refresh(service).now.slice());
    rowsBefore = books.map(({ rows }) => copied(rows));
    touchAll();
  }

  function touchAll() {
    for (const book of books) {
      book.touched = every.slice();
      book.marked.fill(1);
    }
  }

  const { standing } = town;
  follow(standing);
  keep();

  /* Judges every block by one service; now: false for the study as it stands. What is returned changes with the trial. */
  const judge = (service, now = true) => (now ? refresh(service).rows : rowsBefore[service]);

  /* Per service: people gained and lost (blocks' shares where nobody is counted), real numbers, by kind and in all;
     printed: whole people by kind, summed over blocks so that gained − lost is what the printed tables differ by;
     failing: blocks, before and after; sure: those of them that are not to be checked. */
  function difference() {
    return books.map((_, service) => {
      const book = refresh(service);
      if (!book.row) book.row = compared(book, rowsBefore[service]);
      return book.row;
    });
  }

  function compared({ gained, lost, rows }, old) {
    const zeros = () => new Array(kinds).fill(0);
    /** @type {any} */
    const row = { gainedByKind: zeros(), lostByKind: zeros(), printed: { gained: zeros(), lost: zeros() } };
    const sure = { before: 0, after: 0 };
    for (let b = 0; b < residents.blocks; b += 1) {
      if (old.red[b] && !old.doubt[b]) sure.before += 1;
      if (rows.red[b] && !rows.doubt[b]) sure.after += 1;
      const net = rows.served[b] - old.served[b];
      if (gained[b] === 0 && lost[b] === 0 && net === 0) continue;
      const kind = blockKind[b];
      row.gainedByKind[kind] += gained[b];
      row.lostByKind[kind] += lost[b];
      if (packed.weighs_blocks) continue;
      const [more, less] = printedChange(gained[b], lost[b], net);
      row.printed.gained[kind] += more;
      row.printed.lost[kind] += less;
    }
    row.gained = row.gainedByKind.reduce((sum, value) => sum + value, 0);
    row.lost = row.lostByKind.reduce((sum, value) => sum + value, 0);
    row.failing = { before: old.failing, after: rows.failing };
    row.sure = sure;
    return row;
  }

  /* One limit in meters for every need, null for each its own; and a half hour of the week, -1 for the moment of the
     run. Before and after are both judged by them. */
  function setTerms(meters, half) {
    if (meters === stated && half === moment) return;
    if (meters !== null && !(meters > 0 && meters <= FARTHEST_M))
      throw new RangeError(`no limit: ${meters} m`);
    const kept = Array.from(actors, ([key, actor]) => [key, actor.site, [...actor.served.keys()]]);
    follow(standing.map(([key, site]) => [key, site, []]));
    stated = meters;
    moment = half;
    needs = readNeeds(packed, walkerNumber, stated);
    follow(standing);
    keep();
    follow(kept.map(([key, site]) => [key, site, []]));
    follow(kept);
  }

  const kept = () => ({ before, rowsBefore });
  const setLimit = (meters) => setTerms(meters, moment);
  return { follow, difference, judge, setLimit, setTerms, kept, limit: () => stated };
}

const copied = (rows) =>
  Object.fromEntries(Object.entries(rows).map(([key, value]) => [key, value.slice ? value.slice() : value]));

/** @returns {any} */
function makeBook({ blocks, points }) {
  const numbers = () => new Float64Array(blocks);
  /** @type {any} */
  const rows = { share: numbers(), state: [], asked: [], doubt: [], red: [], people: [], served: [], failing: 0 };
  return {
    ...{ rows, gained: numbers(), lost: numbers(), now: new Float64Array(points) },
    ...{ touched: [], marked: new Uint8Array(blocks), row: null, key: null, joined: null },
    turned: new Uint8Array(blocks),
  };
}

/* Whole people of one block: [gained, lost] with gained − lost = net, the difference of what is printed. */
export function printedChange(gained, lost, net) {
  if (gained === 0) return [0, -net];
  const less = lost === 0 ? 0 : whole(lost);
  return net + less < 0 ? [0, -net] : [net + less, less];
}
