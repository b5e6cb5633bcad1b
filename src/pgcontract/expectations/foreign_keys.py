from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import model_validator

from pgcontract.catalog.constraints import Action, Constraint
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifiers, Member, Relation, Routine
from pgcontract.contract.twosided import referred
from pgcontract.expectations.compare import differs
from pgcontract.expectations.constrained import absent, free_name, invalid, late, listed
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation as RelationRecord

Actions = Annotated[Action, AnyCase(get_args(Action))]
Matches = Annotated[Literal["SIMPLE", "FULL"], AnyCase(("SIMPLE", "FULL"))]

_PARTITIONED_NOT_VALID_SINCE = 180000


class ForeignKey(CatalogExpectation):
    """{table} ({columns}) refers to {references}.

    `references` is `table(columns)`; without columns, the table's primary key. `on_delete` and `on_update` are
    compared when they are given, and `match`, which says whether a key that is null in part refers to nothing
    (`SIMPLE`) or is refused (`FULL`). An `on_delete` of SET NULL or SET DEFAULT sets all of the columns, or exactly
    `on_delete_columns`. Whether it can be put off (`deferrable`), and is (`deferred`), is compared when it is given.
    `validated` keys only count unless it is set to false. One that is NOT ENFORCED counts only if `enforced` is false,
    and then it must be so. `period` says that the last column on both sides is a range, and each moment of it is to be
    covered (since version 18).

    Example:
        ForeignKey("invoices", "org_id", "organizations(id)", on_delete="CASCADE")

    Repair: add it `NOT VALID` and validate it apart, so that writes are blocked for a moment only. A wrong action needs
    the key to be dropped and added anew, in one statement.
    """

    table: Relation
    columns: Identifiers
    references: Routine
    on_delete: Actions | None = None
    on_update: Actions | None = None
    deferrable: bool | None = None
    validated: bool = True
    name: Member | None = None
    match: Matches | None = None
    on_delete_columns: Identifiers = ()
    deferred: bool | None = None
    enforced: bool = True
    period: bool = False

    @model_validator(mode="after")
    def _pairs(self) -> ForeignKey:
        columns = referred(self.references)[1]
        if columns is not None and len(columns) != len(self.columns):
            raise ValueError(f"{len(self.columns)} columns cannot refer to {len(columns)}: {self.references}")
        if self.on_delete_columns and self.on_delete not in {"SET NULL", "SET DEFAULT"}:
            raise ValueError("on_delete_columns are what an on_delete of SET NULL or SET DEFAULT sets")
        if odd := [column for column in self.on_delete_columns if column not in self.columns]:
            raise ValueError(f"on_delete_columns are some of the key's: {listed(odd)} is not")
        return self

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.tables[self.table]
        for column in self.columns:
            relation.columns[column]
        target, columns = self._target(catalog)
        if len(columns) != len(self.columns):
            key = f"its primary key is ({listed(columns)})" if columns else "it has no primary key"
            yield Finding(f"{self.table} ({listed(self.columns)}) cannot refer to {target}: {key}", self.references)
            return
        keys = [key for key in relation.having("FOREIGN KEY") if self.name is None or self.name == key.name]
        same = [key for key in keys if key.references == target and self._refers(key, columns)]
        if same:
            yield from min((list(self._properties(catalog, relation, key)) for key in same), key=len)
        else:
            yield self._absent(catalog, relation, keys)

    def _refers(self, key: Constraint, columns: tuple[str, ...]) -> bool:
        """Whether the key's columns refer to those columns as ours do, in whatever order."""
        if key.period is not self.period or (key.period and key.columns[-1] != self.columns[-1]):
            return False
        if key.columns == self.columns:
            return key.referenced_columns == columns
        pairs = zip(self.columns, columns, strict=True)
        return set(zip(key.columns, key.referenced_columns, strict=True)) == set(pairs)

    def _wanted(self, catalog: Catalog) -> Constraint:
        """The key that there should be, its actions left open."""
        target, columns = self._target(catalog)
        return Constraint("", "FOREIGN KEY", tuple(self.columns), target, columns, period=self.period)

    def wanted(self, catalog: Catalog, name: str) -> Constraint:
        """The key as a record of the catalog, under a name, with what the contract says of it."""
        key = replace(self._wanted(catalog), name=name, on_delete=self.on_delete, on_update=self.on_update)
        key = replace(key, on_delete_columns=tuple(self.on_delete_columns), match=self.match, enforced=self.enforced)
        deferred = bool(self.deferred) and self.deferrable is not False
        return replace(key, deferrable=bool(self.deferrable) or deferred, deferred=deferred)

    def _target(self, catalog: Catalog) -> tuple[str, tuple[str, ...]]:
        """The table that is referred to, and its columns; what is missing of them is its own failure."""
        name, columns = referred(self.references)
        target = catalog.tables[name]
        if columns is None:
            return name, () if target.primary_key is None else target.primary_key.columns
        for column in columns:
            target.columns[column]
        return name, columns

    def _absent(self, catalog: Catalog, relation: RelationRecord, keys: list[Constraint]) -> Finding:
        definition = self._definition(self._wanted(catalog))
        name = self.name or free_name(relation, "fkey", self.columns)
        finding = absent(relation, self.name, definition, keys, name)
        if not finding.repair or not self.enforced or not _may_be_late(catalog, relation):
            return finding
        return replace(finding, repair=late(relation, name, definition, self.validated))

    def _properties(self, catalog: Catalog, relation: RelationRecord, key: Constraint) -> Iterator[Finding]:
        said = (
            ("ON DELETE", self.on_delete and self._on_delete(key), _action(key.on_delete, key.on_delete_columns, key)),
            ("ON UPDATE", self.on_update, key.on_update),
            ("MATCH", self.match, key.match),
            ("deferrable", self.deferrable, key.deferrable),
        )
        for what, expected, observed in said:
            if expected is not None and expected != observed:
                anew = self._anew(catalog, relation, key)
                where = f"{what} of foreign key {quote(key.name)} of {self.table}"
                yield from differs(where, expected, observed, repair=anew)
        if self.deferred is not None and self.deferrable is not False:
            change = f"alter table {self.table} alter constraint {quote(key.name)}"
            when = "deferred" if self.deferred else "immediate"
            repair = Repair(f"{change} deferrable initially {when};", "blocks writes")
            where = f"deferred of foreign key {quote(key.name)} of {self.table}"
            yield from differs(where, self.deferred, key.deferred, repair=[repair] if key.deferrable else [])
        yield from self._validity(key)

    def _validity(self, key: Constraint) -> Iterator[Finding]:
        if not self.enforced:
            sql = f"alter table {self.table} alter constraint {quote(key.name)} not enforced;"
            where, repair = (
                f"enforcement of foreign key {quote(key.name)} of {self.table}",
                Repair(sql, "blocks writes"),
            )
            yield from differs(where, "NOT ENFORCED", "ENFORCED" if key.enforced else "NOT ENFORCED", repair=[repair])
        elif not key.enforced or (self.validated and not key.validated):
            yield invalid(self.table, key)

    def _anew(self, catalog: Catalog, relation: RelationRecord, key: Constraint) -> tuple[Repair, ...]:
        """The key dropped and added in one statement, with what the contract leaves open as it is."""
        kept = ("on_delete", "on_delete_columns", "on_update", "match", "deferrable")
        as_it_is = {name: getattr(key, name) for name in kept}
        definition = self._definition(replace(self._wanted(catalog), **as_it_is))
        kept_late = key.deferred and self.deferrable is not False and self.deferred is None and self.enforced
        deferred = " initially deferred" if kept_late else ""
        change = f"alter table {self.table} drop constraint if exists {quote(key.name)}"
        if self.enforced and _may_be_late(catalog, relation):
            _, *validate = late(relation, key.name, definition, self.validated)
            add = f"add constraint {quote(key.name)} {definition}{deferred} not valid"
            return (Repair(f"{change}, {add};", "blocks writes"), *validate)
        add = f"add constraint {quote(key.name)} {definition}{deferred}"
        return (Repair(f"{change}, {add};", "blocks writes"),)

    def _on_delete(self, key: Constraint) -> str | None:
        """What a deletion does by the contract, or else by the key."""
        if self.on_delete is None:
            return _action(key.on_delete, key.on_delete_columns, key)
        return _action(self.on_delete, self.on_delete_columns, self)

    def _definition(self, key: Constraint) -> str:
        """The key's definition with the contract's properties, or else the key's own."""
        on_update = self.on_update or key.on_update
        action, of, columns = (self._on_delete(key) or "").partition(" (")
        deferrable = key.deferrable if self.deferrable is None else self.deferrable
        parts = [
            f"foreign key ({listed(key.columns, period=key.period)})",
            f"references {key.references} ({listed(key.referenced_columns, period=key.period)})",
            "match full" if (self.match or key.match) == "FULL" else "",
            f"on delete {action.lower()}{of}{columns}" if action else "",
            f"on update {on_update.lower()}" if on_update else "",
            "deferrable" if deferrable else "",
            "initially deferred" if deferrable and self.deferred else "",
            "" if self.enforced else "not enforced",
        ]
        return " ".join(filter(None, parts))


def _action(action: str | None, columns: Sequence[str], key: Constraint | ForeignKey) -> str | None:
    """The action with the columns that it sets, in the key's order, where these are not all of them."""
    some = [column for column in key.columns if column in columns]
    return f"{action} ({listed(some)})" if action and 0 < len(some) < len(key.columns) else action


def _may_be_late(catalog: Catalog, relation: RelationRecord) -> bool:
    """Whether the server can add such a key `NOT VALID`."""
    return relation.kind == "table" or catalog.server.version_number >= _PARTITIONED_NOT_VALID_SINCE
