/* The walk that stands for a block: from a typical home by its exit to the nearest station, street by street. */
import { html } from "../shared/elements.js";
import { unpackIntegers, unpackLine } from "../shared/unpack.js";

const LOOKS = ["street", "private", "steps", "leg"];

/* The chosen block's walk to the chosen service, as the page shows it; null where there is none. */
export function walkOf(study, state) {
  if (state.block < 0 || state.trial) return null; /* stations may have moved: the page has no walk to show */
  const number = study.judgment(state.block, state.service).walk;
  if (number < 0) return null;
  const numbers = unpackIntegers(study.walks.stretches[number]);
  const stretches = [];
  for (let i = 0; i < numbers.length; i += 4) {
    const [name, tenths, kind, last] = numbers.slice(i, i + 4);
    stretches.push([name, tenths / 10, kind, last]);
  }
  const say = study.say;
  /** @param {number[]} stretch @param {number} i */
  const name = ([street, , kind], i) => {
    if (LOOKS[kind] === "leg") return say(i === 0 ? "walk_leg" : "walk_leg_station");
    const called = study.walks.names[street] || say(LOOKS[kind] === "private" ? "walk_private" : "walk_unnamed");
    return LOOKS[kind] === "steps" ? say("aside", { what: called, aside: say("walk_steps") }) : called;
  };
  return {
    line: study.walks.lines[number],
    station: study.walks.station[number],
    meters: stretches.reduce((sum, stretch) => sum + stretch[1], 0),
    parts: stretches.map((stretch, i) => ({
      name: name(stretch, i),
      meters: stretch[1],
      look: LOOKS[stretch[2]],
      last: stretch[3],
    })),
  };
}

/* The walk in words: neighbors of one name are one entry. */
export function tellWalk(study, state) {
  const walk = walkOf(study, state);
  if (!walk || !walk.parts.length) return "";
  const entries = [];
  walk.parts.forEach((part) => {
    const before = entries[entries.length - 1];
    const hardly = part.meters < 1 && part.look !== "leg"; /* a step across a crossing is no street of its own */
    if (before && hardly) before.meters += part.meters;
    else if (before && before.name === part.name && part.look !== "leg") before.meters += part.meters;
    else entries.push({ ...part });
  });
  /* the nearest station is an adult's nearest, and so is the walk to it */
  const walker = study.walkers[state.walker];
  const closed = walker.no_steps && walk.parts.some((part) => part.look === "steps");
  const warning = study.say("walk_of_adult", { walker: walker.names[study.language] });
  const meters = (value) => study.say("meters", { n: Math.round(value) });
  return html(
    "section",
    { class: "walk", "aria-labelledby": "walk-title" },
    html(
      "h3",
      { id: "walk-title" },
      study.say("walk"),
      html("small", {}, study.say("walk_total", { n: Math.round(walk.meters) })),
    ),
    closed ? html("p", { class: "warning" }, warning) : "",
    html(
      "ol",
      {},
      html("li", { class: "end" }, html("span", {}, study.say("walk_from"))),
      entries.map((entry) =>
        html("li", { class: entry.look }, html("span", {}, entry.name), html("span", {}, meters(entry.meters))),
      ),
      html("li", { class: "end" }, html("span", {}, study.station(walk.station).name)),
    ),
  );
}

export function drawWalk(map, study, store) {
  map.createPane("walk").style.zIndex = 440;
  map.getPane("walk").style.pointerEvents = "none";
  const renderer = L.svg({ pane: "walk", padding: 0.4 });
  const group = L.layerGroup().addTo(map);
  /** @type {L.PolylineOptions} */
  const flat = { pane: "walk", renderer, interactive: false, lineCap: "round", lineJoin: "round" };

  function show(state) {
    group.clearLayers();
    const walk = walkOf(study, state);
    if (!walk || !walk.parts.length) return;
    const line = unpackLine(walk.line);
    L.polyline(line, { ...flat, className: "walk-case", color: "var(--panel)", weight: 7, opacity: 0.9 }).addTo(group);
    let first = 0;
    walk.parts.forEach((part) => {
      L.polyline(line.slice(first, part.last + 1), {
        ...flat,
        className: `walk-line ${part.look}`,
        color: "var(--walk)",
        weight: 3.2,
        dashArray: { leg: "1 6", steps: "3 4" }[part.look] || null,
      }).addTo(group);
      first = part.last;
    });
    L.circleMarker(line[0], {
      ...flat,
      className: "walk-home",
      radius: 5,
      color: "var(--walk)",
      weight: 2.5,
      fillColor: "var(--panel)",
      fillOpacity: 1,
    }).addTo(group);
  }

  store.listen((state, changed) => ["block", "service", "shown"].some((key) => changed.has(key)) && show(state));
  show(store.state);
  return { bounds: () => walkBounds(study, store.state) };
}

function walkBounds(study, state) {
  const walk = walkOf(study, state);
  return walk && walk.parts.length ? L.latLngBounds(unpackLine(walk.line)) : null;
}
