from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pgcontract import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.embedded import Databases

# What a name may hold: any character but NUL, and no half of a surrogate pair.
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=63)
ODD_NAMES = [
    "users",
    "User",
    "order",
    "a b",
    " a",
    "a.b",
    'a"b',
    '"',
    "é",
    "☃",
    "1a",
    "_",
    "a$",
    "a(b",
    "a,b",
    "\n",
    ".",
]


@pytest.fixture(scope="module")
def server_connection(server: Databases) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        yield connection


@settings(deadline=None)
@given(name=NAMES)
@example(name='Weird "name" <script>')
@example(name="c" * 63)
def test_a_quoted_name_splits_into_itself(name: str) -> None:
    assert names.split(names.quote(name)) == (name,)


@settings(deadline=None)
@given(schema=NAMES, name=NAMES)
def test_canonical_names_are_fixed_points(schema: str, name: str) -> None:
    text = names.qualified(schema, name)
    assert names.split(text) == (schema, name)
    assert names.canonical(text) == text
    assert names.canonical(text, "ignored") == text
    assert names.canonical(names.quote(name), schema) == text


@settings(deadline=None)
@given(schema=NAMES, name=NAMES, types=st.lists(NAMES.map(names.quote), max_size=3))
def test_a_signature_keeps_its_parts(schema: str, name: str, types: list[str]) -> None:
    text = names.qualified(schema, name)
    assert names.signature(f"{text}({', '.join(types)})") == (text, tuple(types))
    assert names.signature(text) == (text, None)


@settings(deadline=None, max_examples=200)
@given(text=NAMES)
def test_quotes_as_the_server_does(server_connection: psycopg.Connection[Any], text: str) -> None:
    row = server_connection.execute("select quote_ident(%s), quote_literal(%s)", [text, text]).fetchone()
    assert row is not None
    assert names.quote(text) == row[0]
    assert names.literal(text) == row[1].strip()


@pytest.mark.parametrize("conforming", ["on", "off"])
@pytest.mark.parametrize("text", ["", "it's", "\\", "\\'", "a\\nb", "';--", "é☃"])
def test_a_literal_means_its_text(server_connection: psycopg.Connection[Any], conforming: str, text: str) -> None:
    server_connection.execute(f"set standard_conforming_strings = {conforming}".encode())
    server_connection.execute("set escape_string_warning = off")
    try:
        row = server_connection.execute(f"select {names.literal(text)}".encode()).fetchone()
    finally:
        server_connection.execute("reset all")
    assert row == (text,)


def test_every_keyword_is_quoted_as_the_server_quotes_it(server_connection: psycopg.Connection[Any]) -> None:
    rows = server_connection.execute("select word, quote_ident(word) from pg_get_keywords()").fetchall()
    ours = {word: names.quote(word) for word, _ in rows}
    needless = {word for word, theirs in rows if ours[word] != theirs and theirs == word}
    missing = {word for word, theirs in rows if ours[word] != theirs and theirs != word}
    assert not missing
    if server_connection.info.server_version >= 180000:
        assert not needless


@pytest.mark.pg(">= 18")
def test_the_list_of_keywords_is_the_servers(server_connection: psycopg.Connection[Any]) -> None:
    rows = server_connection.execute("select word from pg_get_keywords() where catcode <> 'U'").fetchall()
    assert {row[0] for row in rows} == names._KEYWORDS  # noqa: SLF001 - the list is the point


@pytest.mark.parametrize("name", ODD_NAMES)
def test_the_server_finds_what_we_quoted(server_connection: psycopg.Connection[Any], name: str) -> None:
    with server_connection.transaction(force_rollback=True):
        server_connection.execute(f"create table {names.qualified('public', name)} ()".encode())
        found = server_connection.execute("select relname from pg_class where oid = %s::regclass", [names.quote(name)])
        assert found.fetchone() == (name,)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("users", ("users",)),
        ("app.users", ("app", "users")),
        ("User", ("User",)),
        ("my table", ("my table",)),
        ('"a.b".c', ("a.b", "c")),
        ('a."b""c"', ("a", 'b"c')),
        ('" edge "', (" edge ",)),
        ("a.b.c", ("a", "b", "c")),
        ("naïve ☃", ("naïve ☃",)),
        ('"("', ("(",)),
    ],
)
def test_split(text: str, parts: tuple[str, ...]) -> None:
    assert names.split(text) == parts


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a part is empty"),
        (".a", "unexpected '.'"),
        ("a.", "a part is empty"),
        ("a..b", "unexpected '.'"),
        ('""', "unexpected '\"'"),
        ('a"b', "unexpected '\"'"),
        ('"a', "unexpected '\"'"),
        ('"a"b', "unexpected 'b'"),
        (" a", "blanks"),
        ("a .b", "blanks"),
        ("a,b", "unexpected ','"),
        ("f(x)", "unexpected '('"),
        ("a\0b", "is not a name"),
    ],
)
def test_what_is_no_name(text: str, why: str) -> None:
    with pytest.raises(ValueError, match="is not a name") as caught:
        names.split(text)
    assert why in str(caught.value)


def test_canonical_takes_two_parts_at_most() -> None:
    with pytest.raises(ValueError, match="has 3 parts"):
        names.canonical("a.b.c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f()", ("public.f", ())),
        ("f", ("public.f", None)),
        ("f( )", ("public.f", ())),
        ("app.f(uuid,  text)", ("app.f", ("uuid", "text"))),
        ("f (numeric(10,2), varchar(80)[])", ("public.f", ("numeric(10,2)", "varchar(80)[]"))),
        ('"f(x"(int)', ('public."f(x"', ("int",))),
        ('f("a,b", app."c)d")', ("public.f", ('"a,b"', 'app."c)d"'))),
        ("f(int) ", ("public.f", ("int",))),
    ],
)
def test_signature(text: str, expected: tuple[str, tuple[str, ...] | None]) -> None:
    assert names.signature(text, "public") == expected


@pytest.mark.parametrize(
    "text", ["f(", "f(int", "f(int,)", "f(,int)", "f(int,,text)", "(int)", "f(int) x", "f(int)(text)"]
)
def test_what_is_no_signature(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        names.signature(text, "public")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("a", ["a"]),
        ("a, b", ["a", "b"]),
        ("numeric(12,2), text", ["numeric(12,2)", "text"]),
        ("'a,b', c", ["'a,b'", "c"]),
        ("'it''s, ', c", ["'it''s, '", "c"]),
        ('"a,b", array[1, 2]', ['"a,b"', "array[1, 2]"]),
    ],
)
def test_commas(text: str, pieces: list[str]) -> None:
    assert list(names.commas(text)) == pieces


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("user_profile", ["user_profiles", "users"], "user_profiles"),
        ("Users", ["user", "users"], "users"),
        ("users", ["Users", '"Users"'], "Users"),
        ("public.users", ['public."Users"'], 'public."Users"'),
        ("zebra", ["users"], None),
        ("users", [], None),
        ("users", ["users"], "users"),
    ],
)
def test_nearest(name: str, candidates: list[str], found: str | None) -> None:
    assert names.nearest(name, candidates) == found
    assert names.perhaps(name, candidates) == (found and f"Perhaps you meant {found}.")
