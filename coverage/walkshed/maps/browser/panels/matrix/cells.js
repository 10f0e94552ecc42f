/* A cell of the service matrix: how it looks, and what it says. */
import { grouped, html } from "../../shared/elements.js";
import { unpackLiving } from "../../shared/unpack.js";
/** @import { Study } from "../../types" */

const MOST_BLOCKS = 8;

/** @param {Study} study @param {number} t @param {number} s */
const isFilled = ({ matrix }, t, s) => matrix.filled[t][s] === "1";

/**
 * The highest worths, by which others are strong or weak: of filled cells and of empty ones.
 * @param {Study} study
 */
export function highestOf(study) {
  const highest = { filled: 1, empty: 1 };
  study.matrix.worth.forEach((row, t) =>
    row.forEach((worth, s) => {
      const kind = isFilled(study, t, s) ? "filled" : "empty";
      highest[kind] = Math.max(highest[kind], worth || 0);
    }),
  );
  return highest;
}

/**
 * @param {Study} study
 * @param {number} t
 * @param {number} s
 * @param {{ filled: number, empty: number }} highest
 */
export function cell(study, t, s, highest) {
  const known = study.matrix.worth[t][s];
  const worth = known === null ? 1 : known; /* what is hidden is at least that */
  const share = worth / highest[isFilled(study, t, s) ? "filled" : "empty"];
  const text = known === null ? "–" : textOf(study, t, s, worth);
  return html(
    "td",
    { tabindex: -1, "data-station": t, "data-service": s, "aria-label": describe(study, t, s) },
    html("span", { class: `cell ${lookOf(isFilled(study, t, s), worth, share)}` }, text),
  );
}

/** @param {boolean} filled @param {number} worth @param {number} share */
function lookOf(filled, worth, share) {
  const pale = share > 0.25 ? "middle" : "weak";
  const strength = share > 0.6 ? "strong" : pale;
  if (filled) return `filled ${worth > 0 ? strength : "twin"}`;
  return worth > 0 ? `potential ${strength}` : "nothing";
}

/**
 * The plus tells an offer that could be from one that is where colors do not: in gray, and to some eyes.
 * @param {Study} study
 * @param {number} t
 * @param {number} s
 * @param {number} worth
 */
function textOf(study, t, s, worth) {
  if (isFilled(study, t, s)) return worth === 0 && study.matrix.twin[t][s] >= 0 ? "≈ 0" : grouped(worth);
  return worth > 0 ? `+${grouped(worth)}` : "·";
}

/** @param {Study} study @param {number} t @param {number} s */
function describe(study, t, s) {
  const { stations, services, matrix, say } = study;
  const unit = matrix.weighs_blocks ? "_blocks" : "";
  const n = matrix.worth[t][s];
  const fields = { station: stations[t].name, service: services[s].name, n };
  if (n === null) return say("cell_hidden", fields);
  if (!isFilled(study, t, s)) return n > 0 ? say(`cell_potential${unit}`, fields) : say("cell_nothing", fields);
  if (n > 0) return say(`cell_gain${unit}`, fields);
  const twin = matrix.twin[t][s];
  return twin >= 0 ? say("cell_twin", { ...fields, twin: stations[twin].name }) : say("cell_idle", fields);
}

/**
 * The blocks in which the people of a cell live, most people first.
 * @param {Study} study
 * @param {number} t
 * @param {number} s
 */
export function tellHomes(study, t, s) {
  const { blocks, matrix, say } = study;
  if (!matrix.live || !matrix.live[t][s].length) return "";
  const live = unpackLiving(matrix.live[t][s]).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const named = live.slice(0, MOST_BLOCKS).map(([block, n]) => {
    const { name } = blocks[block];
    return matrix.weighs_blocks ? name : say("cell_block", { name, n });
  });
  if (live.length > MOST_BLOCKS) named.push(say("cell_more_blocks", { n: live.length }));
  return say("cell_blocks", { blocks: named.join(say("list_mark")) });
}
