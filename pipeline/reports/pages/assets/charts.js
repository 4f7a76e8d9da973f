// Draws every chart of a page from the numbers that stand beside it, as SVG. Without it the tables remain.
(function () {
  "use strict";
  function ofMarks(layer) {
    return layer.data ? layer.data.name === "marks" : (layer.layer || []).length > 0 && layer.layer.every(ofMarks);
  }
  function draw(place) {
    var numbers = JSON.parse(place.nextElementSibling.textContent);
    var kind = JSON.parse(JSON.stringify(window.chartKinds[place.dataset.chart]));
    kind.datasets = numbers;
    // Without a mark there is nothing to scale by, of which Vega would warn.
    if (!numbers.marks.length) { kind.layer = kind.layer.filter(function (layer) { return !ofMarks(layer); }); }
    return vegaEmbed(place, kind, { renderer: "svg", actions: false, ast: false }).then(function () {
      // The place itself says what the chart shows; the names that Vega gives to its parts say nothing.
      place.querySelector("svg").setAttribute("aria-hidden", "true");
    }).catch(function (error) {
      place.textContent = String(error.message || error);
    });
  }
  var all = Array.prototype.map.call(document.querySelectorAll(".chart[data-chart]"), draw);
  Promise.all(all).then(function () {
    document.documentElement.dataset.charts = "drawn";
  });
  // On paper nothing can be opened: what is folded away is opened, and afterwards closed again.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.filter.call(document.querySelectorAll("details:not([open])"), function (details) {
      details.open = true;
      return true;
    });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (details) { details.open = false; });
  });
})();
