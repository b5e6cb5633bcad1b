from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator

from pgcontract.catalog.forms import DefaultForm, Form, TypeForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifiers, Member, Relation, Sql
from pgcontract.expectations.compare import closed, differs
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.verdict import Hazard


class _OfColumn(CatalogExpectation):
    """What the expectations on one column share."""

    table: Relation
    column: Member

    def _column(self, catalog: Catalog) -> Column:
        return catalog.relations[self.table].columns[self.column]

    def _alter(self, catalog: Catalog, change: str, hazard: Hazard = "none") -> tuple[Repair, ...]:
        """The repair of a table's column; a view's columns are as its query makes them."""
        if catalog.relations[self.table].kind in {"view", "materialized view"}:
            return ()
        return (Repair(f"alter table {self.table} alter column {quote(self.column)} {change};", hazard),)


class ColumnExists(_OfColumn):
    """{table} has a column {column}.

    The table may be a view or a foreign table too. When the column is missing, that is one failure, and whatever else
    the contract says of it is skipped.

    Example:
        ColumnExists("invoices", "amount")

    Repair: add it; the contract's type, default and nullability say how.
    """

    states: ClassVar[str] = "column"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        columns = catalog.relations[self.table].columns
        if self.column not in columns:
            yield Finding(
                f"column {self.subject} does not exist",
                expected=self.column,
                object=self.subject,
                hint=perhaps(self.column, columns),
            )


class ColumnType(_OfColumn):
    """{table}.{column} has the type {type}.

    The type is compared as Postgres itself would store it, so `int`, `int4` and `integer` are one type, and
    `varchar(80)` and `varchar(120)` are two. An enum or domain needs its schema only outside the table's schema.

    Example:
        ColumnType("invoices", "amount", "numeric(12,2)")

    Repair: alter the type; that may rewrite the table and lock it meanwhile. A value that is too long for it makes
    that fail; where digits or a time of day would be cut off, the hazard is `data loss`. A default that cannot
    be cast is dropped before and made anew; what else depends on the column (a view, a policy) is for you to drop.
    """

    type: Sql

    def _form(self) -> TypeForm:
        return TypeForm(self.type, self.table)

    def forms(self) -> Iterable[Form]:
        return (self._form(),)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        column, expected = self._column(catalog), catalog.own_form(self._form())
        if expected != column.type:
            hazard: Hazard = "rewrites the table" if _lossless(catalog, column.type, expected) else "data loss"
            repair = self._alter(catalog, self._change(catalog, column, expected), hazard)
            yield from differs(f"type of {self.subject}", expected, column.type, repair=repair)

    def _change(self, catalog: Catalog, column: Column, expected: str) -> str:
        """The change of the type; a default that cannot be cast by itself is dropped before and made anew."""
        name = quote(self.column)
        default = column.default
        if _assignable(catalog, column.type, expected):  # what is too long is then refused, and not cut off
            return f"type {expected}"
        kind = column.type.removesuffix("[]")
        # From an enum to another type there is no cast but through its labels.
        is_enum = kind in catalog.types and catalog.types[kind].kind == "enum"
        labels = f"::text{column.type.removeprefix(kind)}" if is_enum else ""
        change = f"type {expected} using {name}{labels}::{expected}"
        if default is None or column.generated is not None:
            return change
        literal = _LITERAL.fullmatch(default)
        anew = literal[1] if literal else f"({default})::{expected}"
        return f"drop default, alter column {name} {change}, alter column {name} set default {anew}"


_LITERAL = re.compile(r"('(?:[^']|'')*')::[\w\s.\"()\[\],]+")
_MODIFIER = re.compile(r"\(\d+(?:,-?\d+)?\)")
_TEXT = frozenset({"text", "character varying", "character", "name"})


def _assignable(catalog: Catalog, source: str, target: str) -> bool:
    """Whether Postgres turns a value of the one type into the other by itself, as `SET TYPE` does with a default."""
    before, after = _MODIFIER.sub("", source), _MODIFIER.sub("", target)
    cast = catalog.casts.get(f"({before} AS {after})")
    return before == after or after in _TEXT or (cast is not None and cast.context != "explicit")


_INTEGERS = frozenset({"smallint", "integer", "bigint"})
_ROUNDED = re.compile(r"(numeric|decimal|time|timestamp|interval)\b")


