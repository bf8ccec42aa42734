"use strict";
// Whether a comparison holds, for the pairs that a reader chooses: the rule of compare.py, which says what it means.
(function (macaw) {
  var rule;  // as compare.py has it: oldest, agreement, open, single
  macaw.judgeBy = function (given) { rule = given; };
  function sure(p) { return rule.open.indexOf(p.s) < 0; }
  function ends(p) { return [p.l === null || p.l === undefined ? p.v : p.l, p.h === null || p.h === undefined ? p.v : p.h]; }
  macaw.outcome = function (a, b) {
    if (!sure(a) || !sure(b)) return null;
    var x = ends(a), y = ends(b);
    if (x[0] > y[1]) return 1;
    if (y[0] > x[1]) return -1;
    return x[0] === x[1] && y[0] === y[1] ? 0 : null;
  };
  function lastCommon(a, b, wanted) {
    var years = {};
    b.forEach(function (p) { years[p.p] = p; });
    for (var k = a.length - 1; k >= 0; k--) if (years[a[k].p] && wanted(a[k], years[a[k].p])) return [a[k], years[a[k].p]];
    return null;
  }
  // The two points of the year that is compared: `year` if both have one, else as compare.py chooses it.
  macaw.compared = function (a, b, reference, year) {
    var both = lastCommon(a, b, function () { return true; }), certain = lastCommon(a, b, function (p, q) { return sure(p) && sure(q); });
    if (!both) return null;
    var asked = year && lastCommon(a, b, function (p) { return p.p === year; });
    if (asked) return asked;
    if (certain && certain[0].p >= both[0].p - rule.oldest) return certain;
    return lastCommon(a, b, function (p) { return p.p <= (reference || both[0].p); }) || both;
  };
  // What every definition says of one year; pairs: [territory, series of a, series of b] of one indicator.
  macaw.definitions = function (pairs, year) {
    var found = {};
    pairs.forEach(function (pair) {
      Object.keys(pair[1] || {}).forEach(function (key) {
        var parts = key.split("|");
        if (!(pair[2] || {})[key] || parts[6] !== "ai" || parts[5] !== "mainland" || rule.single.indexOf(parts[4]) >= 0) return;
        var of = [pair[1][key], pair[2][key]].map(function (packed) { return macaw.points(packed).find(function (p) { return p.p === year; }); });
        if (!of[0] || !of[1]) return;
        var choices = parts.slice(0, 5).concat(pair[0]);
        found[choices.join("|")] = { choices: choices, a: of[0], b: of[1], said: macaw.outcome(of[0], of[1]) };
      });
    });
    var keys = Object.keys(found);
    for (var n = 0; n < 6; n++) keys = withoutIdle(keys, found, n);
    return keys.map(function (key) { return found[key]; });
  };
  function withoutIdle(keys, found, n) {
    var alike = {}, times = {}, choices = new Set(keys.map(function (key) { return found[key].choices[n]; }));
    keys.forEach(function (key) {
      var d = found[key], rest = d.choices.filter(function (_, m) { return m !== n; }).join("|");
      (alike[rest] = alike[rest] || new Set()).add([d.a, d.b].map(function (p) { return [p.v, ends(p), p.s].join(); }).join());
      times[rest] = (times[rest] || 0) + 1;
    });
    var idle = Object.keys(alike).every(function (rest) { return alike[rest].size === 1 && times[rest] === choices.size; }), first = Array.from(choices).sort()[0];
    return idle ? keys.filter(function (key) { return found[key].choices[n] === first; }) : keys;
  }
  // How many say what, and the verdict: ahead, level, depends or open.
  macaw.verdict = function (said, found) {
    function count(what) { return found.filter(function (d) { return d.said === what; }).length; }
    var made = { higher: count(1), lower: count(-1), level: count(0), open: count(null) };
    made.settled = made.higher + made.lower + made.level;
    made.agreeing = said === null ? Math.max(made.higher, made.lower, made.level) : said > 0 ? made.higher : said < 0 ? made.lower : made.level;
    made.verdict = made.settled && made.agreeing < rule.agreement * made.settled ? "depends" : said === null ? "open" : said ? "ahead" : "level";
    return made;
  };
})(window.macaw);
