"use strict";
// Snippets name the address at which this very page stands.
window.macaw.ready(function () {
  var here = new URL(window.macaw.root, location.href).href.replace(/\/$/, "");
  document.querySelectorAll("code[data-site]").forEach(function (code) {
    code.textContent = code.textContent.split(code.dataset.site).join(here);
  });
});
