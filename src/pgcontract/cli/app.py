"""The commands, and what becomes of the errors that reach the top."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from pgcontract import __version__
from pgcontract.cli import (
    advise,
    demo,
    diff,
    explain,
    history,
    inventory,
    leaks,
    matrix,
    mutate,
    profile,
    reconcile,
    report,
    schema,
    smoke,
    verify,
)
from pgcontract.cli.status import BROKEN, INTERRUPTED, UNCHECKED, UNUSABLE
from pgcontract.errors import ContractError, DatabaseError, PgContractError, SetupError, without_password

app = typer.Typer(
    name="pgcontract",
    help="Data contracts for PostgreSQL: state what the database should be, verify what it is.",
    epilog="Exit status: 0 the contract holds, 1 it is broken, 2 the contract or the command line is unusable, "
    "3 the database could not be reached or something could not be checked.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,  # its tracebacks show local variables, passwords among them
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(verify.verify)
app.command()(smoke.smoke)
app.command()(leaks.leaks)
app.command()(matrix.matrix)
app.command()(advise.advise)
app.command()(report.report)
app.command()(history.history)
app.command()(inventory.inventory)
app.command()(profile.profile)
app.command()(diff.diff)
app.command()(mutate.mutate)
app.command()(reconcile.reconcile)
app.command()(demo.demo)
app.command()(schema.schema)
app.command()(explain.explain)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pgcontract {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and exit.")
    ] = False,
) -> None:
    """Data contracts for PostgreSQL: state what the database should be, verify what it is."""


def main() -> NoReturn:
    """Run the command line, and exit with its status."""
    try:
        app()
    except (ContractError, SetupError) as error:
        _say(error)
        sys.exit(UNUSABLE)
    except DatabaseError as error:
        _say(error)
        sys.exit(UNCHECKED)
    except PgContractError as error:
        _say(error)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception:  # noqa: BLE001 - a fault of ours; its traceback may quote a URL
        import traceback

        typer.echo(without_password(traceback.format_exc()), err=True, nl=False)
        typer.echo("pgcontract: this is a fault in pgcontract or in an extension of it; please report it", err=True)
        sys.exit(UNCHECKED)
    sys.exit(BROKEN)  # typer exits by itself


def _say(error: PgContractError) -> None:
    for line in str(error).splitlines():
        typer.echo(f"pgcontract: {line}", err=True)
    if error.hint:
        typer.echo(f"  {error.hint}", err=True)
