"""The database as it will be once the statements that are planned so far have run: a catalog, and changes to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.default_privileges import granted
from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.privileges import Grant
from pgcontract.names import split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.default_privileges import Objects
    from pgcontract.catalog.forms import Answer, Form

_OWN: Mapping[str, tuple[str, ...]] = {
    "tables": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
    "sequences": ("SELECT", "UPDATE", "USAGE"),
    "functions": ("EXECUTE",),
    "types": ("USAGE",),
    "schemas": ("USAGE", "CREATE"),
}
_MAINTAIN_SINCE = 170000


class World:
    """A catalog that is changed between checks, and never while one looks at it.

    Attributes:
        catalog: What checks see: as it was read, or as the last `settle` left it.
        bare: The names of what the plan makes, without their schemas and quotes.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.bare: set[str] = set()
        self._changes: dict[str, dict[str, Any]] = {}

    def get(self, nouns: str, name: str) -> Any:
        """The record, with what has changed since the last `settle`; None where there is none."""
        changed = self._changes.get(nouns, {})
        return changed[name] if name in changed else getattr(self.catalog, nouns).get(name)

    def put(self, nouns: str, name: str, record: Any) -> None:
        """Put a record in the place of what has the name: `put("relations", "public.users", …)`."""
        self._changes.setdefault(nouns, {})[name] = record
        if getattr(self.catalog, nouns).get(name) is None:
            self.bare.add(_bare(name))

    def drop(self, nouns: str, name: str) -> None:
        """Let what has the name be gone."""
        self._changes.setdefault(nouns, {})[name] = None

    def settle(self, forms: Mapping[Form, Answer] | None = None) -> None:
        """Let checks see what has changed, and Postgres's own forms of further texts."""
        changed: dict[str, Any] = {}
        for nouns, records in self._changes.items():
            merged = {**getattr(self.catalog, nouns), **records}
            changed[nouns] = {name: record for name, record in sorted(merged.items()) if record is not None}
        if forms is not None:
            changed["forms"] = forms
        if changed:
            self.catalog = replace(self.catalog, **changed)
        self._changes = {}

    def grants(self, objects: Objects, owner: str, name: str | None = None) -> tuple[Grant, ...]:
        """What will be granted on an object that the connection's role makes, and that then belongs to the owner."""
        creator = self.catalog.server.user
        schema = None if name is None else schema_of(name)
        privileges = _OWN[objects]
        if objects == "tables" and self.catalog.server.version_number >= _MAINTAIN_SINCE:
            privileges = (*privileges, "MAINTAIN")
        own = [Grant(owner, privilege, False, owner) for privilege in privileges]
        there = {(each.grantee, each.privilege) for each in own}
        others = [
            replace(grant, grantor=owner)
            for grant, _ in granted(self.catalog, creator, objects, schema)
            if grant.grantee != creator and (grant.grantee, grant.privilege) not in there
        ]
        return tuple(sorted([*own, *others]))


def _bare(name: str) -> str:
    """The last part of a name; of what has no plain name, all of it."""
    try:
        return split(name.partition("(")[0].strip())[-1]
    except ValueError:
        return name
