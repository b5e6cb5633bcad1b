"""A suite that watches a database: which of its expectations notice a change, asked quickly."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract.expectation import CatalogExpectation, DataExpectation, ProbeExpectation
from pgcontract.contract.suite import Suite
from pgcontract.lifecycle.mutation.trace import Reads, traced
from pgcontract.run.evaluation import Evaluation
from pgcontract.run.ignoring import with_ignores
from pgcontract.run.requirements import requires

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.mutation.edit import Edit, Key
    from pgcontract.lifecycle.mutation.mutant import Mutant

Broken: TypeAlias = frozenset[str]
"""What breaks a contract: fingerprints of findings, and what could not be checked."""

_NO_ROWS = "rows and probes are another question"
_NOTHING: Broken = frozenset()


class Watch:
    """A suite, and what each of its expectations looked at in a database.

    Args:
        suite: The expectations that are to notice something.
        catalog: The database as it is, with Postgres's own form of what the suite's author wrote.

    Attributes:
        broken: What breaks the contract already, by the expectation's place.
    """

    def __init__(self, suite: Suite, catalog: Catalog) -> None:
        self.suite = suite
        self.catalog = catalog
        self.today = datetime.now(UTC).date()
        self.broken: dict[int, Broken] = {}
        self._index: dict[Key, list[int]] = defaultdict(list)
        self._cost: list[int] = []
        self._alone = [self._stands_alone(expectation) for expectation in suite.expectations]
        reads = Reads()
        watched = traced(catalog, reads)
        for place in range(len(suite.expectations)):
            found = self._judged(place, watched)
            if found:
                self.broken[place] = found
            keys = reads.taken()
            self._cost.append(len(keys))
            for key in keys:
                self._index[key].append(place)

    def affected(self, edit: Edit) -> list[int]:
        """The places of the expectations that looked at what is changed, those first that looked at the least."""
        places: set[int] = set()
        for key in edit.changed():
            places.update(self._index.get(key, ()))
        return sorted(places, key=self._cost.__getitem__)

    def notices(self, mutant: Mutant) -> bool:
        """Whether the contract breaks in a way in which it did not before; only what looked at the change is asked."""
        return next(self.noticing(mutant), None) is not None

    def noticing(self, mutant: Mutant) -> Iterator[Expectation]:
        """The expectations that break, or could not be checked, as they did not before."""
        catalog = mutant.edit.catalog()  # not kept, for there may be a hundred thousand
        for place in self.affected(mutant.edit):
            if self.breaks(place, catalog):
                yield self.suite.expectations[place]

    def notices_in_full(self, mutant: Mutant) -> bool:
        """The same, of all expectations: what `notices` must agree with."""
        catalog = mutant.edit.catalog()
        return any(self.breaks(place, catalog) for place in range(len(self.suite.expectations)))

    def breaks(self, place: int, catalog: Catalog) -> bool:
        """Whether an expectation breaks in a changed database, or could not be checked, as it did not before."""
        before = self.broken.get(place, _NOTHING)
        if not before and self._alone[place]:
            quick = self._quickly(self.suite.expectations[place], catalog)
            if quick is not None:
                return quick
        return not self._judged(place, catalog) <= before

    def _stands_alone(self, expectation: Expectation) -> bool:
        """Whether a check by itself says all: nothing is required first, nothing ignored."""
        plain = isinstance(expectation, CatalogExpectation) and not requires(type(expectation))  # pyright: ignore[reportArgumentType] - a class can be hashed
        return plain and not self.suite.ignores and expectation.severity == "error"

    @staticmethod
    def _quickly(expectation: Expectation, catalog: Catalog) -> bool | None:
        """Whether a check finds anything; None where it could not go on, which is judged as in a run."""
        try:
            return next(iter(expectation.check(catalog)), None) is not None  # type: ignore[attr-defined]
        except MissingObjectError:
            return True  # a run reports what is missing, whether or not somebody has stated it
        except Exception:  # noqa: BLE001 - whatever it is, a run judges it
            return None

    def _judged(self, place: int, catalog: Catalog) -> Broken:
        """What breaks the contract by this expectation, as a run of it alone would say."""
        expectation = self.suite.expectations[place]
        if isinstance(expectation, DataExpectation):
            return _missing(expectation, catalog)
        if isinstance(expectation, ProbeExpectation):
            return _NOTHING
        evaluation = Evaluation(catalog, _NO_ROWS, _NO_ROWS, self.suite.schema)
        outcome = evaluation.judge(expectation)
        if outcome.status == "passed":
            return _NOTHING
        alone = Suite(self.suite.name, [expectation], schema=self.suite.schema)
        outcomes = (outcome, *evaluation.implied(alone))
        if self.suite.ignores:
            outcomes = with_ignores(outcomes, alone, evaluation, self.suite.ignores, self.today)
        found = {finding.fingerprint for one in outcomes if one.breaks for finding in one.findings}
        unchecked = {f"{one.kind} {one.subject}: {one.reason}" for one in outcomes if one.status == "errored"}
        return frozenset(found | unchecked)


def _missing(expectation: DataExpectation, catalog: Catalog) -> Broken:
    """Rows are not looked at here, but that there is nothing to look at is known."""
    try:
        list(expectation.aggregates(catalog.relations[expectation.belongs_to or ""]))
    except MissingObjectError as missing:
        return frozenset({f"{missing.noun} {missing.name}"})
    except Exception:  # noqa: BLE001 - an expectation's own fault is that one's alone
        return _NOTHING
    return _NOTHING
