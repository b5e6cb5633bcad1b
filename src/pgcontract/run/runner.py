"""A run: read the catalog once, check what is pure, then probe and scan."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import psycopg

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.garbage import uncollected
from pgcontract.catalog.own_forms import ask
from pgcontract.catalog.snapshot import read
from pgcontract.contract.expectation import DataExpectation, Expectation, ProbeExpectation
from pgcontract.contract.origin import located
from pgcontract.errors import DatabaseError, unless_interrupted
from pgcontract.records import dataclass
from pgcontract.run import telemetry
from pgcontract.run.acted import acted
from pgcontract.run.data import Answer
from pgcontract.run.data import answers as data_answers
from pgcontract.run.evaluation import Evaluation
from pgcontract.run.ignoring import with_ignores
from pgcontract.run.requirements import closure, forms
from pgcontract.run.scanning import AS_USUAL, Scanning
from pgcontract.run.target import Target, Timeouts, connected
from pgcontract.verdict import Database, Outcome, Report

if TYPE_CHECKING:
    from pgcontract.catalog.forms import Form
    from pgcontract.contract.ignore import Ignore
    from pgcontract.contract.principals import Principal
    from pgcontract.contract.suite import Suite
    from pgcontract.run.probe import Probes, RolledBack

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how many expectations are done, and how many there are."""

Settle: TypeAlias = Callable[[Sequence[Outcome], "Suite", Evaluation], tuple[Outcome, ...]]
"""What ignores make of outcomes."""


@dataclass(frozen=True, slots=True)
class _Watched:
    """Who is told of a run, what ignores make of its outcomes, and how the collector of garbage is let in again."""

    progress: Progress
    settle: Settle
    resume: Callable[[], None]


_SAVED = "a saved catalog has no rows and nobody to act as; verify against the database itself"
# What is said of each lane, and after how many expectations it is said again: to say it may take longer than a check.
_LANES = {"catalog": ("checking the catalog", 500), "probe": ("probing", 1), "data": ("judging the data", 1)}


