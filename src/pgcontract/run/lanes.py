"""One expectation of each lane, and what became of it: the only place where a check's exceptions are judged."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING

import psycopg

from pgcontract.catalog.forms import FormError, UnknownNameError
from pgcontract.catalog.objects import MissingObjectError, UnreadableError
from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.errors import unless_interrupted, without_password
from pgcontract.run.outline import holding, milliseconds, outline, speechless
from pgcontract.run.requirements import forms
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.contract.expectation import CatalogExpectation, Expectation
    from pgcontract.verdict import Outcome, Severity, Status


@dataclass(slots=True)
class Judged:
    """What became of an expectation, and what was missing, or had failed, when it was skipped for that."""

    outcome: Outcome
    missing: MissingObjectError | None = None
    blocker: Outcome | None = None


@dataclass(slots=True)
class _Trial:
    findings: list[Finding] = field(default_factory=list)
    errored: str | None = None
    skipped: str | None = None
    traceback: str | None = None
    missing: MissingObjectError | None = None


def judge(expectation: Expectation, check: Callable[..., Iterable[Finding]], *seen: object) -> Judged:
    """Run a check of what it may see and say what became of it. No exception of the check's own gets out.

    What it found before it could not go on still counts: the outcome is failed, and its reason says what stopped it.
    """
    judged = _judge(expectation, check, seen)
    return judged if isinstance(judged, Judged) else Judged(judged)


def _judge(
    expectation: Expectation, check: Callable[..., Iterable[Finding]], seen: tuple[object, ...]
) -> Judged | Outcome:
    """What `judge` gives; where it passes, as most do, only the outcome."""
    mute = speechless(expectation)
    if mute is not None:
        return mute
    began = perf_counter()
    trial = _try(check, seen)
    elapsed = perf_counter() - began
    if trial is None:
        return holding(expectation, elapsed)
    outcome = outline(expectation)
    if outcome.status == "errored":
        return Judged(outcome)
    outcome = replace(
        outcome,
        duration_ms=milliseconds(elapsed),
        traceback=_clean(trial.traceback),
        reason=_clean(trial.errored or trial.skipped),
        findings=tuple(finding.identified(outcome.kind, outcome.subject) for finding in trial.findings),
        status=_status(trial, expectation.severity),
    )
    return Judged(outcome, trial.missing)


def _clean(text: str | None) -> str | None:
    """What an expectation's code or a driver said, which may quote a connection string."""
    return None if text is None else without_password(text)


def _status(trial: _Trial, severity: Severity) -> Status:
    """A failure that only warns must not hide that something could not be checked."""
    if trial.findings and (severity == "error" or trial.errored is None):
        return "failed"
    if trial.errored is not None:
        return "errored"
    return "passed" if trial.skipped is None else "skipped"


def _try(check: Callable[..., Iterable[Finding]], seen: tuple[object, ...]) -> _Trial | None:
    """What came of the check; None if it found nothing, as most do."""
    findings: list[Finding] = []
    try:
        for finding in check(*seen):
            if not isinstance(finding, Finding):  # what an expectation of somebody else's yields
                raise TypeError(f"a check yields Finding, not {type(finding).__name__}")  # noqa: TRY301
            findings.append(finding)
    except Exception as error:  # noqa: BLE001 - an expectation's own fault is that one's alone
        unless_interrupted(error)
        return _stopped(error, findings)
    return _Trial(findings) if findings else None


def _stopped(error: Exception, findings: list[Finding]) -> _Trial:
    """What came of a check that could not go on after what it had found."""
    trial = _Trial(findings)
    match error:
        case MissingObjectError() as missing:
            trial.skipped = f"requires {missing.noun} {missing.name}, which does not exist"
            trial.missing = missing
        case CannotProbe():
            trial.skipped = str(error)
        case UnknownNameError():
            trial.findings.append(Finding(str(error)))
        case FormError() | UnreadableError():
            trial.errored = str(error)
        case Refused():
            trial.errored = f"Postgres refused a statement of this probe: {error}"
        case psycopg.OperationalError():
            trial.errored = f"the connection was lost: {str(error).strip().splitlines()[0]}"
        case _:
            trial.errored = f"{type(error).__name__}: {error}"
            trial.traceback = "".join(traceback.format_exception(error))
    return trial


def remarked(judged: Judged, remark: str | None) -> Judged:
    """What passed, with what a reader must know to take it for no more, and no less, than it is."""
    if remark is None or judged.outcome.status != "passed":
        return judged
    return replace(judged, outcome=replace(judged.outcome, reason=remark))


def skipped(expectation: Expectation, reason: str) -> Judged:
    """The expectation was not checked, for that reason."""
    return Judged(replace(outline(expectation), status="skipped", reason=reason))


def errored(expectation: Expectation, reason: str) -> Judged:
    """The expectation could not be checked, for that reason."""
    return Judged(replace(outline(expectation), status="errored", reason=reason))


def broken(expectation: Expectation, error: Exception) -> Judged:
    """The expectation's own code raised the error, outside its check."""
    judged = errored(expectation, without_password(f"{type(error).__name__}: {error}"))
    trace = _clean("".join(traceback.format_exception(error)))
    return Judged(replace(judged.outcome, traceback=trace))


def on_catalog(expectation: CatalogExpectation, catalog: Catalog) -> Judged | Outcome:
    """The verdict on a catalog expectation, only the outcome where nothing is to be said beside it.

    Where texts had to be compared letter by letter, failures say so.
    """
    judged = _judge(expectation, expectation.check, (catalog,))
    if not isinstance(judged, Judged):
        return judged
    if judged.outcome.status == "failed" and not all(_settled(form, catalog) for form in forms([expectation])):
        findings = tuple(replace(finding, hint=_literal(finding.hint)) for finding in judged.outcome.findings)
        judged.outcome = replace(judged.outcome, findings=findings)
    return judged


def _settled(form: Form, catalog: Catalog) -> bool:
    """Whether the server was asked, or need not be: also where the text is its own answer to another."""
    return (
        form in catalog.forms
        or catalog.settles(form)
        or any(isinstance(own, str) and replace(one, text=own) == form for one, own in catalog.forms.items())
    )


def _literal(hint: str | None) -> str:
    note = "Compared letter by letter: the server could not be asked for its own form of what the contract says."
    return f"{hint} {note}" if hint else note
