// Runs before the editor's files: the settings they read, and a list of chunks in which the app never starts.
(function () {
  "use strict";
  var given = window.LSOPS;
  window.exports = function () {};
  // without its own origin a frame has no storages, and the bundle wants some: these last as long as the page
  ["localStorage", "sessionStorage"].forEach(function (name) {
    try { if (window[name]) return; } catch (error) { /* it has none */ }
    var kept = Object.create(null);
    var storage = {
      getItem: function (key) { return key in kept ? kept[key] : null; },
      setItem: function (key, value) { kept[key] = String(value); },
      removeItem: function (key) { delete kept[key]; },
      clear: function () { kept = Object.create(null); },
      key: function (number) { return Object.keys(kept)[number] || null; }
    };
    Object.defineProperty(storage, "length", { get: function () { return Object.keys(kept).length; } });
    Object.defineProperty(window, name, { value: storage, configurable: true });
  });
  window.APP_SETTINGS = {
    user: { id: 1, email: "" }, hostname: "", version: {}, debug: false, polling: false, flags: {},
    feature_flags: given.flags, feature_flags_default_value: true, sentry_dsn: null,
    sentry_environment: "opensource", collect_analytics: false, editor_keymap: {},
    lookupHotkey: function () { return null; }
  };
  var chunks = self.webpackChunklabelstudio = self.webpackChunklabelstudio || [];
  // called when the runtime has put its own push in place: the third part of a chunk would start the app
  window.LSOPS_WRAP = function () {
    var push = chunks.push;
    chunks.push = function (chunk) { return push(chunk[0][0] === "lsops" ? chunk : [chunk[0], chunk[1]]); };
  };
})();
