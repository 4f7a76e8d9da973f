// Review marks: kept in this browser until they are exported as the CSV file that `callaudit review import` reads.
(function () {
  "use strict";
  var COLUMNS = ["call_id", "call_date", "standard", "rule_id", "verdict", "decision", "right_verdict", "reason",
    "reviewer", "reviewed_at", "sha256", "rulebook_hash"];
  var MARKS = "callaudit.marks", REVIEWER = "callaudit.reviewer";
  var texts = JSON.parse(document.getElementById("marks-texts").textContent);
  var bar = document.getElementById("marks-bar");
  var reviewer = document.getElementById("marks-reviewer");
  var clear = document.getElementById("marks-clear");
  var memory = {}, stored = true;

  function read(key) {
    try { return window.localStorage.getItem(key); } catch (error) { stored = false; return memory[key] || null; }
  }
  function write(key, value) {
    memory[key] = value;
    try { window.localStorage.setItem(key, value); } catch (error) { stored = false; }
  }
  // Another page may have changed the marks meanwhile, so they are read anew each time.
  function load() {
    var found;
    try { found = JSON.parse(read(MARKS) || "{}"); } catch (error) { found = {}; }
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  }
  function save(marks) { write(MARKS, JSON.stringify(marks)); refresh(); }

  // A finding is known by what it is about and by what was seen: after another judging it is another one.
  function keyOf(finding) {
    return JSON.stringify(["call_date", "call_id", "standard", "rule_id", "verdict", "sha256", "rulebook_hash"]
      .map(function (name) { return finding[name]; }));
  }
  function get(finding) { return Object.prototype.hasOwnProperty.call(load(), keyOf(finding)) ? load()[keyOf(finding)] : null; }

  function now() {
    var at = new Date(), behind = at.getTimezoneOffset(), ahead = Math.abs(behind);
    function two(n) { return (n < 10 ? "0" : "") + n; }
    return at.getFullYear() + "-" + two(at.getMonth() + 1) + "-" + two(at.getDate()) + "T" + two(at.getHours()) + ":" +
      two(at.getMinutes()) + ":" + two(at.getSeconds()) + (behind > 0 ? "-" : "+") + two(Math.floor(ahead / 60)) + ":" + two(ahead % 60);
  }

  // Returns whether the mark could be made: it needs a name.
  function put(finding, decision, right, reason) {
    var name = reviewer.value.trim();
    if (!name) {
      bar.hidden = false;
      reviewer.setAttribute("aria-invalid", "true");
      say(texts.reviewerNeeded);
      reviewer.focus();
      return false;
    }
    var marks = load(), mark = { exported: false };
    COLUMNS.forEach(function (column) { mark[column] = finding[column] || ""; });
    mark.decision = decision;
    mark.right_verdict = decision === "overturn" ? right : "";
    mark.reason = reason || "";
    mark.reviewer = name;
    mark.reviewed_at = now();
    marks[keyOf(finding)] = mark;
    save(marks);
    return true;
  }
  function remove(finding) {
    var marks = load();
    delete marks[keyOf(finding)];
    save(marks);
  }

  // A spreadsheet takes a cell that begins like this for a formula.
  function neutral(text) { return /^'*[=+\-@\t\r]/.test(text) ? "'" + text : text; }
  function cell(value) {
    var text = neutral(String(value));
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
  function csv(marks) {
    var rows = marks.map(function (mark) { return COLUMNS.map(function (column) { return cell(mark[column]); }).join(","); });
    // With this mark at its beginning, spreadsheets read the file as UTF-8.
    return "\ufeff" + [COLUMNS.join(",")].concat(rows).join("\r\n") + "\r\n";
  }
  function exportMarks() {
    var marks = load(), keys = Object.keys(marks);
    if (!keys.length) { return; }
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv(keys.map(function (k) { return marks[k]; }))], { type: "text/csv" }));
    link.download = "callaudit-marks-" + now().slice(0, 19).replace(/[:T]/g, "-") + ".csv";
    document.body.appendChild(link);
    link.click();
    link.remove();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
    keys.forEach(function (k) { marks[k].exported = true; });
    save(marks);
  }

  var asked = false;
  function clearExported() {
    if (!asked) { asked = true; clear.textContent = texts.clearSure; return; }
    var marks = load();
    Object.keys(marks).forEach(function (k) { if (marks[k].exported) { delete marks[k]; } });
    asked = false;
    save(marks);
  }

  function say(text) { document.getElementById("marks-count").textContent = text; }
  var listeners = [];
  function refresh() {
    var marks = load(), keys = Object.keys(marks);
    var open = keys.filter(function (k) { return !marks[k].exported; }).length;
    say(texts.count.replace("{marks}", keys.length).replace("{open}", open) + (stored ? "" : " " + texts.unstored));
    document.getElementById("marks-export").disabled = !keys.length;
    clear.hidden = keys.length === open;
    bar.classList.toggle("used", keys.length > 0);
    if (!asked) { clear.textContent = texts.clear; }
    listeners.forEach(function (listener) { listener(); });
  }

  reviewer.value = read(REVIEWER) || "";
  reviewer.addEventListener("input", function () {
    reviewer.removeAttribute("aria-invalid");
    write(REVIEWER, reviewer.value.trim());
    refresh();
  });
  document.getElementById("marks-export").addEventListener("click", exportMarks);
  clear.addEventListener("click", clearExported);
  clear.addEventListener("blur", function () { asked = false; clear.textContent = texts.clear; });
  window.addEventListener("storage", refresh);
  bar.hidden = false;
  window.callauditMarks = { get: get, put: put, remove: remove, texts: texts, onChange: function (f) { listeners.push(f); } };
  refresh();
})();