def _silent(_what: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def verify(  # noqa: PLR0913 - most have a default, and are given by keyword
    suite: Suite,
    target: Target | Catalog,
    *,
    baseline: str | Path | Iterable[Ignore] = (),
    probes: Probes = "read",
    scanning: Scanning = AS_USUAL,
    timeouts: Timeouts | None = None,
    progress: Progress = _silent,
    today: date | None = None,
) -> Report:
    """Compare what the suite says with what the database is.

    Args:
        suite: What should be.
        target: A URL, a psycopg connection, SQLAlchemy's engine or connection, or a catalog that was read before.
            A connection in an open transaction sees what that transaction has changed, and is left as it was.
        baseline: What is ignored besides the suite's own ignores: a baseline file, or ignores.
        probes: What probes may do: `off`, `read`, `rollback` (also write, and roll back), or `shadow` (act on a private
            copy of the schema, so that this database is only read).
        scanning: How rows are looked at, and what of them is shown.
        timeouts: How long to wait; used for connections that are opened here.
        progress: Called while it runs.
        today: The day by which ignores end; the present one in UTC when None.

    Returns:
        An outcome for each expectation, in the suite's order, then the failures that are implied, then a warning of
        kind `Ignore` for each ignore that matched nothing.

    Raises:
        ContractError: The baseline cannot be used.
        DatabaseError: The database cannot be reached, or its catalogs cannot be read.
    """
    started, began = datetime.now(UTC), time.perf_counter()
    settle = partial(with_ignores, ignores=(*suite.ignores, *_listed(baseline)), today=today or started.date())
    with telemetry.running("verify", suite.name), uncollected() as resume:
        watched = _Watched(progress, settle, resume)
        if isinstance(target, Catalog):
            server, outcomes = target.server, _saved(suite, target, watched)
        else:
            with connected(target, timeouts or Timeouts()) as connection, _plainly():
                server, outcomes = _live(suite, connection, probes, scanning, watched)
        report = Report(
            suite=suite.name,
            database=Database(server.name, server.version, server.host),
            started_at=started,
            duration_ms=round((time.perf_counter() - began) * 1000, 3),
            outcomes=located(suite, outcomes),
        )
        return telemetry.ended(report)


def _listed(baseline: str | Path | Iterable[Ignore]) -> Iterable[Ignore]:
    if not isinstance(baseline, str | Path):
        return baseline
    from pgcontract.contract.baseline import load_baseline  # noqa: PLC0415 - YAML is read when it is needed

    return load_baseline(baseline)


def _saved(suite: Suite, catalog: Catalog, watched: _Watched) -> tuple[Outcome, ...]:
    """The outcomes on a catalog that was read before."""
    return _outcomes(suite, Evaluation(catalog, _SAVED, _SAVED, suite.schema), watched)


def _live(
    suite: Suite, connection: psycopg.Connection[Any], probes: Probes, scanning: Scanning, watched: _Watched
) -> tuple[Server, tuple[Outcome, ...]]:
    """Which database was asked, and the outcomes on it."""
    watched.progress("reading the catalogs", 0, len(suite))
    everything = closure(suite)
    with telemetry.phase("catalog", connection):
        catalog = look(connection, everything)
    with _session(connection, catalog, everything, probes, suite.principals) as session:
        if not isinstance(session, str):
            session.values = scanning.values
        scanning = replace(scanning, role=suite.rows_as or scanning.role)
        answers = _scanned(connection, catalog, everything, scanning, watched.progress)
        return catalog.server, _outcomes(suite, Evaluation(catalog, session, answers, suite.schema), watched)


def snapshot(target: Target, *, timeouts: Timeouts | None = None) -> Catalog:
    """The catalog of the database, to be saved, looked at, or verified against later.

    Raises:
        DatabaseError: The database cannot be reached, or its catalogs cannot be read.
    """
    with connected(target, timeouts or Timeouts()) as connection, _plainly():
        return read(connection)


def look(connection: psycopg.Connection[Any], expectations: Iterable[Expectation]) -> Catalog:
    """The catalog, with Postgres's own form of what the expectations' authors wrote, where it does not settle that."""
    written = forms(expectations)
    unsettled: list[Form] = []

    def settle(catalog: Catalog) -> None:
        unsettled[:] = [form for form in written if not catalog.settles(form)]

    catalog = read(connection, settle)
    return replace(catalog, forms=ask(connection, catalog, unsettled)) if unsettled else catalog


@contextmanager
def _session(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    expectations: Iterable[Expectation],
    probes: Probes,
    principals: Iterable[Principal],
) -> Generator[RolledBack | str]:
    """Where probes may act, or why not; no transaction is begun when nothing would use it."""
    if probes == "off":
        yield "probes are switched off"
    elif ProbeExpectation.lane not in _lanes(expectations).values():
        yield "nothing in the suite probes"
    else:
        with acted(connection, catalog, probes, principals) as session:
            yield session


def _lanes(expectations: Iterable[Expectation]) -> dict[type[Expectation], str]:
    """The lane of each class: pydantic's models answer slowly, and a suite has few classes."""
    classes: set[type[Expectation]] = set(map(type, expectations))
    return {cls: cls.lane for cls in classes}


def _outcomes(suite: Suite, evaluation: Evaluation, watched: _Watched) -> tuple[Outcome, ...]:
    """The cheap lanes first, so that what they find is known should a later one lose the connection."""
    places: dict[str, list[int]] = defaultdict(list)
    lanes = _lanes(suite)
    for place, expectation in enumerate(suite):
        places[lanes[type(expectation)]].append(place)
    outcomes: dict[int, Outcome] = {}
    for lane in [*_LANES, *(places.keys() - _LANES)]:
        what, step = _LANES.get(lane, ("judging", 1))
        if lane != "catalog" and places[lane]:
            watched.resume()  # these may take long, and make garbage
        for begin in range(0, len(places[lane]), step):
            first = suite.expectations[places[lane][begin]]
            # Of one that may take its time, also which it is: what stands before the colon stays the same.
            named = f"{what}: {first.kind} {first.subject}" if step == 1 else what
            watched.progress(named, len(outcomes), len(suite))
            for place in places[lane][begin : begin + step]:
                outcomes[place] = evaluation.judge(suite.expectations[place])
    watched.progress("done", len(suite), len(suite))
    own = map(outcomes.__getitem__, range(len(suite)))
    return watched.settle((*own, *evaluation.implied(suite)), suite, evaluation)


def _scanned(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    expectations: Iterable[Expectation],
    scanning: Scanning,
    progress: Progress,
) -> dict[DataExpectation, Answer]:
    """What the data expectations asked for; how much is done is told as so many of them."""
    wanted = _of_data(expectations)
    if not wanted:
        return {}

    def told(what: str, share: float) -> None:
        progress(what, round(share * len(wanted)), len(wanted))

    return data_answers(connection, catalog, wanted, scanning, told)


def _of_data(expectations: Iterable[Expectation]) -> list[DataExpectation]:
    """The data expectations. To ask a class of pydantic's whether it has an instance takes long: each class is once."""
    known = list(expectations)
    data = {cls for cls in set(map(type, known)) if issubclass(cls, DataExpectation)}
    return [cast("DataExpectation", expectation) for expectation in known if type(expectation) in data]


@contextmanager
def _plainly() -> Generator[None]:
    """What the server refuses while we read, in one clear line."""
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        raise DatabaseError(
            "the server cancelled a query: it took longer than the statement timeout",
            hint="Give it more time with --statement-timeout SECONDS.",
        ) from error
    except psycopg.errors.LockNotAvailable as error:
        raise DatabaseError("a lock could not be had in time", hint="Try again when migrations have ended.") from error
    except psycopg.OperationalError as error:
        unless_interrupted(error)
        raise DatabaseError(f"the connection was lost: {str(error).strip().splitlines()[0]}") from error
    except psycopg.Error as error:
        raise DatabaseError(f"the server refused to be read: {str(error).strip().splitlines()[0]}") from error
