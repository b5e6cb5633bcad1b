"""Tables, views, materialised and foreign tables, each with all that hangs on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.catalog.inheritance import children
from pgcontract.catalog.storage import Storage
from pgcontract.expectations.column_kinds import ColumnKindsAre
from pgcontract.expectations.columns import ColumnDefault, ColumnExists, ColumnsAre, ColumnType
from pgcontract.expectations.commented import CommentsAre, commented
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.foreign_tables import ForeignTableExists
from pgcontract.expectations.inheritance import ChildrenAre, ParentsAre
from pgcontract.expectations.partitions import PartitionedBy, PartitionOf, PartitionsAre
from pgcontract.expectations.storage import Clustered, ReplicaIdentity
from pgcontract.expectations.table_storage import TableStorage
from pgcontract.expectations.tables import TableExists
from pgcontract.expectations.views import ViewExists
from pgcontract.lifecycle.inventory.columns import columns, storage
from pgcontract.lifecycle.inventory.constraints import constraints, indexes
from pgcontract.lifecycle.inventory.databases import named
from pgcontract.lifecycle.inventory.frame import Source, described, readable
from pgcontract.lifecycle.inventory.hanging import policies, row_level_security, rules, triggers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.expectation import Expectation

_NOUNS = {"partitioned table": "table"}


def relations(source: Source) -> Iterator[Expectation]:
    """Each relation in the order of the names; tables and foreign tables first, for views read them."""
    held: list[Relation] = list(source.records("relations"))
    for relation in held:
        if relation.is_table:
            yield from _table(source, relation)
    for relation in held:
        if relation.kind == "foreign table":
            yield from _foreign_table(source, relation)
    for relation in held:
        if relation.kind in {"view", "materialized view"}:
            yield from _view(source, relation)
    if source.level == "full":
        yield from _on_the_platform(source, {relation.name for relation in held})


def _described(source: Source, relation: Relation) -> Iterator[Expectation]:
    noun = _NOUNS.get(relation.kind, relation.kind)
    yield from described(source, noun, relation.name, relation, "table")
    yield from readable(lambda: [CommentsAre(relation.name, list(commented(source.catalog, relation.name)))])


def _table(source: Source, relation: Relation) -> Iterator[Expectation]:
    yield TableExists(relation.name)
    if source.level != "tables":
        yield from readable(partial(columns, source, relation))
    if source.level == "full":
        yield from readable(
            partial(constraints, relation),
            partial(indexes, relation),
            partial(row_level_security, relation),
            partial(policies, source, relation),
            partial(triggers, source, relation),
            partial(rules, source, relation),
            partial(_ancestry, source, relation),
            partial(_storage, source, relation),
        )
        yield from _described(source, relation)


def _ancestry(source: Source, relation: Relation) -> Iterator[Expectation]:
    catalog, name = source.catalog, relation.name
    if relation.kind == "partitioned table":
        partitioning = catalog.partitions[name]
        yield PartitionedBy(name, partitioning.strategy, partitioning.key)
        yield PartitionsAre(name, sorted(child.name for child in children(catalog.inheritance, name)))
    elif any(children(catalog.inheritance, name)):
        yield ChildrenAre(name, sorted(child.name for child in children(catalog.inheritance, name)))
    own = catalog.inheritance.get(name)
    if own is not None and relation.is_partition:
        yield PartitionOf(name, own.parents[0], bound=own.bound)
    yield ParentsAre(name, own.parents if own else [])


def _storage(source: Source, relation: Relation) -> Iterator[Expectation]:
    storage = source.catalog.storage.get(relation.name, Storage(relation.name))
    if relation.persistence != "temporary":
        yield TableStorage(relation.name, persistence=relation.persistence, parameters=sorted(relation.options))
    yield ReplicaIdentity(relation.name, storage.replica_identity, index=storage.replica_index)
    yield Clustered(relation.name, storage.clustered_on)


def _foreign_table(source: Source, relation: Relation) -> Iterator[Expectation]:
    def exists() -> Iterator[Expectation]:
        if source.level == "full":
            foreign = source.catalog.foreign_tables[relation.name]
            yield ForeignTableExists(
                relation.name,
                server=foreign.server,
                options=named(foreign.options),
                only_options=True,
                column_options=[(each.column, named(each.options)) for each in foreign.columns],
            )
        else:
            yield ForeignTableExists(relation.name)

    yield from readable(exists)
    if source.level != "tables":
        yield from readable(partial(columns, source, relation))
    if source.level == "full":
        yield from readable(
            partial(constraints, relation),
            partial(triggers, source, relation),
            partial(_ancestry, source, relation),
        )
        yield from _described(source, relation)


def _view(source: Source, relation: Relation) -> Iterator[Expectation]:
    materialized = relation.kind == "materialized view"
    if source.level != "full":
        yield ViewExists(relation.name, materialized=materialized)
        if source.level == "columns":
            yield from readable(partial(_view_columns, relation))
        return
    parts: list[Callable[[], Iterable[Expectation]]] = [partial(_query, source, relation)]
    if materialized:
        parts += [partial(indexes, relation), partial(_clustering, source, relation)]
    else:
        parts += [partial(triggers, source, relation), partial(rules, source, relation)]
    yield from readable(*parts, partial(_view_defaults, relation), partial(_column_comments, relation))
    yield from _described(source, relation)


def _clustering(source: Source, relation: Relation) -> Iterator[Expectation]:
    """The index of a materialised view that `CLUSTER` takes; most are on none, which is not worth a line."""
    storage = source.catalog.storage.get(relation.name)
    if storage is not None and storage.clustered_on is not None:
        yield Clustered(relation.name, storage.clustered_on)


def _view_columns(relation: Relation) -> Iterator[Expectation]:
    for column in relation.columns.values():
        yield ColumnExists(relation.name, column.name)
        yield ColumnType(relation.name, column.name, column.type)
    yield ColumnsAre(relation.name, list(relation.columns))


def _view_defaults(relation: Relation) -> Iterator[Expectation]:
    """A view's columns are as its query makes them, but for defaults, which an INSERT through it takes."""
    defaulted = [column for column in relation.columns.values() if column.default is not None]
    if relation.kind == "view":
        yield from (ColumnDefault(relation.name, column.name, column.default) for column in defaulted)
        collated = [column.name for column in relation.columns.values() if column.collation is not None]
        names = [column.name for column in defaulted]
        yield ColumnKindsAre(relation.name, collated=collated, defaulted=names)


