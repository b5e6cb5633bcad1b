"""What each principal can write: B's rows changed or deleted, rows put into B's world, and its own rights raised."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.default_privileges import granted
from pgcontract.catalog.effective import identities, on_column, on_relation, reaches, schema_of
from pgcontract.contract.session import Refused
from pgcontract.isolation.evidence import named
from pgcontract.isolation.expressions import reduce
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.isolation.reads import root
from pgcontract.isolation.rows import Row, key_of, sql
from pgcontract.isolation.scope import PLATFORM
from pgcontract.isolation.templates import Template, templates
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.judge import Digest, Evidence
    from pgcontract.isolation.scope import Scope
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.worlds import Builder

_REFERRED = ("23503", "23001")
"""A row that others refer to was found, and may be deleted where nothing refers to it."""
_DENIED = "42501"
_ABOUT_ROWS = re.compile("23...|P0...|22...")
"""Refusals that speak of rows which the policies have let pass."""
SMALL = 2000
"""A statement without a condition is only tried on a table with fewer rows."""
MOST_COLUMNS = 4
MOST_ROWS = 8


@dataclass(slots=True)
class Writes:
    """The attempts to write of all principals.

    Attributes:
        templates: Rows that could be inserted, by table; made once.
        small: Whether a table has few rows.
    """

    stage: Stage
    scope: Scope
    builder: Builder
    evidence: Evidence
    digest: Digest
    templates: dict[str, list[Template]]
    small: dict[str, bool]

    def drafts(self, table: str) -> list[Template]:
        """The rows that could be inserted into a table."""
        if table in self.builder.worlds.failures:
            return []
        if table not in self.templates:
            self.templates[table] = list(templates(self.builder, self.stage.session.catalog.tables[table]))
        return self.templates[table]

    def may(self, principal: Principal, relation: Relation, privilege: str) -> bool:
        """Whether a principal's role has a privilege on a relation, or on one of its columns."""
        catalog = self.stage.session.catalog
        return reaches(catalog, principal.role, relation.name) and (
            privilege in on_relation(catalog, principal.role, relation.name)
            or any(
                privilege in on_column(catalog, principal.role, relation.name, column) for column in relation.columns
            )
        )

    def all(self, principal: Principal) -> Iterator[Candidate]:
        """B's rows that the principal can change or delete, through tables and through views."""
        for relation in self.scope.relations.values():
            for table in self.under(relation):
                theirs = [*self.builder.worlds.of("B", table), *self._nobodys(principal, table)][:MOST_ROWS]
                if not theirs:
                    continue
                if self.may(principal, relation, "UPDATE"):
                    yield from self._update(principal, relation, theirs)
                if self.may(principal, relation, "DELETE"):
                    yield from self._delete(principal, relation, theirs)
                if relation.is_table and self.may(principal, relation, "TRUNCATE"):
                    yield from self._truncate(principal, relation, theirs)

    def _nobodys(self, principal: Principal, table: str) -> list[Row]:
        """Rows that belong to nobody; an administrator may well keep them."""
        if table in self.builder.ownership.owned or principal.name == "admin":
            return []
        return [row for row in self.builder.worlds.of("", table) if not row.by_trigger]

    def under(self, relation: Relation) -> list[str]:
        """The tables whose rows can be written through a relation: itself, or those of a view that has their keys."""
        catalog = self.stage.session.catalog
        if relation.is_table:
            return [root(catalog, relation.name)]
        view = catalog.views.get(relation.name)
        if view is None or view.materialized:
            return []
        read = {named(catalog, written) for written in reduce(view.definition).relations.values()}
        return sorted(
            table
            for table in read
            if table in self.builder.ownership.owned
            and all(column in relation.columns for column in key_of(catalog.relations[table]))
        )

    def _truncate(self, principal: Principal, relation: Relation, theirs: list[Row]) -> Iterator[Candidate]:
        """TRUNCATE asks no policy. Where it was granted with every new table, or comes of owning, it says nothing."""
        if self._truncates_as_ever(principal.role, relation):
            return
        found = self.changed(principal, (f"truncate {relation.name}",))
        if not isinstance(found, Refused) and any(row in theirs for row, _ in found):
            row = next(row for row, _ in found if row in theirs)
            yield self._candidate(principal, relation, "TRUNCATE", f"truncate {relation.name}", "delete", [row])

    def _truncates_as_ever(self, role: str, relation: Relation) -> bool:
        """Whether nobody has decided that the role may empty this table."""
        catalog = self.stage.session.catalog
        if schema_of(relation.name) in PLATFORM:
            return True
        held = identities(catalog, role)
        given = granted(catalog, relation.owner, "tables", schema_of(relation.name))
        return relation.owner in held or any(
            grant.privilege == "TRUNCATE" and grant.grantee in {*held, "PUBLIC"} for grant, _ in given
        )

    def changed(self, principal: Principal, statements: tuple[str, ...]) -> list[tuple[Row, set[str]]] | Refused:
        """Which of B's rows are no longer what they were once the principal has run the statements."""
        with self.stage.acting(principal):
            for statement in statements:
                answer = self.stage.tried(statement)
                if isinstance(answer, Refused):
                    return answer
            self.stage.as_owner()
            return self.digest.changed()

    def _update(self, principal: Principal, relation: Relation, theirs: list[Row]) -> Iterator[Candidate]:
        """Another value in a column of B's rows; by key, and then by a statement that need not see them."""
        for column, value in itertools.islice(self._settings(principal, relation, theirs), MOST_COLUMNS):
            update = f"update {relation.name} set {quote(column)} = {value}"
            found, silent = self._reached(principal, relation, update, theirs)
            if found is not None:
                yield self._candidate(principal, relation, "UPDATE", found[0], "change", [found[1]])
                return
            if silent:
                return  # no row was reached, whatever the new value

    def _reached(
        self, principal: Principal, relation: Relation, statement: str, theirs: list[Row]
    ) -> tuple[tuple[str, Row] | None, bool]:
        """The smallest form of a statement that reaches a row, with that row; and whether no form was refused."""
        every = f"{statement} where " + " or ".join(f"({row.where})" for row in theirs)
        silent = True
        for wide in (every, *((statement,) if self.is_small(relation) else ())):
            found = self.changed(principal, (wide,))
            if isinstance(found, Refused):
                silent = False
                if found.sqlstate == _DENIED or not _ABOUT_ROWS.match(found.sqlstate):
                    continue
            elif not found:
                continue
            for row in theirs:
                narrow = f"{statement} where {row.where}"
                alone = self.changed(principal, (narrow,))
                deletes = isinstance(alone, Refused) and alone.sqlstate in _REFERRED and statement.startswith("delete")
                if deletes or (not isinstance(alone, Refused) and any(other is row for other, _ in alone)):
                    return (narrow, row), False
            if not isinstance(found, Refused):
                return (wide, found[0][0]), False
        return None, silent

    def _settings(self, principal: Principal, relation: Relation, theirs: list[Row]) -> Iterator[tuple[str, str]]:
        """Columns that may be updated, each with a value that B's rows do not have; plain texts first."""
        catalog = self.stage.session.catalog
        mine = self.builder.worlds.of("A", theirs[0].table)
        keys = {
            column
            for key in relation.constraints.values()
            if key.kind in {"PRIMARY KEY", "UNIQUE", "FOREIGN KEY"}
            for column in key.columns
        }
        direct = self.builder.ownership.direct.get(theirs[0].table, {})
        columns = [
            column
            for column in relation.columns.values()
            if column.generated is None
            and column.identity != "ALWAYS"
            and "UPDATE" in on_column(catalog, principal.role, relation.name, column.name)
        ]
        for column in sorted(
            columns, key=lambda c: (c.name in keys, c.name in direct, not self.builder.vocabulary.is_text(c))
        ):
            held = {row.values.get(column.name) for row in theirs}
            offered = [row.values.get(column.name) for row in mine]
            if not column.not_null:
                offered.append(None)
            value = next((value for value in offered if value not in held), _NOTHING)
            if value is not _NOTHING:
                yield column.name, sql(value)

    def is_small(self, relation: Relation) -> bool:
        """Whether a statement without a condition may be tried: it would hold every row for a moment."""
        if relation.name not in self.small:
            counted = f"select pg_catalog.count(*) from (select 1 from {relation.name} limit {SMALL}) as s"
            self.small[relation.name] = self.stage.session.rows(counted)[0][0] < SMALL
        return self.small[relation.name]

    def _delete(self, principal: Principal, relation: Relation, theirs: list[Row]) -> Iterator[Candidate]:
        found, _ = self._reached(principal, relation, f"delete from {relation.name}", list(reversed(theirs)))
        if found is not None:
            yield self._candidate(principal, relation, "DELETE", found[0], "delete", [found[1]])

    def _candidate(
        self, principal: Principal, relation: Relation, command: str, statement: str, verb: str, rows: list[Row]
    ) -> Candidate:
        whose = "somebody else" if any(row.world for row in rows) else "nobody, and is for all,"
        what = f"{verb} what belongs to {whose} in {relation.name}"
        others = [row.table for row in rows if row.table != root(self.stage.session.catalog, relation.name)]
        if others:
            what += f", and so in {', '.join(dict.fromkeys(others))}"
        proof = Proof("changes", tuple(row.name for row in rows))
        return Candidate(
            principal,
            relation.name,
            command,
            (statement,),
            what,
            proof,
            tuple(dict.fromkeys(row.table for row in rows)),
        )


class _Nothing:
    """No value at all, where None is NULL."""


_NOTHING: Any = _Nothing()
