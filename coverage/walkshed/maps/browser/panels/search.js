/* Search by name in any language that the data knows: blocks, stations, streets; all by keyboard. */
import { byId, html } from "../shared/elements.js";
import { unpackIndices } from "../shared/unpack.js";
/** @import { Lines, Study } from "../types" */
/** @import { Store } from "../shared/store.js" */

const MOST = 12;

/**
 * Something that has a name: its kind and number, other names, and what it is found by.
 * @typedef {{ kind: "block" | "station" | "street", index: number, name: string, others: string[], keys: string[] }} Entry
 */

/** @param {string} text */
const plain = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f\s·・'’-]/g, "")
    .toLowerCase();

/**
 * Everything that has a name.
 * @param {Study} study
 * @returns {Entry[]}
 */
function entries(study) {
  const { streets, aliases } = study.lookup;
  /** @param {Entry["kind"]} kind @param {number} index @param {string} name @param {string[]} ids @returns {Entry} */
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

/**
 * Names that begin with the words first, then those that contain them; blocks before stations before streets.
 * @param {Entry[]} all
 * @param {string} words
 */
function find(all, words) {
  const wanted = plain(words);
  if (!wanted) return [];
  /** @type {{ entry: Entry, rank: number[] }[]} */
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

/**
 * The field, its list and what is told of it; what was found, and which one is active, -1 for none.
 * @typedef {object} Searching
 * @property {Study} study
 * @property {Store} store
 * @property {HTMLInputElement} field
 * @property {HTMLElement} list
 * @property {HTMLElement} told
 * @property {Entry[] | null} all made when somebody first searches
 * @property {Entry[]} found
 * @property {number} active
 */

/**
 * @param {L.Map} map
 * @param {Study} study
 * @param {Store} store
 * @param {Lines} streets
 */
export function showSearch(map, study, store, streets) {
  const field = byId("search-field", HTMLInputElement);
  const list = byId("search-list");
  /** @type {Searching} */
  const search = { study, store, field, list, told: byId("search-told"), all: null, found: [], active: -1 };
  const highlight = L.layerGroup().addTo(map);

  field.addEventListener("input", () => look(search));
  field.addEventListener("focus", () => field.select());
  field.addEventListener("blur", () => close(search));
  field.addEventListener("keydown", (event) => press(search, event));
  hearSlash(field);
  L.DomEvent.disableClickPropagation(byId("search"));

  function speak() {
    field.placeholder = study.say("search");
    field.setAttribute("aria-label", study.say("search"));
    list.setAttribute("aria-label", study.say("search"));
  }
  store.listen((state, changed) => {
    if (changed.has("language")) speak();
    if (changed.has("street")) drawStreet(map, study, highlight, streets, state.street);
    if ((changed.has("block") && state.block < 0) || (changed.has("station") && state.station < 0)) {
      if (state.block < 0 && state.station < 0 && state.street < 0) field.value = "";
    }
  });
  speak();
}

/** @param {Searching} search @param {Entry} entry @param {number} i */
function option(search, entry, i) {
  /* before the field loses the focus, which closes the list */
  const mousedown = (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    choose(search, entry);
  };
  return html(
    "li",
    { id: `found-${i}`, role: "option", "aria-selected": String(i === search.active), on: { mousedown } },
    html("span", { class: "name" }, entry.name),
    entry.others.length ? html("span", { class: "other" }, entry.others.join(" · ")) : "",
    html("span", { class: "kind" }, search.study.say(`search_${entry.kind}`)),
  );
}

/** @param {Searching} search */
function show(search) {
  const { field, list, found, active } = search;
  const open = found.length > 0;
  list.hidden = !open;
  field.setAttribute("aria-expanded", String(open));
  list.replaceChildren(...found.slice(0, MOST).map((entry, i) => option(search, entry, i)));
  if (active >= 0) field.setAttribute("aria-activedescendant", `found-${active}`);
  else field.removeAttribute("aria-activedescendant");
}

/** @param {Searching} search */
function look(search) {
  const { study, field, told } = search;
  search.all = search.all || entries(study);
  const found = find(search.all, field.value);
  search.found = found;
  search.active = found.length ? 0 : -1;
  const nothing = field.value.trim() ? study.say("search_nothing") : "";
  told.textContent = found.length ? study.say("search_found", { n: found.length }) : nothing;
  told.classList.toggle("shown", Boolean(nothing) && !found.length);
  show(search);
}

/** @param {Searching} search */
function close(search) {
  search.found = [];
  search.active = -1;
  search.told.textContent = "";
  search.told.classList.remove("shown");
  show(search);
}

/** @param {Searching} search @param {Entry} entry */
function choose(search, { kind, index, name }) {
  search.field.value = name;
  close(search);
  search.store.set({ block: -1, station: -1, street: -1, [kind]: index });
}

/**
 * Arrows go through what was found, Enter chooses, Escape leaves.
 * @param {Searching} search
 * @param {KeyboardEvent} event
 */
function press(search, event) {
  const { field, found, active } = search;
  const count = Math.min(found.length, MOST);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!count) return;
    search.active = (active + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
    show(search);
    event.preventDefault();
  } else if (event.key === "Enter" && active >= 0) {
    choose(search, found[active]);
    event.preventDefault();
  } else if (event.key === "Escape") {
    field.value = "";
    close(search);
    event.stopPropagation();
  }
}

/**
 * A slash that is written nowhere goes to the field.
 * @param {HTMLInputElement} field
 */
function hearSlash(field) {
  document.addEventListener("keydown", (event) => {
    const writing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement ? document.activeElement.tagName : "");
    if (event.key !== "/" || writing) return;
    field.focus();
    event.preventDefault();
  });
}

/**
 * @param {L.Map} map
 * @param {Study} study
 * @param {L.LayerGroup} highlight
 * @param {Lines} streets
 * @param {number} street
 */
function drawStreet(map, study, highlight, streets, street) {
  highlight.clearLayers();
  if (street < 0) return;
  const lines = unpackIndices(study.lookup.streets[street][1]).map(streets.line);
  const renderer = L.svg({ pane: "walk" });
  /** @type {L.PolylineOptions} */
  const flat = { pane: "walk", renderer, interactive: false, lineCap: "round" };
  L.polyline(lines, { ...flat, color: "var(--panel)", weight: 9, opacity: 0.9 }).addTo(highlight);
  const line = L.polyline(lines, { ...flat, className: "found-street", color: "var(--walk)", weight: 4 });
  line.addTo(highlight);
  map.fitBounds(line.getBounds(), { padding: [60, 60], maxZoom: 17, animate: false });
}
