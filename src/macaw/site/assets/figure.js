"use strict";
// What can be done with any figure: download it as SVG or PNG, embed it live or frozen, quote it.
(function (macaw) {
  var make = macaw.make;
  var PROPERTIES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-size", "font-weight", "font-family"];
  // A copy that looks the same without the style sheet, with its title and where it is from.
  macaw.frozen = function (figure) {
    var svg = macaw.$("svg.chart", figure), copy = svg.cloneNode(true), box = svg.viewBox.baseVal;
    var from = macaw.all("*", svg), to = macaw.all("*", copy);
    from.forEach(function (node, n) {
      var style = getComputedStyle(node);
      PROPERTIES.forEach(function (p) { to[n].setAttribute(p, style.getPropertyValue(p)); });
      to[n].removeAttribute("class");
    });
    macaw.all("a", copy).forEach(function (a) { a.removeAttribute("href"); });
    var ns = "http://www.w3.org/2000/svg", ink = getComputedStyle(document.body);
    function text(y, size, words, weight) {
      var t = document.createElementNS(ns, "text");
      t.setAttribute("x", 4); t.setAttribute("y", y); t.setAttribute("font-size", size); t.setAttribute("font-weight", weight);
      t.setAttribute("font-family", ink.fontFamily); t.setAttribute("fill", ink.color);
      t.textContent = words;
      copy.append(t);
    }
    var ground = document.createElementNS(ns, "rect");
    ground.setAttribute("x", -8); ground.setAttribute("y", -38); ground.setAttribute("width", box.width + 16); ground.setAttribute("height", box.height + 70);
    ground.setAttribute("fill", ink.backgroundColor);
    copy.prepend(ground);
    text(-14, 15, figure.dataset.title + (macaw.view && macaw.view.name ? " · " + macaw.view.name : ""), 600);
    text(box.height + 20, 11, macaw.text.source + " " + macaw.release, 400);
    copy.setAttribute("viewBox", "-8 -38 " + (box.width + 16) + " " + (box.height + 70));
    copy.setAttribute("width", box.width + 16); copy.setAttribute("height", box.height + 70);
    return new XMLSerializer().serializeToString(copy);
  };
  macaw.png = function (svg, done) {
    var image = new Image();
    image.onload = function () {
      var canvas = make("canvas", { width: image.width * 2, height: image.height * 2 });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(done, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
  };
  function copyable(label, words) {
    var id = "copy-" + Math.random().toString(36).slice(2), area = make("textarea", { id: id, readonly: true, rows: 3 });
    area.value = words;
    var copy = make("button", { type: "button", onclick: function () { area.select(); document.execCommand("copy"); copy.textContent = macaw.text.copied; } }, macaw.text.copy);
    return make("div", { class: "copyable" }, [make("label", { for: id }, label), area, copy]);
  }
  macaw.address = function (figure) { return macaw.here() + "#" + figure.id; };
  macaw.share = function (figure, sentence) {
    var live = macaw.here() + "?embed=" + encodeURIComponent(figure.id) + location.hash;
    var iframe = '<iframe src="' + live.replace(/&/g, "&amp;").replace(/"/g, "&quot;") + '" width="640" height="420" style="border:0" loading="lazy" title="' + figure.dataset.title.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;") + '"></iframe>';
    var name = "macaw-" + (macaw.view && macaw.view.entity ? macaw.view.entity.replace(/[^\w.-]/g, "-") + "-" : "") + figure.id;
    var has = macaw.$("svg.chart", figure), panel = make("details", { class: "share" }, [make("summary", {}, macaw.text.share)]);
    var buttons = make("p", { class: "buttons" }, has ? [
      make("button", { type: "button", onclick: function () { macaw.download(name + ".svg", macaw.frozen(figure), "image/svg+xml"); } }, "SVG"), " ",
      make("button", { type: "button", onclick: function () { macaw.png(macaw.frozen(figure), function (blob) { macaw.download(name + ".png", blob, "image/png"); }); } }, "PNG"), " "] : []);
    buttons.append(make("button", { type: "button", onclick: function () {
      var rows = macaw.all("table tr", figure).map(function (tr) { return macaw.all("th,td", tr).map(function (c) { return c.textContent.trim(); }); });
      macaw.download(name + ".csv", macaw.csv(rows), "text/csv;charset=utf-8");
    } }, "CSV"));
    panel.append(buttons);
    if (sentence) panel.append(copyable(macaw.text.quote, sentence + " " + macaw.t("retrieved", { release: macaw.release, date: new Date().toISOString().slice(0, 10) }) + " " + macaw.address(figure)));
    panel.append(copyable(macaw.text.embed, iframe));
    if (live.indexOf(macaw.placeholder) === 0) panel.append(make("p", { class: "quiet" }, macaw.t("placeholder", { address: macaw.placeholder })));
    panel.append(make("p", { class: "quiet" }, macaw.text.frozen));
    panel.append(copyable(macaw.text.report, macaw.t("report_text", { what: figure.dataset.title, name: (macaw.view && macaw.view.name) || "", release: macaw.release, address: macaw.address(figure) })));
    return panel;
  };
  macaw.ready(function () {
    var asked = new URLSearchParams(location.search).get("embed"), figure = asked && document.getElementById(asked);
    if (!figure) return;
    document.documentElement.classList.add("embedded");
    for (var node = figure; node && node !== document.body; node = node.parentElement) {
      Array.from(node.parentElement.children).forEach(function (sibling) { if (sibling !== node && !/SCRIPT|STYLE|LINK/.test(sibling.tagName)) sibling.hidden = true; });
    }
    figure.append(make("p", { class: "quiet" }, [make("a", { href: macaw.address(figure), target: "_blank", rel: "noopener" }, macaw.text.source + " " + macaw.release)]));
  });
})(window.macaw);
