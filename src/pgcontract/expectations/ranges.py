from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.type_forms import SubtypeForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Relation, Sql, TypeName
from pgcontract.expectations.compare import differs
from pgcontract.expectations.text_search_configurations import named
from pgcontract.expectations.types import find_type, of_kind
from pgcontract.names import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.verdict import Finding

_FIELDS = ("operator_class", "collation", "subtype_diff", "canonical_function")
Named = Annotated[str, AfterValidator(named)]


class RangeIs(CatalogExpectation):
    """{type} is a range over {subtype}.

    What is given is compared: the subtype as Postgres itself would write it; the name of the multirange type that came
    with it (since version 14); the operator class by which values are ordered and the collation, where they are not the
    subtype's own; the function that gives the difference of two values, without which a GiST index on the range is
    poor, and the one that puts a range into canonical form. A bare name of these four is in the type's schema if there
    is one there, else Postgres's own.

    Example:
        RangeIs("float_range", "double precision", subtype_diff="float8mi")

    Repair: a range is made anew for any of these.
    """

    type: TypeName
    subtype: Sql
    multirange: Relation | None = None
    operator_class: Named | None = None
    collation: Named | None = None
    subtype_diff: Named | None = None
    canonical_function: Named | None = None

    def forms(self) -> Iterable[Form]:
        yield self._form()

    def _form(self) -> SubtypeForm:
        return SubtypeForm(self.subtype, self.type)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        found = find_type(catalog, self.type)
        if found.kind != "range":
            yield from of_kind(found, "range")
            return
        yield from differs(f"subtype of range {self.type}", catalog.own_form(self._form()), found.subtype)
        if self.multirange is not None:
            yield from differs(f"multirange of range {self.type}", self.multirange, found.multirange)
        for field in _FIELDS:
            written, observed = getattr(self, field), getattr(found, field)
            if written is not None:
                what = f"{field.replace('_', ' ')} of range {self.type}"
                yield from differs(what, self._meant(catalog, written, observed), observed)

    def _meant(self, catalog: Catalog, written: str, observed: str | None) -> str:
        """The canonical name: of the type's schema, if there is such a thing, else of pg_catalog."""
        own = canonical(written, schema_of(self.type))
        classes = (each.name for each in catalog.operator_classes.values())
        there = own in catalog.overloads or own in catalog.collations or own in classes
        return own if there or own == observed else canonical(written, "pg_catalog")
