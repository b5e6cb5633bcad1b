// The page works without this; with it, one can filter, search, unfold and copy. Nothing here makes markup from text.
(() => {
  "use strict";
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const rows = every("[data-status]");
  const groups = every("[data-group]");
  const sections = every("[data-section]");
  const summaries = ["skips", "ignored"].map((id) => document.getElementById(id)).filter(Boolean);
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const total = rows.filter((row) => !("ref" in row.dataset)).length;
  const few = 500; // so many rows can be laid out at once without a pause
  let texts = null;
  let folded = null;

  const text = (index) => {
    texts ??= rows.map((row) => {
      const group = row.closest("[data-group]");
      return `${row.textContent} ${group ? group.querySelector(".name").textContent : ""}`.toLowerCase();
    });
    return texts[index];
  };

  const apply = () => {
    const status = document.querySelector("input[name=status]:checked").value;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const filtered = status !== "" || words.length > 0;
    let count = 0;
    rows.forEach((row, index) => {
      const fits = (!status || row.dataset.status === status) && words.every((word) => text(index).includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits && !("ref" in row.dataset)) count += 1;
    });
    fold(filtered, count);
    for (const section of sections) section.hidden = !section.querySelector("[data-status]:not([hidden])");
    for (const each of summaries) each.hidden = filtered;
    document.getElementById("nothing").hidden = count > 0 || total === 0;
    shown.textContent = filtered ? `${count.toLocaleString("en")} of ${total.toLocaleString("en")}` : "";
  };

  // While a filter is on, what it finds lies open; afterwards each group is as the reader left it.
  const fold = (filtered, count) => {
    if (filtered && !folded) folded = groups.map((group) => group.open);
    groups.forEach((group, index) => {
      group.hidden = !group.querySelector("[data-status]:not([hidden])");
      if (filtered) group.open = count <= few && !group.hidden;
      else if (folded) group.open = folded[index];
    });
    if (!filtered) folded = null;
  };

  const reset = () => {
    document.querySelector("input[name=status]").checked = true;
    search.value = "";
    apply();
  };

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) reset();
    const group = target.closest("details");
    if (group) group.open = true;
    target.scrollIntoView();
  };

  const copy = async (button, pre) => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch {
      getSelection().selectAllChildren(pre);
      if (!document.execCommand("copy")) return;
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };

  for (const pre of every("pre.sql")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", () => copy(button, pre));
    pre.previousElementSibling.append(button);
  }

  for (const button of every(".unfold")) {
    const inside = every("[data-group]", button.closest("section"));
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = !inside.every((group) => group.open);
      for (const group of inside) group.open = open;
      button.textContent = open ? "Close all" : "Open all";
    });
  }

  let pending = 0;
  search.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(apply, 60);
  });
  for (const radio of every("input[name=status]")) radio.addEventListener("change", apply);
  document.getElementById("reset").addEventListener("click", reset);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea")) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) reset();
  });
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => { for (const group of groups) group.open = true; });

  document.querySelector(".tools").hidden = total === 0;
  reveal();
})();
