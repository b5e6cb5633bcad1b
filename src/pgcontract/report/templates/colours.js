// Light, dark, or as the system has it: the button turns from one to the next, and the choice is remembered if it may be.
(() => {
  const root = document.documentElement.dataset;
  const next = { "": "light", light: "dark", dark: "" };
  const button = document.getElementById("theme");
  const name = () => { button.textContent = `Colours: ${root.theme ?? "as the system"}`; };
  button.addEventListener("click", () => {
    const chosen = next[root.theme ?? ""];
    if (chosen) root.theme = chosen;
    else delete root.theme;
    try {
      if (chosen) localStorage.setItem("pgcontract-theme", chosen);
      else localStorage.removeItem("pgcontract-theme");
    } catch {
      // It lasts as long as the page, then.
    }
    name();
  });
  name();
  button.hidden = false;
})();
