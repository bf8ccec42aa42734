"use strict";
// Any entities, any indicator, any published definition; all of it in the address.
macaw.ready(function () {
  var view = macaw.view, $ = macaw.$, make = macaw.make, text = macaw.text, known, files = {}, state, indicators = {};

  function read() {
    var given = macaw.state(), s = { e: view.entities.slice(), i: view.indicator, spec: {}, log: given.has("log"), index: given.has("index"), per: given.get("per") || "", year: Number(given.get("year")) || 0 };
    if (given.has("e")) s.e = given.get("e").split(",").filter(function (e) { return known.entities[e]; });
    if (indicators[given.get("i")]) s.i = given.get("i");
    view.switches.forEach(function (k) { if (given.get(k)) s.spec[k] = given.get(k); });
    return s;
  }
  function write() {
    var out = new URLSearchParams();
    out.set("e", state.e.join());
    out.set("i", state.i);
    view.switches.forEach(function (k) { if (state.spec[k]) out.set(k, state.spec[k]); });
    if (state.log) out.set("log", "");
    if (state.index) out.set("index", "");
    if (state.per) out.set("per", state.per);
    if (state.year) out.set("year", state.year);
    macaw.keep(out);
  }
  function name(e) { return macaw.pick(known.entities[e].slice(1, 3)); }
  function fileOf(e) { return "series/" + known.entities[e][3] + "/" + e.replace(/[^A-Za-z0-9._-]/g, "-"); }
  function load() {
    return Promise.all(state.e.map(function (e) {
      return macaw.load(fileOf(e)).then(function (f) { files[e] = f; }, function () { files[e] = {}; });
    }));
  }
  function specs(e) { return (files[e] || {})[state.i] || {}; }
  function word(k, v) {
    if (view.words[k] && view.words[k][v]) return view.words[k][v];
    return known.names[k] && known.names[k][v] ? macaw.pick(known.names[k][v]) : v.replace(/_/g, " ");
  }
  // The key of an entity's series under the switches chosen; what is not chosen is as each kind is usually counted.
  function keyOf(e) {
    var of = indicators[state.i], usual = { counting: known.counting[known.entities[e][3]], place: of.p, ownership: "as_is", definition: of.d, venues: of.v, territory: "mainland", topic: "ai" };
    return view.switches.map(function (k) { return state.spec[k] || usual[k]; }).join("|");
  }
  function series(e) {
    var points = macaw.points(specs(e)[keyOf(e)]), by = state.per && known.denominators[state.per] && known.denominators[state.per][e];
    if (state.per) points = points.filter(function (p) { return by && by[p.p]; }).map(function (p) { return { p: p.p, v: p.v / by[p.p], s: p.s, l: p.l === null ? null : p.l / by[p.p], h: p.h === null ? null : p.h / by[p.p] }; });
    return points;
  }
  function indexed(all) {
    var common = null;
    all.forEach(function (points) {
      var years = points.filter(function (p) { return p.v > 0; }).map(function (p) { return p.p; });
      common = common === null ? years : common.filter(function (y) { return years.indexOf(y) >= 0; });
    });
    if (!common || !common.length) return null;
    var first = Math.min.apply(null, common);
    return { year: first, all: all.map(function (points) {
      var base = points.find(function (p) { return p.p === first; }).v / 100;
      return points.map(function (p) { return { p: p.p, v: p.v / base, s: p.s, l: p.l === null ? null : p.l / base, h: p.h === null ? null : p.h / base }; });
    }) };
  }
  function draw() {
    var of = indicators[state.i], all = state.e.map(series), unit = of.u, words = macaw.pick(of.unit), note = [];
    if (state.per) words += " / " + text["per_" + state.per];
    if (state.index) {
      var made = indexed(all);
      if (made) { all = made.all; unit = ""; words = macaw.t("index", { year: made.year }); } else note.push(text.no_index);
    }
    var drawn = all.map(function (points, n) { return { name: name(state.e[n]), colour: n % 6 + 1, points: points }; });
    var figure = $("#chart"), svg = macaw.lines(drawn, unit, macaw.pick(of.t) + ": " + drawn.map(function (d) { return d.name; }).join(", "), { log: state.log });
    figure.dataset.title = macaw.pick(of.t);
    $("h2", figure).textContent = macaw.pick(of.t);
    $(".unit", figure).textContent = words;
    $(".drawn", figure).replaceChildren(svg || make("p", { class: "none" }, text.nothing));
    $("#about").textContent = macaw.pick(of.short);
    drawn.forEach(function (d) { if (!d.points.length) note.push(macaw.t("none_under", { name: d.name })); });
    if (state.log && all.some(function (ps) { return ps.some(function (p) { return p.v <= 0; }); })) note.push(text.log_zero);
    if (all.some(function (ps) { return ps.some(function (p) { return p.s === "U"; }); })) note.push(text.hollow);
    $("#chart-note").textContent = note.join(" ");
    // The table beside it.
    var years = {};
    all.forEach(function (ps) { ps.forEach(function (p) { years[p.p] = true; }); });
    var rows = Object.keys(years).sort().reverse().map(function (y) {
      return make("tr", {}, [make("th", { scope: "row" }, y)].concat(all.map(function (ps) {
        var p = ps.find(function (q) { return String(q.p) === y; }), td = make("td", { class: "n" }, p ? macaw.number(p.v, unit) : text.none_short);
        if (p && p.s !== "A") td.append(make("abbr", { class: "mark", title: macaw.status[p.s] }, p.s));
        if (p && p.l !== null) td.append(make("span", { class: "interval" }, macaw.number(p.l, unit) + " – " + macaw.number(p.h, unit)));
        return td;
      })));
    });
    $("#values").replaceChildren(make("thead", {}, make("tr", {}, [make("th", { scope: "col" }, text.year)].concat(drawn.map(function (d) { return make("th", { scope: "col", class: "n", translate: "no" }, d.name); })))), make("tbody", {}, rows));
    var last = all[0] && all[0][all[0].length - 1];
    var actions = $(".actions", figure);
    actions.replaceChildren(
      make("button", { type: "button", id: "csv", class: "plain", onclick: function () { macaw.download("macaw-compare-" + state.i + ".csv", macaw.csv(rowsOf(all)), "text/csv;charset=utf-8"); } }, "CSV"),
      make("button", { type: "button", id: "xlsx", class: "plain", onclick: function () { macaw.download("macaw-compare-" + state.i + ".xlsx", macaw.xlsx([[text.data, rowsOf(all)], [text.codebook, codebook()]]), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"); } }, "XLSX"),
      macaw.share(figure, last ? drawn.map(function (d) { var p = d.points[d.points.length - 1]; return p ? d.name + ": " + macaw.number(p.v, unit) + " (" + p.p + ")" : ""; }).filter(Boolean).join("; ") + ". " + macaw.pick(of.t) + ", " + words + "." : ""));
    curve();
    write();
  }
  function rowsOf(all) {
    var rows = [[text.id, text.name, "indicator"].concat(view.switches, [text.year, text.value, text.low, text.high, text.status])];
    all.forEach(function (ps, n) {
      ps.forEach(function (p) { rows.push([state.e[n], name(state.e[n]), state.i].concat(keyOf(state.e[n]).split("|"), [p.p, p.v, p.l, p.h, p.s])); });
    });
    return rows;
  }
  function codebook() {
    var of = indicators[state.i];
    return [[text.id, text.title, text.unit, text.meaning], [of.i, macaw.pick(of.t), of.u, macaw.pick(of.short)], [], [text.release, macaw.release], [text.address, location.href]];
  }

  // The first two under every published definition.
  function curve() {
    var place = $("#curve"), a = state.e[0], b = state.e[1];
    place.hidden = true;
    if (!a || !b) return;
    var pairs = [["mainland", a, b]];
    if (a === "CHN" || b === "CHN") Object.keys(known.territories).forEach(function (t) {
      var g = known.territories[t];
      if (known.entities[g] && t !== "mainland") pairs.push([t, a === "CHN" ? g : a, b === "CHN" ? g : b]);
    });
    Promise.all(pairs.map(function (p) {
      return Promise.all([p[1], p[2]].map(function (e) { return macaw.load(fileOf(e)).then(function (f) { return f[state.i]; }, function () { return {}; }); })).then(function (f) { return [p[0], f[0], f[1]]; });
    })).then(function (loaded) {
      var of = indicators[state.i], points = [a, b].map(function (e) { return macaw.points(specs(e)[keyOf(e)]); }), base = macaw.compared(points[0], points[1], of.y, state.year);
      if (!base) return;
      var year = base[0].p, found = macaw.definitions(loaded, year), made = macaw.verdict(macaw.outcome(base[0], base[1]), found);
      if (found.length < 2) return;
      var common = points[0].filter(function (p) { return points[1].some(function (q) { return q.p === p.p; }); }).map(function (p) { return p.p; }).reverse();
      $("#curve-year").replaceChildren.apply($("#curve-year"), common.map(function (y) { return make("option", { value: y, selected: y === year }, String(y)); }));
      found.forEach(function (d) { d.r = d.a.v - d.b.v; d.x = d.a.v + d.b.v ? d.r / (Math.abs(d.a.v) + Math.abs(d.b.v)) : 0; d.c = d.said === 1 ? "c1" : d.said === -1 ? "c2" : "c6"; });
      found.sort(function (p, q) { return p.x - q.x; });
      place.hidden = false;
      $("#held").textContent = macaw.t(made.settled ? "curve" : "curve_none", { a: name(a), b: name(b), higher: made.higher, lower: made.lower, level: made.level, n: made.settled, open: made.open, year: year });
      function value(d, n) { return n < 6 ? d.choices[n] : "ai"; }
      var labels = [], more = [a, b].map(function (e) { return macaw.t("curve_more", { name: name(e) }); });
      view.switches.forEach(function (k, n) {
        var seen = Array.from(new Set(found.map(function (d) { return value(d, n); }))).sort();
        if (seen.length > 1 && seen.length <= 6) seen.forEach(function (v) { labels.push([k, n, v, word(k, v)]); });
      });
      // Drawn for the width there is; the margin holds the longest label, or at most half.
      var W = Math.max(300, Math.min(900, $("#specifications").clientWidth)), letter = macaw.lang === "zh" ? 12.5 : 6.5;
      var longest = Math.max.apply(null, more.concat(labels.map(function (l) { return l[3]; })).map(function (t) { return t.length; }));
      var left = Math.min(0.55 * W, 16 + longest * letter), most = Math.floor((left - 14) / letter);
      function cut(t) { return t.length > most ? t.slice(0, most - 1) + "…" : t; }
      var H = 170 + labels.length * 15 + 10, svg = macaw.newSvg(W, H, $("#held").textContent);
      function x(i) { return left + (found.length === 1 ? 0.5 : i / (found.length - 1)) * (W - left - 12); }
      [-1, -0.5, 0, 0.5, 1].forEach(function (t) {
        var y = 80 - t * 65;
        macaw.svg(svg, "path", { class: t === 0 ? "axis" : "grid", d: "M" + left + " " + y + "H" + (W - 12) });
      });
      more.forEach(function (words, n) { macaw.svg(svg, "text", { x: left - 8, y: n ? 146 : 26, "text-anchor": "end", class: "name c" + (n + 1) }, cut(words)); });
      found.forEach(function (d, i) {
        var dot = macaw.svg(svg, "circle", { class: "dot " + d.c + (d.said === null ? " hollow" : ""), cx: x(i), cy: 80 - d.x * 65, r: 2.6 });
        macaw.svg(dot, "title", {}, d.a.p + ": " + macaw.number(d.a.v, of.u) + " / " + macaw.number(d.b.v, of.u));
      });
      labels.forEach(function (l, r) {
        var y = 175 + r * 15, text = macaw.svg(svg, "text", { x: left - 8, y: y + 3, "text-anchor": "end" }, cut(l[3]));
        macaw.svg(text, "title", {}, l[3]);
        found.forEach(function (d, i) { if (value(d, l[1]) === l[2]) macaw.svg(svg, "path", { class: "line " + d.c, d: "M" + x(i) + " " + (y - 4) + "v7" }); });
      });
      $("#specifications .drawn").replaceChildren(svg);
      $("#specification-table").replaceChildren(make("thead", {}, make("tr", {}, view.switches.map(function (k) { return make("th", { scope: "col" }, text["switch_" + k]); }).concat([make("th", { scope: "col", class: "n" }, name(a)), make("th", { scope: "col", class: "n" }, name(b)), make("th", { scope: "col" }, text.said)]))),
        make("tbody", {}, found.map(function (d) {
          function cell(p) { return make("td", { class: "n" }, macaw.number(p.v, of.u) + (p.l === null || p.l === undefined ? "" : " (" + macaw.number(p.l, of.u) + " – " + macaw.number(p.h, of.u) + ")")); }
          return make("tr", {}, view.switches.map(function (k, n) { return make("td", {}, word(k, value(d, n))); }).concat([cell(d.a), cell(d.b), make("td", {}, d.said === null ? text.said_open : d.said === 0 ? text.said_level : more[d.said > 0 ? 0 : 1])]));
        })));
    });
  }

  function chips() {
    $("#chosen").replaceChildren.apply($("#chosen"), state.e.map(function (e, n) {
      return make("li", { class: "chip c" + (n % 6 + 1) }, [make("a", { href: known.entities[e][0], translate: "no" }, name(e)), " ", make("button", { type: "button", class: "plain", "aria-label": macaw.t("remove", { name: name(e) }), onclick: function () { state.e.splice(n, 1); refresh(); } }, "×")]);
    }));
  }
  function switches() {
    var row = $("#switches"), of = indicators[state.i];
    row.replaceChildren();
    view.switches.forEach(function (k, n) {
      var seen = new Set();
      state.e.forEach(function (e) { Object.keys(specs(e)).forEach(function (key) { seen.add(key.split("|")[n]); }); });
      if (seen.size < 2) { if (!seen.has(state.spec[k])) delete state.spec[k]; return; }
      var select = make("select", { id: "switch-" + k, onchange: function () { if (select.value) state.spec[k] = select.value; else delete state.spec[k]; draw(); } },
        [make("option", { value: "" }, text.usual)].concat(Array.from(seen).sort().map(function (v) { return make("option", { value: v, selected: state.spec[k] === v }, word(k, v)); })));
      if (state.spec[k] && !seen.has(state.spec[k])) delete state.spec[k];
      row.append(make("div", { class: "field" }, [make("label", { for: "switch-" + k }, text["switch_" + k]), select]));
    });
    [["log", text.log], ["index", text.relative]].forEach(function (c) {
      var button = make("button", { type: "button", "aria-pressed": String(state[c[0]]), onclick: function () { state[c[0]] = !state[c[0]]; button.setAttribute("aria-pressed", state[c[0]]); draw(); } }, c[1]);
      row.append(button);
    });
    var by = Object.keys(known.denominators);
    if (by.length && !of.share) {
      var per = make("select", { id: "per", onchange: function () { state.per = per.value; draw(); } }, [make("option", { value: "" }, text.total)].concat(by.map(function (d) { return make("option", { value: d, selected: state.per === d }, text["per_" + d]); })));
      row.append(make("div", { class: "field" }, [make("label", { for: "per" }, text.per), per]));
    } else state.per = "";
  }
  function refresh() { return load().then(function () { chips(); switches(); draw(); }); }
  function start() {
    state = read();
    $("#indicator").value = state.i;
    return refresh();
  }
  macaw.load("compare").then(function (found) {
    known = found;
    macaw.judgeBy(found.rule);
    known.indicators.forEach(function (of) { indicators[of.i] = of; });
    if (!indicators[view.indicator]) view.indicator = known.indicators[0].i;
    view.entities = view.entities.filter(function (e) { return known.entities[e]; });
    $("#indicator").append.apply($("#indicator"), Object.keys(known.categories).map(function (c) {
      var own = known.indicators.filter(function (of) { return of.c === c; });
      return own.length ? make("optgroup", { label: macaw.pick(known.categories[c]) }, own.map(function (of) { return make("option", { value: of.i }, macaw.pick(of.t)); })) : "";
    }));
    $("#indicator").addEventListener("change", function (e) { state.i = e.target.value; state.spec = {}; state.year = 0; refresh(); });
    $("#add").addEventListener("input", function (e) {
      macaw.load("search").then(function (rows) {
        var words = macaw.fold(e.target.value).split(" ").filter(Boolean), hits = words.length ? macaw.matching(rows, words).slice(0, 8) : [];
        $("#hits").hidden = !hits.length;
        $("#hits").replaceChildren.apply($("#hits"), hits.map(function (r) {
          var id = Object.keys(known.entities).find(function (k) { return known.entities[k][0] === r[0]; });
          return make("li", {}, make("button", { type: "button", class: "plain", onclick: function () {
            if (id && state.e.indexOf(id) < 0) state.e.push(id);
            $("#add").value = ""; $("#hits").hidden = true; refresh().then(function () { $("#add").focus(); });
          } }, [make("span", { translate: "no" }, macaw.pick([r[1], r[2]])), " ", make("span", { class: "quiet" }, r[4])]));
        }));
      });
    });
    $("#curve-year").addEventListener("change", function (e) { state.year = Number(e.target.value); draw(); });
    $(".controls").hidden = false;
    window.addEventListener("hashchange", start);
    start();
  });
});
