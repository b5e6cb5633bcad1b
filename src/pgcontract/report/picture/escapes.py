"""Text of a database's in Markdown: shown as it is, whatever it is, and acting on nothing.

What could mean something to Markdown, to HTML in it, or to who draws it (`@name`, `#12`) becomes the number of its
character, which CommonMark takes for text and never for structure (CommonMark 0.31, "Entity and numeric character
references"). Code stands between backticks where it holds nothing of the sort, and in a `<code>` element otherwise.
"""

from __future__ import annotations

import re

from pgcontract.report.text import line, visible

_ACTS = re.compile(
    r"[\\`*{}\[\]<>|~&#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<!\w)@|(?<=\w):(?=//)|(?<=www)\.|^[-+=](?=\s|$|[-=])"
)
_ITEM = re.compile(r"^(\d+)([.)])(?=\s|$)")
_ACTS_IN_CODE = re.compile(r"[\\`|&<>\[\]*~#@${}:!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_SIMPLE = re.compile(r"[^`|\\\n]+")


def text(said: str) -> str:
    """Words, their lines apart but in one line of Markdown, so that they can stand in a table."""
    return "<br>".join(map(_line, said.strip().splitlines()))


def unheard(said: str) -> str:
    """Words as `text`, which call nobody and refer to nothing in a comment on GitHub.

    It looks for `@name` and `#12` in what it has drawn already, so a space of no width follows each sign.
    """
    return text(said).replace("&#64;", "&#64;&#8203;").replace("&#35;", "&#35;&#8203;")


def _line(said: str) -> str:
    shown = _ACTS.sub(_number, line(said).strip())
    return _ITEM.sub(lambda found: f"{found[1]}&#{ord(found[2])};", shown)


def code(sql: str) -> str:
    """A name or SQL in one line, to stand anywhere, in a table too."""
    shown = line(sql)
    if _SIMPLE.fullmatch(shown) and shown == shown.strip():
        return f"`{shown}`"
    return f"<code>{_ACTS_IN_CODE.sub(_number, shown).replace('  ', '&#32;&#32;') or '&#32;'}</code>"


def block(sql: str, language: str = "sql") -> str:
    """Code that may have several lines, between fences longer than any in it."""
    shown = visible(sql)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def _number(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(char)};" for char in found.group())
