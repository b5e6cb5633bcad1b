// The page works without this; with it, one can filter, search, link, copy and choose colours.
const model = readModel();
const filters = makeFilters();
const view = makeView(model);
let state = ALL;

const address = (fragment) => {
  try {
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  } catch {
    // A page in a frame may have no address of its own: then it cannot be shared, and works all the same.
  }
};

const show = (wanted) => {
  state = wanted;
  filters.write(state);
  view.draw(state);
};

const apply = () => {
  state = filters.read();
  view.draw(state);
  address(fragmentOf(state));
};

const mark = (target) => {
  for (const each of document.querySelectorAll(".target")) each.classList.remove("target");
  target.classList.add("target");
  target.focus({ preventScroll: true });
  arrive(target, 5);
};

// What comes into sight is only then laid out, and moves the rest: go there until it stays in its place.
const arrive = (target, tries) => {
  const before = target.getBoundingClientRect().top;
  target.scrollIntoView({ block: "start", behavior: "instant" });
  requestAnimationFrame(() => {
    if (tries > 0 && Math.abs(target.getBoundingClientRect().top - before) > 1) arrive(target, tries - 1);
  });
};

// Go to an outcome or group, be it on the page or not yet; a filter that hides it is taken away.
const reveal = (id) => {
  const outcome = model.byAnchor.get(id);
  if (outcome) {
    let target = view.materialize(outcome);
    if (!target) {
      show({ ...ALL, by: state.by });
      target = view.materialize(outcome);
    }
    return mark(target);
  }
  const group = /^(kind|relation)-/.exec(id);
  if (group && !view.groupOf(id)) {
    show({ ...ALL, by: group[1] });
    view.groupOf(id);
  }
  const target = document.getElementById(id);
  if (!target) return;
  const hidden = target.closest("[hidden]");
  if (hidden) show({ ...ALL, by: state.by });
  // To what always stands in the page the browser goes by itself.
  if (target.matches("details.group")) {
    view.open(target);
    mark(target);
  } else if (hidden) target.scrollIntoView();
};

// Who follows a link to what somebody found wants to see that, not the head of the page.
const showFound = (wanted) => {
  show(wanted);
  if (isFiltered(state)) document.getElementById("tools").scrollIntoView();
};

const follow = () => {
  let fragment = location.hash.slice(1);
  const wanted = stateOf(fragment);
  if (wanted) return showFound(wanted);
  try {
    fragment = decodeURIComponent(fragment);
  } catch {
    // As it stands, then.
  }
  if (fragment) reveal(fragment);
};

const copy = async (button) => {
  const script = button.closest("details, .repair").querySelector("pre.sql").textContent;
  try {
    await navigator.clipboard.writeText(script);
  } catch {
    const area = el("textarea", { readonly: "", class: "off" });
    area.value = script;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    button.focus();
    if (!done) return;
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
};

const clicked = (event) => {
  const button = event.target.closest("button");
  const link = event.target.closest("a[href^='#']");
  // To where one already is the browser goes without a word.
  if (link && link.getAttribute("href") === location.hash) follow();
  if (!button) return;
  if (button.matches(".copy")) copy(button);
  else if (button.id === "reset") { show({ ...ALL, by: state.by }); address(fragmentOf(state)); }
  else if (button.id === "unfold") view.unfold();
  else if ("rest" in button.dataset) view.drawRest();
  else if (button.dataset.page) {
    view.drawCards(Number(button.dataset.page));
    state = { ...state, page: view.page() };
    address(fragmentOf(state));
    document.getElementById("troubles").scrollIntoView();
  }
};

const pressed = (event) => {
  const search = document.getElementById("search");
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest?.("input:not([type=radio]), textarea, select")) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape" && event.target === search && search.value) {
    search.value = "";
    apply();
  }
};

let pending = 0;
document.getElementById("search").addEventListener("input", () => {
  clearTimeout(pending);
  pending = setTimeout(apply, 60);
});
document.addEventListener("change", (event) => { if (event.target.matches(".tools :not([type=search]), [name=by]")) apply(); });
document.addEventListener("click", clicked);
document.addEventListener("keydown", pressed);
addEventListener("hashchange", follow);
addEventListener("beforeprint", view.print);
addEventListener("afterprint", () => view.drawCards(state.page));

for (const caption of document.querySelectorAll(".mending .caption")) caption.append(copyPart());
for (const id of ["tools", "by"]) document.getElementById(id)?.toggleAttribute("hidden", model.outcomes.length === 0);
// What is searched is read in spare moments, so that the first search is no slower than the others.
const prepare = (first = 0) => {
  const end = Math.min(first + 500, model.outcomes.length);
  for (let index = first; index < end; index += 1) haystack(model.outcomes[index]);
  if (end < model.outcomes.length) idle(() => prepare(end));
};
const idle = (work) => (window.requestIdleCallback ?? setTimeout)(work);

if (!stateOf(location.hash.slice(1))) show(ALL);
follow();
idle(() => prepare());
