"""The document as the page's script reads it: every outcome, so compact that ten thousand of them are a few megabytes.

All text is as it is to be shown: escaped by `visible`, cut where it is very long. The script makes no markup of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pgcontract.report.anchors import group_anchor, slug
from pgcontract.report.document import LEVELS, difference, repair_script
from pgcontract.report.problems import one_line as name
from pgcontract.report.problems import whole_lines as block
from pgcontract.report.since import since_words
from pgcontract.report.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from pgcontract.report.document import Document, Entry
    from pgcontract.report.marking import Segments
    from pgcontract.verdict import Examples, Finding, Ignored, Outcome

# As the script has them too.
_LONG, _LONG_LINES = 600, 14

# In a title, where the subject and the relation stand; `name` leaves neither of the two in a text.
_SUBJECT, _RELATION = "\t", "\n"


def packed(document: Document) -> str:
    """The document as JSON that may stand in a `script` element.

    An object with `kinds` and `relations` (each a list of names with their anchors), `texts` (what outcomes refer to by
    its place) and `outcomes`, in the suite's order, as `_outcome` makes them.
    """
    pool = _Pool()
    outcomes = [_outcome(entry, pool, document.report.started_at) for entry in document.entries]
    plain = {
        "contract": f"{name(document.report.suite)} on {name(document.report.database.name)}",
        "kinds": [[name(kind), group_anchor("kind", kind)] for kind in pool.kinds],
        "relations": [[name(relation), group_anchor("relation", relation)] for relation in pool.relations],
        "texts": list(pool.texts),
        "outcomes": outcomes,
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    # Neither `</script>` nor `<!--` may stand in the element; in JSON this means the same.
    return text.replace("<", "\\u003c")


class _Pool:
    """What many outcomes share, each with its place."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}
        self.kinds: dict[str, int] = {}
        self.relations: dict[str, int] = {}

    def text(self, text: str) -> int:
        """The place of a text."""
        return self.texts.setdefault(text, len(self.texts))


def _outcome(entry: Entry, pool: _Pool, started: datetime) -> list[Any]:
    """Kind, relation (-1 for none), level, title, subject, anchor, milliseconds; and what most have not, by name."""
    outcome = entry.outcome
    relation = outcome.relation
    plain = [
        pool.kinds.setdefault(outcome.kind, len(pool.kinds)),
        -1 if relation is None else pool.relations.setdefault(relation, len(pool.relations)),
        LEVELS.index(entry.level),
        pool.text(_title(entry)),
        name(outcome.subject),
        _anchor(entry),
        round(outcome.duration_ms, 3),
    ]
    more = dict(_more(outcome, pool, started))
    return [*plain, more] if more else plain


def _anchor(entry: Entry) -> str:
    """What the anchor has beyond the words of kind and subject, where the script makes those just as we do."""
    words = f"{slug(f'{entry.outcome.kind} {entry.outcome.subject}')}-"
    plain = entry.outcome.subject.isascii() and entry.outcome.subject.isprintable() and entry.outcome.kind.isascii()
    return entry.anchor.removeprefix(words) if plain else f"={entry.anchor}"


def _title(entry: Entry) -> str:
    names = {entry.outcome.relation: _RELATION, entry.outcome.subject: _SUBJECT}
    return "".join(
        names.get(piece.text, name(piece.text)) if piece.changed else name(piece.text) for piece in entry.title
    )


def _more(outcome: Outcome, pool: _Pool, started: datetime) -> Iterator[tuple[str, Any]]:
    if outcome.severity != "error":
        yield "severity", outcome.severity
    if outcome.tags:
        yield "tags", [pool.text(name(tag)) for tag in outcome.tags]
    if outcome.implied:
        yield "implied", 1
    if outcome.reason:
        yield "reason", pool.text(block(outcome.reason))
    if outcome.because:
        yield "because", pool.text(block(outcome.because))
    if outcome.location:
        yield "location", place(outcome)
    if outcome.findings:
        yield "findings", [dict(_finding(finding, outcome.subject, pool, started)) for finding in outcome.findings]
    if outcome.ignored:
        yield "ignored", [_ignored(one) for one in outcome.ignored]
    if outcome.traceback:
        yield "traceback", block(outcome.traceback)


def place(outcome: Outcome) -> str:
    """Where the contract says it: ``db/contract.yaml:9:7``; empty where no file does."""
    at = outcome.location
    return f"{name(at.file)}:{at.line}:{at.column}" if at else ""


def _finding(finding: Finding, subject: str, pool: _Pool, started: datetime) -> Iterator[tuple[str, Any]]:
    yield "message", block(finding.message)
    if finding.object and finding.object != subject:
        yield "object", name(finding.object)
    if finding.fingerprint:
        yield "fingerprint", name(finding.fingerprint)
    if since := since_words(finding, started):
        yield "since", pool.text(since)
    if both := difference(finding):
        yield "expected", _segments(both.expected)
        yield "observed", _segments(both.observed)
    if finding.hint:
        yield "hint", pool.text(block(finding.hint))
    if finding.examples:
        yield "examples", _examples(finding.examples)
    if finding.repair:
        yield "hazards", [pool.text(hazard) for hazard in hazards(finding)]
        yield "repair", visible(repair_script(finding))


def hazards(finding: Finding) -> Iterable[str]:
    """What its repairs may cost, each once."""
    return dict.fromkeys(repair.hazard for repair in finding.repair if repair.hazard != "none")


def long(segments: Segments) -> bool:
    """Whether a text needs more room than there is beside another."""
    text = "".join(block(segment.text) for segment in segments)
    return len(text) > _LONG or text.count("\n") >= _LONG_LINES


def _segments(segments: Segments | None) -> list[str] | None:
    """The texts, turn by turn as it should be and otherwise; the first may be empty."""
    if segments is None:
        return None
    texts: list[str] = []
    for segment in segments:
        turn = len(texts) % 2 == 1
        if segment.changed == turn:
            texts.append(block(segment.text))
        elif texts:
            texts[-1] += block(segment.text)
        else:
            texts += ["", block(segment.text)]
    return texts


def _examples(examples: Examples) -> Mapping[str, Any]:
    return {
        "columns": [name(column) for column in examples.columns],
        "rows": [[None if value is None else name(value) for value in row] for row in examples.rows],
        "masked": examples.masked,
    }


def _ignored(one: Ignored) -> list[str]:
    return [block(one.message), name(one.fingerprint)]
