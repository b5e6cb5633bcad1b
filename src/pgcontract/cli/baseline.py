"""The baseline of a run: what is refused before, and what is written after."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract.cli.console import note
from pgcontract.cli.output import unwritable
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.contract.ignore import Ignore
    from pgcontract.contract.suite import Suite
    from pgcontract.contract.upkeep import Upkeep
    from pgcontract.verdict import Report

_DAYS = re.compile(r"\+(\d{1,5})d", re.ASCII)


@dataclass(slots=True)
class Baseline:
    """A baseline file, and what is to be done with it.

    Attributes:
        path: The file; None where there is no baseline.
        update: Whether failures that stand are written to it.
        prune: Whether what is not needed is taken out of it.
        because: Why those failures are ignored.
        until: Until when.
        today: The day, in UTC.
        ignores: What the file says.
    """

    path: Path | None
    update: bool
    prune: bool
    because: str
    until: date | None
    today: date
    ignores: tuple[Ignore, ...] = ()
    _said: list[str] = field(default_factory=list)

    def keep_up(self, verified: Callable[[], Report]) -> Report:
        """What `verified` gives once the file says what the options ask for.

        Args:
            verified: Verifies with the ignores that are in the file. It is asked again after each step that changed
                them, so that what is pruned is judged, and what is reported stands, by what then is ignored.
        """
        from pgcontract.contract import upkeep

        report = verified()
        if self.update:
            until, today = self.until, self.today
            step = upkeep.updated(self.ignores, report, because=self.because, until=until, today=today)
            report = verified() if self._taken(step, report) else report
        if self.prune:
            step = upkeep.pruned(self.ignores, report, today=self.today)
            report = verified() if self._taken(step, report) else report
        return report

    def _taken(self, step: Upkeep, report: Report) -> bool:
        """Write a step to the file; whether it changed anything."""
        from pgcontract.contract.baseline import ordered, save_baseline
        from pgcontract.contract.upkeep import notes
        from pgcontract.report.text import counted

        if self.path is None:
            return False
        changed = ordered(self.ignores) != ordered(step.ignores)
        if changed or not self.path.exists():
            save_baseline(self.path, step.ignores, notes(report))
        self.ignores = step.ignores
        self._said.append(f"{self.path}: {step.words}; it has {counted(len(step.ignores), 'ignore')} now")
        if step.doubtful:
            self._said.append(
                f"{self.path}: {step.doubtful:,} matched nothing but stay, for not everything was checked"
            )
        return changed

    def tell(self, say: Callable[[str], None] = note) -> None:
        """Say what was done: after the run, whose progress bar would be in the way."""
        for line in self._said:
            say(line)


def baseline_of(
    path: str | None, update: bool, prune: bool, because: str | None, until: str | None, suite: Suite
) -> Baseline:
    """The baseline that the options speak of, read, and writable where it is to be written.

    Raises:
        ContractError: The options contradict each other, or the file cannot be used.
    """
    _check(path, update, prune, because, until, suite)
    today = datetime.now(UTC).date()
    file = None if path is None else Path(path)
    baseline = Baseline(file, update, prune, because or "", _day(until, today), today)
    if file is not None:
        baseline.ignores = _ignores(file, writes=update or prune, makes=update)
    return baseline


def _check(path: str | None, update: bool, prune: bool, because: str | None, until: str | None, suite: Suite) -> None:
    asked = [("--baseline-update", update), ("--baseline-prune", prune)]
    for option, given in asked:
        if given and path is None:
            raise ContractError(f"{option} needs --baseline FILE")
    if not update:
        for option, value in (("--because", because), ("--until", until)):
            if value is not None:
                raise ContractError(f"{option} is for --baseline-update, which was not given")
    elif because is None or not because.strip():
        raise ContractError(
            "--baseline-update needs a reason",
            hint='Say why the failures may stand: --because "…", perhaps --until +30d.',
        )
    if prune and suite.partial:
        raise ContractError(
            "--baseline-prune needs the whole contract: of a part, it cannot tell which ignores are unused",
            hint="Leave out --tag, --kind and --table.",
        )


def _day(until: str | None, today: date) -> date | None:
    """The day that `--until` names: `2026-12-31`, or so many days from today, `+30d`."""
    from pgcontract.contract.ignore import day

    if until is None:
        return None
    try:
        found = _DAYS.fullmatch(until)
        last = today + timedelta(days=int(found[1])) if found else day(until)
    except (ValueError, OverflowError):
        raise ContractError(
            f"--until {until!r} is no day", hint="Write it as 2026-12-31, or as +30d: so many days from today."
        ) from None
    if last < today:
        raise ContractError(f"--until {until}: that day is over; today is {today} in UTC")
    return last


def _ignores(path: Path, *, writes: bool, makes: bool) -> tuple[Ignore, ...]:
    from pgcontract.contract.baseline import check_suffix, load_baseline

    check_suffix(path)
    if writes:
        reason = unwritable(path)
        if reason is None and not os.access(path.resolve().parent, os.W_OK):
            reason = f"there can be no new file in {path.resolve().parent}"
        if reason:
            raise ContractError(f"{path} cannot be written: {reason}")
    if makes and not path.exists():
        return ()
    return load_baseline(path)
