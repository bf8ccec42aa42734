"use strict";
// Any two countries or groups in place of the first pair; drawn and judged as the page itself was.
macaw.ready(function () {
  var view = macaw.view, $ = macaw.$, first = $("#first"), second = $("#second");
  if (!first || !second || !Object.keys(view.choice).length) return;
  $(".pair").hidden = false;
  function say(key, values) { return view.answers[key].replace(/\{(\w+)\}/g, function (_, name) { return values[name]; }); }
  function load(e) { return macaw.load(view.choice[e][1]).catch(function () { return {}; }); }
  macaw.judgeBy(view.rule);
  function measured(v, q) {
    var number = macaw.number(v, q.unit);
    if (macaw.fraction(q.unit)) return number + (macaw.lang === "en" ? q.words.replace("%", "") : "");
    return number + " " + (number === "1" && view.one[q.unit] || q.words);
  }
  function value(p, q) {
    var said = measured(p.v, q);
    return p.l === null || p.l === undefined ? said : say("with_interval", { value: said, low: macaw.number(p.l, q.unit), high: macaw.number(p.h, q.unit) });
  }
  function heldText(made, names) {
    if (!made.settled) return say("none_sure", made);
    if (made.verdict === "depends" || made.verdict === "open") return say("sides", { a: names[0], b: names[1], higher: made.higher, lower: made.lower, n: made.settled, open: made.open });
    if (made.settled === 1) return say("one_definition", made);
    return say("held", { share: macaw.number(made.agreeing / made.settled, "fraction"), n: made.settled, open: made.open });
  }
  function pointsOf(q, pair) { return [pair[1], pair[2]].map(function (f) { return macaw.points((f[q.indicator] || {})[q.specification]); }); }
  function draw(q, pairs, instead) {
    // Where a source counts one of them with others only, that group stands for it.
    var pair = pairs[0], own = pointsOf(q, pair);
    if (instead && !macaw.compared(own[0], own[1], q.reference)) { pair = instead; pairs = [instead]; }
    var card = document.getElementById(q.key), a = pair[3], b = pair[4], names = [view.choice[a][0], view.choice[b][0]], series = pointsOf(q, pair);
    var both = macaw.compared(series[0], series[1], q.reference), answer = $("p", card), held = $(".held", card), drawn = $(".drawn", card);
    if (!both) { answer.textContent = view.answers.no_pair; drawn.replaceChildren(); held.replaceChildren(); return; }
    var said = macaw.outcome(both[0], both[1]), found = macaw.definitions(pairs.map(function (p) { return [p[0], p[1][q.indicator], p[2][q.indicator]]; }), both[0].p), made = macaw.verdict(said, found);
    var order = made.verdict === "ahead" && (said === -1) !== (q.better === "less") ? [1, 0] : [0, 1];
    var text = say(made.verdict === "ahead" && q.better === "less" ? "less" : made.verdict, { a: names[order[0]], b: names[order[1]], va: value(both[order[0]], q), vb: value(both[order[1]], q), year: (q.since ? q.since + "–" : "") + both[0].p });
    if (said === null) text = say("because", { said: text, why: view.answers[both.some(function (p) { return view.rule.open.indexOf(p.s) >= 0; }) ? "low" : "overlap"] });
    answer.textContent = text;
    var last = Math.max.apply(null, series.map(function (s) { return s.length ? s[s.length - 1].p : 0; }));
    var svg = macaw.lines(series.map(function (s, n) { return { name: names[n], colour: n + 1, points: s.filter(function (p) { return p.p >= last - 15; }) }; }), q.unit, q.title + ": " + names.join(", "), { width: 360, height: 190 });
    drawn.replaceChildren(svg || "");
    var link = $(".unit a", card), all = made.settled + made.open;
    link.hash = "e=" + encodeURIComponent(a) + "," + encodeURIComponent(b) + "&i=" + q.indicator + "&year=" + both[0].p;
    $(".year", card).textContent = both[0].p;
    function part(n, count) { return macaw.make("span", { class: "c" + n, style: "width:" + 100 * count / all + "%" }); }
    held.replaceChildren(macaw.make("span", { class: "gauge", "aria-hidden": "true" }, [part(1, made.higher), part(2, made.lower)]), macaw.make("span", {}, heldText(made, names)));
  }
  function change() {
    var a = first.value, b = second.value, wanted = [["mainland", a, b]], state = new URLSearchParams();
    if (a === "CHN" || b === "CHN") Object.keys(view.territories).forEach(function (t) {
      var g = view.territories[t];
      if (t !== "mainland" && view.choice[g]) wanted.push([t, a === "CHN" ? g : a, b === "CHN" ? g : b]);
    });
    var groups = [a, b].map(function (e) { return view.choice[view.counted_with[e]] ? view.counted_with[e] : e; });
    wanted.push(["mainland", groups[0], groups[1]]);
    state.set("a", a); state.set("b", b);
    macaw.keep(state);
    Promise.all(wanted.map(function (w) { return Promise.all([load(w[1]), load(w[2])]).then(function (f) { return [w[0], f[0], f[1], w[1], w[2]]; }); })).then(function (pairs) {
      if (a !== first.value || b !== second.value) return;
      var instead = pairs.pop();
      $("#lead").textContent = say("lead", { a: view.choice[a][0], b: view.choice[b][0] });
      view.questions.forEach(function (q) { if ($("#" + q.key + " .held")) draw(q, pairs, instead); });
    });
  }
  first.addEventListener("change", change);
  second.addEventListener("change", change);
  var given = macaw.state();
  if (view.choice[given.get("a")] && view.choice[given.get("b")]) { first.value = given.get("a"); second.value = given.get("b"); change(); }
});
