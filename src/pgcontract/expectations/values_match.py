from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator

from pgcontract.contract.constants import operator
from pgcontract.contract.fields import Field
from pgcontract.contract.rows import EachValueExpectation
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from pgcontract.catalog.relations import Relation as RelationRecord


class ValuesMatch(EachValueExpectation):
    """The values of {table}.{column} match a pattern.

    `regex` is a regular expression of Postgres's, which need not match the whole value (`^…$` does); or `like` is a
    pattern of SQL's LIKE, which must. NULLs do not count. With `never`, no value may match.

    Example:
        ValuesMatch("users", "email", "^[^@ ]+@[^@ ]+$")

    Repair: correct the rows, or the pattern; then make it a CHECK.
    """

    regex: str | None = None
    like: str | None = None
    any_case: bool = Field(default=False, description="Whether capitals are as good as small letters.")
    never: bool = Field(default=False, description="Whether no value may match, instead of all.")

    @model_validator(mode="after")
    def _one_pattern(self) -> ValuesMatch:
        if (self.regex is None) is (self.like is None):
            raise ValueError("give regex or like")
        return self

    def holds(self, relation: RelationRecord) -> str:
        pattern = self.like if self.regex is None else self.regex
        sign = ("~~" if self.regex is None else "~") + ("*" if self.any_case else "")
        test = f"{quote(self.column)} {operator(sign, self.type_in(relation))} {literal(str(pattern))}"
        return f"not ({test})" if self.never else test

    def wanted(self) -> str:
        how = "like" if self.regex is None else "matched by"
        case = ", in any case" if self.any_case else ""
        return f"{'not ' if self.never else ''}{how} {self.like if self.regex is None else self.regex}{case}"

    def unwanted(self) -> str:
        return self.wanted().removeprefix("not ") if self.never else f"not {self.wanted()}"
