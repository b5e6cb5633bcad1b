from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.type_forms import OperandForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Named, Relation, Sql
from pgcontract.expectations.compare import differs, shown
from pgcontract.names import canonical, perhaps
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form

OperatorClassName = Annotated[
    str,
    Named("operator class", canonical, "An operator class: `name` or `schema.name`; a bare name is in the suite's."),
]


class OperatorClassPresent(CatalogExpectation):
    """The operator class {operator_class} exists.

    With `method`, for that index method: classes of one name may differ in it. What else is given is compared: the type
    that it is for, as Postgres itself would write it, whether an index on the type uses it unasked (`default`), and its
    operator `family`.

    Example:
        OperatorClassPresent("vector_cosine_ops", method="hnsw", default=False)

    Repair: install the extension that brings it along, or run the migration that creates it.
    """

    operator_class: OperatorClassName
    method: Identifier | None = None
    type: Sql | None = None
    default: bool | None = None
    family: Relation | None = None

    def forms(self) -> Iterable[Form]:
        if self.type is not None:
            yield OperandForm(self.type, self.operator_class)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.schemas[schema_of(self.operator_class)]  # a missing schema is its own failure
        named = [found for found in catalog.operator_classes.values() if found.name == self.operator_class]
        fitting = [found for found in named if self.method in {None, found.method}]
        if not fitting:
            of = f" for {self.method}" if self.method else ""
            methods = ", ".join(found.method for found in named)
            known = {found.name for found in catalog.operator_classes.values()}
            yield Finding(
                f"operator class {self.operator_class}{of} does not exist",
                expected=f"{self.operator_class}{of}",
                observed=f"{self.operator_class} for {methods}" if named else None,
                object=self.operator_class,
                hint=perhaps(self.operator_class, sorted(known)),
            )
            return
        for form in self.forms():
            types = shown(tuple(found.type for found in fitting)) if len(fitting) > 1 else fitting[0].type
            own = catalog.own_form(form)
            fitting_types = [found for found in fitting if found.type == own]
            if not fitting_types:
                yield from differs(f"type of operator class {self.operator_class}", own, types)
            fitting = fitting_types or fitting
        if self.default is not None and all(found.default != self.default for found in fitting):
            what = f"default of operator class {self.operator_class}"
            yield from differs(what, self.default, not self.default)
        if self.family is not None and all(found.family != self.family for found in fitting):
            yield from differs(f"family of operator class {self.operator_class}", self.family, fitting[0].family)
