"""What the short forms of tables, views and foreign tables share: columns, indexes, triggers, rules and privileges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, model_validator

from pgcontract.expectations.closed_relation import Closed, unnamed
from pgcontract.expectations.column_form import ColumnField
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.key_parts import IndexForm, StatisticsForm
from pgcontract.expectations.object_form import ObjectForm
from pgcontract.expectations.parts import GRANT, GrantForm, RuleForm, TriggerForm
from pgcontract.expectations.rows_form import Count, Satisfies, rows_of
from pgcontract.expectations.rules import RulePresent, RulesAre
from pgcontract.expectations.short import Short, bare
from pgcontract.expectations.triggers import TriggerPresent
from pgcontract.expectations.usual import usual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation


class RelationForm(ObjectForm):
    """What may be said of a relation.

    Attributes:
        columns: By name; in the order they are wanted in reports. `id: uuid not null` is a whole definition.
        indexes: A list of keys, or of lists of keys, or with their properties.
        statistics: A list of lists of columns and expressions, or with their properties.
        triggers: By name.
        rules: By name; they are all there may be.
        grants: By role, exactly the privileges that it effectively has; `[]` for none. A privilege on some columns
            only is a mapping: `[select, {update: [name, label]}]`.
        rows: How many there are: a number, or the least and the most.
        satisfies: Conditions in SQL that every row satisfies.
    """

    columns: dict[str, ColumnField] = Field(default_factory=dict)
    indexes: list[Annotated[IndexForm, bare("columns", str | list[str] | IndexForm)]] = Field(default_factory=list)
    statistics: list[Annotated[StatisticsForm, bare("columns", str | list[str] | StatisticsForm)]] = Field(
        default_factory=list
    )
    triggers: dict[str, Annotated[TriggerForm, bare("function", str | TriggerForm)]] = Field(default_factory=dict)
    rules: dict[str, RuleForm] | None = None
    grants: dict[str, Annotated[GrantForm, GRANT]] = Field(default_factory=dict)
    rows: Count | None = None
    satisfies: list[Satisfies] = Field(default_factory=list)

    closed: Closed = ()

    @model_validator(mode="after")
    def _closable(self) -> RelationForm:
        missing = unnamed(self)
        if missing:
            raise ValueError(f"where it is closed, each has a name, and what Postgres calls {missing} is not known")
        return self

    def part(self, key: str, form: Short, *apart: str) -> dict[str, Any]:
        """What is said of a part, and what is usual where that is closed."""
        given = form.given(*apart)
        return {**usual(key, given), **given} if self.complete else given

    @property
    def complete(self) -> bool:
        """Whether parts are as usual where nothing else is said of them."""
        return not {"all", "properties"}.isdisjoint(self.closed)

    def own(self, *more: str) -> dict[str, Any]:
        return super().own(
            "columns", "indexes", "statistics", "triggers", "rules", "grants", "rows", "satisfies", "closed", *more
        )

    def _columns(self, name: str) -> Iterator[Expectation]:
        for column, form in self.columns.items():
            yield from form.expand(name, column, complete=self.complete)

    def _indexes(self, name: str) -> Iterator[Expectation]:
        for index in self.indexes:
            yield from index.stated(IndexPresent(name, **self.part("indexes", index)), "index")
        for each in self.statistics:
            yield from each.expand(name)

    def _acting(self, name: str) -> Iterator[Expectation]:
        """What happens beside: triggers, who may do what, and what is true of the rows."""
        for trigger, form in self.triggers.items():
            yield from form.stated(TriggerPresent(name, trigger, **self.part("triggers", form)), "trigger")
        for role, grant in self.grants.items():
            yield from grant.expand(name, role)
        yield from rows_of(name, self.rows, self.satisfies)

    def _rules(self, name: str) -> Iterator[Expectation]:
        if self.rules is not None:
            for rule, form in self.rules.items():
                yield from form.stated(RulePresent(name, rule, **self.part("rules", form)), "rule")
            yield RulesAre(name, list(self.rules))
