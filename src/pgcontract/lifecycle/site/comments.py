"""What a contract wants the comments on tables and columns to be: the words of those who made them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pgcontract.lifecycle.site.placing import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.verdict import Outcome

KIND = "CommentIs"


class Comments(NamedTuple):
    """By relation; and by relation and column."""

    relations: Mapping[str, str]
    columns: Mapping[tuple[str, str], str]


def comments(outcomes: Iterable[Outcome]) -> Comments:
    """The comments that are promised; that there is none is nothing to be shown."""
    relations: dict[str, str] = {}
    columns: dict[tuple[str, str], str] = {}
    for outcome in outcomes:
        if outcome.kind != KIND:
            continue
        noun, name, of, words = map(outcome.expectation.get, ("noun", "name", "of", "comment"))
        if not isinstance(words, str) or not isinstance(name, str):
            continue
        if noun in RELATIONS:
            relations[name] = relations[f"public.{name}"] = words  # a name without a schema is in `public`
        elif noun == "column" and isinstance(of, str):
            columns[of, name] = words
    return Comments(relations, columns)
