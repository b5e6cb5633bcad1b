from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import ForeignKey
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.catalog.constraints import Action
    from pgcontract.contract.expectation import Expectation

SETUP = """
create table orgs (id int primary key, x int, y int, "Odd, col" int unique, unique (x, y));
create table invoices (id int, org_id int, a int, b int);
alter table invoices
    add constraint org foreign key (org_id) references orgs on delete cascade on update set null,
    add constraint pair foreign key (a, b) references orgs (x, y) match full deferrable initially deferred;
"""
DROP = "alter table invoices drop constraint org"
AGAIN = "add constraint org foreign key (org_id) references orgs"
CASES = [
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)", deferrable=True, deferred=True),
        SETUP,
        "alter table invoices alter constraint pair deferrable initially immediate",
        "deferred of foreign key pair of public.invoices is no, not yes",
    ),
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)", deferrable=True, deferred=True, enforced=True),
        SETUP,
        "alter table invoices drop constraint pair",
        "lacks foreign key (a, b) references public.orgs (x, y) deferrable initially deferred",
    ),
    Case(
        ForeignKey("invoices", "org_id", "orgs(id)"),
        SETUP,
        DROP,
        "lacks foreign key (org_id) references public.orgs (id)",
    ),
    Case(ForeignKey("invoices", "org_id", "orgs"), SETUP, DROP, "references public.orgs (id)"),
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)"),
        SETUP,
        "alter table invoices drop constraint pair, add foreign key (b, a) references orgs (x, y)",
        "foreign key (a, b) references public.orgs (x, y)",
        name="pairs the other way round",
    ),
    Case(
        ForeignKey("invoices", "org_id", "orgs", on_delete="CASCADE"),
        SETUP,
        f"{DROP}, {AGAIN} on delete set null on update set null",
        "ON DELETE of foreign key org of public.invoices is SET NULL, not CASCADE",
    ),
    Case(
        ForeignKey("invoices", "org_id", "orgs", on_update="set null"),  # type: ignore[arg-type]
        SETUP,
        f"{DROP}, {AGAIN}",
        "ON UPDATE of foreign key org of public.invoices is NO ACTION, not SET NULL",
    ),
    Case(
        ForeignKey("invoices", "org_id", "orgs", on_delete="CASCADE", on_update="SET NULL"),
        SETUP,
        f"{DROP}, {AGAIN}",
        ("ON DELETE", "ON UPDATE"),
        name="both actions",
    ),
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)", deferrable=True),
        SETUP,
        "alter table invoices alter constraint pair not deferrable",
        "deferrable of foreign key pair of public.invoices is no, not yes",
    ),
    Case(
        ForeignKey("invoices", ["b", "a"], "orgs(y, x)", deferrable=False),
        SETUP + "alter table invoices alter constraint pair not deferrable",
        "alter table invoices alter constraint pair deferrable initially deferred",
        "is yes, not no",
    ),
    Case(
        ForeignKey("invoices", "org_id", "orgs"),
        SETUP,
        f"{DROP}, {AGAIN} not valid",
        "constraint org",
        name="not valid",
    ),
    Case(
        ForeignKey("invoices", "org_id", "orgs", validated=False), SETUP + f"{DROP}, {AGAIN} not valid", DROP, "org_id"
    ),
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)", match="FULL"),
        SETUP,
        "alter table invoices drop constraint pair, add constraint pair foreign key (a, b) references orgs (x, y)",
        "MATCH of foreign key pair of public.invoices is SIMPLE, not FULL",
    ),
    Case(
        ForeignKey("invoices", "org_id", "orgs", on_delete="SET NULL", on_delete_columns="org_id"),
        SETUP + f"{DROP}, {AGAIN} on delete set null",
        f"{DROP}, {AGAIN} on delete cascade",
        "ON DELETE of foreign key org of public.invoices is CASCADE, not SET NULL",
        name="its only column",
    ),
    Case(
        ForeignKey("invoices", "org_id", "orgs", name="org"),
        SETUP,
        "alter table invoices rename constraint org to other",
        "constraint org",
    ),
    Case(
        ForeignKey("invoices", "org_id", 'orgs("Odd, col")'),
        SETUP + 'alter table invoices add constraint odd foreign key (org_id) references orgs ("Odd, col")',
        "alter table invoices drop constraint odd",
        'public.orgs ("Odd, col")',
    ),
    Case(
        ForeignKey("logs", "org_id", "orgs"),
        SETUP + "create table logs (org_id int references orgs) partition by range (org_id)",
        "alter table logs drop constraint logs_org_id_fkey",
        "public.logs",
        name="of a partitioned table",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


TWICE = SETUP + "alter table invoices add constraint org_too foreign key (org_id) references orgs on delete restrict;"


@pytest.mark.parametrize(
    ("setup", "expectation", "status"),
    [
        (SETUP, ForeignKey("invoices", ["b", "a"], "orgs(y, x)"), "passed"),
        (SETUP, ForeignKey("invoices", ["b", "a"], "orgs(x, y)"), "failed"),
        (SETUP, ForeignKey("invoices", "a", "orgs(x)"), "failed"),
        (SETUP, ForeignKey("invoices", ["org_id", "a"], "orgs"), "failed"),
        (TWICE, ForeignKey("invoices", "org_id", "orgs", on_delete="RESTRICT"), "passed"),
        (TWICE, ForeignKey("invoices", "org_id", "orgs", on_delete="CASCADE"), "passed"),
        (TWICE, ForeignKey("invoices", "org_id", "orgs", on_delete="SET NULL"), "failed"),
        (TWICE, ForeignKey("invoices", "org_id", "orgs", on_delete="CASCADE", name="org_too"), "failed"),
        (SETUP, ForeignKey("invoices", "org_id", "nowhere(id)"), "skipped"),
        (SETUP, ForeignKey("invoices", "org_id", "orgs(nope)"), "skipped"),
        (SETUP, ForeignKey("invoices", "nope", "orgs(id)"), "skipped"),
        (SETUP, ForeignKey("orgs", "id", "invoices"), "failed"),
    ],
    ids=str,
)
def test_near_misses(judge: Any, setup: str, expectation: Expectation, status: str) -> None:
    assert judge(setup, expectation).status == status


def test_a_table_without_a_primary_key_cannot_be_referred_to_without_columns(judge: Any) -> None:
    (finding,) = judge(SETUP, ForeignKey("orgs", "id", "invoices")).findings
    assert finding.message == "public.orgs (id) cannot refer to public.invoices: it has no primary key"


def test_what_is_not_stated_survives_the_repair(judge: Any) -> None:
    (finding,) = judge(SETUP, ForeignKey("invoices", ["a", "b"], "orgs(x, y)", on_delete="CASCADE")).findings
    assert "match full on delete cascade on update no action deferrable initially deferred" in finding.repair[0].sql


def test_two_actions_have_two_fingerprints(judge: Any) -> None:
    both = ForeignKey("invoices", ["a", "b"], "orgs(x, y)", on_delete="CASCADE", on_update="CASCADE")
    first, second = judge(SETUP, both).findings
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize("references", ["orgs(id)", "orgs(x, y, z)", "orgs(a.b, c)"])
def test_columns_that_cannot_be_paired_are_refused(references: str) -> None:
    with pytest.raises(ValidationError):
        ForeignKey("invoices", ["a", "b"], references)


SOME = "drop constraint pair, add constraint pair foreign key (a, b) references orgs (x, y) on delete set null"
OF_SOME = [
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)", on_delete="SET NULL"),
        SETUP + f"alter table invoices {SOME}",
        f"alter table invoices {SOME} (b)",
        "ON DELETE of foreign key pair of public.invoices is SET NULL (b), not SET NULL",
        name="not but one column",
    ),
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)", on_delete="SET NULL", on_delete_columns="b"),
        SETUP + f"alter table invoices {SOME} (b)",
        f"alter table invoices {SOME}",
        "is SET NULL, not SET NULL (b)",
        name="not all columns",
    ),
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)", on_delete="SET NULL", on_delete_columns=["a", "b"]),
        SETUP + f"alter table invoices {SOME}",
        f"alter table invoices {SOME} (a)",
        "is SET NULL (a), not SET NULL",
        name="all columns by name",
    ),
    Case(
        ForeignKey("invoices", ["a", "b"], "orgs(x, y)", deferrable=False),
        SETUP + f"alter table invoices {SOME} (a)",
        f"alter table invoices {SOME} (a) deferrable",
        "deferrable of",
        name="what the repair keeps",
    ),
]


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize("case", OF_SOME, ids=str)
def test_which_columns_a_deletion_sets(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)


