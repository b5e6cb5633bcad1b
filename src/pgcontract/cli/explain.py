"""`pgcontract explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli.console import page

if TYPE_CHECKING:
    from rich.console import Console

    from pgcontract.contract.expectation import Expectation


def explain(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="An expectation: ColumnType. All of them when none is named.", show_default=False
        ),
    ] = None,
) -> None:
    """Explain what an expectation means, from its docstring."""
    from pgcontract.contract import registry

    with page() as console:
        if name is None:
            _explain_all(console)
        else:
            _explain(registry.expectation(name), console)


def _explain_all(console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    from pgcontract.contract import registry
    from pgcontract.contract.describe import general

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for kind, cls in sorted(registry.offered().items()):
        table.add_row(Text(kind, style="bold"), Text(general(cls)))
    console.print(table)


def _explain(cls: type[Expectation], console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    from pgcontract.contract.describe import explanation, parameters

    console.print(Text(f"{cls.__name__}  ({cls.lane} lane)", style="bold"))
    console.print(Text(_reflowed(explanation(cls), console.width)))
    fields = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("\nfield", "\ntype", "\ndefault"):
        fields.add_column(heading)
    known = parameters(cls)
    for parameter in known:
        fields.add_row(*map(Text, (parameter.name, parameter.type, parameter.default or "required")))
    console.print(fields)
    for parameter in known:
        if parameter.choices_untold:
            console.print(Text(f"\n{parameter.name} is one of {', '.join(parameter.choices)}."))
    console.print(Text("\nEvery expectation also takes severity, tags and because.", style="dim"))


def _reflowed(text: str, width: int) -> str:
    """Paragraphs filled to the width; what is indented keeps its lines."""
    import textwrap

    paragraphs = text.split("\n\n")
    return "\n\n".join(p if "\n    " in p else textwrap.fill(" ".join(p.split()), width) for p in paragraphs)
