/* Search by name in any language that the data knows: blocks, stations, streets; all by keyboard. */
import { byId, html } from "../shared/elements.js";
import { unpackIndices } from "../shared/unpack.js";

const MOST = 12;

const plain = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f\s·・'’-]/g, "")
    .toLowerCase();

/* Everything that has a name, with what to do when it is chosen. */
function entries(study) {
  const { streets, aliases } = study.lookup;
  const known = (kind, index, name, ids = []) => {
    const others = aliases[name] || [];
    return { kind, index, name, others, keys: [name, ...others, ...ids].map(plain) };
  };
  return [
    ...study.blocks.map((block, i) => known("block", i, block.name, [block.id])),
    ...study.stations.map((station, i) => known("station", i, station.name, [station.id])),
    ...streets.map(([name], i) => known("street", i, name)),
  ];
}

/* Names that begin with the words first, then those that contain them; blocks before stations before streets. */
function find(all, words) {
  const wanted = plain(words);
  if (!wanted) return [];
  const scored = [];
  all.forEach((entry, order) => {
    const places = entry.keys.map((key) => key.indexOf(wanted));
    const best = places.reduce((least, at) => (at >= 0 && (least < 0 || at < least) ? at : least), -1);
    if (best < 0) return;
    const exact = entry.keys.includes(wanted) ? 0 : 1;
    scored.push({ entry, rank: [exact, best ? 1 : 0, order] });
  });
  scored.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2]);
  return scored.map((one) => one.entry);
}

export function showSearch(map, study, store, streets) {
  let all = null; /* made when somebody first searches */
  const field = byId("search-field", HTMLInputElement);
  const list = byId("search-list");
  const told = byId("search-told");
  const highlight = L.layerGroup().addTo(map);
  let found = [];
  let active = -1;

  function option(entry, i) {
    const kind = study.say(`search_${entry.kind}`);
    return html(
      "li",
      {
        id: `found-${i}`,
        role: "option",
        "aria-selected": String(i === active),
        on: {
          /* before the field loses the focus, which closes the list */
          mousedown: (event) => {
            event.preventDefault();
            choose(entry);
          },
        },
      },
      html("span", { class: "name" }, entry.name),
      entry.others.length ? html("span", { class: "other" }, entry.others.join(" · ")) : "",
      html("span", { class: "kind" }, kind),
    );
  }

  function show() {
    const open = found.length > 0;
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    list.replaceChildren(...found.slice(0, MOST).map(option));
    if (active >= 0) field.setAttribute("aria-activedescendant", `found-${active}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function look() {
    all = all || entries(study);
    found = find(all, field.value);
    active = found.length ? 0 : -1;
    const nothing = field.value.trim() ? study.say("search_nothing") : "";
    told.textContent = found.length ? study.say("search_found", { n: found.length }) : nothing;
    told.classList.toggle("shown", Boolean(nothing) && !found.length);
    show();
  }

  function close() {
    found = [];
    active = -1;
    told.textContent = "";
    told.classList.remove("shown");
    show();
  }

  function choose(entry) {
    field.value = entry.name;
    close();
    if (entry.kind === "block") store.set({ block: entry.index, station: -1, street: -1 });
    else if (entry.kind === "station") store.set({ station: entry.index, block: -1, street: -1 });
    else store.set({ street: entry.index, block: -1, station: -1 });
  }

  function drawStreet(state) {
    highlight.clearLayers();
    if (state.street < 0) return;
    const lines = unpackIndices(study.lookup.streets[state.street][1]).map(streets.line);
    const renderer = L.svg({ pane: "walk" });
    /** @type {L.PolylineOptions} */
    const flat = { pane: "walk", renderer, interactive: false, lineCap: "round" };
    L.polyline(lines, { ...flat, color: "var(--panel)", weight: 9, opacity: 0.9 }).addTo(highlight);
    const line = L.polyline(lines, { ...flat, className: "found-street", color: "var(--walk)", weight: 4 });
    line.addTo(highlight);
    map.fitBounds(line.getBounds(), { padding: [60, 60], maxZoom: 17, animate: false });
  }

  field.addEventListener("input", look);
  field.addEventListener("focus", () => field.select());
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const count = Math.min(found.length, MOST);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return;
      active = (active + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      show();
      event.preventDefault();
    } else if (event.key === "Enter" && active >= 0) {
      choose(found[active]);
      event.preventDefault();
    } else if (event.key === "Escape") {
      field.value = "";
      close();
      event.stopPropagation();
    }
  });
  document.addEventListener("keydown", (event) => {
    const writing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement ? document.activeElement.tagName : "");
    if (event.key !== "/" || writing) return;
    field.focus();
    event.preventDefault();
  });
  L.DomEvent.disableClickPropagation(byId("search"));

  function speak() {
    field.placeholder = study.say("search");
    field.setAttribute("aria-label", study.say("search"));
    list.setAttribute("aria-label", study.say("search"));
  }
  store.listen((state, changed) => {
    if (changed.has("language")) speak();
    if (changed.has("street")) drawStreet(state);
    if ((changed.has("block") && state.block < 0) || (changed.has("station") && state.station < 0)) {
      if (state.block < 0 && state.station < 0 && state.street < 0) field.value = "";
    }
  });
  speak();
}
