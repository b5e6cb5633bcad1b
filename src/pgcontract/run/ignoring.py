"""Ignores applied to the outcomes of a run: what they put aside, what they no longer do, and those that match nothing.

What could not be checked stays `errored` whatever is ignored: there is nothing that anybody could have agreed to.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pgcontract.contract.ignore import Ignore, ignored_words
from pgcontract.names import perhaps
from pgcontract.verdict import IGNORE, Finding, Ignored, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from pgcontract.contract.suite import Suite
    from pgcontract.run.evaluation import Evaluation


def with_ignores(
    outcomes: Sequence[Outcome], suite: Suite, evaluation: Evaluation, ignores: Iterable[Ignore], today: date
) -> tuple[Outcome, ...]:
    """The outcomes with ignores applied, and after them one of kind `Ignore` for each ignore that matched nothing.

    A failure all of whose findings are ignored is skipped, and says why and until when; what was skipped for want of
    what failed so says it, too. Where some findings are ignored, the others stand. An ignore that has expired puts
    nothing aside: the failure stands, and its hint names the ignore. An ignore that matched nothing is a failure that
    warns; its `reason` is None only if the run checked all that the ignore might have matched. Where a part of a suite
    is verified, nothing is said of those.

    Args:
        outcomes: The suite's, in its order, and then the implied ones.
        suite: What was verified.
        evaluation: What knows for want of what an expectation was skipped.
        ignores: The suite's own, and those of a baseline.
        today: The day, in UTC.
    """
    ignoring = _Ignoring(tuple(dict.fromkeys(ignores)), today)
    if not ignoring.ignores:
        return tuple(outcomes)
    applied = [ignoring.applied(outcome) for outcome in outcomes]
    aside = _by_object(applied)
    unchecked = [outcome for outcome in outcomes if outcome.status == "errored"]
    for place, expectation in enumerate(suite):
        if outcomes[place].status == "skipped":
            wanted, blocker = evaluation.wanted(expectation), evaluation.blocker(expectation)
            cause = next((aside[name] for name in wanted if name in aside), ())
            if not cause and blocker is not None:
                after = ignoring.applied(blocker)
                cause = after.ignored if after.status == "skipped" else ()
            if cause:
                applied[place] = _for_want(applied[place], cause)
            else:
                unchecked.append(outcomes[place])
    unused = () if suite.partial else ignoring.unused(outcomes, unchecked)
    return (*applied, *unused)


def _by_object(outcomes: Iterable[Outcome]) -> dict[str, tuple[Ignored, ...]]:
    """What is ignored, by the object that is wrong."""
    found: dict[str, tuple[Ignored, ...]] = defaultdict(tuple)
    for outcome in outcomes:
        for one in outcome.ignored:
            found[one.object or outcome.subject] += (one,)
    return dict(found)


def _for_want(outcome: Outcome, cause: tuple[Ignored, ...]) -> Outcome:
    return replace(outcome, reason=f"{outcome.reason} ({_words(cause)})", ignored=cause)


def _words(ignored: Iterable[Ignored]) -> str:
    return "; ".join(dict.fromkeys(ignored_words(one.because, one.until) for one in ignored))


@dataclass(slots=True)
class _Ignoring:
    """Ignores, and which of them matched a finding so far."""

    ignores: tuple[Ignore, ...]
    today: date
    _used: set[Ignore] = field(default_factory=set)
    _named: dict[str, list[Ignore]] = field(default_factory=lambda: defaultdict(list))
    _patterns: list[Ignore] = field(default_factory=list)

    def __post_init__(self) -> None:
        for ignore in self.ignores:
            if ignore.fingerprint is None:
                self._patterns.append(ignore)
            else:
                self._named[ignore.fingerprint].append(ignore)

    def applied(self, outcome: Outcome) -> Outcome:
        """The outcome as it is with what is ignored put aside; the same twice if asked twice."""
        if outcome.status != "failed":
            return outcome
        patterns = [ignore for ignore in self._patterns if ignore.fits(outcome)]
        standing: list[Finding] = []
        ignored: list[Ignored] = []
        for finding in outcome.findings:
            matching = [*self._named.get(finding.fingerprint, ()), *patterns]
            self._used.update(matching)
            active = next((ignore for ignore in matching if not ignore.expired(self.today)), None)
            if active is not None:
                ignored.append(_put_aside(finding, active))
            else:
                standing.append(_expired(finding, matching))
        return _settled(replace(outcome, findings=tuple(standing)), ignored)

    def unused(self, outcomes: Sequence[Outcome], unchecked: Sequence[Outcome]) -> Iterator[Outcome]:
        """A warning for each ignore that matched nothing."""
        for ignore in self.ignores:
            if ignore not in self._used:
                fitting = [outcome for outcome in outcomes if ignore.fits(outcome)]
                doubtful = [one for one in unchecked if ignore.fingerprint is not None or ignore.fits(one)]
                yield _unused(ignore, _why_unused(ignore, fitting), _near(ignore, outcomes), len(doubtful))


def _put_aside(finding: Finding, ignore: Ignore) -> Ignored:
    return Ignored(finding.message, finding.object, finding.fingerprint, ignore.because, ignore.until)


def _expired(finding: Finding, matching: Sequence[Ignore]) -> Finding:
    """The finding, with a hint that names the ignores that no longer put it aside."""
    said = [f"The ignore of {one.what} expired on {one.until}; its reason was: {one.because}" for one in matching]
    return replace(finding, hint="\n".join([finding.hint, *said] if finding.hint else said)) if said else finding


def _settled(outcome: Outcome, ignored: Sequence[Ignored]) -> Outcome:
    """The outcome of what stands; its findings are those already."""
    if not ignored:
        return outcome
    if outcome.findings:
        total = len(outcome.findings) + len(ignored)
        words = f"{len(ignored)} of {total} findings {_words(ignored)}"
        reason = words if outcome.reason is None else f"{outcome.reason}; {words}"
        return replace(outcome, reason=reason, ignored=tuple(ignored))
    if outcome.reason is not None:  # something stopped the check after it had found this much
        reason = f"{outcome.reason}; what it had found is {_words(ignored)}"
        return replace(outcome, status="errored", reason=reason, ignored=tuple(ignored))
    return replace(outcome, status="skipped", reason=_words(ignored), ignored=tuple(ignored))


def _why_unused(ignore: Ignore, fitting: Sequence[Outcome]) -> str:
    if ignore.fingerprint is not None:
        return f"no failure has the {ignore.what}"
    if not fitting:
        return f"nothing in the contract fits {ignore.what}"
    return f"nothing that fits {ignore.what} has failed"


def _near(ignore: Ignore, outcomes: Sequence[Outcome]) -> str | None:
    """What a name that fits nothing was perhaps meant to be; of a real pattern nobody can say."""
    for wanted, known in ((ignore.kind, "kind"), (ignore.subject, "subject")):
        if wanted is not None and not set("*?[") & set(wanted):
            names = sorted({str(getattr(outcome, known)) for outcome in outcomes})
            if wanted not in names and (near := perhaps(wanted, names)):
                return near
    return None


def _unused(ignore: Ignore, message: str, near: str | None, doubtful: int) -> Outcome:
    over = None if ignore.until is None else f"Its last day is {ignore.until}."
    subject = ignore.what
    hints = [near, over, None if doubtful else "Take it out of the contract, or use --baseline-prune for a baseline."]
    finding = Finding(message, hint=" ".join(filter(None, hints)))
    return Outcome(
        IGNORE,
        subject,
        "failed",
        severity="warning",
        sentence=f"the ignore of {subject} matches a failure",
        expectation=ignore.content(),
        findings=(finding.identified(IGNORE, subject),),
        reason=_doubt(doubtful) if doubtful else None,
        because=ignore.because,
    )


def _doubt(unchecked: int) -> str:
    what = "1 expectation was" if unchecked == 1 else f"{unchecked:,} expectations were"
    return f"{what} not checked in this run, and it may be meant for such a one"
