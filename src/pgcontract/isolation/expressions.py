"""What a policy's or a function's text says about the principal: who is compared with which column.

Not a parser of SQL: the text is reduced to a regular form (no casts or brackets, strings masked, whatever speaks of the
principal a token such as `«uid»`), and comparisons are read off that. What is not understood is simply not evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STRING = re.compile(r"[eE]?'(?:[^']|'')*'")
_DOLLAR_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_CAST = re.compile(
    r'::\s*(?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?(?:\s+(?:varying|precision|without time zone|with time zone))?'
    r"(?:\(\d+(?:,\d+)?\))?(?:\[\])*",
    re.IGNORECASE,
)
_NAME = r'(?:"[^"]+"|[a-z_]\w*)(?:\.(?:"[^"]+"|[a-z_]\w*)){0,2}'
_TOKEN = r"«[^»]+»"  # noqa: S105 - no password
TOKEN = re.compile(_TOKEN)
_SYMBOLS = (
    (re.compile(r"\bcurrent_setting\s+⟦request\.jwt\.claims⟧(?:\s*,\s*(?:true|false))?", re.IGNORECASE), "«jwt»"),
    (re.compile(r"\bauth\.jwt\b", re.IGNORECASE), "«jwt»"),
    (re.compile(r"\bcurrent_setting\s+⟦request\.jwt\.claim\.sub⟧(?:\s*,\s*(?:true|false))?", re.IGNORECASE), "«uid»"),
    (re.compile(r"\bcurrent_setting\s+⟦([^⟧]+)⟧(?:\s*,\s*(?:true|false))?", re.IGNORECASE), r"«setting:\1»"),
    (re.compile(r"\bauth\.uid\b", re.IGNORECASE), "«uid»"),
    (re.compile(r"\bauth\.email\b", re.IGNORECASE), "«email»"),
    (re.compile(r"\bauth\.role\b", re.IGNORECASE), "«jwtrole»"),
    (re.compile(r"\b(?:current_user|session_user|current_role)\b", re.IGNORECASE), "«dbrole»"),
)
_NOT_DISTINCT = re.compile(rf"\bnot\s+({_NAME}|{_TOKEN})\s+is\s+distinct\s+from\b", re.IGNORECASE)
_EMPTY_IS_NULL = re.compile(r"\bnullif\s+(«[^»]+»)\s*,\s*⟦⟧", re.IGNORECASE)
_PATH = re.compile(r"«jwt»((?:\s*->>?\s*⟦[^⟧]*⟧)+)|«jwt»\s*#>>?\s*⟦\{([^⟧]*)\}⟧")
_HEADER = re.compile(r"«setting:request\.headers»\s*->>\s*⟦([^⟧]*)⟧")
_STEP = re.compile(r"⟦([^⟧]*)⟧")
_SELECTED = re.compile(rf"\bselect\s+({_TOKEN})(?:\s+as\s+{_NAME})?", re.IGNORECASE)
_FOLDED = re.compile(rf"\b(?:lower|upper|btrim|trim)\s+({_TOKEN}|{_NAME})", re.IGNORECASE)
_OPERATOR = r"(?:=\s*(?:any|some)?|<>|is not distinct from|!~~\*?|~~\*?|like|ilike|in|@>|<@|&&|\?|~\*?|\^@)"
_LEFT = re.compile(rf"(?<![\w.\"])({_NAME})\s*({_OPERATOR})\s*(?:array\s*\[\s*|select\s+)?({_TOKEN})", re.IGNORECASE)
_RIGHT = re.compile(rf"({_TOKEN})\s*\]?\s*({_OPERATOR})\s*(?:array\s*\[\s*)?({_NAME})", re.IGNORECASE)
_FROM = re.compile(
    rf"\b(?:from|join|update|into|using)\s+(?:only\s+|lateral\s+)?({_NAME})(?:\s+(?:as\s+)?([a-z_]\w*|\"[^\"]+\"))?",
    re.IGNORECASE,
)
_NOT_ALIASES = frozenset(
    [
        "where",
        "on",
        "join",
        "left",
        "right",
        "inner",
        "cross",
        "full",
        "set",
        "values",
        "select",
        "using",
        "order",
        "group",
        "limit",
        "as",
        "loop",
        "for",
        "returning",
    ]
)
_WORDS = frozenset(
    [
        "select",
        "where",
        "and",
        "or",
        "not",
        "exists",
        "from",
        "null",
        "true",
        "false",
        "any",
        "in",
        "as",
        "on",
        "is",
        "array",
        "case",
        "when",
    ]
)


@dataclass(frozen=True, slots=True)
class Text:
    """A reduced text.

    Attributes:
        text: The text, with tokens for whatever speaks of the principal.
        relations: The relations that it reads, by alias and by name.
    """

    text: str
    relations: Mapping[str, str] = field(default_factory=dict)

    @property
    def speaks(self) -> bool:
        """Whether it speaks of the principal at all."""
        return "«" in self.text


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column that is compared with something of the principal's: `«uid»`, `«setting:app.tenant_id»`."""

    qualifier: str
    column: str
    operator: str
    token: str


