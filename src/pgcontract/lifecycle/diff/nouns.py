"""The nouns of a catalog: what each of their objects is called, and under what it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pgcontract.names import canonical, quote, split

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog


class Item(NamedTuple):
    """One object of one catalog.

    Attributes:
        kind: What it is, in Postgres's words.
        name: Its canonical name.
        record: What the catalog has of it.
        home: The canonical name of what it is shown under; its own where it stands by itself.
        within: The record that it hangs on, or None.
    """

    kind: str
    name: str
    record: Any
    home: str
    within: Any = None


@dataclass(frozen=True, slots=True)
class Noun:
    """A mapping of a catalog.

    Attributes:
        plural: The catalog's field.
        word: What its objects are called; None where their records say it.
        home: Under what an object is shown; itself where that is None.
        bare: Whether its keys are names without quotes.
    """

    plural: str
    word: str | None
    home: Callable[[Any], str] | None = None
    bare: bool = False

    def item(self, key: str, record: Any) -> Item:
        """The object of that key."""
        name = quote(key) if self.bare else key
        kind = self.word if self.word is not None else str(_KINDS.get(record.kind, record.kind))
        return Item(kind, name, record, (self.home(record) if self.home else "") or name)


_KINDS = {"window": "window function", "base": "base type", "shell": "shell type"} | {
    kind: f"{kind} type" for kind in ("enum", "composite", "range", "multirange")
}


def _owner_of(record: Any) -> str:
    """The table of a column, as a sequence names it."""
    return canonical(".".join(map(quote, split(record.owned_by)[:2]))) if record.owned_by else ""


NOUNS: tuple[Noun, ...] = (
    Noun("schemas", "schema", bare=True),
    Noun("relations", None),
    Noun("sequences", "sequence", _owner_of),
    Noun("rules", "rule", lambda rule: rule.relation),
    Noun("statistics", "statistics object", lambda statistics: statistics.table),
    Noun("types", None),
    Noun("functions", None),
    Noun("casts", "cast"),
    Noun("operators", "operator"),
    Noun("operator_classes", "operator class"),
    Noun("collations", "collation"),
    Noun("text_search_configurations", "text search configuration"),
    Noun("text_search_dictionaries", "text search dictionary"),
    Noun("extensions", "extension", bare=True),
    Noun("languages", "language", bare=True),
    Noun("roles", "role", bare=True),
    Noun("default_privileges", "default privileges"),
    Noun("event_triggers", "event trigger", bare=True),
    Noun("publications", "publication", bare=True),
    Noun("subscriptions", "subscription", bare=True),
    Noun("foreign_data_wrappers", "foreign data wrapper", bare=True),
    Noun("foreign_servers", "foreign server", bare=True),
    Noun("tablespaces", "tablespace", bare=True),
)
"""Every mapping of a catalog but those that say more of a relation."""

FACETS: tuple[str, ...] = ("views", "partitions", "inheritance", "storage", "foreign_tables")
"""The mappings that say more of the relation of that name."""

PARTS: dict[str, str] = {
    "columns": "column",
    "constraints": "constraint",
    "indexes": "index",
    "policies": "policy",
    "triggers": "trigger",
    "checks": "domain constraint",
    "published": "published table",
}
"""The fields of records that hold records of their own, and what those are called."""

_WHOLES = frozenset({"Relation", "Publication", "Type"})


def holds_parts(record: Any) -> bool:
    """Whether such fields of a record hold records: the columns of an index or a constraint are only names."""
    return type(record).__name__ in _WHOLES


def parts_of(item: Item, field: str) -> dict[str, Item]:
    """The records that a field holds, by their own names."""
    held = getattr(item.record, field)
    records = held.values() if hasattr(held, "values") else held
    return {
        record.name: Item(PARTS[field], f"{item.name}.{_own(field, record.name)}", record, item.home, item.record)
        for record in records
    }


def _own(field: str, name: str) -> str:
    """A part's name behind its object's; a published table's is canonical already."""
    return name if field == "published" else quote(name)


def facets(catalog: Catalog, name: str) -> dict[str, Any]:
    """What else the catalog says of a relation; None where it says nothing."""
    return {plural: getattr(catalog, plural).get(name) for plural in FACETS}
