"""The map of tables: it says what the outcomes say, every link leads somewhere, and a large one stays small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.names import qualified
from pgcontract.report.charts.map import MOST, table_map
from pgcontract.report.charts.relations import relations
from pgcontract.report.document import Document, arrange
from pgcontract.report.html import render

if TYPE_CHECKING:
    from pgcontract.report.charts.map import Map
    from pgcontract.report.drawing.layout import Place
    from pgcontract.verdict import Report

Arranged = Callable[..., Document]
Links = list[tuple[str, str, str]]

NASTY = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</svg><b>x", "&lt;", "\u202eevil", "new\nline",
         "\x00nul", "{{ 7*7 }}", "名前" * 30, "x" * 63, "a.b", " ", "\ud83d")  # fmt: skip


def mapped(document: Document) -> Map:
    found = table_map(relations(document))
    assert found is not None
    return found


def star(number: int) -> tuple[dict[str, str], Links]:
    """So many tables that all refer to one."""
    names = [f"public.t{each:04}" for each in range(number)]
    return {"public.hub": "P"} | dict.fromkeys(names, "P"), [(name, "public.hub(id)", "P") for name in names]


def overlap(one: Place, other: Place) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not beside and one.y < other.y + other.height and other.y < one.y + one.height


SHAPES: dict[str, tuple[dict[str, str], Links]] = {
    "none refers": (dict.fromkeys(("public.a", "public.b", "public.c"), "P"), []),
    "tree": (
        dict.fromkeys(("public.a", "public.b", "public.c"), "PF"),
        [("public.b", "public.a(id)", "P"), ("public.c", "public.b(id)", "F"), ("public.c", "public.a(id)", "E")],
    ),
    "circle": (
        {"public.a": "P", "public.b": "S", "public.c": "I"},
        [("public.a", "public.b(id)", "P"), ("public.b", "public.c(id)", "F"), ("public.c", "public.a(id)", "S")],
    ),
    "both ways": (
        {"public.a": "W", "public.b": "N"},
        [("public.a", "public.b(id)", "P"), ("public.b", "public.a(id)", "W"), ("public.a", "public.a(id)", "F")],
    ),
    "only itself": ({"public.a": "P"}, [("public.a", "public.a(id)", "P")]),
    "outside": ({"sales.a": "P"}, [("sales.a", "auth.users(id)", "F")]),
    "hub": star(20),
    "odd names": (
        {qualified("public", name): "PF" for name in NASTY},
        [(qualified("public", one), f"{qualified('public', NASTY[0])}(id)", "F") for one in NASTY[1:]],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_picture_says_what_the_outcomes_say(shape: str, made: Any, drawn: Any) -> None:
    tables, links = SHAPES[shape]
    report = made(tables, links)
    page = drawn(report)
    boxes, lines = page.having("box"), page.having("line")
    outside = {parent.removesuffix("(id)") for _, parent, _ in links} - set(tables)
    assert len(boxes) == len(tables) + len(outside)
    assert mapped(arrange(report)).title == ("Tables and their foreign keys" if links else "Tables")
    assert sum("outside" in box["class"] for box in boxes) == len(outside)
    levels = {"P": "passed", "F": "broken", "E": "errored", "W": "warning", "N": "info", "S": "skipped", "I": "ignored"}
    if shape not in {"hub", "odd names"}:  # many refer to one: they say so in words
        assert Counter(line["class"].split()[1] for line in lines) == Counter(levels[letter] for *_, letter in links)
    for link in page.having("line") + boxes:
        assert link["title"]
        assert link["tag"] == "g" or link["href"].removeprefix("#") in page.ids


@pytest.mark.parametrize("shape", SHAPES)
def test_boxes_do_not_overlap_and_stay_on_the_map(shape: str, arranged: Arranged) -> None:
    found = mapped(arranged(*SHAPES[shape]))
    places = [box.place for box in found.boxes]
    for number, one in enumerate(places):
        assert one.x >= 0
        assert one.x + one.width <= found.width
        assert one.y + one.height <= found.height
        assert not any(overlap(one, other) for other in places[number + 1 :])


def test_what_many_refer_to_is_said_in_words(arranged: Arranged) -> None:
    tables, links = star(20)
    found = mapped(arranged(tables, [*links[:-1], (links[-1][0], links[-1][1], "F")]))
    assert found.lines == ()
    notes = {box.node.name: box.note for box in found.boxes}
    assert notes["public.hub"] == "1 holds · 20 tables refer to it"
    assert notes["public.t0019"] == "1 failed · 1 holds"
    assert {one.label for box in found.boxes for one in box.refers} == {"→ hub"}
    assert Counter(one.links[0].worst.level for box in found.boxes for one in box.refers) == {"passed": 19, "broken": 1}
    assert found.said == "21 tables: 1 broken, 20 hold. 20 foreign keys: 1 broken, 19 hold."
    assert len(mapped(arranged(*star(8))).lines) == 8


def test_of_more_lines_than_eyes_can_follow_those_in_trouble_are_drawn(
    arranged: Arranged, made: Any, drawn: Any
) -> None:
    names = [f"public.t{number}" for number in range(12)]
    links = [(one, f"{other}(id)", "P") for place, one in enumerate(names) for other in names[place + 1 : place + 7]]
    links[3] = (*links[3][:2], "F")
    found = mapped(arranged(dict.fromkeys(names, "P"), links))
    assert [(line.link.child, line.link.parent) for line in found.lines] == [("public.t0", "public.t4")]
    refers = {box.node.name: [one.label for one in box.refers] for box in found.boxes}
    assert refers["public.t0"] == ["→ t1", "→ t2", "→ t3", "→ 2 more tables"]
    assert refers["public.t10"] == ["→ t11"]
    assert sum(len(one.links) for box in found.boxes for one in box.refers) == len(links) - 1
    broken = [(one, other, "F") for one, other, _ in links]
    assert len(mapped(arranged(dict.fromkeys(names, "P"), broken)).lines) < len(links)
    assert len(drawn(made(dict.fromkeys(names, "P"), links)).having("line")) == 1


def test_of_many_boxes_one_tabs_through_those_in_trouble(made: Any, drawn: Any) -> None:
    for number, quiet in ((40, 0), (41, 39)):
        letters = {f"public.t{each:02}": "F" if each < 2 else "P" for each in range(number)}
        boxes = drawn(made(letters)).having("box")
        assert sum(box.get("tabindex") == "-1" for box in boxes) == quiet
        assert not any("tabindex" in box for box in boxes if "broken" in box["class"])


@pytest.mark.parametrize(
    ("tables", "labels"),
    [
        (["public.a", "public.b"], ["a", "b"]),
        (["sales.a", "sales.b"], ["a", "b"]),
        (["public.a", "sales.b"], ["a", "sales.b"]),
        (["audit.a", "sales.b"], ["audit.a", "sales.b"]),
        (['public."A.b"', "public.b"], ['"A.b"', "b"]),
        ([f"public.{'x' * 60}_a", f"public.{'x' * 60}_b"], [f"{'x' * 23}…{'x' * 10}_{end}" for end in "ab"]),
    ],
)
def test_a_schema_is_named_where_it_must_be(arranged: Arranged, tables: list[str], labels: list[str]) -> None:
    found = mapped(arranged(dict.fromkeys(tables, "P")))
    assert [box.label for box in found.boxes] == labels


def test_there_is_none_of_one_table_by_itself(arranged: Arranged, report: Report) -> None:
    assert table_map(relations(arranged({"public.a": "F"}))) is None
    assert 'id="map"' not in render(replace(report, outcomes=()))


def large(tables: int, troubled: int) -> tuple[dict[str, str], Links]:
    """So many tables, a schema a hundred, each of which refers to the one before, and all of them to the first."""
    names = [f"s{number // 100}.t{number:04}" for number in range(tables)]
    letters = {name: "F" if number < troubled else "P" for number, name in enumerate(names)}
    links = [(name, f"{names[0]}(id)", "P") for name in names[1:]]
    return letters, [*links, *((one, f"{other}(id)", "P") for other, one in pairwise(names[1:]))]


@pytest.mark.parametrize(
    ("troubled", "boxes", "said"),
    [
        (0, 0, "200 tables: all hold. 397 foreign keys: all hold."),
        (3, 4, "Drawn are those in trouble and what they are linked to; all stand below as tiles."),
        (
            200,
            MOST,
            f"Drawn are {MOST} of the 200 in trouble and what they are linked to; all stand below as tiles.",
        ),
    ],
)
def test_of_many_tables_those_in_trouble_are_drawn(
    made: Any, arranged: Arranged, drawn: Any, troubled: int, boxes: int, said: str
) -> None:
    tables, links = large(200, troubled)
    found = mapped(arranged(tables, links))
    assert len(found.boxes) == boxes
    assert found.said.endswith(said)
    page = drawn(made(tables, links))
    tiles = [
        each for each in page.elements if each.get("tabindex") == "-1" and each["tag"] == "a" and "class" not in each
    ]
    assert len(tiles) == troubled
    assert {tile["href"].removeprefix("#") for tile in tiles} <= page.ids
    assert sum(each["tag"] == "rect" and "width" not in each for each in page.elements) == 200


def test_a_thousand_tables_take_little_time_and_room(made: Any, arranged: Arranged) -> None:
    tables, links = large(1000, 500)
    document = arranged(tables, links)
    began = process_time()
    mapped(document)
    assert process_time() - began < 0.5
    page = render(made(tables, links))
    assert (
        len(page[page.index('<section id="map"') : page.index("</section>", page.index('<section id="map"'))]) < 200_000
    )