def reduce(text: str, functions: Mapping[str, str] | None = None) -> Text:
    """The reduced form; `functions` says for a function's name (with or without schema) which token it stands for."""
    plain = masked(text)
    for name, token in (functions or {}).items():
        plain = re.sub(rf"(?<![\w.]){re.escape(name)}(?=\s)", token, plain, flags=re.IGNORECASE)
    for pattern, token in _SYMBOLS:
        plain = pattern.sub(token, plain)
    plain = _EMPTY_IS_NULL.sub(r"\1", plain)
    plain = _NOT_DISTINCT.sub(r"\1 is not distinct from", plain)
    plain = _HEADER.sub(r"«header:\1»", _PATH.sub(_claim, plain))
    for _ in range(3):
        plain = _FOLDED.sub(r"\1", _SELECTED.sub(r"\1", plain))
    return Text(plain, dict(_relations(plain)))


@lru_cache(maxsize=4096)
def masked(text: str) -> str:
    """The text without comments, casts and brackets, in one line, with its strings as `⟦…⟧`."""
    text = _DOLLAR_COMMENT.sub(" ", text)
    text = _STRING.sub(
        lambda found: "⟦" + found.group()[found.group().index("'") + 1 : -1].replace("''", "'") + "⟧", text
    )
    text = _CAST.sub("", text)
    return re.sub(r"\s+", " ", text.replace("(", " ").replace(")", " ")).strip() + " "


def _claim(found: re.Match[str]) -> str:
    steps = _STEP.findall(found.group(1)) if found.group(1) else found.group(2).split(",")
    path = ".".join(step.strip() for step in steps)
    return {"sub": "«uid»", "email": "«email»", "role": "«jwtrole»"}.get(path, f"«claim:{path}»")


def _relations(text: str) -> Iterator[tuple[str, str]]:
    for name, alias in _FROM.findall(text):
        bare = name.rpartition(".")[2]
        if bare.lower() in _WORDS:
            continue
        yield bare, name
        if alias and alias.lower() not in _NOT_ALIASES:
            yield alias, name


def comparisons(reduced: Text) -> Iterator[Comparison]:
    """The columns that are compared with something of the principal's."""
    for name, operator, token in _LEFT.findall(reduced.text):
        yield from _comparison(name, operator, token)
    for token, operator, name in _RIGHT.findall(reduced.text):
        yield from _comparison(name, operator, token)


def _comparison(name: str, operator: str, token: str) -> Iterator[Comparison]:
    qualifier, _, column = name.rpartition(".")
    if column.lower() not in _WORDS:
        yield Comparison(qualifier, column.strip('"'), operator.strip().lower(), token)


_LINK = re.compile(
    rf"(?<![\w.\"])({_NAME})\s*(?:=\s*(?:any)?|in|is not distinct from)\s*(?:array\s*)?select\s+(?:distinct\s+)?"
    rf"({_NAME})\s+from\s+({_NAME})"
    r"(?:\s+(?:as\s+)?([a-z_]\w*))?",
    re.IGNORECASE,
)
_PAIR = re.compile(rf"(?<![\w.\"])({_NAME})\s*(?:=|is not distinct from)\s*({_NAME})(?![\w.\"(])", re.IGNORECASE)


def links(reduced: Text) -> Iterator[tuple[str, str]]:
    """Pairs of columns that are compared with each other, as they are written."""
    for left, right, table, alias in _LINK.findall(reduced.text):
        yield left, right if "." in right else f"{alias if alias.lower() not in _NOT_ALIASES | {''} else table}.{right}"
    for left, right in _PAIR.findall(reduced.text):
        if {left.lower(), right.lower()}.isdisjoint(_WORDS):
            yield left, right


_LITERAL = re.compile(
    rf"(?<![\w.\"])({_NAME})\s*(?:=|in)\s*(?:any\s*)?(?:array\s*\[)?\s*((?:⟦[^⟧]*⟧\s*,?\s*)+)", re.IGNORECASE
)


def literals(reduced: Text) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Columns that are compared with strings, as they are written, and those strings."""
    for name, values in _LITERAL.findall(reduced.text):
        yield name, tuple(_STEP.findall(values))


def disjuncts(expression: str) -> list[str]:
    """The alternatives of an expression, at its top: `(a OR (b AND c))` has `a` and `(b AND c)`."""
    return _split(expression, "or")


def conjuncts(expression: str) -> list[str]:
    """The conditions that must all hold, at the expression's top."""
    return _split(expression, "and")


def _split(expression: str, word: str) -> list[str]:
    text = _unbracketed(expression.strip())
    depth, start, quoted, pieces = 0, 0, "", []
    between, position = False, 0
    while position < len(text):
        char = text[position]
        if quoted:
            quoted = "" if char == quoted else quoted
        elif char in "'\"":
            quoted = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif depth == 0 and (found := re.compile(r"\b(and|or|between)\b", re.IGNORECASE).match(text, position)):
            said = found.group(1).lower()
            if said == "between":
                between = True
            elif said == "and" and between:
                between = False
            elif said == word:
                pieces.append(text[start:position].strip())
                start = found.end()
            position = found.end()
            continue
        position += 1
    pieces.append(text[start:].strip())
    return [deeper for piece in pieces for deeper in _split(piece, word)] if len(pieces) > 1 else [text]


def _unbracketed(text: str) -> str:
    while text.startswith("(") and text.endswith(")"):
        depth, quoted = 0, ""
        for position, char in enumerate(text):
            if quoted:
                quoted = "" if char == quoted else quoted
            elif char in "'\"":
                quoted = char
            else:
                depth += {"(": 1, ")": -1}.get(char, 0)
            if depth == 0 and not quoted and position < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text
