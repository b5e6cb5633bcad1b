"""The map of tables with their foreign keys, each in the colour and with the mark of its verdict.

Lengths are in pixels. What many tables refer to would draw a line through all of the map: each of them says so in words
instead. Of more tables than one can look at, those are drawn that are in trouble, with what they are linked to, and all
of them stand as tiles besides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.report.charts.lines import EDGE, HEAD, LOOP, ROW, Line, lines
from pgcontract.report.charts.relations import TROUBLES
from pgcontract.report.charts.tiles import Schema, tiles
from pgcontract.report.document import LEVELS, Level
from pgcontract.report.drawing.layout import Place, Size, Spacing, lay_out
from pgcontract.report.drawing.widths import columns, cut_inside
from pgcontract.report.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pgcontract.report.charts.relations import Link, Node, Relations

MOST = 100
"""How many relations a map shows; of more, only those in trouble and what they are linked to."""

_HUB = 8  # more relations than these refer to it
_CROWDED = 1.6  # lines a relation
_LINES = 4  # of words about links in a box
_ROOM = 1010.0
_LETTER, _SMALL = 7.3, 6.1
_LONGEST = 36
_BESIDES = 34.0
_SPACING = Spacing(gap=13.0, between=48.0, apart=20.0, tallest=660.0)
STANDING: dict[Level, str] = {
    "broken": "broken",
    "errored": "could not be checked",
    "warning": "fails, as a warning",
    "info": "fails, as a notice",
    "skipped": "skipped",
    "ignored": "ignored",
    "passed": "holds",
}
"""What a table or foreign key does or is, in words."""

_WORDS: dict[Level, str] = {
    "broken": "failed",
    "errored": "errored",
    "warning": "warning",
    "info": "notice",
    "skipped": "skipped",
    "ignored": "ignored",
    "passed": "hold",
}


@dataclass(frozen=True, slots=True)
class Refers:
    """Foreign keys in words instead of lines: to one relation, or to several, the one in the worst state first."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A relation on the map.

    Attributes:
        node: What it is.
        label: What stands in it, in one line.
        note: What stands below that: how many of its expectations have each level.
        refers: The relations that it refers to without a line, with what became of each key.
        place: Where it is.
    """

    node: Node
    label: str
    note: str
    refers: tuple[Refers, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Map:
    """The map, ready to be drawn.

    Attributes:
        boxes: The relations, by name.
        lines: The foreign keys that are drawn.
        tiles: All relations as tiles, by schema; none where the map shows all of them.
        said: What it shows, in a sentence.
        levels: Which there are, the worst first.
        title: What it is a map of.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    tiles: tuple[Schema, ...]
    said: str
    levels: tuple[Level, ...]
    title: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """A box before it is placed."""

    label: str
    note: str
    refers: tuple[Refers, ...]
    width: float
    height: float


def table_map(of: Relations) -> Map | None:
    """The map of the relations; None where there is nothing to be seen on it, such as one table by itself."""
    if not of.own or (len(of.nodes) == 1 and not of.links):
        return None
    hubs = _hubs(of.links)
    shown = _shown(of, hubs)
    links = [link for link in of.links if {link.child, link.parent} <= shown]
    drawn = _drawn(links, hubs)
    short = _short(of.own)
    told: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if link not in drawn:
            told[link.child].append(link)
    refers = {name: tuple(_refers(of, found, short)) for name, found in told.items()}
    plans = {name: _plan(of.nodes[name], short, refers.get(name, ()), hubs.get(name, 0)) for name in sorted(shown)}
    looped = {link.child for link in drawn if link.child == link.parent}
    sizes = {name: Size(plan.width + LOOP * (name in looped), plan.height) for name, plan in plans.items()}
    layout = lay_out(sizes, [(link.child, link.parent) for link in drawn], _ROOM, _SPACING)
    boxes = {name: _box(of.nodes[name], plan, layout.boxes[name]) for name, plan in plans.items()}
    places = {name: box.place for name, box in boxes.items()}
    return Map(
        layout.width + 2 * EDGE,
        layout.height + 2 * EDGE,
        tuple(boxes.values()),
        tuple(lines(drawn, places, layout.ways)),
        tiles(of) if len(shown) < len(of.nodes) else (),
        said(of, shown),
        _levels(of),
        "Tables and their foreign keys" if of.links else "Tables",
    )


