// The search of a page: `/` goes to it, Escape empties it, and a link to what it has hidden shows that again.
// `show` hides all but what has every word of a list, and tells whether there is any; `reveal` is given what a link leads to.
const searching = (show, reveal = () => {}) => {
  const search = document.getElementById("search");
  const nothing = document.getElementById("nothing");
  const entries = [...document.querySelectorAll(".toc li")].map((entry) => [entry, entry.querySelector("a").hash.slice(1)]);
  let waiting = 0;

  function sift() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = show(words);
    for (const [entry, id] of entries) entry.hidden = !found.has(id);
    nothing.hidden = found.size > 0 || words.length === 0;
  }

  function clear() {
    search.value = "";
    sift();
  }

  // What comes into view is only then laid out, and moves the rest: go there until it stays in its place.
  function arrive(target, tries) {
    target.scrollIntoView();
    const before = target.getBoundingClientRect().top;
    setTimeout(() => {
      if (tries > 0 && Math.abs(target.getBoundingClientRect().top - before) > 1) arrive(target, tries - 1);
    }, 50);
  }

  function follow() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    reveal(target);
    arrive(target, 20);
  }

  search.hidden = false;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(sift, 60);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === "/" && !typing) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) clear();
  });
  addEventListener("hashchange", follow);
  if (location.hash) follow();
};
