from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ColumnGenerated, Suite, table
from pgcontract.contract.load import loads
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create type mood as enum ('sad', 'ok');
create table bills (
    net int, tax int, label text, mood mood,
    total numeric(10,2) generated always as (net + coalesce(tax, 0)) stored,
    low text generated always as (lower(label)) stored,
    sorted text collate "C" generated always as (label) stored,
    feeling text generated always as (case when mood = 'sad' then 'bad' else 'good' end) stored,
    fixed mood generated always as ('sad') stored,
    plain int default 3
);
"""
CASES = [
    Case(
        ColumnGenerated("bills", "total", "net+coalesce(tax,0)", storage="STORED"),
        SETUP,
        "alter table bills alter column total drop expression",
        "public.bills.total is not generated",
    ),
    Case(
        ColumnGenerated("bills", "plain", None),
        SETUP,
        "alter table bills drop plain, add plain int generated always as (net) stored",
        "public.bills.plain is generated",
    ),
]
OTHER_EXPRESSION = Case(
    ColumnGenerated("bills", "low", "lower(label)"),
    SETUP,
    "alter table bills alter low set expression as (upper(label))",
    "expression of public.bills.low is upper(label), not lower(label)",
)
VIRTUAL = Case(
    ColumnGenerated("bills", "low", "lower(label)", storage="VIRTUAL"),
    SETUP.replace("(lower(label)) stored", "(lower(label)) virtual"),
    "alter table bills drop low, add low text generated always as (lower(label)) stored",
    "storage of public.bills.low is STORED, not VIRTUAL",
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.pg(">= 17")
def test_another_expression(lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(OTHER_EXPRESSION, lab)


@pytest.mark.pg(">= 18")
def test_virtual(lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(VIRTUAL, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (ColumnGenerated("bills", "total", "( NET + COALESCE(tax, 0) )"), "passed"),
        (ColumnGenerated("bills", "total", "net + coalesce(tax, 0)::numeric"), "failed"),
        (ColumnGenerated("bills", "total", "net - coalesce(tax, 0)"), "failed"),
        (ColumnGenerated("bills", "sorted", "label"), "passed"),
        (ColumnGenerated("bills", "sorted", "lower(label)"), "failed"),
        (ColumnGenerated("bills", "feeling", "case when mood = 'sad' then 'bad' else 'good' end"), "passed"),
        (ColumnGenerated("bills", "feeling", "case when mood = 'ok' then 'bad' else 'good' end"), "failed"),
        (ColumnGenerated("bills", "fixed", "'sad'"), "passed"),
        (ColumnGenerated("bills", "fixed", "'ok'"), "failed"),
        (ColumnGenerated("bills", "low", "lower(label) || random()"), "errored"),
        (ColumnGenerated("bills", "low", "lower(label)) stored, add column more int default (1"), "errored"),
        (ColumnGenerated("bills", "plain", "3"), "failed"),
        (ColumnGenerated("bills", "total", None), "failed"),
        (ColumnGenerated("bills", "nothing", "net"), "skipped"),
        (ColumnGenerated("nothing", "total", "net"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    outcome = judge(SETUP, expectation)
    assert (outcome.status, outcome.reason) == (status, outcome.reason)


def test_the_short_form() -> None:
    text = """
suite: bills
tables:
  bills:
    columns:
      total: {type: int, generated: net + tax}
      low: {generated: {expression: lower(label), storage: virtual}, severity: warning}
      plain: {generated: null}
"""
    suite = loads(text)
    said = [expectation for expectation in suite if expectation.kind == "ColumnGenerated"]
    bills = "public.bills"
    assert said == [
        ColumnGenerated(bills, "total", "net + tax"),
        ColumnGenerated(bills, "low", "lower(label)", storage="VIRTUAL", severity="warning"),
        ColumnGenerated(bills, "plain", None),
    ]
    assert loads(suite.to_yaml()) == suite
    columns: Any = {"total": {"generated": "net + tax"}, "plain": {"generated": None}}
    python = Suite("bills", table("bills", columns=columns))
    assert [one for one in python if one.kind == "ColumnGenerated"] == [said[0], said[2]]
