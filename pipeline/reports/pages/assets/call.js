// The page of a call: marking findings, one player at a time, and keys. Without it everything can still be read and heard.
(function () {
  "use strict";
  var marks = window.callauditMarks, texts = marks.texts;
  var keys = JSON.parse(document.getElementById("findings-keys").textContent);

  function element(name, properties, children) {
    var made = document.createElement(name);
    Object.keys(properties || {}).forEach(function (key) {
      if (key === "text") { made.textContent = properties[key]; } else { made.setAttribute(key, properties[key]); }
    });
    (children || []).forEach(function (child) { made.appendChild(child); });
    return made;
  }

  // Marks
  function marker(place) {
    var finding = keys[place.dataset.finding], id = place.dataset.finding + "-";
    var status = element("span", { class: "mark-status" });
    var agree = element("button", { type: "button", class: "agree", text: texts.agree });
    var overturn = element("button", { type: "button", class: "overturn", text: texts.overturn, "aria-expanded": "false" });
    var undo = element("button", { type: "button", class: "undo", text: texts.undo });
    var right = element("select", { id: id + "right" }, ["pass", "fail", "not_applicable"].filter(function (verdict) {
      return verdict !== finding.verdict;
    }).map(function (verdict) { return element("option", { value: verdict, text: texts.verdicts[verdict] }); }));
    var reason = element("input", { type: "text", id: id + "reason", maxlength: "1900", "aria-describedby": id + "needed" });
    var needed = element("span", { id: id + "needed", class: "note" });
    var form = element("form", { class: "overturning", hidden: "" }, [
      element("label", { text: texts.right + " ", for: id + "right" }), right,
      element("label", { text: texts.reason + " ", for: id + "reason" }), reason,
      element("button", { type: "submit", class: "primary", text: texts.save }), needed
    ]);
    var buttons = element("div", { class: "controls" }, [element("span", { class: "note", text: texts.this }), agree, overturn, undo, status]);
    place.appendChild(buttons);
    place.appendChild(form);

    function show() {
      var mark = marks.get(finding);
      agree.setAttribute("aria-pressed", String(Boolean(mark && mark.decision === "agree")));
      overturn.setAttribute("aria-pressed", String(Boolean(mark && mark.decision === "overturn")));
      undo.hidden = !mark;
      status.textContent = !mark ? "" : mark.decision === "agree" ? texts.savedAgree
        : texts.savedOverturn.replace("{verdict}", texts.verdicts[mark.right_verdict]) + (mark.reason ? " – " + mark.reason : "");
      place.classList.toggle("marked", Boolean(mark));
    }
    function open(wanted) {
      form.hidden = !wanted;
      overturn.setAttribute("aria-expanded", String(wanted));
      if (!wanted) { return; }
      var mark = marks.get(finding);
      if (mark && mark.right_verdict) { right.value = mark.right_verdict; reason.value = mark.reason; }
      right.focus();
    }
    agree.addEventListener("click", function () { if (marks.put(finding, "agree", "", "")) { open(false); } });
    overturn.addEventListener("click", function () { open(form.hidden); });
    undo.addEventListener("click", function () { marks.remove(finding); agree.focus(); });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      needed.textContent = reason.value.trim() ? "" : texts.reasonNeeded;
      reason.toggleAttribute("aria-invalid", !reason.value.trim());
      if (!reason.value.trim()) { reason.focus(); return; }
      if (marks.put(finding, "overturn", right.value, reason.value.trim())) { open(false); overturn.focus(); }
    });
    marks.onChange(show);
    show();
  }
  Array.prototype.forEach.call(document.querySelectorAll(".mark-place"), marker);

  // Players: one at a time.
  document.addEventListener("play", function (event) {
    Array.prototype.forEach.call(document.querySelectorAll("audio"), function (other) {
      if (other !== event.target) { other.pause(); }
    });
  }, true);

  // A link to a finding that is folded away opens its fold.
  function unfold() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var fold = target && target.closest("details");
    if (fold && !fold.open) { fold.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", unfold);
  unfold();

  // What is folded away is opened for paper.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.filter.call(document.querySelectorAll("details:not([open])"), function (d) { return (d.open = true); });
  });
  window.addEventListener("afterprint", function () { opened.forEach(function (d) { d.open = false; }); });

  // Keys: only while no field, button, link or player has the focus, and only if wanted.
  var on = document.getElementById("keys-on");
  document.querySelector(".keys").hidden = false;
  try { on.checked = window.localStorage.getItem("callaudit.keys") !== "off"; } catch (error) { on.checked = true; }
  on.addEventListener("change", function () {
    try { window.localStorage.setItem("callaudit.keys", on.checked ? "on" : "off"); } catch (error) { /* for this page only */ }
  });
  var current = null;
  function shown() {
    return Array.prototype.filter.call(document.querySelectorAll("article.finding"), function (f) {
      return !f.closest("details:not([open])");
    });
  }
  function go(step) {
    var all = shown(), at = current ? all.indexOf(current) : -1;
    var next = all[Math.max(0, Math.min(all.length - 1, current ? at + step : 0))];
    if (!next) { return; }
    current = next;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("focusin", function (event) {
    var finding = event.target.closest("article.finding");
    if (finding) { current = finding; }
  });
  function play() {
    var audio = current && current.querySelector("audio");
    if (!audio) { return; }
    if (audio.paused) { audio.play().catch(function () { /* the player itself says what is wrong */ }); } else { audio.pause(); }
  }
  function press(selector) { var button = current && current.querySelector(selector); if (button) { button.click(); } }
  document.addEventListener("keydown", function (event) {
    if (!on.checked || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.target.closest("input, select, textarea, button, a, audio, summary, [role=region]")) { return; }
    var acts = { j: function () { go(1); }, k: function () { go(-1); }, p: play,
      a: function () { press(".agree"); }, o: function () { press(".overturn"); } };
    // Space scrolls the page as ever, unless a finding has the focus.
    if (event.key === " " && event.target.matches("article.finding") && event.target.querySelector("audio")) { acts[" "] = play; }
    if (Object.prototype.hasOwnProperty.call(acts, event.key)) { event.preventDefault(); acts[event.key](); }
  });
})();
