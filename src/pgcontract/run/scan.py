"""All aggregates on one relation in one `SELECT`; one that the server refuses never costs the others their values.

What Postgres does not understand it says before it reads a row, and where: that aggregate is asked again by itself
among those for which names are looked up on the wide path, and is refused in the end. What fails on the rows
themselves (a division by zero) has no place: the scan is split until who is to blame stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg

from pgcontract.run.loaded import execute
from pgcontract.run.refusal import LOCKED, Refusal, refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pgcontract.contract.aggregate import Aggregate, Question
    from pgcontract.run.allowance import Allowance
    from pgcontract.run.path import Path

Value: TypeAlias = "Any | Refusal"

SAVEPOINT = "pgcontract_scan"
"""What a statement that fails is rolled back to; whoever scans has set it."""

_MOST = 1600
"""How many columns a select list may have: 1664, in Postgres."""

_SORTED = ("distinct", "within group")
# What the server says of a relation that may not be read, or that is a materialised view without data.
_OF_RELATIONS = ("42501", "55000")
# Undefined names, which another path may define: function and operator, object, table, schema.
UNKNOWN = frozenset({"42883", "42704", "42P01", "3F000"})


@dataclass(slots=True)
class Scan:
    """The scans of one relation.

    Attributes:
        connection: In a transaction that has the savepoint.
        source: What stands after `from`.
        path: Where bare names are looked up that pg_catalog does not know.
        allowance: How long all of them may take.
        suspects: The aggregates that hold an author's own SQL, which are the likeliest to fail on some row.
        wide: The aggregates that are asked with that path.
        locked: What the server said when it had waited in vain for a lock on the relation: it is not waited for again.
    """

    connection: psycopg.Connection[Any]
    source: str
    path: Path
    allowance: Allowance
    suspects: Collection[Question] = ()
    wide: set[Aggregate] = field(default_factory=set)
    locked: Refusal | None = None

    def values(self, asked: Iterable[Aggregate]) -> dict[Aggregate, Value]:
        """A value for each aggregate, or why there is none.

        When the time has run out, those that cost no more than to read the rows are asked once more by themselves.

        Raises:
            psycopg.OperationalError: The connection was lost.
        """
        wanted = list(dict.fromkeys(asked))
        found: dict[Aggregate, Value] = {}
        cheap = [aggregate for aggregate in wanted if not self._is_dear(aggregate)]
        mixed = 0 < len(cheap) < len(wanted)
        refused = self._add(found, wanted, sparing=mixed)
        if refused is None:
            return found
        if mixed and self.allowance.ran_out(refused):
            self._add(found, [aggregate for aggregate in cheap if aggregate not in found])
        return {aggregate: found.get(aggregate, self.allowance.said(refused)) for aggregate in wanted}

    def rows(self, statement: str, allowance: Allowance) -> list[tuple[Any, ...]] | Refusal:
        """A statement's rows; names that pg_catalog does not know are looked up on the path.

        Raises:
            psycopg.OperationalError: The connection was lost, or the server gave up.
        """
        if self.locked is not None:
            return self.locked
        with allowance.spending() as within:
            rows = run(self.connection, statement, within=within)
        if not isinstance(rows, Refusal) or rows.sqlstate not in UNKNOWN:
            return rows
        if (ambiguous := self.path.refused(self.connection, statement)) is not None:
            return ambiguous
        with allowance.spending() as within:
            return run(self.connection, statement, self.path.sql, within=within)

    def _is_dear(self, aggregate: Aggregate) -> bool:
        """Whether it may cost much more than to read the rows: an author's own SQL, or a sort."""
        return aggregate in self.suspects or any(word in aggregate.expression for word in _SORTED)

    def _add(
        self, found: dict[Aggregate, Value], asked: Sequence[Aggregate], *, sparing: bool = False
    ) -> Refusal | None:
        """Add what is found, until the server gives up; then why it did.

        Raises:
            psycopg.OperationalError: The connection was lost.
        """
        if self.locked is not None:
            return self.locked
        try:
            for wide in (False, True):
                some = [aggregate for aggregate in asked if (aggregate in self.wide) is wide]
                found.update(self._all(some, wide=wide, sparing=sparing))  # what comes before an error stays
        except psycopg.OperationalError as error:
            if self.connection.closed:
                raise
            refused = refusal(error)
            self.locked = refused if refused.sqlstate == LOCKED else None
            return refused
        return None

    def _all(self, asked: Sequence[Aggregate], *, wide: bool, sparing: bool) -> Iterator[tuple[Aggregate, Value]]:
        for begin in range(0, len(asked), _MOST):
            yield from self._tried(list(asked[begin : begin + _MOST]), wide=wide, sparing=sparing)

    def _tried(self, asked: list[Aggregate], *, wide: bool, sparing: bool) -> Iterator[tuple[Aggregate, Value]]:
        """Take out whom the server points at, until it points at nobody; whom a wider path may help comes later."""
        while asked:
            outcome = self._select(asked, wide=wide, sparing=sparing)
            if not isinstance(outcome, Refusal):
                yield from outcome.items()
                return
            guilty = self._guilty(asked, outcome)
            if guilty is None:
                yield from self._split(asked, outcome, wide=wide, sparing=sparing)
                return
            asked = [aggregate for aggregate in asked if aggregate is not guilty]
            if outcome.sqlstate not in UNKNOWN or wide:
                yield guilty, outcome
            elif (ambiguous := self.path.refused(self.connection, guilty.sql)) is not None:
                yield guilty, ambiguous
            else:
                self.wide.add(guilty)

    def _split(
        self, asked: list[Aggregate], outcome: Refusal, *, wide: bool, sparing: bool
    ) -> Iterator[tuple[Aggregate, Value]]:
        if len(asked) == 1:
            yield asked[0], outcome
        elif outcome.of_all or self._is_refused_whole(outcome):
            yield from ((aggregate, outcome) for aggregate in asked)
        else:
            for part in self._parts(asked):
                yield from self._tried(part, wide=wide, sparing=sparing)

    def _parts(self, asked: list[Aggregate]) -> tuple[list[Aggregate], list[Aggregate]]:
        """The suspects and the others; where all or none are, halves."""
        suspects = [aggregate for aggregate in asked if aggregate in self.suspects]
        if suspects and len(suspects) < len(asked):
            return [aggregate for aggregate in asked if aggregate not in self.suspects], suspects
        return asked[: len(asked) // 2], asked[len(asked) // 2 :]

    def _is_refused_whole(self, outcome: Refusal) -> bool:
        """Whether the relation itself may not be read, or cannot yet: then no part of what was asked may be."""
        if outcome.sqlstate not in _OF_RELATIONS:
            return False
        nothing = f"select\nfrom {self.source} limit 0"
        return isinstance(self._run(nothing, wide=False, sparing=False), Refusal)

    def _select(self, asked: Sequence[Aggregate], *, wide: bool, sparing: bool) -> dict[Aggregate, Any] | Refusal:
        items = "\n, ".join(aggregate.sql for aggregate in asked)
        rows = self._run(f"select {items}\nfrom {self.source} limit 2", wide=wide, sparing=sparing)
        if isinstance(rows, Refusal):
            return rows
        if len(rows) != 1 or len(rows[0]) != len(asked):
            return Refusal(f"not aggregates: {', '.join(aggregate.expression for aggregate in asked)}")
        return dict(zip(asked, rows[0], strict=True))

    def _run(self, statement: str, *, wide: bool, sparing: bool) -> list[tuple[Any, ...]] | Refusal:
        with self.allowance.spending(sparing=sparing) as within:
            return run(self.connection, statement, self.path.sql if wide else "", within=within)

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


def run(
    connection: psycopg.Connection[Any], statement: str, path: str = "", *, within: int | None = None
) -> list[tuple[Any, ...]] | Refusal:
    """The rows of a statement, or why there are none, which may be within so many milliseconds.

    What an earlier one may have left by a function that it called (another role, a setting) is undone first, and so is
    what failed; it goes in one message with the statement, and costs no time on the way.

    Raises:
        psycopg.OperationalError: The connection was lost, or the server gave up what is not to blame for that.
    """
    before = [f"rollback to savepoint {SAVEPOINT}"]
    before += [f"set local search_path to {path}"] if path else []
    before += [f"set local statement_timeout to {within}"] if within is not None else []
    begin = "".join(f"{each};\n" for each in before)
    try:
        return execute(connection, begin + statement).fetchall()
    except psycopg.Error as error:
        in_bytes = connection.info.parameter_status("server_encoding") == "SQL_ASCII"
        refused = refusal(error, statement, begin=len(begin), in_bytes=in_bytes)
        if connection.closed or refused.of_all:
            raise
        return refused
