/* The service matrix in its drawer: what every filled cell holds together, what every empty one could give. */
import { byId, grouped, html } from "../shared/elements.js";
import { unpackLiving } from "../shared/unpack.js";

const MOST_BLOCKS = 8;

export function showMatrix(study, store) {
  const { stations, services } = study;
  let { matrix } = study;
  const say = study.say;
  const toggle = byId("drawer-toggle");
  const words = byId("drawer-words");
  const unit = matrix.weighs_blocks ? "_blocks" : "";
  const { at } = study.study;
  const hint = () => say(`matrix_hint${unit}`) + (at ? say("matrix_at", { at: study.study.moments[study.language] }) : "");
  let heads = [];
  let built = false; /* the table is made when the drawer is first opened */
  let highest = null;

  /* another walker has another matrix */
  function read() {
    matrix = study.matrix;
    highest = { filled: 1, empty: 1 };
    matrix.worth.forEach((row, t) =>
      row.forEach((worth, s) => {
        const kind = matrix.filled[t][s] === "1" ? "filled" : "empty";
        highest[kind] = Math.max(highest[kind], worth);
      }),
    );
  }

  function describe(t, s) {
    const fields = { station: stations[t].name, service: services[s].name, n: matrix.worth[t][s] };
    if (fields.n === null) return say("cell_hidden", fields);
    if (matrix.filled[t][s] === "1") {
      if (fields.n > 0) return say(`cell_gain${unit}`, fields);
      const twin = matrix.twin[t][s];
      return twin >= 0 ? say("cell_twin", { ...fields, twin: stations[twin].name }) : say("cell_idle", fields);
    }
    return fields.n > 0 ? say(`cell_potential${unit}`, fields) : say("cell_nothing", fields);
  }

  /* The blocks in which the people of a cell live, most people first. */
  function homes(t, s) {
    if (!matrix.live || !matrix.live[t][s].length) return "";
    const live = unpackLiving(matrix.live[t][s]).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const named = live
      .slice(0, MOST_BLOCKS)
      .map(([block, n]) =>
        matrix.weighs_blocks ? study.blocks[block].name : say("cell_block", { name: study.blocks[block].name, n }),
      );
    if (live.length > MOST_BLOCKS) named.push(say("cell_more_blocks", { n: live.length }));
    return say("cell_blocks", { blocks: named.join(say("list_mark")) });
  }

  function cell(t, s) {
    const filled = matrix.filled[t][s] === "1";
    const hidden = matrix.worth[t][s] === null;
    const worth = hidden ? 1 : matrix.worth[t][s];
    const share = worth / highest[filled ? "filled" : "empty"];
    const strength = share > 0.6 ? "strong" : share > 0.25 ? "middle" : "weak";
    const look = filled ? `filled ${worth > 0 ? strength : "twin"}` : worth > 0 ? `potential ${strength}` : "nothing";
    /* the plus tells an offer that could be from one that is where colors do not: in gray, and to some eyes */
    const given = worth === 0 && matrix.twin[t][s] >= 0 ? "≈ 0" : grouped(worth);
    const number = filled ? given : worth > 0 ? `+${grouped(worth)}` : "·";
    const text = hidden ? "–" : number;
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

  function build() {
    read();
    heads = services.map((service) => html("th", { scope: "col", class: "service-name" }, service.name));
    const table = html(
      "table",
      { class: "matrix", role: "grid", "aria-label": say("matrix") },
      html("thead", {}, html("tr", {}, html("th", { scope: "col" }, say("station")), heads)),
      matrix.groups.map(group),
    );
    const tell = (event) => {
      const at = event.target.closest("td");
      const [t, s] = at ? [Number(at.dataset.station), Number(at.dataset.service)] : [-1, -1];
      words.replaceChildren(html("span", {}, at ? at.getAttribute("aria-label") : hint()));
      if (at) words.append(html("span", { class: "homes" }, homes(t, s)));
      words.classList.toggle("said", Boolean(at));
      store.set({ cell: at ? t * services.length + s : -1 });
    };
    table.addEventListener("mouseover", tell);
    table.addEventListener("mouseleave", tell);
    table.addEventListener("focusin", tell);
    table.addEventListener("focusout", () => store.set({ cell: -1 }));
    walkWithArrows(table);
    byId("drawer-scroll").replaceChildren(table);
    words.textContent = hint();
    words.classList.remove("said");
    built = true;
  }

  function title() {
    const size = say("matrix_size", { stations: stations.length, services: services.length });
    const walker = study.walkers[store.state.walker].names[study.language];
    const whom = study.walkers.length > 1 ? say("matrix_for", { walker }) : "";
    const stage = store.state.stage ? say("proposal_before") : ""; /* proposals have no row in it */
    const run = study.isAsJudged() ? "" : say("as_judged");
    byId("drawer-size").textContent = [size, whom, stage, run].filter(Boolean).join(" · ");
  }

  toggle.addEventListener("click", () => store.set({ drawer: !store.state.drawer }));

  function show(state) {
    if (state.drawer && !built) build();
    toggle.setAttribute("aria-expanded", String(state.drawer));
    byId("drawer-body").hidden = !state.drawer;
    byId("drawer-action").textContent = say(state.drawer ? "close_matrix" : "open_matrix");
    heads.forEach((head, index) => head.classList.toggle("selected", index === state.service));
  }
  store.listen((state, changed) => {
    const anew = changed.has("language") || changed.has("walker");
    if (anew || changed.has("shown")) title();
    if (anew) {
      built = false;
      store.state.cell = -1;
    }
    show(state);
  });
  title();
  show(store.state);
}

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