def _column_comments(relation: Relation) -> Iterator[Expectation]:
    """And how the few columns of materialised views are stored that are not so as usual."""
    for column in relation.columns.values():
        if column.stored:
            yield ColumnExists(relation.name, column.name)
            yield from storage(relation.name, column)
        if column.comment:
            yield CommentIs("column", column.name, column.comment, of=relation.name)


def _query(source: Source, relation: Relation) -> Iterator[Expectation]:
    view = source.catalog.views[relation.name]
    if view.materialized:
        yield ViewExists(
            view.name,
            materialized=True,
            definition=view.definition,
            populated=view.populated,
            parameters=sorted(relation.options),
        )
        return
    yield ViewExists(
        view.name,
        security_invoker=view.security_invoker,
        security_barrier=view.security_barrier,
        check_option=view.check_option or "NONE",
        definition=view.definition,
    )


def _on_the_platform(source: Source, held: set[str]) -> Iterator[Expectation]:
    """The policies and triggers that a user has put on relations of the platform's."""
    for name, relation in sorted(source.catalog.relations.items()):
        if name in held or not relation.is_table:
            continue
        yield from readable(partial(_own_policies, source, relation), partial(triggers, source, relation))


def _own_policies(source: Source, relation: Relation) -> Iterator[Expectation]:
    if any(source.scope.part_holds(source.catalog, relation, each) for each in relation.policies.values()):
        yield from row_level_security(relation)
        yield from policies(source, relation)
