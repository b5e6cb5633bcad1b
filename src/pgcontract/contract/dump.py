"""Suites into contract files: every expectation in the list, without its defaults. Loading gives an equal suite."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite


def content(suite: Suite) -> dict[str, Any]:
    """The suite as mappings, lists and scalars."""
    header = {"suite": suite.name} | ({} if suite.schema == "public" else {"schema": suite.schema})
    return {**header, "expectations": [item(expectation) for expectation in suite]}


def item(expectation: Expectation) -> dict[str, Any]:
    """One item of the list: `{Kind: value}` where the first field says it all, else `{Kind: {field: value}}`."""
    fields = expectation.model_dump(mode="json", exclude_defaults=True)
    first = expectation.positional()[:1]
    if len(fields) == 1 and tuple(fields) == first and isinstance(fields[first[0]], str):
        return {expectation.kind: fields[first[0]]}
    return {expectation.kind: fields}


def to_yaml(suite: Suite) -> str:
    """The contract file as YAML, an expectation a line."""
    writer = YAML(typ="rt")
    writer.width = 4096
    stream = StringIO()
    document = content(suite)
    for expectation in document["expectations"]:
        for kind, fields in expectation.items():
            if isinstance(fields, dict):
                expectation[kind] = _in_one_line(fields)
    writer.dump(document, stream)
    return stream.getvalue()


def _in_one_line(fields: dict[str, Any]) -> CommentedMap:
    line = CommentedMap(fields)
    line.fa.set_flow_style()
    return line


def to_json(suite: Suite) -> str:
    """The contract file as JSON."""
    return json.dumps(content(suite), indent=2, ensure_ascii=False) + "\n"
