/* The what-if: stations are added, dragged, closed and switched; the page counts anew who can walk to what. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const { engine } = walkshed;
  const GROUND = { floor: 1, elevator: null, step_free: null };

  walkshed.prepareWhatIf = (map, study, store, { blocks, markers, streets }) => {
    const opener = document.getElementById("whatif-open");
    if (!study.network) return opener.remove(); /* a public page tells nobody's number of people */

    const history = engine.makeHistory();
    const say = (key, fields) => walkshed.sentence(study.called("whatif", key), fields);
    const open = { now: false, ready: false, adding: false, held: null, chosen: null, limit: null, name: "" };
    let town = null;
    let trial = null;
    let checking = false;
    const trials = new Map(); /* by walker */
    let actors = null;
    let judged = { service: -1, rows: null, old: null };
    let looks = [];

    const act = {
      add: (byKey) => (byKey ? addAt(map.getCenter()) : setAdding(!open.adding)),
      undo: () => history.undo() && settle(),
      reset: () => change(engine.NOTHING),
      save,
      close: () => setOpen(false),
      service: (service) => store.set({ service }),
      limit: () => open.limit,
      setLimit,
      name: () => open.name || say("scenario"),
      rename: (name) => (open.name = name),
    };
    const panel = walkshed.makeWhatIfPanel(study, act);
    const marks = walkshed.makeWhatIfMarks(map, study, markers, {
      drag: (key, at) => show(moved(history.now(), key, engine.roundPlace(at)), key),
      drop(key, at) {
        store.set({ station: -1 }); /* what it reached from its old place is no more */
        change(moved(history.now(), key, engine.roundPlace(at)), key);
      },
      choose,
    });

    /* what a state becomes */
    const without = (part, key) => Object.fromEntries(Object.entries(part).filter(([one]) => one !== String(key)));
    const isAdded = (key) => typeof key === "string";
    const edited = (state, id, more) => ({
      ...state,
      added: state.added.map((one) => (one.id === id ? { ...one, ...more } : one)),
    });
    function moved(state, key, place) {
      if (isAdded(key)) return edited(state, key, { place });
      return { ...state, moved: { ...state.moved, [key]: place } };
    }
    const offered = (station) => [...new Set(town.offers[station].map((offer) => offer.service))].sort((a, b) => a - b);
    const sameServices = (one, other) => one.length === other.length && one.every((service, i) => service === other[i]);

    function toggled(state, key, service, wanted) {
      const flip = (list) =>
        wanted ? [...list, service].sort((a, b) => a - b) : list.filter((one) => one !== service);
      if (isAdded(key))
        return edited(state, key, { services: flip(state.added.find((one) => one.id === key).services) });
      const services = flip(state.services[key] || offered(key));
      const same = sameServices(services, offered(key));
      return { ...state, services: same ? without(state.services, key) : { ...state.services, [key]: services } };
    }

    function furnished(state, key, more) {
      if (isAdded(key)) {
        const one = state.added.find((each) => each.id === key);
        return edited(state, key, { premises: { ...one.premises, ...more } });
      }
      const premises = { ...(state.premises[key] || study.network.would[key].premises), ...more };
      return { ...state, premises: { ...state.premises, [key]: premises } };
    }

    /* opening, once: the network is unpacked and judged, and must say what the run said */
    async function begin() {
      panel.wait(say("reading"));
      await new Promise((resolve) => window.setTimeout(resolve, 0));
      try {
        town = await engine.openTown(study.network, streets);
      } catch {
        return panel.wait(say("unable"));
      }
      actors = engine.makeActors(town);
      if (!judgeFor(store.state.walker)) return panel.wait(say("unfaithful"));
      open.ready = true;
      panel.build();
      return settle();
    }

    /* The trial of one walker, made when first asked for; false if it does not say of the study what the run said. */
    function judgeFor(walker) {
      if (!trials.has(walker)) {
        const made = engine.makeTrial(town, walker);
        checking = true;
        const faithful = study.services.every((_, service) => {
          const { state, served } = made.judge(service);
          return state.every((one, block) => {
            const row = study.judgment(block, service);
            return one === row.state && served[block] === row.served;
          });
        });
        checking = false;
        trials.set(walker, faithful ? made : null);
      }
      trial = trials.get(walker);
      if (trial) trial.setLimit(open.limit);
      judged = { service: -1 };
      return Boolean(trial);
    }

    function setOpen(now) {
      open.now = now;
      opener.setAttribute("aria-expanded", String(now));
      document.body.classList.toggle("trying", now);
      document.getElementById("answers").hidden = now;
      panel.place.hidden = !now;
      if (!now) setAdding(false);
      markers.forEach((_, station) => marks.setDraggable(station, now && study.network.would[station].may_move));
      if (now) store.set({ time: -1, stage: 0 }); /* a trial is of the study as it stands, at the moment of the run */
      if (now && !open.ready) begin();
      else if (open.ready) settle();
      (now ? panel.place : opener).focus({ preventScroll: true });
    }

    /* for a walker whose run the page cannot repeat: the way back is another walker */
    function cease() {
      open.ready = false;
      panel.wait(say("unfaithful"));
      blocks.repaint();
    }

    /* a change that stays, one step of undo */
    function change(state, chosen = open.chosen) {
      history.push(state);
      open.chosen = chosen;
      settle();
    }

    function settle() {
      const state = open.now ? history.now() : engine.NOTHING;
      if (isAdded(open.chosen) && !state.added.some((one) => one.id === open.chosen)) open.chosen = null;
      show(state, null);
      if (!open.now) return;
      panel.showChanges(listed(state), history.canUndo());
      panel.showEditor(subject(state));
    }

    /* a state on the map and in the numbers; with a marker in the hand it is a step of a drag */
    function show(state, held) {
      trial.follow(actors(state));
      judged = { service: -1 };
      marks.show(state, (place) => actors.siteAt(place).anchors[0] || null, held, open.chosen);
      panel.showRows(trial.difference(), store.state.service);
      if (held !== null)
        panel.showLeg(legText(isAdded(held) ? state.added.find((one) => one.id === held).place : state.moved[held]));
      paint();
    }

    /* only blocks that look otherwise than before are painted */
    function paint(all = false) {
      const { service } = store.state;
      const others = [];
      const trying = study.blocks.length && study.tried(0, service);
      for (let block = 0; block < study.blocks.length; block += 1) {
        const look = trying ? lookOf(judged.rows, block) + changeOf(block) : "as run";
        if (looks[block] === look && !all) continue;
        looks[block] = look;
        others.push(block);
      }
      blocks.repaint(others);
      for (const block of others) {
        const { classList } = blocks.paths[block];
        const tried = trying ? changeOf(block) : "";
        classList.toggle("block-gained", tried === "gained");
        classList.toggle("block-lost", tried === "lost");
      }
      panel.showBlock(open.now && open.ready ? blockText(store.state.block, service) : "");
    }

    const red = (state) => state === "partly" || state === "not_served";
    const lookOf = (rows, block) => (red(rows.state[block]) && rows.doubt[block] ? "doubt" : rows.state[block]);
    function changeOf(block) {
      const [was, is] = [judged.old.state[block], judged.rows.state[block]];
      return red(was) && is === "served" ? "gained" : was === "served" && red(is) ? "lost" : "";
    }

    study.isTrying = () => open.now && open.ready && !checking;
    study.tried = (block, service) => {
      if (!study.isTrying()) return null;
      if (judged.service !== service)
        judged = { service, rows: trial.judge(service), old: trial.judge(service, false) };
      const { rows } = judged;
      return {
        state: rows.state[block],
        doubt: rows.doubt[block],
        served: rows.served[block],
        people: rows.people[block],
      };
    };

    function blockText(block, service) {
      if (block < 0) return "";
      study.tried(block, service);
      const { rows, old } = judged;
      const [before, after] = [old, rows].map((from) => study.lookName(lookOf(from, block)));
      const text = [say("block_now", { name: study.blocks[block].name, before, after })];
      if (study.study.has_people) {
        text.push(
          say("block_people", { before: old.served[block], after: rows.served[block], all: rows.people[block] }),
        );
      }
      return text.join(" · ");
    }

    function legText(place) {
      const [anchor] = actors.siteAt(place).anchors;
      if (!anchor) return say("off_network", { n: study.network.max_snap_m });
      return say("leg", { n: Math.round(anchor.leg / engine.TICKS) });
    }

    /* placing */
    function setAdding(adding) {
      open.adding = adding;
      map.getContainer().classList.toggle("adding", adding);
      if (open.ready && open.now) panel.setAdding(adding);
    }

    function addAt(at) {
      const state = history.now();
      const taken = new Set([...study.stations.map((one) => one.id), ...state.added.map((one) => one.id)]);
      let n = state.added.length + 1;
      while (taken.has(`new-${n}`)) n += 1;
      const one = {
        id: `new-${n}`,
        name: say("candidate", { n }),
        tier: "micro",
        place: engine.roundPlace(at),
        services: [store.state.service],
        premises: GROUND,
      };
      setAdding(false);
      store.set({ station: -1 });
      change({ ...state, added: [...state.added, one] }, one.id);
    }

    map.getContainer().addEventListener(
      "click",
      (event) => {
        if (!open.adding || event.target.closest(".leaflet-control, .search")) return;
        event.stopPropagation();
        event.preventDefault();
        if (!map.dragging.moved()) addAt(map.mouseEventToLatLng(event));
      },
      true,
    );

    function choose(key) {
      open.chosen = key;
      if (isAdded(key)) store.set({ station: -1 });
      settle();
    }

    /* the chosen station, with what can be done to it */
    function subject(state) {
      const key = open.chosen;
      if (key === null) return null;
      const added = isAdded(key) ? state.added.find((one) => one.id === key) : null;
      const station = added || study.stations[key];
      const place = added ? added.place : state.moved[key];
      const would = added ? null : study.network.would[key];
      const off = !added && !place && !town.sites[key].anchors.length;
      return {
        name: station.name,
        mark: walkshed.tierMark(station.tier, 26),
        added: Boolean(added),
        services: added ? added.services : state.services[key] || offered(key),
        leg: place ? legText(place) : off ? study.say("station_off_network") : "",
        closed: !added && Boolean(state.closed[key]),
        moved: Boolean(place),
        mayMove: Boolean(added) || would.may_move,
        premises: premisesMatter() && (added ? added.premises : state.premises[key] || would.premises),
        rename: added && ((name) => change(edited(state, key, { name: name.trim() || added.name }))),
        toggle: (service, wanted) => change(toggled(state, key, service, wanted)),
        furnish: (more) => change(furnished(state, key, more)),
        remove: () => change({ ...state, added: state.added.filter((one) => one.id !== key) }, null),
        close: () => {
          store.set({ station: -1 }); /* what it reaches is no more */
          change({ ...state, closed: { ...state.closed, [key]: true } });
        },
        reopen: () => change({ ...state, closed: without(state.closed, key) }),
        putBack: () => change({ ...state, moved: without(state.moved, key) }),
      };
    }

    /* Floors decide nothing for an adult whose limits are in meters. */
    const premisesMatter = () =>
      study.network.walkers[store.state.walker].id !== "adult" ||
      study.network.services.some((service) => service.needs.some((need) => need && need.unit === "min"));

    function listed(state) {
      const name = (station) => study.stations[station].name;
      const rows = state.added.map((one) => ({
        text: say("change_added", { name: one.name }),
        choose: () => choose(one.id),
        takeBack: () => change({ ...state, added: state.added.filter((other) => other.id !== one.id) }),
      }));
      const per = (part, text) =>
        Object.keys(state[part]).map((station) => ({
          text: text(Number(station)),
          choose: () => store.set({ station: Number(station), block: -1 }),
          takeBack: () => change({ ...state, [part]: without(state[part], station) }),
        }));
      const switched = (station) => {
        const [now, before] = [state.services[station], offered(station)];
        const called = (sign, list) => list.map((service) => `${sign}${study.services[service].name}`);
        const more = called(
          "+",
          now.filter((service) => !before.includes(service)),
        );
        return [
          ...more,
          ...called(
            "−",
            before.filter((service) => !now.includes(service)),
          ),
        ].join(" ");
      };
      return [
        ...rows,
        ...per("moved", (station) => say("change_moved", { name: name(station) })),
        ...per("closed", (station) => say("change_closed", { name: name(station) })),
        ...per("services", (station) => say("change_services", { name: name(station), what: switched(station) })),
        ...per("premises", (station) => say("change_premises", { name: name(station) })),
      ];
    }

    function setLimit(meters) {
      open.limit = meters;
      trial.setLimit(meters);
      settle();
    }

    function save() {
      const name = (open.name || say("scenario")).trim() || say("scenario");
      const text = engine.scenarioFile(history.now(), {
        name,
        study: study.study.name,
        stations: study.stations,
        services: study.services,
        offered,
      });
      const file = `${name.replace(/[\\/:*?"<>|\s.]+/g, "-").replace(/^-+|-+$/g, "") || "scenario"}.toml`;
      const link = walkshed.html("a", {
        href: URL.createObjectURL(new Blob([text], { type: "application/toml" })),
        download: file,
      });
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      panel.tell(say("saved", { file }));
    }

    opener.addEventListener("click", () => setOpen(!open.now));
    document.addEventListener("keydown", (event) => event.key === "Escape" && setAdding(false));
    const speak = () => (opener.textContent = say("open"));
    store.listen((state, changed) => {
      if (changed.has("language")) speak();
      if (changed.has("stage") && state.stage && open.now) setOpen(false);
      if (changed.has("walker") && open.ready && !judgeFor(state.walker)) return cease();
      if (!open.now || !open.ready) return undefined;
      if (changed.has("language")) panel.build();
      if (changed.has("station") && state.station >= 0) open.chosen = state.station;
      if (["language", "station", "service"].some((key) => changed.has(key))) settle();
      if (changed.has("service")) paint(true);
      if (changed.has("block")) panel.showBlock(blockText(state.block, state.service));
      return undefined;
    });
    speak();
    return undefined;
  };
})();
