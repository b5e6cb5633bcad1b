"""What differs, on a terminal: grouped by object, each difference with its grade, both sides, and the reason.

Whatever comes from a contract or a database goes through `visible` or `line`, so that no name can colour, move or hide
anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pgcontract.difference import EXISTENCE, worst
from pgcontract.report.diff import grouped, summary
from pgcontract.report.lines import hanging, indented, labelled, last, marked, write
from pgcontract.report.marking import compare, unified, whole
from pgcontract.report.text import line, visible

if TYPE_CHECKING:
    from rich.console import Console

    from pgcontract.difference import Comparison, Difference, Grade
    from pgcontract.report.marking import Segments

_STYLES: dict[Grade, str] = {
    "dangerous": "bold red",
    "breaking": "bold magenta",
    "needs review": "yellow",
    "safe": "green",
}
_SIGNS: dict[Grade, tuple[str, str]] = {
    "dangerous": ("✗", "x"),
    "breaking": ("!", "!"),
    "needs review": ("▲", "^"),
    "safe": ("•", "-"),
}
_LABEL = 6
_MANY = 40
_RECALLED = 20


def show(comparison: Comparison, console: Console, *, verbose: bool = False) -> None:
    """Write the comparison to the console; `verbose` lists what hangs on what only one side has."""
    for home, differences in grouped(comparison):
        write(console, Text(line(home), style="bold underline"))
        for difference in differences:
            _show(difference, home, console, verbose=verbose)
        write(console, Text())
    for reason in dict.fromkeys(comparison.unchecked):
        hanging(console, Text("? ", "bold magenta"), Text(visible(reason)))
    _recall(comparison, console)
    grades: list[Grade] = [difference.grade for difference in comparison.differences]
    style = _STYLES[worst(grades)] if grades else "bold magenta" if comparison.unchecked else "bold green"
    sides = f"from {comparison.left} to {comparison.right}"
    last(console, Text(line(f"{summary(comparison)}, {sides}"), style=style))


def _recall(comparison: Comparison, console: Console) -> None:
    """The worst again, a line each, where there are so many differences that nobody sees them above."""
    gravest = worst(each.grade for each in comparison.differences)
    found = [each for each in comparison.differences if each.grade == gravest]
    if len(comparison.differences) < _MANY or gravest not in {"dangerous", "breaking"}:
        return
    write(console, Text(f"{gravest}, of these:", style="bold"))
    for each in found[:_RECALLED]:
        home = each.belongs_to or each.object
        hanging(console, Text("  "), Text(line(f"{home}: {_named(each, home)}"), _STYLES[gravest]))
    if len(found) > _RECALLED:
        write(console, Text(f"  and {len(found) - _RECALLED:,} more", "dim"))
    write(console, Text())


def _show(difference: Difference, home: str, console: Console, *, verbose: bool) -> None:
    rich, plain = _SIGNS[difference.grade]
    sign = Text(f"{plain if console.options.ascii_only else rich} ", _STYLES[difference.grade])
    heading = Text.assemble(
        (line(_named(difference, home)), "bold"), "  ", (difference.grade, _STYLES[difference.grade])
    )
    hanging(console, sign, heading)
    if lines := unified(difference.left, difference.right):
        _show_lines(lines, console)
    else:
        left, right = _sides(difference)
        labelled(console, "left", marked(left, "bold underline green"), _LABEL)
        labelled(console, "right", marked(right, "bold underline red"), _LABEL)
    if difference.reason:
        labelled(console, "why", Text(visible(difference.reason)), _LABEL)
    if difference.hint:
        labelled(console, "hint", Text(visible(difference.hint)), _LABEL)
    for part in difference.parts if verbose else ():
        hanging(console, Text("      "), Text(line(part), "dim"))


def _show_lines(lines: tuple[str, ...], console: Console) -> None:
    """Texts of several lines, as a patch: what only the left has, and what only the right has."""
    labelled(console, "lines", Text.assemble(("- left", "green"), ", ", ("+ right", "red")), _LABEL)
    for each in lines:
        write(console, indented(each, 6, _LINES.get(each[:1], "")), unbroken=True)


_LINES = {"-": "green", "+": "red", "@": "dim"}


def _named(difference: Difference, home: str) -> str:
    """The object, where it is not the one that it stands under, and what of it."""
    own = difference.object.removeprefix(f"{home}.") if difference.object != home else ""
    property_ = "" if difference.property == EXISTENCE else difference.property
    if property_:
        return " ".join(filter(None, (difference.kind, own))) + f": {property_}"
    gone = "is gone" if difference.right is None else "is new"
    return " ".join(filter(None, (difference.kind, own, gone)))


def _sides(difference: Difference) -> tuple[Segments | None, Segments | None]:
    """Both sides, with what differs marked where there are two."""
    if difference.left is not None and difference.right is not None:
        return compare(difference.left, difference.right)
    left, right = (None if side is None else whole(side) for side in (difference.left, difference.right))
    return left, right
