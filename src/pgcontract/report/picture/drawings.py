"""Which tables are drawn together: a schema, or where that is too large, the tables that belong together in it.

A drawing of a thousand tables shows a hairball. So a large schema is cut where the fewest foreign keys go across. What
half of the other tables refer to (`users`, `tenants`) pulls nothing together: it stands at the rim of each drawing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.names import quote
from pgcontract.report.picture.links import links
from pgcontract.report.picture.parts import Drawing, Link
from pgcontract.report.words.pieces import Words, code, say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pgcontract.catalog.catalog import Catalog

MOST = 36
"""How many tables a reader takes in at once."""
_HUB = 10
_CROWDED = 3  # links a table


def drawings(catalog: Catalog, tables: Collection[str]) -> tuple[Drawing, ...]:
    """The tables in drawings of at most `MOST`, by schema; what is referred to in another one stands at the rim."""
    every = list(links(catalog, tables))
    schemas: dict[str, list[str]] = defaultdict(list)
    for name in sorted(tables):
        schemas[schema_of(name)].append(name)
    several = len(schemas) > 1
    small = [name for name in schemas if len(schemas[name]) <= MOST]
    if several and len(tables) <= MOST:
        return (_drawing(say("All tables"), sorted(tables), every),)
    return tuple(
        _drawing(title, group, every)
        for name in sorted(schemas, key=lambda name: (name != "public", name))
        for title, group in (
            [(code(quote(name)), schemas[name])] if name in small else _cut(quote(name), schemas[name], every)
        )
    )


def _drawing(title: Words, group: Sequence[str], every: Sequence[Link]) -> Drawing:
    inside = set(group)
    own = [link for link in every if link.child in inside]
    outside = sorted({link.parent for link in own} - inside)
    return Drawing(title, tuple(group), tuple(outside), tuple(own), len(own) > _CROWDED * max(len(group), 8))


def _cut(schema: str, names: Sequence[str], every: Sequence[Link]) -> list[tuple[Words, list[str]]]:
    """The groups that a schema falls into, the largest first, and what belongs nowhere in the end."""
    inside = set(names)
    own = [link for link in every if {link.child, link.parent} <= inside and link.child != link.parent]
    referred = Counter(parent for parent, _ in {(link.parent, link.child) for link in own})
    hubs = {name for name, number in referred.items() if number > _HUB}
    groups = _merged([name for name in names if name not in hubs], [link for link in own if link.parent not in hubs])
    whole = sorted((group for group in groups if len(group) > 2), key=lambda group: (-len(group), group))  # noqa: PLR2004
    rest = sorted([*hubs, *(name for group in groups if len(group) <= 2 for name in group)])  # noqa: PLR2004
    cut = [(_around(schema, group, referred), group) for group in whole]
    pieces = [rest[start : start + MOST] for start in range(0, len(rest), MOST)]
    return cut + [
        (say("{}, more tables, {} to {}", code(schema), code(piece[0]), code(piece[-1])), piece) for piece in pieces
    ]


def _around(schema: str, group: Sequence[str], referred: Counter[str]) -> Words:
    middle = max(group, key=lambda name: (referred[name], name))
    return say("{}, around {}", code(schema), code(middle))


def _merged(names: Sequence[str], own: Sequence[Link]) -> list[list[str]]:
    """Groups, which grow by joining those two that are most closely linked, as long as they stay small enough."""
    of = {name: index for index, name in enumerate(names)}
    groups = {index: [name] for name, index in of.items()}
    weights: dict[int, Counter[int]] = defaultdict(Counter)
    for link in own:
        if link.child in of and of[link.child] != of[link.parent]:
            weights[of[link.child]][of[link.parent]] += 1
            weights[of[link.parent]][of[link.child]] += 1
    while pair := _closest(groups, weights):
        kept, gone = pair
        groups[kept] += groups.pop(gone)
        for other, weight in weights.pop(gone).items():
            del weights[other][gone]
            if other != kept:
                weights[kept][other] += weight
                weights[other][kept] += weight
    return [sorted(group) for group in groups.values()]


def _closest(groups: dict[int, list[str]], weights: dict[int, Counter[int]]) -> tuple[int, int] | None:
    best, found = 0.0, None
    for one, others in weights.items():
        for other, weight in others.items():
            size = len(groups[one]), len(groups[other])
            if one < other and sum(size) <= MOST and weight / (size[0] * size[1]) > best:
                best, found = weight / (size[0] * size[1]), (one, other)
    return found
