"use strict";
// Filters of the ledger; what is chosen stands in the address behind #, which works from file:// too.
window.macaw.ready(function () {
  var form = document.getElementById("filters"), count = document.getElementById("count");
  var rows = Array.prototype.slice.call(document.querySelectorAll(".ledger li"));
  form.hidden = false;
  function show() {
    var words = form.elements.q.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    var chosen = ["verdict", "kind", "article"].filter(function (n) { return form.elements[n] && form.elements[n].value; });
    var shown = 0;
    rows.forEach(function (row) {
      var fits = chosen.every(function (n) { return row.dataset[n] === form.elements[n].value; }) &&
        words.every(function (w) { return row.dataset.words.indexOf(w) >= 0; });
      row.hidden = !fits;
      shown += fits;
    });
    count.textContent = count.dataset.told.replace("#", shown);
  }
  function keep() {
    var state = new URLSearchParams();
    Array.prototype.forEach.call(form.elements, function (e) { if (e.name && e.value) state.set(e.name, e.value); });
    history.replaceState(null, "", "#" + state.toString());
    document.querySelectorAll("a.language").forEach(function (a) { a.hash = state.toString(); });
  }
  function restore() {
    var state = new URLSearchParams(location.hash.slice(1));
    Array.prototype.forEach.call(form.elements, function (e) { if (e.name) e.value = state.get(e.name) || ""; });
    show();
  }
  form.addEventListener("input", function () { show(); keep(); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(function () { show(); keep(); }); });
  window.addEventListener("hashchange", restore);
  restore();
});
