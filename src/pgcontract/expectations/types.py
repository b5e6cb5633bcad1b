from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, get_args

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.types import Type, TypeKind
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Texts, TypeName
from pgcontract.names import literal, nearest, perhaps
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog

TypeKinds = Annotated[TypeKind, AnyCase(get_args(TypeKind))]


def find_type(catalog: Catalog, name: str) -> Type:
    """The type of that name.

    Raises:
        MissingObjectError: There is none, or no such schema.
    """
    catalog.schemas[schema_of(name)]  # a missing schema is its own failure
    found: Type = catalog.types[name]
    return found


def of_kind(found: Type, kind: TypeKind) -> Iterator[Finding]:
    """A finding if the type is of another kind."""
    if found.kind != kind:
        message = f"type {found.name} is of the kind {found.kind}, not {kind}"
        yield Finding(message, expected=kind, observed=found.kind, object=found.name)


class TypeExists(CatalogExpectation):
    """The type {type} exists.

    With `is_a`, it must be an `enum`, a `composite`, a `domain`, a `range`, a `multirange` or a `base` type. The types
    that tables, views and arrays bring with them are none of these, nor are the server's own.

    Example:
        TypeExists("invoice_status", is_a="enum")

    Repair: run the migration that creates it.
    """

    type: TypeName
    is_a: TypeKinds | None = None

    states: ClassVar[str] = "type"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.schemas[schema_of(self.type)]
        if self.type not in catalog.types:
            yield Finding(
                f"type {self.type} does not exist",
                expected=self.type,
                object=self.type,
                hint=perhaps(self.type, catalog.types),
            )
        elif self.is_a is not None:
            yield from of_kind(catalog.types[self.type], self.is_a)


class EnumLabels(CatalogExpectation):
    """The enum {type} has exactly the labels {labels}, in this order.

    The order is what `<` and `ORDER BY` go by. A label that was added in the wrong place sorts wrongly for ever.

    Example:
        EnumLabels("invoice_status", ["draft", "sent", "paid"])

    Repair: a missing label is added in its place; none can be dropped or moved, for that the type is made anew.
    """

    type: TypeName
    labels: Texts

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        found = find_type(catalog, self.type)
        if found.kind != "enum":
            yield from of_kind(found, "enum")
            return
        missing = [label for label in self.labels if label not in found.labels]
        extra = [label for label in found.labels if label not in self.labels]
        yield from self._missing(found, extra)
        for label in extra:
            near = nearest(label, missing)
            rename = f"Perhaps it was to be renamed to {literal(near)}." if near else None
            yield Finding(
                f"enum {self.type} has a label {literal(label)}, which is not in the contract",
                expected=f"no label {literal(label)}",
                observed=literal(label),
                hint=rename or "Add it to the contract; Postgres drops no label of an enum.",
            )
        yield from self._misplaced(found)

    def _missing(self, found: Type, extra: Sequence[str]) -> Iterator[Finding]:
        there = set(found.labels)
        for k, label in enumerate(self.labels):
            if label in there:
                continue
            place = f" before {literal(found.labels[0])}" if found.labels else ""
            place = f" after {literal(self.labels[k - 1])}" if k else place
            there.add(label)
            if len(found.labels) == len(self.labels) and found.labels[k] in extra:
                yield self._renamed(label, found.labels[k])
                continue
            yield Finding(
                f"enum {self.type} has no label {literal(label)}",
                expected=f"label {literal(label)}",
                hint=perhaps(label, extra),
                repair=(Repair(f"alter type {self.type} add value if not exists {literal(label)}{place};"),),
            )

    def _renamed(self, label: str, other: str) -> Finding:
        """Another label stands in its place; to add it were a mistake for ever, if that is the one."""
        rename = f"alter type {self.type} rename value {literal(other)} to {literal(label)}"
        return Finding(
            f"enum {self.type} has no label {literal(label)}, but {literal(other)} in its place",
            expected=f"label {literal(label)}",
            observed=f"label {literal(other)}",
            hint=f"If that is the same under another name: {rename}. A label that was added can never be dropped.",
        )

    def _misplaced(self, found: Type) -> Iterator[Finding]:
        wanted = [label for label in self.labels if label in found.labels]
        observed = [label for label in found.labels if label in self.labels]
        for label in sorted(set(wanted) - set(_in_order(wanted, observed)), key=wanted.index):
            before = literal(wanted[wanted.index(label) - 1]) if wanted.index(label) else "all others"
            yield Finding(
                f"label {literal(label)} of enum {self.type} is misplaced",
                expected=f"{literal(label)} {'after' if wanted.index(label) else 'before'} {before}",
                observed=", ".join(map(literal, observed)),
                hint="Postgres moves no label of an enum: make the type anew.",
            )


def _in_order(wanted: Sequence[str], observed: Sequence[str]) -> list[str]:
    """The longest part of what is wanted that stands in this order in what is observed."""
    best: list[list[str]] = []
    for k, label in enumerate(wanted):
        fitting = (best[j] for j in range(k) if observed.index(wanted[j]) < observed.index(label))
        best.append([*max(fitting, key=len, default=[]), label])
    return max(best, key=len, default=[])
