from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, get_args

from pgcontract.catalog.constraints import Action, Constraint
from pgcontract.catalog.forms import CheckForm, Form
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifiers, Member, Relation, Routine, Sql
from pgcontract.expectations.compare import differs, shown
from pgcontract.names import quote, signature
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation as RelationRecord

Actions = Annotated[Action, AnyCase(get_args(Action))]


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

    def _listed(self) -> str:
        return ", ".join(map(quote, self.columns))

    def _add(self, definition: str, name: str | None = None) -> Repair:
        named = f"constraint {quote(name)} " if name else ""
        return Repair(f"alter table {self.table} add {named}{definition};", "blocks writes")


class PrimaryKey(_OnColumns):
    """The primary key of {table} is ({columns}).

    The columns' order counts: it is the order of the index behind the key.

    Example:
        PrimaryKey("invoices", "id")

    Repair: add it; that builds an index and locks the table meanwhile. A wrong one must be dropped first.
    """

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        key = self._relation(catalog).primary_key
        repair = [self._add(f"primary key ({self._listed()})")] if key is None else []
        observed = None if key is None else key.columns
        yield from differs(f"primary key of {self.table}", tuple(self.columns), observed, repair=repair)


class UniqueConstraint(_OnColumns):
    """{table} has a unique constraint on ({columns}).

    The same columns in any order; a unique index alone is not a constraint.

    Example:
        UniqueConstraint("users", "email")

    Repair: add it; that fails while there are duplicates, and locks the table while it builds an index.
    """

    name: Member | None = None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = self._relation(catalog)
        unique = [key for key in relation.having("UNIQUE") if self.name in {None, key.name}]
        if any(set(key.columns) == set(self.columns) for key in unique):
            return
        absent = _absent(self.table, self.name, f"unique ({self._listed()})", unique)
        yield replace(absent, hint=_hint_at_index(self, relation))


def _hint_at_index(expectation: UniqueConstraint, relation: RelationRecord) -> str | None:
    wanted = {quote(column) for column in expectation.columns}
    for index in relation.indexes.values():
        if index.unique and index.predicate is None and set(index.columns) == wanted:
            return f"The unique index {index.name} refuses the same duplicates; the contract may mean that."
    return None


class ForeignKey(_OnColumns):
    """{table} ({columns}) refers to {references}.

    `references` is `table(columns)`; without columns, the table's primary key. `on_delete` and `on_update` are
    compared when they are given; `validated` keys only count unless it is set to false.

    Example:
        ForeignKey("invoices", "org_id", "organizations(id)", on_delete="CASCADE")

    Repair: add it `NOT VALID` and validate it apart, so that writes are blocked for a moment only.
    """

    references: Routine
    on_delete: Actions | None = None
    on_update: Actions | None = None
    deferrable: bool | None = None
    validated: bool = True
    name: Member | None = None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = self._relation(catalog)
        target, columns = self._target(catalog)
        keys = [key for key in relation.having("FOREIGN KEY") if self.name in {None, key.name}]
        pairs = set(zip(self.columns, columns, strict=False))
        for key in keys:
            same = set(zip(key.columns, key.referenced_columns, strict=False)) == pairs
            if key.references == target and same:
                yield from self._properties(key)
                return
        references = f"foreign key ({self._listed()}) references {target} ({', '.join(map(quote, columns))})"
        yield _absent(self.table, self.name, references + self._actions(), keys, late=True)

    def _target(self, catalog: Catalog) -> tuple[str, tuple[str, ...]]:
        """The referenced table and columns; what is missing of them is its own failure."""
        name, columns = signature(self.references)
        target = catalog.tables[name]
        if columns is not None:
            return name, tuple(target.columns[column].name for column in columns)
        return name, () if target.primary_key is None else target.primary_key.columns

    def _actions(self) -> str:
        return (f" on delete {self.on_delete.lower()}" if self.on_delete else "") + (
            f" on update {self.on_update.lower()}" if self.on_update else ""
        )

    def _properties(self, key: Constraint) -> Iterator[Finding]:
        where = f"foreign key {quote(key.name)} of {self.table}"
        if self.on_delete is not None:
            yield from differs(f"ON DELETE of {where}", self.on_delete, key.on_delete)
        if self.on_update is not None:
            yield from differs(f"ON UPDATE of {where}", self.on_update, key.on_update)
        if self.deferrable is not None:
            yield from differs(f"deferrable of {where}", self.deferrable, key.deferrable)
        yield from _validated(self.table, key, wanted=self.validated)


class CheckConstraint(CatalogExpectation):
    """{table} has the check ({expression}).

    The expression is compared as Postgres itself would store it: `status in ('open', 'paid')` and the rewritten form
    that psql shows are the same. `validated` checks only count unless it is set to false.

    Example:
        CheckConstraint("invoices", "amount >= 0")

    Repair: add it `NOT VALID` and validate it apart, so that writes are blocked for a moment only.
    """

    table: Relation
    expression: Sql
    name: Member | None = None
    validated: bool = True

    def forms(self) -> Iterable[Form]:
        yield CheckForm(self.expression, self.table)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.tables[self.table]
        checks = [check for check in relation.having("CHECK") if self.name in {None, check.name}]
        for form in self.forms():
            expected = catalog.own_form(form)
            same = next((check for check in checks if check.expression == expected), None)
            if same is None:
                yield _absent(
                    self.table, self.name, f"check ({self.expression})", checks if self.name else [], late=True
                )
            else:
                yield from _validated(self.table, same, wanted=self.validated)


def _validated(table: str, constraint: Constraint, *, wanted: bool) -> Iterator[Finding]:
    if wanted and not constraint.validated:
        yield Finding(
            f"constraint {quote(constraint.name)} of {table} is not valid: rows that were there before may break it",
            expected="valid",
            observed="NOT VALID",
            repair=(Repair(f"alter table {table} validate constraint {quote(constraint.name)};"),),
        )


def _absent(
    table: str, name: str | None, definition: str, near: Iterable[Constraint], *, late: bool = False
) -> Finding:
    """That the table has no constraint of the definition (and name); beside it, those that come nearest.

    `late` constraints can be added `NOT VALID`, so that the rows that are there are looked at later.
    """
    observed = [_described(constraint) for constraint in near]
    taken = name is not None and bool(observed)
    named = f"constraint {quote(name)} " if name else ""
    add = Repair(f"alter table {table} add {named}{definition}{' not valid' if late else ''};", "blocks writes")
    return Finding(
        f"{named}of {table} is not {definition}" if taken else f"{table} lacks {named}{definition}",
        expected=definition,
        observed=shown(observed) if observed else None,
        repair=() if taken else (add,),
    )


def _described(constraint: Constraint) -> str:
    if constraint.kind == "CHECK":
        return f"{constraint.name}: check {constraint.expression}"
    columns = ", ".join(map(quote, constraint.columns))
    if constraint.kind == "FOREIGN KEY":
        targets = ", ".join(map(quote, constraint.referenced_columns))
        return f"{constraint.name}: ({columns}) references {constraint.references} ({targets})"
    return f"{constraint.name}: ({columns})"
