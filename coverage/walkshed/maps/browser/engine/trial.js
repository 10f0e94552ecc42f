/* What changes when stations come, go, move or offer something else: people gained and lost, blocks served anew. */
(function () {
  "use strict";
  const walkshed = (globalThis.walkshed = globalThis.walkshed || {});
  const engine = (walkshed.engine = walkshed.engine || {});
  const SHARE_TOLERANCE = 1e-9;
  const DECAY = [
    [1 / 3, 1],
    [2 / 3, 0.68],
    [1, 0.22],
  ]; /* needs/capacity.py */

  const decay = (nearness) => {
    for (const [bound, weight] of DECAY) if (nearness - 1e-12 <= bound) return weight;
    return 0;
  };
  const whole = (people) => Math.floor(people + 0.5);

  /* An actor is a station as it stands in the trial: {site: {anchors, x, y}, offers}. An offer is an object of the
     payload with its service; as long as the object stays the same, so does whom it serves. */
  engine.makeTrial = (town, walkerNumber = 0) => {
    const { residents, packed } = town;
    const { points, block, blockKind, worth } = residents;
    const services = packed.services.length;
    const kinds = packed.kinds.length;
    const walker = packed.walkers[walkerNumber];
    const reachOf = engine.makeReaches(town, walker);
    const actors = new Map();
    const providers = Array.from({ length: services }, () => new Uint16Array(points));
    const ownCost = new Float64Array(points).fill(Infinity);
    let stated = null; /* one limit for all needs, in meters; null: each its own */
    let needs = engine.readNeeds(packed, walkerNumber, stated);
    const dirty = new Uint8Array(services).fill(1); /* since the last difference */
    const rowsNow = new Array(services).fill(null);
    const judgedBefore = new Array(services).fill(null);
    let before = null; /* per service, per point: the share that is served by the study as it stands */

    /* The residents whom an offer serves (needs/rows.py): admitted, near enough, and able to get to the window. */
    function accept(actor, offer) {
      const list = { point: [], nearness: [] };
      if (!offer.open || !actor.site.anchors.length) return list;
      const { rows, used, asksPlaces } = needs.services[offer.service];
      const outreach = offer.mode === "outreach";
      const floors = offer.floors_s[walkerNumber];
      for (const number of used) {
        const measure = needs.measures[number];
        const inMinutes = measure.unit === "min";
        const near = reachOf(actor, measure, outreach ? "crew" : "adult");
        const same = outreach || engine.walksLikeAdult(packed, walker, measure.unit);
        const own = same ? null : reachOf(actor, measure, "walker");
        const ready = outreach && inMinutes ? offer.readiness_s : 0;
        if (own) for (let i = 0; i < own.count; i += 1) ownCost[own.point[i]] = own.cost[i];
        for (let i = 0; i < near.count; i += 1) {
          const p = near.point[i];
          const row = rows[blockKind[block[p]]];
          if (row.measure !== number) continue;
          let cost = near.cost[i] / engine.TICKS + ready;
          if (cost > row.limit || (offer.admitted && !offer.admitted[block[p]])) continue;
          if (!outreach) {
            if (own) cost = ownCost[p] / engine.TICKS;
            if (floors === null || cost + (inMinutes ? floors : 0) > row.limit) continue;
          }
          list.point.push(p);
          if (asksPlaces) list.nearness.push(cost / row.limit);
        }
        if (own) for (let i = 0; i < own.count; i += 1) ownCost[own.point[i]] = Infinity;
      }
      return list;
    }

    function count(offer, list, change) {
      const counts = providers[offer.service];
      for (const p of list.point) counts[p] += change;
      dirty[offer.service] = 1;
    }

    function place(key, site, offers) {
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

    /* For whom there is no room although somebody would serve them (needs/capacity.py): the share of each point. */
    function crowd(service) {
      const supply = new Float64Array(points);
      for (const actor of actors.values()) {
        for (const [offer, { point, nearness }] of actor.served) {
          if (offer.service !== service) continue;
          if (offer.places === null) {
            for (const p of point) supply[p] = Infinity;
            continue;
          }
          let demand = 0;
          point.forEach((p, i) => (demand += residents.people[p] * decay(nearness[i])));
          if (demand > 0) point.forEach((p, i) => (supply[p] += (offer.places / demand) * decay(nearness[i])));
        }
      }
      return supply.map((places, p) => {
        const required = needs.services[service].rows[blockKind[block[p]]].perHead;
        return required > 0 ? Math.max(0, 1 - places / required) : 0;
      });
    }

    /* The share of each point that is served, written into an array that is used again. */
    const scratch = new Float64Array(points);
    function shareNow(service, share = scratch) {
      const counts = providers[service];
      const full = needs.services[service].asksPlaces && !packed.weighs_blocks ? crowd(service) : null;
      for (let p = 0; p < points; p += 1) share[p] = counts[p] === 0 ? 0 : full ? 1 - full[p] : 1;
      return share;
    }

    /* The study as it stands, by which every trial is measured. */
    function keep() {
      before = providers.map((_, service) => shareNow(service, new Float64Array(points)));
      judgedBefore.fill(null);
      dirty.fill(1);
    }

    const { standing } = town;
    follow(standing);
    keep();

    /* Judges every block by one service, as needs/judging.py does; now: false for the study as it stands. */
    function judge(service, now = true) {
      if (now) return judged(service, shareNow(service));
      if (!judgedBefore[service]) judgedBefore[service] = judged(service, before[service]);
      return judgedBefore[service];
    }

    function judged(service, served) {
      const share = new Float64Array(residents.blocks);
      for (let p = 0; p < points; p += 1) share[block[p]] += residents.weight[p] * served[p];
      const rows = { share, state: [], doubt: [], people: [], served: [], failing: 0 };
      for (let b = 0; b < residents.blocks; b += 1) {
        const { limitM, measure } = needs.services[service].rows[blockKind[b]];
        const enough = share[b] >= packed.min_share - SHARE_TOLERANCE;
        const unknown = measure < 0 || (!enough && !packed.services[service].complete);
        const state = unknown ? "unknown" : enough ? "served" : share[b] > 0 ? "partly" : "not_served";
        const red = state === "partly" || state === "not_served";
        const people = whole(residents.blockPeople[b]);
        rows.state.push(state);
        rows.doubt.push(red && residents.blockGapM[b] <= limitM);
        rows.people.push(people);
        rows.served.push(measure < 0 ? 0 : Math.min(people, whole(residents.blockPeople[b] * share[b])));
        rows.failing += red ? 1 : 0;
      }
      return rows;
    }

    /* Per service: people gained and lost (blocks' shares where nobody is counted), real numbers, by kind and in all;
       printed: whole people by kind, summed over blocks so that gained − lost is what the printed tables differ by;
       failing: blocks, before and after. */
    function difference() {
      for (let service = 0; service < services; service += 1) {
        if (dirty[service]) rowsNow[service] = compared(service);
        dirty[service] = 0;
      }
      return rowsNow.slice();
    }

    function compared(service) {
      const zeros = () => new Array(kinds).fill(0);
      const row = { gainedByKind: zeros(), lostByKind: zeros(), printed: { gained: zeros(), lost: zeros() } };
      const gained = new Float64Array(residents.blocks);
      const lost = new Float64Array(residents.blocks);
      const share = shareNow(service);
      const was = before[service];
      let same = true;
      for (let p = 0; p < points; p += 1) {
        const more = share[p] - was[p];
        if (more === 0) continue;
        same = false;
        if (more > 0) gained[block[p]] += worth[p] * more;
        else lost[block[p]] -= worth[p] * more;
      }
      const old = judge(service, false);
      const now = same ? old : judged(service, share);
      for (let b = 0; b < residents.blocks && !same; b += 1) {
        const kind = blockKind[b];
        row.gainedByKind[kind] += gained[b];
        row.lostByKind[kind] += lost[b];
        const [more, less] = engine.printedChange(gained[b], lost[b], now.served[b] - old.served[b]);
        row.printed.gained[kind] += packed.weighs_blocks ? 0 : more;
        row.printed.lost[kind] += packed.weighs_blocks ? 0 : less;
      }
      row.gained = row.gainedByKind.reduce((sum, value) => sum + value, 0);
      row.lost = row.lostByKind.reduce((sum, value) => sum + value, 0);
      row.failing = { before: old.failing, after: now.failing };
      return row;
    }

    /* One limit in meters for every need, null for each its own; before and after are both judged by it. */
    function setLimit(meters) {
      if (meters === stated) return;
      if (meters !== null && !(meters > 0 && meters <= engine.FARTHEST_M))
        throw new RangeError(`no limit: ${meters} m`);
      const kept = Array.from(actors, ([key, actor]) => [key, actor.site, [...actor.served.keys()]]);
      follow(standing.map(([key, site]) => [key, site, []]));
      stated = meters;
      needs = engine.readNeeds(packed, walkerNumber, stated);
      follow(standing);
      keep();
      follow(kept.map(([key, site]) => [key, site, []]));
      follow(kept);
    }

    return { follow, difference, judge, setLimit, limit: () => stated };
  };

  /* Whole people of one block: [gained, lost] with gained − lost = net, the difference of what is printed. */
  engine.printedChange = (gained, lost, net) => {
    if (gained === 0) return [0, -net];
    const less = lost === 0 ? 0 : whole(lost);
    return net + less < 0 ? [0, -net] : [net + less, less];
  };
})();
