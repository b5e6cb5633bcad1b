"""The entries `[[tool.pgcontract.notify]]` of a configuration file."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_args

from pgcontract.errors import ContractError
from pgcontract.integrations.notify.target import ONS, Target
from pgcontract.names import perhaps
from pgcontract.verdict import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_TIMEOUT = 60
"""Seconds. Somebody waits for the command to end."""

_SEVERITIES: tuple[str, ...] = get_args(Severity)
_KEYS = tuple(field.name for field in fields(Target) if field.name != "source")


def entries(value: object) -> tuple[Target, ...]:
    """The targets that a configuration file lists; what their variables hold is not looked up yet.

    Raises:
        ContractError: An entry has a key that is unknown or of the wrong type, or has no `url`. The message quotes no
            value of `url` or `secret`.
    """
    if not isinstance(value, list):
        raise ContractError("notify must be a list of tables: [[tool.pgcontract.notify]], or [[notify]]")
    return tuple(_entry(number, each) for number, each in enumerate(value, start=1))


def _entry(number: int, value: object) -> Target:
    if not isinstance(value, dict):
        raise ContractError(f"notify {number} must be a table: [[tool.pgcontract.notify]], or [[notify]]")
    for key in value:
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise ContractError(
                f"notify {number}: unknown key {key!r}; known are {known}", hint=perhaps(str(key), _KEYS)
            )
    if "url" not in value:
        raise ContractError(f"notify {number} has no url", hint='Such as url = "env:SLACK_URL".')
    return Target(**{key: _CHECKS[key](f"notify {number}: {key}", each) for key, each in value.items()})


def _text(what: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ContractError(f"{what} must be a text")
    return value


def _texts(what: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ContractError(f"{what} must be a list of texts, not {value!r}")
    return tuple(value)


def _one_of(known: tuple[str, ...]) -> Callable[[str, object], str]:
    def chosen(what: str, value: object) -> str:
        if value not in known:
            hint = perhaps(value, known) if isinstance(value, str) else None
            raise ContractError(f"{what} is {value!r}, but must be one of {', '.join(known)}", hint=hint)
        return str(value)

    return chosen


def _seconds(what: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST_TIMEOUT:
        raise ContractError(f"{what} must be a number of seconds up to {LONGEST_TIMEOUT}, not {value!r}")
    return float(value)


_CHECKS: Mapping[str, Callable[[str, object], Any]] = {
    "url": _text,
    "on": _one_of(ONS),
    "severity": _one_of(_SEVERITIES),
    "suites": _texts,
    "tags": _texts,
    "link": _text,
    "secret": _text,
    "timeout": _seconds,
}
