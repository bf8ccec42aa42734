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
  try { localStorage.setItem("macaw-language", macaw.lang); } catch (e) { /* private windows keep nothing */ }
})(window.macaw);
