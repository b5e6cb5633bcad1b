from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import Quantiles
from pgcontract.contract.load import loads
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create table t (n float8, d date, e text collate "C");
insert into t select k, date '2020-01-01' + k, chr(96 + k) from generate_series(1, 9) as k;
insert into t default values;
"""
CASES = [
    Case(
        Quantiles("t", "n", {0.5: (4, 6), 1: (None, 9)}),
        SETUP,
        "insert into t (n) select 100 from generate_series(1, 20)",
        "the quantile 0.5 of public.t.n is 100, not between 4 and 6",
        "delete from t where n = 100",
    ),
    Case(
        Quantiles("t", "n", {0.9: (None, 9)}),
        SETUP,
        "insert into t values ('NaN'), ('NaN')",
        "the quantile 0.9 of public.t.n is NaN, not at most 9",
        "delete from t where n = 'NaN'",
    ),
    Case(
        Quantiles("t", "d", {1: ("2020-01-10", "2020-01-10")}),
        SETUP,
        "insert into t (d) values ('infinity')",
        "is infinity, not 2020-01-10",
        "delete from t where d = 'infinity'",
    ),
    Case(Quantiles("t", "e", {0: ("a", None)}), SETUP, "insert into t (e) values ('A')", "is A, not at least a"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


def test_a_mapping_of_yaml_is_read(judge: Any) -> None:
    suite = loads("suite: s\nexpectations:\n  - Quantiles: {table: t, column: n, quantiles: {0.5: [4, 6], 1: 9}}")
    assert list(suite) == [Quantiles("public.t", "n", {0.5: (4, 6), 1: (9, 9)})]
    assert judge(SETUP, *suite).status == "passed"


def test_nothing_has_no_quantile(judge: Any) -> None:
    assert judge("create table t (n int)", Quantiles("t", "n", {0.5: (1, 1)})).status == "skipped"


@pytest.mark.parametrize("quantiles", [{}, {2: (1, 1)}, {0.5: (None, None)}, {"half": 1}, [0.5]])
def test_quantiles_that_make_no_sense_are_refused(quantiles: Any) -> None:
    with pytest.raises(ValidationError):
        Quantiles("t", "n", quantiles)
