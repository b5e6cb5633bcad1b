// Before anything is painted: the reader's choice of light or dark, where one was made and may be remembered.
(() => {
  "use strict";
  try {
    const chosen = localStorage.getItem("pgcontract-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // A page from a file or in a frame may have no storage: then it follows the system.
  }
})();
