"""Types that somebody made: enums, composites, domains, ranges and base types, as pg_type has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pgcontract.catalog.privileges import grants_of
from pgcontract.names import qualified
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.privileges import Grant

TypeKind = Literal["enum", "composite", "domain", "range", "multirange", "base", "shell"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a composite type; its collation only where it is not its type's own."""

    name: str
    type: str
    collation: str | None = None


@dataclass(frozen=True, slots=True)
class DomainCheck:
    """A CHECK constraint of a domain; the expression as Postgres deparses it speaks of `VALUE`."""

    name: str
    expression: str
    valid: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Type:
    """A type that is neither an array nor the row type of a relation.

    Attributes:
        name: Its canonical qualified name.
        labels: An enum's labels, in order.
        attributes: A composite's attributes, in order.
        base: A domain's base type, as `format_type` prints it, with its modifier.
        not_null: Whether a domain refuses NULL.
        default: A domain's default, as Postgres deparses it.
        collation: A domain's or range's collation, where it is not its base type's own.
        checks: A domain's CHECK constraints, in the order of their names.
        subtype: A range's or multirange's subtype.
        multirange: A range's multirange type; None before version 14.
        operator_class: By what a range's values are ordered, where that is not its subtype's default.
        subtype_diff: The function that gives the difference of two values of a range.
        canonical_function: The function that puts a range into canonical form.
    """

    name: str
    kind: TypeKind
    owner: str
    labels: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    base: str | None = None
    not_null: bool = False
    default: str | None = None
    collation: str | None = None
    checks: tuple[DomainCheck, ...] = ()
    subtype: str | None = None
    multirange: str | None = None
    operator_class: str | None = None
    subtype_diff: str | None = None
    canonical_function: str | None = None
    grants: tuple[Grant, ...] = ()
    extension: str | None = None
    comment: str | None = None


_KINDS: dict[str, TypeKind] = {
    "e": "enum",
    "c": "composite",
    "d": "domain",
    "r": "range",
    "m": "multirange",
    "b": "base",
    "p": "shell",
}


def from_row(row: tuple[Any, ...]) -> Type:
    """The record that a row of `sql/types.sql` makes."""
    schema, name, kind, owner, labels, attributes, base, not_null, default, collation = row[:10]
    checks, subtype, of_range, acl, extension, comment = row[10:]
    multirange, operator_class, subtype_diff, canonical_function = of_range or (None,) * 4
    return Type(
        name=qualified(schema, name),
        kind=_KINDS[kind],
        owner=owner,
        labels=tuple(labels or ()),
        attributes=tuple(Attribute(*attribute) for attribute in attributes or ()),
        base=base,
        not_null=not_null,
        default=default,
        collation=collation,
        checks=tuple(DomainCheck(*check) for check in checks or ()),
        subtype=subtype,
        multirange=multirange,
        operator_class=operator_class,
        subtype_diff=subtype_diff,
        canonical_function=canonical_function,
        grants=grants_of(tuple(acl)),
        extension=extension,
        comment=comment,
    )
