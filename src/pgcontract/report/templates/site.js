// Without this script the pages show everything; with it, what is searched for. Nothing here makes markup from text.
(() => {
  if (!document.getElementById("search")) return;
  const boxes = [...document.querySelectorAll("[data-find]")].map((box) => ({
    box,
    name: (box.dataset.name ?? box.textContent).toLowerCase(),
    rows: null,
  }));
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

  function show(words) {
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
    return found;
  }

  // What is folded away is shown where a link leads to it, and on paper.
  searching(show, (target) => {
    const fold = target.closest("details");
    if (fold) fold.open = true;
  });
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
})();
