"""Texts that Postgres deparses, where two servers may write the same in two ways.

Nothing is stripped or rewritten to make texts equal: that would hide real changes. A server that can be asked is asked
how it would store what the other one prints; where its answer is what it holds already, both say the same. Of one
difference in spelling it is known what it is, so that two saved catalogs need nobody to ask: before version 16, a view
of one relation is written with that relation's name before each column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.lexis import UnclosedError, tokens
from pgcontract.lifecycle.diff.questions import of_one_source, questions

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.diff.change import Sides
    from pgcontract.lifecycle.diff.nouns import Item

_BARE_SINCE = 160000


def alike(old: Item, new: Item, field: str, sides: Sides) -> bool:
    """Whether two texts that differ say the same, as far as anybody was asked or knows."""
    if sides.left.server.version_number == sides.right.server.version_number:
        return False
    if field == "definition" and type(old.record).__name__ == "View" and _same_view(old, new, sides):
        return True
    if _answered(sides.left, old, new, field) or _answered(sides.right, new, old, field):
        return True
    shared = list(of_one_source(old, new, field, sides.left, sides.right))
    return bool(shared) and all(
        sides.left.forms.get(ours.form) == ours.held and sides.right.forms.get(theirs.form) == theirs.held
        for ours, theirs in shared
    )


UNASKED = "The servers are of different versions, and none could be asked whether both texts say the same."


def unasked(old: Item, new: Item, field: str, sides: Sides) -> bool:
    """Whether two texts of different versions were compared literally, because no server could be asked."""
    if sides.left.server.version_number == sides.right.server.version_number:
        return False
    asked = {side.form: side for side in (*questions(old, new, field), *questions(new, old, field))}
    return bool(asked) and not any(form in sides.left.forms or form in sides.right.forms for form in asked)


def _answered(catalog: Catalog, this: Item, other: Item, field: str) -> bool:
    """Whether the server said that it would store the other's text as what it holds."""
    asked = list(questions(this, other, field))
    return bool(asked) and all(catalog.forms.get(each.form) == each.held for each in asked)


def _same_view(old: Item, new: Item, sides: Sides) -> bool:
    """Whether the older server's text is the newer's, but for the one relation's name before its columns."""
    older, newer = sorted(
        ((sides.left.server.version_number, old), (sides.right.server.version_number, new)), key=lambda pair: pair[0]
    )
    if not older[0] < _BARE_SINCE <= newer[0]:
        return False
    try:
        return bare(older[1].record.definition) == _tokens(newer[1].record.definition)
    except UnclosedError:  # what cannot be read is taken literally
        return False


def _tokens(text: str) -> list[str]:
    return [piece for _, piece, _ in tokens(text) if piece.strip()]


def bare(definition: str) -> list[str]:
    """The tokens of a view's query as version 16 and later write it: a single relation's columns without its name.

    Only the outermost query is written otherwise; in the queries in its brackets, each name stays.

    >>> bare("SELECT t.id FROM public.t WHERE (t.n > ( SELECT max(u.n) FROM public.u))")[:4]
    ['SELECT', 'id', 'FROM', 'public']
    """
    found = _tokens(definition)
    depths, inner = _nesting(found)
    outer = [place for place, piece in enumerate(found) if piece == "FROM" and not depths[place]]
    name = _called(found, outer[0] + 1) if len(outer) == 1 else None
    if name is None:
        return found
    dropped = {
        place + offset
        for place, piece in enumerate(found[:-2])
        if piece == name and not inner[place] and place != outer[0] + 1 and _names_column(found, place)
        for offset in (0, 1)
    }
    return [piece for place, piece in enumerate(found) if place not in dropped]


def _names_column(found: list[str], place: int) -> bool:
    """Whether a name stands before a column: not before a type, a function, a collation or an operator of a schema."""
    before, after = found[max(place - 2, 0) : place], found[place + 1 : place + 4]
    if after[:1] != ["."] or after[1:2] == ["*"] or after[2:3] == ["("]:
        return False
    return not before or (before[-1] not in {".", ":", "COLLATE"} and before[0] != "OPERATOR")


def _nesting(found: list[str]) -> tuple[list[int], list[bool]]:
    """Of each token, in how many brackets it stands, and whether one of them holds a query."""
    depths, inside, stack = [], [], [False]
    for place, piece in enumerate(found):
        if piece == "(":
            opens = found[place + 1 : place + 2]
            stack.append(stack[-1] or opens in (["SELECT"], ["WITH"], ["VALUES"]))
        depths.append(len(stack) - 1)
        inside.append(stack[-1])
        if piece == ")" and len(stack) > 1:
            stack.pop()
    return depths, inside


def _called(found: list[str], place: int) -> str | None:
    """What the only relation behind a FROM is called; None where there are more, or it is none."""
    name = found[place] if place < len(found) else None
    if name in {None, "(", "LATERAL", "ONLY"}:
        return None
    while found[place + 1 : place + 2] == ["."]:
        place += 2
        name = found[place]
    after = found[place + 1 : place + 2]
    if not after or after[0] in _ENDS:
        return name
    ends = found[place + 2 : place + 3]
    return after[0] if not ends or ends[0] in _ENDS else None


_ENDS = frozenset({"WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", ";"})
