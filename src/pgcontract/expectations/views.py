from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.view_forms import ViewForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Relation, Relations, Sql
from pgcontract.expectations.compare import differs
from pgcontract.expectations.worlds import RelationsAre
from pgcontract.names import perhaps
from pgcontract.verdict import Finding, Repair

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
    meant, which may have to be `populated`.

    Example:
        ViewExists("open_invoices", security_invoker=True)

    Repair: set the option; another query needs its migration.
    """

    view: Relation
    materialized: bool = False
    security_invoker: bool | None = None
    security_barrier: bool | None = None
    check_option: CheckOptions | None = None
    definition: Sql | None = None
    populated: bool | None = None

    states: ClassVar[str] = "view"

    def forms(self) -> Iterable[Form]:
        if self.definition is not None:
            yield ViewForm(self.definition, self.view)

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
                sql = f"alter view {self.view} set ({option} = {str(expected).lower()});"
                of = f"{option} of {self.view}"
                yield from differs(of, expected, getattr(view, option), repair=[Repair(sql, "changes access")])
        if self.check_option is not None:
            change = f"set (check_option = {self.check_option.lower()})"
            sql = f"alter view {self.view} {'reset (check_option)' if self.check_option == 'NONE' else change};"
            observed = view.check_option or "NONE"
            yield from differs(f"check option of {self.view}", self.check_option, observed, repair=[Repair(sql)])
        for form in self.forms():
            yield from differs(f"definition of {self.view}", catalog.own_form(form), view.definition)
        if self.populated is not None:
            data = "" if self.populated else " with no data"
            sql = f"refresh materialized view {self.view}{data};"
            repair = Repair(sql, "none" if self.populated else "data loss")
            yield from differs(f"population of {self.view}", self.populated, view.populated, repair=[repair])


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
