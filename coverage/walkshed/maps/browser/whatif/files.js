/* What is tried, as a file: saved, opened by button or drop, kept in the browser, and asked for before the page is left. */
import { countChanges, NOTHING, plain } from "../engine/changes.js";
import { readScenario, scenarioFile } from "../engine/scenario.js";
import { html, sentence } from "../shared/elements.js";
import { makeKept } from "./kept.js";
/** @import { Changes, CountedStudy, Fields } from "../types" */
/** @import { Files, History } from "./session" */

/**
 * history: of the states; offered(station): its services in the study; title: {name, note} of the scenario;
 * tell(text): says it in the panel.
 * @param {CountedStudy} study
 * @param {{
 *   history: History,
 *   offered: (station: number) => number[],
 *   title: { name: string, note: string },
 *   tell: (text: string) => void,
 * }} parts
 * @returns {Files}
 */
export function makeScenarioFiles(study, { history, offered, title, tell }) {
  /** @param {string} key @param {Fields} [fields] */
  const say = (key, fields) => sentence(study.called("whatif", key), fields);
  const kept = makeKept(study);
  /** @type {Changes} */
  let saved = NOTHING; /* the changes that a file holds */
  const name = () => (title.name || say("scenario")).trim() || say("scenario");
  const { stations, services, blocks } = study;

  /** @param {Changes} state */
  const textOf = (state) =>
    scenarioFile(state, {
      ...{ name: name(), note: title.note, study: study.study.name },
      ...{ stations, services, blocks, offered },
    });

  function save() {
    const text = textOf(history.now());
    saved = history.now();
    const file = `${name().replace(/[\\/:*?"<>|\s.]+/g, "-").replace(/^-+|-+$/g, "") || "scenario"}.toml`;
    const link = html("a", {
      href: URL.createObjectURL(new Blob([text], { type: "application/toml" })),
      download: file,
    });
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    tell(say("saved", { file }));
  }

  /**
   * {state, said} of a text, state null where the page cannot try what it says; isFile: not what the browser kept.
   * @param {string} text
   * @param {boolean} isFile
   */
  function read(text, isFile) {
    const { hours, would } = study.network;
    const premises = (/** @type {number} */ station) => would[station].premises;
    const mayMove = (/** @type {number} */ station) => would[station].may_move;
    try {
      const told = readScenario(text, { stations, services, blocks, offered, hours, premises, mayMove });
      title.name = plain(told.name);
      title.note = told.note;
      if (isFile) saved = told.state;
      const other = told.study && told.study !== study.study.name ? say("file_of_other", { name: told.study }) : "";
      const what = say(isFile ? "opened" : "restored", { n: countChanges(told.state) });
      return { state: told.state, said: [what, other].filter(Boolean).join(" ") };
    } catch (caught) {
      const error = /** @type {any} */ (caught);
      if (!error.key) throw error;
      const what = error.fields.what ? say(`file_${error.fields.what}`) : "";
      return { state: null, said: say(error.key, { ...error.fields, what }) };
    }
  }

  /**
   * A state as a scenario file, "" without changes.
   * @param {Changes} state
   */
  const text = (state) => (countChanges(state) > 0 ? textOf(state) : "");

  /**
   * What is tried is kept as it changes.
   * @param {Changes} state
   */
  function keep(state) {
    const content = text(state);
    const isKept = kept.write(content);
    if (content && !isKept) tell(say("not_kept"));
  }

  /* whoever leaves with changes that no file holds is asked */
  window.addEventListener("beforeunload", (event) => {
    const state = history.now();
    if (!countChanges(state) || state === saved) return;
    event.preventDefault();
    event.returnValue = "";
  });

  return { save, read, text, keep, kept: kept.read };
}

/**
 * open(text): of a file that is dropped anywhere on the page.
 * @param {(text: string) => void} open
 */
export function hearDrops(open) {
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer && [...event.dataTransfer.types].includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer ? event.dataTransfer.files : [];
    if (!file) return;
    event.preventDefault();
    file.text().then(open);
  });
}
