"""Sources: tables that dbt reads, and how fresh they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.fresh import Fresh
from pgcontract.integrations.dbt.generic import plain
from pgcontract.integrations.dbt.relations import Built, stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.dbt.names import Names
    from pgcontract.integrations.standards.node import Node

_SOURCE = (
    *("name", "description", "schema", "database", "loader", "loaded_at_field", "loaded_at_query", "freshness"),
    *("quoting", "tables", "tags", "meta", "config", "overrides", "tests", "data_tests"),
)
_UNSAID = object()
_TABLE = (
    *("name", "identifier", "description", "columns", "constraints", "tests", "data_tests", "tags", "meta", "config"),
    *("loader", "loaded_at_field", "loaded_at_query", "freshness", "quoting", "external", "docs"),
)


def sources(listed: Any, names: Names) -> Iterator[tuple[tuple[str, str], str]]:
    """What the tables of a file's sources are called in the database."""
    for source in listed if isinstance(listed, list) else ():
        if not isinstance(source, Mapping) or not isinstance(source.get("name"), str):
            continue
        tables = source.get("tables")
        for table in tables if isinstance(tables, list) else ():
            if isinstance(table, Mapping) and isinstance(table.get("name"), str):
                schema = str(source.get("schema") or source["name"])
                relation = names.of_source(schema, str(table.get("identifier") or table["name"]))
                if relation is not None:
                    yield (source["name"], table["name"]), relation


def of_sources(root: Node, names: Names, assume: str) -> Iterator[Expectation]:
    """What a file says of the tables that its sources have."""
    for source in root.nodes("sources", _SOURCE):
        name = source.needed("name", "a source has no name")
        if name is None:
            continue
        source.take("schema")
        config = source.mapping("config")
        tags = frozenset([*source.texts("tags"), *config.texts("tags")])
        given = {key: _first(source, config, key) for key in ("freshness", "loaded_at_field")}
        if not config.content.get("enabled", True):
            source.reading.besides(source.path, f"the source {name} is not enabled")
            continue
        for table in source.nodes("tables", _TABLE):
            yield from _table(table, name, tags, given, names, assume)
        config.left()
        source.left()


def _first(node: Node, config: Node, key: str) -> Any:
    inside, beside = config.take(key), node.take(key)
    return beside if inside is None else inside


def _table(  # noqa: PLR0913, PLR0917 - a table takes part of its source
    node: Node, source: str, tags: frozenset[str], given: dict[str, Any], names: Names, assume: str
) -> Iterator[Expectation]:
    name = node.needed("name", f"a table of the source {source} has no name")
    if name is None:
        return
    node.take("identifier")
    relation = names.sources.get((source, name))
    if relation is None:
        node.unchecked(f"it is known to dbt alone in which schema {source}.{name} is: give it with --map")
        return
    config = node.mapping("config")
    if config.content.get("enabled") is False:
        node.reading.besides(node.path, f"the table {source}.{name} is not enabled")
        return
    tags |= frozenset([*node.texts("tags"), *config.texts("tags")])
    built = Built(relation, assume, enforced=False, tags=tags)
    yield from stated(node, built, names)
    field = _first(node, config, "loaded_at_field") or given["loaded_at_field"]
    said = [holder["freshness"] for holder in (config.content, node.content) if "freshness" in holder]
    _first(node, config, "freshness")
    freshness = _merged(given["freshness"], *said[:1])
    if isinstance(freshness, Mapping):
        yield from _fresh(node, built, field, freshness)
    config.left()
    node.left()


def _merged(of_source: Any, of_table: Any = _UNSAID) -> Any:
    """What a table says of itself before what its source says of all; what it says to be null is not so."""
    if of_table is _UNSAID:
        return of_source
    if isinstance(of_source, Mapping) and isinstance(of_table, Mapping):
        return {**of_source, **{key: _merged(of_source.get(key), value) for key, value in of_table.items()}}
    return of_table


def _fresh(node: Node, built: Built, field: Any, freshness: Mapping[str, Any]) -> Iterator[Expectation]:
    """How old the newest row may be, as a warning and as an error."""
    column = plain(field)
    for key, severity in (("warn_after", "warning"), ("error_after", "error")):
        after = freshness.get(key)
        if not isinstance(after, Mapping) or after.get("count") is None:
            continue
        if column is None:
            node.unchecked(f"freshness of {built.relation}, of which no column says when a row was loaded")
            return
        within = f"{after['count']} {after.get('period')}{'' if after['count'] == 1 else 's'}"
        where = {"where": freshness["filter"]} if freshness.get("filter") else {}
        common: dict[str, Any] = {**built.common, **where, "severity": severity}
        name = column if '"' in str(field) else column.lower()
        yield from node.reading.make(node.path, Fresh, built.relation, name, within, **common)
