"""Suites into contract files: every expectation in a list, or the short form. Loading gives them back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pgcontract.contract import as_python, block, fold
from pgcontract.contract.flow import flow
from pgcontract.contract.items import content

if TYPE_CHECKING:
    from pgcontract.contract.suite import Suite

__all__ = ["content", "flow", "to_json", "to_python", "to_yaml"]


def to_yaml(suite: Suite, *, short: bool = False) -> str:
    """The contract file as YAML: an expectation a line, or in the short form, whose set is the same.

    It is written here because what is written for every version of YAML is little, and ruamel.yaml's own writer
    leaves texts without quotes that its reader takes for something else (`:b`), or breaks lines in them (U+0085).
    """
    if short:
        return block.document(fold.content(suite))
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


def to_json(suite: Suite, *, short: bool = False) -> str:
    """The contract file as JSON, with every expectation in the list, or in the short form."""
    return json.dumps(fold.content(suite) if short else content(suite), indent=2, ensure_ascii=False) + "\n"


def to_python(suite: Suite) -> str:
    """The contract as a Python module that makes the suite; loading it gives the same set of expectations.

    Raises:
        ValueError: It holds two expectations that have one name, or one whose name Python has taken.
    """
    return as_python.to_python(suite)
