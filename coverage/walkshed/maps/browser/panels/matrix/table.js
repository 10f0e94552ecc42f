/* The table of the service matrix: stations by hub, services, and the way by keyboard from cell to cell. */
import { html } from "../../shared/elements.js";
import { cell, highestOf } from "./cells.js";
/** @import { Group } from "../../payload" */
/** @import { Study } from "../../types" */
/** @import { Store } from "../../shared/store.js" */

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * The table, and its heads by service.
 * @param {Study} study
 * @param {Store} store
 */
export function matrixTable(study, store) {
  const heads = study.services.map((service) => html("th", { scope: "col", class: "service-name" }, service.name));
  const highest = highestOf(study);
  const table = html(
    "table",
    { class: "matrix", role: "grid", "aria-label": study.say("matrix") },
    html("thead", {}, html("tr", {}, html("th", { scope: "col" }, study.say("station")), heads)),
    study.matrix.groups.map((group) => groupBody(study, store, group, highest)),
  );
  walkWithArrows(table);
  return { table, heads };
}

/** @typedef {{ filled: number, empty: number }} Highest */

/** @param {Study} study @param {Store} store @param {Group} group @param {Highest} highest */
function groupBody(study, store, { hub, rows }, highest) {
  const lines = rows.map(([station, depth]) => stationRow(study, store, station, depth, highest));
  if (hub < 0 && study.matrix.groups.length > 1) {
    const head = html("th", { colspan: study.services.length + 1 }, study.say("unlinked"));
    lines.unshift(html("tr", { class: "group" }, head));
  }
  return html("tbody", {}, lines);
}

/** @param {Study} study @param {Store} store @param {number} t @param {number} depth @param {Highest} highest */
function stationRow(study, store, t, depth, highest) {
  const { name, tier } = study.stations[t];
  const choose = () => store.set({ station: t, block: -1 });
  const head = html(
    "th",
    { scope: "row", class: `depth-${Math.min(depth, 3)}` },
    html("button", { type: "button", on: { click: choose } }, name),
  );
  return html(
    "tr",
    { class: depth === 0 && tier === "hub" ? "head" : "" },
    head,
    study.services.map((_, s) => cell(study, t, s, highest)),
  );
}

/**
 * One tab stop; arrows move from cell to cell.
 * @param {HTMLTableElement} table
 */
function walkWithArrows(table) {
  const rows = [...table.querySelectorAll("tr")]
    .map((row) => [...row.querySelectorAll("td")])
    .filter((row) => row.length);
  if (!rows.length || !rows[0].length) return;
  rows[0][0].tabIndex = 0;
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const cell = /** @type {Element} */ (event.target).closest("td");
    if (!step || !cell) return;
    const y = rows.findIndex((row) => row.includes(cell));
    const next = (rows[y + step[0]] || [])[rows[y].indexOf(cell) + step[1]];
    if (!next) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  });
}
