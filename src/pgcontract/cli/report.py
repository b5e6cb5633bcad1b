"""`pgcontract report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options
from pgcontract.cli.output import check_formats, deliver
from pgcontract.errors import ContractError, PgContractError

if TYPE_CHECKING:
    from pgcontract.verdict import Report

STDIN = "-"


def report(
    saved: Annotated[
        str,
        typer.Argument(metavar="REPORT", help="The JSON of a run, as --format json writes it; - for standard input."),
    ],
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    verbose: options.Verbose = False,
) -> None:
    """Render a saved report again, in any format; nothing is verified, and no database is asked."""
    check_formats(formats or [], outputs or [])
    deliver(_loaded(saved), formats or [], outputs or [], verbose=verbose, quiet=False)


def _loaded(saved: str) -> Report:
    from pgcontract.report.json import load

    try:
        content = sys.stdin.buffer.read() if saved == STDIN else Path(saved).read_bytes()
    except FileNotFoundError:
        raise ContractError(f"there is no report {saved!r}") from None
    except OSError as error:
        raise ContractError(f"{saved} cannot be read: {error.strerror}") from None
    name = "standard input" if saved == STDIN else saved
    try:
        return load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ContractError(f"{name}: not a report: this is not UTF-8") from None
    except PgContractError as error:
        raise ContractError(f"{name}: {error}") from None
