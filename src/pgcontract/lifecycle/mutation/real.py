"""Changes made by their statements, in a private copy of the schema, where probes act, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from pgcontract.catalog.snapshot import read
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.suite import Suite
from pgcontract.embedded import Server
from pgcontract.errors import DatabaseError
from pgcontract.lifecycle.mutation.score import Strength, Suggesting, unnoticed
from pgcontract.lifecycle.mutation.watch import Watch
from pgcontract.run.runner import verify
from pgcontract.run.shadow.copy import copied
from pgcontract.run.shadow.dump import dumped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.mutation.mutant import Mutant
    from pgcontract.lifecycle.scope import Scope
    from pgcontract.run.target import Connection


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
            return _Trial(suite, private, catalog, scope).tried(mutants, progress)


class _Trial:
    """A suite before a private copy."""

    def __init__(self, suite: Suite, private: Connection, catalog: Catalog, scope: Scope) -> None:
        self.suite = suite
        self.private = private
        self.watch = Watch(suite, catalog)
        self.suggesting = Suggesting(catalog, scope)
        self.base = read(private)
        told = frozenset(one for one in suite if isinstance(one, CatalogExpectation))
        acting = frozenset(suite) - told
        self.parts = [_part(suite, told), *([_part(suite, acting)] if acting else [])]
        self.before = [self._broken(part) for part in self.parts]
        self.found = Strength(suite.name, catalog.server.name, broken=len(self.watch.broken), real=True)

    def tried(self, mutants: Iterable[Mutant], progress: Callable[[int], None]) -> Strength:
        """What becomes of the changes."""
        for done, mutant in enumerate(mutants):
            progress(done)
            try:
                noticed = self._notices(mutant)
            except (psycopg.Error, DatabaseError) as error:
                self.found.failed.append((mutant, str(error).strip().splitlines()[0]))
                continue
            if noticed:
                self.found.count(mutant, "killed")
            else:
                unnoticed(self.found, mutant, self.suggesting)
        return self.found

    def _notices(self, mutant: Mutant) -> bool:
        """Whether something breaks that did not before.

        Raises:
            psycopg.Error: A statement was refused.
            DatabaseError: What the change left cannot be read.
        """
        with self.private.transaction(force_rollback=True):
            for statement in mutant.ddl:
                self.private.execute(statement.encode(), prepare=False)
            self.private.execute("set local search_path = ''", prepare=False)
            # Probes take long: they are asked of what the catalogs do not tell.
            if any(not self._broken(part) <= before for part, before in zip(self.parts, self.before, strict=True)):
                return True
            same = read(self.private) == self.base
        return same and self.watch.notices(mutant)

    def _broken(self, part: Suite) -> frozenset[str]:
        """What breaks a part of the contract as the copy is now."""
        report = verify(part, self.private, probes="rollback")
        found = {finding.fingerprint for one in report.outcomes if one.breaks for finding in one.findings}
        return frozenset(found | {f"{one.kind} {one.subject}" for one in report.having("errored")})


def _part(suite: Suite, kept: Collection[Expectation]) -> Suite:
    """Some of a suite's expectations, with all else that it says."""
    expectations = [one for one in suite if one in kept]
    return Suite(suite.name, expectations, schema=suite.schema, ignores=suite.ignores, principals=suite.principals)
