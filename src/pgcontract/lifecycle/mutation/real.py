"""Changes made by their statements, in a private copy of the schema, where probes act, too.

A probe takes as long as a hundred looks at a catalog. So the catalogs are read once after each change, and what of the
contract speaks of catalogs is asked of what differs; only where it has nothing to say do probes act, and of these only
those that have to do with what acts otherwise: see `acting` and `reach`. The quick ones go first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from pgcontract.catalog.snapshot import read
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.suite import Suite
from pgcontract.embedded import Server
from pgcontract.errors import DatabaseError
from pgcontract.lifecycle.mutation.acting import acting, changes
from pgcontract.lifecycle.mutation.edit import difference
from pgcontract.lifecycle.mutation.reach import Reach, texts
from pgcontract.lifecycle.mutation.score import Strength, Suggesting, lesser, unnoticed
from pgcontract.lifecycle.mutation.watch import Watch
from pgcontract.run.runner import verify
from pgcontract.run.shadow.copy import copied
from pgcontract.run.shadow.dump import dumped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.mutant import Mutant
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.target import Connection
    from pgcontract.verdict import Outcome

_QUICK = 100.0
"""Milliseconds: probes that take no longer are asked together."""


def strength_for_real(
    suite: Suite,
    connection: Connection,
    catalog: Catalog,
    mutants: Iterable[Mutant],
    scope: Scope,
    *,
    progress: Callable[[int], None] = lambda _done: None,
) -> Strength:
    """Make each change in a private copy of the schema, verify the contract there, and take the change back.

    What a copy does not have (comments, publications, event triggers, foreign servers) is changed in memory instead.
    The database itself is only read.

    Raises:
        DatabaseError: No copy can be made, and why.
    """
    entries = dumped(connection)
    with Server() as server:
        copy = copied(server, catalog, entries)
        with psycopg.connect(copy.url, autocommit=True, options="-c search_path=") as private:
            return Trial(suite, private, catalog, scope).tried(mutants, progress)


class Trial:
    """A suite before a private copy.

    Args:
        suite: The contract.
        private: A connection in autocommit mode to the copy.
        catalog: The database that the copy is of, with Postgres's own form of what the contract's author wrote.
        scope: Of which objects suggestions may speak.
    """

    def __init__(self, suite: Suite, private: Connection, catalog: Catalog, scope: Scope) -> None:
        self.suite = suite
        self.private = private
        self.catalog = catalog
        self.watch = Watch(suite, catalog)
        self.warnings = Watch(lesser(suite), catalog)
        self.suggesting = Suggesting(catalog, scope)
        self.base = read(private)
        self.found = Strength(suite.name, catalog.server.name, broken=len(self.watch.broken), real=True)
        self.reach = Reach(catalog)
        self._reached = {one: self.reach.of(one) for one in suite if not isinstance(one, CatalogExpectation)}
        self._before: dict[Expectation, tuple[frozenset[str], float]] = {}

    def tried(self, mutants: Iterable[Mutant], progress: Callable[[int], None]) -> Strength:
        """What becomes of the changes."""
        for done, mutant in enumerate(mutants):
            progress(done)
            try:
                noticed = self.notices(mutant)
            except (psycopg.Error, DatabaseError) as error:
                self.found.failed.append((mutant, str(error).strip().splitlines()[0]))
                continue
            if noticed:
                self.found.count(mutant, "killed")
            else:
                unnoticed(self.found, mutant, self.suggesting, self.warnings)
        return self.found

    def notices(self, mutant: Mutant) -> bool:
        """Whether something breaks that did not before.

        Raises:
            psycopg.Error: A statement was refused.
            DatabaseError: What the change left cannot be read.
        """
        with self.private.transaction(force_rollback=True):
            self._make(mutant)
            edit = difference(self.base, read(self.private), self.catalog)
        if edit.is_void:  # the copy does not have it
            return self.watch.notices(mutant)
        after = edit.catalog()
        if any(self.watch.breaks(place, after) for place in self.watch.affected(edit)):
            return True
        asked = self.concerned(edit)
        return bool(asked) and self._acted_otherwise(mutant, asked)

    def concerned(self, edit: Edit) -> list[Expectation]:
        """The probes that have to do with what acts otherwise."""
        changed = acting(edit)
        if changed is None:
            return list(self._reached)
        named = set(changed)
        for _, name, was, record in changes(edit):
            if name in changed:  # what it names only now, too
                named |= self.reach.named(texts(record)) - self.reach.named(texts(was))
        return [one for one, reached in self._reached.items() if not reached or reached & named]

    def _acted_otherwise(self, mutant: Mutant, asked: Sequence[Expectation]) -> bool:
        """Whether one of these breaks with the change, and did not before."""
        missing = [one for one in asked if one not in self._before]
        if missing:
            self._before |= self._outcomes(missing)
        with self.private.transaction(force_rollback=True):
            self._make(mutant)
            for some in self._batches(asked):
                after = self._outcomes(some)
                if any(not after[one][0] <= self._before[one][0] for one in some):
                    return True
        return False

    def _batches(self, asked: Sequence[Expectation]) -> Iterator[list[Expectation]]:
        """The quick ones together, then the others one by one, the quicker ones first."""
        ordered = sorted(asked, key=lambda one: self._before[one][1])
        quick = [one for one in ordered if self._before[one][1] <= _QUICK]
        if quick:
            yield quick
        yield from ([one] for one in ordered[len(quick) :])

    def _make(self, mutant: Mutant) -> None:
        for statement in mutant.ddl:
            self.private.execute(statement.encode(), prepare=False)
        self.private.execute("set local search_path = ''", prepare=False)

    def _outcomes(self, some: Sequence[Expectation]) -> dict[Expectation, tuple[frozenset[str], float]]:
        """By expectation what breaks the contract as the copy is now, and how many milliseconds it took to know."""
        suite = self.suite
        part = Suite(suite.name, some, schema=suite.schema, ignores=suite.ignores, principals=suite.principals)
        outcomes = verify(part, self.private, probes="rollback").outcomes
        implied = frozenset[str]().union(*map(_breaks, outcomes[len(some) :]))
        return {
            one: (_breaks(outcome) | implied, outcome.duration_ms)
            for one, outcome in zip(part.expectations, outcomes, strict=False)
        }


def _breaks(outcome: Outcome) -> frozenset[str]:
    """How an outcome breaks the contract."""
    broken = {finding.fingerprint for finding in outcome.findings} if outcome.breaks else set()
    unchecked = {f"{outcome.kind} {outcome.subject}"} if outcome.status == "errored" else set()
    return frozenset(broken | unchecked)
