"use strict";
// Line charts for pages on which a reader chooses; drawn as chart.py draws them.
(function (macaw) {
  var NS = "http://www.w3.org/2000/svg", UNSURE = "PEIFU", LEFT = 52, TOP = 14, BOTTOM = 26;
  function add(parent, tag, attributes, words) {
    var made = document.createElementNS(NS, tag);
    Object.keys(attributes).forEach(function (k) { made.setAttribute(k, attributes[k]); });
    if (words !== undefined) made.textContent = words;
    parent.append(made);
    return made;
  }
  macaw.svg = add;
  macaw.newSvg = function (width, height, label) {
    var svg = document.createElementNS(NS, "svg");
    svg.setAttribute("class", "chart"); svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label);
    return svg;
  };
  macaw.ticks = function (low, high, most) {
    if (high <= low) high = low + (Math.abs(low) || 1);
    var raw = (high - low) / (most || 5), size = Math.pow(10, Math.floor(Math.log10(raw)));
    var step = [1, 2, 2.5, 5, 10].map(function (m) { return m * size; }).find(function (s) { return s >= raw * 0.999; });
    var out = [];
    for (var k = Math.floor(low / step + 1e-9); k <= Math.ceil(high / step - 1e-9); k++) out.push(Number((k * step).toPrecision(12)));
    return out;
  };
  // series: [{ name, colour, points: [{ p, v, l, h, s }] }]
  macaw.lines = function (series, unit, label, options) {
    var width = options.width || 640, height = options.height || 320, log = options.log, known = [];
    series.forEach(function (s) { s.points.forEach(function (p) { if (!log || p.v > 0) known.push(p); }); });
    if (!known.length) return null;
    var reach = [];
    known.forEach(function (p) { [p.v, p.l, p.h].forEach(function (v) { if (v !== null && v !== undefined && (!log || v > 0)) reach.push(v); }); });
    var low = Math.min.apply(null, reach), high = Math.max.apply(null, reach), marks = [];
    if (log) { for (var e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) marks.push(Math.pow(10, e)); if (marks.length < 2) marks.push(marks[0] * 10); while (marks.length > 8) marks = marks.filter(function (_, n) { return n % 2 === 0 || n === marks.length - 1; }); }
    else marks = macaw.ticks(Math.min(0, low), high);
    var longest = Math.max.apply(null, series.map(function (s) { return Math.min(s.name.length, 20); }));
    var right = series.length > 1 ? 20 + longest * (macaw.lang === "zh" ? 12.5 : 6.8) : 20;
    var first = Math.min.apply(null, known.map(function (p) { return p.p; })), last = Math.max.apply(null, known.map(function (p) { return p.p; }));
    function f(v) { return log ? Math.log10(v) : v; }
    var bottom = f(marks[0]), top = f(marks[marks.length - 1]);
    function x(p) { return LEFT + (first === last ? 0.5 : (p - first) / (last - first)) * (width - LEFT - right); }
    function y(v) { return height - BOTTOM - (f(v) - bottom) / (top - bottom || 1) * (height - TOP - BOTTOM); }
    var svg = macaw.newSvg(width, height, label);
    marks.forEach(function (m) {
      add(svg, "path", { class: m === 0 ? "axis" : "grid", d: "M" + LEFT + " " + y(m) + "H" + (width - right) });
      add(svg, "text", { class: "tick", x: LEFT - 6, y: y(m) + 4, "text-anchor": "end" }, macaw.short(m, unit));
    });
    var step = Math.max(1, Math.ceil((last - first + 1) / Math.max((width - LEFT - right) / 44, 1)));
    for (var year = last; year >= first; year -= step) add(svg, "text", { class: "tick", x: x(year), y: height - 8, "text-anchor": "middle" }, year);
    var ends = [];
    series.forEach(function (s) {
      var points = s.points.filter(function (p) { return !log || p.v > 0; }), c = " c" + s.colour;
      for (var k = 1; k < points.length; k++) {
        var a = points[k - 1], b = points[k];
        if (b.p !== a.p + 1 || b.s === "B") continue;
        if (a.l !== null && b.l !== null && a.l !== undefined && b.l !== undefined && (!log || (a.l > 0 && b.l > 0)))
          add(svg, "polygon", { class: "band" + c, points: [x(a.p) + "," + y(a.h), x(b.p) + "," + y(b.h), x(b.p) + "," + y(b.l), x(a.p) + "," + y(a.l)].join(" ") });
        add(svg, "path", { class: "line" + c + ("PEIF".indexOf(b.s) >= 0 || (b.s === "U" && a.s !== "U") ? " soft" : ""), d: "M" + x(a.p) + " " + y(a.v) + "L" + x(b.p) + " " + y(b.v) });
      }
      points.forEach(function (p) {
        if (p.l !== null && p.l !== undefined && (!log || p.l > 0)) add(svg, "path", { class: "whisker" + c, d: "M" + x(p.p) + " " + y(p.l) + "V" + y(p.h) });
        var dot = add(svg, "circle", { class: "dot" + c + (UNSURE.indexOf(p.s) >= 0 ? " hollow" : ""), cx: x(p.p), cy: y(p.v), r: 3 });
        add(dot, "title", {}, s.name + " " + p.p + ": " + macaw.number(p.v, unit) + (p.s === "A" ? "" : " · " + macaw.status[p.s]));
      });
      if (points.length) ends.push([y(points[points.length - 1].v), s]);
    });
    if (series.length > 1) {
      var taken = -99;
      ends.sort(function (a, b) { return a[0] - b[0]; }).forEach(function (e) {
        taken = Math.max(e[0] + 4, taken + 15);
        add(svg, "text", { class: "name c" + e[1].colour, x: width - right + 8, y: taken }, e[1].name.length > 20 ? e[1].name.slice(0, 19) + "…" : e[1].name);
      });
    }
    return svg;
  };
  macaw.points = function (packed) {
    if (!packed) return [];
    return packed[0].map(function (p, n) {
      return { p: p, v: packed[1][n], s: packed[2][n], l: packed[3] ? packed[3][n] : null, h: packed[4] ? packed[4][n] : null };
    });
  };
})(window.macaw);
