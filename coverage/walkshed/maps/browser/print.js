/* Before printing the map takes the size that print.css gives it on paper, and shows the whole study. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});

  walkshed.preparePrint = (map, fit) => {
    let view = null;
    window.addEventListener("beforeprint", () => {
      view = { center: map.getCenter(), zoom: map.getZoom() };
      document.body.classList.add("printing");
      map.setMinZoom(0);
      map.invalidateSize({ animate: false });
      fit();
    });
    window.addEventListener("afterprint", () => {
      document.body.classList.remove("printing");
      map.invalidateSize({ animate: false });
      if (view) map.setView(view.center, view.zoom, { animate: false });
      view = null;
    });
  };
})();
