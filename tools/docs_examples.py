"""The examples of the reference, tried: where each expectation holds, what breaks it, and what it says then.

`docs/examples/` has a file of SQL for each module of expectations. A part begins with the expectation's name, and what
stands after `-- broken` breaks it:

    -- TableExists
    create table invoices (id int primary key);
    -- broken
    alter table invoices rename to invoice;

What is tried is the example of the docstring, on a Postgres with the Supabase platform. All are tried at once, each in
a schema of its own (`in app` names another), which API roles may use as they may `public`: two verdicts, not two for
each. What would disturb others, such as a change to a role, is tried `apart`, and so is each probe: what it costs grows
with the tables that are there.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

import pgcontract
from pgcontract import Suite, verify
from pgcontract.contract import registry
from pgcontract.expectations.advice.rule import Advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.verdict import Outcome

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "examples"
HEAD = re.compile(r"^-- ([A-Z]\w+)(?: in (\w+))?(, apart)?\n", re.MULTILINE)
BROKEN = re.compile(r"^-- broken\n", re.MULTILINE)
IN_DOCSTRING = re.compile(r"^Example:\n(.+?)\n\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """Where the example of an expectation's docstring holds, and what breaks it.

    Attributes:
        kind: What the expectation is called.
        expectation: The example.
        schema: Where it is tried.
        apart: Whether it is tried alone.
        setup: SQL that makes a database in which it holds.
        broken: SQL that then breaks it.
    """

    kind: str
    expectation: Expectation
    schema: str
    apart: bool
    setup: str
    broken: str

    def placed(self) -> Expectation:
        """The expectation about its own schema, also where it speaks of all that are exposed."""
        placed = self.expectation.placed(self.schema)
        if isinstance(placed, Advice):
            return placed.model_copy(update={"schemas": (self.schema,)})
        return placed.model_copy(update={"in_schema": self.schema}) if self._of_public() else placed

    def _of_public(self) -> bool:
        return getattr(self.expectation, "in_schema", None) == "public"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an example: the verdict where it should hold, and the one where it should not."""

    example: Example
    database: str
    holds: Outcome
    broken: Outcome

    def said(self) -> str:
        """What the failure says and repairs, as of the schema `public` and the database `app`."""
        said = "\n".join(self._lines()).replace(f"database {self.database} ", "database app ")
        own = self.example.schema == self.example.kind.lower()
        return re.sub(rf"\b{self.example.schema}\b", "public", said) if own else said

    def _lines(self) -> Iterator[str]:
        for finding in self.broken.findings:
            yield finding.message
            for step in finding.repair:
                yield from (f"  {line}" for line in step.sql.splitlines())


def of_docstring(kind: str) -> Expectation:
    """The example of an expectation's docstring.

    Raises:
        ValueError: It has none.
    """
    found = IN_DOCSTRING.search(inspect.cleandoc(registry.offered()[kind].__doc__ or ""))
    if found is None:
        raise ValueError(f"the docstring of {kind} has no example")
    names = {name: getattr(pgcontract, name) for name in pgcontract.__all__}
    example: Expectation = eval(found[1], names)  # noqa: S307 - our own docstring
    return example


def examples() -> list[Example]:
    """All that there are, in the order of their files."""
    return [example for file in sorted(FOLDER.rglob("*.sql")) for example in _of_file(file.read_text("utf-8"))]


def _of_file(text: str) -> Iterator[Example]:
    _, *parts = HEAD.split(text)
    for kind, schema, apart, sql in zip(*[iter(parts)] * 4, strict=True):
        setup, broken = BROKEN.split(sql)
        expectation = of_docstring(kind)
        alone = bool(apart) or expectation.lane == "probe"
        yield Example(kind, expectation, schema or kind.lower(), alone, setup.strip(), broken.strip())


def tried(connection: psycopg.Connection[Any], every: Sequence[Example]) -> Iterator[Tried]:
    """Try examples, and leave nothing.

    Args:
        connection: A superuser's, not in a transaction, to a database that has the Supabase platform.
        every: What to try.

    Raises:
        psycopg.Error: The SQL of an example is wrong.
    """
    yield from _together(connection, [example for example in every if not example.apart])
    for example in every:
        if example.apart:
            yield from _together(connection, [example])


def _together(connection: psycopg.Connection[Any], members: Sequence[Example]) -> Iterator[Tried]:
    suite = Suite("examples", [example.placed() for example in members])
    with connection.transaction(force_rollback=True):
        for example in members:
            _make(connection, example)
        holds = verify(suite, connection, probes="rollback").outcomes
        for example in members:
            _run(connection, example, example.broken)
        broken = verify(suite, connection, probes="rollback").outcomes
    for example, held, failed in zip(members, holds, broken, strict=True):
        yield Tried(example, connection.info.dbname, held, failed)


def _make(connection: psycopg.Connection[Any], example: Example) -> None:
    _run(connection, example, f"create schema if not exists {example.schema}")
    _run(connection, example, f"grant usage on schema {example.schema} to anon, authenticated, service_role")
    _run(connection, example, example.setup)


def _run(connection: psycopg.Connection[Any], example: Example, sql: str) -> None:
    here = sql.replace("database app ", f'database "{connection.info.dbname}" ')
    here = here.replace("schema public to", f"schema {example.schema} to")
    try:
        connection.execute(f"set local search_path = {example.schema}, extensions; {here}".encode(), prepare=False)
    except psycopg.Error as error:
        error.add_note(f"in the example of {example.kind}")
        raise


def wrong(results: Iterable[Tried]) -> dict[str, str]:
    """What is not as it should be, by the name of the expectation."""
    found: dict[str, str] = {}
    for one in results:
        if one.holds.status != "passed":
            found[one.example.kind] = f"does not hold: {_why(one.holds)}"
        elif one.broken.status != "failed":
            found[one.example.kind] = f"is not broken: {_why(one.broken)}"
    return found


def _why(outcome: Outcome) -> str:
    said = [outcome.reason, *(finding.message for finding in outcome.findings)]
    return ": ".join([outcome.status, *filter(None, ["; ".join(filter(None, said))])])
