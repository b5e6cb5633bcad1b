"""What is proposed of rows: by which rules, that it holds there, and what is never in it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import QueryCanceled
from psycopg.types.json import Jsonb

from pgcontract import Suite, verify
from pgcontract.contract import fold
from pgcontract.contract.dump import to_yaml
from pgcontract.lifecycle.profile import profile, tables
from pgcontract.lifecycle.scope import Scope
from pgcontract.run.scan import run

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

    Rows = psycopg.Connection[Any]

MAIL = "^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:].]+$"
USERS: dict[str, dict[str, Any]] = {
    "email": {"unique": True, "matches": MAIL},
    "site": {"unique": True, "matches": "^https?://[^[:space:]]+$", "nulls": [None, 0.35]},
    "role": {"not_null": True, "values": ["admin", "guest", "user"]},
    "first_name": {"not_null": True, "length": 3},
    "plan": {"not_null": True, "values": ["free", "pro"]},
    'odd "col': {"not_null": True, "length": [1, 50]},
    "joined": {"between": ["2026-01-01", None], "fresh": "1 day"},
}
ORDERS: dict[str, dict[str, Any]] = {
    "user_id": {"not_null": True, "refers_to": "users(id)"},
    "product_id": {"not_null": True},  # of the products only one is there
    "total": {"not_null": True, "between": [0, 2000]},
    "quantity": {"not_null": True, "between": [1, 20]},
    "score": {"not_null": True, "between": [-500, None]},  # the greatest is NaN
    "birthday": {"unique": True, "not_null": True},  # a person's: no range
    "shipped": {"unique": True, "not_null": True, "between": ["2019-01-01", None]},
    "code": {"unique": True, "not_null": True, "length": [1, None]},
    "state": {"not_null": True},  # a CHECK says already which
    "origin": {"not_null": True, "length": [1, 20]},  # some are e-mail addresses
    "due": {"not_null": True, "between": ["YEAR", None]},
    "number": {"unique": True, "not_null": True, "between": [1, None]},  # it goes on,
}


def common(rows: int) -> dict[str, Any]:
    return {"tags": ["proposed"], "because": f"seen on {rows} rows"}


@pytest.fixture(scope="module")
def proposed(rows: Rows) -> Suite:
    return profile(rows).suite


def test_what_is_proposed_is_what_the_rules_say(rows: Rows, proposed: Suite) -> None:
    year = rows.execute("select date_part('year', now())::int, date_part('year', min(due))::int from orders").fetchone()
    assert year is not None
    said = fold.content(proposed)["tables"]
    users = {**USERS, "joined": {**USERS["joined"], "between": [_first(rows), None]}}
    assert said["users"] == {"columns": users, "rows": [50, None], **common(100)}
    orders = {**ORDERS, "due": {"not_null": True, "between": [f"{year[1]}-01-01", None]}}
    assert said["orders"] == {"columns": orders, "rows": [100, None], **common(300)}
    assert said["few"] == {"rows": [1, None], "tags": ["proposed"], "because": "seen on 2 rows"}
    assert said["parts"]["rows"] == [20, None]
    assert not said.keys() & {"nobody", "parts_1", "seen"}
    assert fold.content(proposed)["views"]["totals"]["rows"] == [100, None]


def _first(rows: Rows) -> str:
    found = rows.execute("select date_part('year', min(joined))::int::text || '-01-01' from users").fetchone()
    assert found is not None
    return str(found[0])


def test_it_holds_and_is_the_same_again(rows: Rows, proposed: Suite, tmp_path: Path) -> None:
    assert verify(proposed, rows).strict().passed
    again = profile(rows).suite
    assert to_yaml(again, short=True) == to_yaml(proposed, short=True)
    for short in (True, False):
        (tmp_path / "c.yaml").write_text(to_yaml(proposed, short=short), "utf-8")
        assert set(Suite.load(tmp_path / "c.yaml")) == set(proposed)
    assert all(each.tags == {"proposed"} for each in proposed)


def test_without_values_nothing_of_a_row_is_in_it(rows: Rows, proposed: Suite) -> None:
    masked = profile(rows, values=False).suite
    kinds = {each.kind for each in masked}
    assert not kinds & {"ValuesInSet", "ValuesBetween"}
    assert kinds >= {"ValuesMatch", "ValueLengths", "NullShare", "ValuesUnique", "NoOrphans", "Fresh"}
    assert {each.kind for each in proposed} - kinds == {"ValuesInSet", "ValuesBetween"}
    assert verify(masked, rows).strict().passed


def test_a_sample_says_that_it_is_one(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    with rows.transaction(force_rollback=True):
        rows.execute("analyze")
        monkeypatch.setattr(tables, "LARGE", 250)
        found = profile(rows, sample=50)
        assert verify(found.suite, rows).strict().passed
    assert found.sampled == ("public.orders", "public.totals")
    said = fold.content(found.suite)["tables"]
    assert said["orders"]["rows"] == {"at_least": 100, "approximate": True}
    assert said["orders"]["because"].startswith("seen on a sample of ")
    assert said["orders"]["columns"]["quantity"]["between"] == {"at_least": 1, "at_most": 20, "sample": 50}
    assert "refers_to" not in said["orders"]["columns"]["user_id"]
    assert said["users"]["columns"]["role"] == USERS["role"]


def test_hidden_rows_are_refused_and_the_others_read(rows: Rows) -> None:
    with rows.transaction(force_rollback=True):
        rows.execute("create role pgcontract_profiler")
        rows.execute("grant select on hidden, few to pgcontract_profiler; grant select (id, role) on users to public")
        rows.execute("set local role pgcontract_profiler")
        found = profile(rows, Scope(only=("hidden", "few", "users", "orders")))
    assert found.refused == {
        "public.hidden": 'query would be affected by row-level security policy for table "hidden"',
        "public.orders": "permission denied for table orders",
    }
    said = fold.content(found.suite)["tables"]
    assert said["few"]["rows"] == [1, None]
    assert said["users"]["columns"].keys() == {"role"}


def test_what_took_too_long_is_named_and_the_rest_proposed(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(connection: Rows, statement: str, path: str = "", **more: Any) -> object:
        if "distinct" in statement:
            raise QueryCanceled("canceling statement due to statement timeout")
        return run(connection, statement, path, **more)

    monkeypatch.setattr("pgcontract.run.scan.run", slow)
    found = profile(rows, Scope(only=("users",)))
    reason = "canceling statement due to statement timeout; --max-scan-time gives a scan more time"
    assert found.refused == {"public.users": reason}
    said = fold.content(found.suite)["tables"]["users"]["columns"]
    assert said["joined"]["between"] == ["2026-01-01", None]
    assert "unique" not in said["email"]


def test_only_what_is_in_scope_is_read(rows: Rows) -> None:
    found = profile(rows, Scope(only=("few",)))
    assert [each.subject for each in found.suite] == ["public.few", "public.few"]


EXAMPLES = int(os.environ.get("PGCONTRACT_EXAMPLES", "6"))
VALUES = {
    "int": st.integers(-(2**31), 2**31 - 1),
    "smallint": st.integers(-(2**15), 2**15 - 1),
    "real": st.floats(width=32),
    "float8": st.floats(),
    "numeric": st.one_of(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.just("NaN")),
    "text": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6),
    "char(3)": st.text("ab ", max_size=3),
    "varchar(8)": st.text("aä% '\\", max_size=8),
    "date": st.one_of(st.dates().map(str), st.sampled_from(["infinity", "-infinity", "0044-03-15 BC"])),
    "timestamptz": st.one_of(st.datetimes().map(str), st.sampled_from(["now", "infinity", "-infinity"])),
    "int[]": st.lists(st.integers(0, 9), max_size=2),
    "jsonb": st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
        max_leaves=3,
    ).map(Jsonb),
    "uuid": st.uuids(),
    "citext": st.text("aA@.", max_size=3),
    "mood": st.sampled_from(["sad", "ok"]),
    "positive": st.integers(1, 2**31 - 1),
    "some_text": st.text("ab", min_size=1, max_size=3),
}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_rows_are_proposals_hold(rows: Rows, data: st.DataObject) -> None:
    columns = {
        type_: data.draw(st.lists(some if type_ == "some_text" else st.none() | some, min_size=1, max_size=4))
        for type_, some in VALUES.items()
    }
    many = data.draw(st.integers(1, 60))
    with rows.transaction(force_rollback=True):
        columns_ = ", ".join(f'"{type_}" {type_}' for type_ in VALUES)
        rows.execute(f"create table any_rows ({columns_})".encode())
        marks = ", ".join(f"%s::{type_}" for type_ in VALUES)
        of_row = [[values[row % len(values)] for values in columns.values()] for row in range(many)]
        for row in of_row:
            rows.execute(f"insert into any_rows values ({marks})".encode(), row)
        found = profile(rows, Scope(only=("any_rows",)))
        assert not found.refused
        assert verify(found.suite, rows).strict().passed, to_yaml(found.suite)
