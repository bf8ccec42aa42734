"use strict";
// Snippets name the address at which this very page stands; what others embed never names a file of this machine.
window.macaw.ready(function () {
  var macaw = window.macaw, here = (macaw.site || new URL(macaw.root, location.href).href).replace(/\/$/, ""), isFile = here.indexOf("file:") === 0;
  document.querySelectorAll("code[data-site]").forEach(function (code) {
    if (isFile && code.dataset.embed !== undefined) return;
    code.textContent = code.textContent.split(code.dataset.site).join(here);
  });
  if (!isFile) document.querySelectorAll(".placeholder").forEach(function (p) { p.hidden = true; });
});
