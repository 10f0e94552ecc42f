/* The panel of the what-if: who gains and who loses, the changes, and the station that is being changed. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const { html } = walkshed;
  const LIMITS = { min: 200, max: 1000, step: 50, first: 300 };

  /* act: what the buttons do. Returns the parts that change: they are made anew, but for the numbers of the table. */
  walkshed.makeWhatIfPanel = (study, act) => {
    const place = document.getElementById("whatif");
    const say = (key, fields) => walkshed.sentence(study.called("whatif", key), fields);
    const byBlocks = study.network.weighs_blocks;
    const signed = (sign, value) => (value ? `${sign}${walkshed.number(value)}` : "–");
    const parts = {};
    let cells = [];

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
      parts.block = html("p", { class: "block-now" });
      parts.changes = html("div", { class: "changes" });
      parts.editor = html("div", { class: "editor" });
      place.replaceChildren(
        html(
          "div",
          { class: "whatif-head" },
          html("h2", { id: "whatif-title" }, say("title")),
          button("close", "close", act.close, { class: "back" }),
        ),
        html("p", { class: "hint" }, say("hint")),
        html("p", { class: "whatif-buttons" }, parts.add, parts.undo, parts.reset, parts.save),
        parts.told,
        table(),
        parts.block,
        parts.editor,
        parts.changes,
        limit(),
        html("label", { class: "whatif-name" }, say("scenario_name"), parts.name),
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
        const { before, after } = row.failing;
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

    /* subject: null or {name, mark, rename?, services, leg, premises?, closed?, moved?, mayMove, added} */
    function showEditor(subject) {
      const focused = parts.editor.contains(document.activeElement) ? document.activeElement.dataset : {};
      const [[key, value] = []] = Object.entries(focused);
      fillEditor(subject);
      const again = key && parts.editor.querySelector(`[data-${key}="${value}"]`);
      if (again) again.focus({ preventScroll: true });
    }

    function fillEditor(subject) {
      if (!subject) return parts.editor.replaceChildren();
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
      parts.leg = html("p", { class: "hint leg" });
      write(parts.leg, subject.leg);
      const actions = [
        subject.added ? button("remove", "remove", subject.remove) : "",
        !subject.added && !subject.closed ? button("close-station", "close_station", subject.close) : "",
        subject.closed ? button("reopen", "reopen", subject.reopen) : "",
        subject.moved && !subject.added ? button("put-back", "put_back", subject.putBack) : "",
      ];
      parts.editor.replaceChildren(
        html("div", { class: "editor-head" }, subject.mark, name),
        parts.leg,
        subject.mayMove ? "" : html("p", { class: "hint" }, say("may_not_move")),
        html("fieldset", {}, html("legend", {}, say("services")), boxes),
        subject.premises ? premises(subject) : "",
        html("p", { class: "whatif-buttons" }, actions),
      );
      return undefined;
    }

    function premises(subject) {
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
        const select = html(
          "select",
          { "data-field": field },
          [null, true, false].map((option) =>
            html(
              "option",
              { value: String(option), selected: option === value },
              say(option === null ? "unknown" : option ? "yes" : "no"),
            ),
          ),
        );
        select.addEventListener("change", () => subject.furnish({ [field]: JSON.parse(select.value) }));
        return select;
      };
      return html(
        "div",
        { class: "premises" },
        html("label", {}, say("floor"), number),
        html("label", {}, say("elevator"), choice("elevator", elevator)),
        html("label", {}, say("step_free"), choice("step_free", stepFree)),
      );
    }

    /* One limit for all needs, tried from 200 to 1,000 m. */
    function limit() {
      const own = html("input", { type: "checkbox", id: "whatif-own", checked: act.limit() === null });
      const range = html("input", {
        type: "range",
        id: "whatif-limit",
        ...{ min: LIMITS.min, max: LIMITS.max, step: LIMITS.step, value: act.limit() || LIMITS.first },
        "aria-label": say("limit"),
      });
      const told = html("output", { for: "whatif-limit" });
      const change = () => {
        range.disabled = own.checked;
        told.textContent = own.checked ? "" : say("limit_meters", { n: Number(range.value) });
        act.setLimit(own.checked ? null : Number(range.value));
      };
      own.addEventListener("change", change);
      range.addEventListener("input", change);
      range.disabled = own.checked;
      told.textContent = own.checked ? "" : say("limit_meters", { n: Number(range.value) });
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
      showEditor,
      showLeg: (text) => parts.leg && write(parts.leg, text),
      showBlock: (text) => write(parts.block, text),
      tell: (text) => write(parts.told, text),
      setAdding(adding) {
        parts.add.setAttribute("aria-pressed", String(adding));
        parts.add.textContent = say(adding ? "adding" : "add");
      },
      setName: (name) => (parts.name.value = name),
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
  };
})();
