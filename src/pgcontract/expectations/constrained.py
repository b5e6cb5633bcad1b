"""What the expectations on constraints say alike when one is missing or not valid, and how it is added."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from pgcontract.expectations.compare import differs, shown
from pgcontract.expectations.given_names import addition, made
from pgcontract.expectations.guarded import add_constraint
from pgcontract.names import quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.constraints import CheckConstraint


def listed(columns: Iterable[str], *, without_overlaps: bool = False, period: bool = False) -> str:
    """The columns as a list in SQL; the last one of a temporal key is marked as a key or a foreign key has it."""
    names = list(map(quote, columns))
    if names and without_overlaps:
        names[-1] += " without overlaps"
    if names and period:
        names[-1] = f"period {names[-1]}"
    return ", ".join(names)


def absent(relation: Relation, name: str | None, definition: str, near: Iterable[Constraint], new: str) -> Finding:
    """That the table has no constraint of the definition (and name); beside it, those that come nearest.

    Where the name is taken there is no repair: dropping what has it is for the author to decide. Where the
    contract gives no name, the repair gives the new one.
    """
    taken = relation.constraints.get(name) if name else None
    observed = [describe(constraint) for constraint in ([taken] if taken else near)]
    named = f"constraint {quote(name)} " if name else ""
    add = Repair(add_constraint(relation, name or new, definition), "blocks writes")
    return Finding(
        f"{named}of {relation.name} is not {definition}" if taken else f"{relation.name} lacks {named}{definition}",
        expected=definition,
        observed=shown(observed) if observed else None,
        hint="Another constraint has the name: rename or drop that one, or say another name." if taken else None,
        repair=() if taken else (add,),
    )


def invalid(table: str, constraint: Constraint) -> Finding:
    """That the constraint is `NOT VALID`, or `NOT ENFORCED`: then it refuses nothing, and only keys can be enforced."""
    if not constraint.enforced:
        enforce = Repair(f"alter table {table} alter constraint {quote(constraint.name)} enforced;", "blocks writes")
        return Finding(
            f"constraint {quote(constraint.name)} of {table} is not enforced: it refuses nothing",
            expected="enforced",
            observed="NOT ENFORCED",
            hint=None if constraint.kind == "FOREIGN KEY" else "Drop it and add it again, without NOT ENFORCED.",
            repair=(enforce,) if constraint.kind == "FOREIGN KEY" else (),
        )
    return Finding(
        f"constraint {quote(constraint.name)} of {table} is not valid: rows that were there before may break it",
        expected="valid",
        observed="NOT VALID",
        repair=(_validate(table, constraint.name),),
    )


def late(relation: Relation, name: str, definition: str, validated: bool) -> tuple[Repair, ...]:  # noqa: FBT001
    """Statements that add the constraint without a look at the rows that are there, and look at them afterwards."""
    add = Repair(add_constraint(relation, name, f"{definition} not valid"), "blocks writes")
    return (add, _validate(relation.name, name)) if validated else (add,)


def _validate(table: str, name: str) -> Repair:
    return Repair(f"alter table {table} validate constraint {quote(name)};")


def free_name(relation: Relation, suffix: str, columns: Sequence[str] = ()) -> str:
    """The name that Postgres would choose, and that no constraint or index of the relation has."""
    table, middle = split(relation.name)[1], "_".join(columns)
    candidates = (made(table, middle, f"{suffix}{number or ''}") for number in count())
    return next(name for name in candidates if name not in relation.constraints and name not in relation.indexes)


def check_name(relation: Relation, check: CheckConstraint) -> str:
    """The name of a check, or the one that Postgres would choose: after the column, if there is but one in it."""
    return check.name or free_name(relation, "check", [addition("checks", check, relation.columns) or ""])


def describe(constraint: Constraint) -> str:
    """The constraint in a line."""
    if constraint.kind == "CHECK":
        return f"{constraint.name}: check {constraint.expression}"
    if constraint.kind == "EXCLUDE":
        return f"{constraint.name}: {constraint.definition}"
    if constraint.kind == "FOREIGN KEY":
        names = (constraint.columns, constraint.referenced_columns)
        columns, target = (listed(each, period=constraint.period) for each in names)
        return f"{constraint.name}: ({columns}) references {constraint.references} ({target})"
    columns = f"({listed(constraint.columns, without_overlaps=constraint.period)})"
    return f"{constraint.name}: {constraint.kind.lower()} {columns}"


def deferral(deferrable: bool | None, deferred: bool | None) -> str:  # noqa: FBT001
    """What a definition ends with, so that the constraint can be put off as is wanted."""
    if deferred:
        return " deferrable initially deferred"
    return " deferrable" if deferrable else ""


def deferrals(
    table: str,
    constraint: Constraint,
    deferrable: bool | None,  # noqa: FBT001
    deferred: bool | None,  # noqa: FBT001
) -> Iterator[Finding]:
    """A finding for each that is wanted otherwise; None is not compared. Postgres alters it for foreign keys only."""
    said = (("deferrable", deferrable, constraint.deferrable), ("deferred", deferred, constraint.deferred))
    for what, expected, observed in said:
        if expected is not None:
            yield from unalterable(what, table, constraint, expected, observed)


def unalterable(what: str, table: str, constraint: Constraint, expected: object, observed: object) -> Iterator[Finding]:
    """A finding if the two differ; what refers to the constraint must be dropped with it, so there is no repair."""
    for finding in differs(f"{what} of constraint {quote(constraint.name)} of {table}", expected, observed):
        yield replace(finding, hint="Drop it and add it again: Postgres cannot alter this.")
