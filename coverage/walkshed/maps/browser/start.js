/* Puts the page together around the Leaflet map that folium made. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});

  walkshed.start = (map) => {
    const study = walkshed.readStudy();
    const first = mostPressing(study);
    const store = walkshed.makeStore({ service: first, block: -1, station: -1, limit: null, drawer: false });
    store.state.limit = usualLimit(study, first);

    walkshed.showStudy(study);
    walkshed.showHeadline(study, store);
    walkshed.showServices(study, store);
    walkshed.showLegend(study);
    walkshed.showAnswers(study, store);
    walkshed.showMatrix(study, store);

    const bounds = L.latLngBounds(study.bounds);
    const fit = () => map.fitBounds(bounds, { padding: [22, 26], animate: false });
    L.Browser.retina = true; /* the canvas is drawn at twice its size, so that print stays sharp */
    map.invalidateSize({ animate: false });
    fit();
    map.setMinZoom(map.getZoom() - 1.5);
    map.setMaxBounds(bounds.pad(0.8));
    addControls(map, study, fit);

    const streets = walkshed.drawGround(map, study);
    walkshed.drawReached(map, study, store, streets);
    const layers = walkshed.drawBlocks(map, study, store);
    walkshed.drawStations(map, study, store);
    walkshed.drawNames(map, study, store);

    store.listen((state, changed) => {
      if (changed.has("service")) store.set({ limit: usualLimit(study, state.service) });
      if (changed.has("drawer")) map.invalidateSize({ animate: false });
      if (changed.has("block") && state.block >= 0) flyTo(map, layers[state.block], study.blocks[state.block].middle);
      if (changed.has("station") && state.station >= 0) reveal(map, study, state);
    });
    map.on("click", () => store.set({ block: -1, station: -1 }));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") store.set({ block: -1, station: -1, drawer: false });
    });
    window.addEventListener("resize", () => map.invalidateSize({ animate: false }));
    walkshed.preparePrint(map, fit);
    document.getElementById("print").addEventListener("click", () => window.print());
    map.getContainer().setAttribute("aria-label", study.say("map"));
    document.documentElement.dataset.ready = "yes";
  };

  /* The service whose failing blocks, those in doubt last, are the most. */
  function mostPressing(study) {
    const weight = (service) => (service.blocks_failing - service.blocks_in_doubt) * 1e6 + service.blocks_failing;
    return study.services.reduce((best, service, i) => (weight(service) > weight(study.services[best]) ? i : best), 0);
  }

  /* The limit by which most blocks are judged, if a catchment was drawn for it; else the smallest that was. */
  function usualLimit(study, service) {
    const drawn = study.study.limits_m;
    const counts = new Map(drawn.map((limit) => [limit, 0]));
    study.blocks.forEach((_, block) => {
      const limit = study.judgment(block, service).limitM;
      if (counts.has(limit)) counts.set(limit, counts.get(limit) + 1);
    });
    return drawn.length ? drawn.reduce((best, limit) => (counts.get(limit) > counts.get(best) ? limit : best)) : null;
  }

  function flyTo(map, layer, middle) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const zoom = Math.min(Math.max(map.getZoom(), 16), 17.5);
    const inside = map.getBounds().pad(-0.1).contains(middle) && map.getZoom() >= 15.5;
    if (!inside) map.flyTo(middle, zoom, { duration: 0.7, animate: !calm });
    layer.bringToFront();
  }

  function reveal(map, study, state) {
    const at = study.stations[state.station].at;
    if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at);
  }

  function addControls(map, study, fit) {
    L.control
      .zoom({ position: "topright", zoomInTitle: study.say("zoom_in"), zoomOutTitle: study.say("zoom_out") })
      .addTo(map);
    /* a running zoom would end after, and over, a view that is set meanwhile */
    let zooming = false;
    map.on("zoomstart", () => (zooming = true));
    map.on("zoomend", () => (zooming = false));
    const Whole = L.Control.extend({
      onAdd() {
        const link = walkshed.html(
          "a",
          { class: "whole", href: "#", role: "button", title: study.say("whole"), "aria-label": study.say("whole") },
          "⤢",
        );
        L.DomEvent.on(link, "click", (event) => {
          L.DomEvent.stop(event);
          if (zooming) map.once("zoomend", fit);
          else fit();
        });
        return walkshed.html("div", { class: "leaflet-bar leaflet-control" }, link);
      },
    });
    new Whole({ position: "topright" }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  }
})();
