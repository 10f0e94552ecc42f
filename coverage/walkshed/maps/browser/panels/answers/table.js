/* All blocks as a table: the other way to read the map, for whoever does not see it. */
import { blockButton } from "./areas.js";
import { grouped, html } from "../../shared/elements.js";
import { swatch } from "../../shared/marks.js";
/** @import { Block } from "../../payload" */
/** @import { Study } from "../../types" */
/** @import { State, Store } from "../../shared/store.js" */

/**
 * Every block in the order of the study, with how it looks on the map and whom the service leaves out there.
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
export function blockTable(study, store, state) {
  const say = study.say;
  const people = study.countsBlocks;
  const head = (/** @type {string} */ word) => html("th", { scope: "col" }, say(word));
  /* at a moment that the page cannot count, figures stay the run's, as the headline says */
  const row = (/** @type {Block} */ block, /** @type {number} */ index) => {
    const { people: all, served } = study.judgment(index, state.service);
    const look = study.lookAt(index, state.service);
    return html(
      "tr",
      { class: look },
      html(
        "th",
        { scope: "row" },
        blockButton(store, index, block.name),
      ),
      html("td", {}, swatch(look, 16, 11), " ", study.lookOf(index, state.service)),
      people ? html("td", { class: "out" }, grouped(all - served)) : "",
    );
  };
  return html(
    "table",
    { class: "all-blocks" },
    html("caption", {}, study.services[state.service].name),
    html("thead", {}, html("tr", {}, head("search_block"), head("state_column"), people ? head("people_column") : "")),
    html("tbody", {}, study.blocks.map(row)),
  );
}
