"""What an author writes, and the form in which Postgres stores it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.catalog.forms import (
    CheckForm,
    DefaultForm,
    Form,
    FormError,
    IndexKeyForm,
    PolicyForm,
    PredicateForm,
    TypeForm,
    WhenForm,
)
from pgcontract.catalog.function_forms import ReturnsForm, SignatureForm
from pgcontract.catalog.own_forms import ask
from pgcontract.catalog.snapshot import read
from pgcontract.catalog.wire import exchange
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Answer
    from pgcontract.catalog.wire import Reply
    from pgcontract.embedded import Databases

DOCS = "app.docs"


def a_type(text: str) -> Form:
    return TypeForm(text, DOCS)


def check(text: str) -> Form:
    return CheckForm(text, DOCS)


def policy(text: str) -> Form:
    return PolicyForm(text, DOCS)


def key(text: str, method: str = "btree") -> Form:
    return IndexKeyForm(text, DOCS, method)


def gin(text: str) -> Form:
    return IndexKeyForm(text, DOCS, "gin")


def where(text: str) -> Form:
    return PredicateForm(text, DOCS)


def when(text: str) -> Form:
    return WhenForm(text, DOCS, ("UPDATE",))


def arguments(text: str) -> Form:
    return SignatureForm(text, "app.f")


def returns(text: str) -> Form:
    return ReturnsForm(text, "app.f")


def default(column: str) -> Callable[[str], Form]:
    return lambda text: DefaultForm(text, DOCS, column)


# What is written, the stored form, and whether they are the same.
PAIRS: list[tuple[Callable[[str], Form], str, str, bool]] = [
    (a_type, "int", "integer", True),
    (a_type, "INT4", "integer", True),
    (a_type, "integer", "integer", True),
    (a_type, "int8", "bigint", True),
    (a_type, "int", "bigint", False),
    (a_type, "decimal(10,2)", "numeric(10,2)", True),
    (a_type, "NUMERIC( 10 , 2 )", "numeric(10,2)", True),
    (a_type, "numeric(10)", "numeric(10,0)", True),
    (a_type, "numeric", "numeric(10,0)", False),
    (a_type, "decimal(10,2)", "numeric(12,2)", False),
    (a_type, "timestamptz(3)", "timestamp(3) with time zone", True),
    (a_type, "timestamptz", "timestamp with time zone", True),
    (a_type, "timestamp", "timestamp with time zone", False),
    (a_type, "timestamptz(3)", "timestamp with time zone", False),
    (a_type, "varchar(80)[]", "character varying(80)[]", True),
    (a_type, "varchar(80)[][]", "character varying(80)[]", True),
    (a_type, "varchar(80) array", "character varying(80)[]", True),
    (a_type, "varchar(80)[]", "character varying(80)", False),
    (a_type, "varchar", "character varying(80)", False),
    (a_type, "serial", "integer", True),
    (a_type, "bigserial", "bigint", True),
    (a_type, "status", "app.status", True),
    (a_type, "app.status", "app.status", True),
    (a_type, "app.STATUS[]", "app.status[]", True),
    (a_type, "email", "app.email", True),
    (a_type, "app.email", "text", False),
    (a_type, "char", "character(1)", True),
    (a_type, '"char"', '"char"', True),
    (a_type, '"char"', "character(1)", False),
    (a_type, "char(3)", "character(3)", True),
    (a_type, "bit varying(5)", "bit varying(5)", True),
    (a_type, "varbit(5)", "bit varying(5)", True),
    (a_type, "bit", "bit(1)", True),
    (a_type, "bit(5)", "bit varying(5)", False),
    (a_type, "float", "double precision", True),
    (a_type, "float(24)", "real", True),
    (a_type, "interval year to month", "interval year to month", True),
    (a_type, "interval", "interval year to month", False),
    (a_type, "time with time zone", "time with time zone", True),
    (a_type, "bool -- yes", "boolean", True),
    (a_type, "app.docs", "app.docs", True),
    (default("status"), "'draft'", "'draft'::app.status", True),
    (default("status"), "'draft'::status", "'draft'::app.status", True),
    (default("status"), "'open'", "'draft'::app.status", False),
    (default("at"), "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", True),
    (default("at"), "now()", "now()", True),
    (default("at"), "now()", "CURRENT_TIMESTAMP", False),
    (default("price"), "0", "0", True),
    (default("price"), "0", "0.0", False),
    (default("title"), "'x'", "'x'::character varying", True),
    (default("body"), "'it''s'", "'it''s'::text", True),
    (default("body"), "'a'", "'A'::text", False),
    (default("tags"), "'{}'", "'{}'::text[]", True),
    (default("tags"), "array[]::text[]", "ARRAY[]::text[]", True),
    (default("tags"), "array[]::text[]", "'{}'::text[]", False),
    (default("data"), "'{}'", "'{}'::jsonb", True),
    (default("at"), "now() + interval '1 day'", "(now() + '1 day'::interval)", True),
    (default("score"), "(1) + 2", "(1 + 2)", True),
    (default("score"), "3", "(1 + 2)", False),
    (check, "price > 0", "(price > (0)::numeric)", True),
    (check, "price >= 0", "(price > (0)::numeric)", False),
    (check, "((PRICE > 0))", "(price > (0)::numeric)", True),
    (check, "length(title) between 1 and 80", "((length((title)::text) >= 1) AND (length((title)::text) <= 80))", True),
    (check, "status in ('draft', 'open')", "(status = ANY (ARRAY['draft'::app.status, 'open'::app.status]))", True),
    (check, "status in ('open', 'draft')", "(status = ANY (ARRAY['draft'::app.status, 'open'::app.status]))", False),
    (check, "body in ('a') or (price > 0)", "((body = 'a'::text) OR (price > (0)::numeric))", True),
    (check, "body in ('a') and (price > 0)", "((body = 'a'::text) OR (price > (0)::numeric))", False),
    (check, "not (id > 1 or id < 0)", "(NOT ((id > 1) OR (id < 0)))", True),
    (check, "not (id > 1) or id < 0", "(NOT ((id > 1) OR (id < 0)))", False),
    (check, '"Odd Col" > 0', '("Odd Col" > 0)', True),
    (check, "body ~ '^[)(]+$'", "(body ~ '^[)(]+$'::text)", True),
    (check, "body ~* '^[)(]+$'", "(body ~ '^[)(]+$'::text)", False),
    (check, "body <> E'a\\\\b'", "(body <> 'a\\b'::text)", True),
    (check, "mail = 'a@b'", "((mail)::text = 'a@b'::text)", True),
    (check, "body::int > 0", "((body)::integer > 0)", True),
    (check, "cast(body as integer) > 0", "((body)::integer > 0)", True),
    (check, "body::bigint > 0", "((body)::integer > 0)", False),
    (check, "at > '2020-01-01 00:00+00'", "(at > '2020-01-01 00:00:00+00'::timestamp with time zone)", True),
    (policy, "user_id = auth.uid()", "(user_id = auth.uid())", True),
    (policy, "(( user_id=auth.uid() ))", "(user_id = auth.uid())", True),
    (policy, "auth.uid() = user_id", "(user_id = auth.uid())", False),
    (policy, "user_id = (select auth.uid())", "(user_id = ( SELECT auth.uid() AS uid))", True),
    (policy, "user_id = auth.uid()", "(user_id = ( SELECT auth.uid() AS uid))", False),
    (policy, "true", "true", True),
    (policy, "TRUE", "true", True),
    (policy, "true or user_id is null", "true", False),
    (policy, "is_member(org)", "app.is_member(org)", True),
    (policy, "app.is_member(docs.org)", "app.is_member(org)", True),
    (policy, "not is_member(org)", "app.is_member(org)", False),
    (
        policy,
        "org in (select m.org from members m where m.user_id = auth.uid())",
        "(org IN ( SELECT m.org\n   FROM app.members m\n  WHERE (m.user_id = auth.uid())))",
        True,
    ),
    (
        policy,
        "org in (select m.org from members m where m.org = auth.uid())",
        "(org IN ( SELECT m.org\n   FROM app.members m\n  WHERE (m.user_id = auth.uid())))",
        False,
    ),
    (
        policy,
        "exists (select 1 from docs d where d.org = docs.org)",
        "(EXISTS ( SELECT 1\n   FROM app.docs d\n  WHERE (d.org = docs.org)))",
        True,
    ),
    (
        policy,
        "exists (select 1 from DOCS d where d.org = Docs.org)",
        "(EXISTS ( SELECT 1\n   FROM app.docs d\n  WHERE (d.org = docs.org)))",
        True,
    ),
    (
        policy,
        "exists (select 1 from app.docs d where d.org = docs.org)",
        "(EXISTS ( SELECT 1\n   FROM app.docs d\n  WHERE (d.org = docs.org)))",
        True,
    ),
    (
        policy,
        "case when id > 1 then true end",
        "\nCASE\n    WHEN (id > 1) THEN true\n    ELSE NULL::boolean\nEND",
        True,
    ),
    (policy, "data ->> 'a' = 'b'", "((data ->> 'a'::text) = 'b'::text)", True),
    (policy, "data -> 'a' = '\"b\"'", "((data ->> 'a'::text) = 'b'::text)", False),
    (key, "id", "id", True),
    (key, "ID asc", "id", True),
    (key, "id asc nulls last", "id", True),
    (key, "id desc", "id DESC", True),
    (key, "id desc nulls first", "id DESC", True),
    (key, "id desc nulls last", "id DESC NULLS LAST", True),
    (key, "id desc nulls last", "id DESC", False),
    (key, "id", "id DESC", False),
    (key, '"Odd Col"', '"Odd Col"', True),
    (key, "lower(body)", "lower(body)", True),
    (key, "(lower(body))", "lower(body)", True),
    (key, "lower(title)", "lower((title)::text)", True),
    (key, "upper(body)", "lower(body)", False),
    (key, "(id + 1)", "((id + 1))", True),
    (key, "body text_pattern_ops", "body text_pattern_ops", True),
    (key, "body", "body text_pattern_ops", False),
    (key, "body text_ops", "body", True),
    (key, 'body collate "C" desc', 'body COLLATE "C" DESC', True),
    (key, 'body collate "C"', "body", False),
    (gin, "data jsonb_path_ops", "data jsonb_path_ops", True),
    (gin, "data", "data jsonb_path_ops", False),
    (gin, "body gin_trgm_ops", "body public.gin_trgm_ops", True),
    (where, "at is null", "(at IS NULL)", True),
    (where, "at is not null", "(at IS NULL)", False),
    (where, "status='open' and price>1", "((status = 'open'::app.status) AND (price > (1)::numeric))", True),
    (when, "old.body is distinct from new.body", "(old.body IS DISTINCT FROM new.body)", True),
    (when, "new.body is distinct from old.body", "(old.body IS DISTINCT FROM new.body)", False),
    (when, "OLD.* <> NEW.*", "(old.* <> new.*)", True),
    (
        when,
        "case when old.id = 1 then true when new.id = 2 then false end",
        "\nCASE\n    WHEN (old.id = 1) THEN true\n    WHEN (new.id = 2) THEN false\n    ELSE NULL::boolean\nEND",
        True,
    ),
    (
        when,
        "case when old.id = 9 then true when new.id = 2 then false end",
        "\nCASE\n    WHEN (old.id = 1) THEN true\n    WHEN (new.id = 2) THEN false\n    ELSE NULL::boolean\nEND",
        False,
    ),
    (arguments, "", "", True),
    (arguments, "uuid, int", "uuid, integer", True),
    (arguments, "a uuid, b int default 1", "uuid, integer", True),
    (arguments, "varchar(80), variadic int[]", "character varying, integer[]", True),
    (arguments, "status, email", "app.status, app.email", True),
    (arguments, "uuid, text", "uuid, integer", False),
    (arguments, "int, uuid", "uuid, integer", False),
    (returns, "int", "integer", True),
    (returns, "setof docs", "SETOF app.docs", True),
    (returns, "docs", "SETOF app.docs", False),
    (returns, "table (id uuid, total int)", "TABLE(id uuid, total integer)", True),
    (returns, "table (id uuid, n int)", "TABLE(id uuid, total integer)", False),
    (returns, "AnyElement", "anyelement", True),
    (returns, "setof anyarray", "SETOF anyarray", True),
    (returns, "trigger", "trigger", True),
    (returns, "void", "void", True),
    (returns, "record", "SETOF record", False),
]


@pytest.fixture(scope="module")
def template(make_template: Callable[[list[Path]], str], request: pytest.FixtureRequest) -> str:
    return make_template([request.path.with_name("forms.sql")])


@pytest.fixture(scope="module")
def shared(server: Databases, fresh_name: Callable[[], str], template: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database of this module's, which the tests leave as it is."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name, template), autocommit=True) as connection:
        yield connection
    server.drop_database(name)


@pytest.fixture(scope="module")
def catalog(shared: psycopg.Connection[Any]) -> Catalog:
    return read(shared)


@pytest.fixture(scope="module")
def answers(shared: psycopg.Connection[Any], catalog: Catalog) -> Mapping[Form, Answer]:
    return ask(shared, catalog, {make(written) for make, written, _, _ in PAIRS})


@pytest.fixture
def own(clone: Callable[[str], str], template: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(clone(template), autocommit=True) as connection:
        yield connection


def _plain(text: object) -> str:
    """Without the indentation that CASE gets."""
    return "\n".join(line.strip() for line in str(text).strip().splitlines())


@pytest.mark.parametrize(("make", "written", "stored", "equal"), PAIRS)
def test_own_form(
    answers: Mapping[Form, Answer], make: Callable[[str], Form], written: str, stored: str, *, equal: bool
) -> None:
    found = answers[make(written)]
    assert isinstance(found, str), found
    assert (_plain(found) == _plain(stored)) is equal, found


def test_the_table_is_long_enough() -> None:
    assert len(PAIRS) >= 120
    assert sum(not equal for *_, equal in PAIRS) >= 40


def test_the_own_form_of_an_own_form_is_itself(
    shared: psycopg.Connection[Any], catalog: Catalog, answers: Mapping[Form, Answer]
) -> None:
    again = {replace(form, text=str(answer)): answer for form, answer in answers.items() if answer}
    found = ask(shared, catalog, again)
    assert {form: str(found[form]) for form in again} == {form: str(answer) for form, answer in again.items()}


def test_the_own_form_is_what_the_reader_reads(own: psycopg.Connection[Any], answers: Mapping[Form, Answer]) -> None:
    """The author's text, put to its real use by an ordinary migration, is read back as its own form."""
    own.execute("set search_path = app, public")
    wanted: dict[Form, str] = {}
    for k, form in enumerate(answers):
        statement = _migration(form, f"real_{k}")
        if statement:
            own.execute(statement.encode())
            wanted[form] = f"real_{k}"
    assert len(wanted) >= 60
    found = read(own)
    for form, name in wanted.items():
        assert _found(found, form, name) == answers[form], form


