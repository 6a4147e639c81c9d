// In a frame of a page of one file: takes the editor from the page around it, and runs it.
(function () {
  "use strict";
  var nonce = document.currentScript.nonce;
  window.addEventListener("message", function (event) {
    if (event.source !== parent || !event.data.editor || window.LSOPS) return;
    var editor = event.data.editor;
    window.LSOPS = event.data.given;
    editor.styles.forEach(function (text, number) {
      var style = document.createElement("style");
      if (number) style.setAttribute("data-editor", "");
      style.textContent = text;
      document.head.appendChild(style);
    });
    function run(text) {
      var script = document.createElement("script");
      script.nonce = nonce;
      script.textContent = text;
      document.body.appendChild(script);
    }
    run(editor.boot);
    window.importScripts = function () {};  // the runtime takes its place from it, for no script here has an address
    run(editor.scripts[0]);
    delete window.importScripts;
    run("LSOPS_WRAP()");
    editor.scripts.slice(1).forEach(run);
    run(editor.draw);
  });
})();
