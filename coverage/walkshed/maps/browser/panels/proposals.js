/* What is proposed: a ring with a sign and the rank, what each would bring, and the page before and after. */
import { elementOf, html, svg } from "../shared/elements.js";

const SIZE = 34;
const APART = 30; /* pixels from mark to mark, below which they lie under each other */
/* A plus for what is added, an arrow for what moves, two for what is merged, one up and down for an elevator. */
const ACTS = {
  new: "M-6,0H6M0,-6V6",
  extend: "M-6,0H6M0,-6V6",
  move: "M-6,0H6M2,-4L6,0L2,4",
  merge: "M-7,0H-2M-5,-3L-2,0L-5,3M7,0H2M5,-3L2,0L5,3",
  elevator: "M-3,5V-5M-5.5,-2.5L-3,-5L-0.5,-2.5M3,-5V5M5.5,2.5L3,5L0.5,2.5",
};

/* The sign of an act, for the legend. */
export const actMark = (act) =>
  svg(
    "svg",
    { width: 26, height: 21, viewBox: "-16 -13 32 26", "aria-hidden": "true" },
    svg("circle", { class: "proposal-ring", r: 11 }),
    svg("path", { class: "proposal-plus", d: ACTS[act] }),
  );

/** @type {L.PopupOptions} */
const POPUP = {
  maxWidth: 340,
  maxHeight: 360,
  className: "proposal-told",
  autoPanPaddingTopLeft: [30, 70], // clear of the search
  autoPanPaddingBottomRight: [60, 30],
};

function mark(row) {
  return svg(
    "svg",
    { width: SIZE, height: SIZE, viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}`, "aria-hidden": "true" },
    svg("circle", { class: "proposal-ring", r: 12 }),
    svg("path", { class: "proposal-plus", d: ACTS[row.act] }),
    svg("circle", { class: "proposal-badge", cx: 10, cy: -10, r: 6.5 }),
    svg("text", { class: "proposal-rank", x: 10, y: -7, "text-anchor": "middle" }, String(row.rank)),
  );
}

/* What a proposal is: what is done, for which services, why here, and what it leaves. */
function told(study, row) {
  const language = study.language;
  const services = row.services.map((index) => study.services[index].name);
  return html(
    "div",
    {},
    html("strong", {}, row.title[study.language]),
    html("p", { class: "proposal-services" }, services.join(" · ")),
    html("p", {}, row.why[language]),
    row.left[language]
      ? html("p", { class: "hint" }, study.say("proposal_left", { what: row.left[language] }))
      : "",
  );
}

export function drawProposals(map, study, store, blocks) {
  const proposed = study.proposals;
  if (!proposed || !proposed.rows.length) return;
  map.createPane("proposed").style.zIndex = 660;

  const moves = proposed.rows.filter((row) => row.from).map((row) => [row.from, row.at]);
  if (moves.length) {
    const renderer = L.svg({ pane: "proposed" });
    L.polyline(moves, { pane: "proposed", renderer, interactive: false, className: "proposal-way" }).addTo(map);
  }
  const markers = proposed.rows.map((row) => {
    const marker = L.marker(row.at, {
      icon: L.divIcon({ className: "proposal", html: mark(row), iconSize: [SIZE, SIZE] }),
      pane: "proposed",
      riseOnHover: true,
    }).addTo(map);
    marker.bindPopup(() => told(study, row), POPUP);
    elementOf(marker).dataset.proposal = String(row.rank);
    return marker;
  });

  const ways = L.layerGroup().addTo(map);
  const wayRenderer = L.svg({ pane: "proposed" });

  /* Marks that would lie under each other stand side by side, each with a line to its place. */
  function spread() {
    ways.clearLayers();
    const taken = [];
    proposed.rows.forEach((row, index) => {
      const own = map.latLngToLayerPoint(row.at);
      const at = freeNear(own, taken);
      taken.push(at);
      const stands = at === own ? row.at : map.layerPointToLatLng(at);
      markers[index].setLatLng(stands);
      if (at === own) return;
      const look = { pane: "proposed", renderer: wayRenderer, interactive: false, className: "proposal-leader" };
      L.polyline([row.at, stands], look).addTo(ways);
    });
  }
  map.on("zoomend", spread);

  /* Blocks that look otherwise once the proposals stand are framed. */
  function frame(state) {
    document.documentElement.dataset.proposed = state.stage ? "after" : "before";
    blocks.paths.forEach((path, index) =>
      path.classList.toggle("after-block", state.stage > 0 && study.isChanged(index, state.service, state.walker)),
    );
  }

  const Switch = L.Control.extend({
    onAdd() {
      const holder = html("div", { class: "proposal-switch leaflet-bar", role: "group" });
      L.DomEvent.disableClickPropagation(holder);
      return holder;
    },
  });
  const control = new Switch({ position: "topright" }).addTo(map);
  function speak() {
    const choice = (stage, word) =>
      html(
        "button",
        {
          type: "button",
          "aria-pressed": String(store.state.stage === stage),
          on: { click: () => store.set({ stage, time: -1 }) },
        },
        study.say(word),
      );
    /** @type {HTMLElement} */ (control.getContainer()).replaceChildren(choice(0, "proposal_before"), choice(1, "proposal_after"));
    markers.forEach((marker, index) => {
      const row = proposed.rows[index];
      const name = study.say("pair", { name: row.title[study.language], what: row.place[study.language] });
      elementOf(marker).setAttribute("aria-label", name);
    });
  }

  store.listen((state, changed) => {
    if (changed.has("language") || changed.has("stage")) speak();
    if (changed.has("language")) map.closePopup();
    if (changed.has("service")) frame(state);
  });
  spread();
  speak();
  frame(store.state);
}

/* What is told of the plan as a whole, a line each; nothing before it. */
export function planTold(study, state) {
  if (!state.stage || !study.proposals) return "";
  const lines = study.proposals.told[study.language];
  return html(
    "section",
    { class: "plan-told" },
    html("h2", {}, study.say("plan")),
    html("ul", {}, lines.map((line) => html("li", {}, line))),
  );
}

/* The point itself, else the first of a widening row of rings that is free. */
function freeNear(point, taken) {
  const isFree = (one) => taken.every((other) => one.distanceTo(other) >= APART);
  if (isFree(point)) return point;
  for (let ring = 1; ring < 9; ring += 1) {
    for (let turn = 0; turn < 6 * ring; turn += 1) {
      const angle = (turn / (6 * ring)) * 2 * Math.PI - Math.PI / 2;
      const one = L.point(Math.cos(angle), Math.sin(angle)).multiplyBy(ring * APART).add(point);
      if (isFree(one)) return one;
    }
  }
  return point;
}