def _migration(form: Form, name: str) -> str | None:  # noqa: PLR0911 - a line a form
    match form:
        case TypeForm():
            return f"create table app.{name} (c {form.text}\n)"
        case CheckForm():
            return f"alter table docs add constraint {name} check ({form.text})"
        case PolicyForm():
            return f"create policy {name} on docs using ({form.text})"
        case IndexKeyForm():
            return f"create index {name} on docs using {form.method} ({form.text})"
        case PredicateForm():
            return f"create index {name} on docs (id) where {form.text}"
        case WhenForm():
            return (
                f"create trigger {name} after update on docs for each row when ({form.text}) execute function touch()"
            )
        case SignatureForm():
            return f"create function {name}({form.text}) returns void language plpgsql as 'begin end'"
        case ReturnsForm() if form.text not in {"void", "record"}:
            taken = "anyelement" if "any" in form.text.lower() else ""
            return f"create function {name}({taken}) returns {form.text} language plpgsql as 'begin end'"
    return None


def _found(catalog: Catalog, form: Form, name: str) -> str | None:  # noqa: PLR0911 - a line a form
    docs = catalog.relations[DOCS]
    match form:
        case TypeForm():
            return catalog.relations[f"app.{name}"].columns["c"].type
        case CheckForm():
            return docs.constraints[name].expression
        case PolicyForm():
            return docs.policies[name].using
        case IndexKeyForm():
            return docs.indexes[name].columns[0]
        case PredicateForm():
            return docs.indexes[name].predicate
        case WhenForm():
            return docs.triggers[name].when
        case SignatureForm():
            return ", ".join(catalog.overloads[f"app.{name}"][0].types)
        case _:
            return catalog.overloads[f"app.{name}"][0].returns


