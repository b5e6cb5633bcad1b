"""Extensions, as pg_extension has them, and what belongs to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pgcontract.names import quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Extension:
    """An installed extension.

    Attributes:
        others: What belongs to it and has no record of its own that says so: `access method hnsw`.
        default_version: The version that `ALTER EXTENSION … UPDATE` would make of it; None where the server's files are
            gone, and for plpgsql, which has one. It is the server's, and no part of what the database is.
    """

    name: str
    version: str
    schema: str
    owner: str
    comment: str | None = None
    others: tuple[str, ...] = ()
    default_version: str | None = field(default=None, compare=False)


def from_rows(rows: Iterable[tuple[Any, ...]], members: Iterable[tuple[str, str]]) -> dict[str, Extension]:
    """The records that the rows of `sql/extensions.sql` and `sql/extension_members.sql` make, by name."""
    others: dict[str, list[str]] = defaultdict(list)
    for name, member in members:
        others[name].append(member)
    return {
        name: Extension(name, version, schema, owner, comment, tuple(others[name]), default_version)
        for name, version, schema, owner, comment, default_version in rows
    }


# What pg_identify_object calls the nouns whose records name their extension; of some, the record's kind says it.
_NOUNS = {
    "schemas": "schema",
    "relations": None,
    "sequences": "sequence",
    "functions": None,
    "types": "type",
    "casts": "cast",
    "operators": "operator",
    "operator_classes": "operator class",
    "languages": "language",
    "collations": "collation",
    "foreign_data_wrappers": "foreign data wrapper",
    "event_triggers": "event trigger",
    "text_search_configurations": "text search configuration",
    "text_search_dictionaries": "text search dictionary",
}
_KINDS = {"partitioned table": "table", "window": "function"}
_BARE = frozenset({"schemas", "languages", "foreign_data_wrappers", "event_triggers"})


def members(catalog: Catalog, extension: str) -> Iterator[str]:
    """What belongs to an extension, each with its kind: `function public.citext(text)`, `type public.citext`.

    Raises:
        MissingObjectError: There is no such extension.
    """
    catalog.require("extension_members")
    yield from catalog.extensions[extension].others
    for plural, noun in _NOUNS.items():
        for name, record in getattr(catalog, plural).items():
            if record.extension == extension:
                yield f"{noun or _KINDS.get(record.kind, record.kind)} {quote(name) if plural in _BARE else name}"
