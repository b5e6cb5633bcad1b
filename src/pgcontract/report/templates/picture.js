"use strict";
// Without this script the page shows everything; with it, what is searched for.
(() => {
  const search = document.getElementById("search");
  const nothing = document.getElementById("nothing");
  const sheets = [...document.querySelectorAll("[data-name]")].map((sheet) => [sheet, sheet.dataset.name.toLowerCase()]);
  const entries = [...document.querySelectorAll(".toc li")].map((entry) => [entry, entry.firstElementChild.hash.slice(1)]);
  const diagrams = document.getElementById("diagrams");

  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = new Set();
    for (const [sheet, name] of sheets) {
      sheet.hidden = !words.every((word) => name.includes(word));
      if (!sheet.hidden) found.add(sheet.id);
    }
    for (const [entry, id] of entries) entry.hidden = !found.has(id);
    for (const box of document.querySelectorAll(".sheet:not([data-name])")) {
      const rows = [...box.querySelectorAll("[data-name]")];
      box.hidden = words.length > 0 && !rows.some((row) => !row.hidden);
    }
    if (diagrams) diagrams.hidden = words.length > 0;
    nothing.hidden = found.size > 0 || words.length === 0;
  }

  // What comes into view is only then laid out, and moves the rest: go there until it stays in its place.
  function arrive(target, tries) {
    const before = target.getBoundingClientRect().top;
    target.scrollIntoView();
    if (tries > 0) {
      setTimeout(() => {
        if (Math.abs(target.getBoundingClientRect().top - before) > 1) arrive(target, tries - 1);
      }, 50);
    }
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
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      show();
    }
  });
  // A link to what a search has hidden shows it again.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) {
      search.value = "";
      show();
      arrive(target, 10);
    }
  });
})();
