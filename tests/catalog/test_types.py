"""Types, casts, operators and what belongs to them, held against what Postgres itself says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog.types import Attribute
from pgcontract.names import qualified

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from pgcontract.catalog.catalog import Catalog

Ask = Any


@pytest.fixture
def ask(odd_connection: psycopg.Connection[Any]) -> Callable[[str], list[tuple[Any, ...]]]:
    return lambda query: odd_connection.execute(query.encode()).fetchall()


def test_enums_have_their_labels_in_order(odd: Catalog, ask: Ask) -> None:
    enums = {name: type_.labels for name, type_ in odd.types.items() if type_.kind == "enum"}
    assert {"odd.mood", "odd.nobody", "odd.mixed"} < set(enums)
    for name, labels in enums.items():
        assert ask(f"select enum_range(null::{name})::text[]") == [(list(labels),)]
    assert enums["odd.mixed"] == ("first", "a", "b", "Z", "é ☃", "")


def test_composites_have_their_attributes_in_order(odd: Catalog, ask: Ask) -> None:
    rows = ask("""
        select udt_schema, udt_name, attribute_name from information_schema.attributes
        where udt_schema = 'odd' order by 1, 2, ordinal_position
    """)
    ours = [(name, attribute.name) for name, type_ in sorted(odd.types.items()) for attribute in type_.attributes]
    assert sorted(ours) == sorted((qualified(schema, name), attribute) for schema, name, attribute in rows)
    assert odd.types['odd."Addr ""x"""'].attributes == (
        Attribute("zip", "text", 'pg_catalog."C"'),
        Attribute("moods", "odd.mood[]"),
        Attribute("inner_pair", 'odd."Pair, of"'),
        Attribute('no ".', "integer"),
    )
    assert odd.types["odd.empty"].attributes == ()


def test_domains(odd: Catalog, ask: Ask) -> None:
    rows = ask("select domain_schema, domain_name, domain_default from information_schema.domains")
    domains = {name: type_.default for name, type_ in odd.types.items() if type_.kind == "domain"}
    assert domains == {qualified(*row[:2]): row[2] for row in rows if row[0] in odd.schemas}
    assert odd.types["odd.positive"].base == "numeric(12,2)"
    assert odd.types["odd.even"].base == "odd.positive"
    assert odd.types["odd.many"].base == "odd.mood[]"
    assert odd.types["odd.nick"].collation == 'pg_catalog."C"'
    assert [type_.name for type_ in odd.types.values() if type_.not_null] == ["odd.nick", "odd.now"]
    checks = ask("""
        select
            conname, regexp_replace(pg_get_constraintdef(oid), '^CHECK \\((.*)\\)( NOT VALID)?$', '\\1'), convalidated
        from pg_constraint where contypid = 'odd.even'::regtype and contype = 'c' order by conname
    """)
    assert [(check.name, check.expression, check.valid) for check in odd.types["odd.even"].checks] == checks
    assert [check[0] for check in checks] == ["big", "is, even", "late"]


def test_other_types(odd: Catalog) -> None:
    assert odd.types["odd.span"].subtype == "double precision"
    assert odd.types["odd.words"].collation == 'pg_catalog."C"'
    assert odd.types["odd.announced"].kind == "shell"
    assert odd.types["odd.base"].kind == "base"
    assert odd.types["public.citext"].extension == "citext"
    assert odd.types["odd.mood"].comment == "how it feels"
    assert odd.types["odd.mixed"].owner == "odd_owner"
    grants = {(grant.grantee, grant.grantable) for grant in odd.types["odd.mixed"].grants}
    assert grants == {("odd_owner", False), ("odd_writer", True)}
    assert not any("_" in name.rpartition(".")[2][:2] for name in odd.types), "an array's type"
    assert not odd.types.keys() & odd.relations.keys()


@pytest.mark.pg(">= 14")
def test_a_multirange_has_its_ranges_subtype(odd: Catalog) -> None:
    found = odd.types["odd.span_multirange"]
    assert (found.kind, found.subtype) == ("multirange", "double precision")


def test_casts(odd: Catalog, ask: Ask) -> None:
    rows = ask("""
        select format_type(castsource, null), format_type(casttarget, null), castcontext, castmethod from pg_cast c
        where not exists (select from pg_depend where classid = 'pg_cast'::regclass and objid = c.oid and deptype = 'i')
    """)
    assert {(c.source, c.target, c.context[0], c.method[0]) for c in odd.casts.values()} == set(rows)
    assert odd.casts["(integer AS bigint)"].system
    cast = odd.casts["(odd.mood AS integer)"]
    assert (cast.function, cast.context, cast.comment, cast.system) == (
        "odd.mood_to_int(odd.mood)",
        "assignment",
        "counted",
        False,
    )
    assert odd.casts['(odd."Pair, of" AS text)'].method == "inout"
    assert odd.casts["(public.citext AS text)"].extension == "citext"


def test_operators(odd: Catalog, ask: Ask) -> None:
    rows = ask("select oprnamespace::regnamespace::text || '.' || oprname from pg_operator where oid >= 16384")
    assert sorted(operator.name for operator in odd.operators.values()) == sorted(name for (name,) in rows)
    same = odd.operators["odd.=== (odd.mood, odd.mood)"]
    assert (same.returns, same.function, same.commutator, same.negator, same.hashes, same.merges, same.comment) == (
        "boolean",
        "odd.same(odd.mood, odd.mood)",
        "odd.===",
        "odd.!==",
        True,
        True,
        "the same mood",
    )
    assert odd.operators["odd.@#@ (NONE, odd.mood)"].left is None
    assert odd.operators['"Odd Schema.x".<-> (integer, integer)'].function == "pg_catalog.int4mi(integer, integer)"


def test_operator_classes(odd: Catalog) -> None:
    own = {name: found for name, found in odd.operator_classes.items() if found.extension is None}
    assert set(own) == {'odd."Cls, 1" USING hash', "odd.ints USING btree"}
    ints = own["odd.ints USING btree"]
    assert (ints.type, ints.default, ints.family) == ("odd.base", True, "pg_catalog.integer_ops")
    assert not own['odd."Cls, 1" USING hash'].default
    assert "public.gin_trgm_ops USING gin" in odd.operator_classes


def test_languages_and_tablespaces(odd: Catalog) -> None:
    assert {"internal", "c", "sql", "plpgsql"} <= odd.languages.keys()
    assert [language.name for language in odd.languages.values() if language.procedural] == ["plpgsql"]
    assert odd.languages["plpgsql"].trusted
    assert not odd.languages["c"].trusted
    assert {"pg_default", "pg_global"} <= odd.tablespaces.keys()


def test_collations(odd: Catalog) -> None:
    assert {name: collation.locale for name, collation in odd.collations.items()} == {
        'odd."Mixed C"': "C/POSIX",
        "odd.posix": "C",
        f'"{"é" * 31}x"."select"': "POSIX",
    }
    assert odd.collations["odd.posix"].comment == "by bytes"
    assert odd.collations["odd.posix"].deterministic
