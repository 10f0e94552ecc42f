/* Before printing the map takes the size that print.css gives it on paper, and shows the whole study. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});

  /* Entries that the paper would cut stay away. */
  function hideWhatIsCut() {
    const answers = document.getElementById("answers");
    const bottom = answers.getBoundingClientRect().bottom;
    /* measured before the first is hidden, which would move the others up */
    const cut = [...answers.querySelectorAll("li")].filter((item) => item.getBoundingClientRect().bottom > bottom);
    cut.forEach((item) => item.classList.add("cut"));
  }

  walkshed.preparePrint = (map, fit) => {
    let view = null;
    window.addEventListener("beforeprint", () => {
      view = { center: map.getCenter(), zoom: map.getZoom() };
      document.body.classList.add("printing");
      map.setMinZoom(0);
      map.invalidateSize({ animate: false });
      fit();
      hideWhatIsCut();
    });
    window.addEventListener("afterprint", () => {
      document.body.classList.remove("printing");
      document.querySelectorAll("#answers li.cut").forEach((item) => item.classList.remove("cut"));
      map.invalidateSize({ animate: false });
      if (view) map.setView(view.center, view.zoom, { animate: false });
      view = null;
    });
  };
})();
