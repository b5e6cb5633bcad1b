// The report's data as outcomes and groups; packed.py says how it is packed.
const LEVELS = ["broken", "errored", "warning", "info", "skipped", "ignored", "passed"];
const STATUS = { broken: "failed", errored: "errored", warning: "failed", info: "failed", skipped: "skipped", ignored: "skipped", passed: "passed" };

// Only ever of ASCII, so that it is what anchors.py makes.
const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);

const NOTHING = {};
const readModel = () => {
  const packed = JSON.parse(document.getElementById("data").textContent);
  const { texts } = packed;
  const text = (place) => (place === undefined ? null : texts[place]);

  const finding = (found) => ({
    ...found,
    since: text(found.since),
    hint: text(found.hint),
    hazards: (found.hazards ?? []).map(text),
  });

  const outcome = ([kind, relation, level, title, subject, anchor, ms, more = NOTHING]) => ({
    more: more !== NOTHING,
    kind: packed.kinds[kind][0],
    relation: relation < 0 ? null : packed.relations[relation][0],
    group: relation < 0 ? ["kind", ...packed.kinds[kind]] : ["relation", ...packed.relations[relation]],
    ofKind: ["kind", ...packed.kinds[kind]],
    badness: level,
    level: LEVELS[level],
    status: STATUS[LEVELS[level]],
    title: texts[title],
    subject,
    anchor: anchor[0] === "=" ? anchor.slice(1) : `${slug(`${packed.kinds[kind][0]} ${subject}`)}-${anchor}`,
    ms,
    severity: more.severity ?? "error",
    tags: (more.tags ?? []).map(text),
    implied: Boolean(more.implied),
    reason: text(more.reason),
    because: text(more.because),
    location: more.location ?? null,
    findings: (more.findings ?? []).map(finding),
    ignored: more.ignored ?? [],
    traceback: more.traceback ?? null,
  });

  const outcomes = packed.outcomes.map(outcome);
  return {
    contract: packed.contract,
    outcomes,
    troubles: worstFirst(outcomes.filter(troubled)),
    byAnchor: new Map(outcomes.map((each) => [each.anchor, each])),
  };
};

const troubled = (outcome) => outcome.status === "failed" || outcome.status === "errored";
const worstFirst = (outcomes) => [...outcomes].sort((a, b) => a.badness - b.badness);

// The groups of outcomes as Python arranges them: relations before kinds, in both the worst first.
const groupsOf = (outcomes, by) => {
  const found = new Map();
  for (const outcome of outcomes) {
    const [what, title, anchor] = by === "kind" ? outcome.ofKind : outcome.group;
    if (!found.has(anchor)) found.set(anchor, { by: what, title, anchor, entries: [], counts: {}, ms: 0, badness: 9 });
    const group = found.get(anchor);
    group.entries.push(outcome);
    group.counts[outcome.level] = (group.counts[outcome.level] ?? 0) + 1;
    group.ms += outcome.ms;
    group.badness = Math.min(group.badness, outcome.badness);
  }
  const groups = [...found.values()];
  for (const group of groups) group.level = LEVELS[group.badness];
  return groups.sort((a, b) => (a.by === "kind") - (b.by === "kind") || a.badness - b.badness);
};

// All that is said of an outcome, in small letters; made when it is first searched, not for every page that is opened.
const haystack = (outcome) => {
  if (outcome.text === undefined) {
    const parts = [outcome.kind, outcome.subject, outcome.relation ?? "", sentence(outcome), outcome.severity];
    if (outcome.more) parts.push(...outcome.tags, ...further(outcome));
    outcome.text = parts.join("\n").toLowerCase();
  }
  return outcome.text;
};

const further = ({ reason, because, location, traceback, ignored, findings }) => [
  reason, because, location, traceback, ...ignored.flat(),
  ...findings.flatMap((found) => [
    found.message, found.object, found.fingerprint, found.since, found.expected?.join(""), found.observed?.join(""),
    found.hint, found.repair, ...found.hazards, ...(found.examples ? found.examples.rows.flat() : []),
  ]),
];

// In a title a tab stands for the subject, a line break for the relation.
const pieces = (outcome) => outcome.title.split(/([\t\n])/).filter(Boolean);
const named = (outcome, piece) => (piece === "\t" ? outcome.subject : piece === "\n" ? outcome.relation : null);
const sentence = ({ title, subject, relation }) => title.replaceAll("\t", () => subject).replaceAll("\n", () => relation);

