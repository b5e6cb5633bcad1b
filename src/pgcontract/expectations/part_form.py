"""What the short forms of a relation's parts share: each may bear a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import model_validator

from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.folding import Common, common, part
from pgcontract.expectations.short import Short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


class PartForm(Short):
    """A part of a relation.

    Attributes:
        comment: The comment on it, which needs its name; `null` for none.
    """

    comment: str | None = None

    @model_validator(mode="after")
    def _named(self) -> PartForm:
        if "comment" in self.model_fields_set and getattr(self, "name", "") is None:
            raise ValueError("only what has a name has a comment")
        return self

    def given(self, *apart: str) -> dict[str, Any]:
        return super().given("comment", *apart)

    def stated(self, made: Expectation, noun: str) -> Iterator[Expectation]:
        """What the form stands for: the expectation on the part, and its comment."""
        yield made
        if "comment" in self.model_fields_set:
            fields = dict(made)
            of, name = fields.get("table", fields.get("relation")), fields.get("name", getattr(self, "name", None))
            yield from self.over([CommentIs(noun, str(name), self.comment, of=of)])


def part_of(
    expectation: Expectation, said: Said, noun: str, *place: str, outer: Common, bare: str | None = None
) -> Any:
    """The content of the form of a part, with its comment; None where it cannot stand in one with that in common."""
    fields = dict(expectation)
    on = fields.get("table", fields.get("relation"))
    comments = said.of(CommentIs, noun=noun, of=on, name=fields["name"]) if fields["name"] is not None else []
    same = [each for each in comments if common(each) == common(expectation)]
    if not same:
        return part(expectation, said, *place, outer=outer, bare=bare)
    content = part(expectation, said, *place, outer=outer)
    return None if content is None else {**content, "comment": same[0].comment}
