"""Kinds of expectations as the rules of a SARIF log; their words come from their docstrings, as `explain`'s do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.contract import registry
from pgcontract.contract.describe import explanation, general
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.contract.expectation import Expectation


def rules(kinds: Iterable[str]) -> list[dict[str, Any]]:
    """A rule for each kind, in order.

    A kind that no installed package offers (a program's own, or one that is no expectation) has no more than its name,
    here and wherever else a saved report is rendered.
    """
    known = _known()
    return [_rule(kind, known.get(kind)) for kind in kinds]


def _known() -> Mapping[str, type[Expectation]]:
    try:
        return registry.offered()
    except ContractError:  # a package that is broken; the report itself is not
        return {}


def _rule(kind: str, cls: type[Expectation] | None) -> dict[str, Any]:
    if cls is None:
        return {"id": kind, "shortDescription": {"text": f"{kind} holds."}}
    _, _, body = explanation(cls).partition("\n\n")
    text = body or f"{general(cls)}."
    return {
        "id": kind,
        "shortDescription": {"text": f"{general(cls)}."},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": _markdown(text)},
        "defaultConfiguration": {"level": _default(cls)},
    }


def _markdown(text: str) -> str:
    """What is indented is code, once a blank line stands before it."""
    return re.sub(r"\n(?=    \S)", "\n\n", text, count=1)


def _default(cls: type[Expectation]) -> str:
    severity = cls.model_fields["severity"].default
    return {"error": "error", "warning": "warning"}.get(severity, "note")
