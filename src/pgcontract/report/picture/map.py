"""The table map: tables as boxes, foreign keys as lines with a crow's foot, in an SVG that stands in a page.

It can be coloured: a report gives each table the tone of its verdict. The macro `table_map` of `map.html.j2` draws it,
in a page whose styles include `map.css`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pgcontract.catalog.effective import schema_of
from pgcontract.names import quote, split
from pgcontract.report.drawing.layout import Place, Size, curve, lay_out
from pgcontract.report.drawing.widths import columns, cut
from pgcontract.report.picture.links import links
from pgcontract.report.picture.types import short
from pgcontract.report.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.report.drawing.layout import Layout
    from pgcontract.report.picture.parts import Link

_HEAD, _ROW, _PAD = 25.0, 17.0, 9.0
_HEAD_LETTER, _LETTER = 7.25, 6.65
_NAME_MOST, _ROW_MOST, _TYPE_MOST = 34, 26, 14
_ROWS = 9
_EDGE = 14.0
ROOM = 1060.0
"""How wide a map is on a page, in pixels, where its tables allow it."""


class BoxRow(NamedTuple):
    """A column in a box: its key (`PK`, `FK`, `PK FK`), its name, its type, and where its middle is."""

    key: str
    name: str
    type: str
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A table.

    Attributes:
        name: Its canonical name.
        label: What stands in its head.
        href: Where it leads to, such as `#public.users`; None for nowhere.
        tone: A class that colours it: `passed`, `broken`, …; empty for none.
        outside: Whether it belongs to another map, and only shows where a line goes.
        more: How many columns are not shown.
    """

    name: str
    label: str
    href: str | None
    tone: str
    outside: bool
    place: Place
    rows: tuple[BoxRow, ...]
    more: int


class Line(NamedTuple):
    """A foreign key: its path, the marks at its ends, and what it says when pointed at."""

    path: str
    marks: str
    required: bool
    title: str


@dataclass(frozen=True, slots=True)
class TableMap:
    """A map, ready to be drawn by the macro `table_map` of `map.html.j2`; lengths are in pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The boxes before they are placed."""

    labels: dict[str, str] = field(default_factory=dict)
    rows: dict[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    more: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, Size] = field(default_factory=dict)


def table_map(  # noqa: PLR0913 - what is drawn, and how, are keywords
    catalog: Catalog,
    tables: Collection[str],
    *,
    outside: Collection[str] = (),
    tones: Mapping[str, str] | None = None,
    href: Callable[[str], str | None] = lambda _name: None,
    room: float = ROOM,
) -> TableMap:
    """A map of tables and the foreign keys among them.

    Args:
        catalog: The database.
        tables: The canonical names of the tables.
        outside: Others that these refer to, which are shown at the rim.
        tones: A class for each table that is to be coloured, such as the level of its worst outcome.
        href: Where a table leads to.
        room: How wide the map may be, in pixels.
    """
    own = set(tables)
    names = [*tables, *(name for name in outside if name not in own)]
    known = set(names)
    drawn = [link for link in links(catalog, tables) if link.parent in known]
    plan = _plan(catalog, names, own, drawn)
    layout = lay_out(plan.sizes, [(link.child, link.parent) for link in drawn], room)
    boxes = {name: _box(name, plan, layout.boxes[name]) for name in names}
    colours = tones or {}
    return TableMap(
        layout.width + 2 * _EDGE,
        layout.height + 2 * _EDGE,
        tuple(
            Box(
                name,
                plan.labels[name],
                href(name),
                colours.get(name, ""),
                name not in own,
                *boxes[name],
                plan.more[name],
            )
            for name in names
        ),
        tuple(_lines(drawn, boxes, layout)),
    )


def _plan(catalog: Catalog, names: Sequence[str], own: set[str], drawn: Sequence[Link]) -> _Plan:
    plan = _Plan()
    schemas = {schema_of(name) for name in own}
    keys: dict[str, set[str]] = defaultdict(set)
    for link in drawn:
        keys[link.child].update(link.columns)
    for name in names:
        short = len(schemas) == 1 and schema_of(name) in schemas
        relation = catalog.relations.get(name)
        shown, more = _rows(relation, keys[name]) if relation is not None and name in own else ((), 0)
        plan.labels[name] = cut(quote(split(name)[-1]) if short else name, _NAME_MOST)
        plan.rows[name], plan.more[name] = shown, more
        widest = max((_row_width(*row) for row in shown), default=0.0)
        head = columns(plan.labels[name]) * _HEAD_LETTER + 2 * _PAD
        width = max(head, widest, 40 + 16 * _LETTER if more else 90.0)
        plan.sizes[name] = Size(
            round(width), _HEAD + len(shown) * _ROW + (_ROW if more else 0) + (5 if shown or more else 0)
        )
    return plan


