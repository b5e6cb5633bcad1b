// Without this script the pages show everything; with it, what is searched for. Nothing here makes markup from text.
(() => {
  const search = document.getElementById("search");
  if (!search) return;
  const nothing = document.getElementById("nothing");
  const boxes = [...document.querySelectorAll("[data-find]")].map((box) => ({
    box,
    name: (box.dataset.name ?? box.textContent).toLowerCase(),
    rows: null,
  }));
  const entries = [...document.querySelectorAll(".toc li")].map((entry) => [entry, entry.querySelector("a").hash.slice(1)]);
  const beside = [...document.querySelectorAll("[data-beside]")];
  const opened = new Set();

  // What is said of a box as a whole finds all of it; else its rows are looked through, and what holds one is opened.
  function sift(each, words) {
    const fits = (text) => words.every((word) => text.includes(word));
    if (!words.length || fits(each.name)) {
      for (const { row } of each.rows ?? []) row.hidden = false;
      return true;
    }
    each.rows ??= [...each.box.querySelectorAll("[data-row]")].map((row) => ({
      row,
      text: `${each.name} ${row.textContent.toLowerCase()}`,
      fold: row.closest("details"),
    }));
    let found = false;
    for (const { row, text, fold } of each.rows) {
      row.hidden = !fits(text);
      found ||= !row.hidden;
      if (!row.hidden && fold && !fold.open) {
        fold.open = true;
        opened.add(fold);
      }
    }
    return found;
  }

  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const fold of opened) fold.open = false;
    opened.clear();
    const found = new Set();
    for (const each of boxes) {
      each.box.hidden = !sift(each, words);
      if (!each.box.hidden) found.add(each.box.id);
      for (const list of each.box.querySelectorAll(".promise-list, .scroll")) {
        const rows = [...list.querySelectorAll("[data-row]")];
        const empty = rows.length > 0 && rows.every((row) => row.hidden);
        list.hidden = empty;
        const head = list.closest("details") ?? (list.previousElementSibling?.matches("h3") ? list.previousElementSibling : null);
        if (head) head.hidden = empty;
      }
    }
    for (const each of beside) each.hidden = words.length > 0;
    for (const [entry, id] of entries) entry.hidden = !found.has(id);
    nothing.hidden = found.size > 0 || words.length === 0;
  }

  function clear() {
    search.value = "";
    show();
  }

  // What comes into view is only then laid out, and moves the rest: go there until it stays in its place.
  function arrive(target, tries) {
    target.scrollIntoView();
    const before = target.getBoundingClientRect().top;
    setTimeout(() => {
      if (tries > 0 && Math.abs(target.getBoundingClientRect().top - before) > 1) arrive(target, tries - 1);
    }, 50);
  }

  // A link to what is folded away, or hidden by a search, shows it.
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    const fold = target.closest("details");
    if (fold) fold.open = true;
    arrive(target, 20);
  }

  let waiting = 0;
  search.hidden = false;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 60);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === "/" && !typing) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) clear();
  });
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
  if (location.hash) reveal();
})();
