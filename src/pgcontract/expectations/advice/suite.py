"""The suite that `pgcontract advise` verifies: every rule, or some, each as severe as its level."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pgcontract.contract.suite import Suite
from pgcontract.errors import ContractError
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.expectations.advice.rules import RULES
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.expectations.advice.rule import Advice
    from pgcontract.verdict import Severity

LEVELS: tuple[Severity, ...] = ("error", "warning", "info")
"""The worst first."""


def advice(  # noqa: PLR0913 - keywords, all of them
    *,
    schemas: Sequence[str] = (),
    roles: Sequence[str] = (),
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    level: Severity = "info",
    fail_on: Severity = "error",
) -> Suite:
    """The rules as a suite called `advice`.

    Args:
        schemas: The schemas to look at; what each rule is for when there are none.
        roles: The API roles; found in the catalog when there are none.
        only: The rules wanted, by name, with `*` and `?` as wildcards; all of them when there are none.
        without: The rules not wanted, likewise.
        level: The least level of the rules that are wanted.
        fail_on: The least level that breaks: rules of that level and above have the severity `error`.

    Raises:
        ContractError: A name fits no rule, or no rule is left.
    """
    for pattern in (*only, *without):
        names = [rule.__name__ for rule in RULES]
        if not any(_fits(name, [pattern]) for name in names):
            raise ContractError(f"no rule of advice is called {pattern}", hint=perhaps(pattern, names))
    suite = Suite("advice", [_made(rule, schemas, roles, fail_on) for rule in sorted(RULES, key=_rank)])
    wanted = [rule.__name__ for rule in RULES if _reaches(rule.level, level)]
    chosen = suite.select(
        kinds=[name for name in wanted if (not only or _fits(name, only)) and not _fits(name, without)]
    )
    if not len(chosen):
        raise ContractError("no rule of advice is left")
    return chosen


def _rank(rule: type[Advice]) -> int:
    return LEVELS.index(rule.level)


def _reaches(level: Severity, least: Severity) -> bool:
    return LEVELS.index(level) <= LEVELS.index(least)


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _made(rule: type[Advice], schemas: Sequence[str], roles: Sequence[str], fail_on: Severity) -> Advice:
    severity: Severity = "error" if _reaches(rule.level, fail_on) else rule.level
    given: dict[str, Any] = {"severity": severity}
    if schemas:
        given["schemas"] = schemas
    if roles and issubclass(rule, ApiAdvice):
        given["roles"] = roles
    return rule(**given)
