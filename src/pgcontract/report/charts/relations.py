"""The relations that a report speaks of, and the foreign keys among them, each with what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgcontract.names import quote, signature, split
from pgcontract.report.document import LEVELS, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.report.document import Document, Entry, Group

TROUBLES: frozenset[Level] = frozenset({"broken", "errored", "warning", "info"})
"""The levels that a reader is to look at."""

# In which fields expectations name a table or view; what is named in others (a sequence, a type) is not drawn.
_FIELDS = ("table", "view", "relation", "partition", "parent", "child")


@dataclass(frozen=True, slots=True)
class Key:
    """One expectation of a foreign key.

    Attributes:
        columns: Those that refer, as text.
        level: What became of it.
        anchor: Where it is shown in full; None where it is in order, and so is not.
    """

    columns: str
    level: Level
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """The foreign keys from one relation to another; `child` refers to `parent`, which may be the same one."""

    child: str
    parent: str
    keys: tuple[Key, ...]

    @property
    def worst(self) -> Key:
        """The key that is in the worst state."""
        return min(self.keys, key=lambda key: LEVELS.index(key.level))


@dataclass(frozen=True, slots=True)
class Node:
    """A relation.

    Attributes:
        name: Its canonical name.
        schema: The first part of it; empty where it has one part only.
        table: The last part, as Postgres quotes it.
        level: Its worst trouble; `passed` where there is none and something was checked.
        counts: How many expectations have each level; empty where the contract only refers to it.
        anchor: Where its outcomes are; None where it has none.
    """

    name: str
    level: Level
    counts: Mapping[Level, int]
    anchor: str | None
    schema: str = field(init=False)
    table: str = field(init=False)

    def __post_init__(self) -> None:
        """What a saved report says may be no name at all."""
        try:
            *schema, table = split(self.name)
        except ValueError:
            schema, table = [], self.name
        object.__setattr__(self, "schema", ".".join(schema))
        object.__setattr__(self, "table", quote(table))


@dataclass(frozen=True, slots=True)
class Relations:
    """All of them, by name and in the order of their names."""

    nodes: Mapping[str, Node]
    links: tuple[Link, ...]

    @property
    def own(self) -> list[Node]:
        """Those that the contract has expectations of."""
        return [node for node in self.nodes.values() if node.anchor is not None]


def relations(document: Document) -> Relations:
    """What the report's outcomes tell of relations."""
    groups = [group for group in document.groups if group.by == "relation"]
    links = tuple(_links(groups))
    ends = {end for link in links for end in (link.child, link.parent)}
    nodes = {group.title: _node(group) for group in groups if group.title in ends or _is_drawn(group)}
    outside = {name: Node(name, "skipped", {}, None) for name in ends - nodes.keys()}
    every = nodes | outside
    return Relations({name: every[name] for name in sorted(every)}, links)


def standing(counts: Mapping[Level, int]) -> Level:
    """One level for many: the worst trouble; else `passed` if anything was checked."""
    found: list[Level] = [level for level in LEVELS if counts.get(level)]
    if not found:
        return "skipped"
    return found[0] if found[0] in TROUBLES or "passed" not in found else "passed"


def _node(group: Group) -> Node:
    counts: Counter[Level] = Counter(entry.level for entry in group.entries)
    return Node(
        group.title, standing(counts), {level: counts[level] for level in LEVELS if counts[level]}, group.anchor
    )


def _is_drawn(group: Group) -> bool:
    """Whether it is a table or view; a sequence or a type has expectations too."""
    return any(
        not said or any(said.get(field) == group.title for field in _FIELDS)
        for said in (entry.outcome.expectation for entry in group.entries)
    )


def _links(groups: Iterable[Group]) -> Iterator[Link]:
    keys: dict[tuple[str, str], list[Key]] = {}
    for group in groups:
        for entry in group.entries:
            if (parent := _referred(entry)) is not None:
                anchor = entry.anchor if entry.troubled else None
                key = Key(_columns(entry), entry.level, anchor)
                keys.setdefault((group.title, parent), []).append(key)
    for (child, parent), found in sorted(keys.items()):
        yield Link(child, parent, tuple(found))


def _referred(entry: Entry) -> str | None:
    """The relation that its columns are to refer to; what a saved report says may be anything."""
    said = entry.outcome.expectation.get("references")
    if not isinstance(said, str):
        return None
    try:
        return signature(said)[0]
    except ValueError:
        return None


def _columns(entry: Entry) -> str:
    named = entry.outcome.expectation.get("columns")
    return ", ".join(map(str, named)) if isinstance(named, list | tuple) else str(named or "")
