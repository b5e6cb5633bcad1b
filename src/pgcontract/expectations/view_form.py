"""Views and foreign tables in the short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from pgcontract.contract.fields import Relation, Relations
from pgcontract.contract.section import Section
from pgcontract.expectations.closed_fold import closed_parts
from pgcontract.expectations.closed_relation import FOREIGN_TABLE, MATERIALIZED_VIEW, VIEW, closing
from pgcontract.expectations.constraints import CheckConstraint
from pgcontract.expectations.folding import common, lone
from pgcontract.expectations.foreign_tables import ForeignTableExists
from pgcontract.expectations.inheritance import ParentsAre
from pgcontract.expectations.key_parts import CheckForm
from pgcontract.expectations.object_fold import folded_object
from pgcontract.expectations.relation_fold import RelationFold
from pgcontract.expectations.relation_form import RelationForm
from pgcontract.expectations.sections import by_name
from pgcontract.expectations.short import bare, stating
from pgcontract.expectations.views import ViewExists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


@stating(ViewExists, "view")
class ViewForm(RelationForm):
    """As ViewExists has it, without the name; and what may be said of any relation. A bare text is the query.

    Attributes:
        closed: `true`: what is not written here of indexes, triggers, rules, grants and comments is not there. Or of
            which parts that holds, among which `columns` may be, where they are listed.
        acl: By role what it was granted, and nothing else to nobody else; `{}` for nothing.
    """

    materialized: bool = False

    def expand(self, view: str) -> Iterator[Expectation]:
        """It exists, and is so."""
        return self.over(self._expand(view))

    def _expand(self, view: str) -> Iterator[Expectation]:
        noun = "materialized view" if self.materialized else "view"
        yield ViewExists(view, **self.own())
        yield from self._columns(view)
        yield from self._indexes(view)
        yield from self._acting(view)
        yield from self._rules(view)
        yield from self.about(noun, view)
        yield from closing(self, noun, view, MATERIALIZED_VIEW if self.materialized else VIEW)


class Views(Section):
    """Views: a list of names, or by name with the query and the options."""

    key: ClassVar[str] = "views"
    place: ClassVar[int] = 80
    root: Annotated[
        dict[Relation, Annotated[ViewForm, bare("definition", str | ViewForm)]],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, str | ViewForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield from form.expand(name)

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for exists in said.all(ViewExists):
            noun, parts = ("materialized view", MATERIALIZED_VIEW) if exists.materialized else ("view", VIEW)
            fold = RelationFold(said, exists.view, common(exists))
            content = {**folded_object(exists, said, noun), **fold.content()}
            query = {"definition": content.pop("definition")} if "definition" in content else {}
            content = {**closed_parts(content, ViewForm, fold, noun, parts), **query}
            yield said.bare(exists.view), lone(content, "definition")


@stating(ForeignTableExists, "table")
class ForeignTableForm(RelationForm):
    """As ForeignTableExists has it, without the name; and what may be said of any relation.

    Attributes:
        checks: A list of expressions.
        parents: All tables that it inherits from.
        closed: `true`: what is not written here is not there. Or of which of its parts that holds.
        acl: By role what it was granted, and nothing else to nobody else; `{}` for nothing.
    """

    checks: list[Annotated[CheckForm, bare("expression", str | CheckForm)]] = Field(default_factory=list)
    parents: Relations | None = None

    def expand(self, table: str) -> Iterator[Expectation]:
        """It exists, and is so."""
        return self.over(self._expand(table))

    def _expand(self, table: str) -> Iterator[Expectation]:
        yield ForeignTableExists(table, **self.own("checks", "parents"))
        yield from self._columns(table)
        for check in self.checks:
            yield from check.stated(CheckConstraint(table, **self.part("checks", check)), "constraint")
        yield from self._indexes(table)
        yield from self._acting(table)
        yield from self._rules(table)
        if self.parents is not None:
            yield ParentsAre(table, self.parents)
        yield from self.about("foreign table", table)
        yield from closing(self, "foreign table", table, FOREIGN_TABLE)


class ForeignTables(Section):
    """Foreign tables: a list of names, or by name with the server and the columns."""

    key: ClassVar[str] = "foreign_tables"
    place: ClassVar[int] = 70
    root: Annotated[
        dict[Relation, ForeignTableForm],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, ForeignTableForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield from form.expand(name)

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for exists in said.all(ForeignTableExists):
            fold = RelationFold(said, exists.table, common(exists))
            content = {**folded_object(exists, said, "foreign table"), **fold.content()}
            checks = fold.listed(CheckConstraint, "constraint", "expression")
            if "column_options" in content:
                content["column_options"] = dict(content["column_options"])
            parents = [list(map(said.bare, closed.parents)) for closed in fold.alike(ParentsAre)]
            content |= ({"checks": checks} if checks else {}) | ({"parents": parents[0]} if parents else {})
            yield said.bare(exists.table), closed_parts(content, ForeignTableForm, fold, "foreign table", FOREIGN_TABLE)
