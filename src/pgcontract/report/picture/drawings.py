"""Which tables are drawn together: a schema, or where that is too large, the tables that belong together in it.

A drawing of a thousand tables shows a hairball. So a large schema is cut where the fewest foreign keys go across. What
half of the other tables refer to (`users`, `tenants`) pulls nothing together: it stands at the rim of each drawing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.names import quote, split
from pgcontract.report.picture.links import links
from pgcontract.report.picture.parts import Drawing, Link
from pgcontract.report.words.pieces import Words, code, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog

MOST = 36
"""How many tables a reader takes in at once."""
# What more tables than these refer to; what fewer tables than these share a drawing with others.
_HUB = 10
_FEW = 6
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
    """The groups that a schema falls into, the largest first, and in the end the small ones together."""
    inside = set(names)
    own = [link for link in every if {link.child, link.parent} <= inside and link.child != link.parent]
    referred = Counter(parent for parent, _ in {(link.parent, link.child) for link in own})
    hubs = [name for name in names if referred[name] > _HUB]
    groups = _merged(
        [name for name in names if name not in set(hubs)], [link for link in own if link.parent not in hubs]
    )
    whole = sorted((group for group in groups if len(group) >= _FEW), key=lambda group: (-len(group), group))
    small = sorted([*([name] for name in hubs), *(group for group in groups if len(group) < _FEW)])
    cut = [(say("{}, around {}", code(schema), _middle(group, referred)), group) for group in whole]
    pieces = list(_packed(small))
    for number, piece in enumerate(pieces, 1):
        more = f"more tables ({number} of {len(pieces)})" if len(pieces) > 1 else "more tables"
        cut.append((say(f"{{}}, {more}", code(schema)), piece))
    return cut


def _middle(group: Sequence[str], referred: Counter[str]) -> Words:
    return _short(max(group, key=lambda name: (referred[name], name)))


def _short(name: str) -> Words:
    return code(quote(split(name)[-1]))


def _packed(groups: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """As many groups together as there is room for, in their order."""
    piece: list[str] = []
    for group in groups:
        if len(piece) + len(group) > MOST:
            yield sorted(piece)
            piece = []
        piece += group
    if piece:
        yield sorted(piece)


def _merged(names: Sequence[str], own: Sequence[Link]) -> list[list[str]]:
    """Groups, which grow by joining those two that are most closely linked, as long as they stay small enough."""
    of = {name: index for index, name in enumerate(names)}
    groups = {index: [name] for name, index in of.items()}
    weights: dict[int, Counter[int]] = defaultdict(Counter)
    for link in own:
        if link.child in of and of[link.child] != of[link.parent]:
            weights[of[link.child]][of[link.parent]] += 1
            weights[of[link.parent]][of[link.child]] += 1

    def closeness(one: int, other: int) -> tuple[float, int, int]:
        """The closest first; the sizes tell whether it still holds when its turn comes."""
        weight = weights[one][other] / (len(groups[one]) * len(groups[other]))
        return (-weight, min(one, other), max(one, other))

    waiting = [closeness(one, other) for one in groups for other in weights[one] if one < other]
    heapify(waiting)
    while waiting:
        close, kept, gone = heappop(waiting)
        if kept not in groups or gone not in groups or (close, kept, gone) != closeness(kept, gone):
            continue
        if len(groups[kept]) + len(groups[gone]) > MOST:
            continue
        groups[kept] += groups.pop(gone)
        for other, weight in weights.pop(gone).items():
            del weights[other][gone]
            if other != kept:
                weights[kept][other] += weight
                weights[other][kept] += weight
        for other in weights[kept]:
            heappush(waiting, closeness(kept, other))
    return [sorted(group) for group in groups.values()]
