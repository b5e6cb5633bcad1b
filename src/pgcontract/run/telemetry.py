"""What a run tells the program that it is part of: log records, and spans and metrics of OpenTelemetry.

OpenTelemetry is spoken to where that program has loaded it, as whoever wants its spans must have; else it is not even
looked for. Of a database its name and host are told, of an expectation what the contract says: never a password, and
nothing that stands in a row, which messages of the server's may quote.
"""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pgcontract._version import __version__
from pgcontract.catalog.catalog import Server
from pgcontract.verdict import STATUSES, Report

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import psycopg

SCOPE = "pgcontract"
"""The name of our tracer, our meter, and the logger above all of ours."""

LOGGER = logging.getLogger(f"{SCOPE}.run")
logging.getLogger(SCOPE).addHandler(logging.NullHandler())

_NOTHING = nullcontext()
_NAMES = {"relation": "db.collection.name"}


@contextmanager
def running(what: str, suite: str) -> Generator[None]:
    """A whole run, a span; within it `ended` says how it ended.

    Args:
        what: `verify` or `smoke`.
        suite: The suite's name.
    """
    LOGGER.debug("%s of %s begins", what, suite, extra={"event": "run.started", "suite": suite})
    with _span(f"{SCOPE}.{what}", {f"{SCOPE}.suite": suite}):
        try:
            yield
        except Exception as error:
            extra = {"event": "run.failed", "suite": suite, "error": type(error).__name__}
            # A traceback may quote what stands in a row.
            LOGGER.error("%s of %s could not be done: %s", what, suite, extra["error"], extra=extra)  # noqa: TRY400
            raise


def ended(report: Report) -> Report:
    """Tell of a run that came to its verdicts, and give its report back."""
    _log(report)
    if (trace := _loaded("trace")) is not None:
        span = trace.get_current_span()
        span.set_attributes(_where(report) | {f"{SCOPE}.passed": report.passed} | _counts(report))
    if (meters := _meters()) is not None:
        meters.told(report)
    return report


def phase(name: str, where: psycopg.Connection[Any] | Server, **about: str | None) -> AbstractContextManager[None]:
    """A part of a run that speaks to the server; what nobody listens to costs nothing.

    Args:
        name: `catalog`, `probe` or `scan`.
        where: The server, or the connection to it.
        about: What else there is to say: which `relation` is scanned, which `kind` of probe acts.
    """
    heard = _loaded("trace") or _loaded("metrics") or LOGGER.isEnabledFor(logging.DEBUG)
    return _phase(name, where, {key: value for key, value in about.items() if value}) if heard else _NOTHING


@contextmanager
def _phase(name: str, where: psycopg.Connection[Any] | Server, about: Mapping[str, str]) -> Generator[None]:
    place = _of(where)
    named = {_NAMES.get(key, f"{SCOPE}.{key}"): value for key, value in about.items()}
    began = perf_counter()
    try:
        with _span(f"{SCOPE}.{name}", place | named, client=True):
            yield
    finally:
        took = perf_counter() - began
        extra = {"event": "phase.ended", "phase": name, "duration_ms": round(took * 1000, 3), **about}
        LOGGER.debug("%s took %.1f ms", " ".join((name, *about.values())), took * 1000, extra=extra)
        if (meters := _meters()) is not None:
            meters.phases.record(took, {f"{SCOPE}.phase": name, "db.namespace": place["db.namespace"]})


@contextmanager
def _span(name: str, attributes: Mapping[str, Any], *, client: bool = False) -> Generator[None]:
    """A span, should anybody listen. Of an error its type is told: its message may quote what stands in a row."""
    trace = _loaded("trace")
    if trace is None:
        yield
        return
    kind = trace.SpanKind.CLIENT if client else trace.SpanKind.INTERNAL
    started = trace.get_tracer(SCOPE, __version__).start_as_current_span(
        name, kind=kind, attributes=attributes, record_exception=False, set_status_on_exception=False
    )
    with started as span:
        try:
            yield
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(trace.StatusCode.ERROR)
            raise


class _Meters:
    """Our instruments, of one provider."""

    def __init__(self, provider: Any) -> None:
        meter = provider.get_meter(SCOPE, __version__)
        self.holds = meter.create_gauge(f"{SCOPE}.contract.holds", "1", "Whether the contract holds: 1, or 0.")
        self.outcomes = meter.create_gauge(f"{SCOPE}.outcomes", "{outcome}", "Outcomes of the last run, by status.")
        self.runs = meter.create_histogram(f"{SCOPE}.run.duration", "s", "How long a run took.")
        self.phases = meter.create_histogram(f"{SCOPE}.phase.duration", "s", "How long a part of a run took.")

    def told(self, report: Report) -> None:
        """Record a run."""
        about = {f"{SCOPE}.suite": report.suite, "db.namespace": report.database.name}
        self.holds.set(int(report.passed), about)
        for status, number in report.summary.items():
            self.outcomes.set(number, about | {f"{SCOPE}.status": status})
        self.runs.record(report.duration_ms / 1000, about | {f"{SCOPE}.passed": report.passed})


def _meters() -> _Meters | None:
    metrics = _loaded("metrics")
    return None if metrics is None else _meters_of(metrics.get_meter_provider())


def _loaded(name: str) -> Any:
    """A module of OpenTelemetry's that somebody has loaded, and not only begun to."""
    module = sys.modules.get(f"opentelemetry.{name}")
    return None if getattr(getattr(module, "__spec__", None), "_initializing", False) else module


@lru_cache(maxsize=4)
def _meters_of(provider: Any) -> _Meters:
    """An instrument that is made twice is a warning."""
    return _Meters(provider)


def _of(where: psycopg.Connection[Any] | Server) -> dict[str, Any]:
    """By the semantic conventions for databases: https://opentelemetry.io/docs/specs/semconv/db/postgresql/."""
    if isinstance(where, Server):
        return {"db.system.name": "postgresql", "db.namespace": where.name, "server.address": where.host}
    info = where.info
    place = {"db.system.name": "postgresql", "db.namespace": info.dbname, "server.address": info.host}
    return place | {"server.port": info.port}


def _where(report: Report) -> dict[str, Any]:
    database = report.database
    return {"db.system.name": "postgresql", "db.namespace": database.name, "server.address": database.host}


def _counts(report: Report) -> dict[str, Any]:
    summary = report.summary
    return {f"{SCOPE}.outcomes.{status}": summary[status] for status in STATUSES}


def _log(report: Report) -> None:
    database = report.database
    about: dict[str, Any] = {"suite": report.suite, "database": database.name, "host": database.host}
    if LOGGER.isEnabledFor(logging.WARNING):
        for outcome in report.having("failed", "errored"):
            extra = about | {"event": "outcome", "kind": outcome.kind, "subject": outcome.subject}
            extra |= {"status": outcome.status, "severity": outcome.severity}
            extra |= {"fingerprints": [finding.fingerprint for finding in outcome.findings]}
            sentence = outcome.sentence.encode(errors="backslashreplace").decode()  # half a character no file takes
            LOGGER.warning("%s: %s", outcome.status, sentence, extra=extra)
    about |= {"event": "run.ended", "passed": report.passed, "duration_ms": report.duration_ms}
    verdict = "holds" if report.passed else "does not hold"
    LOGGER.info("%s %s on %s", report.suite, verdict, database.name, extra=about | {"outcomes": report.summary})