@pytest.mark.parametrize("text", ["vector(1536)", "vector"])
def test_vector(connection: psycopg.Connection[Any], text: str) -> None:
    if not connection.execute("select from pg_available_extensions where name = 'vector'").rowcount:
        pytest.skip("the server has no extension vector")
    connection.execute("create schema extensions")
    connection.execute("create extension vector schema extensions")
    connection.execute("create table t (v extensions.vector(3))")
    catalog = read(connection)
    forms = [TypeForm(text, "public.t"), IndexKeyForm("v vector_cosine_ops", "public.t", "hnsw")]
    found = ask(connection, catalog, forms)
    assert list(map(found.get, forms)) == [f"extensions.{text}", "v extensions.vector_cosine_ops"]


NONSENSE: list[tuple[Callable[[str], Form], str]] = [
    (a_type, "int not null"),
    (a_type, "int null"),
    (a_type, "int default null"),
    (a_type, "int default 1"),
    (a_type, "int unique"),
    (a_type, "int primary key"),
    (a_type, "int check (c > 0)"),
    (a_type, "int references app.docs"),
    (a_type, "int generated always as identity"),
    (a_type, 'text collate "C"'),
    (a_type, "int, d int"),
    (a_type, "int, like app.docs"),
    (a_type, "int) with (fillfactor = 10"),
    (a_type, "int) partition by list (c"),
    (a_type, "int); drop table app.docs; --"),
    (a_type, "int /*"),
    (a_type, "int'"),
    (a_type, "setof int"),
    (a_type, "nosuch"),
    (a_type, "nosuch.int"),
    (a_type, "numeric(2000)"),
    (a_type, "app.docs.id%type"),
    (a_type, "23"),
    (default("price"), "1, drop column id"),
    (default("price"), "1, alter column id drop not null"),
    (default("price"), "1), drop column id, alter column title set default (1"),
    (default("price"), "1; drop table app.docs"),
    (default("price"), "(select 1)"),
    (default("price"), "id"),
    (default("price"), "'x'::text"),
    (default("nosuch"), "1"),
    (default("price"), "1\0, drop column id"),
    (check, "true) not valid, drop column title, add check (true"),
    (check, "true) no inherit, add check (true"),
    (check, "true); drop table app.docs; --"),
    (check, "true) --"),
    (check, "true) /*"),
    (check, "true, false"),
    (check, "true not valid"),
    (check, "$$ ) $$"),
    (check, "$$ )"),
    (check, "(select true)"),
    (check, "select true"),
    (check, "nosuch > 1"),
    (check, "price = 'x'"),
    (check, "price"),
    (policy, "true) with check (false"),
    (policy, "true) with check (true)--"),
    (policy, "select true"),
    (policy, "org in (select org from nosuch)"),
    (policy, "nosuch(org)"),
    (policy, "true; drop table app.docs"),
    (policy, r"body = '\' ) with check (false) --'"),
    (key, "id, org"),
    (key, "id) where (true"),
    (key, "id) include (org"),
    (key, "id) with (fillfactor = 10"),
    (key, "id) tablespace pg_default --"),
    (key, "id + 1"),
    (key, "now()"),
    (key, "nosuch"),
    (key, "id desc asc"),
    (gin, "id"),
    (where, "true) tablespace pg_default --"),
    (where, "at > now()"),
    (where, "price"),
    (when, "true) execute function app.touch() --"),
    (when, "old.nosuch = 1"),
    (arguments, "int) returns int language sql as 'select 1' --"),
    (arguments, "int) returns int return (1"),
    (arguments, "nosuch"),
    (arguments, "int int int"),
    (arguments, "int,"),
    (returns, "int immutable"),
    (returns, "int strict"),
    (returns, "int security definer"),
    (returns, "int set search_path = ''"),
    (returns, "int language sql"),
    (returns, "int as 'x'"),
    (returns, "int parallel safe"),
    (returns, "int cost 1"),
    (returns, "int window"),
    (returns, "int leakproof"),
    (returns, "int language plpgsql as ''; drop table app.docs; --"),
    (returns, "int begin atomic select 1; end"),
    (returns, "int return 1"),
    (returns, "nosuch"),
    (returns, "not a type"),
]


