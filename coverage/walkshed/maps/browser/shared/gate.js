/* Runs first, in any browser: one that cannot show the page says so, instead of an empty page. Hence the oldest
   JavaScript; what it looks for came with Chromium 76 and Firefox 71. */
(function () {
  "use strict";
  var root = document.documentElement;
  var said = document.getElementById("too-old");

  function refuse() {
    if (root.getAttribute("data-ready") === "yes") return;
    said.removeAttribute("hidden");
    root.className += " too-old";
  }

  if (!window.Promise || !Promise.allSettled || !Object.fromEntries || !Array.prototype.flatMap) refuse();
  /* without Leaflet, which some pages fetch, the browser is not at fault */
  window.onerror = function () {
    if (window.L) refuse();
  };
})();
