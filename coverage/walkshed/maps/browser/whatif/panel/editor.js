/* The part of the what-if panel that changes one station: its name, services, floor, entrance and hours. */
import { html, sentence } from "../../shared/elements.js";
/** @import { CountedStudy } from "../../types" */
/** @import { Button } from "../panel.js" */
/** @import { Subject } from "../session" */

const [LOWEST, HIGHEST] = [-20, 200]; /* floors */

/**
 * button: the panel's maker of buttons.
 * @param {CountedStudy} study
 * @param {Button} button
 */
export function makeStationEditor(study, button) {
  const place = html("div", { class: "editor" });
  const leg = html("p", { class: "hint leg" });

  /** @param {string} text */
  function showLeg(text) {
    if (leg.textContent !== text) leg.textContent = text;
  }

  /** @param {Subject | null} subject */
  function show(subject) {
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && place.contains(active) ? active.dataset : {};
    const [[key, value] = ["", ""]] = Object.entries(focused);
    if (subject) showLeg(subject.leg);
    place.replaceChildren(...(subject ? parts(study, subject, leg, button) : []));
    const again = key && place.querySelector(`[data-${key}="${value}"]`);
    if (again) /** @type {HTMLElement} */ (again).focus({ preventScroll: true });
  }

  return { place, show, showLeg };
}

/** @param {CountedStudy} study @param {string} key */
const word = (study, key) => sentence(study.called("whatif", key));

/**
 * @param {CountedStudy} study
 * @param {Subject} subject
 * @param {HTMLElement} leg
 * @param {Button} button
 */
function parts(study, subject, leg, button) {
  const boxes = study.services.map((service, index) => serviceBox(subject, index, service.name));
  return [
    html("div", { class: "editor-head" }, subject.mark, nameOf(study, subject)),
    leg,
    subject.mayMove ? "" : html("p", { class: "hint" }, word(study, "may_not_move")),
    html("fieldset", {}, html("legend", {}, word(study, "services")), boxes),
    html("div", { class: "premises" }, subject.asksFloors ? floors(study, subject) : "", hours(study, subject)),
    html("p", { class: "whatif-buttons" }, actions(subject, button)),
  ].filter((part) => part !== "");
}

/** @param {CountedStudy} study @param {Subject} subject */
function nameOf(study, { name, rename }) {
  if (!rename) return html("h3", {}, name);
  const label = word(study, "name");
  const field = html("input", { type: "text", maxlength: 100, value: name, "aria-label": label, class: "subject-name" });
  field.addEventListener("change", () => rename(field.value));
  return field;
}

/** @param {Subject} subject @param {number} service @param {string} name */
function serviceBox(subject, service, name) {
  const checked = subject.services.includes(service);
  const box = html("input", { type: "checkbox", "data-service": service, checked });
  box.disabled = subject.closed || (subject.added && subject.services.length === 1 && checked);
  box.addEventListener("change", () => subject.toggle(service, box.checked));
  return html("label", {}, box, ` ${name}`);
}

/** @param {Subject} subject @param {Button} button */
const actions = (subject, button) => [
  subject.added ? button("remove", "remove", subject.remove) : "",
  !subject.added && !subject.closed ? button("close-station", "close_station", subject.close) : "",
  subject.closed ? button("reopen", "reopen", subject.reopen) : "",
  subject.moved && !subject.added ? button("put-back", "put_back", subject.putBack) : "",
];

/** @param {CountedStudy} study @param {Subject} subject */
function floors(study, subject) {
  const { floor, elevator, step_free: stepFree } = subject.premises;
  const number = html("input", {
    ...{ type: "number", min: LOWEST, max: HIGHEST, step: 1 },
    value: floor,
    "data-field": "floor",
  });
  number.addEventListener("change", () => {
    const value = Number.parseInt(number.value, 10);
    const isFloor = Number.isInteger(value) && value !== 0;
    subject.furnish({ floor: isFloor ? Math.max(LOWEST, Math.min(HIGHEST, value)) : null });
  });
  const line = (/** @type {string} */ key, /** @type {HTMLElement} */ field) =>
    html("label", {}, html("span", {}, word(study, key)), field);
  return [
    line("floor", number),
    line("elevator", choice(study, subject, "elevator", elevator)),
    line("step_free", choice(study, subject, "step_free", stepFree)),
  ];
}

/**
 * Yes, no, or nobody knows.
 * @param {CountedStudy} study
 * @param {Subject} subject
 * @param {"elevator" | "step_free"} field
 * @param {boolean | null} value
 */
function choice(study, subject, field, value) {
  const called = (/** @type {boolean | null} */ option) => (option ? "yes" : "no");
  const options = [null, true, false].map((option) =>
    html(
      "option",
      { value: String(option), selected: option === value },
      word(study, option === null ? "unknown" : called(option)),
    ),
  );
  const select = html("select", { "data-field": field }, options);
  select.addEventListener("change", () => subject.furnish({ [field]: JSON.parse(select.value) }));
  return select;
}

/**
 * Hours are judged only at a moment, and only those of which Python has said whether they are open then.
 * @param {CountedStudy} study
 * @param {Subject} subject
 */
function hours(study, subject) {
  const known = study.network.hours;
  if (!known) return "";
  const called = (/** @type {string} */ text) => study.called("hours", text);
  const closed = (/** @type {string} */ text) =>
    study.say("aside", { what: called(text), aside: word(study, "hours_closed") });
  const own = subject.hours
    ? sentence(study.called("whatif", "hours_own"), { hours: called(subject.hours) })
    : word(study, "hours_any");
  const option = (/** @type {string} */ value, /** @type {string} */ text) =>
    html("option", { value, selected: (subject.premises.hours || "") === value }, text);
  const select = html(
    "select",
    { "data-field": "hours" },
    option("", own),
    Object.keys(known).map((text) => option(text, known[text] ? called(text) : closed(text))),
  );
  select.addEventListener("change", () => subject.furnish({ hours: select.value || null }));
  return html("label", { class: "hours" }, html("span", {}, word(study, "hours")), select);
}
