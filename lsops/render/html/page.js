(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  addEventListener("beforeprint", () => all("details").forEach((one) => { one.open = true; }));
  const form = document.querySelector(".filters");
  if (!form) return;
  const [words, kind, told, fold] = ["words", "kind", "told", "fold"].map((id) => document.getElementById(id));
  const boxes = all("input[name=sort]", form);
  const groups = all(".group").map((node) => ({
    node,
    link: document.querySelector(`[data-for="${node.id}"]`),
    rows: all(".change", node).map((row) => ({ node: row, sort: row.dataset.sort, kind: row.dataset.kind, text: "" })),
  }));
  const total = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const textOf = (row) => (row.text ||= `${row.node.dataset.address} ${row.node.textContent}`.toLowerCase());

  const filter = () => {
    const sorts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of groups) {
      let here = 0;
      for (const row of group.rows) {
        const fits = sorts.has(row.sort) && (!kind.value || kind.value === row.kind)
          && wanted.every((word) => textOf(row).includes(word));
        row.node.hidden = !fits;
        here += fits;
      }
      group.node.hidden = group.link.hidden = !here;
      shown += here;
    }
    const number = (one) => one.toLocaleString("en");
    told.value = shown === total ? `${number(total)} changes` : `${number(shown)} of ${number(total)} changes`;
  };

  let due = 0;
  const soon = () => { clearTimeout(due); due = setTimeout(filter, 80); };
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  fold.addEventListener("click", () => {
    const open = groups.some((group) => group.node.open);
    groups.forEach((group) => { group.node.open = !open; });
    fold.textContent = open ? "Unfold all" : "Fold all";
  });
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    if (event.key === "/" && !typing) { event.preventDefault(); words.focus(); }
    if (event.key === "Escape" && event.target === words) { words.value = ""; filter(); }
  });
  const follow = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden || target.closest("[hidden]")) {
      words.value = kind.value = "";
      boxes.forEach((box) => { box.checked = true; });
      filter();
    }
    const group = target.closest("details");
    if (group) group.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  const contents = document.querySelector("nav details");
  if (innerWidth < 960) contents.open = false;
  form.hidden = false;
  filter();
  follow();
})();
