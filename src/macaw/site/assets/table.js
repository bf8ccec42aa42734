"use strict";
// The tables of companies and countries: columns, filters, ranks, medians and downloads, all of it in the address.
macaw.ready(function () {
  var view = macaw.view, kind = view.kind, $ = macaw.$, make = macaw.make, text = macaw.text;
  var base, values, columns = {}, state = {}, order = [], shown = 0, sorted = {}, names = {};
  var STEP = 100;

  function defaults() {
    return { year: "latest", columns: view.columns.slice(), sort: view.sort, down: true, q: "", filters: {}, ranges: {}, ranks: false, groups: false };
  }
  function read() {
    var s = defaults(), given = macaw.state();
    if (given.get("year")) s.year = given.get("year");
    if (given.has("columns")) s.columns = given.get("columns").split(",").filter(function (c) { return columns[c]; });
    if (given.get("sort")) { s.down = given.get("sort")[0] === "-"; s.sort = given.get("sort").replace(/^-/, ""); }
    s.q = given.get("q") || "";
    view.filters.forEach(function (f) { if (given.get(f)) s.filters[f] = given.get(f).split(","); });
    given.forEach(function (value, key) {
      if (key.indexOf("min.") === 0 || key.indexOf("max.") === 0) {
        var c = key.slice(4), n = Number(value);
        if (columns[c] && value !== "" && isFinite(n)) { s.ranges[c] = s.ranges[c] || {}; s.ranges[c][key.slice(0, 3)] = n; }
      }
    });
    s.ranks = given.has("ranks");
    s.groups = given.has("groups");
    return s;
  }
  function write() {
    var d = defaults(), out = new URLSearchParams();
    if (state.year !== d.year) out.set("year", state.year);
    if (state.columns.join() !== d.columns.join()) out.set("columns", state.columns.join());
    if (state.sort !== d.sort || !state.down) out.set("sort", (state.down ? "-" : "") + state.sort);
    if (state.q) out.set("q", state.q);
    view.filters.forEach(function (f) { if ((state.filters[f] || []).length) out.set(f, state.filters[f].join()); });
    Object.keys(state.ranges).forEach(function (c) {
      ["min", "max"].forEach(function (end) { if (state.ranges[c][end] !== undefined) out.set(end + "." + c, state.ranges[c][end]); });
    });
    if (state.ranks) out.set("ranks", "");
    if (state.groups) out.set("groups", "");
    macaw.keep(out);
  }

  function cell(c, i) { return values[c] ? values[c].v[i] : null; }
  function status(c, i) { return values[c] ? values[c].s[i] : "."; }
  // Ranks among all rows, ties together; with intervals the best and worst rank that they leave open.
  function ranking(c) {
    if (sorted[c]) return sorted[c];
    var n = base.rows.length, col = values[c], low = [], high = [];
    if (col) for (var i = 0; i < n; i++) {
      if (col.v[i] === null || few(col, i)) continue;
      low.push(col.l && col.l[i] !== null ? col.l[i] : col.v[i]);
      high.push(col.h && col.h[i] !== null ? col.h[i] : col.v[i]);
    }
    low.sort(function (a, b) { return a - b; }); high.sort(function (a, b) { return a - b; });
    return (sorted[c] = { low: low, high: high });
  }
  function few(col, i) { return Boolean(col.few) && col.few.indexOf(i) >= 0; }
  function above(list, v) {  // how many of a sorted list are larger
    var a = 0, b = list.length;
    while (a < b) { var m = (a + b) >> 1; if (list[m] > v) b = m; else a = m + 1; }
    return list.length - a;
  }
  function rank(c, i) {
    var col = values[c], v = cell(c, i);
    if (v === null || few(col, i)) return null;
    if (col.r && col.r[i]) return col.r[i];  // drawn with the errors that entities share
    var r = ranking(c), l = col.l && col.l[i] !== null ? col.l[i] : v, h = col.h && col.h[i] !== null ? col.h[i] : v;
    var best = 1 + above(r.low, h), worst = above(r.high, l - Math.abs(l) * 1e-12 - 1e-300);
    return [best, Math.max(best, worst)];
  }

  function passes(i, words) {
    var row = base.rows[i], k;
    for (k = 0; k < words.length; k++) if (row.q.indexOf(words[k]) < 0) return false;
    for (k in state.filters) {
      var wanted = state.filters[k];
      if (wanted.length && !row[k].some(function (v) { return wanted.indexOf(v) >= 0; })) return false;
    }
    for (k in state.ranges) {
      var v = cell(k, i), r = state.ranges[k], factor = macaw.fraction(columns[k].u) ? 100 : 1;
      if (v === null || (r.min !== undefined && v * factor < r.min) || (r.max !== undefined && v * factor > r.max)) return false;
    }
    return true;
  }
  function apply() {
    var words = macaw.fold(state.q).split(" ").filter(Boolean), found = [];
    for (var i = 0; i < base.rows.length; i++) if (passes(i, words)) found.push(i);
    var sign = state.down ? -1 : 1;
    if (state.sort === "name") found.sort(function (a, b) { return sign * names.compare(base.rows[a].n[names.at], base.rows[b].n[names.at]); });
    else found.sort(function (a, b) {
      var x = cell(state.sort, a), y = cell(state.sort, b);
      if (x === null || y === null) return x === y ? a - b : x === null ? 1 : -1;  // what is not known comes last
      return x === y ? a - b : sign * (x - y);
    });
    order = found;
    shown = Math.min(STEP, order.length);
    draw();
    write();
  }

  function label(f, v) {
    if (f === "country") return base.countries[v] ? macaw.pick(base.countries[v]) : v;
    if (f === "group") { var g = base.groups.find(function (x) { return x.i === v; }); return g ? macaw.pick(g.n) : v; }
    return view.words[f][v] || v;
  }
  function drawCell(c, i, plain) {
    var v = cell(c, i), s = status(c, i), col = columns[c], td = make("td", { class: "n" });
    if (v === null) {
      td.className = "n void";
      td.append(text.none_short);
      var why = macaw.status[s];
      if (why) { td.title = why; td.append(make("span", { class: "visually-hidden" }, " " + why)); }
      return td;
    }
    td.append(macaw.number(v, col.u));
    if (s !== "A" && macaw.status[s]) {
      td.append(make("abbr", { class: "mark", title: macaw.status[s] }, s));
    }
    var own = values[c];
    if (own.l && own.l[i] !== null) td.append(make("span", { class: "interval" }, macaw.number(own.l[i], col.u) + " – " + macaw.number(own.h[i], col.u)));
    if (state.ranks && !plain) {
      var r = rank(c, i);
      if (r) td.append(make("span", { class: "rank" }, "#" + (r[0] === r[1] ? r[0] : r[0] + "–" + r[1])));
    }
    return td;
  }
  function drawRow(i) {
    var isGroup = i >= base.rows.length, row = isGroup ? base.groups[i - base.rows.length] : base.rows[i];
    var first = make("th", { scope: "row", class: "first" }, make("a", { href: row.p, translate: "no" }, macaw.pick(row.n)));
    return make("tr", { class: isGroup ? "group" : false }, [first].concat(state.columns.map(function (c) { return drawCell(c, i, isGroup); })));
  }
  function median(c) {
    var known = order.map(function (i) { return cell(c, i); }).filter(function (v) { return v !== null; }).sort(function (a, b) { return a - b; });
    if (!known.length) return null;
    var m = known.length >> 1;
    return known.length % 2 ? known[m] : (known[m - 1] + known[m]) / 2;
  }
  function header() {
    function sorter(c, title, extra, number) {
      var on = state.sort === c;
      return make("th", { scope: "col", class: number ? "n" : "first", "aria-sort": on ? (state.down ? "descending" : "ascending") : false },
        [make("button", { type: "button", class: "plain sort", "data-column": c, onclick: function () {
          if (state.sort === c) state.down = !state.down; else { state.sort = c; state.down = c !== "name"; }
          apply();
          $('[data-column="' + c + '"]').focus();
        } }, [title, on ? make("span", { "aria-hidden": "true" }, state.down ? " ↓" : " ↑") : ""]), extra || ""]);
    }
    $("#table thead").replaceChildren(make("tr", {}, [sorter("name", text.name, "", false)].concat(state.columns.map(function (c) {
      var col = columns[c], year = state.year === "latest" ? col.y : state.year === "ten" ? (col.y - 9) + "–" + col.y : state.year;
      return sorter(c, macaw.pick(col.t), make("span", { class: "unit" }, macaw.pick(col.unit) + " · " + year), true);
    }))));
  }
  function draw() {
    header();
    var body = $("#table tbody"), rows = [];
    if (state.groups) base.groups.forEach(function (_, g) { rows.push(drawRow(base.rows.length + g)); });
    for (var k = 0; k < shown; k++) rows.push(drawRow(order[k]));
    body.replaceChildren.apply(body, rows);
    $("#table tfoot").replaceChildren(make("tr", {}, [make("th", { scope: "row", class: "first" }, macaw.t("median", { n: macaw.number(order.length) }))].concat(
      state.columns.map(function (c) { var m = median(c); return make("td", { class: "n" }, m === null ? text.none_short : macaw.number(m, columns[c].u)); }))));
    $("#count").textContent = macaw.t("count", { shown: macaw.number(order.length), all: macaw.number(base.rows.length) });
    $("#more").hidden = shown >= order.length;
    var active = view.filters.filter(function (f) { return (state.filters[f] || []).length; }).length + Object.keys(state.ranges).length;
    var badge = $("#filters .badge");
    badge.hidden = !active; badge.textContent = active;
    $("#ranks").setAttribute("aria-pressed", state.ranks);
    $("#groups").setAttribute("aria-pressed", state.groups);
  }
  function more() {
    var body = $("#table tbody"), next = Math.min(shown + STEP, order.length);
    for (; shown < next; shown++) body.append(drawRow(order[shown]));
    $("#more").hidden = shown >= order.length;
  }

  function columnPanel() {
    var byCategory = {};
    base.columns.forEach(function (c) { (byCategory[c.c] = byCategory[c.c] || []).push(c); });
    $("#column-panel").replaceChildren.apply($("#column-panel"), Object.keys(base.categories).filter(function (g) { return byCategory[g]; }).map(function (g) {
      return make("fieldset", {}, [make("legend", {}, macaw.pick(base.categories[g]))].concat(byCategory[g].map(function (c) {
        var box = make("input", { type: "checkbox", value: c.i, checked: state.columns.indexOf(c.i) >= 0, onchange: function () {
          var chosen = macaw.all("#column-panel input:checked").map(function (b) { return b.value; });
          state.columns = state.columns.filter(function (x) { return chosen.indexOf(x) >= 0; }).concat(chosen.filter(function (x) { return state.columns.indexOf(x) < 0; }));
          filterPanel(); apply();
        } });
        return make("label", { class: "check", title: macaw.pick(c.short) }, [box, " ", macaw.pick(c.t)]);
      })));
    }));
  }
  function filterPanel() {
    var panel = $("#filter-panel"), sets = view.filters.map(function (f) {
      var counts = {};
      base.rows.forEach(function (r) { r[f].forEach(function (v) { counts[v] = (counts[v] || 0) + 1; }); });
      var options = Object.keys(counts).sort(function (a, b) { return counts[b] - counts[a]; });
      if (!options.length) return "";
      return make("fieldset", { class: "choices" }, [make("legend", {}, text["filter_" + f]), make("div", { class: "options", tabindex: "0", role: "group", "aria-label": text["filter_" + f] }, options.map(function (v) {
        return make("label", { class: "check" }, [make("input", { type: "checkbox", value: v, "data-filter": f, checked: (state.filters[f] || []).indexOf(v) >= 0, onchange: function () {
          state.filters[f] = macaw.all('[data-filter="' + f + '"]:checked').map(function (b) { return b.value; });
          apply();
        } }), " ", label(f, v), make("span", { class: "quiet" }, " " + counts[v])]);
      }))]);
    });
    var ranges = make("fieldset", { class: "ranges" }, [make("legend", {}, text.ranges)].concat(state.columns.map(function (c) {
      function end(which) {
        var set = (state.ranges[c] || {})[which];
        return make("input", { type: "number", step: "any", "data-range": which + "." + c, "aria-label": macaw.pick(columns[c].t) + ": " + text[which], placeholder: text[which], value: set === undefined ? false : set, oninput: function (e) {
          var r = state.ranges[c] || {};
          if (e.target.value === "") delete r[which]; else r[which] = Number(e.target.value);
          if (r.min === undefined && r.max === undefined) delete state.ranges[c]; else state.ranges[c] = r;
          apply();
        } });
      }
      return make("div", { class: "range" }, [make("span", {}, macaw.pick(columns[c].t) + " (" + macaw.pick(columns[c].unit) + ")"), end("min"), end("max")]);
    })));
    panel.replaceChildren.apply(panel, sets.concat([ranges]));
  }

  // What is downloaded is what is seen: the chosen rows and columns, with interval, status and rank.
  function sheetRows() {
    var head = [text.id, text.name, text.country];
    state.columns.forEach(function (c) {
      head.push(c, c + " " + text.low, c + " " + text.high, c + " " + text.status, c + " " + text.rank);
    });
    var listed = (state.groups ? base.groups.map(function (_, g) { return base.rows.length + g; }) : []).concat(order);
    return [head].concat(listed.map(function (i) {
      var isGroup = i >= base.rows.length, row = isGroup ? base.groups[i - base.rows.length] : base.rows[i], out = [row.i, macaw.pick(row.n), row.country[0] || ""];
      state.columns.forEach(function (c) {
        var own = values[c], v = cell(c, i), r = isGroup ? null : rank(c, i), s = status(c, i);
        out.push(v, own && own.l ? own.l[i] : null, own && own.h ? own.h[i] : null, s === "." ? "" : s, r ? (r[0] === r[1] ? r[0] : r[0] + "–" + r[1]) : null);
      });
      return out;
    }));
  }
  function codebook() {
    var rows = [[text.id, text.title, text.unit, text.definition, text.year, text.meaning, text.know]];
    state.columns.forEach(function (c) {
      var col = columns[c];
      rows.push([c, macaw.pick(col.t), col.u, col.d, state.year === "latest" ? col.y : state.year === "ten" ? (col.y - 9) + "–" + col.y : Number(state.year), macaw.pick(col.short), macaw.pick(col.know).join(" ")]);
    });
    rows.push([], [text.status, text.meaning]);
    "ABEFIKLMOPQU".split("").forEach(function (s) { rows.push([s, macaw.status[s]]); });
    rows.push([], [text.release, macaw.release], [text.address, location.href]);
    return rows;
  }
  function fileName(ending) { return "macaw-" + kind + "-" + state.year + "-" + macaw.release + ending; }

  function load() {
    return macaw.load("table/" + kind + "-" + state.year).catch(function () { state.year = "latest"; return macaw.load("table/" + kind + "-latest"); })
      .then(function (found) { values = found; sorted = {}; });
  }
  function start() {
    state = read();
    $("#search").value = state.q;
    load().then(function () { $("#year").value = state.year; columnPanel(); filterPanel(); apply(); });
  }
  function opener(button, panel) {
    $(button).addEventListener("click", function () {
      var open = $(panel).hidden;
      $(panel).hidden = !open;
      $(button).setAttribute("aria-expanded", open);
    });
  }
  names = { at: macaw.lang === "zh" ? 1 : 0, compare: new Intl.Collator(macaw.lang === "zh" ? "zh-CN" : "en").compare };
  macaw.load("table/" + kind).then(function (found) {
    base = found;
    base.columns.forEach(function (c) { columns[c.i] = c; });
    $(".controls").hidden = false;
    opener("#columns", "#column-panel");
    opener("#filters", "#filter-panel");
    $("#search").addEventListener("input", function (e) { state.q = e.target.value; apply(); });
    $("#year").addEventListener("change", function (e) { state.year = e.target.value; load().then(apply); });
    $("#ranks").addEventListener("click", function () { state.ranks = !state.ranks; apply(); });
    $("#groups").addEventListener("click", function () { state.groups = !state.groups; apply(); });
    $("#reset").addEventListener("click", function () { macaw.keep(new URLSearchParams()); start(); });
    $("#more").addEventListener("click", more);
    $("#csv").addEventListener("click", function () { macaw.download(fileName(".csv"), macaw.csv(sheetRows()), "text/csv;charset=utf-8"); });
    $("#xlsx").addEventListener("click", function () {
      macaw.download(fileName(".xlsx"), macaw.xlsx([[text.data, sheetRows()], [text.codebook, codebook()]]), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    });
    window.addEventListener("hashchange", start);
    if (window.IntersectionObserver) new IntersectionObserver(function (seen) { if (seen[0].isIntersecting && shown < order.length) more(); }, { rootMargin: "600px" }).observe($("#more"));
    start();
  });
});
