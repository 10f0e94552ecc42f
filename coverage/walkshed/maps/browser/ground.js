/* Streets, water and green of the study itself, on one canvas that takes no clicks. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});
  const WATER = "#d5e2e6";
  const GREEN = "#e5e9d6";
  const STREETS = [
    { color: "#ddd5c5", weight: 0.7 },
    { color: "#d8cfbd", weight: 1.3 },
    { color: "#cfc4ae", weight: 2.4 },
  ];

  walkshed.drawGround = (map, study) => {
    map.createPane("ground").style.zIndex = 210;
    map.getPane("ground").style.pointerEvents = "none";
    const renderer = L.canvas({ pane: "ground", padding: 0.3 });
    const flat = { renderer, pane: "ground", interactive: false };
    const area = (polygons, color) =>
      L.polygon(walkshed.unpackPolygons(polygons), { ...flat, stroke: false, fillColor: color, fillOpacity: 1 });
    const ground = study.background;
    if (ground.green.length) area(ground.green, GREEN).addTo(map);
    if (ground.water.length) area(ground.water, WATER).addTo(map);

    const lines = ground.streets.lines.map(walkshed.unpackLine);
    STREETS.forEach((style, width) => {
      const members = lines.filter((_, i) => ground.streets.width[i] === String(width));
      if (!members.length) return;
      const layer = L.polyline(members, { ...flat, ...style, smoothFactor: 0.6 }).addTo(map);
      /* streets broaden as the map comes closer */
      const broaden = () =>
        layer.setStyle({ weight: style.weight * Math.min(3, Math.max(0.6, 1.5 ** (map.getZoom() - 15))) });
      map.on("zoomend", broaden);
      broaden();
    });
    if (ground.edge) {
      L.polygon(walkshed.unpackLine(ground.edge), {
        ...flat,
        fill: false,
        color: "#a08a72",
        weight: 1,
        dashArray: "7 3 1 3",
      }).addTo(map);
    }
    return lines;
  };
})();
