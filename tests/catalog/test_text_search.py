"""Text search configurations and dictionaries, held against what Postgres itself says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import TextSearchConfigurationPresent
from pgcontract.catalog.snapshot import read
from pgcontract.catalog.text_search_dictionaries import options_of

if TYPE_CHECKING:
    import psycopg

    from pgcontract.catalog.catalog import Catalog


def test_a_configuration_has_its_mappings(odd: Catalog, odd_connection: psycopg.Connection[Any]) -> None:
    english = odd.text_search_configurations["odd.english"]
    assert (english.parser, english.comment) == ('pg_catalog."default"', "odd English")
    mappings = {mapping.token: mapping.dictionaries for mapping in english.mappings}
    assert mappings["word"] == ("odd.\"Dict, 'x'\"", "odd.stem")
    assert "email" not in mappings
    rows = odd_connection.execute("""
        select distinct k.alias, array(
            select d.mapdict::regdictionary::text from pg_ts_config_map d
            where d.mapcfg = m.mapcfg and d.maptokentype = m.maptokentype order by mapseqno
        )
        from pg_ts_config_map m join ts_token_type('default') k on k.tokid = m.maptokentype
        where m.mapcfg = 'odd.english'::regconfig
    """)
    known = {name: tuple(each if "." in each else f"pg_catalog.{each}" for each in names) for name, names in rows}
    assert mappings == known


def test_a_parser_of_ones_own_by_functions_of_postgres_has_names_for_its_tokens(odd: Catalog) -> None:
    own = odd.text_search_configurations['odd."Own. ("']
    assert own.parser == 'odd."Par. ser"'
    assert [(mapping.token, mapping.dictionaries) for mapping in own.mappings] == [
        ("word", ("odd.made", "pg_catalog.simple"))
    ]


def test_a_function_of_somebodys_own_is_never_called(odd_connection: psycopg.Connection[Any]) -> None:
    """What names a parser's kinds of tokens may be planted: they keep numbers, by which nothing is altered."""
    with odd_connection.transaction(force_rollback=True):
        odd_connection.execute("""
            create function odd.lex(internal) returns internal language internal as 'prsd_lextype';
            create text search parser odd.planted (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end,
                lextypes = odd.lex);
            create text search configuration odd.planted (parser = odd.planted);
            alter text search configuration odd.planted add mapping for word with simple;
        """)
        catalog = read(odd_connection)
    assert [each.token for each in catalog.text_search_configurations["odd.planted"].mappings] == ["2"]
    (finding,) = TextSearchConfigurationPresent("odd.planted", mappings=[("2", "english_stem")]).check(catalog)
    assert not finding.repair
    assert "odd.planted has for its kind of token 2" in (finding.hint or "")


def test_dictionaries(odd: Catalog) -> None:
    there = {name: (each.template, each.options) for name, each in odd.text_search_dictionaries.items()}
    assert there == {
        "odd.\"Dict, 'x'\"": ("pg_catalog.simple", ("accept=false", "stopwords=english")),
        "odd.made": ('odd."Tem. plate"', ()),
        "odd.stem": ("pg_catalog.snowball", ("language=english",)),
    }
    assert odd.text_search_dictionaries["odd.stem"].comment == "a stem"


def test_those_of_an_extension_say_so(connection: psycopg.Connection[Any]) -> None:
    connection.execute("create extension unaccent")
    assert read(connection).text_search_dictionaries["public.unaccent"].extension == "unaccent"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", []),
        ("rules = 'unaccent'", ["rules=unaccent"]),
        ("maxlen = 6, rejectlong = 'false'", ["maxlen=6", "rejectlong=false"]),
        (r"""a = E'it''s \\ b, c = ''d''', "Odd "" = name" = '=', z = -1.5""",
         ["a=it's \\ b, c = 'd'", 'Odd " = name==', "z=-1.5"]),
    ],
)  # fmt: skip
def test_options_are_taken_apart(text: str, options: list[str]) -> None:
    assert list(options_of(text)) == options
