from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import on_column, on_relation
from pgcontract.contract.expectation import CatalogExpectation, ProbeExpectation
from pgcontract.contract.fields import Identifier, Relation
from pgcontract.contract.session import CannotProbe, Refused, Session
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
            ignored = f"Its {len(relation.policies)} policies are not looked at." if relation.policies else None
            repair = Repair(f"alter table {self.table} enable row level security;", "changes access")
            yield Finding(
                f"row-level security is disabled on {self.table}",
                expected="enabled",
                observed="disabled",
                hint=ignored,
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


class RlsBlocksAnon(ProbeExpectation):
    """{role} can neither see nor change a row of {table}.

    The probe acts as the role and counts. It needs a positive control: rows that are there, seen by a role that
    bypasses row-level security; on an empty table nothing can be told, and the outcome is skipped. Where probes may
    write, it also tries to update and delete, and rolls back. TRUNCATE, which no policy stops, is judged by privilege.

    Example:
        RlsBlocksAnon("invoices")

    Repair: enable row-level security, revoke what the role need not have, and look for a policy that lets it in.
    """

    table: Relation
    role: Identifier = "anon"
    claims: Mapping[str, Any] | None = None

    def probe(self, session: Session) -> Iterator[Finding]:
        relation = session.catalog.relations[self.table]
        privileges = on_relation(session.catalog, self.role, self.table)
        rows = self._control(session, relation)
        with session.acting_as(self.role, self.claims):
            yield from self._reads(session, rows)
            if session.may_write and relation.is_table:
                yield from self._writes(session, relation, privileges)
        if "TRUNCATE" in privileges:
            repair = Repair(f"revoke truncate on {self.table} from {quote(self.role)};", "changes access")
            yield self._finding("may TRUNCATE", "no TRUNCATE", "TRUNCATE", "No policy stops TRUNCATE.", repair)

    def _control(self, session: Session, relation: RelationRecord) -> int:
        user = session.catalog.roles[session.catalog.server.user]
        exempt = user.superuser or user.bypass_rls or (relation.owner == user.name and not relation.rls_forced)
        if relation.rls_enabled and not exempt:
            raise CannotProbe(f"no positive control: {user.name} is itself under row-level security on {self.table}")
        rows = self._count(session)
        if rows == 0:
            raise CannotProbe(f"no positive control: {self.table} is empty, so nobody could see a row of it")
        return rows

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
            yield self._finding(
                f"sees {seen} of {there}{most} rows", "0 rows", f"{seen} rows", "Look for a policy that lets it in."
            )

    def _writes(self, session: Session, relation: RelationRecord, privileges: frozenset[str]) -> Iterator[Finding]:
        attempts = {"delete": f"delete from {self.table}"} if "DELETE" in privileges else {}
        column = self._updatable(session.catalog, relation)
        if column is not None:
            attempts["update"] = f"update {self.table} set {quote(column)} = default"
        for verb, statement in attempts.items():
            reached = _reached(session, statement)
            if reached:
                yield self._finding(f"can {verb} {reached} rows", "0 rows", f"{reached} rows", None)

    def _updatable(self, catalog: Catalog, relation: RelationRecord) -> str | None:
        return next(
            (
                column.name
                for column in relation.columns.values()
                if column.generated is None and "UPDATE" in on_column(catalog, self.role, self.table, column.name)
            ),
            None,
        )

    def _finding(self, what: str, expected: str, observed: str, hint: str | None, *repair: Repair) -> Finding:
        return Finding(f"{self.role} {what} of {self.table}", expected, observed, hint=hint, repair=repair)


def _reached(session: Session, statement: str) -> str | None:
    """How many rows the statement reached; None if it was stopped before the first."""
    try:
        count = session.count(statement)
    except Refused as refused:
        # An integrity constraint or a trigger speaks up only once a row was reached, so the policies had let it pass.
        return None if refused.denied else "some"
    return str(count) if count else None
