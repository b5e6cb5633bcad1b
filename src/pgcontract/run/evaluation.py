"""Each expectation once, after what it requires; and one failure for each object that is missing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, NoReturn, cast

from pgcontract.contract import registry
from pgcontract.contract.aggregate import Guarantee
from pgcontract.contract.describe import sentence
from pgcontract.contract.expectation import (
    COMMON,
    CatalogExpectation,
    DataExpectation,
    Expectation,
    ProbeExpectation,
)
from pgcontract.run import telemetry
from pgcontract.run.data import Answer, Unanswered, planned
from pgcontract.run.lanes import Judged, broken, errored, judge, on_catalog, remarked, skipped
from pgcontract.run.requirements import requirements, requires
from pgcontract.verdict import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.objects import MissingObjectError
    from pgcontract.contract.session import Session


@dataclass(slots=True)
class Evaluation:
    """The verdicts of one run as they come.

    Attributes:
        catalog: What the database is.
        session: Where probes act, or the reason why they may not.
        answers: What the scans gave for each data expectation, or the reason why there were none.
        schema: The suite's, for bare names in what an expectation requires.
    """

    catalog: Catalog
    session: Session | str
    answers: dict[DataExpectation, Answer] | str
    schema: str = "public"
    _judged: dict[Expectation, Judged] = field(default_factory=dict)
    _waiting: set[Expectation] = field(default_factory=set)

    def judge(self, expectation: Expectation) -> Outcome:
        """The verdict on an expectation; on what it requires first.

        What passes by itself is not kept, for a suite has many of these, and to keep one it must be hashed: should it
        be required, too, it is checked again.
        """
        if not _stands_alone(type(expectation)):  # pyright: ignore[reportArgumentType] - a class can be hashed
            return self._judge(expectation).outcome
        judged = on_catalog(cast("CatalogExpectation", expectation), self.catalog)
        if isinstance(judged, Judged):
            self._judged[expectation] = judged
            return judged.outcome
        if judged.status != "passed":
            self._judged[expectation] = Judged(judged)
        return judged

    def _judge(self, expectation: Expectation) -> Judged:
        if expectation not in self._judged:
            self._waiting.add(expectation)
            self._judged[expectation] = self._unmet(expectation) or self._in_lane(expectation)
            self._waiting.discard(expectation)
        return self._judged[expectation]

    def _unmet(self, expectation: Expectation) -> Judged | None:
        try:
            required = requirements(expectation, self.schema)
        except Exception as error:  # noqa: BLE001 - an expectation's own fault is that one's alone
            return broken(expectation, error)
        for one in required:
            if one in self._waiting:
                return errored(expectation, f"it requires, in the end, itself: {sentence(one)}")
            judged = self._judge(one)
            if judged.outcome.status != "passed":
                unmet = skipped(expectation, f"requires: {judged.outcome.sentence}")
                return replace(unmet, missing=judged.missing, blocker=judged.blocker or judged.outcome)
        return None

    def _in_lane(self, expectation: Expectation) -> Judged:
        if isinstance(expectation, CatalogExpectation):
            judged = on_catalog(expectation, self.catalog)
            return judged if isinstance(judged, Judged) else Judged(judged)
        if isinstance(expectation, ProbeExpectation):
            return self._probe(expectation, self.session)
        if isinstance(expectation, DataExpectation):
            return self._data(expectation)
        return errored(expectation, f"{expectation.kind} is in no lane; derive it from one of the three")

    def _probe(self, expectation: ProbeExpectation, session: Session | str) -> Judged:
        if isinstance(session, str):
            return skipped(expectation, session)
        with telemetry.phase("probe", self.catalog.server, kind=expectation.kind):
            judged = judge(expectation, expectation.probe, session)
        absent: Mapping[str, str] = getattr(session, "absent", {})  # a session of somebody else's has no such thing
        if judged.missing is not None and judged.missing.name in absent:
            return skipped(expectation, f"it cannot be told in the shadow: {absent[judged.missing.name]}")
        return judged

    def _data(self, expectation: DataExpectation) -> Judged:
        if isinstance(self.answers, str):
            return skipped(expectation, self.answers)
        answer = self.answers.get(expectation)
        if isinstance(answer, Unanswered):
            return errored(expectation, answer.reason)
        if isinstance(answer, Guarantee):
            return remarked(judge(expectation, lambda: ()), f"guaranteed by {answer.by}")
        if answer is None:  # it could not even say what it needs: let that be judged
            return judge(expectation, self._plan, expectation)
        return remarked(judge(expectation, expectation.judge, answer), expectation.remark(answer))

    def _plan(self, expectation: DataExpectation) -> NoReturn:
        planned(expectation, self.catalog)
        raise LookupError("its aggregates were not computed")

    def implied(self, suite: Iterable[Expectation]) -> Iterator[Outcome]:
        """What failed or could not be checked although no expectation of the suite says so.

        That is what its expectations require, and the existence of each object that was missing.
        """
        failed = [one for one, judged in self._judged.items() if judged.outcome.status in {"failed", "errored"}]
        kinds = {type(expectation) for expectation in failed}
        own = {expectation for expectation in suite if type(expectation) in kinds}
        required = [expectation for expectation in failed if expectation not in own]
        stated = {_bare(expectation) for expectation in own} if required else set()
        for expectation in required:
            if _bare(expectation) not in stated:
                yield replace(self._judged[expectation].outcome, implied=True)
        reported = {finding.object for judged in self._judged.values() for finding in judged.outcome.findings}
        yield from self._missing(reported)

    def blocker(self, expectation: Expectation) -> Outcome | None:
        """What had failed when the expectation was skipped, or could not be checked, because it requires that."""
        return self._judge(expectation).blocker

    def wanted(self, expectation: Expectation) -> tuple[str, ...]:
        """The missing objects for want of which the expectation was skipped, the nearest first."""
        names: list[str] = []
        missing = self._judge(expectation).missing
        while missing is not None and missing.name not in names:
            names.append(missing.name)
            missing = self._existence(missing).missing
        return tuple(names)

    def _missing(self, reported: Collection[str | None]) -> Iterator[Outcome]:
        waiting = [judged.missing for judged in self._judged.values() if judged.missing is not None]
        seen: set[str] = set()
        while waiting:
            missing = waiting.pop(0)
            if missing.name in seen:
                continue
            seen.add(missing.name)
            judged = self._existence(missing)
            if judged.missing is not None:
                waiting.append(judged.missing)
            elif not _is_reported(missing, reported):
                yield replace(judged.outcome, implied=True)

    def _existence(self, missing: MissingObjectError) -> Judged:
        """The verdict of the expectation that states the object's existence, whichever package offers it."""
        for cls in registry.stating(missing.noun):
            judged = self._judge(cls(*missing.path))
            if judged.outcome.status != "passed":
                return judged
        return _plain(missing)