@pytest.mark.parametrize("columns", ["a", "c"])
def test_columns_that_no_deletion_could_set(columns: str) -> None:
    action: Action = "CASCADE" if columns == "a" else "SET NULL"
    with pytest.raises(ValidationError, match="on_delete_columns are"):
        ForeignKey("t", ["a", "b"], "u(x, y)", on_delete=action, on_delete_columns=columns)


@pytest.mark.pg(">= 18")
@pytest.mark.parametrize("validated", [True, False])
def test_a_key_that_is_not_enforced_is_none(validated: bool, lab: psycopg.Connection[Any], prove: Any) -> None:  # noqa: FBT001
    expectation = ForeignKey("invoices", "org_id", "orgs", validated=validated)
    case = Case(
        expectation, SETUP, f"{DROP}, {AGAIN} not enforced", "constraint org of public.invoices is not enforced"
    )
    assert "repaired" in prove(case, lab)


@pytest.mark.pg(">= 18")
def test_a_key_may_be_meant_not_to_be_enforced(lab: psycopg.Connection[Any], prove: Any) -> None:
    setup = f"{SETUP} alter table invoices {DROP.removeprefix('alter table invoices ')}, {AGAIN} not enforced;"
    expectation = ForeignKey("invoices", "org_id", "orgs", enforced=False)
    enforce = "alter table invoices alter constraint org enforced"
    assert "repaired" in prove(Case(expectation, setup, enforce, "is ENFORCED, not NOT ENFORCED"), lab)
    assert "repaired" in prove(Case(expectation, setup, DROP, "references public.orgs (id) not enforced"), lab)
