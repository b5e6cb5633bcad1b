from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import on_column, on_relation
from pgcontract.contract.expectation import CatalogExpectation, ProbeExpectation
from pgcontract.contract.fields import Identifier, Relation
from pgcontract.contract.session import CannotProbe, Refused, Session
from pgcontract.expectations.acting import actor, require_sight
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation as RelationRecord

_ENOUGH = 1000
"""Rows that are counted at most: whether there is one matters, and how many only roughly."""


class RlsEnabled(CatalogExpectation):
    """Row-level security is enabled on {table}.

    Without it, policies are not looked at, and whoever has a grant sees and changes every row.

    Example:
        RlsEnabled("invoices")

    Repair: enable it; from then on, roles without a policy see nothing.
    """

    table: Relation

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.tables[self.table]
        if not relation.rls_enabled:
            count = len(relation.policies)
            ignored = f"Its {count} policies are not looked at." if count > 1 else "Its policy is not looked at."
            repair = Repair(f"alter table {self.table} enable row level security;", "changes access")
            yield Finding(
                f"row-level security is disabled on {self.table}",
                expected="enabled",
                observed="disabled",
                hint=ignored if count else None,
                repair=(repair,),
            )


class RlsForced(CatalogExpectation):
    """Row-level security holds on {table} for its owner too.

    A table's owner bypasses its policies unless they are forced; this matters where the application connects as it.

    Example:
        RlsForced("invoices")

    Repair: force it; superusers and roles with BYPASSRLS still pass.
    """

    table: Relation

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.tables[self.table]
        if not relation.rls_forced:
            repair = Repair(f"alter table {self.table} force row level security;", "changes access")
            yield Finding(
                f"row-level security is not forced on {self.table}: its owner {quote(relation.owner)} bypasses it",
                expected="forced",
                observed="not forced",
                repair=(repair,),
            )


class RlsDisabled(CatalogExpectation):
    """Row-level security is disabled on {table}.

    For a table whose rows are open to whoever has a grant: once it is enabled, roles without a policy see nothing.

    Example:
        RlsDisabled("countries")

    Repair: disable it; from then on, grants alone decide who sees and changes which rows.
    """

    table: Relation

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if catalog.tables[self.table].rls_enabled:
            repair = Repair(f"alter table {self.table} disable row level security;", "changes access")
            message = f"row-level security is enabled on {self.table}"
            yield Finding(message, expected="disabled", observed="enabled", repair=(repair,))


class RlsNotForced(CatalogExpectation):
    """Row-level security does not hold on {table} for its owner.

    For a table that its owner must reach past the policies: in jobs, or in functions that it has defined.

    Example:
        RlsNotForced("invoices")

    Repair: force it no more; the owner then bypasses the policies.
    """

    table: Relation

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if catalog.tables[self.table].rls_forced:
            repair = Repair(f"alter table {self.table} no force row level security;", "changes access")
            message = f"row-level security is forced on {self.table}"
            yield Finding(message, expected="not forced", observed="forced", repair=(repair,))


