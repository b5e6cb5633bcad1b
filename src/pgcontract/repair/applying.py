"""A plan run on a database: in one transaction, which is committed only if the contract holds in it.

The contract holds as far as catalogs show it: probes and rows are no matter of DDL, and rows are not read under locks.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus

from pgcontract.catalog.own_forms import ask
from pgcontract.errors import DatabaseError
from pgcontract.repair.applied import Applied
from pgcontract.repair.plan import Plan, plan
from pgcontract.repair.running import prepare, said
from pgcontract.repair.script import search_path
from pgcontract.run.requirements import closure
from pgcontract.run.runner import look, verify
from pgcontract.run.target import Timeouts, connected

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.suite import Suite
    from pgcontract.repair.step import Step
    from pgcontract.run.target import Target
    from pgcontract.verdict import Hazard

_ROUNDS = 6


class _RefusedError(Exception):
    """It is to be rolled back; the message says why."""


class _FirstError(Exception):
    """Something must be committed before the transaction."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__()
        self.steps = steps


def planned(  # noqa: PLR0913 - each an option of the command
    suite: Suite,
    target: Target,
    *,
    allow: Collection[Hazard] = (),
    concurrently: bool = False,
    online: bool = False,
    timeouts: Timeouts | None = None,
) -> Plan:
    """The plan for a database as it is; nothing is changed. Its arguments are those of `plan`.

    Raises:
        DatabaseError: The database cannot be reached, or its catalogs cannot be read.
    """
    with connected(target, timeouts or Timeouts()) as connection:
        catalog = look(connection, closure(suite))
        asking = partial(ask, connection)
        return plan(suite, catalog, ask=asking, concurrently=concurrently, online=online, allow=allow)


def apply(  # noqa: PLR0913 - each an option of the command
    suite: Suite,
    target: Target,
    *,
    allow: Collection[Hazard] = (),
    concurrently: bool = False,
    online: bool = False,
    whole: bool = True,
    timeouts: Timeouts | None = None,
    progress: Callable[[Step], None] = lambda _: None,
) -> Applied:
    """Run what the plan would print uncommented, and commit it if the contract then holds.

    All is done in one transaction: the catalogs are read in it again after the statements, further rounds are made
    while something is left that a statement mends, and then the contract is verified in it. It is rolled back if the
    contract does not hold then, if a statement fails, if a lock cannot be had, or if it is interrupted. If the contract
    needs what is not allowed, nothing is run. What is ignored, skipped or only a warning is no reason to roll back.
    What cannot run in a transaction runs after it, and then the contract is verified again.

    Args:
        suite: What should be.
        target: The database.
        allow: The hazards that may be run.
        concurrently: As of `plan`.
        online: As of `plan`.
        whole: Whether all is rolled back if something would be left; else what is mended is committed, though there
            is something that no statement is derived for, or that is not allowed.
        timeouts: How long to wait.
        progress: Called before each statement.

    Raises:
        DatabaseError: The database cannot be reached or read, the connection is lost (the server then rolls back), or
            the connection that was given is in a transaction.
    """
    with connected(target, timeouts or Timeouts()) as connection:
        if connection.info.transaction_status != TransactionStatus.IDLE:
            raise DatabaseError("the connection is in a transaction; reconcile needs one of its own")
        shape = {"concurrently": concurrently, "online": online}
        return _Applying(suite, connection, frozenset(allow), progress, shape).outcome(whole=whole)


