"""Texts drawn from patterns are ones in which the server finds them."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from pgcontract.synth.draw import RandomDraw
from pgcontract.synth.regex import like, parse
from pgcontract.synth.texts import matcher, matching

if TYPE_CHECKING:
    from tests.synth.conftest import Connection

PATTERNS = [
    "^[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}$",
    "^\\+?[1-9]\\d{1,14}$",
    "^#[0-9a-fA-F]{6}$",
    "^[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){3,5}$",
    "^(https?|ftp)://[^\\s/$.?#].[^\\s]*$",
    "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$",
    "^v?\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$",
    "^[[:alpha:]][[:alnum:]_]*$",
    "^[^[:space:]@]+$",
    "\\mcat\\M",
    "^a|b$",
    "colou?r",
    "^\\S+\\s\\S+$",
    "^[-+]?[0-9]*\\.?[0-9]+$",
    "^[]a-]+$",
    "^.{3,5}$",
    "^(?=.*\\d)[a-z0-9]{8,12}$",
    "^(?!000)\\d{3}$",
    "(?i)^abc$",
    "^\\w+([.-]?\\w+)*$",
    "^\\D*$",
    "^[[:digit:]]{3}[[:upper:]][[:xdigit:]]+$",
    "^x{0}y*?z+?$",
]
LIKES = ["abc", "a%", "%@%.%", "_b_", "100\\%", "a\\_b%", "%%"]


def seeded(seed: int) -> RandomDraw:
    return RandomDraw(Random(seed))  # noqa: S311 - no secret


def server_finds(lab: Connection, text: str, operator: str, pattern: str) -> bool:
    found = lab.execute(f"select %s::text {operator} %s".encode(), [text, pattern]).fetchone()
    lab.rollback()
    return bool(found and found[0])


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_regular_expression_is_found_in_what_is_drawn(pattern: str, lab: Connection) -> None:
    tree = parse(pattern)
    assert tree is not None
    draw = seeded(7)
    fitting = [
        text for text in (matching(draw, tree, "", more) for more in (0, 2, 8) * 8) if matcher(tree).search(text)
    ]
    assert fitting
    for text in fitting:
        assert server_finds(lab, text, "~", pattern), text


@pytest.mark.parametrize("pattern", LIKES)
def test_a_like_pattern_is_found_in_what_is_drawn(pattern: str, lab: Connection) -> None:
    for seed in range(5):
        text = matching(seeded(seed), like(pattern), "", 8)
        assert server_finds(lab, text, "like", pattern), text


@pytest.mark.parametrize(
    ("pattern", "marked"),
    [
        ("^[a-z0-9]+@[a-z]+\\.de$", True),
        ("^https://", True),
        ("^[A-Z0-9]{4,40}$", True),
        ("^\\d{5}$", False),
        ("x$", True),
    ],
)
def test_a_marker_stands_where_there_is_room(pattern: str, marked: bool) -> None:  # noqa: FBT001 - a parameter
    tree = parse(pattern)
    assert tree is not None
    text = matching(seeded(1), tree, "Mark-9", 8)
    assert matcher(tree).search(text)
    assert ("mark9" in text.lower().replace("-", "")) is marked


@pytest.mark.parametrize("pattern", ["(a)\\1", "[a", "a{", "(?<n>a)", "*"])
def test_what_is_beyond_us_is_nothing(pattern: str) -> None:
    assert parse(pattern) is None
