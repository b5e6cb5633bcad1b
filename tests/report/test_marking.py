from __future__ import annotations

import time

import pytest

from pgcontract.report.marking import Segments, compare, unified, whole


def brackets(segments: Segments) -> str:
    return "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in segments)


@pytest.mark.parametrize(
    ("expected", "observed", "marked"),
    [
        ("uuid", "uuid", ("uuid", "uuid")),
        ("uuid", "text", ("[uuid]", "[text]")),
        ("", "text", ("", "[text]")),
        ("numeric(12,2)", "numeric(10,2)", ("numeric([12],2)", "numeric([10],2)")),
        ("timestamp with time zone", "timestamp without time zone",
         ("timestamp [with] time zone", "timestamp [without] time zone")),
        ("timestamp", "timestamptz", ("timestamp", "timestamp[tz]")),
        ("not null", "null", ("[not ]null", "null")),
        ("org_id", "user_id", ("[org]_id", "[user]_id")),
        ("amount", "ammount", ("amount", "am[m]ount")),
        ("a b", "c d", ("[a b]", "[c d]")),
        ("(user_id = auth.uid())", "true", ("[(user_id = auth.uid())]", "[true]")),
        ("line 1\nline 2", "line 1\nline 3", ("line 1\nline [2]", "line 1\nline [3]")),
        ("id uuid, at date", "id uuid, on bool, at date", ("id uuid, at date", "id uuid, [on bool, ]at date")),
    ],
)  # fmt: skip
def test_what_differs_is_marked(expected: str, observed: str, marked: tuple[str, str]) -> None:
    left, right = compare(expected, observed)
    assert (brackets(left), brackets(right)) == marked


def test_a_long_text_keeps_the_difference_and_leaves_out_the_rest() -> None:
    alike = "select 1;\n" * 100_000
    left, right = compare(f"{alike}drop {alike}", f"{alike}keep {alike}")
    assert "[drop]" in brackets(left)
    assert "[keep]" in brackets(right)
    assert "998,000 characters left out" in brackets(right)
    assert len(brackets(right)) < 10_000


def test_two_long_texts_with_nothing_in_common_take_no_time() -> None:
    began = time.process_time()
    compare(" ".join(map(str, range(100_000))), " ".join(map(str, range(200_000, 300_000))))
    compare("x" * 1_000_000, "xy" * 500_000)
    assert time.process_time() - began < 5


def test_a_text_that_stands_alone_is_not_marked() -> None:
    assert brackets(whole("a table")) == "a table"
    assert whole("") == ()


BODY = "begin\n  a;\n  b;\n  c;\n  d;\nend"


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        (BODY, BODY.replace("c", "x"), ("@@ -2,5 +2,5 @@", "   a;", "   b;", "-  c;", "+  x;", "   d;", " end")),
        ("a\nb", "a\nc", ()),
        (BODY, None, ()),
        (None, BODY, ()),
        ("\n" * 5_000 + "a", "\n" * 5_000 + "b", ()),
    ],
    ids=["a body", "short", "gone", "new", "enormous"],
)
def test_texts_of_several_lines_are_a_patch(left: str | None, right: str | None, lines: tuple[str, ...]) -> None:
    assert unified(left, right) == lines


def test_a_long_patch_ends() -> None:
    lines = unified("\n".join(map(str, range(500))), "\n".join(map(str, range(500, 1000))))
    assert lines[-1] == "@@ 881 more lines @@"
    assert len(lines) == 121
