"""How wide a text is in a typeface whose every letter has the same width."""

from __future__ import annotations

import unicodedata

from pgcontract.report.text import line

_ELLIPSIS = "…"
_LONG = 1_000


def columns(text: str) -> int:
    """How many letters wide a text is: ideographs are two wide, combining marks none."""
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cut(text: str, most: int) -> str:
    """The text in one line, with an ellipsis where it is wider than that many letters."""
    shown = line(text)
    if columns(shown) <= most:
        return shown
    kept, width = "", 0
    for char in shown:
        width += _columns(char)
        if width > most - 1:
            break
        kept += char
    return kept + _ELLIPSIS


def cut_inside(text: str, most: int) -> str:
    """The same with the ellipsis before the last third, for long names that only differ where they end."""
    if len(text) > _LONG:  # how wide each letter is need not be known
        text = text[:_LONG] + text[-_LONG:]
    shown = line(text)
    if columns(shown) <= most:
        return shown
    end, width = "", 0
    for char in reversed(shown):
        width += _columns(char)
        if width > most // 3:
            break
        end = char + end
    return cut(shown, most - columns(end)) + end
