/* What is known of each block by one service, and what differs between two of these. */
/** @import { Difference, Residents, Rows } from "../../types" */

/** @param {number} people */
export const whole = (people) => Math.floor(people + 0.5);

/**
 * What a trial knows of a service: judgments, people gained and lost by block, the share of each point that is served
 * now; the blocks that were touched since, and those that are served only while walks inside take no detour.
 * @typedef {object} Book
 * @property {Rows} rows
 * @property {Float64Array} gained
 * @property {Float64Array} lost
 * @property {Float64Array} now
 * @property {number[]} touched
 * @property {Uint8Array} marked
 * @property {Uint8Array} turned
 * @property {Difference | null} row what differs from before, once it is asked for
 * @property {string | null} key of the streets below
 * @property {Set<number> | null} joined the streets that hang together with somebody who offers it
 */

/** @param {Residents} residents @returns {Book} */
export function makeBook({ blocks, points }) {
  const numbers = () => new Float64Array(blocks);
  /** @type {Rows} */
  const rows = { share: numbers(), state: [], asked: [], doubt: [], red: [], people: [], served: [], failing: 0 };
  return {
    ...{ rows, gained: numbers(), lost: numbers(), now: new Float64Array(points) },
    ...{ touched: [], marked: new Uint8Array(blocks), row: null, key: null, joined: null },
    turned: new Uint8Array(blocks),
  };
}

/** @param {Rows} rows @returns {Rows} */
export const copied = (rows) => ({
  share: rows.share.slice(),
  state: rows.state.slice(),
  asked: rows.asked.slice(),
  doubt: rows.doubt.slice(),
  red: rows.red.slice(),
  people: rows.people.slice(),
  served: rows.served.slice(),
  failing: rows.failing,
});

/**
 * Real people by kind and in all; printed: whole people by kind, summed over blocks so that gained − lost is what the
 * printed tables differ by.
 * @param {Book} book
 * @param {Rows} old
 * @param {{ residents: Residents, kinds: number, weighsBlocks: boolean }} town
 * @returns {Difference}
 */
export function compared({ gained, lost, rows }, old, { residents, kinds, weighsBlocks }) {
  const zeros = () => new Array(kinds).fill(0);
  const [gainedByKind, lostByKind] = [zeros(), zeros()];
  const printed = { gained: zeros(), lost: zeros() };
  const sure = { before: 0, after: 0 };
  for (let b = 0; b < residents.blocks; b += 1) {
    if (old.red[b] && !old.doubt[b]) sure.before += 1;
    if (rows.red[b] && !rows.doubt[b]) sure.after += 1;
    const net = rows.served[b] - old.served[b];
    if (gained[b] === 0 && lost[b] === 0 && net === 0) continue;
    const kind = residents.blockKind[b];
    gainedByKind[kind] += gained[b];
    lostByKind[kind] += lost[b];
    if (weighsBlocks) continue;
    const [more, less] = printedChange(gained[b], lost[b], net);
    printed.gained[kind] += more;
    printed.lost[kind] += less;
  }
  const sum = (/** @type {number[]} */ values) => values.reduce((all, value) => all + value, 0);
  const totals = { gained: sum(gainedByKind), lost: sum(lostByKind) };
  const failing = { before: old.failing, after: rows.failing };
  return { gainedByKind, lostByKind, printed, ...totals, failing, sure };
}

/**
 * Whole people of one block: [gained, lost] with gained − lost = net, the difference of what is printed.
 * @param {number} gained
 * @param {number} lost
 * @param {number} net
 */
export function printedChange(gained, lost, net) {
  if (gained === 0) return [0, -net];
  const less = lost === 0 ? 0 : whole(lost);
  return net + less < 0 ? [0, -net] : [net + less, less];
}