@cache
def _stands_alone(cls: type[Expectation]) -> bool:
    """Whether its expectations need the catalog and no other expectation."""
    return issubclass(cls, CatalogExpectation) and not requires(cls)  # pyright: ignore[reportArgumentType] - a class can be hashed


def _is_reported(missing: MissingObjectError, reported: Collection[str | None]) -> bool:
    """Whether a finding speaks of the object; of a function also when it names the argument types."""
    by_types = f"{missing.name}("
    return missing.name in reported or (
        missing.noun == "function" and any(str(name).startswith(by_types) for name in reported)
    )


def _bare(expectation: Expectation) -> Expectation:
    """The expectation without what its suite says about it."""
    return expectation.model_copy(update={name: type(expectation).model_fields[name].default for name in COMMON})


def _plain(missing: MissingObjectError) -> Judged:
    """A failure in words, for a noun whose existence no expectation states."""
    kind = f"{missing.noun.title().replace(' ', '')}Exists"
    finding = Finding(f"{missing.noun} {missing.name} does not exist", expected=missing.name, hint=missing.hint)
    identified = finding.identified(kind, missing.name)
    sentence = f"{missing.noun} {missing.name} exists"
    return Judged(Outcome(kind, missing.name, "failed", sentence=sentence, findings=(identified,)))
