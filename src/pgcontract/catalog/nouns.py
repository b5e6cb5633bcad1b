"""The nouns that stand by themselves: their rows into records by name, with nothing looked up elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pgcontract.catalog import (
    default_privileges,
    event_triggers,
    foreign_data_wrappers,
    foreign_servers,
    foreign_tables,
    inheritance,
    partitions,
    publications,
    rules,
    statistics,
    storage,
    subscriptions,
    text_search_configurations,
    text_search_dictionaries,
    views,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Row = tuple[Any, ...]
    Rows = Mapping[str, Sequence[Row]]

_ALONE = {
    "views": views,
    "partitions": partitions,
    "storage": storage,
    "foreign_data_wrappers": foreign_data_wrappers,
    "foreign_servers": foreign_servers,
    "foreign_tables": foreign_tables,
    "rules": rules,
    "event_triggers": event_triggers,
    "subscriptions": subscriptions,
    "statistics": statistics,
    "default_privileges": default_privileges,
    "text_search_configurations": text_search_configurations,
    "text_search_dictionaries": text_search_dictionaries,
}


def standing_alone(rows: Rows) -> dict[str, Any]:
    """What makes the fields of a catalog that they fill."""
    made: dict[str, Callable[[], Iterable[Any]]] = {
        noun: partial(_each, module.from_row, rows, noun) for noun, module in _ALONE.items()
    }
    made["inheritance"] = lambda: inheritance.from_rows(rows["inheritance"])
    made["publications"] = lambda: publications.from_rows(rows["publications"], rows["published_tables"])
    return {noun: partial(_by_name, records) for noun, records in made.items()}


def _each(from_row: Callable[[Row], Any], rows: Rows, noun: str) -> Iterable[Any]:
    return map(from_row, rows[noun])


def _by_name(records: Callable[[], Iterable[Any]]) -> dict[str, Any]:
    return {record.name: record for record in records()}
