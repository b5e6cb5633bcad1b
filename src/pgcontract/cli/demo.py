"""`pgcontract demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pgcontract.cli.console import note, progress_bar, tell
from pgcontract.cli.database import EMBEDDED, opened
from pgcontract.cli.output import TERMINAL, check_formats, deliver
from pgcontract.cli.status import status_of
from pgcontract.errors import ContractError


def demo(
    output: Annotated[Path, typer.Option(help="Where the report goes.")] = Path("report.html"),
) -> None:
    """Verify the contract of a whole Supabase backend on a private PostgreSQL, and write a report."""
    from pgcontract.contract.load import load
    from pgcontract.run.runner import verify

    check_formats([], [output])
    example = _example()
    suite = load(example / "contract.yaml")
    setup = ["supabase", str(example / "reconcile.sql"), str(example / "sample.sql")]
    with opened(EMBEDDED, setup) as url:
        note(f"verifying {len(suite):,} expectations of {example / 'contract.yaml'}")
        with progress_bar() as progress:
            report = verify(suite, url, probes="rollback", progress=progress)
    deliver(report, [TERMINAL], [output], verbose=False, quiet=False)
    tell(f"The report: {output.resolve()}")
    raise typer.Exit(status_of(report))


def _example() -> Path:
    """The Supabase example: inside an installed package, or beside the sources."""
    from importlib.resources import files

    package = Path(str(files("pgcontract")))
    for folder in (package / "examples" / "supabase", package.parents[1] / "examples" / "supabase"):
        if (folder / "contract.yaml").is_file():
            return folder
    raise ContractError(
        "the Supabase example is not here", hint="Install pgcontract again, or run this in its sources."
    )
