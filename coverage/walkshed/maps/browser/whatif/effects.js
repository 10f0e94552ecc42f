/* What a what-if does to blocks: on the map, and to the chosen one in words. */
import { sentence } from "../shared/elements.js";
/** @import { Fields, Rows } from "../types" */
/** @import { Session } from "./session" */

const red = (/** @type {string} */ state) => state === "partly" || state === "not_served";
const lookOf = (/** @type {Rows} */ rows, /** @type {number} */ block) =>
  red(rows.state[block]) && rows.doubt[block] ? "doubt" : rows.state[block];

/**
 * What the shown changes do to a block, "" for nothing.
 * @param {Session} session
 * @param {number} block
 * @param {number} service
 */
export function changeOf({ tryout }, block, service) {
  const { rows, old } = tryout.rowsOf(service);
  const [was, is] = [old.state[block], rows.state[block]];
  if (red(was) && is === "served") return "block_gained";
  return was === "served" && red(is) ? "block_lost" : "";
}

/**
 * Only blocks that changed otherwise than before are touched.
 * @param {Session} session
 */
export function paint(session) {
  const { study, store, blocks, looks } = session;
  const { service } = store.state;
  const others = [];
  for (let block = 0; block < study.blocks.length; block += 1) {
    const change = study.changeOf(block, service);
    if ((looks[block] || "") === change) continue;
    looks[block] = change;
    others.push(block);
    const { classList } = blocks.paths[block];
    classList.toggle("block-gained", change === "block_gained");
    classList.toggle("block-lost", change === "block_lost");
  }
  blocks.repaint(others);
  showBlock(session);
}

/** @param {Session} session */
export function showBlock(session) {
  const { open, panel, store } = session;
  if (!open.now || !open.ready) return;
  panel.showBlock(blockText(session, store.state.block, store.state.service), store.state.block);
}

/** @param {Session} session @param {number} block @param {number} service */
function blockText({ study, tryout }, block, service) {
  if (block < 0) return "";
  const say = (/** @type {string} */ key, /** @type {Fields} */ fields) => sentence(study.called("whatif", key), fields);
  const { rows, old } = tryout.rowsOf(service);
  const [before, after] = [old, rows].map((from) => study.lookName(lookOf(from, block)));
  const text = say("block_now", { name: study.blocks[block].name, before, after });
  if (!study.study.has_people) return text;
  const people = { before: old.served[block], after: rows.served[block], all: rows.people[block] };
  return `${text} · ${say("block_people", people)}`;
}
