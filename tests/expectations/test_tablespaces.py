from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import TablespaceExists
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

# One cannot be created in a transaction, but renamed.
CASES = [
    Case(
        TablespaceExists("Fast one"),
        'alter tablespace pg_default rename to "Fast one"',
        'alter tablespace "Fast one" rename to slow',
        'tablespace "Fast one" does not exist',
        'alter tablespace slow rename to "Fast one"',
    ),
    Case(TablespaceExists("pg_default"), "", "alter tablespace pg_default rename to def", "pg_default"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


def test_the_nearest_name_is_offered(judge: Any) -> None:
    assert judge("", TablespaceExists("pg_defualt")).findings[0].hint == "Perhaps you meant pg_default."
