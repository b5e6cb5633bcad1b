"""The nouns that stand by themselves: their rows into records by name, with nothing looked up elsewhere."""

from __future__ import annotations

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
    from collections.abc import Mapping, Sequence

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


def standing_alone(rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> dict[str, Any]:
    """The fields of a catalog that they fill."""
    made = {noun: [module.from_row(row) for row in rows[noun]] for noun, module in _ALONE.items()}
    made["inheritance"] = list(inheritance.from_rows(rows["inheritance"]))
    made["publications"] = list(publications.from_rows(rows["publications"], rows["published_tables"]))
    return {noun: {record.name: record for record in records} for noun, records in made.items()}
