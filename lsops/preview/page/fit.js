// Gives each frame the height of what is drawn in it: a frame can say nothing else to this page.
window.addEventListener("message", function (event) {
  "use strict";
  var height = Math.min(3000, Math.max(120, Number(event.data && event.data.height) || 0));
  document.querySelectorAll("iframe").forEach(function (frame) {
    if (frame.contentWindow !== event.source || !(event.data && event.data.height)) return;
    frame.style.height = Math.max(760, height) + "px";
    frame.parentNode.style.aspectRatio = "1100 / " + height;
  });
});
