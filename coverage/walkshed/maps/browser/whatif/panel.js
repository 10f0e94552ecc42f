/* The panel of the what-if: who gains and who loses, the changes, and the station that is being changed. */
import { limitsOf } from "../panels/limit.js";
import { byId, grouped, html, sentence } from "../shared/elements.js";
import { makeStationEditor } from "./editor.js";

const FIRST_LIMIT = 300;

/* act: what the buttons do. Returns the parts that change: they are made anew, but for the numbers of the table. */
export function makeWhatIfPanel(study, act) {
  const place = byId("whatif");
  const say = (key, fields) => sentence(study.called("whatif", key), fields);
  const byBlocks = study.network.weighs_blocks;
  const signed = (sign, value) => (value ? `${sign}${grouped(value)}` : "–");
  const parts = {};
  let cells = [];
  let editor = null;

  const button = (name, word, does, more = {}) =>
    html("button", { type: "button", class: "tool", "data-act": name, on: { click: does }, ...more }, say(word));

  /* Everything but the numbers; again when the language changes. */
  function build() {
    parts.told = html("p", { class: "told", role: "status" });
    parts.add = button("add", "add", (event) => act.add(event.detail === 0), {
      class: "tool add",
      "aria-pressed": "false",
    });
    parts.undo = button("undo", "undo", act.undo);
    parts.reset = button("reset", "reset", act.reset);
    parts.name = html("input", {
      type: "text",
      maxlength: 100,
      "aria-label": say("scenario_name"),
      id: "whatif-name",
    });
    parts.name.value = act.name();
    parts.name.addEventListener("input", () => act.rename(parts.name.value));
    parts.save = button("save", "save", act.save);
    const file = html("input", { type: "file", accept: ".toml", hidden: true, id: "whatif-file", "aria-label": say("load") });
    file.addEventListener("change", () => {
      const [chosen] = file.files;
      if (chosen) chosen.text().then(act.load);
      file.value = "";
    });
    parts.load = button("load", "load", () => file.click(), { title: say("load_hint") });
    parts.block = html("p", { class: "block-now" });
    parts.gate = button("gate", "gate", (event) => act.gate(event.detail === 0), { hidden: true });
    parts.changes = html("div", { class: "changes" });
    editor = makeStationEditor(study, button);
    place.replaceChildren(
      html(
        "div",
        { class: "whatif-head" },
        html("h2", { id: "whatif-title" }, say("title")),
        button("close", "close", act.close, { class: "back" }),
      ),
      html("p", { class: "hint" }, say("hint")),
      html("p", { class: "whatif-buttons" }, parts.add, parts.undo, parts.reset, parts.save, parts.load, file),
      parts.told,
      table(),
      html("div", { class: "block-tried" }, parts.block, parts.gate),
      editor.place,
      parts.changes,
      limit(),
      html("label", { class: "whatif-name" }, html("span", {}, say("scenario_name")), parts.name),
    );
  }

  function table() {
    const head = (word) => html("th", { scope: "col" }, say(word));
    cells = study.services.map((service, index) => {
      const row = {
        name: html(
          "button",
          { type: "button", class: "link", "data-service": index, on: { click: () => act.service(index) } },
          service.name,
        ),
        gained: html("td", { class: "gained" }),
        lost: html("td", { class: "lost" }),
        failing: html("td", { class: "failing" }),
        kinds: html("td", { colspan: 4 }),
      };
      row.kindsRow = html("tr", { class: "kinds", hidden: true }, row.kinds);
      return row;
    });
    return html(
      "table",
      { class: "balance-sheet" },
      html("caption", {}, say("gain_and_loss"), html("small", {}, ` ${say(byBlocks ? "blocks" : "people")}`)),
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

  function write(cell, text) {
    if (cell.textContent !== text) cell.textContent = text;
  }

  /* rows: of a trial's difference; the one part that changes with every step of a drag. */
  function showRows(rows, service) {
    const sum = (values) => values.reduce((all, value) => all + value, 0);
    const shown = (values) => (byBlocks ? Number(sum(values).toFixed(1)) : sum(values));
    rows.forEach((row, index) => {
      const cell = cells[index];
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
          const parted = [
            gained[k] ? signed("+", shown([gained[k]])) : "",
            lost[k] ? signed("−", shown([lost[k]])) : "",
          ];
          return parted.some(Boolean) ? `${study.called("kind", kind)} ${parted.filter(Boolean).join(" ")}` : "";
        })
        .filter(Boolean);
      cell.kindsRow.hidden = !kinds.length;
      write(cell.kinds, kinds.join(" · "));
      cell.name.setAttribute("aria-pressed", String(index === service));
    });
  }

  function showChanges(list, canUndo) {
    parts.undo.disabled = !canUndo;
    parts.reset.disabled = !list.length;
    parts.save.disabled = !list.length;
    parts.changes.replaceChildren(
      html("h3", {}, say("changes")),
      list.length
        ? html(
            "ul",
            {},
            list.map((change) =>
              html(
                "li",
                {},
                html("button", { type: "button", class: "link", on: { click: change.choose } }, change.text),
                html(
                  "button",
                  {
                    type: "button",
                    class: "take-back",
                    title: say("take_back"),
                    "aria-label": `${say("take_back")}: ${change.text}`,
                    on: { click: change.takeBack },
                  },
                  "×",
                ),
              ),
            ),
          )
        : html("p", { class: "hint" }, say("nothing_changed")),
    );
  }

  /* One limit for all needs, tried from 200 to 1,000 m. */
  function limit() {
    const own = html("input", { type: "checkbox", id: "whatif-own", checked: act.limit() === null });
    const range = html("input", {
      type: "range",
      id: "whatif-limit",
      ...limitsOf(study),
      value: act.limit() || FIRST_LIMIT,
      "aria-label": say("limit"),
    });
    const told = html("output", { for: "whatif-limit" });
    const show = (meters) => {
      own.checked = meters === null;
      range.disabled = own.checked;
      if (meters !== null) range.value = meters;
      told.textContent = meters === null ? "" : say("limit_meters", { n: meters });
    };
    const change = () => act.setLimit(own.checked ? null : Number(range.value));
    own.addEventListener("change", change);
    range.addEventListener("input", change);
    show(act.limit());
    parts.showLimit = show;
    return html(
      "fieldset",
      { class: "whatif-limit" },
      html("legend", {}, say("limit")),
      html("label", {}, own, ` ${say("limit_own")}`),
      html("div", { class: "slider" }, range, told),
      html("p", { class: "hint" }, say("limit_hint")),
    );
  }

  return {
    place,
    say,
    build,
    showRows,
    showChanges,
    showEditor: (subject) => editor.show(subject),
    showLeg: (text) => editor.showLeg(text),
    showLimit: (meters) => parts.showLimit(meters),
    showBlock(text, block) {
      write(parts.block, text);
      parts.gate.hidden = block < 0;
    },
    tell: (text) => write(parts.told, text),
    /* null, "station", or the number of the block that gets a gate */
    setPlacing(placing) {
      const adding = placing === "station";
      parts.add.setAttribute("aria-pressed", String(adding));
      parts.add.textContent = say(adding ? "adding" : "add");
      parts.gate.setAttribute("aria-pressed", String(!adding && placing !== null));
      parts.gate.textContent = say(!adding && placing !== null ? "placing_gate" : "gate");
    },
    wait(text) {
      place.replaceChildren(
        html(
          "div",
          { class: "whatif-head" },
          html("h2", { id: "whatif-title" }, say("title")),
          button("close", "close", act.close, { class: "back" }),
        ),
        html("p", { class: "told", role: "status" }, text),
      );
    },
  };
}