class _Applying:
    def __init__(
        self,
        suite: Suite,
        connection: psycopg.Connection[Any],
        allow: frozenset[Hazard],
        progress: Callable[[Step], None],
        shape: Mapping[str, bool],
    ) -> None:
        self._suite = suite
        self._connection = connection
        self._allow = allow
        self._progress = progress
        self._shape = shape
        self._plan = Plan()
        self._catalog: Catalog | None = None
        self._ran: list[Step] = []

    def outcome(self, *, whole: bool) -> Applied:
        """The transaction and what runs after it, and what became of them.

        Raises:
            DatabaseError: The connection was lost.
        """
        try:
            self._transaction(whole=whole)
        except _RefusedError as refused:
            return self._rolled_back(str(refused))
        except psycopg.OperationalError as error:
            if self._connection.closed:
                raise DatabaseError(f"the connection was lost, and so all is rolled back: {said(error)}") from None
            return self._rolled_back(f"the server refused: {said(error)}")
        wrong = self._apart()
        holds, left = self._afterwards()
        return Applied(committed=True, ran=tuple(self._ran), left=left, why=wrong, holds=holds)

    def _rolled_back(self, why: str) -> Applied:
        kept = tuple(step for step in self._ran if step.first)
        return Applied(committed=False, ran=tuple(self._ran), left=self._left(), why=why, kept=kept)

    def _transaction(self, *, whole: bool) -> None:
        try:
            with self._connection.transaction():
                self._inside(whole=whole)
        except _FirstError as needed:  # before anything else has run
            for step in needed.steps:
                self._run(step, local=False)
            with self._connection.transaction():
                self._inside(whole=whole)

    def _inside(self, *, whole: bool) -> None:
        """All that runs in the transaction, in rounds, and the look whether the contract holds then.

        Raises:
            _RefusedError: It is to be rolled back.
        """
        prepare(self._connection)
        done: set[str] = set()
        steps: list[Step] = []
        origin: Catalog | None = None
        for _ in range(_ROUNDS):
            self._catalog = look(self._connection, closure(self._suite))
            origin = origin or self._catalog
            asking = partial(ask, self._connection)
            self._plan = plan(self._suite, self._catalog, ask=asking, origin=origin, allow=self._allow, **self._shape)
            if whole:
                self._require_allowed()
            self._require_first(whole=whole)
            steps = [step for step in self._plan.steps if step.transactional and step.allowed(self._allow)]
            if done.issuperset(step.sql for step in steps):
                break
            for step in steps:
                self._run(step, local=True)
                done.add(step.sql)
        self._require(steps, whole=whole)

    def _wrong(self) -> dict[str, str]:
        """What breaks the contract on the catalog that was last read, by its message, as a line each."""
        if self._catalog is None:
            return {}
        wrong: dict[str, str] = {}
        for outcome in verify(self._suite, self._catalog).outcomes:
            if outcome.breaks:
                wrong.update({finding.message: finding.message for finding in outcome.findings})
            elif outcome.status == "errored":
                unchecked = f"{outcome.subject}: could not be checked: {outcome.reason}"
                wrong[unchecked] = unchecked
        return wrong

    def _require_allowed(self) -> None:
        """Look whether all that the contract needs may be run, before anything is locked for the rest."""
        wrong = self._wrong()
        held = [step for step in self._held() if not wrong.keys().isdisjoint(step.mends.split("; "))]
        if held:
            options = " ".join(f"--allow '{hazard}'" for hazard in sorted({step.hazard for step in held}))
            number = "a statement that is" if len(held) == 1 else f"{len(held)} statements that are"
            raise _RefusedError(f"the contract needs {number} not run without {options}; --partial does without")

    def _require_first(self, *, whole: bool) -> None:
        """Look whether something must be committed before, which then stays whatever becomes of the rest.

        Raises:
            _FirstError: What must be.
            _RefusedError: The contract would not hold with it either.
        """
        first = [step for step in self._plan.first if step not in self._ran]
        if first and whole:
            wrong = self._wrong().values()
            number = sum(any(line.startswith(each) for each in wrong) for line in self._plan.unresolved)
            self._refuse(number)
        if first:
            raise _FirstError(first)

    def _refuse(self, number: int) -> None:
        """Refuse to leave a number of things."""
        if number:
            rest = "; --partial commits the rest" if self._plan.steps or self._ran else ""
            things = "one thing" if number == 1 else f"{number} things"
            raise _RefusedError(f"{things} would be left that no statement mends{rest}")

    def _require(self, steps: list[Step], *, whole: bool) -> None:
        """Look whether the contract holds, but for what is mended after the transaction."""
        if steps:
            still = "; ".join(dict.fromkeys(step.mends for step in steps))
            raise _RefusedError(f"the statements ran, and it is still not as the contract says: {still}")
        later = {message for step in self._plan.steps for message in step.mends.split("; ")}
        wrong = {message: said for message, said in self._wrong().items() if message not in later}
        mended = {message for step in self._ran for message in step.mends.split("; ")}
        if still := "; ".join(said for message, said in wrong.items() if message in mended):
            raise _RefusedError(f"the statements ran, and it is still not as the contract says: {still}")
        if whole:
            self._refuse(len(wrong))

    def _run(self, step: Step, *, local: bool) -> None:
        self._progress(step)
        scope = "local " if local else ""
        try:
            self._connection.execute(f"set {scope}search_path = {search_path(step.path)}".encode(), prepare=False)
            self._connection.execute(step.sql.encode(), prepare=False)
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            raise _RefusedError(f"a statement failed: {said(error)}\n{step.sql}") from error
        self._ran.append(step)

    def _apart(self) -> str | None:
        """Run what stands apart, each statement by itself; what went wrong, if something did.

        What has run before it stays.
        """
        for step in self._plan.apart:
            if step.allowed(self._allow):
                try:
                    self._run(step, local=False)
                except (_RefusedError, psycopg.OperationalError) as error:
                    why = str(error) if isinstance(error, _RefusedError) else said(error)
                    return f"after the transaction was committed, {why}"
        return None

    def _held(self) -> list[Step]:
        """What is planned and not allowed."""
        return [step for step in self._plan.steps if not step.allowed(self._allow)]

    def _left(self) -> tuple[str, ...]:
        """What is not as the contract says: what is not allowed, and what no statement is derived for."""
        held = [
            f"{step.mends} (not run without --allow '{step.hazard}'{'; ' if step.note else ''}{step.note})"
            for step in self._held()
        ]
        return tuple(dict.fromkeys([*held, *self._plan.unresolved]))

    def _afterwards(self) -> tuple[bool, tuple[str, ...]]:
        """Whether the contract holds after all, and what is left.

        Raises:
            DatabaseError: The catalogs can no longer be read; what was committed stays so.
        """
        left = list(self._left())
        if not all(step.transactional for step in self._ran):
            self._catalog = look(self._connection, closure(self._suite))
            known = {message for step in self._held() for message in step.mends.split("; ")}
            new = [said for message, said in self._wrong().items() if message not in known]
            left += [said for said in new if not any(line.startswith(said) for line in left)]
        return not self._wrong(), tuple(left)
