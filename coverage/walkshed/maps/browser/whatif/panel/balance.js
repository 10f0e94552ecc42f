/* The table of a what-if: who gains and who loses by service, the one part that changes with every step of a drag. */
import { grouped, html, sentence } from "../../shared/elements.js";
/** @import { CountedStudy, Difference } from "../../types" */

/** @param {HTMLElement} cell @param {string} text */
export function write(cell, text) {
  if (cell.textContent !== text) cell.textContent = text;
}

/** @param {string} sign @param {number} value */
const signed = (sign, value) => (value ? `${sign}${grouped(value)}` : "–");

/**
 * choose(service): when one is clicked. Returns the table, and what shows a trial's difference in it.
 * @param {CountedStudy} study
 * @param {(service: number) => void} choose
 */
export function makeBalance(study, choose) {
  const cells = study.services.map((service, index) => makeCells(service.name, index, choose));
  return {
    table: tableOf(study, cells),
    show: (/** @type {Difference[]} */ rows, /** @type {number} */ service) =>
      rows.forEach((row, index) => showRow(study, cells[index], row, index === service)),
  };
}

/** @typedef {ReturnType<typeof makeCells>} Cells */

/** @param {string} name @param {number} service @param {(service: number) => void} choose */
function makeCells(name, service, choose) {
  const kinds = html("td", { colspan: 4 });
  const click = () => choose(service);
  return {
    name: html("button", { type: "button", class: "link", "data-service": service, on: { click } }, name),
    gained: html("td", { class: "gained" }),
    lost: html("td", { class: "lost" }),
    failing: html("td", { class: "failing" }),
    kinds,
    kindsRow: html("tr", { class: "kinds", hidden: true }, kinds),
  };
}

/** @param {CountedStudy} study @param {Cells[]} cells */
function tableOf(study, cells) {
  const say = (/** @type {string} */ key) => sentence(study.called("whatif", key));
  const head = (/** @type {string} */ word) => html("th", { scope: "col" }, say(word));
  const unit = study.network.weighs_blocks ? "blocks" : "people";
  return html(
    "table",
    { class: "balance-sheet" },
    html("caption", {}, say("gain_and_loss"), html("small", {}, ` ${say(unit)}`)),
    html("thead", {}, html("tr", {}, head("service"), head("gained"), head("lost"), head("failing"))),
    html(
      "tbody",
      {},
      cells.flatMap((row) => [
        html("tr", {}, html("th", { scope: "row" }, row.name), row.gained, row.lost, row.failing),
        row.kindsRow,
      ]),
    ),
  );
}

/** @param {CountedStudy} study @param {Cells} cell @param {Difference} row @param {boolean} isChosen */
function showRow(study, cell, row, isChosen) {
  const byBlocks = study.network.weighs_blocks;
  const sum = (/** @type {number[]} */ values) => values.reduce((all, value) => all + value, 0);
  const shown = (/** @type {number[]} */ values) => (byBlocks ? Number(sum(values).toFixed(1)) : sum(values));
  const gained = byBlocks ? row.gainedByKind : row.printed.gained;
  const lost = byBlocks ? row.lostByKind : row.printed.lost;
  const { before, after } = row.sure; /* what is to be checked counts apart, as everywhere */
  write(cell.gained, signed("+", shown(gained)));
  write(cell.lost, signed("−", shown(lost)));
  write(cell.failing, before === after ? String(before) : `${before} → ${after}`);
  cell.failing.classList.toggle("fewer", after < before);
  cell.failing.classList.toggle("more", after > before);
  const kinds = study.network.kinds
    .map((kind, k) => {
      const more = gained[k] ? signed("+", shown([gained[k]])) : "";
      const less = lost[k] ? signed("−", shown([lost[k]])) : "";
      const parted = [more, less].filter(Boolean);
      return parted.length ? `${study.called("kind", kind)} ${parted.join(" ")}` : "";
    })
    .filter(Boolean);
  cell.kindsRow.hidden = !kinds.length;
  write(cell.kinds, kinds.join(" · "));
  cell.name.setAttribute("aria-pressed", String(isChosen));
}
