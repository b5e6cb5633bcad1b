// Without this script the page shows everything; with it, what is searched for.
(() => {
  const sheets = [...document.querySelectorAll("[data-name]")].map((sheet) => [sheet, sheet.dataset.name.toLowerCase()]);
  const diagrams = document.getElementById("diagrams");

  searching((words) => {
    const found = new Set();
    for (const [sheet, name] of sheets) {
      sheet.hidden = !words.every((word) => name.includes(word));
      if (!sheet.hidden) found.add(sheet.id);
    }
    for (const box of document.querySelectorAll(".sheet:not([data-name])")) {
      const rows = [...box.querySelectorAll("[data-name]")];
      box.hidden = words.length > 0 && !rows.some((row) => !row.hidden);
    }
    if (diagrams) diagrams.hidden = words.length > 0;
    return found;
  });
})();
