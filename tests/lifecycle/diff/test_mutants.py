"""Whatever mutation changes of a database, diff sees, and from either side as many differences."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff import diff
from pgcontract.lifecycle.mutation import mutants
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.lifecycle.mutation import Mutant

EACH = 1


def test_every_kind_of_mutant_is_a_difference(odd: Callable[[int], Catalog]) -> None:
    catalog = odd(18)
    kinds: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants(catalog):
        kinds[mutant.kind].append(mutant)
    assert len(kinds) >= 60
    for found in kinds.values():
        for mutant in islice(found, EACH):
            if mutant.catalog == catalog:  # it changes nothing, which is mutation's to know
                continue
            there, back = (diff(*pair, Scope()) for pair in ((catalog, mutant.catalog), (mutant.catalog, catalog)))
            assert there, mutant.change
            assert len(there) == len(back), mutant.change
