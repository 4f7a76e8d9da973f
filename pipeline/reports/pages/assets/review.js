// The review queue: filters over the rows of the page, and which of them are marked in this browser.
(function () {
  "use strict";
  var marks = window.callauditMarks, form = document.getElementById("filters");
  if (!form) { return; }
  var keys = JSON.parse(document.getElementById("queue-keys").textContent);
  var rows = Array.prototype.slice.call(document.querySelectorAll("#queue tbody tr"));
  var selects = Array.prototype.slice.call(form.querySelectorAll("select[data-filter]"));
  var unmarked = document.getElementById("unmarked"), told = document.getElementById("filtered");

  selects.forEach(function (select) {
    var values = {};
    rows.forEach(function (row) { values[row.dataset[select.dataset.filter]] = true; });
    // Teams come in the order that they have on every page: 一组, 二组, 三组.
    var order = JSON.parse(select.dataset.order || "[]");
    Object.keys(values).sort().sort(function (a, b) { return order.indexOf(a) - order.indexOf(b); }).forEach(function (value) {
      var option = document.createElement("option");
      option.value = option.textContent = value;
      select.appendChild(option);
    });
  });

  function show() {
    var left = 0;
    rows.forEach(function (row, n) {
      var mark = marks.get(keys[n]);
      row.classList.toggle("marked", Boolean(mark));
      var wanted = selects.every(function (select) { return !select.value || row.dataset[select.dataset.filter] === select.value; });
      row.hidden = !wanted || (unmarked.checked && Boolean(mark));
      left += row.hidden ? 0 : 1;
      var place = row.querySelector(".mark-status");
      if (mark && !place) {
        place = document.createElement("span");
        place.className = "mark-status sub";
        row.querySelector(".verdict").appendChild(place);
      }
      if (place) {
        place.textContent = !mark ? "" : mark.decision === "agree" ? marks.texts.savedAgree
          : marks.texts.savedOverturn.replace("{verdict}", marks.texts.verdicts[mark.right_verdict]);
      }
    });
    told.textContent = told.dataset.text.replace("{n}", left);
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  marks.onChange(show);
  form.hidden = false;
  show();
})();
