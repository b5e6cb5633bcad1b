"""The text of a data contract: YAML for people, in which what is short stands in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.contract.flow import flow, in_block, marked
from pgcontract.integrations.odcs.taking import OWN
from pgcontract.integrations.odcs.writing import content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.contract.suite import Suite

_WIDTH = 120


def dumps(suite: Suite, *, version: str = "1.0.0", status: str = "active", id: str | None = None) -> str:  # noqa: A002 - what the standard calls it
    """The suite as a data contract in YAML, which `loads` reads as a suite of the same expectations.

    Args:
        suite: The contract.
        version: The contract's own version.
        status: `proposed`, `draft`, `active`, `deprecated` or `retired`.
        id: What is unique to it; else it is made of its name.

    Raises:
        ContractError: The package `open-data-contract-standard` is not installed.
    """
    document = content(suite, version=version, status=status, id=id)
    return "".join(f"{line}\n" for line in _block(document, ""))


def _block(value: Any, pad: str) -> Iterator[str]:
    """A mapping, a key a line or more; or a list, an item a line or more."""
    if isinstance(value, dict):
        own = value.get("property") == OWN
        for key, each in value.items():
            start = f"{pad}{marked(in_block(str(key)))}:"
            yield from _own(start, each, pad) if own and key == "value" else _pair(start, each, pad)
        return
    for each in value:
        line = f"{pad}- {flow(each)}"
        if len(line) <= _WIDTH or not isinstance(each, dict | list):
            yield line
        else:
            first, *rest = _block(each, f"{pad}  ")
            yield f"{pad}- {first.lstrip()}"
            yield from rest


def _pair(start: str, value: Any, pad: str) -> Iterator[str]:
    line = f"{start} {in_block(value) if isinstance(value, str) else flow(value)}"
    if not value or not isinstance(value, dict | list) or (len(line) <= _WIDTH and not _many(value)):
        yield line
        return
    yield start
    yield from _block(value, f"{pad}  ")


def _many(value: dict[str, Any] | list[Any]) -> bool:
    """Whether it is a list of mappings, which stand one below the other."""
    return isinstance(value, list) and any(isinstance(each, dict) for each in value)


def _own(start: str, value: Any, pad: str) -> Iterator[str]:
    """Expectations as themselves, each in one line, as a contract file has them."""
    yield start
    inner = f"{pad}  "
    if isinstance(value, dict):
        for key, each in value.items():
            listed = isinstance(each, list) and bool(each)
            yield from _own(f"{inner}{key}:", each, inner) if listed else [f"{inner}{key}: {flow(each)}"]
        return
    for each in value:
        pairs = list(each.items()) if isinstance(each, dict) else []
        one = f"{pairs[0][0]}: {flow(pairs[0][1])}" if len(pairs) == 1 else flow(each)
        yield f"{inner}- {one}"
