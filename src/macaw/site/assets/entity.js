"use strict";
// Every number of an entity's page opens into its records, which come from files of the site when asked for.
macaw.ready(function () {
  var view = macaw.view, make = macaw.make, dialog = macaw.$("#records"), PAGE = 50;

  function opener(indicator, year, words) {
    return make("button", { type: "button", class: "plain", onclick: function () { open(indicator, Number(year)); } }, words);
  }
  macaw.all(".actions").forEach(function (place) {
    var figure = place.closest("figure"), id = place.dataset.indicator;
    place.hidden = false;
    if (view.opens[id] && place.dataset.year && view.records) place.append(opener(id, place.dataset.year, macaw.t("open", { year: place.dataset.year })));
    place.append(macaw.share(figure, place.dataset.sentence));
    macaw.all("details.under tbody tr", figure).forEach(function (tr) {
      var cells = tr.children;
      if (!view.opens[id] || !view.records || !cells[1] || cells[1].textContent === macaw.status.none) return;
      cells[1].replaceChildren(opener(id, cells[0].textContent, cells[1].textContent));
    });
  });
  macaw.all(".open").forEach(function (place) {
    if (!view.records || !view.opens[place.dataset.indicator] || !place.dataset.year) return;
    place.replaceChildren(opener(place.dataset.indicator, place.dataset.year, place.textContent));
  });
  macaw.all("figure").forEach(function (figure) {
    if (!macaw.$(".actions", figure) && macaw.$("svg.chart", figure)) figure.append(macaw.share(figure, ""));
  });

  // The papers or patent families of some years that add to a number.
  macaw.works = function (indicator, year) {
    var how = view.opens[indicator], venues = view.lists[how.venues] || [], years = [];
    for (var y = year - how.span + 1; y <= year; y++) years.push(y);
    return Promise.all(years.map(function (y) {
      return macaw.load(view.records + how.folder + "/" + y).then(function (file) { return { year: y, file: file }; }, function () { return null; });
    })).then(function (loaded) {
      var found = [];
      loaded.filter(Boolean).forEach(function (part) {
        part.file.works.forEach(function (w) {
          var value = w[4][how.measure];
          if (venues.indexOf(part.file.venues[w[1]]) < 0 || !(w[5] & (1 << view.topics.ai)) || value === null || (how.sum && !(value > 0))) return;
          found.push({ year: part.year, title: w[0], venue: part.file.venues[w[1]], link: w[2], share: w[3], value: value, named: w[6].map(function (o) {
            return { name: part.file.organisations[o[0]], country: o[1], probability: o[2], why: part.file.reasons[o[3]] };
          }) });
        });
      });
      return found;
    });
  };
  macaw.evidence = function (indicator, year) {
    var how = view.opens[indicator];
    return macaw.load(view.records + "/evidence").then(function (file) {
      return (file[how.series] || []).filter(function (r) { return r[0] === how.definition && r[1] === year; });
    }, function () { return []; });
  };

  function link(address, words) {
    return /^https?:\/\//.test(address || "") ? make("a", { href: address, rel: "noopener nofollow", translate: "no" }, words) : make("span", { translate: "no" }, words);
  }
  function why(text) {
    var parts = (text || "").split(": "), known = view.why[parts[0].replace(/ /g, "_")];
    return [known || parts[0], parts.length > 1 ? make("span", { translate: "no" }, " “" + parts.slice(1).join(": ") + "”") : ""];
  }
  function workRow(w) {
    return make("li", {}, [link(w.link, w.title), " ", make("span", { class: "quiet" }, [make("span", { translate: "no" }, w.venue + " " + w.year), " · " + macaw.t("of_share", { share: macaw.number(w.share) })])].concat(
      w.named.slice(0, 6).map(function (o) {
        return make("div", { class: "why" }, [make("span", { translate: "no" }, macaw.pick([o.name[1], o.name[2]]) + (o.country ? " (" + o.country + ")" : "")), " · "].concat(why(o.why), [" · " + macaw.t("probability", { p: macaw.number(o.probability, "fraction") })]));
      })));
  }
  function evidenceRow(r) {
    var unit = view.opens[dialog.dataset.indicator].unit;
    return make("li", {}, [link(r[9], r[2]), " ", make("span", { class: "quiet" }, [r[3] === null ? macaw.status.none : macaw.number(r[3], r[3] <= 1 && macaw.fraction(unit) ? unit : ""), r[4] !== null && r[4] !== 1 ? " · " + macaw.t("of_share", { share: macaw.number(r[4]) }) : "", r[7] && r[7] !== "A" ? " · " + macaw.status[r[7]] : ""]),
      make("div", { class: "why", translate: "no" }, r[10] || "")]);
  }
  function open(indicator, year) {
    var how = view.opens[indicator], list = make("ol", { class: "records" }), said = make("p", { class: "quiet", role: "status" }, macaw.text.loading);
    var filter = make("input", { type: "search", id: "record-filter" }), more = make("button", { type: "button", hidden: true }, macaw.text.more);
    dialog.dataset.indicator = indicator;
    dialog.replaceChildren(
      make("div", { class: "dialog-head" }, [make("h2", { id: "records-title" }, [make("span", { translate: "no" }, view.name), " · " + how.title + " · " + year]),
        make("button", { type: "button", onclick: function () { dialog.close(); } }, macaw.text.close)]),
      said, make("p", {}, [make("label", { for: "record-filter" }, macaw.text.filter_records + " "), filter]), list, more);
    dialog.showModal();
    var rows = [], chosen = [], shown = 0, draw = how.base === "evidence" ? evidenceRow : workRow;
    function next() {
      chosen.slice(shown, shown + PAGE).forEach(function (r) { list.append(draw(r)); });
      shown = Math.min(shown + PAGE, chosen.length);
      more.hidden = shown >= chosen.length;
    }
    function refill() {
      var words = macaw.fold(filter.value);
      chosen = rows.filter(function (r) { return !words || JSON.stringify(r).toLowerCase().indexOf(words) >= 0; });
      list.replaceChildren(); shown = 0; next();
      said.textContent = macaw.t("records", { n: chosen.length }) + (how.base === "evidence" ? "" : " " + (how.counting === "full" ? macaw.text.full : macaw.text.fractional));
    }
    more.addEventListener("click", next);
    filter.addEventListener("input", refill);
    (how.base === "evidence" ? macaw.evidence : macaw.works)(indicator, year).then(function (found) { rows = found; refill(); });
  }
});
