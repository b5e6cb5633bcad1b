"""`pgcontract advise`."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options
from pgcontract.cli.baseline import baseline_of
from pgcontract.cli.console import doing, note, silent
from pgcontract.cli.database import meant, opened
from pgcontract.cli.keeping import history_of
from pgcontract.cli.output import check_formats, deliver
from pgcontract.cli.status import status_of
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.catalog.catalog import Catalog


_SHOWN = 12
"""Roles that are named at most."""


class Level(StrEnum):
    """How much a rule matters."""

    error = "error"
    warning = "warning"
    info = "info"


def _several(help_: str, *names: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(*names, help=f"{help_} Repeatable.", show_default=False)
    return option


def advise(
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    schemas: Annotated[
        list[str] | None, _several("Look at this schema, and no other that is not named.", "--schema")
    ] = None,
    roles: Annotated[list[str] | None, _several("A role that requests come in as: anon.", "--role")] = None,
    only: Annotated[list[str] | None, _several("Only this rule: ForeignKeysIndexed, Policies*.", "--only")] = None,
    without: Annotated[list[str] | None, _several("All rules but this one: OnePermissivePolicy.", "--except")] = None,
    level: Annotated[Level, typer.Option(help="Only rules that matter at least so much.")] = Level.info,
    fail_on: Annotated[Level, typer.Option(help="Break (exit status 1) from this level on.")] = Level.error,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    baseline: options.Baseline = None,
    baseline_update: options.BaselineUpdate = False,
    baseline_prune: options.BaselinePrune = False,
    because: options.Because = None,
    until: options.Until = None,
    history: options.History = None,
    history_keep: options.HistoryKeep = None,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Advise on row-level security, grants, functions, keys and indexes, from the catalogs alone, with no contract."""
    from pgcontract.expectations.advice.suite import advice
    from pgcontract.run.runner import snapshot, verify
    from pgcontract.run.target import Timeouts

    configured = settings()
    check_formats(formats or [], outputs or [])
    where, who = schemas or configured.exposed_schemas, roles or configured.api_roles
    chosen = {"only": only or (), "without": without or ()}
    suite = advice(schemas=where, roles=who, level=level.value, fail_on=fail_on.value, **chosen)
    kept = baseline_of(baseline, baseline_update, baseline_prune, because, until, suite)
    runs = history_of(history, history_keep, configured)
    said, reading = silent if quiet else note, doing("reading the catalogs", shown=not quiet)
    with opened(*meant(db, setup, configured), said) as url, reading:
        catalog = snapshot(url, timeouts=Timeouts(connect=connect_timeout, statement=statement_timeout))
    said(_where(catalog, where, who))
    verified = partial(verify, suite, catalog, today=kept.today)
    report = kept.keep_up(lambda: verified(baseline=kept.ignores))
    kept.tell(said)
    report = runs.keep(report)
    deliver(report, formats or [], outputs or [], verbose=verbose, quiet=quiet)
    raise typer.Exit(status_of(report))


def _where(catalog: Catalog, schemas: Sequence[str], roles: Sequence[str]) -> str:
    """Which schemas and roles count as the API's, so that nobody takes for looked at what was not.

    Raises:
        ContractError: One that was named is not there.
    """
    from pgcontract.catalog.objects import MissingObjectError
    from pgcontract.expectations.advice.scope import scope_of

    try:
        scope = scope_of(catalog, schemas, roles, exposed=True)
    except MissingObjectError as missing:
        raise ContractError(str(missing), hint=missing.hint) from None
    exposed = ", ".join(map(quote, scope.schemas)) or "none, for no API role may use one"
    more = len(scope.roles) - _SHOWN
    shown = ["PUBLIC", *scope.roles[:_SHOWN], *([f"{more} more"] if more > 0 else [])]
    return f"exposed schemas: {exposed}; API roles: {', '.join(shown)}"
