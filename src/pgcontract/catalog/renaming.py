"""A catalog in which one thing has another name: as it would be read after `ALTER … RENAME TO`.

Queries and expressions are rewritten by their texts. Where a query reads two tables of which both have a column of the
name, that is an approximation: the catalog, read again, has what Postgres makes of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.inheritance import ancestors, children
from pgcontract.catalog.references import qualified_name, read_from, respelled, rewritten, swapped, words
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation

_REFERRING = (
    *("relations", "functions", "types", "views", "rules", "sequences", "statistics", "publications"),
    *("casts", "operators", "operator_classes", "event_triggers", "inheritance", "partitions", "foreign_tables"),
    *("storage", "text_search_dictionaries", "text_search_configurations", "collations"),
)
_OF_DATABASE = frozenset({"publications", "event_triggers"})
# What has its name from the one namespace of relations and their row types, or is called after one.
_OF_RELATIONS = frozenset(
    {"relations", "views", "sequences", "types", "inheritance", "partitions", "foreign_tables", "storage", "rules"}
)
_QUERIES = ("views", "rules", "functions")


def renamed(catalog: Catalog, plural: str, old: str, new: str) -> Catalog:
    """With something that stands by itself under another name, and all that refers to it.

    Args:
        catalog: What is.
        plural: The field of the catalog that has it: `relations`.
        old: Its name there; of what is in a schema the canonical one, of functions without their arguments.
        new: The name that it gets, in the same form.
    """
    if plural in _OF_DATABASE:  # to which nothing refers
        record = getattr(catalog, plural)[old]
        return catalog.changed({plural: {old: None, new: replace(record, name=new)}})
    named = _OF_RELATIONS if plural in _OF_RELATIONS else {plural}
    return _rewritten(catalog, _REFERRING, qualified_name(old, new, bare=plural == "relations"), named)


def _rewritten(
    catalog: Catalog, plurals: tuple[str, ...], rewrite: Callable[[str], str], named: Collection[str] = ()
) -> Catalog:
    """With all texts rewritten, but names only in some fields: a function and a table may have the same."""
    changes: dict[str, dict[str, Any]] = {}
    for plural in plurals:
        for name, record in getattr(catalog, plural).items():
            if getattr(record, "extension", None) or getattr(record, "system", False):
                continue
            after = rewritten(record, rewrite)
            if after is not record and plural not in named and hasattr(record, "name"):
                after = replace(after, name=record.name)
            if after != record:
                key = after.signature if hasattr(after, "signature") else after.name  # a cast has no name
                changes.setdefault(plural, {}).update({name: None, key: after})
    return catalog.changed(changes)


def label_renamed(catalog: Catalog, name: str, old: str, new: str) -> Catalog:
    """With a label of an enum under another name, and wherever it is spoken of as one: `'paid'::app.state`."""
    there = catalog.types[name]
    labels = tuple(new if label == old else label for label in there.labels)
    catalog = catalog.changed({"types": {name: replace(there, labels=labels)}})
    spoken, other = f"{literal(old)}::{name}", f"{literal(new)}::{name}"
    return _rewritten(catalog, _REFERRING, lambda text: text.replace(spoken, other))


def part_renamed(catalog: Catalog, table: str, part: str, old: str, new: str) -> Catalog:
    """With a constraint, index, policy or trigger of a table under another name, unquoted.

    A constraint and the index behind it share their name. Checks that are inherited, and triggers of partitions, are
    renamed with the parent's.
    """
    for child in children(catalog.inheritance, table):
        record = getattr(catalog.relations[child.name], part).get(old) if child.name in catalog.relations else None
        if record is not None and goes_along(catalog, child.name, part, old):
            catalog = part_renamed(catalog, child.name, part, old, new)
    relation = catalog.relations[table]
    parts: dict[str, Any] = {part: _keyed(getattr(relation, part), old, new)}
    if part == "constraints" and relation.constraints[old].index == old:
        parts["constraints"][new] = replace(parts["constraints"][new], index=new)
        if old in relation.indexes:
            parts["indexes"] = _keyed(relation.indexes, old, new)
            parts["indexes"][new] = replace(parts["indexes"][new], constraint=new)
    changes: dict[str, dict[str, Any]] = {"relations": {table: replace(relation, **parts)}}
    storage = catalog.storage.get(table)
    if storage is not None and old in parts.get("indexes", {}).keys() ^ relation.indexes.keys():
        clustered, told = (new if name == old else name for name in (storage.clustered_on, storage.replica_index))
        changes["storage"] = {table: replace(storage, clustered_on=clustered, replica_index=told)}
    return catalog.changed(changes)


def goes_along(catalog: Catalog, table: str, part: str, name: str) -> bool:
    """Whether a part of a table came from a parent, and so has its name from there."""
    above = [catalog.relations[each] for each in ancestors(catalog.inheritance, table) if each in catalog.relations]
    relation = catalog.relations[table]
    if part == "columns":
        return any(name in parent.columns for parent in above)
    if part == "constraints":
        own = relation.constraints[name]
        return own.kind == "CHECK" and any(
            name in parent.constraints and parent.constraints[name].expression == own.expression for parent in above
        )
    return part == "triggers" and relation.is_partition and any(name in parent.triggers for parent in above)


def _keyed(records: Any, old: str, new: str) -> dict[str, Any]:
    """Records by name, with one under another, in its place."""
    return {
        (new if name == old else name): replace(record, name=new) if name == old else record
        for name, record in records.items()
    }


def column_renamed(catalog: Catalog, table: str, old: str, new: str) -> Catalog:
    """With a column under another name, unquoted, in the table and in those that inherit from it."""
    tables = [table]
    for each in tables:  # grows while it is read
        tables += [child.name for child in children(catalog.inheritance, each) if child.name not in tables]
    for each in tables:
        if old in catalog.relations[each].columns:
            catalog = _column_renamed(catalog, each, old, new)
    rewrite = read_from(frozenset(tables), old, new)
    catalog = _rewritten(catalog, _QUERIES, rewrite)
    policies = {
        name: replace(relation, policies=rewritten(relation.policies, rewrite))
        for name, relation in catalog.relations.items()
        if relation.policies
    }
    return catalog.changed({"relations": policies})


def _column_renamed(catalog: Catalog, table: str, old: str, new: str) -> Catalog:
    relation, rewrite = catalog.relations[table], words(old, new)
    columns = {
        name: replace(column, expression=rewrite(column.expression)) if column.expression else column
        for name, column in _keyed(relation.columns, old, new).items()
    }
    parts: dict[str, Any] = {
        part: {name: respelled(record, old, new) for name, record in getattr(relation, part).items()}
        for part in ("constraints", "indexes", "policies", "triggers")
    }
    changes: dict[str, dict[str, Any]] = {"relations": {table: replace(relation, columns=columns, **parts)}}
    partitioning = catalog.partitions.get(table)
    if partitioning is not None:
        changes["partitions"] = {table: replace(partitioning, key=rewritten(partitioning.key, rewrite))}
    return _elsewhere(catalog.changed(changes), table, old, new)


def _elsewhere(catalog: Catalog, table: str, old: str, new: str) -> Catalog:
    """With the new name where something else names the column: keys, sequences, statistics, publications."""
    changes: dict[str, dict[str, Any]] = {
        "relations": dict(_referring(catalog, table, old, new)),
        "sequences": {
            name: replace(each, owned_by=f"{table}.{quote(new)}")
            for name, each in catalog.sequences.items()
            if each.owned_by == f"{table}.{quote(old)}"
        },
        "statistics": {
            name: replace(
                each,
                columns=swapped(each.columns, old, new),
                expressions=rewritten(each.expressions, words(old, new)),
            )
            for name, each in catalog.statistics.items()
            if each.table == table
        },
        "publications": {},
    }
    for name, publication in catalog.publications.items():
        row = publication.published.get(table)
        if row is not None:
            where = None if row.where is None else words(old, new)(row.where)
            spelt = replace(row, columns=swapped(row.columns, old, new), where=where)
            changes["publications"][name] = replace(publication, published={**publication.published, table: spelt})
    return catalog.changed({plural: records for plural, records in changes.items() if records})


def _referring(catalog: Catalog, table: str, old: str, new: str) -> Any:
    """The tables whose foreign keys point at the column."""
    for name, relation in catalog.tables.items():
        spelt = {
            key.name: replace(key, referenced_columns=swapped(key.referenced_columns, old, new))
            for key in relation.having("FOREIGN KEY")
            if key.references == table and old in key.referenced_columns
        }
        if spelt:
            changed: Relation = replace(relation, constraints={**relation.constraints, **spelt})
            yield name, changed
