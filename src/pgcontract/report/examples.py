"""Examples of rows as text: NULL is told from a text that says so, and nothing in a value acts or hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report.text import line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.verdict import Examples


def cell(value: str | None) -> str:
    r"""A value in one line; in quotes where it would not be seen for what it is.

    >>> cell(None), cell("NULL"), cell(""), cell("two\nlines"), cell(" x")
    ('NULL', "'NULL'", "''", 'two\\nlines', "' x'")
    """
    if value is None:
        return "NULL"
    shown = line(value)
    doubtful = not value or value != value.strip() or value == "NULL" or value.startswith("'")
    return f"'{shown}'" if doubtful else shown


def table(examples: Examples | None) -> str | None:
    """The rows below their columns' names, aligned; None where there is nothing to show."""
    if examples is None or not examples.rows:
        return None
    rows = list(cells(examples))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def cells(examples: Examples) -> Iterator[list[str]]:
    """The columns' names, then each row."""
    yield [line(column) for column in examples.columns]
    for row in examples.rows:
        yield [cell(value) for value in row]
