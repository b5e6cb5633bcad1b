"""What a contract promises, arranged for people: table by table, and what belongs to none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pgcontract.lifecycle.site.columns import columns_of
from pgcontract.lifecycle.site.comments import comments
from pgcontract.lifecycle.site.placing import about
from pgcontract.lifecycle.site.policies import policy_words
from pgcontract.lifecycle.site.sections import COLUMNS, FUNCTIONS, REST, heading, headings
from pgcontract.lifecycle.site.sentences import said
from pgcontract.lifecycle.site.standing import standing
from pgcontract.names import split
from pgcontract.report.document import LEVELS
from pgcontract.report.rules import rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pgcontract.lifecycle.site.columns import Column
    from pgcontract.lifecycle.site.comments import Comments
    from pgcontract.lifecycle.site.policies import PolicyWords
    from pgcontract.lifecycle.site.sentences import Sentence
    from pgcontract.report.document import Document, Entry, Level

_NOUNS = {"TableExists": "table", "ViewExists": "view", "ForeignTableExists": "foreign table"}


@dataclass(frozen=True, slots=True)
class Promise:
    """An outcome in words.

    Attributes:
        function: The function that it is about, if it is about one.
        tags: Those that not all promises about the relation have.
        policy: Of a policy, what it means.
    """

    entry: Entry
    said: Sentence
    function: str | None
    tags: tuple[str, ...]
    policy: PolicyWords | None


@dataclass(frozen=True, slots=True)
class Section:
    """Promises under one heading; those that are rather for machines than for readers are `folded`."""

    title: str
    promises: tuple[Promise, ...]
    folded: bool

    @property
    def level(self) -> Level:
        """How they stand together."""
        return standing(promise.entry.level for promise in self.promises)

    @property
    def groups(self) -> tuple[tuple[str | None, tuple[Promise, ...]], ...]:
        """The promises by the function that they are about; all in one where they are about none."""
        members: dict[str | None, list[Promise]] = {}
        for promise in self.promises:
            members.setdefault(promise.function, []).append(promise)
        return tuple((function, tuple(inside)) for function, inside in members.items())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A relation.

    Attributes:
        name: Its canonical name.
        noun: What it is, as far as the contract says.
        anchor: Its name for links, which is the same in reports.
        comment: What the contract wants the comment on it to be.
        tags: Those that all promises about it have.
        levels: How many promises have each level, the worst first.
    """

    name: str
    noun: str
    anchor: str
    comment: str | None
    tags: tuple[str, ...]
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    levels: Mapping[Level, int]

    @property
    def level(self) -> Level:
        """How its promises stand together."""
        return standing(self.levels)


@dataclass(frozen=True, slots=True)
class Promises:
    """All that a contract promises.

    Attributes:
        sheets: By relation, those in `public` first.
        others: What belongs to no relation.
        kinds: What each kind means that occurs, in words.
    """

    sheets: tuple[Sheet, ...]
    others: tuple[Section, ...]
    kinds: tuple[tuple[str, str], ...]


def promised(document: Document) -> Promises:
    """The outcomes of a run as promises, in the order of the suite whatever their verdicts."""
    anchors = {group.title: group.anchor for group in document.groups if group.by == "relation"}
    members: dict[str, list[_Placed]] = {name: [] for name in anchors}
    rest: list[_Placed] = []
    for entry in document.entries:
        relation, function = about(entry.outcome, anchors)
        (rest if relation is None else members[relation]).append(_Placed(entry, function))
    words = comments(document.report.outcomes)
    sheets = [_sheet(name, anchors[name], inside, words) for name, inside in members.items()]
    kinds = sorted({outcome.kind for outcome in document.report.outcomes})
    return Promises(
        tuple(sorted(sheets, key=lambda sheet: (_schema(sheet.name) != "public", sheet.name))),
        tuple(_sections(rest, (), of_a_relation=False)),
        tuple((rule["id"], rule["shortDescription"]["text"]) for rule in rules(kinds)),
    )


class _Placed(NamedTuple):
    """An outcome, and the function that it is about."""

    entry: Entry
    function: str | None


def _sheet(name: str, anchor: str, inside: Sequence[_Placed], words: Comments) -> Sheet:
    entries = [each.entry for each in inside]
    levels = Counter(entry.level for entry in entries)
    nouns = (_NOUNS[entry.outcome.kind] for entry in entries if entry.outcome.kind in _NOUNS)
    tags = tuple(sorted(set.intersection(*(set(entry.outcome.tags) for entry in entries))))
    return Sheet(
        name,
        next(nouns, ""),
        anchor,
        words.relations.get(name),
        tags,
        columns_of(entries, {column: said for (of, column), said in words.columns.items() if of == name}),
        tuple(_sections(inside, tags, of_a_relation=True)),
        {level: levels[level] for level in LEVELS if levels[level]},
    )


def _sections(inside: Iterable[_Placed], tags: Collection[str], *, of_a_relation: bool) -> Iterator[Section]:
    members: dict[str, list[Promise]] = {}
    for entry, function in inside:
        title = FUNCTIONS if function else heading(entry.outcome.kind, of_a_relation=of_a_relation)
        members.setdefault(title, []).append(_promise(entry, function, tags))
    for title in sorted(members, key=headings(of_a_relation=of_a_relation).index):
        yield Section(title, tuple(members[title]), folded=of_a_relation and title in {COLUMNS, REST})


def _promise(entry: Entry, function: str | None, tags: Collection[str]) -> Promise:
    own = tuple(tag for tag in entry.outcome.tags if tag not in tags)
    return Promise(entry, said(entry), function, own, policy_words(entry.outcome))


def _schema(name: str) -> str:
    try:
        return split(name)[0]
    except ValueError:
        return ""
