"""The access matrix: for machines (``pgcontract.matrix/1``), for the terminal, as a page, as a contract states it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from pgcontract.contract.flow import flow
from pgcontract.names import quote
from pgcontract.report.access import heat_map_of
from pgcontract.report.html import page
from pgcontract.report.lines import hanging, last, on_screen, write
from pgcontract.report.text import line

if TYPE_CHECKING:
    from rich.console import Console

    from pgcontract.isolation.matrix import Cell, Matrix

FORMAT = "pgcontract.matrix/1"
SCHEMA = Path(__file__).parent / "schemas" / "matrix-1.schema.json"

_SIGNS = {"all": ("A", "bold red"), "own": ("o", "yellow"), "none": ("·", "dim"), None: ("?", "magenta")}
_STYLES = {"holds": "bold green", "warning": "bold yellow", "broken": "bold red"}
_WIDEST = 10_000
LEGEND = "A all rows, o its own rows and those open to everybody, · none, ? could not be told, + only some columns"


def document(matrix: Matrix) -> dict[str, Any]:
    """The whole as plain data, as the JSON Schema describes it."""
    return {
        "format": FORMAT,
        "cells": [_cell(cell) for cell in matrix.cells],
        "inconclusive": [
            {"relation": item.relation, "principal": item.principal, "reason": item.reason}
            for item in matrix.inconclusive
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    seen, said = cell.observed, cell.declared
    return {
        "relation": cell.relation,
        "role": cell.role,
        "command": cell.command,
        "observed": {"level": seen.level, "columns": list(seen.columns), "why": seen.why},
        "declared": {"level": said.level, "columns": list(said.columns), "why": said.why},
        "principal": cell.principal,
        "disagreement": cell.disagreement or None,
    }


def to_json(matrix: Matrix) -> str:
    """The document as JSON, ending with a newline."""
    return json.dumps(document(matrix), indent=2) + "\n"


def to_contract(matrix: Matrix) -> str:
    """A contract with an `AccessMatrix` for each relation, which states what was observed.

    What could not be told is left out, and a comment says so: stating `none` of it would be a guess.
    """
    lines = ["suite: access"]
    if inconclusive := matrix.inconclusive:
        lines += [f"# {line(item.principal)} could not act: {line(item.reason)}" for item in inconclusive]
    lines.append("expectations:")
    for name in matrix.relations:
        told = {role: _stated(matrix, role, name) for role in matrix.roles if not _untold(matrix, role, name)}
        lines += [f"  # {sentence}" for role in matrix.roles for sentence in _untold(matrix, role, name)]
        if told:
            lines += ["  - AccessMatrix:", f"      table: {flow(name)}", "      access:"]
            lines += [f"        {flow(role)}: {flow(stated)}" for role, stated in told.items()]
    return "\n".join(lines) + "\n"


def _untold(matrix: Matrix, role: str, relation: str) -> list[str]:
    """A sentence for each command of which it could not be told what the role reaches."""
    return [
        f"{cell.command} on {line(relation)} as {line(role)} could not be told: {line(cell.observed.why)}"
        for cell in matrix.of(role, relation)
        if cell.observed.level is None
    ]


def _stated(matrix: Matrix, role: str, relation: str) -> dict[str, str] | str:
    """What a role reaches of a relation, by command; `none` where that is all there is to say."""
    reached = {
        cell.command.lower(): phrase(cell.observed.level, cell.observed.columns)
        for cell in matrix.of(role, relation)
        if cell.observed.level != "none"
    }
    return reached or "none"


def phrase(level: str | None, columns: tuple[str, ...]) -> str:
    """A cell in the words of a contract: `own`, or `own (name, slug)` where only some columns are reached.

    >>> phrase("own", ("name", "slug"))
    'own (name, slug)'
    """
    return f"{level} ({', '.join(map(quote, columns))})" if columns else str(level)


def to_html(matrix: Matrix) -> str:
    """The matrix as one page that asks nothing of anyone: a heat map, what each cell rests on, the disagreements."""
    return page("matrix.html.j2", styles=("charts.css",), matrix=matrix, map=heat_map_of(matrix))


def show(matrix: Matrix, console: Console) -> None:
    """Write the matrix to the console, and below it where what is declared and what was observed disagree."""
    table = _table(matrix)
    needed = Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum
    if on_screen(console) and needed > console.width:
        _show_by_relation(matrix, console)
    else:  # never cut: a name that is shortened is another name
        console.width = max(console.width, needed)
        console.print(table)
    _show_findings(matrix, console)


def _table(matrix: Matrix) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("", no_wrap=True)
    for role in matrix.roles:
        table.add_column(Text(line(role)), no_wrap=True)
    table.add_row("", *[Text("S I U D T", style="dim") for _ in matrix.roles])
    for relation in matrix.relations:
        table.add_row(Text(line(relation)), *[_drawn(matrix, role, relation) for role in matrix.roles])
    return table


def _show_by_relation(matrix: Matrix, console: Console) -> None:
    """A relation after the other, and below it a line for each role: where there is no room for all side by side."""
    for relation in matrix.relations:
        write(console, Text(line(relation), style="bold"))
        write(console, Text("  S I U D T", style="dim"))
        for role in matrix.roles:
            hanging(console, Text.assemble("  ", _drawn(matrix, role, relation), " "), Text(line(role)))


def _show_findings(matrix: Matrix, console: Console) -> None:
    write(console, Text(f"\n{LEGEND}", style="dim"))
    for cell in matrix.disagreements:
        said = f"{line(cell.relation)}: {cell.command} as {line(cell.role)}: {line(cell.disagreement)}"
        hanging(console, Text("x " if console.options.ascii_only else "✗ ", "bold red"), Text(said))
    untold = [one for name in matrix.relations for role in matrix.roles for one in _untold(matrix, role, name)]
    for sentence in untold:
        hanging(console, Text("? ", "bold magenta"), Text(sentence))
    for item in matrix.inconclusive:
        hanging(console, Text("? ", "bold magenta"), Text(f"{line(item.principal)}: {line(item.reason)}"))
    number = len(matrix.disagreements)
    agree = "declared and observed agree" if len(untold) < len(matrix.cells) else "nothing could be told"
    found = {0: agree, 1: "1 disagreement"}.get(number, f"{number} disagreements")
    unsure = f", {len(untold)} could not be told" if untold else ""
    last(console, Text(f"{found}; {len(matrix.cells)} cells{unsure}", style=_STYLES[matrix.verdict]))


def _drawn(matrix: Matrix, role: str, relation: str) -> Text:
    drawn = Text()
    for cell in matrix.of(role, relation):
        sign, style = _SIGNS[cell.observed.level]
        drawn.append(sign, "bold reverse" if cell.disagreement else style)
        drawn.append("+" if cell.observed.columns else " ", "dim")
    return drawn
