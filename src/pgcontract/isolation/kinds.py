"""References that name a table and a row of it: `kind = 'bill', number = 5`. The number alone says nothing.

Rows of different tables get the same numbers in the two worlds, so that a policy that forgets to ask for the kind takes
the one for the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.vocabulary import Vocabulary
    from pgcontract.isolation.worlds import Builder

_FEWEST = 2
_NUMBER = re.compile(r"(?:^|_)(?:id|ref|key|number|no|uuid)$")


@dataclass(frozen=True, slots=True)
class Kinds:
    """A table whose rows refer to rows of several others.

    Attributes:
        kind: The column that says which table.
        number: The column that says which row.
        targets: For each label of the kind the table and its key.
    """

    table: str
    kind: str
    number: str
    targets: Mapping[str, tuple[str, str]]


def kinds(catalog: Catalog, vocabulary: Vocabulary, ownership: Ownership) -> list[Kinds]:
    """The tables with such references to tables that belong to somebody."""
    found = []
    for relation in catalog.tables.values():
        for column in relation.columns.values():
            labels = vocabulary.labels(relation.name, column)
            targets = {label: target for label in labels if (target := _target(catalog, ownership, relation, label))}
            number = _number(catalog, relation, column.name, targets) if len(targets) >= _FEWEST else None
            if number is not None:
                found.append(Kinds(relation.name, column.name, number, targets))
                break
    return found


def _target(catalog: Catalog, ownership: Ownership, relation: Relation, label: str) -> tuple[str, str] | None:
    """The table that a label names, with its key."""
    wanted = _stem(label)
    for name in ownership.owned:
        table = catalog.tables.get(name)
        if table is None or name == relation.name or _stem(name.rpartition(".")[2]) != wanted:
            continue
        if table.primary_key is not None and len(table.primary_key.columns) == 1:
            return name, table.primary_key.columns[0]
    return None


def _stem(word: str) -> str:
    plain = re.sub(r"[^a-z]", "", word.lower())
    return re.sub(r"(?:ies|y)$", "i", plain) if re.search(r"(?:ies|y)$", plain) else re.sub(r"e?s$", "", plain)


def _number(catalog: Catalog, relation: Relation, kind: str, targets: Mapping[str, tuple[str, str]]) -> str | None:
    types = {catalog.tables[table].columns[key].type for table, key in targets.values()}
    keyed = {
        c for key in relation.constraints.values() if key.kind in {"PRIMARY KEY", "FOREIGN KEY"} for c in key.columns
    }
    fitting = [c.name for c in relation.columns.values() if c.type in types and c.name not in keyed]
    beside = [name for name in fitting if name.rpartition("_")[0] == kind.rpartition("_")[0]]
    return next((name for name in [*beside, *fitting] if _NUMBER.search(name)), None)


def after_targets(known: Iterable[Kinds], ordered: Iterable[str], catalog: Catalog) -> list[str]:
    """The tables in their order, but those that refer so, and what hangs on them, last."""
    names = list(ordered)
    late = {one.table for one in known}
    for name in names:
        if any(key.references in late for key in catalog.tables[name].having("FOREIGN KEY")):
            late.add(name)
    return [*(name for name in names if name not in late), *(name for name in names if name in late)]


def pins(builder: Builder, known: Iterable[Kinds], world: str, relation: Relation, index: int) -> dict[str, Any]:
    """What a row of a world holds because of such references: its kind and number, or the number of another's."""
    found: dict[str, Any] = {}
    for one in known:
        labels = list(one.targets)
        if relation.name == one.table:
            label = labels[index % len(labels)]
            table, key = one.targets[label]
            rows = builder.worlds.of(world, table)
            if rows:
                chosen = rows[(index // len(labels)) % len(rows)]
                found |= {one.kind: label, one.number: chosen.values[key]}
        elif world == "B":
            found |= dict(_same_number(builder, one, relation, index))
    return found


def _same_number(builder: Builder, one: Kinds, relation: Relation, index: int) -> Iterator[tuple[str, Any]]:
    """The key that a row of A's in another of the tables has, unless one of B's here has it already."""
    targets = list(one.targets.values())
    for position, (table, key) in enumerate(targets):
        if table != relation.name:
            continue
        other, others_key = targets[(position + 1) % len(targets)]
        theirs = [row.values[others_key] for row in builder.worlds.of("A", other)]
        taken = {row.values[key] for world in ("A", "B") for row in builder.worlds.of(world, table)}
        if index < len(theirs) and theirs[index] not in taken:
            yield key, theirs[index]
