// What the reader wants to see: in the controls, in the address after the #, and as a test of outcomes.
const NO_FILTER = { status: "", severity: "", kind: "", tag: "", q: "" };
const ALL = { ...NO_FILTER, by: "relation", page: 1 };
const SELECTS = ["severity", "kind", "tag"];

const makeFilters = () => {
  const control = (name, value) => [...document.getElementsByName(name)].find((each) => value === undefined || each.value === value);
  const search = document.getElementById("search");

  const read = () => {
    const state = { ...ALL, q: search.value.trim() };
    for (const name of ["status", "by"]) state[name] = document.querySelector(`input[name=${name}]:checked`)?.value ?? ALL[name];
    for (const name of SELECTS) state[name] = control(name)?.value ?? "";
    return state;
  };

  // A state that the controls cannot take, from somebody else's address, is taken as far as they can.
  const write = (state) => {
    search.value = state.q;
    for (const name of ["status", "by"]) {
      const radio = control(name, state[name]) ?? control(name, ALL[name]);
      if (radio) radio.checked = true;
    }
    for (const name of SELECTS) {
      const select = control(name);
      if (!select) continue;
      select.value = state[name];
      if (select.selectedIndex < 0) select.value = "";
    }
  };

  return { read, write };
};

const isFiltered = (state) => Object.keys(NO_FILTER).some((name) => state[name]);

const matcher = (state) => {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  return (outcome) =>
    (!state.status || outcome.status === state.status) &&
    (!state.severity || outcome.severity === state.severity) &&
    (!state.kind || outcome.kind === state.kind) &&
    (!state.tag || outcome.tags.includes(state.tag)) &&
    words.every((word) => haystack(outcome).includes(word));
};

const fragmentOf = (state) => {
  const said = new URLSearchParams();
  for (const name in ALL) if (state[name] !== ALL[name]) said.set(name, state[name]);
  return said.toString();
};

// An anchor has no equals sign; a state has one.
const stateOf = (fragment) => {
  if (!fragment.includes("=")) return null;
  const state = { ...ALL };
  for (const [name, value] of new URLSearchParams(fragment)) if (name in ALL) state[name] = value;
  state.page = Math.max(1, Math.floor(Number(state.page)) || 1);
  return state;
};

