/* The service matrix in its drawer: what every filled cell holds together, what every empty one could give. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const { html } = walkshed;

  walkshed.showMatrix = (study, store) => {
    const { matrix, stations, services } = study;
    const say = study.say;
    const toggle = document.getElementById("drawer-toggle");
    const words = document.getElementById("drawer-words");
    const unit = matrix.weighs_blocks ? "_blocks" : "";
    const hint = say(`matrix_hint${unit}`);
    const highest = { filled: 1, empty: 1 };
    matrix.worth.forEach((row, t) =>
      row.forEach((worth, s) => {
        const kind = matrix.filled[t][s] === "1" ? "filled" : "empty";
        highest[kind] = Math.max(highest[kind], worth);
      }),
    );

    function describe(t, s) {
      const fields = { station: stations[t].name, service: services[s].name, n: matrix.worth[t][s] };
      if (matrix.filled[t][s] === "1") {
        if (fields.n > 0) return say(`cell_gain${unit}`, fields);
        const twin = matrix.twin[t][s];
        return twin >= 0 ? say("cell_twin", { ...fields, twin: stations[twin].name }) : say("cell_idle", fields);
      }
      return fields.n > 0 ? say(`cell_potential${unit}`, fields) : say("cell_nothing", fields);
    }

    function cell(t, s) {
      const filled = matrix.filled[t][s] === "1";
      const worth = matrix.worth[t][s];
      const share = worth / highest[filled ? "filled" : "empty"];
      const strength = share > 0.6 ? "strong" : share > 0.25 ? "middle" : "weak";
      const look = filled ? `filled ${worth > 0 ? strength : "twin"}` : worth > 0 ? `potential ${strength}` : "nothing";
      const text =
        filled && worth === 0 && matrix.twin[t][s] >= 0 ? "≈ 0" : filled || worth > 0 ? walkshed.number(worth) : "·";
      const spoken = describe(t, s);
      return html(
        "td",
        { tabindex: -1, "data-station": t, "data-service": s, "aria-label": spoken },
        html("span", { class: `cell ${look}` }, text),
      );
    }

    function row([t, depth]) {
      const head = html(
        "th",
        { scope: "row", class: `depth-${Math.min(depth, 3)}` },
        html("button", { type: "button", on: { click: () => store.set({ station: t, block: -1 }) } }, stations[t].name),
      );
      return html(
        "tr",
        { class: depth === 0 && stations[t].tier === "hub" ? "head" : "" },
        head,
        services.map((_, s) => cell(t, s)),
      );
    }

    function group(entry) {
      const rows = entry.rows.map(row);
      if (entry.hub < 0 && matrix.groups.length > 1) {
        rows.unshift(html("tr", { class: "group" }, html("th", { colspan: services.length + 1 }, say("unlinked"))));
      }
      return html("tbody", {}, rows);
    }

    const heads = services.map((service) => html("th", { scope: "col", class: "service-name" }, service.name));
    const table = html(
      "table",
      { class: "matrix", role: "grid", "aria-label": say("matrix") },
      html("thead", {}, html("tr", {}, html("th", { scope: "col" }, say("station")), heads)),
      matrix.groups.map(group),
    );
    const tell = (event) => {
      const at = event.target.closest("td");
      words.textContent = at ? at.getAttribute("aria-label") : hint;
      words.classList.toggle("said", Boolean(at));
    };
    table.addEventListener("mouseover", tell);
    table.addEventListener("mouseleave", tell);
    table.addEventListener("focusin", tell);
    walkWithArrows(table);

    document.getElementById("drawer-scroll").append(table);
    document.getElementById("drawer-size").textContent = say("matrix_size", {
      stations: stations.length,
      services: services.length,
    });
    words.textContent = hint;
    toggle.addEventListener("click", () => store.set({ drawer: !store.state.drawer }));

    function show(state) {
      toggle.setAttribute("aria-expanded", String(state.drawer));
      document.getElementById("drawer-body").hidden = !state.drawer;
      document.getElementById("drawer-action").textContent = say(state.drawer ? "close_matrix" : "open_matrix");
      heads.forEach((head, index) => head.classList.toggle("selected", index === state.service));
    }
    store.listen(show);
    show(store.state);
  };

  /* One tab stop; arrows move from cell to cell. */
  function walkWithArrows(table) {
    const rows = [...table.querySelectorAll("tr")]
      .map((row) => [...row.querySelectorAll("td")])
      .filter((row) => row.length);
    if (!rows.length || !rows[0].length) return;
    rows[0][0].tabIndex = 0;
    const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    table.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      const cell = event.target.closest("td");
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
})();
