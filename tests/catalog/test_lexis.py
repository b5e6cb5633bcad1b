from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgcontract.catalog import lexis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.embedded import Databases


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        "(a)",
        "f(a, '(')",
        "')'",
        "'it''s )'",
        r"E'it\'s )'",
        r"'\'",
        "E'a'\n'b\\' )'",
        "E'a' -- and\n -- on\n 'b\\' )'",
        '")"',
        '"a "")"" b"',
        "$$ ) ' $$",
        "$a$ ) $b$ $$ $a$",
        "foo$$bar",
        "$1 + $2",
        "a -- )",
        "a /* ) */",
        "a /* /* ) */ ) */ = 1",
        "a[1] || array[(1), 2]",
        "U&'\\0041)'",
        "é = 'ü'",
        "a->>'b' #>> '{c,d}'",
    ],
)
def test_what_stays_in_its_brackets(text: str) -> None:
    assert lexis.complaint(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("a)", "a bracket too many: )"),
        ("true) or (true", "a bracket too many: )"),
        ("a]", "a bracket too many: ]"),
        ("(a]", "a bracket too many: ]"),
        ("(a", "a bracket is not closed: ) is missing"),
        ("a[1", "a bracket is not closed: ] is missing"),
        ("'a", "a quote is not closed: '"),
        ('"a', 'a quote is not closed: "'),
        ('""', 'a quote is not closed: "'),
        (r"E'a\'", "a quote is not closed: E'"),
        ("$a$ b", "a quote is not closed: $a$"),
        (r"'\' ) --'", "a bracket too many: )"),
        (r"fooE'\') --'", "a bracket too many: )"),
        ("a /* b", "a comment is not closed: /*"),
        ("a /* /* b */", "a comment is not closed: /*"),
        ("'--' )", "a bracket too many: )"),
        ("-- '\n)", "a bracket too many: )"),
        ("foo$$ ) $$", "a bracket too many: )"),
        ("a\0b", "it holds a NUL character"),
        ("'\ud800'", "it holds half of a character"),
    ],
)
def test_what_reaches_out(text: str, why: str) -> None:
    assert lexis.complaint(text) == why


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Users.id = 1", {"users", "id"}),
        ('"Users".ID', {"Users", "id"}),
        ('"a ""b"""', {'a "b"'}),
        ("'users'", set()),
        ("-- users\n1", set()),
        ("$x$ users $x$", set()),
        ("a$b", {"a$b"}),
    ],
)
def test_names(text: str, found: set[str]) -> None:
    assert lexis.names(text) == found


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("CREATE INDEX i ON t USING btree (a, lower(b)) WHERE (c)", ["USING"], "a, lower(b)"),
        ('CREATE INDEX "USING x (" ON "a USING (y)" USING gin (z)', ["USING"], "z"),
        (
            "CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW WHEN ((a = ') (')) EXECUTE FUNCTION f()",
            ["WHEN"],
            "(a = ') (')",
        ),
        ("f(a) g(b)", [], "a"),
    ],
)
def test_between(text: str, words: list[str], found: str) -> None:
    assert lexis.between(text, *words) == found


def test_between_nothing() -> None:
    with pytest.raises(ValueError, match="no brackets after USING"):
        lexis.between("CREATE INDEX (a)", "USING")


@pytest.mark.parametrize(
    ("text", "found"),
    [("a", ["a"]), ("a, f(b, c), 'd,e'", ["a", "f(b, c)", "'d,e'"]), ('"x,y", z[1,2]', ['"x,y"', "z[1,2]"])],
)
def test_pieces(text: str, found: list[str]) -> None:
    assert list(lexis.pieces(text)) == found


@pytest.fixture(scope="module")
def scanner(server: Databases) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("set standard_conforming_strings = on")
        connection.execute("set escape_string_warning = off")
        yield connection


PARTS = st.sampled_from(
    [
        "(",
        ")",
        "[",
        "]",
        "'",
        "''",
        '"',
        "E'",
        "\\",
        "\\'",
        "$$",
        "$a$",
        "--",
        "\n",
        "/*",
        "*/",
        "1",
        " ",
        "a",
        ",",
        "+",
    ]
)


@settings(deadline=None, max_examples=500)
@given(parts=st.lists(PARTS, max_size=10))
def test_the_server_draws_the_same_line(scanner: psycopg.Connection[Any], parts: list[str]) -> None:
    """What we let pass never ends our bracket or eats what follows; what we refuse never was one expression."""
    text = "".join(parts)
    result = scanner.pgconn.exec_params(f"select ({text}\n), 'end'".encode(), None)
    if result.status == psycopg.pq.ExecStatus.TUPLES_OK:
        whole = result.nfields == 2 and result.get_value(0, 1) == b"end"
        assert whole == (lexis.complaint(text) is None)


WORTHY = st.recursive(
    st.sampled_from(
        ["1", "'a'", "'('", "E'\\')'", "$$)$$", "$a$ $$ ( $a$", "'a'\n')'", "E'a'\n'\\')'", "1 /* ) */", "1 --)\n"]
    ),
    lambda inner: st.one_of(
        inner.map("({})".format), inner.map("(array[{}])[1]".format), inner.map("coalesce({}, null)".format)
    ),
)


@settings(deadline=None, max_examples=200)
@given(text=WORTHY)
def test_no_good_expression_is_refused(scanner: psycopg.Connection[Any], text: str) -> None:
    result = scanner.pgconn.exec_params(f"select ({text}\n), 'end'".encode(), None)
    assert result.status == psycopg.pq.ExecStatus.TUPLES_OK
    assert lexis.complaint(text) is None
