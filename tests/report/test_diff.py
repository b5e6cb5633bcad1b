"""Differences as people and machines see them: nothing that a database calls its things colours, moves or hides."""

from __future__ import annotations

import html
import io
import json
import re
from dataclasses import replace

import jsonschema  # type: ignore[import-untyped]
import pytest
from rich.console import Console

from pgcontract.difference import GRADES, Comparison, Difference, at_least, counts, worst
from pgcontract.report.diff import SCHEMA, to_json, to_markdown
from pgcontract.report.diff_terminal import show

NASTY = 'public."\x1b[31m|`<b>[x](http://e.vil)\u202e\n"'
TYPE = Difference(
    "public.users.id", "column", "type", "uuid", "text", "breaking", "it is another", "public.users", None, ()
)
GONE = Difference(
    NASTY, "table", "existence", None, "table, 1 column", "dangerous", f"{NASTY} is new", NASTY,
    f"Perhaps it was {NASTY}, renamed.", (f"column {NASTY}.a",),
)  # fmt: skip
BOTH = Comparison("a.sql", "b.sql", (TYPE, GONE), ("ColumnType x: \x1b[2Joh",))


def shown(comparison: Comparison, *, verbose: bool = False, ascii_only: bool = False) -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii" if ascii_only else "utf-8", errors="backslashreplace")
    console = Console(file=file, width=70, force_terminal=False)
    show(comparison, console, verbose=verbose)
    file.seek(0)
    return file.read()


def test_json_is_as_its_schema_says() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for comparison in (BOTH, Comparison("a", "b", ())):
        jsonschema.Draft202012Validator(schema).validate(json.loads(to_json(comparison)))
    content = json.loads(to_json(BOTH))
    assert content["differences"][1]["object"] == NASTY
    assert content["summary"] == {"dangerous": 1, "breaking": 1, "needs review": 0, "safe": 0}


def test_the_terminal_shows_both_sides_and_why() -> None:
    text = shown(BOTH)
    lines = text.splitlines()
    assert lines[:5] == [
        "public.users",
        "! column id: type  breaking",
        "    left   uuid",
        "    right  text",
        "    why    it is another",
    ]
    assert lines[-1] == "2 differences: 1 dangerous, 1 breaking, from a.sql to b.sql"
    assert "    left   nothing" in lines
    assert "is new  dangerous" in text
    assert ".a" not in text
    assert "column public." in shown(BOTH, verbose=True)


@pytest.mark.parametrize("text", [shown(BOTH, verbose=True), to_markdown(BOTH)], ids=["terminal", "markdown"])
def test_nothing_acts(text: str) -> None:
    assert not any(char in text for char in "\x1b\u202e\x07")


def test_a_table_of_markdown_has_as_many_cells_as_columns() -> None:
    text = to_markdown(BOTH)
    rows = [row for row in text.splitlines() if row.startswith("|")]
    assert {row.replace("\\|", "").count("|") for row in rows} == {6}
    assert "&#60;b&#62;&#91;x&#93;" in rows[-1].rpartition(" | ")[2]  # what is no code is escaped
    assert text.startswith("**2 differences: 1 dangerous, 1 breaking** from `a.sql` to `b.sql`\n")
    assert "- could not be told: ColumnType x" in text


def test_a_comment_calls_nobody_and_refers_to_nothing() -> None:
    """A role may be called as somebody on GitHub is; outside of code that would tell them."""
    named = replace(TYPE, property="privileges of @ann", reason="@ann may SELECT, which fixes #1")
    drawn = html.unescape(re.sub(r"`[^`]*`", "", to_markdown(Comparison("a", "b", (named,), ("@ann of #1",)))))
    assert drawn.count("ann") == 3
    assert not re.search(r"@\w|#\d", drawn)


@pytest.mark.parametrize(
    ("unchecked", "said"), [((), "no difference, from a to b"), (("x",), "no difference in what could be told, from")]
)
def test_no_difference(unchecked: tuple[str, ...], said: str) -> None:
    assert said in shown(Comparison("a", "b", (), unchecked))


def test_grades_are_in_order() -> None:
    assert [at_least(grade, "breaking") for grade in GRADES] == [False, False, True, True]
    assert worst(["safe", "dangerous", "breaking"]) == "dangerous"
    assert worst([]) == "safe"
    assert list(counts([TYPE])) == ["dangerous", "breaking", "needs review", "safe"]


def test_a_body_of_several_lines_is_shown_as_a_patch() -> None:
    """Not as two texts, of which one would have to look for what differs; and nothing in it ends its block."""
    left = "begin\n  a;\n  ```;\n  \x1b[31mb;\nend"
    body = Difference("s.f()", "function", "body", left, left.replace("a;", "x;"), "needs review", "why", "s.f()")
    comparison = Comparison("a", "b", (body,))
    lines = shown(comparison).splitlines()
    assert lines[2:8] == [
        "    lines  - left, + right",
        "      @@ -1,4 +1,4 @@",
        "       begin",
        "      -  a;",
        "      +  x;",
        "         ```;",
    ]
    markdown = to_markdown(comparison).splitlines()
    assert markdown[markdown.index("````diff") + 3 : markdown.index("````")] == [
        "-  a;",
        "+  x;",
        "   ```;",
        "   \\x1b[31mb;",
    ]


def test_of_many_the_worst_are_told_again_at_the_end() -> None:
    safe = [replace(TYPE, object=f"public.t{k}", belongs_to=f"public.t{k}", grade="safe") for k in range(60)]
    bad = [replace(TYPE, object=f"public.u{k}.id", belongs_to=f"public.u{k}", grade="dangerous") for k in range(30)]
    lines = shown(Comparison("a", "b", (*bad, *safe))).splitlines()
    place = lines.index("dangerous, of these:")
    assert lines[place + 1] == "  public.u0: column id: type"
    assert lines[place + 20 : place + 22] == ["  public.u19: column id: type", "  and 10 more"]
    assert lines[-1].startswith("90 differences: 30 dangerous, 60 safe")
    assert "of these:" not in shown(Comparison("a", "b", (*bad[:3], *safe[:3])))
    assert "of these:" not in shown(Comparison("a", "b", tuple(safe)))
