"""What differs between two databases or contracts, for machines (``pgcontract.diff/1``) and for pull requests."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgcontract.difference import EXISTENCE, counts
from pgcontract.report.marking import unified
from pgcontract.report.picture import escapes
from pgcontract.report.text import counted, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.difference import Comparison, Difference, Grade

FORMAT = "pgcontract.diff/1"
SCHEMA = Path(__file__).parent / "schemas" / "diff-1.schema.json"

_SIGNS: dict[Grade, str] = {"dangerous": "🛑", "breaking": "⚠️", "needs review": "🔎", "safe": "✅"}
_LONGEST = 300


def document(comparison: Comparison) -> dict[str, Any]:
    """The whole as plain data, as the JSON Schema describes it."""
    return {
        "format": FORMAT,
        "left": comparison.left,
        "right": comparison.right,
        "differences": [asdict(difference) for difference in comparison.differences],
        "unchecked": list(comparison.unchecked),
        "summary": counts(comparison.differences),
    }


def to_json(comparison: Comparison) -> str:
    """The document as JSON, ending with a newline."""
    return json.dumps(document(comparison), indent=2, ensure_ascii=False) + "\n"


def summary(comparison: Comparison) -> str:
    """The whole in one line: `3 differences: 1 dangerous, 2 safe`."""
    number = len(comparison.differences)
    if not number:
        return "no difference in what could be told" if comparison.unchecked else "no difference"
    graded = ", ".join(f"{count:,} {grade}" for grade, count in counts(comparison.differences).items() if count)
    return f"{counted(number, 'difference')}: {graded}"


def to_markdown(comparison: Comparison) -> str:
    """A table for each object, for a pull request's description or comment."""
    return "\n".join(_markdown(comparison)).rstrip("\n") + "\n"


def _markdown(comparison: Comparison) -> Iterator[str]:
    yield f"**{summary(comparison)}** from {_code(comparison.left)} to {_code(comparison.right)}"
    yield ""
    for home, differences in grouped(comparison):
        yield f"#### {_code(home)}"
        yield ""
        yield "| grade | what | left | right | why |"
        yield "|---|---|---|---|---|"
        for each in differences:
            what = f"{_plain(each.kind)} {_code(each.object)}" if each.object != home else _plain(each.kind)
            named = what if each.property == EXISTENCE else f"{what}: {_plain(each.property)}"
            why = " ".join(filter(None, (each.reason, each.hint and f"({each.hint.rstrip('.')})")))
            below = unified(each.left, each.right)
            sides = "*below* | *below*" if below else f"{_side(each.left)} | {_side(each.right)}"
            yield f"| {_SIGNS[each.grade]} {each.grade} | {named} | {sides} | {_plain(why)} |"
        yield ""
        for each in differences:
            yield from _patch(each)
    for reason in comparison.unchecked:
        yield f"- could not be told: {_plain(reason)}"


def _patch(difference: Difference) -> Iterator[str]:
    """Texts of several lines, which no cell holds, as a block of their own; no backticks in them end it."""
    lines = [line(each) for each in unified(difference.left, difference.right)]
    if lines:
        longest = max(len(run) for each in lines for run in ("", *re.findall(r"`+", each)))
        fence = "`" * max(longest + 1, 3)
        yield f"{_plain(difference.kind)} {_code(difference.object)}: {_plain(difference.property)}"
        yield from ("", f"{fence}diff", *lines, fence, "")


def grouped(comparison: Comparison) -> Iterator[tuple[str, list[Difference]]]:
    """The differences by what they are shown under."""
    for home, differences in groupby(comparison.differences, key=lambda each: each.belongs_to or each.object):
        yield home, list(differences)


def _side(text: str | None) -> str:
    return "" if text is None else _code(text)


def _plain(text: str) -> str:
    return escapes.unheard(line(text))


def _code(text: str) -> str:
    """Code that no backtick in it ends; GitHub splits a table's cells at bars even in code, unless escaped."""
    shown = line(" ".join(text.split()))
    shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} …"
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest or not shown.strip() else ""
    return f"{fence}{pad}{shown.replace('|', chr(92) + '|')}{pad}{fence}"
