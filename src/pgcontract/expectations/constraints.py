from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.forms import CheckForm, Form
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifiers, Member, Relation, Sql
from pgcontract.expectations.compare import differs
from pgcontract.expectations.constrained import (
    absent,
    check_name,
    deferral,
    deferrals,
    free_name,
    invalid,
    late,
    listed,
    unalterable,
)
from pgcontract.expectations.guarded import add_constraint, unless
from pgcontract.names import literal, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation as RelationRecord


class _OnColumns(CatalogExpectation):
    """What constraints on a list of columns share."""

    table: Relation
    columns: Identifiers

    def _relation(self, catalog: Catalog) -> RelationRecord:
        """The table; a column that is missing is its own failure."""
        relation = catalog.tables[self.table]
        for column in self.columns:
            relation.columns[column]
        return relation


class PrimaryKey(_OnColumns):
    """The primary key of {table} is ({columns}).

    The columns' order counts: it is the order of the index behind the key. Whether it can be put off (`deferrable`),
    and is (`deferred`), and which columns are only stored beside it (`include`), is compared when it is given.
    `without_overlaps` says that the last column is a range of time, or other range, and the ranges of one key do not
    overlap (since version 18).

    Example:
        PrimaryKey("invoices", "id")

    Repair: add it; that builds an index and locks the table meanwhile. A wrong one must be dropped first.
    """

    deferrable: bool | None = None
    deferred: bool | None = None
    include: Identifiers | None = None
    without_overlaps: bool = False

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        key = self._relation(catalog).primary_key
        expected = _marked(self.columns, self.without_overlaps)
        observed = None if key is None else _marked(key.columns, key.period)
        if expected != observed:
            ending = deferral(self.deferrable, self.deferred)
            include = f" include ({listed(self.include)})" if self.include else ""
            columns = listed(self.columns, without_overlaps=self.without_overlaps)
            add = f"alter table {self.table} add primary key ({columns}){include}{ending};"
            of_table = f"conrelid = {literal(self.table)}::pg_catalog.regclass"
            add = unless(add, f"pg_catalog.pg_constraint where {of_table} and contype = 'p'")
            repair = [Repair(add, "blocks writes")] if key is None else []
            yield from differs(f"primary key of {self.table}", expected, observed, repair=repair)
        elif key is not None:
            # Who may not read indexes can be told all the rest, and so they are looked at only for what they tell.
            index = None if self.include is None else catalog.tables[self.table].indexes.get(key.index or "")
            if index is not None and self.include is not None and set(self.include) != set(index.include):
                yield from unalterable("INCLUDE", self.table, key, tuple(self.include), index.include)
            yield from deferrals(self.table, key, self.deferrable, self.deferred)


def _marked(columns: Sequence[str], without_overlaps: bool) -> tuple[str, ...]:  # noqa: FBT001 - as the records say it
    """The columns, the last of a temporal key with what makes it one."""
    return (*columns[:-1], f"{columns[-1]} WITHOUT OVERLAPS") if without_overlaps and columns else tuple(columns)


