/* How blocks are judged from who serves their residents: shares, places, and what is to be checked. */
import { whole } from "./books.js";
/** @import { Key, Needs, Town } from "../../types" */
/** @import { Served, Stationed } from "./accepting.js" */
/** @import { Book } from "./books.js" */

const SHARE_TOLERANCE = 1e-9;
const DECAY = [
  [1 / 3, 1],
  [2 / 3, 0.68],
  [1, 0.22],
]; /* needs/access/capacity.py */

/** @param {number} nearness */
const decay = (nearness) => {
  for (const [bound, weight] of DECAY) if (nearness - 1e-12 <= bound) return weight;
  return 0;
};

/**
 * A trial's facts: how many serve each point by service, and how many if walks inside compounds take a long detour;
 * before: per service, per point, the share that is served by the study as it stands.
 * @typedef {object} Counts
 * @property {Town} town
 * @property {Map<Key, Stationed>} actors
 * @property {Uint16Array[]} providers
 * @property {Uint16Array[]} sureProviders
 * @property {Book[]} books
 * @property {Set<number>[]} unplaced per service: the blocks that a station without a place may serve (needs/judging/unplaced.py)
 * @property {number[]} every all blocks
 * @property {Needs} needs
 * @property {Float64Array[] | null} before
 */

/**
 * Counts an offer's residents in (1) or out (-1).
 * @param {Counts} counts
 * @param {number} service
 * @param {Served} served
 * @param {1 | -1} change
 */
export function count({ town, providers, sureProviders, books }, service, { point, sure }, change) {
  const { block } = town.residents;
  const all = providers[service];
  const certain = sureProviders[service];
  const book = books[service];
  point.forEach((p, i) => {
    all[p] += change;
    certain[p] += change * sure[i];
    if (book.marked[block[p]]) return;
    book.marked[block[p]] = 1;
    book.touched.push(block[p]);
  });
}

/**
 * Everything is counted anew for the blocks that were touched, all of them where places are shared out; sums run from
 * point to point in their order, so that they are those of a run.
 * @param {Counts} counts
 * @param {number} service
 */
export function refresh(counts, service) {
  const { needs, town, books, every } = counts;
  const book = books[service];
  rejoin(counts, service);
  const isShared = needs.services[service].asksPlaces && !town.packed.weighs_blocks;
  if (!book.touched.length) return book;
  const blocks = isShared ? every : book.touched;
  for (const b of blocks) book.turned[b] = 0;
  let full = isShared ? crowd(counts, service) : null;
  if (turn(counts, service, blocks, full) && isShared) full = crowd(counts, service);
  for (const b of blocks) {
    judgeBlock(counts, service, b, shareOf(counts, service, b, full));
    book.marked[b] = 0;
  }
  book.touched.length = 0;
  book.row = null;
  return book;
}

/**
 * The share of a block that is served; who is gained and lost there is noted.
 * @param {Counts} counts
 * @param {number} service
 * @param {number} b
 * @param {Float64Array | null} full
 */
function shareOf({ town, providers, sureProviders, books, before }, service, b, full) {
  const { pointStart, weight, worth } = town.residents;
  const book = books[service];
  const was = before ? before[service] : null;
  const serving = (book.turned[b] ? sureProviders : providers)[service];
  let share = 0;
  let gained = 0;
  let lost = 0;
  for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
    const room = full ? 1 - full[p] : 1;
    const now = serving[p] === 0 ? 0 : room;
    share += weight[p] * now;
    const more = was ? now - was[p] : 0;
    if (more > 0) gained += worth[p] * more;
    else if (more < 0) lost -= worth[p] * more;
    book.now[p] = now;
  }
  book.gained[b] = gained;
  book.lost[b] = lost;
  return share;
}

/**
 * One block by one service, as needs/judging/shares.py judges it.
 * @param {Counts} counts
 * @param {number} service
 * @param {number} b
 * @param {number} share
 */
function judgeBlock(counts, service, b, share) {
  const { needs, town, books } = counts;
  const { packed, residents } = town;
  const { rows } = books[service];
  const { measure } = needs.services[service].rows[residents.blockKind[b]];
  const state = stateOf(share, packed.min_share, measure < 0, packed.services[service].complete);
  const isRed = state === "partly" || state === "not_served";
  const people = whole(residents.blockPeople[b]);
  rows.failing += (isRed ? 1 : 0) - (rows.red[b] ? 1 : 0);
  rows.red[b] = isRed;
  rows.share[b] = share;
  rows.state[b] = state;
  rows.asked[b] = measure >= 0;
  rows.doubt[b] = inDoubt(counts, service, b);
  rows.people[b] = people;
  rows.served[b] = measure < 0 ? 0 : Math.min(people, whole(residents.blockPeople[b] * share));
}

