from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import CollationExists
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = "create collation bytes (provider = libc, locale = 'C')"
AGAIN = "drop collation bytes; create collation bytes (provider = libc, {})"
CASES = [
    Case(
        CollationExists("bytes", rules="&a < g"),
        f"{SETUP}; update pg_collation set collicurules = '&a < g' where collname = 'bytes'",
        "update pg_collation set collicurules = null where collname = 'bytes'",
        "rules of collation public.bytes is none, not &a < g",
    ),
    Case(CollationExists("bytes"), SETUP, "drop collation bytes", "collation public.bytes does not exist", SETUP),
    Case(
        CollationExists("bytes", locale="C"),
        SETUP,
        AGAIN.format("locale = 'POSIX'"),
        "locale of collation public.bytes is POSIX, not C",
        AGAIN.format("locale = 'C'"),
    ),
    Case(
        CollationExists("bytes", provider="libc", deterministic=True),
        SETUP,
        "alter collation bytes rename to bits",
        "public.bytes",
        "alter collation bits rename to bytes",
    ),
]


RUNS = [
    pytest.param(case, marks=[pytest.mark.pg(">= 16")] if "collicurules" in case.broken else [], id=str(case))
    for case in CASES
]


@pytest.mark.parametrize("case", RUNS)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (CollationExists("bytes", provider="ICU"), "failed"),  # type: ignore[arg-type]
        (CollationExists("bytes", deterministic=False), "failed"),
        (CollationExists("Bytes"), "failed"),
        (CollationExists("nowhere.bytes"), "skipped"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status
