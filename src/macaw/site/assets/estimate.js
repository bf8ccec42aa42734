"use strict";
// Draws an estimate anew when a reader moves the ends of a factor; the same model as macaw/estimates/draws.py.
window.macaw.ready(function () {
  var view = window.macaw.view, Z = 1.6448536269514722, DRAWS = 8000, ends = {};

  // The same draws every time: mulberry32, and normal numbers in pairs after Box and Muller.
  function normals(seed) {
    var spare = null, a = seed;
    function uniform() {
      a = (a + 0x6D2B79F5) | 0;
      var t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
    return function () {
      if (spare !== null) { var s = spare; spare = null; return s; }
      var r = Math.sqrt(-2 * Math.log(1 - uniform())), turn = 2 * Math.PI * uniform();
      spare = r * Math.sin(turn);
      return r * Math.cos(turn);
    };
  }
  // The normal distribution function, after Abramowitz and Stegun 26.2.17 (error below 1e-7).
  function phi(z) {
    var t = 1 / (1 + 0.2316419 * Math.abs(z));
    var tail = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) *
      t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return z > 0 ? 1 - tail : tail;
  }
  function logit(p) { return Math.log(p / (1 - p)); }
  function at(factor, z) {
    var kind = factor[0], low = factor[1], high = factor[2];
    if (kind === "fixed") return low;
    if (kind === "uniform") return low + (high - low) * phi(z);
    var inner = kind === "lognormal" ? Math.log : logit, a = inner(low), b = inner(high);
    var x = (a + b) / 2 + (b - a) / (2 * Z) * z;
    return kind === "lognormal" ? Math.exp(x) : 1 / (1 + Math.exp(-x));
  }
  // A factor whose ends were moved: its normal number shifted and stretched to them.
  function moved(name, z) {
    var e = ends[name] || [-Z, Z];
    return at(view.factors[name], (e[0] + e[1]) / 2 + (e[1] - e[0]) / (2 * Z) * z);
  }
  function draw() {
    var next = normals(1), values = {};
    Object.keys(view.factors).forEach(function (f) { values[f] = new Float64Array(DRAWS).fill(at(view.factors[f], 0)); });
    for (var n = 0; n < DRAWS; n++) {
      view.groups.forEach(function (group) {
        var r = view.together[group[0]], common = r === undefined ? 0 : next() * Math.sqrt(r);
        group.forEach(function (f) {
          values[f][n] = moved(f, common + next() * Math.sqrt(1 - (r || 0)));
        });
      });
    }
    return values;
  }
  function amounts(values) {
    var found = {}, scopes = {};
    function add(into, from) { for (var n = 0; n < DRAWS; n++) into[n] += from[n]; }
    view.components.forEach(function (c) {
      var made = new Float64Array(DRAWS).fill(c.of.length ? 0 : 1);
      c.of.forEach(function (o) { add(made, found[o]); });
      for (var n = 0; n < DRAWS; n++) {
        c.times.forEach(function (f) { made[n] *= values[f][n]; });
        c.rest.forEach(function (f) { made[n] *= 1 - values[f][n]; });
        c.by.forEach(function (f) { made[n] /= values[f][n]; });
      }
      found[c.id] = made;
      if (!c.step) add(scopes[c.scope] = scopes[c.scope] || new Float64Array(DRAWS), made);
    });
    Object.keys(view.totals).forEach(function (t) {
      found[t] = new Float64Array(DRAWS);
      view.totals[t].forEach(function (s) { add(found[t], scopes[s]); });
    });
    return found;
  }
  function two(v) { return String(Number(v.toPrecision(2))); }
  function show() {
    var found = amounts(draw()), points = {};
    Object.keys(found).forEach(function (name) {
      var sorted = found[name].sort();
      points[name] = [0.05, 0.5, 0.95].map(function (q) { return sorted[Math.round(q * (DRAWS - 1))]; });
    });
    macaw.all("#amounts [data-part]").forEach(function (cell) {
      var rate = view.money[cell.dataset.money];
      cell.textContent = points[cell.dataset.part].map(function (v) { return two(v * rate); }).join(" · ");
    });
    macaw.$("#moved").hidden = !Object.keys(ends).length;
  }
  function told(input) {
    var name = input.closest("[data-factor]").dataset.factor;
    macaw.$("output", input.parentNode).textContent = String(Number(at(view.factors[name], Number(input.value)).toPrecision(3)));
  }
  function keep() {
    var state = new URLSearchParams();
    Object.keys(ends).forEach(function (f) { state.set(f, ends[f].join(",")); });
    macaw.keep(state);
  }
  function inputs(name) { return macaw.all('[data-factor="' + name + '"] input'); }
  function take(input) {
    var name = input.closest("[data-factor]").dataset.factor, pair = inputs(name), other = pair[1 - Number(input.dataset.end)];
    // One end pushes the other before it.
    if (Number(pair[0].value) > Number(pair[1].value)) { other.value = input.value; told(other); }
    told(input);
    ends[name] = pair.map(function (i) { return Number(i.value); });
    if (Math.abs(ends[name][0] + Z) < 0.01 && Math.abs(ends[name][1] - Z) < 0.01) delete ends[name];
  }
  function restore() {
    macaw.state().forEach(function (value, name) {
      var given = value.split(",").map(Number), pair = inputs(name);
      if (pair.length === 2 && given.length === 2 && given.every(isFinite) && given[0] <= given[1]) {
        pair.forEach(function (input, n) { input.value = given[n]; told(input); });
        ends[name] = pair.map(function (i) { return Number(i.value); });
      }
    });
    if (Object.keys(ends).length) show();
  }
  var waiting = 0;
  macaw.all("[data-factor] input").forEach(function (input) {
    input.addEventListener("input", function () {
      take(input);
      clearTimeout(waiting);
      waiting = setTimeout(function () { show(); keep(); }, 60);
    });
  });
  macaw.$("#reset").addEventListener("click", function () {
    ends = {};
    macaw.all("[data-factor] input").forEach(function (i) { i.value = i.defaultValue; told(i); });
    show();
    keep();
  });
  restore();
});
