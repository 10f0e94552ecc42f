/* What is shown besides the run itself, in words: for whom, the plan, a limit, a moment, and changes that are tried. */
import { sentence } from "../shared/elements.js";
import { timeOf } from "./week.js";
/** @import { Study, WeekStudy } from "../types" */
/** @import { State } from "../shared/store.js" */

/**
 * Parts of a sentence: what is tried, in the order in which it is said; nothing where the run or a plan is shown.
 * @param {Study} study
 * @param {State} state
 */
export function triedIn(study, state) {
  const tried = [];
  if (state.trial) {
    const template = study.called("whatif", "tried");
    tried.push(sentence(template, { n: study.countTried() }));
  }
  if (state.stated !== null) tried.push(study.say("limit_tried", { n: state.stated }));
  if (state.time >= 0) tried.push(timeOf(/** @type {WeekStudy} */ (study), state.time));
  return tried;
}

/**
 * For whom and of what the figures are, beside the service that they count; a moment only if they are counted at it.
 * @param {Study} study
 * @param {State} state
 */
export function figuresOf(study, state) {
  const whom = study.walkers.length > 1 ? study.walkers[state.walker].names[state.language] : "";
  const stage = state.stage ? study.say("proposal_after") : "";
  const tried = study.isTrying() ? triedIn(study, state) : [];
  return [whom, stage, ...tried].filter(Boolean);
}

/**
 * What the run's own sentences and tables are, where something else is shown; "" where it is not.
 * @param {Study} study
 * @param {State} state
 */
export function runSaid(study, state) {
  if (study.isAsJudged()) return "";
  if (state.trial) return study.say("as_of_study");
  return study.say(state.stated === null ? "as_of_moment" : "as_of_standard");
}
