/* Proposed stations: a ring with a plus and the rank, what each would bring, and the blocks that change. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const { html, svg } = walkshed;
  const STATES = ["served", "partly", "not_served", "unknown"];
  const SIZE = 34;

  walkshed.drawProposals = (map, study, store) => {
    const proposed = study.proposals;
    if (!proposed || !proposed.rows.length) return;
    map.createPane("after").style.zIndex = 412;
    map.createPane("proposed").style.zIndex = 660;
    map.getPane("after").style.pointerEvents = "none";
    const renderer = L.svg({ pane: "after", padding: 0.4 });
    const changed = L.layerGroup().addTo(map);
    let after = false;

    const markers = proposed.rows.map((row) => {
      const marker = L.marker(row.at, {
        icon: L.divIcon({ className: "proposal", html: mark(row), iconSize: [SIZE, SIZE] }),
        pane: "proposed",
        riseOnHover: true,
      }).addTo(map);
      marker.bindPopup(() => told(row), { maxWidth: 340, className: "proposal-told", autoPanPadding: [30, 30] });
      marker.getElement().dataset.proposal = String(row.rank);
      return marker;
    });

    function mark(row) {
      return svg(
        "svg",
        { width: SIZE, height: SIZE, viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}`, "aria-hidden": "true" },
        svg("circle", { class: "proposal-ring", r: 12 }),
        svg("path", { class: "proposal-plus", d: "M-6,0H6M0,-6V6" }),
        svg("circle", { class: "proposal-badge", cx: 10, cy: -10, r: 6.5 }),
        svg("text", { class: "proposal-rank", x: 10, y: -7, "text-anchor": "middle" }, String(row.rank)),
      );
    }

    function told(row) {
      const language = study.language;
      const services = row.services.map((index) => study.services[index].name);
      return html(
        "div",
        {},
        html("strong", {}, study.say(row.extends ? "proposal_extends" : "proposal", { n: row.rank })),
        html("p", { class: "proposal-services" }, services.join(" · ")),
        html("p", {}, row.why[language]),
        row.left[language]
          ? html("p", { class: "hint" }, study.say("proposal_left", { what: row.left[language] }))
          : "",
        html("p", { class: "hint" }, proposed.proof[language]),
      );
    }

    /* Blocks whose state for the selected service is another once the proposals stand. */
    function draw(state) {
      changed.clearLayers();
      document.documentElement.dataset.proposed = after ? "after" : "before";
      if (!after) return;
      const count = study.services.length;
      study.blocks.forEach((block, index) => {
        const now = study.judgment(index, state.service);
        const then = STATES[Number(proposed.after[index * count + state.service])];
        if (then === now.state) return;
        const look = {
          renderer,
          pane: "after",
          interactive: false,
          className: "after-block",
          fillOpacity: 1,
          lineJoin: "round",
          fillColor: walkshed.fillOf(then),
          color: "#2f6b3a",
          weight: 2.4,
        };
        const layer = block.shape.length
          ? L.polygon(walkshed.unpackPolygons(block.shape), look)
          : L.circleMarker(block.middle, { ...look, radius: 7 });
        layer.addTo(changed).getElement().dataset.after = then;
      });
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
      const choice = (later, word) =>
        html(
          "button",
          {
            type: "button",
            "aria-pressed": String(after === later),
            on: {
              click: () => {
                after = later;
                speak();
                draw(store.state);
              },
            },
          },
          study.say(word),
        );
      control.getContainer().replaceChildren(choice(false, "proposal_before"), choice(true, "proposal_after"));
      markers.forEach((marker, index) => {
        const row = proposed.rows[index];
        const name = study.say(row.extends ? "proposal_extends" : "proposal", { n: row.rank });
        marker.getElement().setAttribute("aria-label", `${name}: ${row.place[study.language]}`);
      });
    }

    store.listen((state, keys) => {
      if (keys.has("language")) speak();
      if (keys.has("language") && map.closePopup) map.closePopup();
      if (keys.has("service")) draw(state);
    });
    speak();
    draw(store.state);
  };
})();
