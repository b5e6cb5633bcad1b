"""What goes when something is dropped with CASCADE: as far as names in texts tell, what Postgres would take along."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.lexis import UnclosedError, names
from pgcontract.lifecycle.mutation.world import Place, column_name
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

_LOOSE = frozenset({"casts", "rules", "statistics", "event_triggers", "operators", "operator_classes"})
_KEYS = frozenset({"PRIMARY KEY", "UNIQUE", "EXCLUDE"})


class Dropping:
    """Takes things out of a catalog, each with what hangs on it."""

    def __init__(self, edit: Edit, world: World) -> None:
        self.edit = edit
        self.world = world

    def relation(self, name: str) -> None:
        """A table, view or foreign table."""
        record: Relation | None = self.edit.get("relations", name)
        if record is None:
            return
        for plural in ("relations", "views", "partitions", "inheritance", "storage", "foreign_tables"):
            if name in getattr(self.world.catalog, plural):
                self.edit.put(plural, name, None)
        for child in self.world.children.get(name, ()):
            self.relation(child)
        for column in record.columns:
            self._sequences(column_name(name, column))
        for table, key in self.world.referring.get(name, ()):
            self.edit.part(table, "constraints", key.name, None)
        for publication in self.world.catalog.publications.values():
            if name in publication.published:
                self._unpublish(publication.name, name)
        self._mentioning(name)

    def _unpublish(self, publication: str, name: str) -> None:
        record = self.edit.get("publications", publication)
        if record is not None:
            left = {key: table for key, table in record.published.items() if key != name}
            self.edit.alter("publications", publication, published=left)

    def _sequences(self, column: str) -> None:
        for name in self.world.owned.get(column, ()):
            self.sequence(name)

    def sequence(self, name: str) -> None:
        """A sequence, and the defaults that draw from it."""
        self.edit.put("sequences", name, None)
        self._mentioning(name)

    def function(self, signature: str) -> None:
        """A function; what calls it goes along where no other function has its name."""
        function = self.edit.get("functions", signature)
        if function is None:
            return
        self.edit.put("functions", signature, None)
        if len(self.world.catalog.overloads[function.name]) == 1:
            self._mentioning(function.name)

    def type(self, name: str) -> None:
        """A type, and the columns, functions and casts that are of it."""
        record = self.edit.get("types", name)
        if record is None:
            return
        self.edit.put("types", name, None)
        if record.multirange:
            self.type(record.multirange)
        self._mentioning(name)

    def _mentioning(self, name: str) -> None:
        for place in self.world.mentions.get(name, ()):
            self._at(place, name)

    def _at(self, place: Place, name: str) -> None:
        """Drop what stands at a place, for it cannot be without what it speaks of."""
        if place.name == name and not place.part:
            return
        record = self.edit.get(place.plural, place.name)
        if record is None:
            return
        if place.part == "columns":
            self._in_column(place, name)
        elif place.part:
            drop = {"constraints": self.constraint, "indexes": self.index, "triggers": self.trigger}.get(place.part)
            if drop is not None:
                drop(place.name, place.key)
            else:
                self.edit.part(place.name, place.part, place.key, None)
        elif place.plural == "views":
            self.relation(place.name)
        elif place.plural == "functions":
            self.function(place.name)
        elif place.plural == "types" and record.kind == "composite":
            left = tuple(one for one in record.attributes if name not in one.type)
            self.edit.alter("types", place.name, attributes=left)
        elif place.plural == "types":
            self.type(place.name)
        elif place.plural in _LOOSE:
            self.edit.put(place.plural, place.name, None)

    def _in_column(self, place: Place, name: str) -> None:
        record = self.edit.get("relations", place.name)
        column = record.columns.get(place.key)
        if column is None:
            return
        if name in (column.default or "") and name not in column.type:
            self.edit.part(place.name, "columns", place.key, replace(column, default=None))
        elif place.name not in self.world.catalog.views:
            self.column(place.name, place.key)

    def column(self, relation: str, column: str) -> None:
        """A column of a table, with its indexes, constraints and what reads it; those of children, too."""
        for name in (relation, *self.world.descendants(relation)):
            self._one_column(name, column)
        self._readers(relation, column)

    def _one_column(self, name: str, column: str) -> None:
        record: Relation | None = self.edit.get("relations", name)
        if record is None or column not in record.columns:
            return
        left = [one for key, one in record.columns.items() if key != column]
        kept = {one.name: replace(one, position=place) for place, one in enumerate(left, 1)}
        self.edit.alter("relations", name, columns=kept)
        self._sequences(column_name(name, column))
        for one in record.constraints.values():
            if column in one.columns or _speaks(column, one.expression):
                self.constraint(name, one.name)
        for index in record.indexes.values():
            if _speaks(column, *index.columns, index.predicate) or column in index.include:
                self.index(name, index.name)
        for other in left:
            if other.generated and _speaks(column, other.expression):
                self.column(name, other.name)
        self._policies(record, column)
        self._elsewhere(name, column)
        for table, key in self.world.referring.get(name, ()):
            if column in key.referenced_columns:
                self.constraint(table, key.name)

    def _elsewhere(self, name: str, column: str) -> None:
        """Publications that send the column or ask it, and statistics on it."""
        for publication in self.world.catalog.publications.values():
            sent = publication.published.get(name)
            if sent is not None and (column in sent.columns or _speaks(column, sent.where)):
                self._unpublish(publication.name, name)
        for statistics in self.world.catalog.statistics.values():
            if statistics.table == name and (column in statistics.columns or _speaks(column, *statistics.expressions)):
                self.edit.put("statistics", statistics.name, None)

    def _policies(self, record: Relation, column: str) -> None:
        for policy in record.policies.values():
            if _speaks(column, policy.using, policy.with_check):
                self.edit.part(record.name, "policies", policy.name, None)
        for trigger in record.triggers.values():
            if column in trigger.columns or _speaks(column, trigger.when):
                self.trigger(record.name, trigger.name)

    def _readers(self, relation: str, column: str) -> None:
        """The views, rules and policies elsewhere whose text speaks of the table and, by itself, of the column."""
        for place in self.world.mentions.get(relation, ()):
            if place.part == "policies":
                policy = self.world.record(place)
                if _speaks(column, policy.using, policy.with_check):
                    self.edit.part(place.name, "policies", place.key, None)
            elif place.plural in {"views", "rules"} and _speaks(column, self.world.record(place).definition):
                self._at(place, relation)

    def constraint(self, relation: str, name: str) -> None:
        """A constraint, the index behind it, and the foreign keys that need it."""
        record: Relation | None = self.edit.get("relations", relation)
        if record is None or name not in record.constraints:
            return
        constraint: Constraint = record.constraints[name]
        self.edit.part(relation, "constraints", name, None)
        for child in self.world.children.get(relation, ()):
            for one in self._inherited(child, constraint):
                self.constraint(child, one)
        if constraint.kind in _KEYS and constraint.index:
            self.index(relation, constraint.index)
            for table, key in self.world.referring.get(relation, ()):
                if set(key.referenced_columns) == set(constraint.columns):
                    self.edit.part(table, "constraints", key.name, None)

    def _inherited(self, child: str, constraint: Constraint) -> list[str]:
        """What a child has of a constraint of its parent: a table has CHECKs, a partition all."""
        record: Relation | None = self.edit.get("relations", child)
        if record is None or constraint.no_inherit:
            return []
        if constraint.kind == "CHECK":
            return [constraint.name] if constraint.name in record.constraints else []
        said = (constraint.kind, constraint.columns, constraint.references, constraint.referenced_columns)
        same = (
            one.name
            for one in record.constraints.values()
            if (one.kind, one.columns, one.references, one.referenced_columns) == said
        )
        return list(same) if record.is_partition else []

    def trigger(self, relation: str, name: str) -> None:
        """A trigger, and the constraint that a constraint trigger is."""
        self.edit.part(relation, "triggers", name, None)
        constraint = self.edit.get("relations", relation).constraints.get(name)
        if constraint is not None and constraint.kind == "TRIGGER":
            self.edit.part(relation, "constraints", name, None)

    def index(self, relation: str, name: str) -> None:
        """An index, those that partitions have of it, and that the table was clustered on it or told its rows by it."""
        record: Relation | None = self.edit.get("relations", relation)
        index = record.indexes.get(name) if record is not None else None
        self.edit.part(relation, "indexes", name, None)
        for child in self.world.children.get(relation, ()) if index is not None else ():
            part: Relation | None = self.edit.get("relations", child)
            if part is not None and part.is_partition:
                same = next(
                    (one for one in part.indexes.values() if str(one) == str(index) and not one.constraint), None
                )
                if same is not None:
                    self.index(child, same.name)
        storage = self.edit.get("storage", relation)
        if storage is None:
            return
        if storage.replica_index == name:
            storage = replace(storage, replica_index=None)
        if storage.clustered_on == name:
            storage = replace(storage, clustered_on=None)
        plain = storage.replica_identity == "DEFAULT" and storage.clustered_on is None
        self.edit.put("storage", relation, None if plain else storage)


def _speaks(column: str, *texts: str | None) -> bool:
    return speaks(column, texts)


def speaks(column: str, texts: Iterable[str | None]) -> bool:
    """Whether any of the texts names the column."""
    return any(_in(column, text) for text in texts if text)


def _in(column: str, text: str) -> bool:
    quoted = quote(column)
    if quoted != column:  # a keyword, perhaps, of which the text is full
        return quoted in text
    try:
        return column in names(text)
    except UnclosedError:
        return column in text
