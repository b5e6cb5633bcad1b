"""`pgcontract mutate`."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options
from pgcontract.cli.console import note, page, progress_bar, put
from pgcontract.cli.database import meant, opened
from pgcontract.cli.output import TERMINAL, require_known, require_writable, write
from pgcontract.cli.searching import several
from pgcontract.cli.status import BROKEN, HOLDS
from pgcontract.errors import ContractError
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.suite import Suite
    from pgcontract.lifecycle.mutation.score import Strength
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.target import Timeouts

_JSON = "json"
_FEW = 12
"""How many names a hint lists at most."""
_REAL = 100
"""How many changes are made by their statements, unless it is said."""

Schemas = Annotated[list[str] | None, several("Only this schema.", "--schema")]
Only = Annotated[list[str] | None, several("Only objects of such names: users, billing.*.", "--only")]
Exclude = Annotated[list[str] | None, several("No objects of such names.", "--exclude")]
Kinds = Annotated[list[str] | None, several("Only changes of this kind: ColumnDropped, Policy*.", "--kind")]
Real = Annotated[
    bool, typer.Option("--real", help="Make the changes by their statements in a private copy, and let probes act.")
]
Sample = Annotated[int | None, typer.Option(help="Try so many changes, drawn from all.", min=1, show_default=False)]
Seed = Annotated[int, typer.Option(help="What the sample is drawn from.")]
MinScore = Annotated[
    float | None, typer.Option(help="Exit with 1 below this score, in per cent.", min=0, max=100, show_default=False)
]
Adds = Annotated[bool, typer.Option("--write", help="Add to the contract file what would notice the survivors.")]
Formats = Annotated[list[str] | None, several("terminal or json, on standard output.", "--format")]
Outputs = Annotated[list[Path] | None, several("A file to write: mutation.json.", "--output", "-o")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show every survivor, and every table.")]


def mutate(
    contract: options.Contract = None,
    *,
    db: options.Db = None,
    setup: options.Setup = None,
    schemas: Schemas = None,
    only: Only = None,
    exclude: Exclude = None,
    kinds: Kinds = None,
    real: Real = False,
    sample: Sample = None,
    seed: Seed = 0,
    min_score: MinScore = None,
    adds: Adds = False,
    formats: Formats = None,
    outputs: Outputs = None,
    verbose: Verbose = False,
    connect_timeout: options.ConnectTimeout = 10,
    statement_timeout: options.StatementTimeout = 60,
) -> None:
    """Change the database in every way that matters, one at a time and in memory: does the contract notice?"""
    from pgcontract.contract.adding import file_of
    from pgcontract.contract.load import load
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.target import Timeouts

    configured = settings()
    source = contract or configured.contract
    if source is None:
        raise ContractError("no contract was named", hint="pgcontract mutate contract.yaml --db postgresql://…")
    _check(formats or [], outputs or [])
    chosen = _kinds(kinds or [])
    target = file_of(source) if adds else None
    require_writable([target] if target is not None else [])
    suite = load(source)
    scope = Scope(tuple(schemas or ()), tuple(only or ()), tuple(exclude or ()))
    timeouts = Timeouts(connect=connect_timeout, statement=statement_timeout)
    draw = (sample if sample is not None or not real else _REAL, seed)
    with opened(*meant(db, setup, configured)) as url:
        found, catalog = _tried(suite, url, scope, chosen, draw, timeouts, real=real)
    _deliver(found, formats or [], outputs or [], verbose=verbose)
    if target is not None:
        _write(target, suite, catalog, scope, found)
    below = min_score is not None and found.total.score < min_score
    raise typer.Exit(BROKEN if below else HOLDS)


def _write(target: Path, suite: Suite, catalog: Catalog, scope: Scope, found: Strength) -> None:
    """Add what would notice the survivors to the file, and say so.

    Raises:
        ContractError: The contract does not hold: it says that the database should be otherwise; or its file cannot be
            written.
    """
    from pgcontract.lifecycle.mutation.document import percent
    from pgcontract.lifecycle.mutation.writing import write as put_into

    if found.broken:
        raise ContractError(
            f"nothing is added to a contract that does not hold: {found.broken:,} of its expectations fail",
            hint="What would be added says what the database is now. Verify, and reconcile or amend, first.",
        )
    written = put_into(target, suite, catalog, scope, found)
    number = written.expectations
    what = {0: "nothing was", 1: "1 expectation was"}.get(number, f"{number:,} expectations were")
    note(f"{what} added to {target}" + (f"; its score is now {percent(written.score)} %" if number else ""))


def _kinds(patterns: Sequence[str]) -> list[str] | None:
    """The kinds that any pattern fits; None for all.

    Raises:
        ContractError: No kind fits one of the patterns.
    """
    from pgcontract.lifecycle.mutation import KINDS
    from pgcontract.names import perhaps

    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in KINDS):
            # `Policy*` where nothing is nearer: the first word of a kind is what most patterns are made of
            families = sorted({f"{re.findall('[A-Z][a-z]+', name)[0]}*" for name in KINDS})
            hint = perhaps(pattern, KINDS) or perhaps(pattern, families)
            raise ContractError(f"no kind of change fits --kind {pattern}", hint=hint)
    return [name for name in KINDS if any(fnmatchcase(name, one) for one in patterns)] if patterns else None


def _tried(
    suite: Suite,
    url: str,
    scope: Scope,
    kinds: Sequence[str] | None,
    draw: tuple[int | None, int],
    timeouts: Timeouts,
    *,
    real: bool,
) -> tuple[Strength, Catalog]:
    """What becomes of the changes, in memory or in a private copy; and the catalog.

    Raises:
        ContractError: There is nothing to change.
        DatabaseError: The database cannot be reached, or no private copy can be made.
    """
    from pgcontract.lifecycle.mutation import mutants, sampled
    from pgcontract.lifecycle.mutation.real import strength_for_real
    from pgcontract.lifecycle.mutation.score import strength
    from pgcontract.run.requirements import closure
    from pgcontract.run.runner import look
    from pgcontract.run.target import connected

    with connected(url, timeouts) as connection, progress_bar() as progress:
        progress("reading the catalogs", 0, 1)
        catalog = look(connection, closure(suite))
        every = mutants(catalog, scope, kinds=kinds)
        found = every if draw[0] is None else sampled(every, *draw)
        total = len(found) if isinstance(found, list) else 0

        def told(done: int) -> None:
            progress("changing", done, max(total, done + 1))

        if real:
            result = strength_for_real(suite, connection, catalog, found, scope, progress=told)
        else:
            result = strength(suite, catalog, found, scope, progress=told)
    if not result.total.mutants and not result.failed:
        raise ContractError(
            "there is nothing to change: no object in scope is of such a kind", hint=_meant(catalog, scope)
        )
    return result, catalog


def _meant(catalog: Catalog, scope: Scope) -> str | None:
    """What was perhaps meant by a name that nothing in the scope has; or that it is somebody else's."""
    from pgcontract.names import perhaps

    ours = type(scope)()
    schemas = [name for name, record in catalog.schemas.items() if ours.holds(catalog, record)]
    names = [name.removeprefix("public.") for name, record in catalog.relations.items() if ours.holds(catalog, record)]
    for given, known, there in (
        (scope.schemas, schemas, catalog.schemas),
        (scope.only, names, [name.removeprefix("public.") for name in catalog.relations]),
    ):
        for name in given:
            if name in there and name not in known:
                return f"{name} belongs to an extension or to the platform."
            if name not in known and not any(fnmatchcase(one, name) for one in known):
                return perhaps(name, known) or (
                    f"Known are {', '.join(sorted(known))}." if len(known) <= _FEW else None
                )
    return None


def _check(formats: list[str], outputs: list[Path]) -> None:
    """Refuse what could not be written, before anything is tried for it.

    Raises:
        ContractError: A format is unknown, or a file cannot be written.
    """
    require_known(formats, [TERMINAL, _JSON])
    for output in outputs:
        if output.suffix.lower() != ".json":
            raise ContractError(f"{output}: which format? Its suffix is not .json")
    require_writable(outputs)


def _deliver(found: Strength, formats: list[str], outputs: list[Path], *, verbose: bool) -> None:
    from pgcontract.lifecycle.mutation.document import show, to_json

    for path in outputs:
        write(path, to_json(found))
    for format_ in formats or [TERMINAL]:
        if format_ == TERMINAL:
            with page() as console:
                show(found, console, verbose=verbose)
        else:
            put(to_json(found))
