"""`pgcontract watch`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pgcontract.cli import options
from pgcontract.cli.baseline import baseline_of
from pgcontract.cli.console import note, page, progress_bar, say
from pgcontract.cli.database import meant, opened
from pgcontract.cli.output import check_formats, save_all
from pgcontract.cli.searching import several
from pgcontract.cli.verifying import named, running, selected
from pgcontract.errors import PgContractError
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.lifecycle.watching import Changes, Code, Files
    from pgcontract.report.document import Document
    from pgcontract.verdict import Report

_CLEAR = "\x1b[H\x1b[2J"
_LATER = "looked again"
_SHOWN = 3
"""Files that are named when they changed."""

Also = Annotated[
    list[Path] | None,
    several("Run again when this file or folder changes, too: what a migration tool applies.", "--also"),
]
Every = Annotated[
    float | None,
    typer.Option(
        help="Run again after so many seconds, too, for what changes in the database.", min=1, show_default=False
    ),
]
NoClear = Annotated[bool, typer.Option("--no-clear", help="Leave what was shown before on the screen.")]


def watch(
    contract: options.Contract = None,
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    also: Also = None,
    every: Every = None,
    probes: options.ProbeMode = None,
    tags: options.Tags = None,
    kinds: options.Kinds = None,
    tables: options.Tables = None,
    outputs: options.Outputs = None,
    baseline: options.Baseline = None,
    examples: options.Examples = 5,
    no_values: options.NoValues = False,
    max_scan_time: options.MaxScanTime = None,
    strict: options.Strict = False,
    verbose: options.Verbose = False,
    no_clear: NoClear = False,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Verify again whenever the contract or the setup changes, and show what that broke or mended."""
    from pgcontract.lifecycle.watching import Code, Files, Prepared

    sys.dont_write_bytecode = True  # of a file that is saved twice in a second, Python would keep what was first
    configured = settings()
    check_formats([], outputs or [])
    _require_there(also or [])
    source = named(contract or configured.contract, "watch")
    mode = (probes or options.Probes(configured.probes)).value
    where, first = meant(db, setup, configured)
    with Prepared(partial(opened, where, first), first) as prepared:
        run = partial(running(examples, no_values, max_scan_time, connect_timeout, statement_timeout), probes=mode)
        ignored = baseline or configured.baseline

        def looked() -> Report:
            suite = selected(source, tags or None, kinds or None, tables or None)
            ignores = baseline_of(ignored, False, False, None, None, suite).ignores
            url = prepared.url()
            with progress_bar() as progress:
                report = run(suite, url, progress=progress, baseline=ignores)
            return report.strict() if strict else report

        fixed = [*prepared.files, *(also or []), *([Path(ignored)] if ignored else [])]
        _Watch(looked, Code(source), Files(), fixed, outputs or [], verbose, clear=not no_clear).go(every)


def _require_there(paths: Sequence[Path]) -> None:
    from pgcontract.errors import ContractError

    for path in paths:
        if not path.exists():
            raise ContractError(f"--also: there is no {path}")


@dataclass(slots=True)
class _Watch:
    """Run after run, each shown by what it changed."""

    looked: Callable[[], Report]
    code: Code
    files: Files
    fixed: Sequence[Path]
    outputs: Sequence[Path]
    verbose: bool
    clear: bool
    last: Document | None = None

    def go(self, every: float | None) -> NoReturn:
        """Run, wait, and run again until somebody interrupts."""
        self.files.add(self.fixed)
        why = ""
        while True:
            self.files.add(self.code.files())
            if self._once(why):
                self.files.add(self.code.files())
                note(f"watching {_counted(len(self.files))}; Ctrl-C ends it")
            why = _named(self.files.wait(every))
            self.code.forget()

    def _once(self, why: str) -> bool:
        """One run, and whether anything was to be said; what hinders it is, and it is tried again later."""
        from pgcontract.lifecycle.watching import changes
        from pgcontract.report.document import arrange

        try:
            document = arrange(self.looked())
        except PgContractError as error:
            self._begin(why)
            say(str(error), error.hint)
            return True
        found = changes(self.last, document) if self.last is not None else None
        if found is not None and why == _LATER and not found.any:
            return False
        self._begin(why)
        self._show(document, found)
        self.last = document
        try:
            save_all(document.report, self.outputs)
        except PgContractError as error:
            say(str(error), error.hint)
        return True

    def _begin(self, why: str) -> None:
        """What changed; on a terminal, at the top of an empty screen."""
        if why:
            if self.clear and sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
                sys.stdout.flush()
            note(f"{datetime.now().astimezone():%H:%M:%S} {why}")

    def _show(self, document: Document, found: Changes | None) -> None:
        from pgcontract.lifecycle.watching.terminal import show
        from pgcontract.report import terminal

        with page() as console:
            if found is None:
                terminal.show(document.report, console, verbose=self.verbose)
            else:
                show(found, document, console, verbose=self.verbose)


def _counted(number: int) -> str:
    from pgcontract.report.text import counted

    return counted(number, "file")


def _named(changed: Sequence[Path]) -> str:
    """What changed, in words."""
    if not changed:
        return _LATER
    rest = len(changed) - _SHOWN
    names = [str(path) for path in changed[:_SHOWN]] + ([f"{rest:,} more"] if rest > 0 else [])
    return f"{', '.join(names)} changed"
