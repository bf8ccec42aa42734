"use strict";
// The one script of the site: data arrives by script elements (so that it works from file://), never by requests.
(function (macaw) {
  var held = {}, waiting = {};
  macaw.put = function (name, value) {
    held[name] = value;
    (waiting[name] || []).forEach(function (w) { w.done(value); });
    delete waiting[name];
  };
  macaw.load = function (name) {
    return new Promise(function (done, failed) {
      if (name in held) { done(held[name]); return; }
      if (waiting[name]) { waiting[name].push({ done: done, failed: failed }); return; }
      waiting[name] = [{ done: done, failed: failed }];
      var script = document.createElement("script");
      script.src = macaw.root + "data/" + name + ".js";
      script.onerror = function () {
        (waiting[name] || []).forEach(function (w) { w.failed(new Error(name)); });
        delete waiting[name];
        script.remove();
      };
      document.head.appendChild(script);
    });
  };
  macaw.ready = function (run) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", run); else run();
  };
  var zh = macaw.lang === "zh" ? 1 : 0, raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  // Numbers as language.py writes them.
  function grouped(text) { return text.replace(/\B(?=(\d{3})+(?!\d))/g, ","); }
  function plain(v, digits) {
    var size = Math.abs(v);
    if (size >= Math.pow(10, digits - 1) || v === Math.trunc(v)) return grouped(even(v, 0));
    var text = even(v, Math.min(Math.max(0, digits - 1 - Math.floor(Math.log10(size))), 6)).split(".");
    var rest = text[1] ? text[1].replace(/0+$/, "") : "";
    return grouped(text[0]) + (rest ? "." + rest : "");
  }
  function even(v, places) {  // toFixed, but a tie goes to the even digit, as Python has it
    var size = Math.pow(10, places), scaled = Math.abs(v) * size;
    if (scaled % 1 === 0.5 && scaled / size === Math.abs(v)) return (Math.sign(v) * 2 * Math.round(scaled / 2) / size).toFixed(places);
    return v.toFixed(places);
  }
  macaw.scientific = function (v) {
    var parts = v.toExponential(1).split("e"), digits = parts[0].replace(/\.0$/, ""), n = Number(parts[1]);
    var power = "10" + (n < 0 ? "⁻" : "") + String(Math.abs(n)).replace(/\d/g, function (d) { return raised[d]; });
    return digits === "1" ? power : digits + " × " + power;
  };
  macaw.fraction = function (unit) { return (unit || "").indexOf("fraction") === 0; };
  macaw.number = function (v, unit) {
    if (v === null || v === undefined) return macaw.status.none;
    if (macaw.fraction(unit)) return plain(100 * v, 3) + "%";
    return Math.abs(v) >= 1e15 ? macaw.scientific(v) : plain(v, 3);
  };
  macaw.short = function (v, unit) {
    if (macaw.fraction(unit)) return plain(100 * v, 2) + "%";
    if (Math.abs(v) >= 1e15) return macaw.scientific(v);
    var steps = zh ? [[1e8, "亿"], [1e4, "万"]] : [[1e9, "bn"], [1e6, "M"], [1e4, "k"]];
    for (var k = 0; k < steps.length; k++) {
      if (Math.abs(v) >= steps[k][0]) return plain(v / (steps[k][1] === "k" ? 1e3 : steps[k][0]), 2) + steps[k][1];
    }
    return plain(v, 2);
  };
  macaw.pick = function (pair) { return pair[zh] || pair[0]; };
  macaw.t = function (key, values) {
    return macaw.text[key].replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  };

  // Elements: text is always text, never markup.
  macaw.make = function (tag, attributes, children) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (value === false || value === null || value === undefined) return;
      if (name.slice(0, 2) === "on") made.addEventListener(name.slice(2), value);
      else made.setAttribute(name, value === true ? "" : value);
    });
    [].concat(children === undefined || children === null ? [] : children).forEach(function (child) {
      made.append(child);
    });
    return made;
  };
  macaw.$ = function (selector, within) { return (within || document).querySelector(selector); };
  macaw.all = function (selector, within) { return Array.from((within || document).querySelectorAll(selector)); };

  // Where this page stands for others: the site's own address if it knows one; a placeholder where it is only a file.
  macaw.here = function () {
    var base = new URL(macaw.root, location.href).href, path = location.href.split(/[?#]/)[0].slice(base.length);
    if (macaw.site) return macaw.site + path;
    return (location.protocol === "file:" ? macaw.placeholder : base) + path;
  };
  macaw.placeholder = "https://macaw.example/";

  // The state of a page stands behind the # of its address: that works from files too and is never sent anywhere.
  macaw.state = function () { return new URLSearchParams(location.hash.slice(1)); };
  macaw.keep = function (state) {
    var text = state.toString();
    history.replaceState(null, "", "#" + text);
    var other = macaw.$("a.language");
    if (other) other.href = other.href.split("#")[0] + (text ? "#" + text : "");
  };

  macaw.download = function (name, content, type) {
    var address = URL.createObjectURL(new Blob([content], { type: type }));
    var link = macaw.make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(address); }, 1000);
  };
  // A cell that a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers.
  macaw.csv = function (rows) {
    return "\ufeff" + rows.map(function (row) {
      return row.map(function (cell) {
        if (cell === null || cell === undefined) return "";
        if (typeof cell === "number") return String(cell);
        var text = /^[=+\-@\t\r]/.test(cell) ? "'" + cell : cell;
        return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
      }).join(",");
    }).join("\r\n") + "\r\n";
  };
  macaw.fold = function (text) { return text.toLowerCase().replace(/\s+/g, " ").trim(); };

  // Find a company, country or group: a dialog that any page can open.
  function finder() {
    var button = macaw.$(".find-open");
    if (!button || !window.HTMLDialogElement) return;
    button.hidden = false;
    var input = macaw.make("input", { type: "search", id: "find", autocomplete: "off", "aria-controls": "found" });
    var list = macaw.make("ul", { id: "found", class: "found" });
    var said = macaw.make("p", { class: "quiet", role: "status" });
    var close = macaw.make("button", { type: "button", onclick: function () { dialog.close(); } }, macaw.text.close);
    var dialog = macaw.make("dialog", { class: "finder", "aria-label": macaw.text.find }, [
      macaw.make("label", { for: "find" }, macaw.text.find_hint), input, said, list, close]);
    document.body.append(dialog);
    input.addEventListener("input", function () {
      macaw.load("search").then(function (rows) {
        var words = macaw.fold(input.value).split(" ").filter(Boolean);
        var hits = words.length ? macaw.matching(rows, words) : [];
        said.textContent = words.length ? macaw.t("found", { n: hits.length }) : "";
        list.replaceChildren.apply(list, hits.slice(0, 12).map(function (r) {
          return macaw.make("li", {}, [
            macaw.make("a", { href: macaw.root + macaw.lang + "/" + r[0], translate: "no" }, macaw.pick([r[1], r[2]])),
            " ", macaw.make("span", { class: "quiet", translate: "no" }, (macaw.lang === "zh" ? r[1] : r[2]) + " " + r[4])]);
        }));
      });
    });
    function open() { dialog.showModal(); input.focus(); }
    button.addEventListener("click", open);
    macaw.all(".find-here").forEach(function (b) { b.hidden = false; b.addEventListener("click", open); });
    document.addEventListener("keydown", function (e) {
      if (e.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) && !dialog.open) {
        e.preventDefault(); open();
      }
    });
  }
  // Rows whose search text holds every word, those that begin with the first one before the others.
  macaw.matching = function (rows, words) {
    var first = [], rest = [];
    rows.forEach(function (r) {
      var text = r[5];
      if (!words.every(function (w) { return text.indexOf(w) >= 0; })) return;
      (("\n" + text).indexOf("\n" + words.join(" ")) >= 0 ? first : rest).push(r);
    });
    return first.concat(rest);
  };
  macaw.ready(finder);

  try { localStorage.setItem("macaw-language", macaw.lang); } catch (e) { /* private windows keep nothing */ }
})(window.macaw);
