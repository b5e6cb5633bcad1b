"""What is proposed of types and names of every kind, what a change that breaks it does, and what is never in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import verify
from pgcontract.contract import fold
from pgcontract.contract.dump import to_yaml
from pgcontract.lifecycle.profile import profile
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pgcontract import Suite

    Rows = psycopg.Connection[Any]

SETUP = """
create domain any_mood as mood;
create domain mail as citext check (value ~ '@');
create domain price as numeric(12, 2) check (value >= 0);
create table kinds (
    id int generated always as identity primary key, mail mail, price price, label some_text, mood mood,
    feeling any_mood, ci citext, tags text[], vector float4[], body jsonb, doc json, flag bool, ip inet, token uuid,
    thing_id uuid, lang text, country_code char(2), currency text, slug text, customer text, created_at timestamptz,
    year int, epoch bigint, order_status text, share numeric check (share <> 2), mixed jsonb,
    size text check (length(size) < 99), shade text, grade int, month int, code text
);
insert into kinds (mail, price, label, mood, feeling, ci, tags, vector, body, doc, flag, ip, token, thing_id, lang,
    country_code, currency, slug, customer, created_at, year, epoch, order_status, share, mixed, size, shade,
    grade, month, code)
select 'U' || i || '@X.org', i, 'l' || i % 3, (array['sad', 'ok'])[1 + i % 2]::mood,
    (array['sad', 'ok'])[1 + i % 2]::mood, (array['A', 'a', 'B'])[1 + i % 3],
    array_fill('x'::text, array[i % 4]), array_fill(0.5::float4, array[8]),
    jsonb_build_object('kind', 'k' || i, 'n', i)
        || case when i % 10 = 0 then '{"more": 1.5, "no": null}' else '{}' end::jsonb,
    json_build_array(i), i % 2 = 0, '10.0.0.1', gen_random_uuid(), gen_random_uuid(), (array['en', 'de-AT'])[1 + i % 2],
    (array['AT', 'DE'])[1 + i % 2], (array['EUR', 'USD'])[1 + i % 2], 'post-' || i, 'cus_' || md5(i::text),
    now() - make_interval(hours => 500 - i), 1990 + i % 30, 1600000000 + i * 1000,
    (array['In Progress', 'On Hold'])[1 + i % 2], i % 100 / 100.0, case when i % 3 = 0 then '"x"' else '1' end::jsonb,
    repeat('s', i % 40), (array['#00ff00', '#A0A0A0', '#ffffff'])[1 + i % 3], 1 + i % 3, 1 + i % 9, 'x' || 1000 + i
from generate_series(1, 400) i;

create table projects (id int primary key, owner_id bigint, code text unique);
insert into projects select i, 1 + i % 20, 'P' || i from generate_series(1, 30) i;
create table tasks (
    id int generated always as identity primary key, project_id int references projects, number int, created_by bigint,
    project_code text, estimate int
);
insert into tasks (project_id, number, created_by, project_code, estimate)
select 1 + i % 30, 1 + i / 30, 1 + i % 50, 'P' || (1 + i % 30), i % 7 from generate_series(0, 899) i;
create table rentals (film int, user_id bigint, at date, unique (film, user_id, at));
insert into rentals select f, u, date '2020-01-01' + f from generate_series(1, 20) f, generate_series(1, 20) u;
create view open_tasks as select number, estimate from tasks;

create table people (
    email text, full_name text, assigned_to text, contact jsonb, notes text, kind text, iban text, birthday date,
    salary int, wage_group text, scores jsonb, whose text, options jsonb
);
insert into people
select 'ada' || i % 6 || '@private.example', (array['Ada Lovelace', 'Bob Smith'])[1 + i % 2],
    (array['adalove', 'bobby'])[1 + i % 2], '{"phone": "+43 1 2345678"}', 'knows about Zed',
    (array['a', '+43 660 1234567'])[1 + i % 2], 'AT611904300234573201', date '1987-01-01' + i, 98765,
    (array['GroupZed', 'GroupYed'])[1 + i % 2], jsonb_build_object((array['zedzed', 'yedyed'])[1 + i % 2] || i, i),
    (array['Cleo Xander', 'Dan Quill'])[1 + i % 2], '{"theme": "dark"}'
