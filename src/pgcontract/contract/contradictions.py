"""Which expectations of a suite cannot hold together, whatever the database is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.claims import claims
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.contract.claims import Claim, Slot
    from pgcontract.contract.expectation import Expectation


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two expectations that cannot both hold.

    Attributes:
        first: The one that the suite has first.
        second: The other.
        sure: Whether that is certain: only the server can tell whether two texts of SQL say the same.
    """

    first: Expectation
    second: Expectation
    sure: bool


def contradictions(expectations: Iterable[Expectation]) -> Iterator[Contradiction]:
    """Each expectation that contradicts an earlier one, with the earliest; in the suite's order."""
    stated = list(expectations)
    said: dict[Slot, list[tuple[Claim, Expectation]]] = {}
    found: dict[tuple[int, int], Contradiction] = {}
    order = {id(expectation): place for place, expectation in enumerate(stated)}
    for expectation in stated:
        for claim in claims(expectation):
            others = said.setdefault(claim.slot, [])
            other = next((each for each in others if each[0].value != claim.value), None)
            if other is not None and _alone(claim.slot):
                sure = claim.sure and other[0].sure
                _add(found, order, Contradiction(other[1], expectation, sure))
            others.append((claim, expectation))
    for pair in _outside(said):
        _add(found, order, pair)
    yield from (found[key] for key in sorted(found, key=lambda key: (key[1], key[0])))


def _alone(slot: Slot) -> bool:
    """Whether a slot has room for one value; a closed world has many members."""
    what: str = slot[0]
    return what != "one"


def _outside(said: dict[Slot, list[tuple[Claim, Expectation]]]) -> Iterator[Contradiction]:
    """What is said of a member that a closed world does not have."""
    for slot, lists in said.items():
        if slot[0] == "all":
            for closed, whole in lists:
                for member, one in said.get(("one", *slot[1:]), ()):
                    if member.value not in closed.value:
                        yield Contradiction(whole, one, sure=True)


def _add(found: dict[tuple[int, int], Contradiction], order: dict[int, int], pair: Contradiction) -> None:
    first, second = sorted((pair.first, pair.second), key=lambda each: order[id(each)])
    key = order[id(first)], order[id(second)]
    known = found.get(key)
    found[key] = Contradiction(first, second, sure=pair.sure or (known is not None and known.sure))