def _lossless(catalog: Catalog, source: str, target: str) -> bool:
    """Whether no value becomes another one, unless the change is refused: digits are cut off without a word."""
    before, after = _MODIFIER.sub("", source), _MODIFIER.sub("", target)
    if before == after and _ROUNDED.match(before):
        return _digits(target) >= _digits(source)
    cast = catalog.casts.get(f"({before} AS {after})")
    same = before == after or {before, after} <= _INTEGERS or bool({before, after} & _TEXT)
    return same or (cast is not None and cast.context == "implicit")


def _digits(type_: str) -> float:
    """The digits behind the point that a type keeps; of numeric without a scale, and of times without one, all."""
    found = re.search(r"\((\d+)(?:,(-?\d+))?\)", type_)
    if found is None:
        return float("inf")
    if type_.startswith("numeric"):
        return int(found[2] or 0)
    return int(found[1])


class ColumnNotNull(_OfColumn):
    """{table}.{column} refuses NULL.

    Example:
        ColumnNotNull("invoices", "amount")

    Repair: `SET NOT NULL` scans the table, and fails while a row holds NULL.
    """

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if not self._column(catalog).not_null:
            repair = self._alter(catalog, "set not null", "blocks writes")
            yield Finding(f"{self.subject} accepts NULL", expected="not null", observed="nullable", repair=repair)


class ColumnNullable(_OfColumn):
    """{table}.{column} accepts NULL.

    Example:
        ColumnNullable("invoices", "paid_at")

    Repair: drop the NOT NULL; it costs nothing. A column of the primary key and an identity column must have it.
    """

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        column = self._column(catalog)
        if column.not_null:
            key = catalog.relations[self.table].primary_key
            bound = column.identity is not None or (key is not None and self.column in key.columns)
            repair = () if bound else self._alter(catalog, "drop not null")
            yield Finding(f"{self.subject} refuses NULL", expected="nullable", observed="not null", repair=repair)


def _no_default(text: str | None) -> str | None:
    """The default NULL is what a column without a default has; Postgres stores neither."""
    return None if text is None or text.strip().lower() == "null" else text


class ColumnDefault(_OfColumn):
    """{table}.{column} has the default {default}.

    The expression is compared as Postgres itself would store it: `'free'` on a text column is `'free'::text`. None
    (or `NULL`, which is the same to Postgres) says that there is no default; an identity or generated column has none.

    Example:
        ColumnDefault("invoices", "created_at", "now()")

    Repair: `SET DEFAULT` or `DROP DEFAULT`; rows that are there keep their values. An identity or generated column must
    become a plain one first.
    """

    default: Annotated[Sql | None, AfterValidator(_no_default)]

    def forms(self) -> Iterable[Form]:
        if self.default is not None:
            yield DefaultForm(self.default, self.table, self.column)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.require("column_defaults")
        column = self._column(catalog)
        expected = None
        for form in self.forms():
            expected = catalog.own_form(form)
        if expected != column.default:
            change = "drop default" if expected is None else f"set default {expected}"
            computed = column.identity is not None or column.generated is not None
            repair = () if computed else self._set(catalog, change)
            yield from differs(f"default of {self.subject}", expected, column.default, repair=repair)

    def _set(self, catalog: Catalog, change: str) -> tuple[Repair, ...]:
        """A view's columns may have defaults, too."""
        if catalog.relations[self.table].kind == "view":
            return (Repair(f"alter view {self.table} alter column {quote(self.column)} {change};"),)
        return self._alter(catalog, change)


class ColumnsAre(CatalogExpectation):
    """{table} has exactly the columns {columns}.

    A closed world, in any order: a column that nobody wrote down is one that nobody decided who may read. With
    `in_order` they are in that order, as `COPY`, `SELECT *` and `INSERT` without a list of columns take them.

    Example:
        ColumnsAre("customers", ["id", "name", "email"])

    Repair: drop what is not wanted, once nothing needs it; what is missing needs its migration.
    """

    table: Relation
    columns: Identifiers
    in_order: bool = False

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        observed = catalog.relations[self.table].columns
        nouns, place = ("column", "columns"), f"table {self.table}"
        yield from closed(nouns, place, self.columns, observed, lambda name: f"{self.table}.{quote(name)}")
        if self.in_order:
            there = [one.name for one in sorted(observed.values(), key=lambda one: one.position)]
            expected = [name for name in self.columns if name in observed]
            found = [name for name in there if name in expected]
            if expected != found:
                yield Finding(
                    f"the columns of table {self.table} are in another order",
                    expected=", ".join(expected),
                    observed=", ".join(found),
                    hint="Postgres moves no column: make the table anew, or name its columns wherever it is used.",
                )
