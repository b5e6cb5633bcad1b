"""All aggregates on one relation in one `SELECT`; one that the server refuses never costs the others their values.

What Postgres does not understand it says before it reads a row, and where: that aggregate is asked again by itself
among those for which names are looked up on the wide path, and is refused in the end. What fails on the rows
themselves (a division by zero) has no place: the scan is split until who is to blame stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg

from pgcontract.names import quote, split
from pgcontract.run.loaded import execute
from pgcontract.run.refusal import Refusal, refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pgcontract.contract.aggregate import Aggregate, Question

Value: TypeAlias = "Any | Refusal"

SAVEPOINT = "pgcontract_scan"
"""What a statement that fails is rolled back to; whoever scans has set it."""

_MOST = 1600
"""How many columns a select list may have: 1664, in Postgres."""

# Undefined names, which another path may define: function and operator, object, table, schema.
UNKNOWN = frozenset({"42883", "42704", "42P01", "3F000"})


@dataclass(slots=True)
class Scan:
    """The scans of one relation.

    Attributes:
        connection: In a transaction that has the savepoint.
        source: What stands after `from`.
        path: Where bare names are looked up that pg_catalog does not know: a `search_path`.
        suspects: The aggregates that hold an author's own SQL, which are the likeliest to fail on some row.
        wide: The aggregates that are asked with that path.
    """

    connection: psycopg.Connection[Any]
    source: str
    path: str
    suspects: Collection[Question] = ()
    wide: set[Aggregate] = field(default_factory=set)

    def values(self, asked: Iterable[Aggregate]) -> dict[Aggregate, Value]:
        """A value for each aggregate, or why there is none.

        Raises:
            psycopg.OperationalError: The connection was lost, or the scan cancelled; it is not tried again.
        """
        wanted = list(dict.fromkeys(asked))
        found = dict(self._all([aggregate for aggregate in wanted if aggregate not in self.wide], wide=False))
        found |= self._all([aggregate for aggregate in wanted if aggregate in self.wide], wide=True)
        return found

    def _all(self, asked: Sequence[Aggregate], *, wide: bool) -> Iterator[tuple[Aggregate, Value]]:
        for begin in range(0, len(asked), _MOST):
            yield from self._tried(list(asked[begin : begin + _MOST]), wide=wide)

    def _tried(self, asked: list[Aggregate], *, wide: bool) -> Iterator[tuple[Aggregate, Value]]:
        """Take out whom the server points at, until it points at nobody; whom a wider path may help comes later."""
        while asked:
            outcome = self._select(asked, wide=wide)
            if not isinstance(outcome, Refusal):
                yield from outcome.items()
                return
            guilty = self._guilty(asked, outcome)
            if guilty is None:
                yield from self._split(asked, outcome, wide=wide)
                return
            asked = [aggregate for aggregate in asked if aggregate is not guilty]
            if outcome.sqlstate in UNKNOWN and not wide:
                self.wide.add(guilty)
            else:
                yield guilty, outcome

    def _split(self, asked: list[Aggregate], outcome: Refusal, *, wide: bool) -> Iterator[tuple[Aggregate, Value]]:
        if len(asked) == 1:
            yield asked[0], outcome
        elif outcome.of_all or self._is_refused_whole(outcome):
            yield from ((aggregate, outcome) for aggregate in asked)
        else:
            for part in self._parts(asked):
                yield from self._tried(part, wide=wide)

    def _parts(self, asked: list[Aggregate]) -> tuple[list[Aggregate], list[Aggregate]]:
        """The suspects and the others; where all or none are, halves."""
        suspects = [aggregate for aggregate in asked if aggregate in self.suspects]
        if suspects and len(suspects) < len(asked):
            return [aggregate for aggregate in asked if aggregate not in self.suspects], suspects
        return asked[: len(asked) // 2], asked[len(asked) // 2 :]

    def _is_refused_whole(self, outcome: Refusal) -> bool:
        """Whether the relation itself may not be read: then no part of what was asked may be."""
        if outcome.sqlstate != "42501":
            return False
        return isinstance(self._run(f"select pg_catalog.count(*)\nfrom {self.source} where false", wide=False), Refusal)

    def _select(self, asked: Sequence[Aggregate], *, wide: bool) -> dict[Aggregate, Any] | Refusal:
        items = "\n, ".join(aggregate.sql for aggregate in asked)
        rows = self._run(f"select {items}\nfrom {self.source} limit 2", wide=wide)
        if isinstance(rows, Refusal):
            return rows
        if len(rows) != 1 or len(rows[0]) != len(asked):
            return Refusal(f"not aggregates: {', '.join(aggregate.expression for aggregate in asked)}")
        return dict(zip(asked, rows[0], strict=True))

    def _run(self, statement: str, *, wide: bool) -> list[tuple[Any, ...]] | Refusal:
        return run(self.connection, statement, self.path if wide else "")

    @staticmethod
    def _guilty(asked: Sequence[Aggregate], outcome: Refusal) -> Aggregate | None:
        """Whose text the server points at; the refusal's place is then in that text."""
        if outcome.place is None:
            return None
        begin = len("select ")
        for aggregate in asked:
            end = begin + len(aggregate.sql) + 1
            if begin <= outcome.place < end:
                return aggregate
            begin = end + len(", ")
        return None


def run(connection: psycopg.Connection[Any], statement: str, path: str) -> list[tuple[Any, ...]] | Refusal:
    """The rows of a statement, or why there are none; only what failed is rolled back.

    Raises:
        psycopg.OperationalError: The connection was lost, or the statement cancelled.
    """
    try:
        if path:
            execute(connection, "select pg_catalog.set_config('search_path', %s, true)", [path])
        rows = execute(connection, statement).fetchall()
        if path:
            execute(connection, "select pg_catalog.set_config('search_path', '', true)")
    except psycopg.OperationalError:
        if not connection.closed:
            execute(connection, f"rollback to savepoint {SAVEPOINT}")
        raise
    except psycopg.Error as error:
        execute(connection, f"rollback to savepoint {SAVEPOINT}")
        return refusal(error, statement)
    return rows


def wide_path(relation: str, extensions: Mapping[str, Any]) -> str:
    """The path on which an author's bare names are found as when the schema was written, pg_catalog first."""
    own = split(relation)[:1] if relation else ()
    of_extensions = sorted(extension.schema for extension in extensions.values())
    return ", ".join(map(quote, dict.fromkeys([*own, "public", *of_extensions])))
