"""The access that a contract states, as a heat map: what its `AccessMatrix` outcomes say of each role and relation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.verdict import Outcome

KIND = "AccessMatrix"
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell of the map.

    Attributes:
        level: `none`, `own` or `all`, as it was observed; None where that could not be told.
        columns: Which columns, as text; empty for all of them.
        words: The whole in words.
        wrong: Whether the contract says something else.
    """

    level: str | None
    columns: tuple[str, ...]
    words: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The map.

    Attributes:
        roles: The roles that the contract speaks of, in its order.
        rows: By relation, the spots of each role, as `roles` and `COMMANDS` go; None where nothing is said.
    """

    roles: tuple[str, ...]
    rows: Mapping[str, tuple[Spot | None, ...]]


def heat_map(outcomes: Iterable[Outcome]) -> HeatMap | None:
    """The map of all that the outcomes say about access; None where they say nothing."""
    found = [outcome for outcome in outcomes if outcome.kind == KIND]
    roles = tuple(dict.fromkeys(role for outcome in found for role in outcome.expectation["access"]))
    rows = {outcome.subject: tuple(_row(outcome, roles)) for outcome in sorted(found, key=lambda each: each.subject)}
    return HeatMap(roles, rows) if found else None


def _row(outcome: Outcome, roles: Iterable[str]) -> Iterator[Spot | None]:
    findings = {finding.object: finding.observed for finding in outcome.findings}
    findings |= {ignored.object: None for ignored in outcome.ignored}
    told = outcome.status in {"passed", "failed"} or bool(findings)
    for role in roles:
        stated = outcome.expectation["access"].get(role)
        for command in COMMANDS:
            if stated is None:
                yield None
                continue
            wanted = _wanted(stated, command)
            name = f"{outcome.subject} {command} as {role}"
            wrong = name in findings
            reached = findings[name] if wrong else wanted if told else None
            words = f"{command} as {role}: {reached or outcome.reason or 'could not be told'}"
            yield Spot(*_parts(reached), f"{words}, {wanted} expected" if wrong else words, wrong)


def _wanted(stated: Any, command: str) -> str:
    return str(stated.get(command.lower(), "none") if isinstance(stated, Mapping) else stated)


def _parts(reached: str | None) -> tuple[str | None, tuple[str, ...]]:
    if reached is None:
        return None, ()
    level, _, columns = reached.partition(" (")
    return level, (columns.removesuffix(")"),) if columns else ()
