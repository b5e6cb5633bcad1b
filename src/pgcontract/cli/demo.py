"""`pgcontract demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pgcontract.cli.console import note, progress_bar, tell
from pgcontract.cli.database import EMBEDDED, opened
from pgcontract.cli.output import TERMINAL, check_formats, deliver
from pgcontract.cli.status import status_of


def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the report goes.")] = Path("report.html"),
) -> None:
    """Verify the contract of a whole Supabase backend on a private PostgreSQL, and write a report."""
    from pgcontract.contract.load import load
    from pgcontract.integrations.starting.examples import example
    from pgcontract.run.runner import verify

    check_formats([], [output])
    contract = example("contract.yaml")
    suite = load(contract)
    setup = ["supabase", str(example("reconcile.sql")), str(example("sample.sql"))]
    with opened(EMBEDDED, setup) as url:
        note(f"verifying {len(suite):,} expectations of {contract}")
        with progress_bar() as progress:
            report = verify(suite, url, probes="rollback", progress=progress)
    deliver(report, [TERMINAL], [output], verbose=False, quiet=False)
    tell(f"The report: {output.resolve()}")
    raise typer.Exit(status_of(report))
