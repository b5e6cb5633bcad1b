"""What people are told is short, says what broke, and acts on nothing, whatever a database calls its things."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import markdown_it
import pytest

from pgcontract.integrations.notify import Compared, Target, Trouble, of_report, of_search, slack
from pgcontract.integrations.notify.change import Change
from pgcontract.integrations.notify.message import LONGEST, NARROW, inert, message
from pgcontract.isolation.model import Leak, Search
from pgcontract.verdict import Database, Report

if TYPE_CHECKING:
    from pgcontract.integrations.notify.message import Message

Made = Callable[..., Report]

LINK = "https://ci.example/1?a=1&b=2"

HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "@here @channel @everyone @all",
    "<@U012AB3CD> <#C012AB3CD>",
    "*bold* _it_ ~no~ `code` ```block```",
    "[free](https://evil.example) www.evil.example",
    "<https://evil.example|Report>",
    "</code></pre><script>alert(1)</script>",
    "\x1b[31mred\x1b[0m \u202eevil \x00",
    "two\nlines\r\n# heading",
    "&lt;!channel&gt;",
)


def told(made: Made, *runs: dict[str, str], link: str | None = None, **about: Any) -> Message:
    reports = [made(number, **about, **letters) for number, letters in enumerate(runs)]
    change = Compared(reports[-1], reversed(reports[:-1]) if len(reports) > 1 else None).change(Target("https://x"))
    return message(of_report(reports[-1], change, link))


def hostile(name: str, number: int = 1) -> Message:
    database = Database(name, name, name)
    troubles = tuple(Trouble(name, "Check", name, name, f"{name} is wrong", runs=1) for _ in range(number))
    report = Report(name, database, datetime(2026, 11, 22, tzinfo=UTC), 1.0, ())
    return message(of_report(report, Change("broken", troubles, troubles), "https://ci.example/1?a=1&b=2"))


def test_what_broke_since_when_and_where(made: Made) -> None:
    runs = ({"a": "F", "b": "P", "c": "F"}, {"a": "F", "b": "F", "c": "P"})
    said = told(made, *runs, link="https://ci.example/7")
    assert said.title == "❌ contract shop on app at db.example: 1 newly broken"
    assert said.text() == (
        "Newly broken (1)\n• b is wrong (Check)\n\n"
        "Still broken (1)\n• a is wrong (Check, since 2026-11-20 08:00 UTC or before, 2 runs)\n\n"
        "Fixed (1)\n• c is wrong (Check)\n\n"
        "2 failed, 1 passed; PostgreSQL 18.6, 2026-11-20 09:00 UTC\n\n"
        "https://ci.example/7\n"
    )
    assert "- `b is wrong` (Check)\n" in said.markdown()
    assert said.markdown().endswith("\n\n<https://ci.example/7>\n")


@pytest.mark.parametrize(
    ("runs", "title"),
    [
        (({"a": "F"},), "❌ contract shop on app at db.example: 1 broken"),
        (({"a": "F"}, {"a": "F"}), "❌ contract shop on app at db.example: still 1 broken"),
        (
            ({"a": "F", "b": "F"}, {"a": "F", "b": "P"}),
            "❌ contract shop on app at db.example: 1 fixed, 1 still broken",
        ),
        (({"a": "F"}, {"a": "P"}), "✅ contract shop on app at db.example: holds again"),
        (({"a": "P"},), "✅ contract shop on app at db.example: holds"),
    ],
)
def test_the_title_says_it_in_a_line(made: Made, runs: tuple[dict[str, str], ...], title: str) -> None:
    assert told(made, *runs).title == title


def test_a_socket_is_no_place_to_name(made: Made) -> None:
    local = Database("app", "18.6", "/run/postgresql")
    assert told(made, {"a": "F"}, database=local).title == "❌ contract shop on app: 1 broken"


def test_leaks_are_told_as_such() -> None:
    leak = Leak("public.notes", "SELECT", "member", "authenticated", "a user can read a row of public.notes", "…", "…")
    search = Search((leak, leak), (), 1, 0, 9)
    database, at = Database("app", "18.6", "db"), datetime(2026, 11, 22, tzinfo=UTC)
    said = message(of_search(search, database, at, None))
    assert said.title == "❌ search for leaks on app at db: 2 leaks"
    assert "• a user can read a row of public.notes (Leak)\n" in said.text()
    unsure = of_search(replace(search, leaks=(), concluded=False), database, at, None)
    assert message(unsure).title == "❌ search for leaks on app at db: nothing could be concluded"
    assert of_search(replace(search, leaks=()), database, at, None).change.event == "holds"


@pytest.mark.parametrize(
    "name", [*HOSTILE, "x" * 100_000, "@" * 100_000, "\x1b" * 5_000], ids=lambda name: repr(name[:20])
)
@pytest.mark.parametrize("number", [1, 500])
def test_it_is_short(name: str, number: int) -> None:
    said = hostile(name, number)
    assert max(len(said.text()), len(said.markdown())) + len(said.title) == said.length <= LONGEST
    assert "\n• " in said.text()


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_it_acts(name: str) -> None:
    said = hostile(name)
    for text in (said.title, said.text(), said.markdown()):
        theirs = text.replace(f"<{LINK}>", "").replace(LINK, "")
        assert not re.search(r"[@#~!]\w|<[!@#/a-z]|\]\(|\w://|www\.\w", theirs)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", theirs)
    assert said.title.count("\n") == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_has_no_link_but_ours_and_no_markup_of_theirs(name: str) -> None:
    tokens = markdown_it.MarkdownIt("commonmark").parse(hostile(name).markdown())
    inline = [each for token in tokens for each in token.children or ()]
    assert [each.attrs.get("href") for each in inline if each.type == "link_open"] == [LINK]
    assert not [
        each for each in [*tokens, *inline] if each.type in {"html_inline", "html_block", "em_open", "heading_open"}
    ]
    assert [token.type for token in tokens].count("list_item_open") == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_slack_gets_its_form_with_its_signs_escaped(name: str) -> None:
    told = slack.document(hostile(name))
    text, _, link = told["text"].rpartition("\n")
    assert link == "<https://ci.example/1?a=1&amp;b=2|Report>"
    assert not re.search(r"[<>*]|&(?!amp;|lt;|gt;)", text)
    assert text.count("```") == text.count("`") // 3 == 2
    blocks = told["blocks"]
    assert [block["type"] for block in blocks] == ["header", "section", "section", "context", "section"]
    assert len(blocks[0]["text"]["text"]) <= 150
    plain = [blocks[0]["text"], blocks[1]["text"], blocks[2]["text"], *blocks[3]["elements"]]
    assert {each["type"] for each in plain} == {"plain_text"}
    assert not any(each["emoji"] or len(each["text"]) > 3_000 for each in plain)


def test_signs_are_parted_from_what_follows() -> None:
    assert inert("a@b <!x> #1").replace(NARROW, "|") == "a@|b <|!|x> #|1"
    assert inert("x < y and z ~ w") == "x < y and z ~ w"
    assert inert("y" * 300) == "y" * 199 + "…"
