"""The arguments and options that commands share, each with its help."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer


class Probes(StrEnum):
    """What probes may do."""

    off = "off"
    read = "read"
    rollback = "rollback"
    shadow = "shadow"

    @property
    def writes(self) -> bool:
        """Whether rows may be put in, to be rolled back."""
        return self in {Probes.rollback, Probes.shadow}

    @property
    def mode(self) -> Literal["off", "read", "rollback", "shadow"]:
        """As the library calls it."""
        return self.value


class NotifiedOn(StrEnum):
    """Of which runs somebody wants to hear."""

    failure = "failure"
    recovery = "recovery"
    change = "change"
    always = "always"


BASELINE = "Baseline"
RUNS = "History and notifications"
LIMITS = "Limits"
"""Under which headings the help has what is seldom needed."""


def _option(help_: str, group: str | None = None) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(help=help_, show_default=False, rich_help_panel=group)
    return option


Contract = Annotated[
    str | None,
    typer.Argument(
        metavar="CONTRACT",
        help="A .yaml, .json or .py file, a folder with contract.yaml, or module:attribute.",
        show_default=False,
    ),
]
Db = Annotated[
    str | None,
    _option("The database's URL, or `embedded` for a private one. Else DATABASE_URL, SUPABASE_DB_URL, PG*."),
]
Setup = Annotated[
    list[str] | None,
    _option(
        "SQL to run on the database first, and commit: a file, a folder of .sql files in name order, a platform's name "
        "(supabase), or alembic:INI for an Alembic project. Repeatable."
    ),
]
Alembic = Annotated[
    str | None,
    _option("Verify a private database that this Alembic project was upgraded on: alembic.ini, pyproject.toml."),
]
ProbeMode = Annotated[
    Probes | None,
    typer.Option(
        "--probes",
        help="What probes may do; rollback lets them write, and rolls back; shadow acts on a private copy.",
        show_default="read",
    ),
]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", help="Only what has this tag. Repeatable.", show_default=False)
]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="Only this kind: ColumnType, Rls*. Repeatable.", show_default=False)
]
Tables = Annotated[
    list[str] | None,
    typer.Option("--table", help="Only this table: invoices, billing.*. Repeatable.", show_default=False),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="terminal, json, html, junit, sarif, tap, markdown, github, gitlab, csv or openmetrics, on standard "
        "output; or of the --output whose suffix does not say. Repeatable.",
        show_default=False,
    ),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        help="A file to write, by its suffix: report.html, .json, .xml, .sarif, .tap, .md, .csv, .prom. Repeatable.",
        show_default=False,
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        help="A file of failures that are ignored: .yaml or .json.",
        show_default=False,
        rich_help_panel=BASELINE,
    ),
]
BaselineUpdate = Annotated[
    bool,
    typer.Option(
        "--baseline-update",
        help="Add the failures that stand to the baseline; needs --because.",
        rich_help_panel=BASELINE,
    ),
]
BaselinePrune = Annotated[
    bool,
    typer.Option(
        "--baseline-prune", help="Take unused and expired ignores out of the baseline.", rich_help_panel=BASELINE
    ),
]
Because = Annotated[str | None, _option("With --baseline-update: why those failures are ignored.", BASELINE)]
Until = Annotated[
    str | None,
    _option("With --baseline-update: the last day on which they are, 2026-12-31 or +30d; else for ever.", BASELINE),
]
History = Annotated[
    str | None,
    _option("Keep the run there: a folder, or a Postgres of your own by its URL. See pgcontract history.", RUNS),
]
HistoryKeep = Annotated[
    str | None,
    _option("Delete this suite's runs on this database that do not stay: 100 runs, or 90d for 90 days.", RUNS),
]
Notify = Annotated[
    list[str] | None,
    typer.Option(
        "--notify",
        help="Tell this address: https://… (JSON), slack+https://…, one of apprise's; env:NAME for what is in a "
        "variable. Repeatable.",
        show_default=False,
        rich_help_panel=RUNS,
    ),
]
NotifyOn = Annotated[
    NotifiedOn | None,
    _option("When: of each failure, of a recovery or a change (both need a history), or always.", RUNS),
]
ReportUrl = Annotated[str | None, _option("Where people read the whole report; it stands in notifications.", RUNS)]
Examples = Annotated[
    int, typer.Option(help="How many rows that break an expectation on rows are shown of each; 0 for none.", min=0)
]
NoValues = Annotated[
    bool, typer.Option("--no-values", help="Show nothing that stands in rows: no examples, no bounds, only counts.")
]
MaxScanTime = Annotated[
    float | None,
    typer.Option(
        help="Seconds that the scan of one table may take, whatever --statement-timeout says; then it is cancelled.",
        min=0.001,
        show_default=False,
        rich_help_panel=LIMITS,
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Count what was skipped, and ignores that match nothing, as failed.")
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show what passed, too.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing if the contract holds.")]
ConnectTimeout = Annotated[int, typer.Option(help="Seconds to wait for a connection.", min=1, rich_help_panel=LIMITS)]
StatementTimeout = Annotated[
    float, typer.Option(help="Seconds that one statement may take; 0 for ever.", min=0, rich_help_panel=LIMITS)
]
