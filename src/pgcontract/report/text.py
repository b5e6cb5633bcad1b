"""Text that is safe to show: whatever a database calls its things, a reader sees it and nothing acts on it."""

from __future__ import annotations

import re

# What a terminal would obey, what a browser would drop, and what makes two different names look alike: control
# characters but newline and tab, bidirectional controls, invisible characters, halves of surrogate pairs. The
# joiners U+200C and U+200D stay: Persian, Hindi and emoji are spelled with them.
_UNSAFE = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
_BLOCK = re.compile(f"[{_UNSAFE}]")
_LINE = re.compile(rf"[{_UNSAFE}\t\n]")

_SECOND = 1000
_MINUTE = 60 * _SECOND
_WEEK = 7


def visible(text: str) -> str:
    r"""The text with every character that acts or hides written as an escape; newlines and tabs stay.

    >>> visible("\x1b[31mred\u202e")
    '\\x1b[31mred\\u202e'
    """
    return text if _plain(text) else _BLOCK.sub(_escape, text)


def line(text: str) -> str:
    r"""The same for text that must stay in one line: newlines and tabs are escaped too.

    >>> line("two\nlines")
    'two\\nlines'
    """
    return text if _plain(text) else _LINE.sub(_escape, text)


def _plain(text: str) -> bool:
    """Whether nothing in it can be unsafe, as with nearly all text; told ten times as fast as by a pattern."""
    return text.isascii() and text.isprintable()


def _escape(found: re.Match[str]) -> str:
    named = {"\n": r"\n", "\t": r"\t", "\r": r"\r"}
    code = ord(found.group())
    if found.group() in named:
        return named[found.group()]
    if code <= 0xFF:  # noqa: PLR2004 - what two hexadecimal digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four digits


def duration(milliseconds: float) -> str:
    """How long something took, in the unit that reads best.

    >>> duration(0.04), duration(3.14), duration(412.0), duration(75_000.0)
    ('<0.1 ms', '3.1 ms', '0.4 s', '1 min 15 s')
    """
    if milliseconds < 0.1:  # noqa: PLR2004 - less is noise
        return "<0.1 ms"
    if milliseconds < _SECOND / 10:
        return f"{milliseconds:.1f} ms"
    if milliseconds < _MINUTE - _SECOND / 20:
        return f"{milliseconds / _SECOND:.1f} s"
    minutes, rest = divmod(round(milliseconds / _SECOND), 60)
    return f"{minutes} min {rest} s"


def elapsed(seconds: float) -> str:
    """How long something lasted, from seconds to days, in its two largest units.

    >>> elapsed(42.4), elapsed(3_600), elapsed(93_600), elapsed(700_000)
    ('42 s', '1 h', '1 day 2 h', '8 days')
    """
    minutes = int(max(seconds, 0)) // 60
    hours, days = minutes // 60, minutes // (24 * 60)
    if not minutes:
        return f"{int(max(seconds, 0))} s"
    if days > _WEEK:
        return counted(days, "day")
    if days:
        return f"{counted(days, 'day')} {hours % 24} h" if hours % 24 else counted(days, "day")
    if hours:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{minutes} min"


def counted(number: int, noun: str) -> str:
    """The number and its noun, in the plural where it must be.

    >>> counted(1, "warning"), counted(1200, "warning")
    ('1 warning', '1,200 warnings')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
