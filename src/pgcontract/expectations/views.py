from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.view_forms import ViewColumnsForm, ViewForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Relation, Relations, Sql, Texts
from pgcontract.expectations.compare import differs
from pgcontract.expectations.table_storage import changed_parameters
from pgcontract.expectations.worlds import RelationsAre
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.catalog.views import View

CheckOptions = Annotated[Literal["LOCAL", "CASCADED", "NONE"], AnyCase(("LOCAL", "CASCADED", "NONE"))]


class ViewExists(CatalogExpectation):
    """The view {view} exists.

    What is given is compared. A view reads its tables with its owner's rights, past their policies, unless it is a
    `security_invoker`; `security_barrier` keeps a reader's own conditions from seeing what the view leaves out. The
    `definition` is its query, compared as Postgres itself would store it. With `materialized` a materialised view is
    meant, which may have to be `populated`; its storage `parameters` are then all that there may be, `[]` for none.

    Example:
        ViewExists("open_invoices", security_invoker=True)

    Repair: set the option, or replace the query, where the columns that are there stay; a view with other columns, and
    a materialised one, is made anew.
    """

    view: Relation
    materialized: bool = False
    security_invoker: bool | None = None
    security_barrier: bool | None = None
    check_option: CheckOptions | None = None
    definition: Sql | None = None
    populated: bool | None = None
    parameters: Texts | None = None

    @model_validator(mode="after")
    def _stored(self) -> Self:
        if self.parameters is not None and not self.materialized:
            raise ValueError("a view that is not materialized stores nothing, and so has no parameters")
        return self

    states: ClassVar[str] = "view"

    def forms(self) -> Iterable[Form]:
        if self.definition is not None:
            yield ViewForm(self.definition, self.view)
            if not self.materialized:
                yield ViewColumnsForm(self.definition, self.view)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        catalog.schemas[schema_of(self.view)]  # a missing schema is its own failure
        noun = "materialized view" if self.materialized else "view"
        if self.view not in catalog.relations:
            hint = perhaps(self.view, catalog.views)
            yield Finding(f"{noun} {self.view} does not exist", expected=self.view, object=self.view, hint=hint)
        elif (kind := catalog.relations[self.view].kind) != noun:
            yield Finding(f"{self.view} is a {kind}, not a {noun}", expected=noun, observed=kind, object=self.view)
        else:
            yield from self._compare(catalog, catalog.views[self.view])

    def _compare(self, catalog: Catalog, view: View) -> Iterator[Finding]:
        for option in ("security_invoker", "security_barrier"):
            expected = getattr(self, option)
            if expected is not None:
                change = f"set ({option} = true)" if expected else f"reset ({option})"
                sql = f"alter view {self.view} {change};"
                of = f"{option} of {self.view}"
                yield from differs(of, expected, getattr(view, option), repair=[Repair(sql, "changes access")])
        if self.check_option is not None:
            change = f"set (check_option = {self.check_option.lower()})"
            sql = f"alter view {self.view} {'reset (check_option)' if self.check_option == 'NONE' else change};"
            observed = view.check_option or "NONE"
            yield from differs(f"check option of {self.view}", self.check_option, observed, repair=[Repair(sql)])
        if self.definition is not None:
            expected = catalog.own_form(ViewForm(self.definition, self.view))
            if expected != view.definition:
                yield self._other_query(catalog, expected, view)
        if self.populated is not None:
            data = "" if self.populated else " with no data"
            sql = f"refresh materialized view {self.view}{data};"
            repair = Repair(sql, "none" if self.populated else "data loss")
            yield from differs(f"population of {self.view}", self.populated, view.populated, repair=[repair])

        if self.parameters is not None:
            wanted, there = (tuple(sorted(each)) for each in (self.parameters, catalog.relations[self.view].options))
            repairs = list(changed_parameters(f"materialized view {self.view}", wanted, there))
            yield from differs(f"storage parameters of {self.view}", wanted, there, repair=repairs)

    def _other_query(self, catalog: Catalog, expected: str, view: View) -> Finding:
        """The finding, with a repair where the columns that are there stay as they are."""
        what, sql, why = (
            f"definition of {self.view}",
            None,
            "No `CREATE OR REPLACE` is for it: drop it, and make it anew.",
        )
        if not self.materialized:
            columns = catalog.own_form(ViewColumnsForm(str(self.definition), self.view))
            sql, why = None, "The server could not be asked which columns the query gives."
            if columns != self.definition:
                sql, why = _replaced(catalog.relations[self.view], columns, expected)
        return Finding(
            f"{what} is another",
            expected=expected,
            observed=view.definition,
            hint=None if sql else why,
            repair=(Repair(sql, "changes access"),) if sql else (),
            fingerprint=fingerprint(what, expected),
        )


def _replaced(view: RelationRecord, columns: str, query: str) -> tuple[str | None, str]:
    """The statement that gives a view another query, and why there is none.

    `CREATE OR REPLACE` may only add columns at the end, and resets the options that it does not say again.
    """
    there = ", ".join(
        f"{quote(column.name)} {column.type}" + (f" COLLATE {column.collation}" if column.collation else "")
        for column in view.columns.values()
    )
    if columns != there and not columns.startswith(f"{there}, "):
        return (
            None,
            f"Its columns would change from ({there}) to ({columns}): drop it, and make it and its grants anew.",
        )
    options = (option.partition("=") for option in view.options)
    said = ", ".join(f"{name} = {literal(value)}" for name, _, value in options)
    return f"create or replace view {view.name}{f' with ({said})' if said else ''} as\n{query};", ""


class ViewsAre(RelationsAre):
    """The schema holds exactly the views {views}.

    A closed world: a view reads past the policies of its tables unless it is told otherwise. Those of extensions are
    left out, unless they are named; materialised views are another matter.

    Example:
        ViewsAre(["open_invoices", "paid_invoices"])

    Repair: add a view that is wanted to the contract, drop one that is not; a missing one needs its migration.
    """

    views: Relations
    in_schema: Identifier | None = None

    nouns = ("view", "views")
    members = "views"

    def is_one(self, relation: RelationRecord) -> bool:
        return relation.kind == "view"


class MaterializedViewsAre(RelationsAre):
    """The schema holds exactly the materialised views {views}.

    A closed world: no policy guards what a materialised view holds. Those of extensions are left out, unless they are
    named.

    Example:
        MaterializedViewsAre(["monthly_totals"])

    Repair: add one that is wanted to the contract, drop one that is not; a missing one needs its migration.
    """

    views: Relations
    in_schema: Identifier | None = None

    nouns = ("materialized view", "materialized views")
    members = "views"

    def is_one(self, relation: RelationRecord) -> bool:
        return relation.kind == "materialized view"
