"""Each of pgTAP's schema assertions has an expectation that says the same: it holds where it should, and else fails.

`pgtap.tsv` lists pgTAP's assertions by group. A module `cases_*.py` beside this one holds `SETUP`, SQL that makes a
database, and `CASES`: by assertion, an expectation that holds there and one of the same kind that does not. The page
`docs/parity.md` is made from them; `PGCONTRACT_UPDATE_PARITY=1` writes it anew. A module whose objects some versions of
Postgres do not know says in `PG` on which its cases are tried: `"< 14"`.
"""

from __future__ import annotations

import csv
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import Suite, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pgcontract.contract.expectation import Expectation
    from pgcontract.embedded import Databases

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "parity.md"
# What runs tests and compares values and result sets is no assertion on a schema.
OTHERWISE = {"TAP/flow", "scalar", "results", "exceptions/perf"}
HEAD = """# pgTAP's assertions, in pgcontract's words

pgTAP has {count} assertions on a schema. Beside each stands an expectation that says the same; the tests try every one
of them on a database in which it holds and on one in which it does not, and this page is made from those cases.
Postfix operators (`has_rightop`) are tried on PostgreSQL 13, the last version that has them.
{missing}
What pgTAP has for running tests and for comparing values is not here: [From pgTAP](from-pgtap.md) says what stands for
it.
"""


def assertions() -> dict[str, str]:
    """pgTAP's schema assertions, and the group of each."""
    with (HERE / "pgtap.tsv").open(encoding="utf-8") as file:
        return {name: group for group, name in csv.reader(file, delimiter="\t") if group not in OTHERWISE}


def modules() -> Iterator[ModuleType]:
    for path in sorted(HERE.glob("cases_*.py")):
        spec = importlib.util.spec_from_file_location(f"parity_{path.stem}", path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


CASES: list[tuple[ModuleType, str, Expectation, Expectation]] = [
    (module, name, *pair) for module in modules() for name, pair in module.CASES.items()
]


@pytest.fixture(scope="module")
def prepared(
    server: Databases, fresh_name: Callable[[], str], keep: Callable[[psycopg.Connection[Any]], None]
) -> Iterator[Callable[[ModuleType], psycopg.Connection[Any]]]:
    """A connection to a module's database, made once: verifying leaves nothing there."""
    made: dict[str, psycopg.Connection[Any]] = {}

    def prepare(module: ModuleType) -> psycopg.Connection[Any]:
        if module.__name__ not in made:
            made[module.__name__] = connection = psycopg.connect(server.create_database(fresh_name()), autocommit=True)
            keep(connection)
            connection.execute(module.SETUP.encode())
        return made[module.__name__]

    yield prepare
    for connection in made.values():
        name = connection.info.dbname
        connection.close()
        server.drop_database(name)


@pytest.mark.parametrize(
    ("module", "name", "holding", "failing"),
    [
        pytest.param(*case, id=case[1], marks=[pytest.mark.pg(case[0].PG)] if hasattr(case[0], "PG") else [])
        for case in CASES
    ],
)
def test_each_assertion_has_an_expectation(
    prepared: Callable[[ModuleType], psycopg.Connection[Any]],
    module: ModuleType,
    name: str,
    holding: Expectation,
    failing: Expectation,
) -> None:
    assert name in assertions()
    assert type(holding) is type(failing)
    report = verify(Suite("parity", [holding, failing]), prepared(module), probes="rollback")
    assert [outcome.status for outcome in report.outcomes[:2]] == ["passed", "failed"], report.outcomes


def page() -> str:
    known = assertions()
    found = {name: holding for _, name, holding, _ in CASES}
    missing = len(known.keys() - found.keys())
    lines = [HEAD.format(count=len(known), missing=f"{missing} have none yet." if missing else "None is left out.")]
    for group in dict.fromkeys(known.values()):
        lines += [f"## {group.capitalize()}", "", "| pgTAP | pgcontract |", "|---|---|"]
        for name in (name for name, its in known.items() if its == group):
            said = f"`{found[name]!r}`".replace("|", r"\|") if name in found else "not yet"
            lines.append(f"| `{name}` | {said} |")
        lines.append("")
    return "\n".join(lines)


def test_the_page_shows_them() -> None:
    if os.environ.get("PGCONTRACT_UPDATE_PARITY"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "run the tests with PGCONTRACT_UPDATE_PARITY=1"
