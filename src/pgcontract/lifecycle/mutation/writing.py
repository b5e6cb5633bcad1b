"""What would notice the survivors, put into the contract's file: in the short form as far as that goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.contract.adding import add, amend
from pgcontract.contract.load import load
from pgcontract.contract.suite import Suite
from pgcontract.lifecycle.mutation.amending import Amending
from pgcontract.lifecycle.mutation.score import Suggesting
from pgcontract.lifecycle.mutation.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.mutation.mutant import Mutant
    from pgcontract.lifecycle.mutation.score import Strength
    from pgcontract.lifecycle.scope import Scope


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a contract's file.

    Attributes:
        expectations: How many it has that it had not before.
        score: What part of the changes it notices now, in per cent.
    """

    expectations: int
    score: float


def write(path: Path, suite: Suite, catalog: Catalog, scope: Scope, found: Strength) -> Written:
    """Add to a contract's file what would notice the survivors; not what it warns of, which its author has decided.

    Args:
        path: The file, YAML or JSON.
        suite: What it says.
        catalog: The database, on which that holds, with Postgres's own form of what the author wrote.
        scope: Of which objects it may speak.
        found: What became of the changes.

    Raises:
        ContractError: The file cannot be written, or nothing can be added to it.
    """
    left = [one.mutant for one in found.survivors if not one.warned]
    spared = [one.mutant for one in found.survivors if one.warned]
    after = amend(path, Amending(suite, catalog, scope, left, spared).amended) if left else None
    if after is not None:
        watch = Watch(after, catalog)
        left = [mutant for mutant in left if not watch.notices(mutant)]
    add(path, [_sparing(one, catalog, spared) for one in Suggesting(catalog, scope).fewest(left)])
    watch = Watch(load(path), catalog)
    missed = sum(not watch.notices(mutant) for mutant in (*left, *spared))
    counted = found.total.counted
    score = 100.0 * (counted - missed) / counted if counted else 100.0
    return Written(len(set(watch.suite) - set(suite)), score)


def _sparing(expectation: Expectation, catalog: Catalog, spared: Sequence[Mutant]) -> Expectation:
    """The expectation, as a warning where it would make more of something of which the contract warns."""
    watch = Watch(Suite("", [expectation]), catalog)
    if any(map(watch.notices, spared)):
        return expectation.model_copy(update={"severity": "warning"})
    return expectation
