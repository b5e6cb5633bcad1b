"""A smoke test from beginning to end: a report as of any other run."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract.session import ALLOW_WRITING, CannotProbe
from pgcontract.errors import ContractError
from pgcontract.run import telemetry
from pgcontract.run.acted import acted
from pgcontract.run.evaluation import Evaluation
from pgcontract.run.runner import look
from pgcontract.run.target import Timeouts, connected
from pgcontract.smoke.calls import called
from pgcontract.smoke.clock import Clock, tried
from pgcontract.smoke.owners import Owners
from pgcontract.smoke.plan import Options, plan
from pgcontract.smoke.service import of_service
from pgcontract.verdict import Database, Finding, Outcome, Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.session import Session
    from pgcontract.contract.suite import Suite
    from pgcontract.run.probe import Probes
    from pgcontract.run.runner import Progress
    from pgcontract.run.target import Target
    from pgcontract.smoke.plan import Plan


def smoke(  # noqa: PLR0913 - most have a default, and are given by keyword
    target: Target,
    suite: Suite | None = None,
    options: Options | None = None,
    *,
    probes: Probes = "rollback",
    timeouts: Timeouts | None = None,
    progress: Progress | None = None,
) -> Report:
    """Try whether the database answers: tables, functions, and rows of owners, each with its time.

    Args:
        target: A URL, a psycopg connection, SQLAlchemy's engine or connection.
        suite: What to try: its relations and functions, and its probes as they stand. All that is there when None.
        options: As whom, and where.
        probes: `rollback`, or `shadow`; with `read`, whatever would write is skipped.
        timeouts: How long to wait; used for connections that are opened here.
        progress: Called while it runs.

    Raises:
        ContractError: Somebody who is to act, or a schema, is not there.
        DatabaseError: The database cannot be reached, or its catalogs cannot be read.
    """
    started, began = datetime.now(UTC), time.perf_counter()
    options = options or Options()
    name = suite.name if suite is not None else "smoke"
    with telemetry.running("smoke", name):
        with connected(target, timeouts or Timeouts()) as connection:
            with telemetry.phase("catalog", connection):
                catalog = look(connection, suite or ())
            planned = _planned(catalog, suite, options)
            outcomes: list[Outcome] = []
            acting = acted(connection, catalog, probes, suite.principals if suite is not None else ())
            with telemetry.phase("probe", connection), acting as session:
                for outcome in _tried(session, catalog, planned, options, suite):
                    outcomes.append(outcome)
                    if progress is not None:
                        progress(outcome.sentence, len(outcomes), 0)
        report = Report(
            suite=name,
            database=Database(catalog.server.name, catalog.server.version, catalog.server.host),
            started_at=started,
            duration_ms=round((time.perf_counter() - began) * 1000, 3),
            outcomes=tuple(_timely(outcome, options.slow_ms) for outcome in outcomes),
        )
        return telemetry.ended(report)


def _planned(catalog: Catalog, suite: Suite | None, options: Options) -> Plan:
    try:
        return plan(catalog, suite, options)
    except MissingObjectError as missing:
        raise ContractError(str(missing), hint=missing.hint) from missing


def _tried(
    session: Session, catalog: Catalog, planned: Plan, options: Options, suite: Suite | None
) -> Iterator[Outcome]:
    for name in planned.missing:
        found = Finding(f"relation {name} does not exist", expected=name)
        identified = (found.identified("TableAnswers", name),)
        yield Outcome("TableAnswers", name, "failed", sentence=f"{name} exists", relation=name, findings=identified)
    for name in planned.relations:
        sentence = f"{planned.service} can query {name}"
        yield tried(session, "TableAnswers", name, sentence, partial(_answers, planned=planned, name=name))
    evaluation = Evaluation(session.catalog, session, {}, suite.schema if suite is not None else "public")
    yield from (evaluation.judge(expectation) for expectation in planned.probes)
    if not session.may_write:
        yield from called(evaluation, planned, ())
        yield _not_written(catalog, f"rows have to be written, and are rolled back; {ALLOW_WRITING}")
        return
    with session.trial():
        try:
            owners = Owners(session, planned, options)
        except CannotProbe as reason:
            yield from called(evaluation, planned, ())
            yield _not_written(catalog, str(reason))
            return
        yield from _of_owners(owners, planned)
        yield from called(evaluation, planned, owners.rightful)
    for relation in planned.relations.values():
        if relation.is_table and relation.name not in owners.tables:
            yield from of_service(session, relation, planned.service, options.seed)


def _of_owners(owners: Owners, planned: Plan) -> Iterator[Outcome]:
    stated = {one.subject for one in planned.probes if one.kind == "RlsBlocksAnon"}
    for table in owners.tables:
        if planned.anon is not None and table not in stated:
            yield owners.blocks(table, planned.anon)
        yield from owners.outcomes(table)


def _answers(clock: Clock, planned: Plan, name: str) -> Iterator[Finding]:
    with clock.session.acting(clock.session.principal(planned.service)):
        clock.rows(f"select * from {name} limit 1")
    yield from ()


def _not_written(catalog: Catalog, reason: str) -> Outcome:
    sentence = "owners can create, read, update and delete their rows"
    return Outcome("RowCreated", catalog.server.name, "skipped", sentence=sentence, reason=reason)


def _timely(outcome: Outcome, slow_ms: float) -> Outcome:
    """The outcome, or a warning where it took too long."""
    if outcome.status != "passed" or not 0 < slow_ms < outcome.duration_ms:
        return outcome
    took = f"{outcome.duration_ms:,.0f} ms"
    finding = Finding(f"it works, but took {took}", f"at most {slow_ms:,.0f} ms", took)
    found = (finding.identified(outcome.kind, outcome.subject),)
    return replace(outcome, status="failed", severity="warning", findings=found)
