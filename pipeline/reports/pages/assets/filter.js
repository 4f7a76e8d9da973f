// Shows the agents of one team, or those whose name or id holds some text. Without it all are shown.
(function () {
  "use strict";
  var box = document.getElementById("filter");
  if (!box) { return; }
  var team = document.getElementById("filter-team");
  var name = document.getElementById("filter-name");
  var counted = document.getElementById("filter-count");
  var rows = document.querySelectorAll(".group .group-table tbody tr");
  function apply() {
    var wanted = name.value.trim().toLowerCase();
    var shown = 0;
    Array.prototype.forEach.call(rows, function (row) {
      var hidden = (team && team.value && row.dataset.team !== team.value) || row.dataset.name.indexOf(wanted) < 0;
      row.hidden = hidden;
      shown += hidden ? 0 : 1;
    });
    var filtered = wanted || (team && team.value);
    counted.textContent = filtered ? shown + " / " + rows.length : "";
    if (filtered) {
      Array.prototype.forEach.call(document.querySelectorAll("details.group"), function (group) { group.open = true; });
    }
  }
  if (team) { team.addEventListener("change", apply); }
  name.addEventListener("input", apply);
  box.hidden = false;
})();
