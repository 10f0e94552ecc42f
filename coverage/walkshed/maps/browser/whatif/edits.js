/* The states of a what-if: what each becomes by a change, and how a change is called. Nothing is drawn or counted here. */
import { sentence } from "../shared/elements.js";

/* offered(station): the services that it offers in the study. */
export function makeEdits(study, offered) {
  const say = (key, fields) => sentence(study.called("whatif", key), fields);
  const isAdded = (key) => typeof key === "string";
  const without = (part, key) => Object.fromEntries(Object.entries(part).filter(([one]) => one !== String(key)));
  const edited = (state, id, more) => ({
    ...state,
    added: state.added.map((one) => (one.id === id ? { ...one, ...more } : one)),
  });
  const removed = (state, id) => ({ ...state, added: state.added.filter((one) => one.id !== id) });
  const same = (one, other) => one.length === other.length && one.every((service, i) => service === other[i]);

  function moved(state, key, place) {
    if (isAdded(key)) return edited(state, key, { place });
    return { ...state, moved: { ...state.moved, [key]: place } };
  }

  function toggled(state, key, service, wanted) {
    const flip = (list) =>
      wanted ? [...list, service].sort((a, b) => a - b) : list.filter((one) => one !== service);
    if (isAdded(key))
      return edited(state, key, { services: flip(state.added.find((one) => one.id === key).services) });
    const services = flip(state.services[key] || offered(key));
    if (same(services, offered(key))) return { ...state, services: without(state.services, key) };
    return { ...state, services: { ...state.services, [key]: services } };
  }

  function furnished(state, key, more) {
    if (isAdded(key)) {
      const one = state.added.find((each) => each.id === key);
      return edited(state, key, { premises: { ...one.premises, ...more } });
    }
    const premises = { ...(state.premises[key] || study.network.would[key].premises), ...more };
    return { ...state, premises: { ...state.premises, [key]: premises } };
  }

  /* Every change with its words, the state without it, and what it is about: a key, or a block. */
  function listed(state) {
    const name = (station) => study.stations[station].name;
    const per = (part, text) =>
      Object.keys(state[part]).map((station) => ({
        text: text(Number(station)),
        key: Number(station),
        without: { ...state, [part]: without(state[part], station) },
      }));
    const switched = (station) => {
      const [now, before] = [state.services[station], offered(station)];
      const called = (sign, list) => list.map((service) => `${sign}${study.services[service].name}`);
      const gone = before.filter((service) => !now.includes(service));
      const come = now.filter((service) => !before.includes(service));
      return [...called("+", come), ...called("−", gone)].join(" ");
    };
    const furnish = (station) => {
      const now = state.premises[station];
      const before = study.network.would[station].premises;
      const other = ["floor", "elevator", "step_free"].some((field) => now[field] !== before[field]);
      const hours = now.hours ? study.called("hours", now.hours) : "";
      const what = [other ? say("premises") : "", hours].filter(Boolean);
      return say("change_services", { name: name(station), what: what.join(" · ") });
    };
    return [
      ...state.added.map((one) => ({
        text: say("change_added", { name: one.name }),
        key: one.id,
        without: removed(state, one.id),
      })),
      ...per("moved", (station) => say("change_moved", { name: name(station) })),
      ...per("closed", (station) => say("change_closed", { name: name(station) })),
      ...per("services", (station) => say("change_services", { name: name(station), what: switched(station) })),
      ...per("premises", furnish),
      ...state.gates.map((gate) => ({
        text: say("change_gate", { name: study.blocks[gate.block].name }),
        block: gate.block,
        without: { ...state, gates: state.gates.filter((other) => other !== gate) },
      })),
    ];
  }

  return { isAdded, without, edited, removed, moved, toggled, furnished, listed };
}
