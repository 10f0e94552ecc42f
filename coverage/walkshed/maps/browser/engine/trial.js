/* What changes when stations come, go, move or offer something else: people gained and lost, blocks served anew. */
import { FARTHEST_M, readNeeds } from "./rules.js";
import { makeAccept } from "./trial/accepting.js";
import { compared, copied, makeBook } from "./trial/books.js";
import { count, refresh } from "./trial/counting.js";
/** @import { Actor, Key, Rows, Site, Town, TownOffer, Trial } from "../types" */
/** @import { Accept } from "./trial/accepting.js" */
/** @import { Counts } from "./trial/counting.js" */

/**
 * The trial of a town for a walker. base: the trial of the study as it stands, by which this one is measured, where its
 * town is another (engine.withGates).
 * @param {Town} town
 * @param {Trial | null} base
 * @returns {Trial}
 */
export function makeTrial(town, walkerNumber = 0, base = null) {
  const { packed, residents, standing } = town;
  const accept = makeAccept(town, walkerNumber);
  const counts = makeCounts(town, walkerNumber);
  /** @type {number | null} */
  let stated = null; /* one limit for all needs, in meters; null: each its own */
  let moment = -1; /* the half hour of the week; -1: the moment of the run */
  /** @type {Rows[]} */
  let rowsBefore = [];

  const follow = (/** @type {Actor[]} */ wanted) => followAll(counts, wanted, accept, moment);

  /* The study as it stands, by which every trial is measured. */
  function keep() {
    touchAll(counts);
    if (base) {
      base.setTerms(stated, moment);
      const kept = base.kept();
      counts.before = kept.before;
      rowsBefore = kept.rowsBefore;
      return;
    }
    counts.before = null;
    counts.before = counts.books.map((_, service) => refresh(counts, service).now.slice());
    rowsBefore = counts.books.map(({ rows }) => copied(rows));
    touchAll(counts);
  }

  /* Per service: what differs from the study as it stands; failing: blocks, before and after; sure: those of them that
     are not to be checked. */
  function difference() {
    const kinds = packed.kinds.length;
    return counts.books.map((_, service) => {
      const book = refresh(counts, service);
      const row =
        book.row || compared(book, rowsBefore[service], { residents, kinds, weighsBlocks: packed.weighs_blocks });
      book.row = row;
      return row;
    });
  }

  /**
   * One limit in meters for every need, null for each its own; and a half hour of the week, -1 for the moment of the
   * run. Before and after are both judged by them.
   * @param {number | null} meters
   * @param {number} half
   */
  function setTerms(meters, half) {
    if (meters === stated && half === moment) return;
    if (meters !== null && !(meters > 0 && meters <= FARTHEST_M)) throw new RangeError(`no limit: ${meters} m`);
    const kept = Array.from(
      counts.actors,
      ([key, { site, served }]) => /** @type {Actor} */ ([key, site, [...served.keys()]]),
    );
    follow(standing.map(emptied));
    stated = meters;
    moment = half;
    counts.needs = readNeeds(packed, walkerNumber, stated);
    follow(standing);
    keep();
    follow(kept.map(emptied));
    follow(kept);
  }

  follow(standing);
  keep();
  return {
    follow,
    difference,
    /* Judges every block by one service; now: false for the study as it stands. What is returned changes with the trial. */
    judge: (service, now = true) => (now ? refresh(counts, service).rows : rowsBefore[service]),
    setLimit: (meters) => setTerms(meters, moment),
    setTerms,
    kept: () => ({ before: counts.before, rowsBefore }),
    limit: () => stated,
  };
}

/** @param {Actor} actor @returns {Actor} */
const emptied = ([key, site]) => [key, site, []];

/** @param {Town} town @param {number} walkerNumber @returns {Counts} */
function makeCounts(town, walkerNumber) {
  const { packed, residents } = town;
  const perService = () => packed.services.map(() => new Uint16Array(residents.points));
  return {
    ...{ town, actors: new Map(), providers: perService(), sureProviders: perService(), before: null },
    books: packed.services.map(() => makeBook(residents)),
    unplaced: packed.services.map((service) => new Set(service.unplaced)),
    every: Array.from({ length: residents.blocks }, (_, b) => b),
    needs: readNeeds(packed, walkerNumber, null),
  };
}

/** @param {Counts} counts */
function touchAll({ books, every }) {
  for (const book of books) {
    book.touched = every.slice();
    book.marked.fill(1);
  }
}

/**
 * Makes the actors those of a list; what stays the same costs nothing.
 * @param {Counts} counts
 * @param {Actor[]} wanted
 * @param {Accept} accept
 * @param {number} moment
 */
function followAll(counts, wanted, accept, moment) {
  const keys = new Set(wanted.map(([key]) => key));
  for (const [key, { site }] of [...counts.actors]) {
    if (keys.has(key)) continue;
    place(counts, [key, site, []], accept, moment);
    counts.actors.delete(key);
  }
  for (const actor of wanted) place(counts, actor, accept, moment);
}

/**
 * @param {Counts} counts
 * @param {[Key, Site, TownOffer[]]} wanted
 * @param {Accept} accept
 * @param {number} moment
 */
function place(counts, [key, at, offers], accept, moment) {
  const site = counts.town.enter(at);
  const actor = counts.actors.get(key) || { site, reaches: new Map(), served: new Map() };
  counts.actors.set(key, actor);
  const isMoved = actor.site !== site;
  for (const [offer, list] of actor.served) {
    if (!isMoved && offers.includes(offer)) continue;
    count(counts, offer.service, list, -1);
    actor.served.delete(offer);
  }
  actor.site = site;
  for (const offer of offers) {
    if (actor.served.has(offer)) continue;
    const list = accept(actor, offer, counts.needs, moment);
    count(counts, offer.service, list, 1);
    actor.served.set(offer, list);
  }
}
