"""What triggers write when rows change or go: of each world a row is changed and put back, and one is deleted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgcontract.contract.session import Refused
from pgcontract.isolation.derived import written
from pgcontract.isolation.identities import WORLDS
from pgcontract.isolation.rows import insert, sql
from pgcontract.isolation.stored import OURS, refers_by, stored
from pgcontract.names import quote
from pgcontract.synth import CannotSynthesise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.rows import Row
    from pgcontract.isolation.worlds import Builder

MOST_COLUMNS = 6
_LONG = 12
_WRITES = re.compile(r"\binsert\s+into\b|\bexecute\b", re.IGNORECASE)
_OTHER = {
    "boolean": "not {}",
    "smallint": "{} + 1",
    "integer": "{} + 1",
    "bigint": "{} + 1",
    "numeric": "{} + 1",
    "real": "{} + 1",
    "double precision": "{} + 1",
    "date": "{} + 1",
    "timestamp": "{} + '1 minute'",
}


@dataclass(slots=True)
class _Source:
    """A table whose triggers keep a history: on what, of which columns, and where it is known to go."""

    events: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)


def keep_histories(builder: Builder) -> None:
    """Let triggers write of both worlds what they write of rows that change; what they have written belongs to it."""
    sources = _sources(builder)
    targets = sorted({table for source in sources.values() for table in source.targets})
    for world in WORLDS if sources else ():
        with builder.of_world(world):
            for table, source in sources.items():
                for row in [row for row in builder.worlds.of(world, table) if not row.by_trigger][:1]:
                    _change(builder, source, row)
                _delete(builder, source, world, table)
    for table in targets:
        _adopt(builder, table)


def _sources(builder: Builder) -> dict[str, _Source]:
    found: dict[str, _Source] = {}
    for name, relation in builder.catalog.tables.items():
        if not builder.worlds.of("B", name):
            continue
        for trigger in relation.triggers.values():
            bodies = [function.source or "" for function in builder.catalog.overloads.get(trigger.function, ())]
            if trigger.enabled != "DISABLED" and any(_WRITES.search(body) for body in bodies):
                source = found.setdefault(name, _Source())
                source.events |= set(trigger.events)
                source.columns |= set(trigger.columns)
                source.targets |= written(builder.catalog, trigger, name)
    return found


def _change(builder: Builder, source: _Source, row: Row) -> None:
    """Another value for a column, and the old one again; of the column whose change is written down."""
    if "UPDATE" not in source.events:
        return
    relation = builder.catalog.tables[row.table]
    kept: list[str] = []
    for column, value in list(_others(builder, relation, row, source.columns))[:MOST_COLUMNS]:
        update = f"update {relation.name} set {quote(column)} ="
        back = sql(row.values[column])
        touch = f"{update} {value} where {row.where};\n{update} {back} where {row.where}"
        before = _count(builder, source)
        if not _ran(builder, touch):
            continue
        if _count(builder, source) > before or not source.targets:
            kept = [touch]
            break
    builder.worlds.touches += kept


def _others(builder: Builder, relation: Relation, row: Row, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Columns that may well change, with another value as SQL; those that a trigger asks for come first."""
    for column in sorted(relation.columns.values(), key=lambda column: column.name not in wanted):
        fixed = column.generated or column.identity or column.name in row.key or refers_by(relation, column.name)
        value = row.values[column.name]
        if not fixed and value is not None and column.name not in builder.ownership.direct.get(relation.name, {}):
            other = _other(builder, relation, column, value)
            if other is not None:
                yield column.name, other


def _other(builder: Builder, relation: Relation, column: Column, value: str) -> str | None:
    labels = [label for label in builder.vocabulary.labels(relation.name, column) if label != value]
    if labels:
        return sql(labels[0])
    if builder.vocabulary.is_text(column):
        return sql(value + value[-1:])
    form = next((form for kind, form in _OTHER.items() if column.type.startswith(kind)), None)
    return form and form.format(quote(column.name))


def _delete(builder: Builder, source: _Source, world: str, table: str) -> None:
    """One more row, which goes at once."""
    if "DELETE" not in source.events:
        return
    relation = builder.catalog.tables[table]
    try:
        with builder.session.trial():
            row = builder.drafted(relation, world, 0, {})
            needed = [] if row is None else builder.unknown_parents(relation, row)
        builder.keep(needed)
    except (CannotSynthesise, Refused):
        return
    if row is not None:
        touch = f"{insert(relation, row.values)};\ndelete from {relation.name} where {row.where}"
        if _ran(builder, touch):
            builder.worlds.touches.append(touch)


def _ran(builder: Builder, statements: str) -> bool:
    try:
        builder.session.rows(statements)
    except Refused:
        return False
    return True


def _count(builder: Builder, source: _Source) -> int:
    counts = [f"(select pg_catalog.count(*) from {table} where {OURS})" for table in sorted(source.targets)]
    try:
        return int(builder.session.rows(f"select {' + '.join(counts)}")[0][0]) if counts else 0
    except Refused:
        return 0


def _adopt(builder: Builder, table: str) -> None:
    """The rows that have come into a history belong to the world of which their values speak."""
    relation = builder.catalog.tables[table]
    for row in stored(builder.session, relation, OURS, world="", start=0):
        text = " ".join(value for value in row.values.values() if value is not None)
        worlds = [world for world in WORLDS if any(name in text for name in _names(builder, world))]
        if len(worlds) == 1:
            row.world = worlds[0]
            row.index = len(builder.worlds.of(row.world, table))
            builder.adopt(row)


def _names(builder: Builder, world: str) -> list[str]:
    """What tells a world's rows: its canaries, its users, and its organisations where their names are no short ones."""
    known = [str(value) for values in builder.identities.values[world].values() for value in values]
    long = [value for value in known if len(value) >= _LONG]
    return [builder.identities.tags[world], *builder.identities.uids[world], *long]
