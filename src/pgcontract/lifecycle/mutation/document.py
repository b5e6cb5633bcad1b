"""What became of all the changes, for machines (`pgcontract.mutation/1`) and for the terminal."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from pgcontract import report
from pgcontract.contract.flow import flow
from pgcontract.contract.items import item
from pgcontract.lifecycle.mutation.kinds import KINDS
from pgcontract.lifecycle.mutation.score import ordered
from pgcontract.report.lines import hanging, last, write
from pgcontract.report.text import counted, line, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.mutation.score import Strength, Survivor, Tally

FORMAT = "pgcontract.mutation/1"
SCHEMA = Path(str(report.__file__)).parent / "schemas" / "mutation-1.schema.json"
_WEAK = 12
_EACH = 5
"""Tables, and survivors of one kind, that are shown unless all are asked for."""


def document(found: Strength) -> dict[str, Any]:
    """The whole as plain data, as the JSON Schema describes it."""
    return {
        "format": FORMAT,
        "suite": found.suite,
        "database": found.database,
        "real": found.real,
        **_tally(found.total),
        "survivors": [_survivor(one) for one in found.survivors],
        "nouns": _tallies(found.nouns),
        "tables": _tallies(found.tables),
        "unmade": [
            {"kind": one.kind, "object": one.object, "change": one.change, "reason": why} for one, why in found.failed
        ],
        "broken": found.broken,
    }


def to_json(found: Strength) -> str:
    """The document as JSON, ending with a newline."""
    return json.dumps(document(found), indent=2, ensure_ascii=False) + "\n"


def _survivor(one: Survivor) -> dict[str, Any]:
    mutant = one.mutant
    return {
        "kind": mutant.kind,
        "noun": mutant.noun,
        "object": mutant.object,
        "relation": mutant.relation,
        "change": mutant.change,
        "ddl": list(mutant.ddl),
        "suggestion": None if one.suggestion is None else item(one.suggestion),
        "warned": one.warned,
    }


def _tallies(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    return {name: _tally(tally) for name, tally in sorted(tallies.items())}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "mutants": tally.mutants,
        "killed": tally.killed,
        "equivalent": tally.equivalent,
        "score": round(tally.score, 2),
    }


def in_list(expectation: Expectation) -> str:
    """An expectation as a line of a contract file's list."""
    ((kind, fields),) = item(expectation).items()
    return f"{kind}: {flow(fields)}"


def show(found: Strength, console: Console, *, verbose: bool = False) -> None:
    """Survivors by kind, each with what would notice it; the score by noun and by table; and the score."""
    for name, group in groupby(sorted(found.survivors, key=_order), key=lambda one: one.mutant.kind):
        survivors = list(group)
        hanging(console, Text(), Text.assemble((name, "bold"), f": {KINDS[name].says}"))
        shown = survivors if verbose else survivors[:_EACH]
        for suggestion, same in groupby(shown, key=lambda one: one.suggestion):
            for one in same:
                said = ", of which the contract warns" if one.warned else ""
                hanging(console, _sign(one, console), Text(line(f"{one.mutant.change}{said}")))
            if suggestion is not None:  # in one line, to be copied
                write(console, Text(f"    + {line(in_list(suggestion))}", style="green"), unbroken=True)
        if not verbose and len(survivors) > _EACH:
            write(console, Text(f"  and {len(survivors) - _EACH:,} more; --verbose shows them", style="dim"))
        write(console, Text())
    _scores(found.nouns, "by noun", console, every=True)
    _scores(found.tables, "by table", console, every=verbose)
    for each in _notes(found):
        write(console, Text(visible(each), style="dim"))
    last(console, Text(line(summary(found)), style="bold"))


def _sign(one: Survivor, console: Console) -> Text:
    if one.warned:
        return Text("  ! ", "yellow")
    return Text("  x " if console.options.ascii_only else "  ✗ ", "red")


def _order(one: Survivor) -> tuple[int, str]:
    return list(KINDS).index(one.mutant.kind), one.mutant.object


def _scores(tallies: Mapping[str, Tally], title: str, console: Console, *, every: bool) -> None:
    """A line each for those that let something pass, the weakest first."""
    weak = [(name, tally) for name, tally in ordered(tallies) if tally.score < 100]  # noqa: PLR2004 - per cent
    if not weak:
        return
    table = Table(title=f"score {title}", title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("", justify="right")
    table.add_column("", justify="right")
    table.add_column("", overflow="fold")
    table.show_header = False
    for name, tally in weak if every else weak[:_WEAK]:
        table.add_row(f"{percent(tally.score)} %", f"{tally.killed:,}/{tally.counted:,}", Text(line(name)))
    console.print(table)
    if not every and len(weak) > _WEAK:
        write(console, Text(f"  and {len(weak) - _WEAK:,} more; --verbose shows them", style="dim"))
    write(console, Text())


def _notes(found: Strength) -> list[str]:
    lines = []
    if found.broken:
        what = f"{counted(found.broken, 'expectation')} {'does' if found.broken == 1 else 'do'}"
        lines.append(f"{what} not hold to begin with: only what breaks besides counts")
    if found.probes and not found.real:
        what = "1 expectation acts and was" if found.probes == 1 else f"{found.probes:,} expectations act and were"
        lines.append(f"{what} not asked, since the changes were made in memory: --real asks them too")
    if found.failed:
        lines.append(f"{len(found.failed):,} changes could not be made in the private copy, and do not count")
        lines += [f"  {mutant.change}: {why}" for mutant, why in found.failed[:_EACH]]
    return lines


def summary(found: Strength) -> str:
    """The whole in one line."""
    total = found.total
    void = f"; {total.equivalent:,} change nothing in effect" if total.equivalent else ""
    return (
        f"{found.suite}: score {percent(total.score)} %: {total.killed:,} of {total.counted:,} changes noticed"
        f", {total.counted - total.killed:,} not{void}"
    )


def percent(score: float) -> str:
    """A score in words: never 100 where something was missed."""
    return "100" if score == 100 else f"{min(score, 99.9):.1f}"  # noqa: PLR2004 - per cent
