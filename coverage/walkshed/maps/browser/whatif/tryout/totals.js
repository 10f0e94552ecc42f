/* Totals and worst blocks of one service, counted from the rows of a trial as Python counts those of a run. */
/** @import { Worst } from "../../payload" */
/** @import { Rows } from "../../types" */

/**
 * Totals as maps/payload/whole.py sums them; beyondM: by how many meters most of a block's people are too far.
 * @param {Rows} rows
 * @param {(block: number) => number} beyondM
 * @param {Worst} worst
 */
export function totalsOf(rows, beyondM, { by, count: most }) {
  const { state, asked, doubt, people, served } = rows;
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
  const left = heads.people - heads.people_served - heads.people_unknown;
  const figures = (/** @type {number} */ b) => figuresOf(rows, b, heads.people > 0, beyondM(b));
  const worst = ranked(failing, figures, by).slice(0, most);
  return { ...sum, ...heads, people_left_out: left, worst, unjudged: unjudgedOf(state, asked) };
}

/**
 * What the worst are ranked by.
 * @param {Rows} rows
 * @param {number} b
 * @param {boolean} counted
 * @param {number} beyondM
 * @returns {Record<string, number>}
 */
function figuresOf({ doubt, people, served, share }, b, counted, beyondM) {
  const out = people[b] - served[b];
  return {
    spared: Number(counted && out === 0),
    doubt: Number(doubt[b]),
    left_out: out,
    share: share[b],
    short_m: Math.max(0, beyondM),
  };
}

/**
 * Why blocks are not judged, as needs/measures/totals.py says it.
 * @param {string[]} state
 * @param {boolean[]} asked
 */
function unjudgedOf(state, asked) {
  const why = new Set(asked.filter((_, b) => state[b] === "unknown"));
  if (why.size > 1) return "not_judged";
  const one = why.has(true) ? "not_surveyed" : "no_standard";
  return why.size ? one : "";
}

/**
 * Blocks by their figures, as maps/payload/judged.py ranks them: by = [[figure, 1 for the least first, -1 for the most]].
 * @param {number[]} blocks
 * @param {(block: number) => Record<string, number>} figures
 * @param {[string, number][]} by
 */
function ranked(blocks, figures, by) {
  const rows = blocks.map((block) => ({ block, of: figures(block) }));
  rows.sort((one, other) => {
    for (const [name, sign] of by) {
      const [a, b] = [one.of[name], other.of[name]];
      if (a !== b) return a < b ? -sign : sign;
    }
    return one.block - other.block;
  });
  return rows.map((row) => row.block);
}
