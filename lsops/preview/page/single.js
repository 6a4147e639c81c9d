// Unpacks the editor once, and hands it to each frame that comes into view; a frame puts itself together.
(async function () {
  "use strict";
  var packed = Uint8Array.from(atob(document.getElementById("editor").textContent), function (sign) { return sign.charCodeAt(0); });
  var stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  var editor = JSON.parse(await new Response(stream).text());
  document.getElementById("licenses").textContent = editor.licenses.join("\n\n");
  delete editor.licenses;
  var seen = new IntersectionObserver(function (entries) {
    entries.filter(function (entry) { return entry.isIntersecting; }).forEach(function (entry) {
      var frame = entry.target;
      seen.unobserve(frame);
      frame.addEventListener("load", function () {
        frame.contentWindow.postMessage({ editor: editor, given: LSOPS_DRAWN[frame.getAttribute("data-key")] }, "*");
      }, { once: true });
      frame.srcdoc = LSOPS_FRAME;
    });
  }, { rootMargin: "300px" });
  document.querySelectorAll("iframe[data-key]").forEach(function (frame) { seen.observe(frame); });
})();
