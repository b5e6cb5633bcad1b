// What is on the page: of what failed one page of cards, and the groups, with the rows of those that are open.
const CARDS = 25;
const OPENED = 300; // so many rows lie open by themselves when a filter leaves no more
const GROUPS = 100; // so many are drawn at first
const MANY = 60; // of more, those are laid out that are in sight

const makeView = (model) => {
  const cards = document.getElementById("cards");
  const groups = document.getElementById("groups");
  const section = document.getElementById("troubles");
  const key = `pgcontract-open ${model.contract}`;
  const opened = new Set(remembered(key) ?? []);
  let waiting = new Map();
  let rests = [];
  let shown = { troubles: [], filtered: false };

  const pager = document.getElementById("pager") ?? el("p", { id: "pager" });
  pager.className = "pager";
  section?.append(pager);

  const drawCards = (page) => {
    if (!section) return;
    const { troubles } = shown;
    const pages = Math.ceil(troubles.length / CARDS);
    const current = Math.min(page, Math.max(pages, 1));
    const first = (current - 1) * CARDS;
    section.hidden = troubles.length === 0;
    cards.replaceChildren(...troubles.slice(first, first + CARDS).map(cardPart));
    const turn = (label, to) => el("button", { type: "button", "data-page": to, disabled: to < 1 || to > pages ? "" : null }, label);
    const range = `${number(first + 1)} to ${number(Math.min(first + CARDS, troubles.length))} of ${number(troubles.length)}`;
    pager.hidden = pages < 2;
    pager.replaceChildren(turn("Previous", current - 1), range, turn("Next", current + 1));
    shown.page = current;
  };

  const fill = (details) => {
    const entries = waiting.get(details.id);
    if (!entries) return;
    waiting.delete(details.id);
    details.querySelector("ul").replaceChildren(...worstFirst(entries).map(rowPart));
  };

  const open = (details) => {
    fill(details);
    details.open = true;
  };

  const listPart = (heading, found) => {
    if (!found.length) return [];
    const list = el("div", { class: found.length > MANY ? "list many" : "list" }, found.slice(0, GROUPS).map(drawn));
    const rest = found.slice(GROUPS);
    if (rest.length) rests.push([list, rest]);
    return [el("h3", null, heading), list];
  };

  const drawn = (group) => {
    const details = groupPart(group);
    if (shown.opened || (!shown.filtered && opened.has(group.anchor))) open(details);
    return details;
  };

  const drawGroups = (outcomes, by) => {
    const found = groupsOf(outcomes, by);
    waiting = new Map(found.map((group) => [group.anchor, group.entries]));
    rests = [];
    shown.opened = shown.filtered && outcomes.length <= OPENED;
    const kinds = found.filter((group) => group.by === "kind");
    const tables = found.filter((group) => group.by === "relation");
    groups.replaceChildren(...listPart("Tables", tables), ...listPart(by === "kind" ? "Kinds" : "Of no table, by kind", kinds));
    for (const [list, rest] of rests) list.after(restPart(rest.length));
    unfoldWord();
  };

  // A thousand tables are not drawn for every letter that is typed; those in trouble come first.
  const restPart = (count) => el("p", { class: "pager" }, el("button", { type: "button", "data-rest": "" }, `Show ${number(count)} more`));
  const drawRest = () => {
    for (const [list, rest] of rests) {
      list.append(...rest.map(drawn));
      list.nextElementSibling.remove();
    }
    rests = [];
  };

  const groupOf = (anchor) => {
    if (!document.getElementById(anchor) && waiting.has(anchor)) drawRest();
    return document.getElementById(anchor);
  };

  const unfoldWord = () => {
    const every = [...groups.querySelectorAll("details.group")];
    const button = document.getElementById("unfold");
    button.hidden = every.length === 0;
    button.textContent = every.every((details) => details.open) ? "Close all" : "Open all";
  };

  const unfold = () => {
    drawRest();
    const every = [...groups.querySelectorAll("details.group")];
    const closing = every.every((details) => details.open);
    for (const details of every) closing ? (details.open = false) : open(details);
  };

  groups?.addEventListener("toggle", (event) => {
    const details = event.target;
    if (!details.classList.contains("group")) return;
    if (details.open) fill(details);
    unfoldWord();
    if (shown.filtered) return;
    opened[details.open ? "add" : "delete"](details.id);
    remember(key, opened.size ? [...opened].slice(-500) : null);
  }, true);

  const draw = (state) => {
    const filtered = isFiltered(state);
    const outcomes = filtered ? model.outcomes.filter(matcher(state)) : model.outcomes;
    shown = { filtered, by: state.by, troubles: filtered ? worstFirst(outcomes.filter(troubled)) : model.troubles };
    drawCards(state.page);
    if (groups) drawGroups(outcomes, state.by);
    document.getElementById("all")?.toggleAttribute("hidden", outcomes.length === 0);
    for (const each of document.querySelectorAll("[data-whole]")) each.hidden = filtered;
    document.getElementById("nothing").hidden = outcomes.length > 0 || model.outcomes.length === 0;
    document.getElementById("shown").textContent = filtered ? `${number(outcomes.length)} of ${number(model.outcomes.length)}` : "";
    return outcomes;
  };

  // Bring an outcome into the page, where it is among what is shown; undefined where it is not.
  const materialize = (outcome) => {
    const place = shown.troubles.indexOf(outcome);
    if (place >= 0) {
      const page = Math.floor(place / CARDS) + 1;
      if (page !== shown.page) drawCards(page);
    } else {
      const [, , anchor] = shown.by === "kind" ? outcome.ofKind : outcome.group;
      const details = groupOf(anchor);
      if (details) open(details);
    }
    return document.getElementById(outcome.anchor) ?? undefined;
  };

  // Paper shows all that failed, however many pages that is on the screen.
  const print = () => {
    drawRest();
    if (!section) return;
    cards.replaceChildren(...shown.troubles.map(cardPart));
    pager.hidden = true;
  };

  return { draw, drawCards, drawRest, groupOf, materialize, open, print, unfold, page: () => shown.page };
};

