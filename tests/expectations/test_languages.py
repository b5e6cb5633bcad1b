from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import LanguagePresent
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

HANDLER = "create {} language pgc_lang handler plpgsql_call_handler"
CASES = [
    Case(
        LanguagePresent("pgc_lang"),
        HANDLER.format("trusted"),
        "drop language pgc_lang",
        "language pgc_lang does not exist",
        HANDLER.format("trusted"),
    ),
    Case(LanguagePresent("plpgsql"), "", "drop extension plpgsql", "language plpgsql does not exist"),
    Case(
        LanguagePresent("pgc_lang", trusted=True),
        HANDLER.format("trusted"),
        "drop language pgc_lang; " + HANDLER.format(""),
        "trust in language pgc_lang is no, not yes",
        "drop language pgc_lang; " + HANDLER.format("trusted"),
    ),
    Case(
        LanguagePresent("pgc_lang", trusted=False),
        HANDLER.format(""),
        "alter language pgc_lang rename to pgc_langs",
        "pgc_lang",
        "alter language pgc_langs rename to pgc_lang",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    assert "repaired" in prove(case, lab)
