// Runs after the editor's files: finds the editor in them, draws, and tells when it is done and what it lacks.
(function () {
  "use strict";
  var given = window.LSOPS, root = document.documentElement;
  var state = window.LSOPS_STATE = { errors: [], lacks: [], height: 0 };
  window.addEventListener("error", function (event) {
    if (event.message && event.message.indexOf("ResizeObserver loop") < 0) state.errors.push(String(event.message));
  });
  window.addEventListener("unhandledrejection", function (event) {
    state.errors.push(String(event.reason && event.reason.message || event.reason));
  });

  function source(require, id) { return Function.prototype.toString.call(require.m[id]); }
  function modules(require, sign) { return Object.keys(require.m).filter(function (id) { return sign.test(source(require, id)); }); }

  // the utility classes are a style module of the app's own entry, which does not run
  function utilities(require) {
    modules(require, /! tailwindcss v\d/).forEach(function (id) {
      var made = require(id);
      Object.keys(made).map(function (name) { return made[name]; }).filter(Array.isArray).slice(0, 1).forEach(function (sheet) {
        var style = document.createElement("style");
        style.textContent = sheet.toString();
        document.head.insertBefore(style, document.querySelector("[data-editor]"));
      });
    });
  }

  function own(message) {
    var bar = document.createElement("div");
    bar.setAttribute("data-lsops-note", "");
    bar.style.cssText = "font:14px/1.4 sans-serif;padding:8px 12px;margin:0 0 8px;background:#fff3cd;color:#664d03";
    bar.textContent = message;
    document.body.insertBefore(bar, document.body.firstChild);
  }

  // the editor says it in a box where the tag stands, or instead of all where it does not know the tag
  function lacks() {
    var text = (document.getElementById("ls").innerText || "").replace(/\s+/g, " ");
    return given.tags.filter(function (tag) {
      var name = tag.replace(/[^\w-]/g, "");
      return new RegExp("(?:^|\\W)" + name + "(?: tag)? is only available in Enterprise", "i").test(text)
        || new RegExp("Not expecting tag: " + name + "(?!\\w)", "i").test(text)
        || new RegExp("Tag with name " + name + " is not registered", "i").test(text);
    });
  }

  function height() {
    var low = 0;
    document.querySelectorAll("body *").forEach(function (item) {
      var box = item.getBoundingClientRect();
      if (!item.children.length && box.height && getComputedStyle(item).visibility !== "hidden") low = Math.max(low, box.bottom + scrollY);
    });
    return Math.min(3000, Math.max(200, Math.ceil(low) + 24));
  }

  function done(word) {
    if (state.word) return;
    state.lacks = lacks();
    if (word === "failed") own("The editor could not draw this label config: " + (state.errors[0] || "unknown reason"));
    if (state.lacks.length) own(given.whose.charAt(0).toUpperCase() + given.whose.slice(1) + " has no " + state.lacks.map(function (tag) { return "<" + tag + ">"; }).join(", ") + ".");
    state.height = height();
    state.word = word;
    state.seconds = performance.now() / 1000;
    root.setAttribute("data-lsops", word);
    if (parent !== window) parent.postMessage({ lsops: given.key, height: state.height }, "*");
  }

  // media that is not there yet, or something that turns or fills until it is
  function loads() {
    function waits(item) { return item.readyState < 2 && !item.error || item.seeking; }
    return Array.prototype.some.call(document.querySelectorAll("video, audio"), waits)
      || document.querySelector("loading-progress-bar")
      || Array.prototype.some.call(document.images, function (item) { return !item.complete; })
      || document.getAnimations().some(function (one) {
        return one.playState === "running" && one.effect.getComputedTiming().iterations === Infinity;
      });
  }

  // the editor hands all that it embeds to the browser's viewer of PDFs, which draws no picture
  function pictures() {
    document.querySelectorAll('embed[src^="data:image/"]:not([hidden])').forEach(function (item) {
      var shown = document.createElement("img");
      shown.src = item.src;
      shown.style.cssText = item.style.cssText + ";object-fit:cover;object-position:top";
      item.before(shown);
      item.hidden = true;
      item.style.display = "none";
    });
  }

  // a few frames on, for what is seen after one is painted in the next; out of sight nothing is painted, and no frame comes
  function painted(then) {
    var left = 5, late = setTimeout(over, 2000);
    function over() { if (left !== null) { left = null; clearTimeout(late); setTimeout(then, 50); } }
    (function next() { if (left) { left -= 1; requestAnimationFrame(next); } else if (left === 0) over(); })();
  }

  // a wave has its first columns darker with each event that painted it again; when its width changes it is painted anew
  function repainted(then) {
    if (!given.tags.some(function (tag) { return /^audio/i.test(tag); })) return then();
    var style = document.getElementById("ls").style;
    style.width = "calc(100% - 1px)";
    painted(function () { style.width = ""; painted(then); });
  }

  function settled() {
    var last = -1, same = 0, rounds = 0;
    (function look() {
      pictures();
      var now = document.getElementById("ls").innerHTML.length;
      same = now === last && !loads() ? same + 1 : 0;
      last = now;
      if (same >= 3 || ++rounds > 25) repainted(function () { done("ready"); }); else setTimeout(look, 100);
    })();
  }

  function boot(require) {
    var id = modules(require, /window\.LabelStudio=/)[0];
    if (!id) throw new Error("no module defines it");
    utilities(require);
    require(id);
    new window.LabelStudio(document.getElementById("ls"), {
      config: given.config, task: given.task, interfaces: given.interfaces,
      user: { id: 1, firstName: "Pre", lastName: "View", email: "" },
      onStorageInitialized: function (editor) {
        setTimeout(function () {
          try {
            var store = editor.annotationStore;
            var first = (given.task.annotations || [])[0];
            // a config's own defaults show in an annotation that nobody has made yet
            var shown = first && first.result.length ? store.annotations[0] : store.createAnnotation();
            store.selectAnnotation(shown.id);
          } catch (error) { state.errors.push(String(error.message)); }
          settled();
        });
      }
    });
    setTimeout(function () { if (!root.hasAttribute("data-lsops")) done(document.getElementById("ls").children.length ? "ready" : "failed"); }, 8000);
  }

  try { self.webpackChunklabelstudio.push([["lsops"], {}, boot]); }
  catch (error) { state.errors.push(String(error.message)); done("failed"); }
})();