class RlsBlocksAnon(ProbeExpectation):
    """{role} can neither see nor change a row of {table}.

    The probe acts as the role, or as a principal of the contract of that name, and counts. It needs a positive control:
    rows that are there, seen by a role that bypasses row-level security. Where probes may write, it makes a row in an
    empty table, tries to update and delete as well, and rolls back; where they may not, nothing can be told of an empty
    table, and the outcome is skipped. TRUNCATE, which no policy stops, is judged by privilege.

    Example:
        RlsBlocksAnon("invoices")

    Repair: enable row-level security, revoke what the role need not have, and look for a policy that lets it in.
    """

    table: Relation
    role: Identifier = "anon"
    claims: Mapping[str, Any] | None = None

    def probe(self, session: Session) -> Iterator[Finding]:
        relation = session.catalog.relations[self.table]
        principal = actor(session, self.role, self.claims)
        privileges = on_relation(session.catalog, principal.role, self.table)
        with session.trial():
            rows = self._control(session, relation)
            if "TRUNCATE" in privileges and relation.is_table:
                repair = Repair(f"revoke truncate on {self.table} from {quote(principal.role)};", "changes access")
                yield self._finding("may TRUNCATE", "no TRUNCATE", "TRUNCATE", "No policy stops TRUNCATE.", repair)
            with session.acting(principal):
                yield from self._reads(session, rows)
                if session.may_write:
                    yield from self._writes(session, relation, principal.role, privileges)

    def _control(self, session: Session, relation: RelationRecord) -> int:
        """How many rows there are; in an empty table one is made, if that may be."""
        require_sight(session, relation)
        user = session.catalog.server.user
        try:
            rows = self._count(session)
        except Refused as refused:
            if refused.denied:
                raise CannotProbe(f"no positive control: {user} may not read {self.table} itself") from None
            raise
        if rows == 0 and session.may_write and relation.is_table:
            self._fill(session)
            rows = self._count(session)
        if rows == 0:
            raise CannotProbe(f"no positive control: {self.table} is empty, so nobody could see a row of it")
        return rows

    def _fill(self, session: Session) -> None:
        """Put a row in, which the trial around takes back."""
        from pgcontract.synth import CannotSynthesise, Maker  # noqa: PLC0415 - only empty tables need it

        try:
            Maker(session, session.catalog).row(self.table)
        except CannotSynthesise as error:
            raise CannotProbe(f"no positive control: {self.table} is empty, and {error}") from None

    def _count(self, session: Session) -> int:
        counted = f"select pg_catalog.count(*) from (select 1 from {self.table} limit {_ENOUGH}) as some_rows"
        count: int = session.rows(counted)[0][0]
        return count

    def _reads(self, session: Session, there: int) -> Iterator[Finding]:
        try:
            seen = self._count(session)
        except Refused as refused:
            if not refused.denied:
                raise
            return
        if seen:
            most = " or more" if there == _ENOUGH else ""
            hint = "Look for a policy that lets it in."
            yield self._finding(f"sees {seen} of {there}{most} rows of", "sees 0 rows", f"sees {seen} rows", hint)

    def _writes(
        self, session: Session, relation: RelationRecord, role: str, privileges: frozenset[str]
    ) -> Iterator[Finding]:
        deletes = [f"delete from {self.table}"] if "DELETE" in privileges else []
        columns = self._updatable(session.catalog, relation, role)
        updates = [f"update {self.table} set {quote(column)} = null" for column in columns]
        for verb, statements in (("delete", deletes), ("update", updates)):
            reached = _reached(session, statements)
            if reached:
                yield self._finding(
                    f"can {verb} {reached} rows of", f"can {verb} 0 rows", f"can {verb} {reached}", None
                )

    def _updatable(self, catalog: Catalog, relation: RelationRecord, role: str) -> list[str]:
        """The columns that can be set to NULL, as far as the role's privileges go; those that may be NULL come first.

        DEFAULT would draw from a sequence, which no rollback puts back, and is all that a column that is ALWAYS an
        identity may be set to.
        """
        settable = [
            column
            for column in relation.columns.values()
            if column.generated is None
            and column.identity != "ALWAYS"
            and "UPDATE" in on_column(catalog, role, self.table, column.name)
        ]
        return [column.name for column in sorted(settable, key=lambda column: column.not_null)]

    def _finding(self, what: str, expected: str, observed: str, hint: str | None, *repair: Repair) -> Finding:
        return Finding(f"{self.role} {what} {self.table}", expected, observed, hint=hint, repair=repair)


# A constraint or a row's trigger speaks up only once a row was reached, so the policies had let it pass.
_AFTER_POLICIES = re.compile(r"23...|P0...|27000")
# Views that cannot be written through, and materialised views.
_NEVER = frozenset({"55000", "0A000", "42809"})


def _reached(session: Session, statements: Iterable[str]) -> str:
    """How many rows the first statement that was not denied reached; empty if that is none.

    Where the new row is denied, another column may still be free: a WITH CHECK seldom speaks of all of them.
    """
    for statement in statements:
        try:
            return str(session.count(statement) or "")
        except Refused as refused:
            if _AFTER_POLICIES.fullmatch(refused.sqlstate):
                return "some"
            if not refused.denied and refused.sqlstate not in _NEVER:
                raise
    return ""
