from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, get_args

from pydantic import AfterValidator, BeforeValidator

from pgcontract.contract.fields import Field, Identifiers
from pgcontract.contract.personal import WORDS, Kind, condition
from pgcontract.contract.rows import ROWS, RowsExpectation, present
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.relations import Relation as RelationRecord
    from pgcontract.contract.aggregate import Aggregate, Question, Values

_TEXTUAL = ("text", "character", "json", "xml")

KindsOfData = Annotated[
    Sequence[Kind],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    AfterValidator(lambda value: tuple(dict.fromkeys(value))),
]
"""Several kinds of personal data, or one."""


class NoPersonalData(RowsExpectation):
    """No value of {table} holds personal data.

    In `columns`, or in all columns of text, JSON and XML: `kinds` are looked for by pattern, and payment cards and bank
    accounts by their check digits as well. `mostly` is the share of a column's values that must be free of each. What
    is found is counted and never shown, whatever `--examples` says.

    Example:
        NoPersonalData("audit_log", ["message", "details"])

    Repair: remove it from the rows, and from what writes them; keep a digest where they must be told apart.
    """

    columns: Identifiers = ()
    kinds: KindsOfData = Field(default=get_args(Kind), kw_only=True)
    mostly: float = Field(default=1, gt=0, le=1, kw_only=True, description="The share of the values without any.")

    def _columns(self, relation: RelationRecord) -> list[str]:
        if self.columns:
            return [relation.columns[column].name for column in self.columns]
        columns = relation.columns.values()
        return [each.name for each in columns if each.type.endswith("citext") or each.type.startswith(_TEXTUAL)]

    def _counts(self, relation: RelationRecord) -> Iterator[tuple[str, Kind, Aggregate]]:
        for column in self._columns(relation):
            # By the type's own output, which no cast that somebody has made can replace. A collation by which texts
            # that differ may be equal knows no regular expressions.
            text = f"pg_catalog.format('%s', {quote(column)}) collate pg_catalog.\"default\""
            for kind in self.kinds:
                yield column, kind, self.of(ROWS, condition(kind, text))

    def _all(self, column: str) -> Aggregate:
        return self.of(ROWS, present(quote(column)))

    def aggregates(self, relation: RelationRecord) -> Iterable[Question]:
        asked = [count for _, _, count in self._counts(relation)]
        asked += [self._all(column) for column in self._columns(relation)]
        return asked if self.sample is None else [*asked, self._read()]

    def judge(self, values: Values) -> Iterator[Finding]:
        self.require_rows(values)
        for column, kind, count in self._counts(values.relation):
            found, every = values[count], values[self._all(column)]
            if found > every * (1 - Fraction(str(self.mostly))):
                verb = "looks" if found == 1 else "look"
                yield Finding(
                    f"{found:,} of {every:,} values of {self.table}.{quote(column)} {verb} like they hold {WORDS[kind]}"
                    f"{self.where_words()}{self.sampled(values)}",
                    expected=f"no {kind}{self.where_words()}",
                    observed=f"{found:,} of {every:,}",
                    object=f"{self.table}.{quote(column)}",
                )
