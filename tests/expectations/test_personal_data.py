from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import NoPersonalData, Suite, verify
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

SETUP = """
create table t (id int, note text, doc jsonb);
insert into t values (1, 'é is fine', '{"a": 1}'), (2, null, null), (3, 'order 2026-11-22, v1.2.3', '["x"]');
"""
BACK = "delete from t where id = 5"
CASES = [
    Case(
        NoPersonalData("t", ["note"]),
        SETUP,
        "insert into t values (5, 'mail ann@example.org')",
        "1 of 3 values of public.t.note looks like they hold an e-mail address",
        BACK,
    ),
    Case(
        NoPersonalData("t", kinds=["email"]),
        SETUP,
        """insert into t values (5, null, '{"to": ["ann@example.org"]}')""",
        "public.t.doc looks",
        BACK,
    ),
    Case(
        NoPersonalData("t", kinds=["ip"], where="id > 2", mostly=0.4),
        SETUP,
        "insert into t values (5, 'from 10.1.2.3'), (5, 'from 10.1.2.4')",
        "an IP address, where id > 2",
        BACK,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


FOUND = {
    "email": ["ann@example.org", "<a.b+c@x-y.co.uk>", "andré@example.fr", "x@müller.de"],
    "phone": ["+49 30 901820", "call +1 (212) 555-0100!", "+442071838750"],
    "card": ["4111 1111 1111 1111", "no 378282246310005.", "5555-5555-5555-4444"],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "to NO9386011117947, now"],
    "ip": ["192.168.0.1", "(10.0.0.255)"],
    "us_ssn": ["078-05-1120", "ssn:219-09-9999;"],
}
PASSED_OVER = {
    "email": ["ann at example.org", "@ann", "a@b", "联系@ann.lee"],
    "phone": ["030 901820", "1+12345678", "+123"],
    "card": [
        "4111 1111 1111 1112",
        "550e8400-e29b-41d4-a716-446655440000",
        "12345678901234567890123",
        "0000 0000 0000 0000",
    ],
    "iban": ["DE89 3704 0044 0532 0130 01", "GB82WEST"],
    "ip": ["1.2.3", "256.1.1.1", "1.2.3.4.5"],
    "us_ssn": ["000-12-3456", "078-00-1120", "2026-11-22", "978-05-1120"],
}


def test_what_it_looks_like(lab: psycopg.Connection[Any]) -> None:
    texts = [(kind, text, "failed") for kind, some in FOUND.items() for text in some]
    texts += [(kind, text, "passed") for kind, some in PASSED_OVER.items() for text in some]
    asked = [NoPersonalData("t", kinds=[kind], where=f"id = {n}") for n, (kind, _, _) in enumerate(texts)]  # type: ignore[list-item]
    with lab.transaction(force_rollback=True):
        lab.execute("create table t (id int, c text)")
        lab.cursor().executemany("insert into t values (%s, %s)", [(n, text) for n, (_, text, _) in enumerate(texts)])
        outcomes = verify(Suite("s", asked), lab).outcomes
    for (kind, text, status), outcome in zip(texts, outcomes, strict=True):
        assert outcome.status == status, (kind, text)
        assert text not in str(outcome)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValidationError):
        NoPersonalData("t", kinds=["emial"])  # type: ignore[list-item]