def _row_width(key: str, name: str, kind: str) -> float:
    del key
    return (columns(name) + columns(kind) + 2) * _LETTER + 2 * _PAD + 24


def _rows(relation: Relation, foreign: set[str]) -> tuple[tuple[tuple[str, str, str], ...], int]:
    """The columns that a map shows, those of keys, or the first ones where there are few; and how many it does not."""
    primary = set(relation.primary_key.columns) if relation.primary_key else set()
    every = list(relation.columns.values())
    keys = [column for column in every if column.name in primary | foreign]
    chosen = every if len(every) <= len(keys) + 2 else keys
    shown = chosen[:_ROWS]
    rows = tuple(
        (
            "PK" if column.name in primary else "FK" if column.name in foreign else "",
            cut(quote(column.name), _ROW_MOST),
            cut(short(column.type), _TYPE_MOST),
        )
        for column in shown
    )
    return rows, len(every) - len(shown)


def _box(name: str, plan: _Plan, place: Place) -> tuple[Place, tuple[BoxRow, ...]]:
    moved = Place(place.x + _EDGE, place.y + _EDGE, place.width, place.height)
    first = moved.y + _HEAD + _ROW / 2 + 2
    return moved, tuple(BoxRow(*row, first + number * _ROW) for number, row in enumerate(plan.rows[name]))


def _lines(
    drawn: Sequence[Link], boxes: Mapping[str, tuple[Place, tuple[BoxRow, ...]]], layout: Layout
) -> Iterator[Line]:
    for link in drawn:
        child, parent = boxes[link.child], boxes[link.parent]
        start, end = _height(child, link.columns), _height(parent, link.referenced, "PK")
        said = f"{line(link.child)} ({', '.join(link.columns)}) → {line(link.parent)}"
        if link.child == link.parent:
            x, top = child[0].x + child[0].width, child[0].y + 9
            path = f"M{x:.0f} {start:.0f}C{x + 30:.0f} {start:.0f} {x + 30:.0f} {top:.0f} {x:.0f} {top:.0f}"
            yield Line(path, _foot(x, start, 1, link) + _bar(x, top, 1, link), link.required, line(said))
            continue
        turned = (link.child, link.parent) not in layout.ways
        way = layout.ways[(link.parent, link.child) if turned else (link.child, link.parent)]
        left, right = (child[0], parent[0]) if turned else (parent[0], child[0])
        low, high = (start, end) if turned else (end, start)
        moved = [(a + _EDGE, b + _EDGE, h + _EDGE) for a, b, h in way]
        path = curve((left.x + left.width, low), (right.x, high), moved)
        at_child, at_parent = (left.x + left.width, right.x) if turned else (right.x, left.x + left.width)
        side = 1 if turned else -1
        yield Line(
            path, _foot(at_child, start, side, link) + _bar(at_parent, end, -side, link), link.required, line(said)
        )


def _height(box: tuple[Place, tuple[BoxRow, ...]], wanted: Sequence[str], key: str = "") -> float:
    """How far down a line meets a box: at the first of the columns that it is about, or at the head."""
    place, rows = box
    names = {quote(name) for name in wanted}
    found = [row.y for row in rows if row.name in names and (not key or key in row.key)]
    return found[0] if found else place.y + _HEAD / 2


def _foot(x: float, y: float, side: int, link: Link) -> str:
    """A crow's foot where many rows refer, a bar where at most one does."""
    if link.single:
        return f"M{x + 6 * side:.0f} {y - 4:.0f}v8"
    return f"M{x:.0f} {y - 4:.0f}L{x + 9 * side:.0f} {y:.0f}L{x:.0f} {y + 4:.0f}"


def _bar(x: float, y: float, side: int, link: Link) -> str:
    """A bar where every row refers to one, a ring where it need not."""
    if link.required:
        return f"M{x + 6 * side:.0f} {y - 4:.0f}v8"
    return f"M{x + (2 if side > 0 else -8):.0f} {y:.0f}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"
