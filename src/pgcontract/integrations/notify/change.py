"""What a run changed: what is newly broken, still broken, or over, told beside the runs before it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from pgcontract.lifecycle.history.follow import follow, key_of
from pgcontract.lifecycle.history.story import Left
from pgcontract.lifecycle.history.told import Told, identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from pgcontract.integrations.notify.target import On, Target
    from pgcontract.lifecycle.history.story import End, Episode
    from pgcontract.lifecycle.history.told import Found
    from pgcontract.verdict import Report, Severity

Event = Literal["broken", "still_broken", "fixed", "recovered", "holds"]
"""Something is newly broken, or is broken and nothing tells since when; what was broken still is; some of it is over;
all of it is; nothing is broken and nothing was."""

MOST_RUNS = 20
"""How many runs before it are read at most, to know what became of each check."""

_RANKS: Mapping[Severity, int] = {"info": 0, "warning": 1, "error": 2}
_WANTED: Mapping[On, frozenset[Event]] = {
    "failure": frozenset({"broken", "still_broken", "fixed"}),
    "recovery": frozenset({"recovered"}),
    "change": frozenset({"broken", "fixed", "recovered"}),
    "always": frozenset({"broken", "still_broken", "fixed", "recovered", "holds"}),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong, or was.

    Attributes:
        fingerprint: The same from run to run.
        kind: Of which kind the expectation is; `Leak` for a leak.
        subject: What the expectation speaks of.
        object: The canonical name of what is wrong.
        message: What is wrong, in words.
        severity: How much it matters.
        errored: Whether it could not be checked.
        since: When the first run that found it began; None where no history is kept.
        or_before: Whether it may have been there before that.
        runs: In how many runs it was found; None where no history is kept.
        how: How it ended; None while it is there.
    """

    fingerprint: str
    kind: str
    subject: str
    object: str
    message: str
    severity: Severity = "error"
    errored: bool = False
    since: datetime | None = None
    or_before: bool = False
    runs: int | None = None
    how: End | None = None

    @property
    def new(self) -> bool | None:
        """Whether the run before had it not; None where nothing tells."""
        return None if self.runs is None else self.runs == 1 and self.how is None


@dataclass(frozen=True, slots=True)
class Change:
    """What one run says to one target.

    Attributes:
        event: The whole in a word.
        troubles: What is wrong: first what is new, then the severest.
        over: What was wrong, and is not any more.
        untold: How much was wrong of which this run tells nothing.
    """

    event: Event
    troubles: tuple[Trouble, ...]
    over: tuple[Trouble, ...] = ()
    untold: int = 0

    def wanted(self, on: On) -> bool:
        """Whether who asks for such runs wants to hear of it."""
        return self.event in _WANTED[on]


class Compared:
    """A run beside those before it, for all targets."""

    def __init__(self, report: Report, before: Iterable[Report | Left] | None) -> None:
        """Read of the runs before as many as it takes.

        Args:
            report: The run's.
            before: The runs before it, the newest first, read when they are wanted; None where no history is kept.

        Raises:
            PgContractError: They cannot be read.
        """
        self._known = before is not None
        runs = [*reversed(_telling(report, before or ())), report]
        self._tags = {identity(one): one.tags for run in runs for one in run.outcomes if one.tags}
        key = key_of(report)
        self._story = next(story for story in follow(runs, "").stories if story.key == key)

    def change(self, target: Target) -> Change:
        """What a target is told."""
        story = self._story
        failing = [_trouble(one, known=self._known) for one in story.failing if self._counts(one.found, target)]
        over = tuple(_trouble(one, known=True) for one in story.mended if self._counts(one.found, target))
        untold = sum(self._counts(one.found, target) for one in story.untold)
        troubles = tuple(sorted(failing, key=lambda one: (not one.new, -_RANKS[one.severity])))
        return Change(_event(troubles, over), troubles, over, untold)

    def _counts(self, found: Found, target: Target) -> bool:
        """What stands in a report only while it fails, such as a missing table, has the tags of what needs it."""
        if not found.errored and _RANKS[found.severity] < _RANKS[target.severity]:
            return False
        outcomes = {found.outcome} | (found.needing or frozenset())
        return not target.tags or any(set(target.tags) & set(self._tags.get(each, ())) for each in outcomes)


def _telling(report: Report, before: Iterable[Report | Left]) -> list[Report]:
    """The runs before, the newest first, until each check that was judged now has been judged in one of them."""
    unjudged = set(Told(report).judged)
    key = key_of(report)
    runs: list[Report] = []
    for run in islice(before, MOST_RUNS):
        if isinstance(run, Left) or key_of(run) != key:
            continue
        runs.append(run)
        unjudged -= Told(run).judged
        if not unjudged:
            break
    return runs


def _trouble(one: Episode, *, known: bool) -> Trouble:
    found = one.found
    return Trouble(
        found.fingerprint,
        found.kind,
        found.subject,
        found.object,
        found.message,
        found.severity,
        found.errored,
        since=one.since if known else None,
        or_before=one.or_before,
        runs=one.runs if known else None,
        how=one.how,
    )


def _event(troubles: tuple[Trouble, ...], over: tuple[Trouble, ...]) -> Event:
    if any(one.new is not False for one in troubles):
        return "broken"
    if troubles:
        return "fixed" if over else "still_broken"
    return "recovered" if over else "holds"