class UniqueConstraint(_OnColumns):
    """{table} has a unique constraint on ({columns}).

    The same columns in any order; a unique index alone is not a constraint. Whether two NULLs are duplicates
    (`nulls_not_distinct`), which columns are only stored beside the keys (`include`), whether it can be put off
    (`deferrable`), and is (`deferred`), is compared when it is given. `without_overlaps` says that the last column is a
    range, and the ranges of one key do not overlap (since version 18).

    Example:
        UniqueConstraint("users", "email")

    Repair: add it; that fails while there are duplicates, and locks the table while it builds an index.
    """

    name: Member | None = None
    nulls_not_distinct: bool | None = None
    include: Identifiers | None = None
    deferrable: bool | None = None
    deferred: bool | None = None
    without_overlaps: bool = False

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = self._relation(catalog)
        unique = [key for key in relation.having("UNIQUE") if self.name in {None, key.name}]
        same = [key for key in unique if set(key.columns) == set(self.columns) and self._ranges(key)]
        if same:
            yield from min((list(self._properties(relation, key)) for key in same), key=len)
            return
        new = free_name(relation, "key", self.columns)
        finding = absent(relation, self.name, self._definition(), unique, new)
        yield replace(finding, hint=_hint_at_index(self, relation) or finding.hint)

    def _ranges(self, key: Constraint) -> bool:
        """Whether it is a temporal one, on the same range, if and only if it should be."""
        return key.period is self.without_overlaps and (not key.period or key.columns[-1] == self.columns[-1])

    def _definition(self) -> str:
        nulls = " nulls not distinct" if self.nulls_not_distinct else ""
        include = f" include ({listed(self.include)})" if self.include else ""
        columns = listed(self.columns, without_overlaps=self.without_overlaps)
        return f"unique{nulls} ({columns}){include}{deferral(self.deferrable, self.deferred)}"

    def _properties(self, relation: RelationRecord, key: Constraint) -> Iterator[Finding]:
        """What is otherwise about a constraint on the columns; of some of it the index behind it tells."""
        index = relation.indexes[key.index] if key.index else None
        said: list[tuple[str, object, object]] = []
        if index is not None and self.nulls_not_distinct is not None:
            said.append(("NULLS NOT DISTINCT", self.nulls_not_distinct, index.nulls_not_distinct))
        if index is not None and self.include is not None and set(self.include) != set(index.include):
            said.append(("INCLUDE", tuple(self.include), index.include))
        for what, expected, observed in said:
            yield from unalterable(what, self.table, key, expected, observed)
        yield from deferrals(self.table, key, self.deferrable, self.deferred)


def _hint_at_index(expectation: UniqueConstraint, relation: RelationRecord) -> str | None:
    wanted = {quote(column) for column in expectation.columns}
    for index in relation.indexes.values():
        if index.unique and index.predicate is None and set(index.columns) == wanted:
            return f"The unique index {index.name} refuses the same duplicates; the contract may mean that."
    return None


class CheckConstraint(CatalogExpectation):
    """{table} has the check ({expression}).

    The expression is compared as Postgres itself would store it: `status in ('open', 'paid')` and the rewritten form
    that psql shows are the same. `validated` checks only count unless it is set to false. One that is NOT ENFORCED
    counts only if `enforced` is false, and then it must be so. Whether children are left out (`no_inherit`) is compared
    when it is given.

    Example:
        CheckConstraint("invoices", "amount >= 0")

    Repair: add it `NOT VALID` and validate it apart, so that writes are blocked for a moment only.
    """

    table: Relation
    expression: Sql
    name: Member | None = None
    validated: bool = True
    no_inherit: bool | None = None
    enforced: bool = True

    def forms(self) -> Iterable[Form]:
        yield CheckForm(self.expression, self.table)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.relations.get(self.table)
        if relation is None or relation.kind != "foreign table":  # which can have checks, and no other constraint
            relation = catalog.tables[self.table]
        checks = [check for check in relation.having("CHECK") if self.name in {None, check.name}]
        expected = catalog.own_form(CheckForm(self.expression, self.table))
        same = [check for check in checks if check.expression == expected]
        if not same:
            name = check_name(relation, self)
            near = checks if self.name else []
            ending = " no inherit" if self.no_inherit else ""
            finding = absent(relation, self.name, f"check ({self.expression}){ending}", near, name)
            added = late(relation, name, f"check ({expected}){ending}", self.validated)
            if not self.enforced:
                definition = f"check ({expected}){ending} not enforced"
                added = (Repair(add_constraint(relation, name, definition), "blocks writes"),)
            yield replace(finding, repair=finding.repair and added)
        else:
            yield from min((list(self._properties(check)) for check in same), key=len)

    def _properties(self, check: Constraint) -> Iterator[Finding]:
        """What is otherwise about a check of the same expression."""
        if not self.enforced:
            observed = "ENFORCED" if check.enforced else "NOT ENFORCED"
            yield from unalterable("enforcement", self.table, check, "NOT ENFORCED", observed)
        elif not check.enforced or (self.validated and not check.validated):
            yield invalid(self.table, check)
        if self.no_inherit is not None:
            yield from unalterable("NO INHERIT", self.table, check, self.no_inherit, check.no_inherit)
