"""Who reaches what, as a heat map: what a contract's `AccessMatrix` outcomes say, or what `pgcontract matrix` found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.records import dataclass
from pgcontract.report.anchors import group_anchor
from pgcontract.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.isolation.matrix import Cell, Matrix
    from pgcontract.report.document import Document, Entry

KIND = "AccessMatrix"
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")

_EACH = 40
"""Up to how many relations each has a row of its own; of more, those that are alike share one."""
_MOST = 150
"""How many rows there are at most."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What one role reaches of one relation by one command.

    Attributes:
        level: `none`, `own` or `all`, as it was observed; None where that could not be told.
        columns: Which columns, as text; empty for all of them.
        words: More about it, in words; empty where there is no more.
        otherwise: What it should be, where it is not; empty where it is.
    """

    level: str | None
    columns: tuple[str, ...] = ()
    words: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Relations of which the same is reached.

    Attributes:
        names: Their canonical names, and where in the page each is; None where it is not.
        spots: By role and command, as `roles` and `COMMANDS` go; None where nothing is said.
    """

    names: tuple[tuple[str, str | None], ...]
    spots: tuple[Spot | None, ...]

    @property
    def wrong(self) -> bool:
        """Whether anything is otherwise than it should be."""
        return any(spot and spot.otherwise for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A spot that is otherwise than it should be, and where that is told in full."""

    relation: str
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The map.

    Attributes:
        roles: The roles, in the order in which they are spoken of.
        rows: The relations; those that are otherwise than they should be come first where not all are shown.
        left_out: How many relations are in no row.
        wrongs: What is otherwise than it should be, in words.
        said: What the map shows, in a sentence.
    """

    roles: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int
    wrongs: tuple[Wrong, ...]
    said: str


def heat_map(document: Document) -> HeatMap | None:
    """The map of all that the outcomes say about access; None where they say nothing."""
    found = sorted(
        (entry for entry in document.entries if entry.outcome.kind == KIND), key=lambda each: each.outcome.subject
    )
    if not found:
        return None
    roles = tuple(dict.fromkeys(role for entry in found for role in _access(entry)))
    rows = [Row(((entry.outcome.subject, _home(entry)),), tuple(_stated(entry, roles))) for entry in found]
    wrongs = tuple(
        Wrong(row.names[0][0], words, entry.anchor)
        for entry, row in zip(found, rows, strict=True)
        for words in _wrongs(roles, row.spots)
    )
    return _map(roles, rows, wrongs)


def heat_map_of(matrix: Matrix) -> HeatMap:
    """The map of what was found by acting; what is otherwise there is otherwise than grants and policies declare."""
    roles = matrix.roles
    cells: dict[tuple[str, str, str], Cell] = {(cell.relation, cell.role, cell.command): cell for cell in matrix.cells}
    rows = [
        Row(
            ((name, None),),
            tuple(_observed(cells.get((name, role, command))) for role in roles for command in COMMANDS),
        )
        for name in matrix.relations
    ]
    return _map(roles, rows, ())


def _map(roles: tuple[str, ...], rows: Sequence[Row], wrongs: tuple[Wrong, ...]) -> HeatMap:
    spots = [spot for row in rows for spot in row.spots if spot]
    otherwise = sum(bool(spot.otherwise) for spot in spots)
    untold = sum(spot.level is None for spot in spots)
    said = (
        f"{counted(len(rows), 'table')}, {counted(len(roles), 'role')}: "
        f"{f'{otherwise:,} of {len(spots):,} cells' if otherwise else 'no cell'} "
        f"{'is' if otherwise < 2 else 'are'} otherwise than stated"  # noqa: PLR2004 - one is not many
        f"{f', {untold:,} could not be told' if untold else ''}."
    )
    shown = _folded(rows)
    left_out = sum(len(row.names) for row in shown[_MOST:])
    return HeatMap(roles, tuple(shown[:_MOST]), left_out, wrongs, said)


def _folded(rows: Sequence[Row]) -> list[Row]:
    """Each relation by itself; or of many those first that are otherwise, and then those together that are alike."""
    if len(rows) <= _EACH:
        return list(rows)
    alike: dict[tuple[Spot | None, ...], list[Row]] = {}
    for row in rows:
        if not row.wrong:
            alike.setdefault(tuple(spot and replace(spot, words="") for spot in row.spots), []).append(row)
    together = [
        found[0] if len(found) == 1 else Row(tuple(name for row in found for name in row.names), spots)
        for spots, found in alike.items()
    ]
    return [*(row for row in rows if row.wrong), *sorted(together, key=lambda row: -len(row.names))]


def _home(entry: Entry) -> str | None:
    relation = entry.outcome.relation
    return group_anchor("relation", relation) if relation is not None else None


def _access(entry: Entry) -> Mapping[str, Any]:
    """What a saved report says may be anything."""
    access = entry.outcome.expectation.get("access")
    return access if isinstance(access, Mapping) else {}


def _stated(entry: Entry, roles: Iterable[str]) -> Iterator[Spot | None]:
    outcome = entry.outcome
    findings = {finding.object: finding.observed for finding in outcome.findings}
    findings |= {ignored.object: None for ignored in outcome.ignored}
    told = outcome.status in {"passed", "failed"} or bool(findings)
    for role in roles:
        stated = _access(entry).get(role)
        for command in COMMANDS:
            if stated is None:
                yield None
                continue
            wanted = _wanted(stated, command)
            name = f"{outcome.subject} {command} as {role}"
            wrong = name in findings
            level, columns = _parts(findings[name] if wrong else wanted if told else None)
            words = (outcome.reason or "could not be told") if level is None else ""
            yield Spot(level, columns, words, wanted if wrong else "")


def _wanted(stated: Any, command: str) -> str:
    return str(stated.get(command.lower(), "none") if isinstance(stated, Mapping) else stated)


def _parts(reached: str | None) -> tuple[str | None, tuple[str, ...]]:
    if reached is None:
        return None, ()
    level, _, columns = reached.partition(" (")
    return level, (columns.removesuffix(")"),) if columns else ()


def _wrongs(roles: Iterable[str], spots: Sequence[Spot | None]) -> Iterator[str]:
    places = [(role, command) for role in roles for command in COMMANDS]
    for (role, command), spot in zip(places, spots, strict=True):
        if spot and spot.otherwise:
            columns = f" ({', '.join(spot.columns)})" if spot.columns else ""
            yield f"{command} as {role}: {spot.level or 'could not be told'}{columns}, {spot.otherwise} expected"


def _observed(cell: Cell | None) -> Spot | None:
    if cell is None:
        return None
    why = f" ({cell.declared.why})" if cell.declared.why else ""
    words = f"{cell.command} as {cell.role}: reached {cell.observed.level or 'nothing that could be told'}"
    otherwise = str(cell.declared.level) if cell.disagreement else ""
    return Spot(
        cell.observed.level, tuple(cell.observed.columns), f"{words}; declared {cell.declared.level}{why}", otherwise
    )
