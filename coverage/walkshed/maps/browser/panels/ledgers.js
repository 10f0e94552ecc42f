/* What the office's own ledgers say, beside a station or a compound and as tables; Python wrote every word. */
import { html, sentence } from "../shared/elements.js";

/* The lines beside one station or block ("stations", "blocks"); nothing where the ledgers are silent. */
export function ledgerLines(study, what, index) {
  const lines = study.ledgers ? study.ledgers[what][index] || [] : [];
  if (!lines.length) return "";
  return html(
    "ul",
    { class: "ledger" },
    lines.map((line) => html("li", {}, line[study.language])),
  );
}

function filled(table, spoken) {
  const row = (tag, cells) =>
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

/* Every ledger as a table that opens. */
export function ledgerTables(study) {
  if (!study.ledgers || !study.ledgers.tables.length) return "";
  const spoken = (texts) => texts[study.language];
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

/* Two buttons: failing blocks by people left out, or by the work orders of a year. */
export function orderSwitch(study, store, state) {
  const button = (order) =>
    html(
      "button",
      {
        type: "button",
        "data-order": order,
        "aria-pressed": String(state.order === order),
        on: { click: () => store.set({ order }) },
      },
      study.ledgers.sorted.names[order][study.language],
    );
  return html("div", { class: "limits switch", role: "group" }, button("people"), button("orders"));
}

export const ordersHint = (study) => study.ledgers.sorted.hint[study.language];

/* A station's name in a cure, which says where it does not run. */
export function nameInCure(study, index) {
  const { name } = study.station(index);
  const idle = study.ledgers && study.ledgers.idle.includes(index);
  return idle ? sentence(study.ledgers.idle_name[study.language], { name }) : name;
}
