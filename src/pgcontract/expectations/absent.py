from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import field_validator, model_validator

from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifiers, Relation
from pgcontract.expectations.functions import find, signature_forms
from pgcontract.expectations.kinds import KINDS, Kind, Noun, drop, placed_name, require_table
from pgcontract.names import quote, signature
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form

_KEYS = frozenset({"primary key", "foreign key", "unique constraint", "check constraint", "constraint", "index"})


class ObjectAbsent(CatalogExpectation):
    """There is no such {noun}.

    `noun` is what Postgres calls it: `table`, `view`, `function`, `extension`, `user` (a role that may log in), …. What
    hangs on a table (`column`, `primary key`, `foreign key`, `index`, `policy`, `trigger`, …) says the table in `of`;
    without `name` every one of them is denied, and with `columns` a key or index of exactly these. A function's bare
    name denies all of its overloads.

    Example:
        ObjectAbsent("column", "password", of="users")

    Repair: drop it, once nothing needs it any more.
    """

    noun: Noun
    name: str | None = None
    of: Relation | None = None
    columns: Identifiers = ()

    _placed = field_validator("name")(placed_name)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        require_table(self.noun, self.of)
        if self.of is None and self.name is None:
            raise ValueError(f"say the name of the {self.noun}")
        if self.columns and self.noun not in _KEYS:
            raise ValueError(f"a {self.noun} has no columns of its own to tell it by")
        return self

    @property
    def subject(self) -> str:
        if self.name is None:
            return self.of or ""
        return KINDS[self.noun].full(self.name, self.of)

    def forms(self) -> Iterable[Form]:
        if KINDS[self.noun].place == "routine" and self.name is not None:
            yield from signature_forms(self.name)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        kind = KINDS[self.noun]
        there = kind.found(catalog, self.of)
        for name in self._named(catalog, kind, there):
            record = there[name]
            if self.columns and sorted(map(quote, self.columns)) != sorted(_columns(record)):
                continue
            on = f" of {self.of}" if self.of else ""
            yield Finding(
                f"{self.noun} {kind.shown(name)}{on} exists",
                expected=f"no {self.noun} {kind.shown(name if self.name else '')}".rstrip(' "'),
                observed=name,
                object=kind.full(name, self.of),
                repair=(Repair(drop(self.noun, record, self.of), kind.hazard),),
            )

    def _named(self, catalog: Catalog, kind: Kind, there: Any) -> list[str]:
        """Those of the kind's objects that bear the name."""
        if self.name is None:
            return list(there)
        if kind.place != "routine":
            return [self.name] if self.name in there else []
        if signature(self.name)[1] is None:
            return [name for name, function in there.items() if function.name == self.name]
        try:
            found = find(catalog, self.name).signature
        except MissingObjectError:
            return []
        return [found] if found in there else []


def _columns(record: Any) -> Iterable[str]:
    """A key's columns as SQL has them, and an index's keys."""
    return record.columns if hasattr(record, "method") else map(quote, record.columns)
