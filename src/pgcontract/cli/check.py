"""`pgcontract check`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pgcontract.cli.console import put
from pgcontract.cli.status import HOLDS, UNUSABLE
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings


class CheckFormat(StrEnum):
    """How it is said."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"


def check(
    contracts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CONTRACT",
            help="Contracts, as verify takes them, and baseline files; else the configured ones.",
            show_default=False,
        ),
    ] = None,
    *,
    format_: Annotated[CheckFormat, typer.Option("--format", help="How it is said.")] = CheckFormat.text,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
) -> None:
    """Check that contract files are valid, without a database: for editors, commits and pull requests."""
    from datetime import UTC, datetime

    from pgcontract.contract.checking import check as checked
    from pgcontract.report.checked import RENDERERS

    today = datetime.now(UTC).date()
    found = [checked(source, today) for source in contracts or _configured()]
    put(RENDERERS[format_.value](found))
    good = all(each.valid and not (strict and each.troubles) for each in found)
    raise typer.Exit(HOLDS if good else UNUSABLE)


def _configured() -> list[str]:
    configured = settings()
    if configured.contract is None:
        raise ContractError("no contract was named", hint="pgcontract check contract.yaml")
    return [each for each in (configured.contract, configured.baseline) if each is not None]
