// The pieces of the page, as parts.html.j2 has them. Text becomes text nodes and nothing else.
const el = (name, given, ...inside) => {
  const made = document.createElement(name);
  for (const key in given) if (given[key] !== null) made.setAttribute(key, given[key]);
  for (const each of inside.flat()) if (each !== null && each !== false && each !== "") made.append(each);
  return made;
};
const svg = (name, given, ...inside) => {
  const made = document.createElementNS("http:" + "//www.w3.org/2000/svg", name);
  for (const key in given) made.setAttribute(key, given[key]);
  made.append(...inside);
  return made;
};

const LEVEL_WORDS = { broken: "failed", warning: "failed, a warning", info: "failed, a notice" };
const statusPart = (level) => el("span", { class: `st ${level}` }, LEVEL_WORDS[level] ?? level);

const titlePart = (outcome) =>
  pieces(outcome).map((piece) => {
    const name = named(outcome, piece);
    return name === null ? piece : el("code", null, name);
  });

const labelParts = (outcome, always) => [
  (always || outcome.severity !== "error") && el("span", { class: `tag severity ${outcome.severity}` }, outcome.severity),
  outcome.implied &&
    el("span", { class: "tag implied", title: "Not in the suite itself, but something in it needs this" }, "implied"),
  outcome.tags.map((tag) => el("span", { class: "tag" }, tag)),
].flat();

const levelWords = (level, count) => {
  const noun = { warning: "warning", info: "notice" }[level];
  return noun ? counted(count, noun) : `${number(count)} ${level === "broken" ? "failed" : level}`;
};

const barPart = (counts, total) => {
  let x = 0;
  const rects = LEVELS.filter((level) => counts[level]).map((level) => {
    const rect = svg("rect", { class: level, x, width: counts[level], height: 1 });
    x += counts[level];
    return rect;
  });
  return svg("svg", { class: "bar", viewBox: `0 0 ${total} 1`, preserveAspectRatio: "none", "aria-hidden": "true" }, ...rects);
};

// What is longer scrolls by itself, and so must be reached by the keyboard.
const LONG = 600;
const LONG_LINES = 14;
const sidePart = (name, word, texts) => {
  const marked = () => el("code", null, texts.map((text, index) => (index % 2 && text ? el("mark", null, text) : text)));
  const shown = texts === null ? el("i", null, "nothing") : texts.length ? marked() : el("i", null, "an empty text");
  const text = texts === null ? "" : texts.join("");
  const long = text.length > LONG || text.split("\n").length > LONG_LINES;
  return el("div", { class: name }, el("dt", null, word), el("dd", long ? { class: "long", tabindex: 0 } : null, shown));
};

