"""What is unique only together: a name within a project, a vote of a user on a post.

Cheap numbers say first which columns could be: so many rows must be among so few pairs that some would agree by chance.
Only those few are proven, by a sort each.
"""

from __future__ import annotations

from itertools import combinations
from math import prod
from typing import TYPE_CHECKING

from pgcontract.expectations.values_unique import ValuesUnique
from pgcontract.lifecycle.profile.asking import Candidate, FirstOf
from pgcontract.lifecycle.profile.guesses import is_personal, words
from pgcontract.lifecycle.profile.measures import is_text
from pgcontract.lifecycle.profile.proposals import ENOUGH_TO_BE_UNIQUE, twins
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.aggregate import Question
    from pgcontract.contract.expectation import DataExpectation
    from pgcontract.lifecycle.profile.measures import Measured
    from pgcontract.lifecycle.profile.tables import Table

_TRIED = 4
"""So many sets of columns are tried, the likeliest first."""
_SIZES = (2, 3)
_BRIEF = 40
_OFTEN = 2
"""Each value of a part stands in so many rows on average: of fewer it is a key nearly by itself."""
_NUMBERED = frozenset(
    words(
        "code day hour key line month no number order ordinal part place position rank revision seq sequence version "
        "week year"
    )
)


class Together:
    """Sets of columns of which no two rows agree; the first that holds is proposed, for the others follow from it."""

    def __init__(self, table: Table, sets: Sequence[tuple[str, ...]]) -> None:
        unique = (ValuesUnique(table.name, names, **table.common) for names in sets)
        self._asked = FirstOf([Candidate(each, table.relation) for each in unique])

    def questions(self) -> list[Question]:
        """What each set asks."""
        return self._asked.questions()

    def proposed(self, found: Mapping[Question, object]) -> Iterator[DataExpectation]:
        """The likeliest."""
        return self._asked.proposed(found)


def together(table: Table, catalog: Catalog, measured: Sequence[Measured]) -> list[Together]:
    """What may be unique together; a part of it refers to another table."""
    rows = measured[0].rows if measured else 0
    if table.sample is not None or rows < ENOUGH_TO_BE_UNIQUE:
        return []
    distinct = {
        each.name: each.distinct
        for each in measured
        if each.distinct is not None and each.values == rows and 1 < each.distinct <= rows // _OFTEN
    }
    refers = {*table.declared, *table.referring} & distinct.keys()
    parts = [each.name for each in measured if each.name in distinct and (each.name in refers or _tells_apart(each))]
    sets = [
        names
        for size in _SIZES
        for names in combinations(parts, size)
        if _may_be(names, distinct, rows, refers) and not _is_known(table, catalog, names)
    ]
    sets.sort(key=lambda names: (len(names), -len(refers & {*names}), -len({*table.declared} & {*names})))
    return [Together(table, sets[:_TRIED])] if sets else []


def _tells_apart(measured: Measured) -> bool:
    """Whether a column that refers to nothing may be a part of a key: a short text, a day, a number by its name."""
    if is_personal(measured.name):
        return False
    if is_text(measured.type):
        return bool(measured.found["longest"] <= _BRIEF)
    return measured.type in {"date", "uuid"} or bool(_NUMBERED.intersection(words(measured.name)))


def _may_be(names: Sequence[str], distinct: Mapping[str, int], rows: int, refers: set[str]) -> bool:
    """Whether so many rows have room among the values, and would not have by chance."""
    room = prod(distinct[name] for name in names)
    least = 1 if len(names) == _SIZES[0] else 2
    return len(refers.intersection(names)) >= least and rows <= room and twins(rows, room)


def _is_known(table: Table, catalog: Catalog, names: Sequence[str]) -> bool:
    """Whether the catalog says so already; or says of two of them that it takes other columns, too."""
    indexes = (index for index in table.relation.indexes.values() if index.unique)
    if any(len({*map(quote, names)}.intersection(index.columns)) >= _SIZES[0] for index in indexes):
        return True
    return ValuesUnique(table.name, names).guaranteed(catalog) is not None