def test_nonsense_and_injections_are_refused_and_change_nothing(own: psycopg.Connection[Any]) -> None:
    before, files = read(own), _files(own)
    asked = {make(text) for make, text in NONSENSE}
    found = ask(own, before, asked)
    assert {form: answer for form, answer in found.items() if not isinstance(answer, FormError)} == {}
    assert found.keys() == asked
    assert read(own) == before
    assert _files(own) == files


def _files(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    query = "select oid, relname, relfilenode, reltuples from pg_class where oid >= 16384 order by 1"
    return connection.execute(query).fetchall()


@pytest.mark.parametrize(
    ("make", "text", "words"),
    [
        (a_type, "nosuch", 'type "nosuch" does not exist'),
        (check, "nosuch > 1", 'column "nosuch" does not exist'),
        (check, "true) --", "a bracket too many: )"),
        (policy, "select true", 'syntax error at or near "select"'),
        (key, "id, org", "this is no index key"),
    ],
)
def test_the_complaint_is_the_servers(
    shared: psycopg.Connection[Any], catalog: Catalog, make: Callable[[str], Form], text: str, words: str
) -> None:
    form = make(text)
    asked = replace(catalog, forms=ask(shared, catalog, [form]))
    with pytest.raises(FormError) as caught:
        asked.own_form(form)
    assert words in str(caught.value)
    assert form.noun in str(caught.value)
    assert repr(text) in str(caught.value)


def test_an_open_transaction_stays_usable(own: psycopg.Connection[Any], catalog: Catalog) -> None:
    forms = [a_type("int"), a_type("nosuch"), check("price > 0"), default("price")("1, drop column id"), returns("int")]
    with own.transaction():
        own.execute("set local search_path = app")
        own.execute("insert into members (role) values ('here')")
        found = ask(own, catalog, forms)
        assert own.execute("show search_path").fetchone() == ("app",)
        assert own.execute("select role from members").fetchone() == ("here",)
        assert own.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    assert [str(found[form]) for form in forms if not isinstance(found[form], FormError)] == [
        *("integer", "(price > (0)::numeric)", "integer")
    ]
    assert own.execute("select role from app.members").fetchone() == ("here",)
    assert own.execute("show search_path").fetchone() == ('"$user", public',)


def test_what_the_transaction_made_is_known(own: psycopg.Connection[Any]) -> None:
    with own.transaction(force_rollback=True):
        own.execute("create type app.fresh as enum ('a')")
        own.execute("create table app.fresher (f app.fresh)")
        catalog = read(own)
        forms = [TypeForm("fresh", "app.fresher"), CheckForm("f <> 'a'", "app.fresher")]
        found = ask(own, catalog, forms)
        assert [found[form] for form in forms] == ["app.fresh", "(f <> 'a'::app.fresh)"]


def test_without_temp_nobody_is_asked(own: psycopg.Connection[Any], catalog: Catalog) -> None:
    own.execute(f"revoke temporary on database {quote(own.info.dbname)} from public".encode())
    own.execute("grant usage on schema app, auth to pg_monitor")
    own.execute("set role pg_monitor")
    forms = [a_type("int"), check("price > 0"), key("id desc"), arguments("int"), returns("int"), when("old.id = 1")]
    assert ask(own, catalog, forms) == {}
    assert catalog.own_form(check("price > 0")) == "price > 0"
    refused = ask(own, catalog, [check("price > 0) --")])
    assert isinstance(refused[check("price > 0) --")], FormError)


def test_a_session_that_may_only_read_is_not_asked(own: psycopg.Connection[Any], catalog: Catalog) -> None:
    own.execute("set default_transaction_read_only = on")
    assert ask(own, catalog, [a_type("int"), check("price > 0"), arguments("int")]) == {}


def test_a_standby_is_not_asked(shared: psycopg.Connection[Any], catalog: Catalog) -> None:
    standby = replace(catalog, server=replace(catalog.server, standby=True))
    assert ask(shared, standby, [a_type("int")]) == {}


def test_a_forbidding_event_trigger_is_not_the_texts_fault(own: psycopg.Connection[Any], catalog: Catalog) -> None:
    own.execute("create function app.no() returns event_trigger language plpgsql as 'begin raise ''no''; end'")
    own.execute("create event trigger no_ddl on ddl_command_start execute function app.no()")
    form = check("price > 0")
    assert ask(own, catalog, [form]) == {form: "(price > (0)::numeric)"}  # a superuser switches it off
    own.execute("set role pg_monitor")
    assert ask(own, catalog, [form, a_type("int")]) == {}


def test_a_lock_that_cannot_be_had_is_not_the_texts_fault(own: psycopg.Connection[Any], catalog: Catalog) -> None:
    with psycopg.connect(own.info.dsn) as other:
        other.execute("lock table app.members in access exclusive mode")
        own.execute("set lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            ask(own, catalog, [policy("exists (select from app.members)")])
    assert own.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_table_with_a_hostile_name(shared: psycopg.Connection[Any], catalog: Catalog) -> None:
    table = 'app."Weird ""name"" <script>"'
    forms = [
        CheckForm("id > 0", table),
        IndexKeyForm("id desc", table, "btree"),
        WhenForm("new.id > 0", table, ("INSERT",)),
        PolicyForm(f"exists (select from {table} w where w.owner = auth.uid())", table),
        PolicyForm('exists (select from "Weird ""name"" <script>" w where w.owner = auth.uid())', table),
    ]
    found = ask(shared, catalog, forms)
    assert [found[form] for form in forms[:3]] == ["(id > 0)", "id DESC", "(new.id > 0)"]
    assert found[forms[3]] == found[forms[4]]
    assert f"FROM {table} w" in str(found[forms[3]])


def test_a_name_of_the_schema_is_found_and_a_look_alike_of_pg_catalog_is_not(own: psycopg.Connection[Any]) -> None:
    own.execute("create function app.lower(text) returns text language sql immutable as 'select ''''::text'")
    own.execute("create function app.length(character varying) returns int language sql immutable as 'select 1'")
    own.execute("create domain app.int as text")
    found = ask(
        own, read(own), forms := [check("lower(body) = 'x'"), check("length(title) > 1"), a_type("int"), a_type("text")]
    )
    assert [found[form] for form in forms] == [
        *("(lower(body) = 'x'::text)", "(length((title)::text) > 1)", "integer", "text")
    ]


def test_settled_forms_need_no_asking(catalog: Catalog) -> None:
    assert catalog.settles(a_type("character varying(80)"))
    assert catalog.settles(default("status")("'draft'::app.status"))
    assert catalog.settles(key("org"))
    assert catalog.settles(CheckForm("anything", "app.nosuch"))
    assert catalog.settles(arguments(""))
    assert not catalog.settles(a_type("varchar(80)"))
    assert not catalog.settles(check("price > 0"))


TWINS = """
create table app.twins (like app.docs);
create table app.nearly (like app.docs);
alter table app.nearly alter column price type text using null, alter column title type text, drop column day;
alter table app.nearly alter column status drop default, alter column status type text;
"""


def test_what_is_asked_for_many_tables_at_once_is_what_each_is_told_alone(own: psycopg.Connection[Any]) -> None:
    own.execute(TWINS.encode())
    known = read(own)
    docs = [form for make, written, _, _ in PAIRS if (form := make(written)).on_table]
    docs += [policy("exists (select from app.members where role = body)"), check("'twins'::regclass::text = body")]
    tables = [docs, *([replace(form, object=f"app.{name}") for form in docs] for name in ("twins", "nearly"))]
    alone = {form: str(answer) for forms in tables for form, answer in ask(own, known, forms).items()}
    together = ask(own, known, [form for forms in tables for form in forms])
    assert {form: str(answer) for form, answer in together.items()} == alone
    assert sum(isinstance(answer, FormError) for answer in together.values()) >= 5


def test_a_question_is_asked_once_however_many_tables_it_is_about(
    own: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def listening(connection: psycopg.Connection[object], groups: Sequence[Sequence[str]]) -> list[Reply]:
        sent.extend(statement for group in groups for statement in group)
        return exchange(connection, groups)

    monkeypatch.setattr("pgcontract.catalog.own_forms.exchange", listening)
    own.execute("".join(f"create table app.t{k} (like app.docs);" for k in range(20)).encode())
    one = [key("At DESC"), policy("(user_id) = auth.uid()"), a_type("int"), check("price>0"), default("at")("NOW()")]
    answers = ask(own, read(own), [replace(form, object=f"app.t{k}") for form in one for k in range(20)])
    stored = [statement for statement in sent if "pgcontract_form" in statement and "savepoint" not in statement]
    assert len(answers) == 20 * len(one)
    assert len({str(answer) for answer in answers.values()}) == len(one)
    made = [statement for statement in stored if statement.startswith(("create index", "create policy", "create temp"))]
    assert len(made) == 3
    assert sum("set default (NOW()" in statement for statement in sent) == 1
    sent.clear()
    by_name = [CheckForm(f"t{k}.price > 0", f"app.t{k}") for k in range(20)]
    assert len(ask(own, read(own), by_name)) == 20
    assert sum("add constraint" in statement for statement in sent) == 20


def test_where_one_table_cannot_be_made_the_others_are_asked(own: psycopg.Connection[Any]) -> None:
    """A type that the user may not use keeps the first of two tables from being tried; the second speaks for itself."""
    own.execute(b"create domain app.kept as text; create table app.a (price int, k app.kept)")
    own.execute(b"create table app.b (price int); revoke usage on type app.kept from public")
    name = quote(f"asks {own.info.dbname}")
    own.execute(f"create role {name}; grant usage on schema app to {name}".encode())
    own.execute(f"grant temp on database {quote(own.info.dbname)} to {name}; set role {name}".encode())
    try:
        found = ask(own, read(own), forms := [CheckForm("price>0", table) for table in ("app.a", "app.b")])
    finally:
        own.execute(f"reset role; drop owned by {name}; drop role {name}".encode())
    assert [found.get(form) for form in forms] == [None, "(price > 0)"]
