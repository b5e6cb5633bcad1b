"""What a suite says of the parts of a relation, as the content of its short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pgcontract.contract.expectation import Expectation
from pgcontract.expectations.column_form import folded_column
from pgcontract.expectations.columns import ColumnExists
from pgcontract.expectations.folding import Common, common, lone, part
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.expectations.object_form import described
from pgcontract.expectations.part_form import part_of
from pgcontract.expectations.rows import RowCount, RowsSatisfy
from pgcontract.expectations.rules import RulePresent, RulesAre
from pgcontract.expectations.short import bare_bounds
from pgcontract.expectations.statistics import StatisticsPresent
from pgcontract.expectations.triggers import TriggerPresent
from pgcontract.names import quote, split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.said import Said

T = TypeVar("T", bound=Expectation)


@dataclass(frozen=True, slots=True)
class RelationFold:
    """A relation of which a suite speaks.

    Attributes:
        said: The suite.
        name: The relation's canonical name.
        outer: What its form says of all its parts.
    """

    said: Said
    name: str
    outer: Common

    def content(self) -> dict[str, Any]:
        """What is said of any relation's parts, as the keys of its form."""
        columns: dict[str, Any] = {}
        for one in self.of(ColumnExists):
            columns.setdefault(one.column, folded_column(one, self.said, self.outer))
        found: dict[str, Any] = {
            "columns": {column: content for column, content in columns.items() if content is not None},
            "indexes": self.listed(IndexPresent, "index", "columns"),
            "statistics": list(self.statistics()),
            "triggers": self.named(TriggerPresent, "trigger", "function"),
        }
        found |= self.rows()
        rules = self.all_of(RulesAre, self.named(RulePresent, "rule"))
        return {key: content for key, content in found.items() if content} | ({} if rules is None else {"rules": rules})

    def statistics(self) -> Iterator[Any]:
        """The statistics, each with its owner and its comment."""
        *schema, _ = split(self.name)
        for each in self.of(StatisticsPresent):
            content = part(each, self.said, "table", outer=self.outer)
            if content is not None:
                name = None if each.name is None else ".".join(map(quote, [*schema, each.name]))
                about = {} if name is None else described(self.said, "statistics", name, common(each))
                yield lone({**about, **content}, "columns")

    def rows(self) -> dict[str, Any]:
        """What is said of the rows."""
        count, satisfied = (
            self.part(RowCount),
            (part(one, self.said, "table", outer=self.outer, bare="predicate") for one in self.of(RowsSatisfy)),
        )
        found = {"satisfies": [content for content in satisfied if content is not None]}
        return found if count is None else {"rows": bare_bounds(count), **found}

    def of(self, cls: type[T]) -> list[T]:
        """What the suite says of it by one kind of expectation."""
        return self.said.of(cls, **{cls.positional()[0]: self.name})

    def alike(self, cls: type[T]) -> Iterator[T]:
        """Those that have in common what all have."""
        return (each for each in self.of(cls) if common(each) == self.outer)

    def part(self, cls: type[Expectation], bare: str | None = None) -> Any:
        """The content of the form of what is said once; None where it is not said."""
        place = cls.positional()[0]
        made = (part(each, self.said, place, outer=self.outer, bare=bare) for each in self.of(cls))
        return next((content for content in made if content is not None), None)

    def listed(self, cls: type[Expectation], noun: str, bare: str | None = None) -> list[Any]:
        """The contents of the forms of one kind of part, which are a list."""
        parts = (part_of(each, self.said, noun, "table", outer=self.outer, bare=bare) for each in self.of(cls))
        return [content for content in parts if content is not None]

    def named(self, cls: type[Expectation], noun: str, bare: str | None = None) -> dict[str, Any]:
        """The contents of the forms of one kind of part, by name."""
        found: dict[str, Any] = {}
        for each in self.of(cls):
            name = dict(each)["name"]
            content = part_of(each, self.said, noun, cls.positional()[0], "name", outer=self.outer, bare=bare)
            if name is not None and content is not None:
                found.setdefault(name, content)
        return found

    def all_of(self, cls: type[Expectation], there: dict[str, Any]) -> dict[str, Any] | None:
        """Those that a closed world names, for a key that says that there are no others; None if none does."""
        members = cls.positional()[1]
        for closed in self.alike(cls):
            names = dict(closed)[members]
            if there.keys() >= set(names):
                return {name: there[name] for name in names}
        return None
