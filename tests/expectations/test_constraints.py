from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create table orgs (id int constraint orgs_pkey primary key, slug text constraint orgs_slug_key unique);
create table invoices (
    a int, b int, status text, amount int,
    constraint invoices_pkey primary key (a, b),
    constraint invoices_ab unique (status, amount),
    constraint positive check (amount >= 0),
    check (status in ('open', 'paid'))
);
"""
DROP_POSITIVE = "alter table invoices drop constraint positive"
SLUG = "alter table orgs drop constraint orgs_slug_key, add constraint orgs_slug_key {}"
CASES = [
    Case(
        PrimaryKey("kept", "id", include=["note"]),
        "create table kept (id int, note text, constraint kept_pkey primary key (id) include (note))",
        "alter table kept drop constraint kept_pkey, add primary key (id)",
        "INCLUDE of constraint kept_pkey of public.kept is (), not (note)",
        "alter table kept drop constraint kept_pkey, add primary key (id) include (note)",
    ),
    Case(
        CheckConstraint("invoices", "amount >= 0", no_inherit=False, enforced=True),
        SETUP,
        f"{DROP_POSITIVE}, add constraint positive check (amount >= 0) no inherit",
        "NO INHERIT of constraint positive of public.invoices is yes, not no",
        f"{DROP_POSITIVE}, add constraint positive check (amount >= 0)",
    ),
    Case(
        CheckConstraint("invoices", "amount < 9", name="few", no_inherit=True),
        f"{SETUP} alter table invoices add constraint few check (amount < 9) no inherit;",
        "alter table invoices drop constraint few",
        "lacks constraint few check (amount < 9) no inherit",
    ),
    Case(
        PrimaryKey("orgs", "id"),
        SETUP,
        "alter table orgs drop constraint orgs_pkey",
        "primary key of public.orgs is none, not (id)",
    ),
    Case(
        PrimaryKey("invoices", ["a", "b"]),
        SETUP,
        "alter table invoices drop constraint invoices_pkey, add primary key (b, a)",
        "primary key of public.invoices is (b, a), not (a, b)",
        "alter table invoices drop constraint invoices_pkey, add primary key (a, b)",
        name="the order of the key",
    ),
    Case(
        UniqueConstraint("orgs", "slug"),
        SETUP,
        "alter table orgs drop constraint orgs_slug_key",
        "public.orgs lacks unique (slug)",
    ),
    Case(
        UniqueConstraint("invoices", ["amount", "status"]),
        SETUP,
        "alter table invoices drop constraint invoices_ab",
        "unique (amount, status)",
        name="columns in any order",
    ),
    Case(
        UniqueConstraint("orgs", "slug", name="orgs_slug_key"),
        SETUP,
        "alter table orgs rename constraint orgs_slug_key to other",
        "constraint orgs_slug_key",
    ),
    Case(
        UniqueConstraint("invoices", ["status"], name="invoices_ab"),
        SETUP.replace("unique (status, amount)", "unique (status)"),
        "alter table invoices drop constraint invoices_ab, add constraint invoices_ab unique (amount)",
        "constraint invoices_ab of public.invoices is not unique (status)",
        "alter table invoices drop constraint invoices_ab, add constraint invoices_ab unique (status)",
        name="the name has other columns",
    ),
    Case(
        PrimaryKey("orgs", "id", deferrable=True, deferred=True),
        SETUP.replace("orgs_pkey primary key", "orgs_pkey primary key deferrable initially deferred"),
        "alter table orgs drop constraint orgs_pkey, add primary key (id) deferrable",
        "deferred of constraint orgs_pkey of public.orgs is no, not yes",
        "alter table orgs drop constraint orgs_pkey, add primary key (id) deferrable initially deferred",
        name="a primary key that can be put off",
    ),
    Case(
        PrimaryKey("orgs", "id", deferrable=True),
        SETUP.replace("orgs_pkey primary key", "orgs_pkey primary key deferrable"),
        "alter table orgs drop constraint orgs_pkey",
        "primary key of public.orgs is none, not (id)",
        name="a primary key that can be put off is gone",
    ),
    Case(
        UniqueConstraint("orgs", "slug", nulls_not_distinct=True),
        SETUP.replace("orgs_slug_key unique", "orgs_slug_key unique nulls not distinct"),
        SLUG.format("unique (slug)"),
        "NULLS NOT DISTINCT of constraint orgs_slug_key of public.orgs is no, not yes",
        SLUG.format("unique nulls not distinct (slug)"),
        name="NULLs are distinct",
    ),
    Case(
        UniqueConstraint("orgs", "slug", nulls_not_distinct=True, include="id", deferrable=True, deferred=True),
        SETUP + SLUG.format("unique nulls not distinct (slug) include (id) deferrable initially deferred"),
        "alter table orgs drop constraint orgs_slug_key",
        "public.orgs lacks unique nulls not distinct (slug) include (id) deferrable initially deferred",
        name="all of it",
    ),
    Case(
        UniqueConstraint("orgs", "slug", include="id", deferrable=False),
        SETUP + SLUG.format("unique (slug) include (id)"),
        SLUG.format("unique (slug)"),
        "INCLUDE of constraint orgs_slug_key of public.orgs is (), not (id)",
        SLUG.format("unique (slug) include (id)"),
        name="nothing is stored beside it",
    ),
    Case(CheckConstraint("invoices", "amount >= 0"), SETUP, DROP_POSITIVE, "public.invoices lacks check (amount >= 0)"),
    Case(
        CheckConstraint("invoices", "(amount) >= (0)", name="positive"),
        SETUP,
        "alter table invoices rename constraint positive to other",
        "constraint positive",
        name="the same check under another name",
    ),
    Case(
        CheckConstraint("invoices", "amount >= 0", name="positive"),
        SETUP,
        DROP_POSITIVE + ", add constraint positive check (amount > 0)",
        "constraint positive of public.invoices is not check (amount >= 0)",
        DROP_POSITIVE + ", add constraint positive check (amount >= 0)",
    ),
    Case(
        CheckConstraint("invoices", "status in ('open', 'paid')"),
        SETUP,
        "alter table invoices drop constraint invoices_status_check, add check (status in ('open', 'paid', 'x'))",
        "status in ('open', 'paid')",
    ),
    Case(
        CheckConstraint("invoices", "amount >= 0"),
        SETUP,
        DROP_POSITIVE + ", add constraint positive check (amount >= 0) not valid",
        "constraint positive of public.invoices is not valid",
    ),
    Case(
        CheckConstraint("invoices", "amount >= 0", validated=False),
        SETUP + DROP_POSITIVE + ", add constraint positive check (amount >= 0) not valid",
        DROP_POSITIVE,
        "amount >= 0",
    ),
]


def since_15(case: Case) -> bool:
    return "nulls not distinct" in f"{case.setup} {case.broken}"


RUNS = [pytest.param(case, marks=[pytest.mark.pg(">= 15")] if since_15(case) else [], id=str(case)) for case in CASES]


@pytest.mark.parametrize("case", RUNS)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


NEAR = """
create table t (a int not null, b int, c text);
create unique index t_a on t (a);
create unique index t_partial on t (b) where b > 0;
alter table t add constraint twice check (a > 0) not valid, add constraint twice_too check (a > 0);
alter table t add constraint c_key check (c <> '');
"""


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (PrimaryKey("t", "a"), "failed"),
        (UniqueConstraint("t", "a"), "failed"),
        (UniqueConstraint("t", "b"), "failed"),
        (UniqueConstraint("t", ["a", "nope"]), "skipped"),
        (PrimaryKey("t", "nope"), "skipped"),
        (PrimaryKey("nope", "a"), "skipped"),
        (CheckConstraint("t", "a > 0"), "passed"),
        (CheckConstraint("t", "a > 0", name="twice"), "failed"),
        (CheckConstraint("t", "a > 0", name="twice_too"), "passed"),
        (CheckConstraint("t", "0 < a"), "failed"),
        (CheckConstraint("t", "a > 0::int"), "passed"),
        (CheckConstraint("t", "A > 0"), "passed"),
        (CheckConstraint("t", "a >"), "errored"),
        (CheckConstraint("t", "a > 0) or (true"), "errored"),
        (CheckConstraint("t", "nope > 0"), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(NEAR, expectation).status == status


def test_a_unique_index_in_a_constraints_place_is_pointed_at(judge: Any) -> None:
    hint = judge(NEAR, UniqueConstraint("t", "a")).findings[0].hint
    assert hint == "The unique index t_a refuses the same duplicates; the contract may mean that."
    assert judge(NEAR, UniqueConstraint("t", "b")).findings[0].hint is None


def test_a_name_that_something_else_has_is_not_taken_again(judge: Any) -> None:
    finding = judge(NEAR, UniqueConstraint("t", "c", name="c_key")).findings[0]
    assert finding.repair == ()
    assert "c_key: check (c <> ''::text)" in finding.observed


FOREIGN = """
create foreign data wrapper elsewhere;
create server far foreign data wrapper elsewhere;
create foreign table goods (price int, constraint cheap check (price < 10)) server far;
"""
ANEW = "alter table goods drop constraint cheap, add constraint cheap check (price < 10)"


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("alter table goods drop constraint cheap", "public.goods lacks check (price < 10)"),
        (f"{ANEW} not valid", "constraint cheap of public.goods is not valid"),
    ],
)
def test_checks_of_foreign_tables(broken: str, message: str, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(Case(CheckConstraint("goods", "price < 10"), FOREIGN, broken, message), lab)


@pytest.mark.pg(">= 18")
@pytest.mark.parametrize("validated", [True, False])
def test_a_check_that_is_not_enforced_is_none(validated: bool, lab: psycopg.Connection[Any], prove: Any) -> None:  # noqa: FBT001
    expectation = CheckConstraint("goods", "price < 10", validated=validated)
    setup = "create table goods (price int, constraint cheap check (price < 10));"
    again = ANEW  # no statement makes a check enforced
    case = Case(expectation, setup, f"{ANEW} not enforced", "constraint cheap of public.goods is not enforced", again)
    assert "repaired" in prove(case, lab)


@pytest.mark.pg(">= 18")
def test_a_check_may_be_meant_not_to_be_enforced(lab: psycopg.Connection[Any], prove: Any) -> None:
    expectation = CheckConstraint("goods", "price < 10", name="cheap", enforced=False)
    setup = "create table goods (price int, constraint cheap check (price < 10) not enforced);"
    enforced = "alter table goods drop constraint cheap, add constraint cheap check (price < 10)"
    prove(Case(expectation, setup, enforced, "enforcement of constraint cheap of public.goods is ENFORCED"), lab)
    gone = "alter table goods drop constraint cheap"
    assert "repaired" in prove(Case(expectation, setup, gone, "lacks constraint cheap"), lab)
