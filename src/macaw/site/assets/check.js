"use strict";
// Forms that `macaw serve` answers; everything it says is shown as text, never as markup.
window.macaw.ready(function () {
  if (!window.macaw.served) return;
  var said = window.macaw.answer, zh = window.macaw.lang === "zh";
  document.getElementById("files-only").hidden = true;
  document.getElementById("served").hidden = false;
  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, function (all, name) { return name in values ? values[name] : all; });
  }
  function add(parent, tag, text, kind) {
    var made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    parent.appendChild(made);
    return made;
  }
  function table(parent, columns, rows) {
    var scroll = add(parent, "div", undefined, "scroll"), made = add(scroll, "table");
    scroll.tabIndex = 0; scroll.setAttribute("role", "group");
    var head = add(add(made, "thead"), "tr"), body = add(made, "tbody");
    columns.forEach(function (c) { add(head, "th", c).scope = "col"; });
    rows.forEach(function (row) {
      var line = add(body, "tr");
      row.forEach(function (cell) {
        var text = cell === null ? "" : typeof cell === "object" ? JSON.stringify(cell) : String(cell);
        add(line, "td", text, typeof cell === "number" ? "n" : "");
      });
    });
  }
  var show = {
    sql: function (parent, found) {
      table(parent, found.columns, found.rows);
      if (found.is_cut) add(parent, "p", said.cut, "quiet");
    },
    resolve: function (parent, found) {
      var rows = [];
      found.answers.forEach(function (a) {
        if (!a.organisations.length) rows.push([a.text, said.no_match, "", "", ""]);
        a.organisations.forEach(function (o) {
          rows.push([a.text, (zh && o.name_zh) || o.name, o.country, o.probability, o.evidence]);
        });
      });
      table(parent, [said.name, said.organisation, said.country, said.probability, said.evidence], rows);
    },
    check: function (parent, found) {
      add(parent, "p", filled(said.counts, found.counts), "lead");
      var list = add(parent, "ol", undefined, "checked");
      found.sentences.filter(function (s) { return s.checkable || s.claims.length; }).forEach(function (s) {
        var item = add(list, "li");
        add(item, "p", s.text, "sentence").lang = found.article.language || "";
        if (s.speaker) add(item, "p", filled(said.said_by, { text: s.speaker }), "quiet");
        s.evidence.forEach(function (e) {
          add(item, "p", filled(said.values, { text: [zh ? e.title_zh : e.title, e.entity, e.against].filter(Boolean).join(" · ") }));
          table(item, [said.period, said.value, said.low, said.high, said.unit, said.status, said.definition], e.values.filter(function (v) {
            return v.value !== null || v.low !== null;
          }).map(function (v) {
            return [v.period, v.value, v.low, v.high, e.unit, v.status, [v.definition, v.counting, v.venues].filter(function (x) { return x !== "none"; }).join(", ")];
          }));
          (zh ? e.cautions_zh : e.cautions).forEach(function (c) { add(item, "p", filled(said.caution, { text: c }), "quiet"); });
        });
        var by = zh ? s.settled_by_zh : s.settled_by;
        if (by) add(item, "p", filled(said.settled_by, { text: by }), "quiet");
        s.claims.forEach(function (c) {
          var line = add(item, "p", filled(said.ledger, { text: "" }));
          var link = add(line, "a", ((zh ? c.statement_zh : c.statement) || c.id));
          link.href = "claim/" + encodeURIComponent(c.id) + ".html";
          if (c.verdict) add(line, "span", " " + (zh ? c.verdict_name_zh : c.verdict_name), "v-" + c.verdict);
        });
      });
      if (!list.children.length) add(parent, "p", said.nothing_checkable);
    }
  };
  function question(form) {
    var value = {};
    Array.prototype.forEach.call(form.elements, function (e) { if (e.name && e.value) value[e.name] = e.value; });
    if (value.names) value.names = value.names.split("\n").filter(function (n) { return n.trim(); });
    return value;
  }
  document.querySelectorAll("form.ask").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var out = form.nextElementSibling, button = form.querySelector("button"), kind = form.dataset.question;
      out.textContent = said.working;
      button.disabled = true;
      fetch(window.macaw.root + "api/" + kind, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question(form))
      }).then(function (answer) {
        return answer.json().then(function (found) {
          out.textContent = "";
          if (answer.ok) show[kind](out, found); else add(out, "p", [found.error, found.remedy].filter(Boolean).join(" → "), "notice");
        });
      }).catch(function () {
        out.textContent = "";
        add(out, "p", said.failed, "notice");
      }).then(function () { button.disabled = false; });
    });
  });
});
