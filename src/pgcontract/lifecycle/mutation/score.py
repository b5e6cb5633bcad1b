"""How many of the changes a contract notices, which it does not, and what it would have to say to notice them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.suite import Suite
from pgcontract.expectations.columns import ColumnsAre
from pgcontract.lifecycle.inventory import inventory
from pgcontract.lifecycle.mutation.watch import Watch
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.mutation.mutant import Mutant


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change that the contract did not notice.

    Attributes:
        mutant: The change.
        suggestion: An expectation that holds on the database and breaks with the change; None where none is known.
        warned: Whether an expectation of a lesser severity breaks: the contract's author has decided that this will do.
    """

    mutant: Mutant
    suggestion: Expectation | None = None
    warned: bool = False


@dataclass(slots=True)
class Tally:
    """How many changes there were, how many were noticed, and how many change nothing in effect."""

    mutants: int = 0
    killed: int = 0
    equivalent: int = 0

    @property
    def counted(self) -> int:
        """How many could be noticed at all."""
        return self.mutants - self.equivalent

    @property
    def score(self) -> float:
        """Which part of those was noticed, in per cent; 100 where there was nothing to notice."""
        return 100.0 * self.killed / self.counted if self.counted else 100.0


@dataclass(slots=True)
class Strength:
    """What became of all the changes.

    Attributes:
        suite: The contract's name.
        database: The database's name.
        total: All of them.
        nouns: By what was changed.
        tables: By the relation that the change belongs to.
        survivors: Those that were not noticed, in the order in which they were made.
        equivalents: Those that change nothing in effect, and why.
        failed: Those that could not be made in the shadow, and what Postgres said.
        broken: How many expectations did not hold to begin with.
        probes: How many expectations act, and so were not asked of changes in memory.
        real: Whether the changes were made by their statements.
    """

    suite: str
    database: str
    total: Tally = field(default_factory=Tally)
    nouns: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    tables: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    survivors: list[Survivor] = field(default_factory=list)
    equivalents: list[tuple[Mutant, str]] = field(default_factory=list)
    failed: list[tuple[Mutant, str]] = field(default_factory=list)
    broken: int = 0
    probes: int = 0
    real: bool = False

    def count(self, mutant: Mutant, what: str) -> None:
        """Count a change as `killed`, `equivalent` or `survived`."""
        for tally in (
            self.total,
            self.nouns[mutant.noun],
            *([self.tables[mutant.relation]] if mutant.relation else []),
        ):
            tally.mutants += 1
            tally.killed += what == "killed"
            tally.equivalent += what == "equivalent"

    @property
    def suggestions(self) -> tuple[Expectation, ...]:
        """The expectations that would notice the survivors, each once, those first that notice the most."""
        counted = Counter(one.suggestion for one in self.survivors if one.suggestion is not None)
        return tuple(expectation for expectation, _ in counted.most_common())


class Suggesting:
    """All that could be stated of a database, to find what would notice a change; made when it is first needed."""

    def __init__(self, catalog: Catalog, scope: Scope) -> None:
        self._catalog = catalog
        self._scope = scope
        self._sizes: dict[int, tuple[int, str]] = {}

    @cached_property
    def _watch(self) -> Watch:
        return Watch(inventory(self._catalog, self._scope), self._catalog)

    def smallest(self, mutant: Mutant) -> Expectation | None:
        """The smallest expectation that breaks with the change, or None."""
        catalog = mutant.edit.catalog()
        for place in sorted(self._watch.affected(mutant.edit), key=self._size):
            if self._watch.breaks(place, catalog):
                return self._watch.suite.expectations[place]
        return self._ordered(mutant)

    def _ordered(self, mutant: Mutant) -> Expectation | None:
        """That columns are in their order, which no inventory says: it depends on which was added first."""
        table = self._catalog.tables.get(mutant.relation or "")
        after = mutant.edit.catalog()
        if table is None or table.name not in after.relations:
            return None
        names = [one.name for one in sorted(table.columns.values(), key=lambda one: one.position)]
        expectation = ColumnsAre(table.name, names, in_order=True)
        return expectation if any(expectation.check(after)) else None

    def fewest(self, mutants: Iterable[Mutant]) -> tuple[Expectation, ...]:
        """Few expectations that break with all these changes that any breaks with: those first that notice the most."""
        noticing: dict[int, set[int]] = defaultdict(set)
        for number, mutant in enumerate(mutants):
            catalog = mutant.edit.catalog()
            for place in self._watch.affected(mutant.edit):
                if self._watch.breaks(place, catalog):
                    noticing[place].add(number)
        taken: list[int] = []
        while noticing:
            best = min(noticing, key=lambda place: (-len(noticing[place]), self._size(place)))
            taken.append(best)
            told = noticing.pop(best)
            noticing = {place: left for place, numbers in noticing.items() if (left := numbers - told)}
        return tuple(self._watch.suite.expectations[place] for place in taken)

    def _size(self, place: int) -> tuple[int, str]:
        """By which one expectation is smaller than another: as much as has to be written."""
        if place not in self._sizes:
            expectation = self._watch.suite.expectations[place]
            text = f"{expectation.kind}{expectation.model_dump_json(exclude_defaults=True)}"
            self._sizes[place] = len(text), text
        return self._sizes[place]


def strength(
    suite: Suite,
    catalog: Catalog,
    mutants: Iterable[Mutant],
    scope: Scope | None = None,
    *,
    progress: Callable[[int], None] = lambda _done: None,
) -> Strength:
    """Ask a contract of each change in memory.

    Args:
        suite: The contract.
        catalog: The database, with Postgres's own form of what the contract's author wrote.
        mutants: The changes.
        scope: Of which objects suggestions may speak.
        progress: Told how many changes are done.
    """
    watch = Watch(suite, catalog)
    warnings = Watch(lesser(suite), catalog)
    acting = sum(isinstance(expectation, ProbeExpectation) for expectation in suite)
    found = Strength(suite.name, catalog.server.name, broken=len(watch.broken), probes=acting)
    suggesting = Suggesting(catalog, scope or Scope())
    for done, mutant in enumerate(mutants):
        if done % 500 == 0:
            progress(done)
        if watch.notices(mutant):
            found.count(mutant, "killed")
        else:
            unnoticed(found, mutant, suggesting, warnings)
    return found


def lesser(suite: Suite) -> Suite:
    """What a contract only warns of, as if it were grave."""
    quiet = [one.model_copy(update={"severity": "error"}) for one in suite if one.severity != "error"]
    return Suite(suite.name, quiet, schema=suite.schema, ignores=suite.ignores)


def unnoticed(found: Strength, mutant: Mutant, suggesting: Suggesting, warnings: Watch) -> None:
    """Count a change that was not noticed: as equivalent where it changes nothing in effect."""
    why = "the database is the same afterwards" if mutant.edit.is_void else mutant.void
    if why is not None:
        found.count(mutant, "equivalent")
        found.equivalents.append((mutant, why))
    else:
        found.count(mutant, "survived")
        warned = warnings.notices(mutant)
        found.survivors.append(Survivor(mutant, None if warned else suggesting.smallest(mutant), warned))


def ordered(tallies: Mapping[str, Tally]) -> list[tuple[str, Tally]]:
    """The weakest first, then those with the most changes, then by name."""
    return sorted(tallies.items(), key=lambda item: (item[1].score, -item[1].counted, item[0]))