const examplesPart = ({ columns, rows, masked }) => {
  const head = el("tr", null, columns.map((column) => el("th", { scope: "col" }, column)));
  const cell = (value) => el("td", null, value === null ? el("i", null, "NULL") : value);
  const body = rows.map((row) => el("tr", null, row.map(cell)));
  const table = () => el("table", null, el("thead", null, head), el("tbody", null, body));
  return el("div", { class: "examples" },
    el("p", { class: "caption" }, el("b", null, "Examples")),
    masked
      ? el("p", { class: "masked" }, "There are such rows; their values are not shown.")
      : el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Examples" }, table()));
};

const labelled = (name, label, text) => text && el("p", { class: name }, el("b", null, label), " ", text);
const fingerprintPart = (text) => el("code", { class: "fingerprint", title: "Fingerprint: the same from run to run" }, text);
const placePart = (text, name) => text && el("span", { class: name, title: "Where the contract says it" }, text);

const sqlPart = (script) => el("pre", { class: "sql", tabindex: 0, role: "group", "aria-label": "SQL" }, el("code", null, script));
const copyPart = () => el("button", { type: "button", class: "copy" }, "Copy");

const repairPart = (found) =>
  el("div", { class: "repair" },
    el("p", { class: "caption" }, el("b", null, "Repair"),
      found.hazards.flatMap((hazard) => [" ", el("span", { class: "tag hazard" }, hazard)]), copyPart()),
    sqlPart(found.repair));

// What follows the first line shows it: statements for psql, to copy.
const hintParts = (hint) => {
  const [said, ...script] = hint.split("\n");
  const shown = labelled("hint", "Hint", said);
  return script.length ? [shown, el("div", { class: "repair" }, copyPart(), sqlPart(script.join("\n")))] : shown;
};

const findingPart = (found) =>
  el("div", { class: "finding" },
    el("div", { class: "head" },
      el("p", { class: "message" }, found.message, found.object ? [" ", el("code", { class: "object" }, found.object)] : null),
      found.fingerprint ? fingerprintPart(found.fingerprint) : null),
    labelled("since", "Since", found.since),
    found.expected === undefined
      ? null
      : el("dl", { class: "compare" }, sidePart("expected", "Expected", found.expected), sidePart("observed", "Observed", found.observed)),
    found.examples ? examplesPart(found.examples) : null,
    found.hint && hintParts(found.hint),
    found.repair ? repairPart(found) : null);

const ignoredPart = ([message, fingerprint]) =>
  el("p", { class: "hint" }, el("b", null, "Ignored"), " ", message, " ", fingerprintPart(fingerprint));

const tracePart = (text) =>
  el("details", { class: "trace" }, el("summary", null, "Traceback"),
    el("pre", { tabindex: 0, role: "group", "aria-label": "Traceback" }, text));

const cardPart = (outcome) => {
  const link = el("a", { class: "link", href: `#${outcome.anchor}`, "aria-label": "Link to this outcome" }, "#");
  return el("article", { class: `card ${outcome.level}`, id: outcome.anchor, tabindex: -1, "aria-labelledby": `${outcome.anchor}-t` },
    el("header", null,
      el("h3", { id: `${outcome.anchor}-t`, class: sentence(outcome).length > 160 ? "long" : null }, statusPart(outcome.level), titlePart(outcome), " ", link),
      el("p", { class: "meta" },
        el("code", { class: "kind" }, outcome.kind),
        el("span", { class: "subject" }, outcome.subject),
        labelParts(outcome, true),
        el("span", { class: "ms" }, duration(outcome.ms)),
        placePart(outcome.location, "place"))),
    outcome.reason && el("p", { class: "reason" }, outcome.reason),
    outcome.findings.map(findingPart),
    outcome.ignored.map(ignoredPart),
    labelled("because", "Because", outcome.because),
    outcome.traceback && tracePart(outcome.traceback));
};

const notePart = (...inside) => el("span", { class: "note" }, ...inside);

const rowPart = (outcome) => {
  const told = [
    el("code", { class: "kind" }, outcome.kind),
    el("span", { class: "ms" }, outcome.ms >= 0.1 && duration(outcome.ms)),
  ];
  if (troubled(outcome)) {
    const link = el("a", { href: `#${outcome.anchor}` }, titlePart(outcome));
    return el("li", { class: "row" }, statusPart(outcome.level), el("p", null, link), told);
  }
  const labels = labelParts(outcome, false).filter(Boolean);
  return el("li", { class: "row", id: outcome.anchor, tabindex: -1 },
    statusPart(outcome.level),
    el("p", null, titlePart(outcome),
      outcome.reason && notePart(outcome.reason),
      outcome.ignored.map(([message, fingerprint]) => notePart(message, " ", fingerprintPart(fingerprint))),
      outcome.because && notePart(el("b", null, "Because"), " ", outcome.because),
      placePart(outcome.location, "note place")),
    labels.length ? el("span", { class: "labels" }, labels) : null,
    told);
};

// A group without its rows: those come when it is opened.
const groupPart = (group) =>
  el("details", { class: "group", id: group.anchor },
    el("summary", null,
      statusPart(group.level),
      el("span", { class: "name" }, group.by === "relation" ? el("code", null, group.title) : group.title),
      el("span", { class: "counts" }, LEVELS.filter((level) => group.counts[level]).map((level) =>
        el("span", { class: level }, levelWords(level, group.counts[level])))),
      barPart(group.counts, group.entries.length),
      el("span", { class: "ms" }, duration(group.ms))),
    el("ul", null));