def said(of: Relations, shown: Collection[str]) -> str:
    """What there is, and what of it the map shows: ``16 tables: 1 broken, 15 hold. …``."""
    tables: Counter[Level] = Counter(node.level for node in of.own)
    keys: Counter[Level] = Counter(key.level for link in of.links for key in link.keys)
    parts = [f"{counted(tables.total(), 'table')}: {_tally(tables)}."]
    if keys:
        parts.append(f"{counted(keys.total(), 'foreign key')}: {_tally(keys)}.")
    troubled = sum(node.level in TROUBLES for node in of.own)
    if len(shown) < len(of.nodes) and troubled:
        drawn = sum(of.nodes[name].level in TROUBLES for name in shown)
        which = f"{drawn:,} of the {troubled:,} in trouble" if drawn < troubled else "those in trouble"
        parts.append(f"Drawn are {which} and what they are linked to; all stand below as tiles.")
    return " ".join(parts)


def _word(number: int, level: Level) -> str:
    if level in {"warning", "info"}:
        return counted(number, _WORDS[level])
    return f"{number:,} {'holds' if (number, level) == (1, 'passed') else _WORDS[level]}"


def _levels(of: Relations) -> tuple[Level, ...]:
    present = {node.level for node in of.own} | {key.level for link in of.links for key in link.keys}
    return tuple(level for level in LEVELS if level in present)


def _tally(counts: Mapping[Level, int]) -> str:
    present: list[Level] = [level for level in LEVELS if counts.get(level)]
    if present == ["passed"]:
        return "holds" if counts["passed"] == 1 else "all hold"
    words = {**_WORDS, "broken": "broken", "warning": "with a warning", "info": "with a notice"}
    words["passed"] = "holds" if counts["passed"] == 1 else "hold"
    return ", ".join(f"{counts[level]:,} {words[level]}" for level in present)


def _hubs(links: Iterable[Link]) -> dict[str, int]:
    """What is referred to by more relations than lines can be followed of, and by how many."""
    referring = Counter(link.parent for link in links if link.child != link.parent)
    return {name: number for name, number in referring.items() if number > _HUB}


def _drawn(links: Collection[Link], hubs: Collection[str]) -> list[Link]:
    """The links that are lines; where they would be more than eyes can follow, only those in trouble are."""
    loops = [link for link in links if link.child == link.parent]
    between = [link for link in links if link.child != link.parent and link.parent not in hubs]
    most = round(_CROWDED * len({end for link in between for end in (link.child, link.parent)}))
    if len(between) > most:
        worst = sorted(between, key=lambda link: LEVELS.index(link.worst.level))
        between = [link for link in worst if link.worst.level in TROUBLES][:most]
    return [*loops, *between]


def _refers(of: Relations, links: Collection[Link], short: str) -> Iterator[Refers]:
    """The links that are words, the worst first."""
    worst = sorted(links, key=lambda link: LEVELS.index(link.worst.level))
    shown = worst if len(worst) <= _LINES else worst[: _LINES - 1]
    for link in shown:
        yield Refers(f"→ {cut_inside(_label(of.nodes[link.parent], short), _LONGEST)}", (link,))
    if rest := worst[len(shown) :]:
        yield Refers(f"→ {counted(len(rest), 'more table')}", tuple(rest))


def _shown(of: Relations, hubs: Collection[str]) -> set[str]:
    """All, or of too many those in trouble, the worst first, and while there is room what they are linked to."""
    if len(of.nodes) <= MOST:
        return set(of.nodes)
    beside: dict[str, set[str]] = defaultdict(set)
    for link in of.links:
        beside[link.child].add(link.parent)
        if link.parent not in hubs:
            beside[link.parent].add(link.child)
    worst = sorted((node for node in of.own if node.level in TROUBLES), key=lambda node: LEVELS.index(node.level))
    shown = {node.name for node in worst[:MOST]}
    for node in worst[:MOST]:
        shown |= set(sorted(beside[node.name] - shown)[: max(0, MOST - len(shown))])
    return shown


def _short(own: Collection[Node]) -> str:
    """The schema that need not be said: where all of the contract's relations are, and `public` where they are not."""
    schemas = {node.schema for node in own}
    return schemas.pop() if len(schemas) == 1 else "public"


def _label(node: Node, short: str) -> str:
    return node.table if node.schema == short else node.name


def _plan(node: Node, short: str, refers: tuple[Refers, ...], referring: int) -> _Plan:
    label = cut_inside(_label(node, short), _LONGEST)
    note = _note(node, referring)
    width = max(columns(label) * _LETTER, *(columns(text) * _SMALL for text in (note, *(one.label for one in refers))))
    return _Plan(label, note, refers, round(width + _BESIDES), HEAD + ROW * len(refers))


def _note(node: Node, referring: int) -> str:
    counts = [_word(number, level) for level, number in node.counts.items()]
    more = [f"{referring:,} tables refer to it"] if referring else []
    return " · ".join([*(counts or ["not in the contract"]), *more])


def _box(node: Node, plan: _Plan, place: Place) -> Box:
    moved = Place(place.x + EDGE, place.y + EDGE, plan.width, place.height)
    return Box(node, plan.label, plan.note, plan.refers, moved)
