"""`pgcontract verify`."""

from __future__ import annotations

from functools import partial

import typer

from pgcontract.cli import options
from pgcontract.cli.baseline import baseline_of
from pgcontract.cli.console import note, progress_bar, silent
from pgcontract.cli.database import opened
from pgcontract.cli.keeping import history_of
from pgcontract.cli.notifying import Asked, notices_of
from pgcontract.cli.output import check_formats, deliver
from pgcontract.cli.status import status_of
from pgcontract.cli.upgrading import upgraded
from pgcontract.cli.verifying import named, running, selected
from pgcontract.integrations.settings import settings


def verify(
    contract: options.Contract = None,
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    alembic: options.Alembic = None,
    probes: options.ProbeMode = None,
    tags: options.Tags = None,
    kinds: options.Kinds = None,
    tables: options.Tables = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    baseline: options.Baseline = None,
    baseline_update: options.BaselineUpdate = False,
    baseline_prune: options.BaselinePrune = False,
    because: options.Because = None,
    until: options.Until = None,
    history: options.History = None,
    history_keep: options.HistoryKeep = None,
    notify: options.Notify = None,
    notify_on: options.NotifyOn = None,
    report_url: options.ReportUrl = None,
    examples: options.Examples = 5,
    no_values: options.NoValues = False,
    max_scan_time: options.MaxScanTime = None,
    strict: options.Strict = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Verify that a database is what the contract says."""
    configured = settings()
    check_formats(formats or [], outputs or [])
    suite = selected(named(contract or configured.contract), tags or None, kinds or None, tables or None)
    kept = baseline_of(baseline or configured.baseline, baseline_update, baseline_prune, because, until, suite)
    runs = history_of(history, history_keep, configured)
    notices = notices_of(Asked.of(notify, notify_on, report_url), configured, runs)
    said = silent if quiet else note
    bar = progress_bar(shown=not quiet, timed=verbose)
    mode = (probes or options.Probes(configured.probes)).value
    run = running(examples, no_values, max_scan_time, connect_timeout, statement_timeout)
    with opened(*upgraded(alembic, db, setup, configured), said) as url, bar as progress:
        looked = partial(run, suite, url, probes=mode, progress=progress)
        report = kept.keep_up(lambda: looked(today=kept.today, baseline=kept.ignores))
    kept.tell(said)
    with notices.after(report.strict() if strict else report, runs) as report:
        deliver(report, formats or [], outputs or [], verbose=verbose, quiet=quiet)
    raise typer.Exit(status_of(report))
