/* The part of the what-if panel that changes one station: its name, services, floor, entrance and hours. */
import { html, sentence } from "../shared/elements.js";

/* button: the panel's maker of buttons. */
export function makeStationEditor(study, button) {
  const say = (key, fields) => sentence(study.called("whatif", key), fields);
  const place = html("div", { class: "editor" });
  const leg = html("p", { class: "hint leg" });

  /* subject: null or {name, mark, added, rename?, services, leg, premises, asksFloors, hours, closed?, moved?, mayMove} */
  function show(subject) {
    const active = document.activeElement;
    const focused = active instanceof HTMLElement && place.contains(active) ? active.dataset : {};
    const [[key, value] = []] = Object.entries(focused);
    place.replaceChildren(...(subject ? parts(subject) : []));
    const again = key && place.querySelector(`[data-${key}="${value}"]`);
    if (again) again.focus({ preventScroll: true });
  }

  function showLeg(text) {
    if (leg.textContent !== text) leg.textContent = text;
  }

  function parts(subject) {
    const name = subject.rename
      ? html("input", {
          type: "text",
          maxlength: 100,
          value: subject.name,
          "aria-label": say("name"),
          class: "subject-name",
        })
      : html("h3", {}, subject.name);
    if (subject.rename) name.addEventListener("change", () => subject.rename(name.value));
    const boxes = study.services.map((service, index) => {
      const box = html("input", {
        type: "checkbox",
        "data-service": index,
        checked: subject.services.includes(index),
      });
      box.disabled = Boolean(subject.closed) || (subject.added && subject.services.length === 1 && box.checked);
      box.addEventListener("change", () => subject.toggle(index, box.checked));
      return html("label", {}, box, ` ${service.name}`);
    });
    showLeg(subject.leg);
    const actions = [
      subject.added ? button("remove", "remove", subject.remove) : "",
      !subject.added && !subject.closed ? button("close-station", "close_station", subject.close) : "",
      subject.closed ? button("reopen", "reopen", subject.reopen) : "",
      subject.moved && !subject.added ? button("put-back", "put_back", subject.putBack) : "",
    ];
    return [
      html("div", { class: "editor-head" }, subject.mark, name),
      leg,
      subject.mayMove ? "" : html("p", { class: "hint" }, say("may_not_move")),
      html("fieldset", {}, html("legend", {}, say("services")), boxes),
      html("div", { class: "premises" }, subject.asksFloors ? floors(subject) : "", hours(subject)),
      html("p", { class: "whatif-buttons" }, actions),
    ].filter((part) => part !== "");
  }

  function floors(subject) {
    const { floor, elevator, step_free: stepFree } = subject.premises;
    const number = html("input", {
      type: "number",
      min: -20,
      max: 200,
      step: 1,
      value: floor,
      "data-field": "floor",
    });
    number.addEventListener("change", () => {
      const value = Number.parseInt(number.value, 10);
      subject.furnish({ floor: Number.isInteger(value) && value !== 0 ? Math.max(-20, Math.min(200, value)) : null });
    });
    const choice = (field, value) => {
      const options = [null, true, false].map((option) =>
        html(
          "option",
          { value: String(option), selected: option === value },
          say(option === null ? "unknown" : option ? "yes" : "no"),
        ),
      );
      const select = html("select", { "data-field": field }, options);
      select.addEventListener("change", () => subject.furnish({ [field]: JSON.parse(select.value) }));
      return select;
    };
    return [
      html("label", {}, html("span", {}, say("floor")), number),
      html("label", {}, html("span", {}, say("elevator")), choice("elevator", elevator)),
      html("label", {}, html("span", {}, say("step_free")), choice("step_free", stepFree)),
    ];
  }

  /* Hours are judged only at a moment, and only those of which Python has said whether they are open then. */
  function hours(subject) {
    const known = study.network.hours;
    if (!known) return "";
    const called = (text) => study.called("hours", text);
    const own = subject.hours ? say("hours_own", { hours: called(subject.hours) }) : say("hours_any");
    const option = (value, text) =>
      html("option", { value, selected: (subject.premises.hours || "") === value }, text);
    const select = html(
      "select",
      { "data-field": "hours" },
      option("", own),
      Object.keys(known).map((text) =>
        option(text, known[text] ? called(text) : study.say("aside", { what: called(text), aside: say("hours_closed") })),
      ),
    );
    select.addEventListener("change", () => subject.furnish({ hours: select.value || null }));
    return html("label", { class: "hours" }, html("span", {}, say("hours")), select);
  }

  return { place, show, showLeg };
}
