"""Suites into contract files: every expectation in the list, without its defaults. Loading gives an equal suite."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite

# What is certainly a text without quotes, wherever it stands; what any version of YAML takes for something else is not.
_PLAIN = re.compile(r"[A-Za-z_/(][\w./()$+*-]*(?: [\w./()$+*=<>-]+)*", re.ASCII)
_NO_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def content(suite: Suite) -> dict[str, Any]:
    """The suite as mappings, lists and scalars."""
    header = {"suite": suite.name} | ({} if suite.schema == "public" else {"schema": suite.schema})
    ignores = {"ignore": [ignore.content() for ignore in suite.ignores]} if suite.ignores else {}
    principals = {"principals": [each.content() for each in suite.principals]} if suite.principals else {}
    return {**header, **ignores, **principals, "expectations": [item(expectation) for expectation in suite]}


def item(expectation: Expectation) -> dict[str, Any]:
    """One item of the list: `{Kind: value}` where the first field says it all, else `{Kind: {field: value}}`."""
    dumped = expectation.model_dump(mode="json", exclude_defaults=True)
    fields = {name: dumped[name] for name in (*expectation.positional(), *dumped) if name in dumped}
    if "tags" in fields:
        fields["tags"].sort()  # a set has no order, but a file should not change by chance
    first = expectation.positional()[:1]
    if len(fields) == 1 and tuple(fields) == first and isinstance(fields[first[0]], str):
        return {expectation.kind: fields[first[0]]}
    return {expectation.kind: fields}


def to_yaml(suite: Suite) -> str:
    """The contract file as YAML, an expectation a line.

    It is written here because what is written for every version of YAML is little, and ruamel.yaml's own writer
    leaves texts without quotes that its reader takes for something else (`:b`), or breaks lines in them (U+0085).
    """
    document = content(suite)
    expectations = document.pop("expectations")
    lists = {key: document.pop(key) for key in ("ignore", "principals") if key in document}
    lines = [f"{key}: {flow(value)}" for key, value in document.items()]
    for key, items in lists.items():
        lines += [f"{key}:", *(f"- {flow(each)}" for each in items)]
    if not expectations:
        return "\n".join([*lines, "expectations: []"]) + "\n"
    lines.append("expectations:")
    lines += [f"- {kind}: {flow(fields)}" for each in expectations for kind, fields in each.items()]
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A value of mappings, lists and scalars as YAML in one line, which every version of YAML reads alike."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return _text(value) if isinstance(value, str) else json.dumps(value, default=float)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT:
        return text
    if text.isprintable():
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return "".join(char if char.isprintable() else _escaped(char) for char in json.dumps(text, ensure_ascii=False))


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"  # noqa: PLR2004 - of four digits


def to_json(suite: Suite) -> str:
    """The contract file as JSON."""
    return json.dumps(content(suite), indent=2, ensure_ascii=False) + "\n"
