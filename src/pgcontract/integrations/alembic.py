"""A contract that Alembic's upgrades must leave whole: it is verified before they are committed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

import psycopg
from alembic.util import CommandError

from pgcontract.contract.suite import Suite
from pgcontract.errors import PgContractError
from pgcontract.records import dataclass
from pgcontract.run.borrowed import borrowed
from pgcontract.run.runner import verify
from pgcontract.verdict.report import ContractBrokenError

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, MigrationInfo

    from pgcontract.run.asynchronous import Options
    from pgcontract.verdict import Report

Contract: TypeAlias = Suite | str | Path | Callable[[], Suite]
"""A suite, what a contract file or module is called, or what makes a suite when it is needed."""

_SHOWN = 5

__all__ = ["AfterUpgrade", "UpgradeRefusedError", "verify_after_upgrade"]


class UpgradeRefusedError(CommandError):
    """The contract does not hold after the upgrade, or cannot be verified; Alembic shows it in a line.

    Attributes:
        report: The verdicts; None where it could not be verified.
    """

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report


def verify_after_upgrade(contract: Contract, **options: Unpack[Options]) -> AfterUpgrade:
    """What `env.py` gives `context.configure` as `on_version_apply`.

    Whenever an upgrade has come to the heads of all branches, the contract is verified on Alembic's own connection,
    inside the transaction of the migration: if it does not hold, that is rolled back, and with it all that Alembic does
    in the same one, which is the whole upgrade unless `transaction_per_migration` is set or a migration commits by
    itself (`autocommit_block`). Nothing is verified after a downgrade, a stamp, or an upgrade to what is no head, nor
    offline (`--sql`).

    The connection must be psycopg's (`postgresql+psycopg://`), which is installed with pgcontract; by another driver
    nobody can look into its transaction, and then the first migration is refused.

    Example:
        context.configure(connection=connection, on_version_apply=verify_after_upgrade("contract.yaml"))

    Args:
        contract: A suite, a contract as `Suite.load` takes it, or a function that gives a suite. A file is read, and a
            function called, when an upgrade has come to the heads.
        options: Those of `verify`.
    """
    return AfterUpgrade(contract, options)


@dataclass(frozen=True, slots=True)
class AfterUpgrade:
    """Verifies a contract when Alembic says that an upgrade has come to its end.

    Attributes:
        contract: What is verified.
        options: Those of `verify`.
    """

    contract: Contract
    options: Options

    def __call__(self, *, ctx: MigrationContext, step: MigrationInfo, heads: set[str], **_: Any) -> None:
        """Verify, if the step was the last of an upgrade.

        Raises:
            UpgradeRefusedError: The contract does not hold, or cannot be verified.
        """
        if ctx.as_sql or step.is_stamp or not step.is_upgrade:
            return
        connection = _psycopg(ctx)
        if ctx.script is not None and any(True for _ in ctx.script._upgrade_revs("heads", tuple(heads))):  # type: ignore[arg-type] # noqa: SLF001 - what is still to come, as `upgrade` finds it out
            return
        try:
            report = self._verified(connection)
        except PgContractError as error:
            hint = f" ({error.hint})" if error.hint else ""
            raise UpgradeRefusedError(f"the contract cannot be verified: {error}{hint}") from error
        _judge(report)

    def _verified(self, connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> Report:
        contract = self.contract
        if not isinstance(contract, Suite):
            contract = contract() if callable(contract) else Suite.load(contract)
        if isinstance(connection, psycopg.AsyncConnection):  # its loop waits for us
            with borrowed(connection) as lent:
                return verify(contract, lent, **self.options)
        return verify(contract, connection, **self.options)


def _judge(report: Report) -> None:
    log = logging.getLogger("alembic.pgcontract")  # which Alembic's own configuration of logging shows
    if report.passed:
        log.info("contract %r holds: %d passed", report.suite, report.summary["passed"])
        return
    log.error(_words(report))
    summary = f"contract {report.suite!r} does not hold after the upgrade, whose transaction is rolled back"
    raise UpgradeRefusedError(f"{summary}: {_brief(report)}", report)


def _brief(report: Report) -> str:
    """What is wrong in a line: Alembic shows no more, and its log only where logging is configured."""
    wrong = [outcome for outcome in report.outcomes if outcome.breaks or outcome.status == "errored"]
    said = [each.findings[0].message if each.findings else f"{each.subject}: {each.reason}" for each in wrong]
    more = [f"and {len(said) - _SHOWN:,} more"] if len(said) > _SHOWN else []
    return "; ".join([*said[:_SHOWN], *more])


def _words(report: Report) -> str:
    try:
        report.raise_for_failures()
    except ContractBrokenError as broken:
        return str(broken)
    return ""


def _psycopg(ctx: MigrationContext) -> psycopg.Connection[Any] | psycopg.AsyncConnection[Any]:
    """The driver's connection.

    Raises:
        UpgradeRefusedError: It is another driver's.
    """
    raw = getattr(getattr(ctx.connection, "connection", None), "driver_connection", None)
    if isinstance(raw, psycopg.Connection | psycopg.AsyncConnection):
        return raw
    driver = type(raw).__module__.split(".")[0]
    raise UpgradeRefusedError(
        f"a contract is verified inside the migrations' transaction by psycopg 3, and they run by {driver}: "
        "give Alembic a URL that begins with postgresql+psycopg://"
    )
