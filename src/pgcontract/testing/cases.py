"""For authors of expectations: prove on a live database that an expectation holds when it should, and only then.

```python
from pgcontract.testing import Case, prove

CASES = [
    Case(
        TableHasPrimaryKey("invoices"),
        setup="create table invoices (id int primary key)",
        broken="alter table invoices drop constraint invoices_pkey",
        mentions="invoices",
        repair="alter table invoices add primary key (id)",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it(case, connection):  # a psycopg connection to any database; nothing stays in it
    prove(case, connection)
```
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pgcontract.contract.suite import Suite
from pgcontract.run.runner import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    import psycopg

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.principals import Principal
    from pgcontract.run.probe import Probes
    from pgcontract.run.target import Target
    from pgcontract.verdict import Outcome

Beat: TypeAlias = Literal["holds", "out of scope", "broken", "repaired"]
"""What is proven of an expectation, in this order."""

UNRELATED = """
create schema if not exists pgcontract_unrelated;
create table pgcontract_unrelated.unrelated (id int, note text default 'x');
"""
"""A change that matters to no expectation on something else."""


@dataclass(frozen=True, slots=True)
class Case:
    """An expectation, a database in which it holds, and a change that breaks it.

    Attributes:
        expectation: The expectation; its bare names are in `schema`.
        setup: SQL that makes a database in which it holds.
        broken: SQL that then breaks it.
        mentions: Words that stand in the message or the object of a finding.
        repair: SQL that mends it where the findings propose none; None leaves that beat out.
        unrelated: SQL that must not matter.
        schema: The schema of bare names.
        probes: What probes may do.
        principals: Who acts in probes, as a contract declares it.
        name: What a test report calls the case; else the expectation itself.
    """

    expectation: Expectation
    setup: str
    broken: str
    mentions: str | tuple[str, ...] = ()
    repair: str | None = None
    unrelated: str = UNRELATED
    schema: str = "public"
    probes: Probes = "rollback"
    principals: tuple[Principal | str, ...] = ()
    name: str = ""

    def __str__(self) -> str:
        return self.name or repr(self.expectation)


def judged(
    expectation: Expectation,
    database: Target | Catalog,
    *,
    schema: str = "public",
    probes: Probes = "rollback",
    principals: Sequence[Principal | str] = (),
) -> Outcome:
    """The verdict on one expectation.

    Args:
        expectation: The expectation.
        database: Whatever `verify` takes: a connection, also in an open transaction, a URL, or a catalog, such as
            `pgcontract.testing.catalog` makes.
        schema: The schema of bare names.
        probes: What probes may do.
        principals: Who acts in probes.
    """
    suite = Suite("case", [expectation], schema=schema, principals=principals)
    return verify(suite, database, probes=probes).outcomes[0]


def prove(
    case: Case,
    connection: psycopg.Connection[Any],
    *,
    committed: bool = False,
    look: Callable[[Outcome], object] = lambda _: None,
) -> tuple[Beat, ...]:
    """Prove the case, in a transaction that is rolled back, and return the beats that were proven.

    "repaired" is only among them if there is a repair: the findings' own, which are run twice, for that they must bear,
    or else the case's.

    Args:
        case: What to prove.
        connection: To a database in which the case's objects are not there yet; not in a transaction.
        committed: Commit each step instead, and leave all of it there: for a repair that cannot run in a transaction
            (`create index concurrently`), in a database that is thrown away. Without it, that beat is left out.
        look: Called with the outcome that failed while the case is broken, to look at more than `mentions` says.

    Raises:
        AssertionError: A beat fails; the message says which and why.
        psycopg.Error: The case's SQL is wrong, or a repair is.
    """
    with _stage(connection, committed=committed):
        _run(connection, [case.setup])
        _expect(case, connection, "holds", "passed")
        _run(connection, [case.unrelated])
        _expect(case, connection, "out of scope", "passed")
        _run(connection, [case.broken])
        broken = _expect(case, connection, "broken", "failed")
        _require_mentions(case, broken)
        look(broken)
        found = [step.sql for finding in broken.findings for step in finding.repair]
        outside = any(" concurrently " in sql for sql in found) and not committed
        if outside or not (found or case.repair):
            return "holds", "out of scope", "broken"
        _run(connection, [*found, *found] or [case.repair or ""])
        _expect(case, connection, "repaired", "passed")
    return "holds", "out of scope", "broken", "repaired"


@contextmanager
def _stage(connection: psycopg.Connection[Any], *, committed: bool) -> Generator[None]:
    if committed:
        connection.autocommit = True
        yield
    else:
        with connection.transaction(force_rollback=True):
            yield


def _run(connection: psycopg.Connection[Any], statements: Iterable[str]) -> None:
    for statement in filter(str.strip, statements):
        connection.execute(statement.encode(), prepare=False)


def _expect(case: Case, connection: psycopg.Connection[Any], beat: Beat, status: str) -> Outcome:
    outcome = judged(case.expectation, connection, schema=case.schema, probes=case.probes, principals=case.principals)
    if outcome.status != status:
        found = "; ".join(finding.message for finding in outcome.findings)
        why = found or outcome.traceback or outcome.reason or "nothing was found"
        raise AssertionError(f"{beat}: {case} {outcome.status}, where {status} was due: {why}")
    return outcome


def _require_mentions(case: Case, outcome: Outcome) -> None:
    said = "\n".join(f"{finding.object}\n{finding.message}" for finding in outcome.findings)
    for words in (case.mentions,) if isinstance(case.mentions, str) else case.mentions:
        if words not in said:
            raise AssertionError(f"broken: no finding of {case} speaks of {words!r}:\n{said}")
