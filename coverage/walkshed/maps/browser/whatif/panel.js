/* The panel of the what-if: who gains and who loses, the changes, and the station that is being changed. */
import { limitsOf } from "../panels/limit.js";
import { byId, html, sentence } from "../shared/elements.js";
import { makeBalance, write } from "./panel/balance.js";
import { makeStationEditor } from "./panel/editor.js";
/** @import { Attributes, CountedStudy } from "../types" */
/** @import { Acts, Entry, Panel } from "./session" */

const FIRST_LIMIT = 300;

/**
 * A button of the panel, by its act and its word.
 * @typedef {(name: string, word: string, does: ((event: MouseEvent) => void) | undefined, more?: Attributes) => HTMLButtonElement} Button
 */

/**
 * Returns the parts that change: they are made anew, but for the numbers of the table.
 * @param {CountedStudy} study
 * @param {Acts} act
 * @returns {Panel}
 */
export function makeWhatIfPanel(study, act) {
  const place = byId("whatif");
  const say = (/** @type {string} */ key) => sentence(study.called("whatif", key));
  /** @type {Button} */
  const button = (name, word, does, more = {}) =>
    html("button", { type: "button", class: "tool", "data-act": name, on: { click: does }, ...more }, say(word));
  let parts = makeParts(study, act, button);

  /* Everything but the numbers; again when the language changes. */
  function build() {
    parts = makeParts(study, act, button);
    place.replaceChildren(...contents(study, act, button, parts));
  }

  return {
    place,
    build,
    showRows: (rows, service) => parts.balance.show(rows, service),
    showEditor: (subject) => parts.editor.show(subject),
    showLeg: (text) => parts.editor.showLeg(text),
    showLimit: (meters) => parts.limit.show(meters),
    showChanges(list, canUndo) {
      parts.undo.disabled = !canUndo;
      parts.reset.disabled = !list.length;
      parts.save.disabled = !list.length;
      parts.changes.replaceChildren(html("h3", {}, say("changes")), changes(study, list));
    },
    showBlock(text, block) {
      write(parts.block, text);
      parts.gate.hidden = block < 0;
    },
    tell: (text) => write(parts.told, text),
    setPlacing(placing) {
      const adding = placing === "station";
      const opening = !adding && placing !== null;
      parts.add.setAttribute("aria-pressed", String(adding));
      parts.add.textContent = say(adding ? "adding" : "add");
      parts.gate.setAttribute("aria-pressed", String(opening));
      parts.gate.textContent = say(opening ? "placing_gate" : "gate");
    },
    wait: (text) => place.replaceChildren(head(act, button, say), html("p", { class: "told", role: "status" }, text)),
  };
}

/** @param {Acts} act @param {Button} button @param {(key: string) => string} say */
const head = (act, button, say) =>
  html(
    "div",
    { class: "whatif-head" },
    html("h2", { id: "whatif-title" }, say("title")),
    button("close", "close", act.close, { class: "back" }),
  );

/**
 * The parts that change.
 * @param {CountedStudy} study
 * @param {Acts} act
 * @param {Button} button
 */
function makeParts(study, act, button) {
  const say = (/** @type {string} */ key) => sentence(study.called("whatif", key));
  const byKey = (/** @type {MouseEvent} */ event) => event.detail === 0;
  const name = html("input", { type: "text", maxlength: 100, "aria-label": say("scenario_name"), id: "whatif-name" });
  name.value = act.name();
  name.addEventListener("input", () => act.rename(name.value));
  const more = { class: "tool add", "aria-pressed": "false" };
  return {
    name,
    told: html("p", { class: "told", role: "status" }),
    add: button("add", "add", (event) => act.add(byKey(event)), more),
    undo: button("undo", "undo", act.undo),
    reset: button("reset", "reset", act.reset),
    save: button("save", "save", act.save),
    balance: makeBalance(study, act.service),
    block: html("p", { class: "block-now" }),
    gate: button("gate", "gate", (event) => act.gate(byKey(event)), { hidden: true }),
    editor: makeStationEditor(study, button),
    changes: html("div", { class: "changes" }),
    limit: makeLimit(study, act),
  };
}

/**
 * @param {CountedStudy} study
 * @param {Acts} act
 * @param {Button} button
 * @param {ReturnType<typeof makeParts>} parts
 */
function contents(study, act, button, parts) {
  const say = (/** @type {string} */ key) => sentence(study.called("whatif", key));
  const file = filePicker(say("load"), act.load);
  const load = button("load", "load", () => file.click(), { title: say("load_hint") });
  return [
    head(act, button, say),
    html("p", { class: "hint" }, say("hint")),
    html("p", { class: "whatif-buttons" }, parts.add, parts.undo, parts.reset, parts.save, load, file),
    parts.told,
    parts.balance.table,
    html("div", { class: "block-tried" }, parts.block, parts.gate),
    parts.editor.place,
    parts.changes,
    parts.limit.place,
    html("label", { class: "whatif-name" }, html("span", {}, say("scenario_name")), parts.name),
  ];
}

/**
 * What opens a scenario file; it stays away itself.
 * @param {string} label
 * @param {(text: string) => void} load
 */
function filePicker(label, load) {
  const file = html("input", { type: "file", accept: ".toml", hidden: true, id: "whatif-file", "aria-label": label });
  file.addEventListener("change", () => {
    const [chosen] = file.files || [];
    if (chosen) chosen.text().then(load);
    file.value = "";
  });
  return file;
}

/** @param {CountedStudy} study @param {Entry[]} list */
function changes(study, list) {
  const say = (/** @type {string} */ key) => sentence(study.called("whatif", key));
  if (!list.length) return html("p", { class: "hint" }, say("nothing_changed"));
  const takeBack = (/** @type {Entry} */ change) =>
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
    );
  return html(
    "ul",
    {},
    list.map((change) =>
      html(
        "li",
        {},
        html("button", { type: "button", class: "link", on: { click: change.choose } }, change.text),
        takeBack(change),
      ),
    ),
  );
}

/**
 * One limit for all needs, tried from 200 to 1,000 m.
 * @param {CountedStudy} study
 * @param {Acts} act
 */
function makeLimit(study, act) {
  const say = (/** @type {string} */ key) => sentence(study.called("whatif", key));
  const own = html("input", { type: "checkbox", id: "whatif-own", checked: act.limit() === null });
  const range = html("input", {
    type: "range",
    id: "whatif-limit",
    ...limitsOf(study),
    value: act.limit() || FIRST_LIMIT,
    "aria-label": say("limit"),
  });
  const told = html("output", { for: "whatif-limit" });
  const show = (/** @type {number | null} */ meters) => {
    own.checked = meters === null;
    range.disabled = own.checked;
    if (meters !== null) range.value = String(meters);
    told.textContent = meters === null ? "" : sentence(study.called("whatif", "limit_meters"), { n: meters });
  };
  const change = () => act.setLimit(own.checked ? null : Number(range.value));
  own.addEventListener("change", change);
  range.addEventListener("input", change);
  show(act.limit());
  const place = html(
    "fieldset",
    { class: "whatif-limit" },
    html("legend", {}, say("limit")),
    html("label", {}, own, ` ${say("limit_own")}`),
    html("div", { class: "slider" }, range, told),
    html("p", { class: "hint" }, say("limit_hint")),
  );
  return { place, show };
}
