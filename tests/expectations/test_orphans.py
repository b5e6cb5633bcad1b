from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import Examples, NoOrphans, Reconciles
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table users (id bigint, org int, name text);
create table events (id int primary key, user_id int, org int);
insert into users values (1, 1, 'é'), (1, 1, 'again'), (2, 2, 'b'), (null, 3, 'nobody');
insert into events values (1, 1, 1), (2, 2, 2), (3, null, 1), (4, 1, null);
"""
STRAY = "insert into events values (5, 7, 1)"
BACK = "delete from events where id = 5"
CASES = [
    Case(
        NoOrphans("events", "user_id", "users(id)"),
        SETUP,
        STRAY,
        "1 of 4 rows of public.events refers by user_id to nothing that is in public.users(id)",
        BACK,
    ),
    Case(
        NoOrphans("events", "org", "users(org)"),
        SETUP,
        "insert into events values (5, 1, 9)",
        "in public.users(org)",
        BACK,
    ),
    Case(
        NoOrphans("events", ["user_id", "org"], "users(id, org)"),
        SETUP,
        "insert into events values (5, 1, 2)",
        "1 of 3 rows of public.events refers by user_id, org to nothing",
        BACK,
    ),
    Case(
        NoOrphans("events", "user_id", "users(id)", mostly=0.7),
        SETUP,
        STRAY + ", (6, 8, 1)",
        "2 of 5 rows",
        "delete from events where id > 4",
    ),
    Case(NoOrphans("events", "user_id", "users(id)", where="id <> 9"), SETUP, STRAY, "users(id), where id <> 9", BACK),
    Case(
        Reconciles("events", "user_id", "users(id)"),
        SETUP,
        STRAY,
        "1 key (user_id) of public.events is not in public.users",
        BACK,
    ),
    Case(
        Reconciles("events", "user_id", "users(id)", where="id > 0", other_where="name <> 'new'"),
        SETUP,
        "insert into users values (9, 9, 'x')",
        "1 key (id) of public.users is not in public.events, where id > 0",
        "update users set name = 'new' where id = 9",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


def test_the_orphans_are_shown(judge: Any) -> None:
    outcome = judge(SETUP + STRAY, NoOrphans("events", "user_id", "users(id)"))
    assert outcome.findings[0].examples == Examples(("id", "user_id"), (("5", "7"),))


def test_the_keys_of_each_side_are_shown(judge: Any) -> None:
    """However many one side has, the other's are among the examples."""
    lacking = (
        STRAY
        + ";insert into public.users values (8, 9, 'x');"
        + "".join(f"insert into public.events values ({n}, {n});" for n in range(20, 40))
    )
    one, other = judge(SETUP + lacking, Reconciles("events", "user_id", "users(id)")).findings
    assert one.examples == Examples(("user_id",), (("20",), ("21",), ("22",), ("23",)))
    assert other.examples == Examples(("id",), (("8",),))


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (NoOrphans("tree", "parent", "tree(id)"), "passed"),
        (NoOrphans("tree", "id", "tree(parent)"), "failed"),
        (NoOrphans("none", "id", "tree(id)"), "passed"),
        (NoOrphans("tree", "id", "none(id)"), "failed"),
        (NoOrphans("tree", "id", "gone(id)"), "skipped"),
        (NoOrphans("tree", "gone", "tree(id)"), "skipped"),
        (NoOrphans("tree", "id", "users(name)"), "errored"),
        (Reconciles("none", "id", "none(id)"), "passed"),
        (Reconciles("tree", "id", "none(id)"), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    more = (
        "create table tree (id int, parent int); insert into tree values (1, null), (2, 1); create table none (id int);"
    )
    assert judge(SETUP + more, expectation).status == status


@pytest.mark.parametrize("cls", [NoOrphans, Reconciles])
def test_as_many_columns_as_columns(cls: Any) -> None:
    with pytest.raises(ValidationError, match="cannot be compared"):
        cls("events", ["user_id", "org"], "users(id)")