/** @param {number} share @param {number} least @param {boolean} isUnasked @param {boolean} isComplete */
function stateOf(share, least, isUnasked, isComplete) {
  const isEnough = share >= least - SHARE_TOLERANCE;
  if (isUnasked || (!isEnough && !isComplete)) return "unknown";
  if (isEnough) return "served";
  return share > 0 ? "partly" : "not_served";
}

/**
 * For whom there is no room although somebody would serve them (needs/access/capacity.py): the share of each point. In
 * turned blocks walks inside take their detour.
 * @param {Counts} counts
 * @param {number} service
 */
function crowd({ actors, books, needs, town }, service) {
  const { points, people, block, blockKind } = town.residents;
  const supply = new Float64Array(points);
  for (const actor of actors.values()) {
    for (const [offer, list] of actor.served) {
      if (offer.service !== service) continue;
      const { places } = offer;
      const near = nearnessOf(list, books[service].turned, block, places !== null);
      if (places === null) {
        list.point.forEach((p, i) => (supply[p] = near[i] ? Infinity : supply[p]));
        continue;
      }
      let demand = 0;
      list.point.forEach((p, i) => (demand += people[p] * near[i]));
      if (demand > 0) list.point.forEach((p, i) => (supply[p] += (places / demand) * near[i]));
    }
  }
  return supply.map((places, p) => {
    const required = needs.services[service].rows[blockKind[block[p]]].perHead;
    return required > 0 ? Math.max(0, 1 - places / required) : 0;
  });
}

/**
 * How much of an offer reaches each of its residents: all, or less with the way where its places are shared out.
 * @param {Served} list
 * @param {Uint8Array} turned
 * @param {Int32Array} block
 * @param {boolean} isShared
 */
const nearnessOf = (list, turned, block, isShared) =>
  list.point.map((p, i) => {
    const isTurned = turned[block[p]];
    if (isTurned && !list.sure[i]) return 0;
    return isShared ? decay((isTurned ? list.sureNearness : list.nearness)[i]) : 1;
  });

/**
 * Notes the blocks that are served, and would not be if walks inside took a long detour (needs/judging/guessing.py);
 * whether there is one.
 * @param {Counts} counts
 * @param {number} service
 * @param {number[]} blocks
 * @param {Float64Array | null} full
 */
function turn({ needs, town, providers, sureProviders, books }, service, blocks, full) {
  const { pointStart, blockKind, weight } = town.residents;
  const [all, certain] = [providers[service], sureProviders[service]];
  const { turned } = books[service];
  const least = town.packed.min_share - SHARE_TOLERANCE;
  let isAny = false;
  for (const b of blocks) {
    if (needs.services[service].rows[blockKind[b]].measure < 0) continue;
    let share = 0;
    let sureShare = 0;
    for (let p = pointStart[b]; p < pointStart[b + 1]; p += 1) {
      if (all[p]) share += weight[p] * (full ? 1 - full[p] : 1);
      if (certain[p]) sureShare += weight[p];
    }
    turned[b] = share >= least && sureShare < least ? 1 : 0;
    isAny = isAny || turned[b] === 1;
  }
  return isAny;
}

/**
 * The streets that hang together with somebody who offers a service (needs/judging/missing_streets.py); null where
 * nobody does.
 * @param {Counts} counts
 * @param {number} service
 */
function joinedTo({ actors, town }, service) {
  /** @type {Set<number>} */
  const joined = new Set();
  let isOffered = false;
  for (const { site, served } of actors.values()) {
    for (const offer of served.keys()) {
      if (offer.service !== service) continue;
      isOffered = true;
      for (const anchor of site.anchors) joined.add(town.streets.component[anchor.edge]);
    }
  }
  return isOffered ? joined : null;
}

/**
 * To be checked: failing, and where a station without a place may stand, or near where the data end, or only if walks
 * inside the compound take a long detour, or joined by no way of the map with anybody who offers it.
 * @param {Counts} counts
 * @param {number} service
 * @param {number} b
 */
function inDoubt({ needs, town, books, unplaced }, service, b) {
  const { exitStart, exits, blockGapM, blockKind } = town.residents;
  const { rows, joined, turned } = books[service];
  if (!rows.red[b]) return false;
  if (turned[b] || unplaced[service].has(b)) return true;
  if (blockGapM[b] <= needs.services[service].rows[blockKind[b]].limitM) return true;
  if (joined === null) return false;
  for (let e = exitStart[b]; e < exitStart[b + 1]; e += 1) {
    if (joined.has(town.streets.component[exits.edge[e]])) return false;
  }
  return true;
}

/**
 * A station on streets of its own changes what is to be checked even of blocks that it serves none of.
 * @param {Counts} counts
 * @param {number} service
 */
function rejoin(counts, service) {
  const book = counts.books[service];
  const joined = joinedTo(counts, service);
  const key = joined === null ? "nobody" : [...joined].sort((a, b) => a - b).join(" ");
  if (key === book.key) return;
  Object.assign(book, { key, joined, row: null });
  for (const b of counts.every) book.rows.doubt[b] = inDoubt(counts, service, b);
}