from generate_series(1, 200) i;
"""
KINDS: dict[str, dict[str, Any]] = {
    "mail": {"unique": True},  # its domain has a form
    "price": {"between": [None, 1000]},  # and this one a least value
    "label": {"values": ["l0", "l1", "l2"]},  # takes no NULL
    "mood": {"values": ["sad", "ok"]},
    "feeling": {},
    "ci": {"values": ["B", "a"]},  # A is a
    "tags": {"length": [None, 5]},
    "vector": {"length": 8},
    "body": {
        "json_schema": {
            "type": "object",
            "required": ["kind", "n"],
            "properties": {"kind": {"type": "string"}, "n": {"type": "integer"}, "more": {"type": "number"}},
        }
    },
    "doc": {"json_schema": {"type": "array", "items": {"type": "integer"}}},
    "flag": {},
    "ip": {},
    "token": {"unique": True},
    "thing_id": {},  # there may be more than one for each
    "lang": {"matches": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
    "country_code": {"matches": "^[A-Z]{2}$"},
    "currency": {"matches": "^[A-Z]{3}$"},
    "slug": {"unique": True, "matches": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    "customer": {"unique": True, "length": 36},  # a person's: no prefix
    "created_at": {"increasing": "id", "fresh": "30 days"},
    "year": {"between": [1900, None]},
    "epoch": {},  # a clock
    "order_status": {"values": ["In Progress", "On Hold"]},
    "share": {"between": [0, 1]},
    "mixed": {"json_schema": {"type": ["string", "integer"]}},
    "size": {},  # a CHECK says how long
    "shade": {"matches": "^#[0-9A-Fa-f]{6}$"},
    "grade": {"between": [1, 3]},
    "month": {"between": [1, 12]},
    "code": {"unique": True, "length": 5},
}
TASKS: dict[str, dict[str, Any]] = {
    "project_id": {},
    "number": {"between": [1, None]},  # it goes on
    "created_by": {"refers_to": "users(id)"},
    "project_code": {"length": [1, 5], "refers_to": "projects(code)"},
    "estimate": {"between": [0, 10]},
}


@pytest.fixture(scope="module")
def kinds(rows: Rows) -> Iterator[Rows]:
    """The shop with more tables."""
    with rows.transaction(force_rollback=True):
        rows.execute(SETUP.encode())
        yield rows


ONLY = Scope(only=("kinds", "projects", "tasks", "open_tasks", "rentals"))


@pytest.fixture(scope="module")
def proposed(kinds: Rows) -> Suite:
    return profile(kinds, ONLY, views=True).suite


def test_each_kind_has_its_proposals(proposed: Suite) -> None:
    content = fold.content(proposed)
    said = {name: dict(each) for name, each in content["tables"]["kinds"]["columns"].items()}
    assert str(said["created_at"].pop("between")[0]).endswith("-01-01")
    present = {name: each.pop("not_null", None) for name, each in said.items()}
    assert [name for name, each in present.items() if not each] == ["label"], "all others accept NULL and have none"
    assert said == KINDS
    tasks = content["tables"]["tasks"]["columns"]
    assert {name: {k: v for k, v in each.items() if k != "not_null"} for name, each in tasks.items()} == TASKS
    assert content["views"]["open_tasks"]["rows"] == [200, None]
    (together,) = content["expectations"]
    assert together["ValuesUnique"]["columns"] == ["project_id", "number"]


BREAKS = {
    "update kinds set mail = 'u2@x.org' where id = 1": ("ValuesUnique", "kinds"),
    "update kinds set price = 1001 where id = 1": ("ValuesBetween", "kinds.price"),
    "update kinds set label = 'l3' where id = 1": ("ValuesInSet", "kinds.label"),
    "update kinds set mood = 'happy' where id = 1": ("ValuesInSet", "kinds.mood"),
    "update kinds set mood = null where id = 1": ("ValuesNotNull", "kinds.mood"),
    "update kinds set ci = 'c' where id = 1": ("ValuesInSet", "kinds.ci"),
    "update kinds set tags = array_fill('x'::text, array[6]) where id = 1": ("ValueLengths", "kinds.tags"),
    "update kinds set vector = vector[1:7] where id = 1": ("ValueLengths", "kinds.vector"),
    "update kinds set body = body - 'kind' where id = 1": ("ValuesOfJsonSchema", "kinds.body"),
    "update kinds set body = body || '{\"n\": 1.5}' where id = 1": ("ValuesOfJsonSchema", "kinds.body"),
    "update kinds set doc = '{}' where id = 1": ("ValuesOfJsonSchema", "kinds.doc"),
    "update kinds set doc = '[1, 2.5]' where id = 1": ("ValuesOfJsonSchema", "kinds.doc"),
    "update kinds set mixed = 'true' where id = 1": ("ValuesOfJsonSchema", "kinds.mixed"),
    "update kinds set country_code = 'at' where id = 1": ("ValuesMatch", "kinds.country_code"),
    "update kinds set slug = 'Post 1' where id = 1": ("ValuesMatch", "kinds.slug"),
    "update kinds set created_at = now() - interval '9 days' where id = 400": ("ValuesIncreasing", "kinds.created_at"),
    "update kinds set created_at = created_at - interval '31 days'": ("Fresh", "kinds.created_at"),
    "update kinds set year = 190 where id = 1": ("ValuesBetween", "kinds.year"),
    "update tasks set created_by = 4711 where id = 1": ("NoOrphans", "tasks"),
    "update tasks set project_code = 'P99' where id = 1": ("NoOrphans", "tasks"),
    "update tasks set number = 1, project_id = 2 where id = 1": ("ValuesUnique", "tasks"),
    "delete from kinds where id > 100": ("RowCount", "kinds"),
}


@pytest.mark.parametrize("change", BREAKS)
def test_a_change_that_breaks_a_proposal_is_noticed(kinds: Rows, proposed: Suite, change: str) -> None:
    """Until then all of them hold, as the next test proves."""
    kind, subject = BREAKS[change]
    suite = proposed.select(kinds=kind)
    with kinds.transaction(force_rollback=True):
        kinds.execute(change.encode())
        broken = verify(suite, kinds).having("failed")
    assert f"public.{subject}" in {outcome.subject for outcome in broken}


def test_all_of_them_hold(kinds: Rows, proposed: Suite) -> None:
    assert verify(proposed, kinds).strict().passed
    again = profile(kinds, ONLY, views=True).suite
    assert to_yaml(again, short=True) == to_yaml(proposed, short=True)


@pytest.mark.parametrize("values", [True, False])
def test_nothing_of_a_person_is_in_it(kinds: Rows, values: bool) -> None:  # noqa: FBT001
    """Neither what a column is called nor what stands in it lets a value out; and never a key of a mapping."""
    found = profile(kinds, Scope(only=("people",)), values=values).suite
    text = to_yaml(found, short=True)
    private = "ada Lovelace Smith bobby private phone: 2345678 Zed 660 AT6119 1987 98765 zedzed Xander Quill Yed"
    assert [word for word in private.split() if word in text] == []
    assert ("theme" in text) is values, "a key that is always there is the program's"
    assert {each.kind for each in found} >= {"ValuesMatch", "ValuesOfJsonSchema", "ValueLengths", "RowCount"}
