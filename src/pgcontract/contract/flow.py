"""Values as YAML, in one line, and texts where they stand in a block: read alike by every version of YAML."""

from __future__ import annotations

import json
import re
from typing import Any

# What is certainly a text without quotes, wherever it stands; what any version of YAML takes for something else is not.
PLAIN = re.compile(r"[A-Za-z_/(][\w./()$+*-]*(?: [\w./()$+*=<>-]+)*", re.ASCII)
# The same where no bracket is open around it: commas, quotes and brackets are then characters like others.
PLAIN_IN_BLOCK = re.compile(r"[A-Za-z_/(](?:[!-9;-~]|:(?=[!-~])|[ ](?=[!-~])(?!#))*", re.ASCII)
_NO_ESCAPE = re.compile(r"[ !#-\[\]-~]+")  # what is the same between double quotes
NO_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
# To YAML 1.1, what has an exponent and no point is a text.
_WITHOUT_POINT = re.compile(r"^(-?\d+)e")
_LONGEST_KEY = 1000
"""A key that is longer is marked as one, for YAML looks for the colon only so far."""


def flow(value: Any) -> str:
    """A value of mappings, lists and scalars as YAML in one line, which every version of YAML reads alike."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{marked(_text(key))}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return _text(value) if isinstance(value, str) else _WITHOUT_POINT.sub(r"\1.0e", json.dumps(value, default=float))


def marked(key: str) -> str:
    """The text of a key, with the mark that a very long one needs."""
    return key if len(key) <= _LONGEST_KEY else f"? {key} "


def in_block(text: str) -> str:
    """A text as YAML in one line, where no bracket is open around it."""
    if PLAIN_IN_BLOCK.fullmatch(text) and text.lower() not in NO_TEXT:
        return text
    return _text(text)


def _text(text: str) -> str:
    if PLAIN.fullmatch(text) and text.lower() not in NO_TEXT:
        return text
    if "'" in text and _NO_ESCAPE.fullmatch(text):
        return f'"{text}"'
    if text.isprintable():
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return "".join(char if char.isprintable() else _escaped(char) for char in json.dumps(text, ensure_ascii=False))


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"  # noqa: PLR2004 - of four digits
