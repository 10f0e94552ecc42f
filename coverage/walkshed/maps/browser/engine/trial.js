/* What changes when stations come, go, move or offer something else: people gained and lost, blocks served anew. */
(function () {
  "use strict";
  const walkshed = (globalThis.walkshed = globalThis.walkshed || {});
  const engine = (walkshed.engine = walkshed.engine || {});
  const STATES = ["served", "partly", "not_served", "unknown"];
  const SHARE_TOLERANCE = 1e-9;
  const FARTHEST_M = 1000; /* of the limit slider */

  /* offers: one list of services (numbers) per station of the study. */
  engine.makeTrial = (town, offers) => {
    const { residents, services, kinds, packed } = town;
    const { points, block, blockKind, worth } = residents;
    const judged = packed.limits_m.flat().filter((limit) => limit !== null);
    const farthest = engine.TICKS * Math.max(FARTHEST_M, ...judged);
    const reach = engine.makeReach(town);
    const actors = new Map(); /* key: {reach, services}: the study's stations by number, added ones by id */
    const providers = Array.from({ length: services }, () => new Uint16Array(points));
    let before = null; /* per service a byte per point: served by the study as it stands */
    let limits = null; /* ticks, one row per kind; NaN: no standard */
    let stated = null; /* one limit for all, in meters; null: each its own */

    function readLimits() {
      limits = packed.limits_m.map((row) =>
        Float64Array.from(row, (limit) => (limit === null ? NaN : (stated === null ? limit : stated) * engine.TICKS)),
      );
    }

    function count(found, service, change) {
      const counts = providers[service];
      for (let i = 0; i < found.count; i += 1) {
        const p = found.point[i];
        if (found.cost[i] <= limits[blockKind[block[p]]][service]) counts[p] += change;
      }
    }

    function setServices(actor, wanted) {
      for (const service of actor.services) if (!wanted.includes(service)) count(actor.reach, service, -1);
      for (const service of wanted) if (!actor.services.includes(service)) count(actor.reach, service, 1);
      actor.services = wanted;
    }

    /* Lets a station stand at some anchors with some services; no anchors or services: it serves nobody. */
    function place(key, anchors, wanted) {
      let actor = actors.get(key);
      if (!actor) actors.set(key, (actor = { anchors: null, reach: { count: 0 }, services: [] }));
      if (actor.anchors !== anchors) {
        setServices(actor, []);
        reach(anchors, farthest, actor.reach);
        actor.anchors = anchors;
      }
      setServices(actor, wanted);
    }

    function remove(key) {
      setServices(actors.get(key), []);
      actors.delete(key);
    }

    function recount() {
      readLimits();
      for (const counts of providers) counts.fill(0);
      for (const actor of actors.values()) for (const service of actor.services) count(actor.reach, service, 1);
    }

    /* The study as it stands is what everything is compared with. */
    const keep = () => (before = providers.map((counts) => counts.map((some) => (some ? 1 : 0)).slice()));

    readLimits();
    town.stations.forEach((anchors, station) => place(station, anchors, offers[station]));
    keep();

    /* Judges every block by one service, as needs/judging.py does; now: false for the study as it stands. */
    function judge(service, now = true) {
      const has = now ? providers[service] : before[service];
      const served = new Float64Array(residents.blocks);
      for (let p = 0; p < points; p += 1) if (has[p]) served[block[p]] += residents.weight[p];
      const rows = { share: served, state: [], doubt: [], people: [], served: [], failing: 0 };
      for (let b = 0; b < residents.blocks; b += 1) {
        const limit = limits[blockKind[b]][service];
        const none = Number.isNaN(limit);
        const enough = served[b] >= packed.min_share - SHARE_TOLERANCE;
        const unknown = none || (!enough && !packed.complete[service]);
        const state = unknown ? "unknown" : enough ? "served" : served[b] > 0 ? "partly" : "not_served";
        const red = state === "partly" || state === "not_served";
        const people = Math.floor(residents.blockPeople[b] + 0.5);
        rows.state.push(state);
        rows.doubt.push(red && residents.blockGapM[b] * engine.TICKS <= limit);
        rows.people.push(people);
        rows.served.push(none ? 0 : Math.min(people, Math.floor(residents.blockPeople[b] * served[b] + 0.5)));
        rows.failing += red ? 1 : 0;
      }
      return rows;
    }

    /* Per service {gained, lost, gainedByKind, lostByKind}: people, or blocks' shares where nobody is counted. */
    function difference() {
      return providers.map((counts, service) => {
        const was = before[service];
        const row = { gainedByKind: new Float64Array(kinds.length), lostByKind: new Float64Array(kinds.length) };
        for (let p = 0; p < points; p += 1) {
          if ((counts[p] > 0) === (was[p] > 0)) continue;
          (was[p] ? row.lostByKind : row.gainedByKind)[blockKind[block[p]]] += worth[p];
        }
        row.gained = row.gainedByKind.reduce((sum, value) => sum + value, 0);
        row.lost = row.lostByKind.reduce((sum, value) => sum + value, 0);
        return row;
      });
    }

    /* One limit in meters for every need, null for each its own; before and after are both judged by it. */
    function setLimit(meters) {
      if (meters === stated) return;
      if (meters !== null && !(meters > 0 && meters <= FARTHEST_M)) throw new RangeError(`no limit: ${meters} m`);
      stated = meters;
      const now = new Map(Array.from(actors, ([key, actor]) => [key, actor]));
      const kept = Array.from(now, ([key, actor]) => [key, actor.anchors, actor.services]);
      /* back to the study as it stands, to judge it by the new limit; then forward again */
      restore(town.stations.map((anchors, station) => [station, anchors, offers[station]]));
      recount();
      keep();
      restore(kept);
    }

    /* Makes the actors those of a list [key, anchors, services]; what stays the same costs nothing. */
    function restore(wanted) {
      const keys = new Set(wanted.map(([key]) => key));
      for (const key of [...actors.keys()]) if (!keys.has(key)) remove(key);
      for (const [key, anchors, chosen] of wanted) place(key, anchors, chosen);
    }

    return { restore, difference, judge, setLimit, states: STATES, limit: () => stated };
  };
})();
