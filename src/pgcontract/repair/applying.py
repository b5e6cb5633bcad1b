"""A plan run on a database: in one transaction, which is committed only if the contract holds in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus

from pgcontract.catalog.own_forms import ask
from pgcontract.errors import DatabaseError
from pgcontract.repair.plan import Plan, plan
from pgcontract.repair.script import search_path
from pgcontract.run.requirements import closure
from pgcontract.run.runner import look, verify
from pgcontract.run.target import Timeouts, connected

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.suite import Suite
    from pgcontract.repair.step import Step
    from pgcontract.run.target import Target
    from pgcontract.verdict import Hazard

_ROUNDS = 6
_SETTINGS = ("set local client_min_messages = warning", "set local check_function_bodies = off")


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan.

    Attributes:
        committed: Whether the database was changed; otherwise it is as it was before.
        ran: The statements that ran, those too that were rolled back.
        left: What is not as the contract says, each as one line.
        why: Why it was rolled back; if it was committed, what went wrong apart from the transaction. None for neither.
    """

    committed: bool
    ran: tuple[Step, ...] = ()
    left: tuple[str, ...] = ()
    why: str | None = None


class _RefusedError(Exception):
    """It is to be rolled back; the message says why."""


def planned(
    suite: Suite,
    target: Target,
    *,
    concurrently: bool = False,
    online: bool = False,
    timeouts: Timeouts | None = None,
) -> Plan:
    """The plan for a database as it is; nothing is changed.

    Raises:
        DatabaseError: The database cannot be reached, or its catalogs cannot be read.
    """
    with connected(target, timeouts or Timeouts()) as connection:
        catalog = look(connection, closure(suite))
        asking = partial(ask, connection)
        return plan(suite, catalog, ask=asking, concurrently=concurrently, online=online)


def apply(  # noqa: PLR0913 - each an option of the command
    suite: Suite,
    target: Target,
    *,
    allow: Collection[Hazard] = (),
    concurrently: bool = False,
    online: bool = False,
    timeouts: Timeouts | None = None,
    progress: Callable[[Step], None] = lambda _: None,
) -> Applied:
    """Run what the plan would print uncommented, and commit it if the contract then holds.

    All is done in one transaction: the catalogs are read in it again after the statements, further rounds are made
    while something is left that a statement mends, and then the contract is verified in it. It is rolled back if a
    statement fails, if a lock cannot be had, if something is left that should have been mended, or if it is
    interrupted. What no statement is derived for, and what is not allowed, is left, and is no reason to roll back.
    What cannot run in a transaction runs after it.

    Raises:
        DatabaseError: The database cannot be reached or read, the connection is lost (the server then rolls back), or
            the connection that was given is in a transaction.
    """
    with connected(target, timeouts or Timeouts()) as connection:
        if connection.info.transaction_status != TransactionStatus.IDLE:
            raise DatabaseError("the connection is in a transaction; reconcile needs one of its own")
        applying = _Applying(suite, connection, frozenset(allow), progress, concurrently=concurrently, online=online)
        try:
            with connection.transaction():
                applying.inside()
        except _RefusedError as refused:
            return Applied(committed=False, ran=tuple(applying.ran), left=applying.left(), why=str(refused))
        except psycopg.OperationalError as error:
            if connection.closed:
                raise DatabaseError(f"the connection was lost, and so all is rolled back: {_said(error)}") from None
            why = f"the server refused: {_said(error)}"
            return Applied(committed=False, ran=tuple(applying.ran), left=applying.left(), why=why)
        wrong = applying.apart()
        return Applied(committed=True, ran=tuple(applying.ran), left=applying.left(), why=wrong)


class _Applying:
    def __init__(  # noqa: PLR0913 - as `apply`
        self,
        suite: Suite,
        connection: psycopg.Connection[Any],
        allow: frozenset[Hazard],
        progress: Callable[[Step], None],
        *,
        concurrently: bool,
        online: bool,
    ) -> None:
        self._suite = suite
        self._connection = connection
        self._allow = allow
        self._progress = progress
        self._shape = {"concurrently": concurrently, "online": online}
        self._plan = Plan()
        self._origin: Catalog | None = None
        self.ran: list[Step] = []

    def inside(self) -> None:
        """All that runs in the transaction, in rounds, and the look whether the contract holds then.

        Raises:
            _RefusedError: It is to be rolled back.
        """
        for setting in _SETTINGS:
            self._connection.execute(setting)
        done: set[str] = set()
        steps: list[Step] = []
        for _ in range(_ROUNDS):
            catalog = look(self._connection, closure(self._suite))
            self._origin = self._origin or catalog
            asking = partial(ask, self._connection)
            self._plan = plan(self._suite, catalog, ask=asking, origin=self._origin, **self._shape)
            steps = [step for step in self._plan.steps if step.transactional and step.allowed(self._allow)]
            if done.issuperset(step.sql for step in steps):
                break
            for step in steps:
                self._run(step, local=True)
                done.add(step.sql)
        self._require(steps)

    def _require(self, steps: list[Step]) -> None:
        """Look whether all that was to be mended is mended."""
        if steps:
            still = "; ".join(dict.fromkeys(step.mends for step in steps))
            raise _RefusedError(f"the statements ran, and it is still not as the contract says: {still}")
        report = verify(self._suite, self._connection, probes="off")
        mended = {message for step in self.ran for message in step.mends.split("; ")}
        found = [
            finding.message
            for outcome in report.outcomes
            if outcome.status == "failed"
            for finding in outcome.findings
            if finding.message in mended
        ]
        later = {message for step in self._plan.steps for message in step.mends.split("; ")}
        if set(found) - later:
            raise _RefusedError(f"the statements ran, and it is still not as the contract says: {'; '.join(found)}")

    def _run(self, step: Step, *, local: bool) -> None:
        self._progress(step)
        scope = "local " if local else ""
        try:
            self._connection.execute(f"set {scope}search_path = {search_path(step.path)}".encode(), prepare=False)
            self._connection.execute(step.sql.encode(), prepare=False)
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            raise _RefusedError(f"a statement failed: {_said(error)}\n{step.sql}") from error
        self.ran.append(step)

    def apart(self) -> str | None:
        """Run what stands apart, each statement by itself; what went wrong, if something did.

        What has run before it stays.
        """
        for step in self._plan.steps:
            if not step.transactional and step.allowed(self._allow):
                try:
                    self._run(step, local=False)
                except (_RefusedError, psycopg.OperationalError) as error:
                    said = str(error) if isinstance(error, _RefusedError) else _said(error)
                    return f"after the transaction was committed, {said}"
        return None

    def left(self) -> tuple[str, ...]:
        """What is not as the contract says: what is not allowed, and what no statement is derived for."""
        held = [
            f"{step.mends} (not run without --allow '{step.hazard}')"
            for step in self._plan.steps
            if not step.allowed(self._allow)
        ]
        return tuple(dict.fromkeys([*held, *self._plan.unresolved]))


def _said(error: psycopg.Error) -> str:
    primary = error.diag.message_primary
    return primary or str(error).strip().split("\n", 1)[0]
