"""What a suite says of an object as such, as the content of its short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.expectations.folding import beside, common, fields
from pgcontract.expectations.object_form import described

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


def folded_object(head: Expectation, said: Said, noun: str | None = None, *place: str) -> dict[str, Any]:
    """The content of the form of an object.

    Args:
        head: What states that it is there, and what it is like; its first field is the object's name.
        said: The suite.
        noun: What the object is to the expectations on owners, comments and grants; None where there are none.
        place: More fields of the head that the form does not have.
    """
    own, first = common(head), head.positional()[0]
    about = {} if noun is None else described(said, noun, dict(head)[first], own)
    return {**about, **fields(head, said, first, *place), **(beside(own) or {})}
