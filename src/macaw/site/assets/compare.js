"use strict";
// Any entities, any indicator, any published definition; all of it in the address.
macaw.ready(function () {
  var view = macaw.view, $ = macaw.$, make = macaw.make, text = macaw.text, known, files = {}, state, indicators = {};

  function read() {
    var given = macaw.state(), s = { e: view.entities.slice(), i: view.indicator, spec: {}, log: given.has("log"), index: given.has("index"), per: given.get("per") || "" };
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
      var base = macaw.lastCommon(macaw.points(specs(a)[keyOf(a)]), macaw.points(specs(b)[keyOf(b)]), false);
      if (!base) return;
      var found = macaw.definitions(loaded, base[0].p);
      if (found.length < 2) return;
      found.forEach(function (d) { d.r = d.a.v - d.b.v; d.x = d.a.v + d.b.v ? d.r / (Math.abs(d.a.v) + Math.abs(d.b.v)) : 0; });
      found.sort(function (p, q) { return p.x - q.x; });
      var more = found.filter(function (d) { return d.r > 0; }).length, less = found.filter(function (d) { return d.r < 0; }).length;
      place.hidden = false;
      $("#held").textContent = macaw.t("curve", { a: name(a), b: name(b), more: more, less: less, n: found.length, share: macaw.number(more / found.length, "fraction") });
      var W = 900, rows = view.switches.filter(function (k, n) { return k !== "topic" && new Set(found.map(function (d) { return value(d, n); })).size > 1; });
      function value(d, n) { return view.switches[n] === "territory" ? d.territory : d.key.split("|")[n]; }
      var left = 150, labels = [];
      rows.forEach(function (k) {
        var n = view.switches.indexOf(k), seen = Array.from(new Set(found.map(function (d) { return value(d, n); }))).sort();
        if (seen.length <= 6) seen.forEach(function (v) { labels.push([k, n, v]); });
      });
      var H = 170 + labels.length * 15 + 10, svg = macaw.newSvg(W, H, $("#held").textContent);
      function x(i) { return left + (found.length === 1 ? 0.5 : i / (found.length - 1)) * (W - left - 20); }
      [-1, -0.5, 0, 0.5, 1].forEach(function (t) {
        var y = 80 - t * 65;
        macaw.svg(svg, "path", { class: t === 0 ? "axis" : "grid", d: "M" + left + " " + y + "H" + (W - 20) });
      });
      macaw.svg(svg, "text", { x: left - 8, y: 26, "text-anchor": "end", class: "name c1" }, macaw.t("curve_more", { name: name(a) }).slice(0, 22));
      macaw.svg(svg, "text", { x: left - 8, y: 146, "text-anchor": "end", class: "name c2" }, macaw.t("curve_more", { name: name(b) }).slice(0, 22));
      found.forEach(function (d, i) {
        var dot = macaw.svg(svg, "circle", { class: "dot " + (d.r > 0 ? "c1" : d.r < 0 ? "c2" : "c6") + (d.sure ? "" : " hollow"), cx: x(i), cy: 80 - d.x * 65, r: 2.6 });
        macaw.svg(dot, "title", {}, d.a.p + ": " + macaw.number(d.a.v, indicators[state.i].u) + " / " + macaw.number(d.b.v, indicators[state.i].u));
      });
      labels.forEach(function (l, r) {
        var y = 175 + r * 15;
        macaw.svg(svg, "text", { x: left - 8, y: y + 3, "text-anchor": "end" }, word(l[0], l[2]).slice(0, 24));
        found.forEach(function (d, i) { if (value(d, l[1]) === l[2]) macaw.svg(svg, "path", { class: "line " + (d.r > 0 ? "c1" : d.r < 0 ? "c2" : "c6"), d: "M" + x(i) + " " + (y - 4) + "v7" }); });
      });
      $("#specifications .drawn").replaceChildren(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": $("#held").textContent }, svg));
      svg.style.minWidth = "640px";
      $("#specification-table").replaceChildren(make("thead", {}, make("tr", {}, view.switches.map(function (k) { return make("th", { scope: "col" }, text["switch_" + k]); }).concat([make("th", { scope: "col" }, text.year), make("th", { scope: "col", class: "n" }, name(a)), make("th", { scope: "col", class: "n" }, name(b))]))),
        make("tbody", {}, found.map(function (d) {
          return make("tr", {}, view.switches.map(function (k, n) { return make("td", {}, word(k, value(d, n))); }).concat([make("td", {}, String(d.a.p)), make("td", { class: "n" }, macaw.number(d.a.v, indicators[state.i].u)), make("td", { class: "n" }, macaw.number(d.b.v, indicators[state.i].u))]));
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
    known.indicators.forEach(function (of) { indicators[of.i] = of; });
    if (!indicators[view.indicator]) view.indicator = known.indicators[0].i;
    view.entities = view.entities.filter(function (e) { return known.entities[e]; });
    $("#indicator").append.apply($("#indicator"), Object.keys(known.categories).map(function (c) {
      var own = known.indicators.filter(function (of) { return of.c === c; });
      return own.length ? make("optgroup", { label: macaw.pick(known.categories[c]) }, own.map(function (of) { return make("option", { value: of.i }, macaw.pick(of.t)); })) : "";
    }));
    $("#indicator").addEventListener("change", function (e) { state.i = e.target.value; state.spec = {}; refresh(); });
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
    $(".controls").hidden = false;
    window.addEventListener("hashchange", start);
    start();
  });
});
