"""Reading a hostile database as superuser runs nothing that was planted in it, and sees what is there."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.forms import (
    CheckForm,
    DefaultForm,
    Form,
    IndexKeyForm,
    PolicyForm,
    PredicateForm,
    TypeForm,
    WhenForm,
)
from pgcontract.catalog.function_forms import ReturnsForm, SignatureForm
from pgcontract.catalog.own_forms import ask
from pgcontract.catalog.snapshot import read
from pgcontract.names import quote
from pgcontract.run.target import connected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Connection = psycopg.Connection[Any]

SETTINGS = {
    "search_path": "public, pg_catalog",
    "standard_conforming_strings": "off",
    "escape_string_warning": "off",
    "backslash_quote": "on",
    "quote_all_identifiers": "on",
    "bytea_output": "escape",
    "datestyle": "German, DMY",
    "intervalstyle": "sql_standard",
    "extra_float_digits": "-5",
    "timezone": "Asia/Kathmandu",
    "lc_monetary": "C.UTF-8",
    "client_encoding": "latin1",
    "array_nulls": "off",
    "row_security": "off",
    "transform_null_equals": "on",
    "default_transaction_isolation": "serializable",
    "check_function_bodies": "on",
    "client_min_messages": "debug1",
}
VICTIM = "app.victim"
FORMS: dict[Form, str] = {
    TypeForm("int", VICTIM): "integer",
    TypeForm("uuid", VICTIM): "uuid",
    TypeForm("text", VICTIM): "text",
    TypeForm("guarded", VICTIM): "public.guarded",
    TypeForm("varchar(20)", VICTIM): "character varying(20)",
    DefaultForm("'a\\b'", VICTIM, "back"): "'a\\b'::text",
    DefaultForm("'2020-02-03'", VICTIM, "day"): "'2020-02-03'::date",
    DefaultForm("'2020-01-01 00:00:00+00'", VICTIM, "at"): "'2020-01-01 00:00:00+00'::timestamp with time zone",
    DefaultForm("0.1::float8 + 1e-7", VICTIM, "score"): "((0.1)::double precision + (0.0000001)::double precision)",
    CheckForm("lower(name) = 'x' and length(name) > 1", VICTIM): (
        "((lower((name)::text) = 'x'::text) AND (length((name)::text) > 1))"
    ),
    CheckForm("victim.id > 0", VICTIM): "(id > 0)",
    PolicyForm("id = 1 and public.tripped()", VICTIM): "((id = 1) AND public.tripped())",
    PolicyForm("tripped()", VICTIM): "public.tripped()",
    IndexKeyForm("lower(name)", VICTIM, "btree"): "lower((name)::text)",
    PredicateForm("name > 'a'", VICTIM): "((name)::text > 'a'::text)",
    WhenForm("new.id > 0", VICTIM, ("INSERT",)): "(new.id > 0)",
    SignatureForm("int, text", "app.f"): "integer, text",
    ReturnsForm("setof text", "app.f"): "SETOF text",
}


@pytest.fixture(scope="module")
def template(make_template: Callable[[list[Path]], str], request: pytest.FixtureRequest) -> str:
    return make_template([request.path.with_name("hostile.sql")])


@pytest.fixture
def hostile(clone: Callable[[str], str], template: str) -> str:
    return clone(template)


def _set(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        name = quote(connection.info.dbname)
        for setting, value in SETTINGS.items():
            listed = value if setting in {"search_path", "datestyle"} else f"'{value}'"
            connection.execute(f"alter database {name} set {setting} = {listed}".encode())


def _steps_on_the_tripwire(url: str) -> int:
    with psycopg.connect(url, options="-c search_path=") as connection:
        row = connection.execute("select last_value, is_called from public.tripwire").fetchone()
        assert row is not None
        return row[0] if row[1] else 0


@contextmanager
def _given(url: str) -> Iterator[Connection]:
    """A connection that the user opened, with all as the database sets it, but for an encoding that can say all."""
    with psycopg.connect(url, client_encoding="utf8", autocommit=True) as connection:
        yield connection


WAYS: list[Callable[[str], AbstractContextManager[Connection]]] = [connected, _given]


@pytest.mark.parametrize("way", WAYS, ids=["opened", "given"])
def test_nothing_planted_runs_and_nothing_is_read_otherwise(
    hostile: str, way: Callable[[str], AbstractContextManager[Connection]]
) -> None:
    with psycopg.connect(hostile, options="-c search_path=", autocommit=True) as connection:
        calm = read(connection)
    _set(hostile)
    before = _steps_on_the_tripwire(hostile)
    with way(hostile) as connection:
        catalog = read(connection)
        answers = ask(connection, catalog, FORMS)
    assert _steps_on_the_tripwire(hostile) == before
    server = replace(catalog.server, settings=calm.server.settings)  # which was set meanwhile
    assert replace(catalog, server=server) == calm
    assert {form: str(answer) for form, answer in answers.items()} == FORMS
    defaults = {column.name: column.default for column in catalog.relations[VICTIM].columns.values()}
    assert defaults["day"] == "'2020-02-03'::date"
    assert defaults["bytes"] == "'\\x00ff41'::bytea"
    assert defaults["money"] == "'$1,234.50'::money"
    assert replace(catalog, forms={}, server=server) == calm


@pytest.mark.parametrize(
    "careless",
    [
        "select format_type(atttypid, atttypmod) from pg_catalog.pg_attribute limit 1",
        "select 1 from pg_catalog.pg_class where relname = 'victim'",
        "select relname from pg_class limit 1",
        "select lower('x'::varchar)",
        "create temporary table t ()",
        "select '1'::text",
    ],
)
def test_the_tripwire_works(hostile: str, careless: str) -> None:
    _set(hostile)
    before = _steps_on_the_tripwire(hostile)
    with psycopg.connect(hostile) as connection:
        connection.execute(careless.encode())
        connection.rollback()
    assert _steps_on_the_tripwire(hostile) > before


def test_a_given_connection_keeps_its_settings(hostile: str) -> None:
    _set(hostile)
    with _given(hostile) as connection:
        before = _settings(connection)
        assert before["search_path"] == SETTINGS["search_path"]
        ask(connection, read(connection), FORMS)
        assert _settings(connection) == before
        assert connection.autocommit


def _settings(connection: Connection) -> dict[str, str]:
    """All but plpgsql's own, which are there once it has been used."""
    rows = connection.execute("select name, setting from pg_catalog.pg_settings").fetchall()
    return {name: setting for name, setting in rows if not name.startswith("plpgsql")}
