/* What the office's own ledgers say, beside a station or a compound and as tables; Python wrote every word. */
import { html, sentence } from "../../shared/elements.js";
/** @import { Table } from "../../payload" */
/** @import { Study } from "../../types" */
/** @import { State, Store } from "../../shared/store.js" */

/** @typedef {Record<string, string>} Texts by language */

/**
 * The lines beside one station or block; nothing where the ledgers are silent.
 * @param {Study} study
 * @param {"stations" | "blocks"} what
 * @param {number} index
 */
export function ledgerLines(study, what, index) {
  const lines = study.ledgers ? study.ledgers[what][index] || [] : [];
  if (!lines.length) return "";
  return html(
    "ul",
    { class: "ledger" },
    lines.map((line) => html("li", {}, line[study.language])),
  );
}

/** @param {Table} table @param {(texts: Texts) => string} spoken */
function filled(table, spoken) {
  const row = (/** @type {"th" | "td"} */ tag, /** @type {Texts[]} */ cells) =>
    html(
      "tr",
      {},
      cells.map((cell) => html(tag, {}, spoken(cell))),
    );
  return html(
    "table",
    {},
    html("thead", {}, row("th", table.heads)),
    html(
      "tbody",
      {},
      table.rows.map((cells) => row("td", cells)),
    ),
  );
}

/**
 * Every ledger as a table that opens.
 * @param {Study} study
 */
export function ledgerTables(study) {
  if (!study.ledgers || !study.ledgers.tables.length) return "";
  const spoken = (/** @type {Texts} */ texts) => texts[study.language];
  return html(
    "section",
    { class: "ledgers" },
    study.ledgers.tables.map((table) =>
      html(
        "details",
        {},
        html("summary", {}, spoken(table.title)),
        table.notes.map((note) => html("p", { class: "hint" }, spoken(note))),
        html("div", { class: "scroll", tabindex: "0" }, filled(table, spoken)),
      ),
    ),
  );
}

/**
 * Two buttons: failing blocks by people left out, or by the work orders of a year.
 * @param {Study} study
 * @param {Store} store
 * @param {State} state
 */
export function orderSwitch(study, store, state) {
  const sorted = study.ledgers && study.ledgers.sorted;
  if (!sorted) return "";
  const button = (/** @type {string} */ order) =>
    html(
      "button",
      {
        type: "button",
        "data-order": order,
        "aria-pressed": String(state.order === order),
        on: { click: () => store.set({ order }) },
      },
      sorted.names[order][study.language],
    );
  return html("div", { class: "limits switch", role: "group" }, button("people"), button("orders"));
}

/** @param {Study} study */
export const ordersHint = ({ ledgers, language }) => (ledgers && ledgers.sorted ? ledgers.sorted.hint[language] : "");

/**
 * A station's name in a cure, which says where it does not run.
 * @param {Study} study
 * @param {number} index
 */
export function nameInCure(study, index) {
  const { name } = study.station(index);
  const { ledgers, language } = study;
  return ledgers && ledgers.idle.includes(index) ? sentence(ledgers.idle_name[language], { name }) : name;
}
