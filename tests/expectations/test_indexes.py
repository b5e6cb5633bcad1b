from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import IndexesAre, IndexPresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table docs (id int primary key, org int, email text, made timestamptz, body text[], deleted bool);
create index by_org on docs (org, made desc);
create unique index by_email on docs (lower(email));
create index alive on docs (org) include (id, made) where not deleted;
create index words on docs using gin (body);
"""
CASES = [
    Case(
        IndexPresent("docs", ["org", "made desc"], name="by_org", parameters=[]),
        SETUP,
        "alter index by_org set (fillfactor = 70)",
        "storage parameters of index public.by_org is (fillfactor=70), not ()",
    ),
    Case(
        IndexPresent("docs", "org", name="filled", parameters="fillfactor=70"),
        f"{SETUP} create index filled on docs (org) with (fillfactor = 70);",
        "drop index filled",
        "lacks index filled",
    ),
    Case(
        IndexesAre("closed", ["closed_pkey", "closed_n"]),
        "create table closed (id int primary key, n int); create index closed_n on closed (n)",
        "alter index closed_n rename to closed_m",
        ("index closed_n is missing", "index closed_m is in table public.closed"),
        "alter index closed_m rename to closed_n",
    ),
    Case(
        IndexesAre("closed", ["closed_pkey"], beside=["closed_n", "closed_o"]),
        "create table closed (id int primary key, n int); create index closed_n on closed (n)",
        "alter index closed_n rename to closed_m",
        "index closed_m is in table public.closed, but not in the contract",
        "drop index closed_m",
        name="an index that may be there",
    ),
    Case(
        IndexPresent("docs", "email", unique=True, nulls_not_distinct=True, include="id", where="not deleted"),
        SETUP + "create unique index nulls on docs (email) include (id) nulls not distinct where not deleted",
        "drop index nulls; create unique index nulls on docs (email) include (id) where not deleted",
        "lacks index unique btree (email) include (id) nulls not distinct where (NOT deleted)",
        name="NULLs are distinct",
    ),
    Case(
        IndexPresent("docs", "email", name="nulls", nulls_not_distinct=False),
        SETUP + "create unique index nulls on docs (email)",
        "drop index nulls; create unique index nulls on docs (email) nulls not distinct",
        "index nulls of public.docs is not btree (email)",
        "drop index nulls; create unique index nulls on docs (email)",
        name="NULLs are not distinct",
    ),
    Case(IndexPresent("docs", ["org", "made desc"]), SETUP, "drop index by_org", "lacks index btree (org, made DESC)"),
    Case(
        IndexPresent("docs", ["org", "made desc"]),
        SETUP,
        "drop index by_org; create index by_org on docs (org, made)",
        "made DESC",
        name="another order",
    ),
    Case(
        IndexPresent("docs", ["org", "made desc"]),
        SETUP,
        "drop index by_org; create index docs_org_made_idx on docs (made desc, org)",
        "(org, made DESC)",
        name="keys the other way round, under the name that would be made up",
    ),
    Case(
        IndexPresent("docs", ["org", "made desc"], name="by_org"),
        SETUP,
        "alter index by_org rename to other",
        "index by_org",
    ),
    Case(
        IndexPresent("docs", ["org", "made desc"], name="by_org"),
        SETUP,
        "drop index by_org; create index by_org on docs (org)",
        "index by_org of public.docs is not btree (org, made DESC)",
        "drop index by_org; create index by_org on docs (org, made desc)",
        name="the name has other keys",
    ),
    Case(
        IndexPresent("docs", "lower(email)", unique=True),
        SETUP,
        "drop index by_email; create index by_email on docs (lower(email))",
        "unique btree (lower(email))",
    ),
    Case(
        IndexPresent("docs", "lower(email)", unique=False),
        SETUP.replace("unique index", "index"),
        "drop index by_email; create unique index by_email on docs (lower(email))",
        "btree (lower(email))",
    ),
    Case(
        IndexPresent("docs", "body", method="gin"),
        SETUP,
        "drop index words; create index words on docs (body)",
        "gin (body)",
    ),
    Case(
        IndexPresent("docs", "org", where="deleted = false", include="id"),
        SETUP + "create index part on docs (org) include (id) where deleted = false",
        "drop index part; create index part on docs (org) include (id)",
        "include (id) where (deleted = false)",
        name="whole instead of partial",
    ),
    Case(
        IndexPresent("docs", "org"),
        SETUP + "create index whole on docs (org)",
        "drop index whole; create index whole on docs (org) where deleted",
        "lacks index btree (org)",
        name="partial instead of whole",
    ),
    Case(
        IndexPresent("docs", "org", include=["made", "id"], where="not deleted"),
        SETUP,
        "drop index alive; create index alive on docs (org) include (id) where not deleted",
        "include (made, id)",
    ),
    Case(
        IndexPresent("logs", "id"),
        "create table logs (id int) partition by range (id); create index on logs (id)",
        "drop index logs_id_idx",
        "public.logs",
        name="of a partitioned table",
    ),
    Case(
        IndexPresent("sums", "id"),
        "create materialized view sums as select 1 as id; create index on sums (id)",
        "drop index sums_id_idx",
        "public.sums",
        name="of a materialised view",
    ),
    Case(
        IndexPresent('"a.b"', '"C d" desc', unique=True),
        'create table "a.b" ("C d" int); create unique index "i.j" on "a.b" ("C d" desc)',
        "update pg_index set indisvalid = false where indexrelid = '\"i.j\"'::regclass",
        '"i.j"',
        name="a build that failed",
    ),
]


def since_15(case: Case) -> bool:
    return "nulls not distinct" in f"{case.setup} {case.broken}"


RUNS = [pytest.param(case, marks=[pytest.mark.pg(">= 15")] if since_15(case) else [], id=str(case)) for case in CASES]


@pytest.mark.parametrize("case", RUNS)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize("case", RUNS)
def test_repairs(case: Case, clone: Callable[[str | None], str], prove: Any) -> None:
    """`CONCURRENTLY` cannot run in a transaction: each case in a database of its own."""
    with psycopg.connect(clone(None)) as connection:
        assert "repaired" in prove(case, connection, committed=True)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (IndexPresent("docs", "id"), "passed"),
        (IndexPresent("docs", "id", unique=True), "passed"),
        (IndexPresent("docs", "id", unique=False), "failed"),
        (IndexPresent("docs", ["org"]), "failed"),
        (IndexPresent("docs", ["org", "made"]), "failed"),
        (IndexPresent("docs", ["org", "made DESC NULLS FIRST"]), "passed"),
        (IndexPresent("docs", ["org", "made desc nulls last"]), "failed"),
        (IndexPresent("docs", "LOWER(email)"), "passed"),
        (IndexPresent("docs", "upper(email)"), "failed"),
        (IndexPresent("docs", "email"), "failed"),
        (IndexPresent("docs", "org", where="not deleted", include=["made", "id"]), "passed"),
        (IndexPresent("docs", "org", where="not deleted", include=["id"]), "failed"),
        (IndexPresent("docs", "org", where="not deleted"), "failed"),
        (IndexPresent("docs", "org", where="(NOT deleted)", include=["id", "made"], name="alive"), "passed"),
        (IndexPresent("docs", "body"), "failed"),
        (IndexPresent("docs", "nope"), "skipped"),
        (IndexPresent("docs", "lower(nope)"), "failed"),
        (IndexPresent("docs", "org)"), "errored"),
        (IndexPresent("docs", "org, made desc"), "errored"),
        (IndexPresent("docs", "org", method="nope"), "failed"),
        (IndexPresent("nope", "org"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


ODD = """
create table odd ("Org Id" int, "a desc" int, a int, "user" text);
create index on odd ("Org Id", "user"); create index on odd ("a desc"); create unique index on odd (a desc);
"""


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (IndexPresent("odd", ["Org Id", "user"]), "passed"),
        (IndexPresent("odd", ['"Org Id"', '"user"']), "passed"),
        (IndexPresent("odd", ["Org Id"]), "failed"),
        (IndexPresent("odd", ["org Id", "user"]), "skipped"),
        (IndexPresent("odd", "a desc", unique=False), "passed"),
        (IndexPresent("odd", "a DESC", unique=True), "passed"),
    ],
    ids=repr,
)
def test_a_column_needs_no_quotes(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(ODD, expectation).status == status
