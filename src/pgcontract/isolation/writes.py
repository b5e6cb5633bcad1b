"""What each principal can write: B's rows changed or deleted, rows put into B's world, and its own rights raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import on_column, on_relation, reaches
from pgcontract.contract.session import Refused
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.isolation.reads import root
from pgcontract.isolation.rows import Row, insert, sql
from pgcontract.isolation.templates import Template, links, templates, users_among
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.judge import Digest, Evidence
    from pgcontract.isolation.scope import Scope
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.worlds import Builder

_REACHED = ("23503", "23001")
"""A row that others refer to was found, and may be deleted where nothing refers to it."""
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
        """Whatever the principal can write that it should not."""
        for relation in self.scope.relations.values():
            if not relation.is_table:
                continue
            table = root(self.stage.session.catalog, relation.name)
            theirs = self.builder.worlds.of("B", table)[:MOST_ROWS]
            if self.may(principal, relation, "UPDATE") and theirs:
                yield from self._update(principal, relation, theirs)
            if self.may(principal, relation, "DELETE") and theirs:
                yield from self._delete(principal, relation, theirs)
            if self.may(principal, relation, "INSERT") and table in self.builder.ownership.owned:
                yield from self._insert(principal, relation, table)
            if principal.rows and self.may(principal, relation, "UPDATE"):
                yield from self._move(principal, relation, self.builder.worlds.of("A", table))

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
        tried = 0
        for column, value in self._settings(principal, relation, theirs):
            tried += 1
            keyed = tuple(
                f"update {relation.name} set {quote(column)} = {value} where {row.where}" for row in theirs[:3]
            )
            blanket = (f"update {relation.name} set {quote(column)} = {value}",) if self._is_small(relation) else ()
            for statement in (*keyed, *blanket):
                found = self.changed(principal, (statement,))
                if isinstance(found, Refused) or not found:
                    continue
                row = next(
                    (row for row, _ in found if row.table == root(self.stage.session.catalog, relation.name)),
                    found[0][0],
                )
                yield self._candidate(principal, relation, "UPDATE", statement, "change", [row])
                return
            if tried >= MOST_COLUMNS:
                return

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

    def _is_small(self, relation: Relation) -> bool:
        if relation.name not in self.small:
            counted = f"select pg_catalog.count(*) from (select 1 from {relation.name} limit {SMALL}) as s"
            self.small[relation.name] = self.stage.session.rows(counted)[0][0] < SMALL
        return self.small[relation.name]

    def _delete(self, principal: Principal, relation: Relation, theirs: list[Row]) -> Iterator[Candidate]:
        for row in reversed(theirs):
            statement = f"delete from {relation.name} where {row.where}"
            found = self.changed(principal, (statement,))
            if (isinstance(found, Refused) and found.sqlstate in _REACHED) or (
                not isinstance(found, Refused) and found
            ):
                yield self._candidate(principal, relation, "DELETE", statement, "delete", [row])
                return
        if self._is_small(relation):
            found = self.changed(principal, (f"delete from {relation.name}",))
            if not isinstance(found, Refused) and found:
                yield self._candidate(
                    principal, relation, "DELETE", f"delete from {relation.name}", "delete", [found[0][0]]
                )

    def _candidate(
        self, principal: Principal, relation: Relation, command: str, statement: str, verb: str, rows: list[Row]
    ) -> Candidate:
        what = f"{verb} what belongs to somebody else in {relation.name}"
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

    def _insert(self, principal: Principal, relation: Relation, table: str) -> Iterator[Candidate]:
        """A row of B's own kind, or one of the principal's that refers to something of B's that it cannot even see."""
        catalog = self.stage.session.catalog
        allowed = [c for c in relation.columns if "INSERT" in on_column(catalog, principal.role, relation.name, c)]
        for template in self.drafts(table):
            if not template.whole and not principal.rows:
                continue
            if not set(template.theirs) & set(allowed) or (not template.whole and self._sees(principal, template)):
                continue
            statement = insert(relation, template.values, allowed)
            stands = f"select 1 from {relation.name} where {self._stands(relation, template)}"
            with self.stage.acting(principal):
                if isinstance(self.stage.tried(statement), Refused):
                    continue
                self.stage.as_owner()
                if not self.stage.session.rows(stands):
                    continue
            what = f"put a row into {relation.name} that belongs to somebody else"
            if not template.whole:
                what = f"put a row into {relation.name} with somebody else's {', '.join(template.theirs)}"
            proof = Proof("puts", template.parents, query=stands)
            yield Candidate(principal, relation.name, "INSERT", (statement,), what, proof, (table,))
            return

    def _stands(self, relation: Relation, template: Template) -> str:
        key = relation.primary_key
        columns = dict.fromkeys([*(key.columns if key else ()), *template.theirs])
        return " and ".join(f"{quote(column)} {_equals(template.values[column])}" for column in columns)

    def _sees(self, principal: Principal, template: Template) -> bool:
        """Whether the principal may see the row of B's that it refers to: then it may well refer to it."""
        if not template.parents:
            return False
        rows = {row.name: row for row in self.builder.worlds.order}
        with self.stage.acting(principal):
            return all(self._sees_row(rows[name]) for name in template.parents)

    def _sees_row(self, row: Row) -> bool:
        if row.public:
            return True
        answer = self.stage.tried(f"select 1 from {row.table} where {row.where}")
        return not isinstance(answer, Refused) and bool(answer)

    def _move(self, principal: Principal, relation: Relation, mine: list[Row]) -> Iterator[Candidate]:
        """The principal's own row, given to somebody else or put under something of theirs."""
        catalog = self.stage.session.catalog
        table = catalog.tables[root(catalog, relation.name)]
        users = users_among(self.builder, table)
        rows = [row for row in mine if row.index % 2 == principal.index][:2]
        for columns, target in links(self.builder, table):
            if len(columns) == 1 and columns[0] in users[1:]:
                continue
            theirs = self.builder.musts("B", table, 0)
            values = {
                column: theirs[column]
                for column in columns
                if column in theirs and not isinstance(theirs[column], list)
            }
            if not values or not all("UPDATE" in on_column(catalog, principal.role, relation.name, c) for c in values):
                continue
            parents = tuple(row.name for row in self.builder.worlds.of("B", target)[:1]) if target else ()
            if parents and self._sees(principal, Template(values, (), parents, whole=False)):
                continue
            for row in rows:
                yield from self._moved(
                    principal, relation, row, {name: str(value) for name, value in values.items()}, parents
                )

    def _moved(
        self,
        principal: Principal,
        relation: Relation,
        row: Row,
        values: dict[str, str],
        parents: tuple[tuple[str, str], ...],
    ) -> Iterator[Candidate]:
        set_ = ", ".join(f"{quote(column)} = {sql(value)}" for column, value in values.items())
        statement = f"update {relation.name} set {set_} where {row.where}"
        after = {**row.values, **values}
        stands = f"select 1 from {row.table} where " + " and ".join(
            f"{quote(column)} {_equals(after[column])}" for column in dict.fromkeys((*row.key, *values))
        )
        with self.stage.acting(principal):
            if isinstance(self.stage.tried(statement), Refused):
                return
            self.stage.as_owner()
            if not self.stage.session.rows(stands):
                return
        what = f"move a row of its own in {relation.name} to somebody else's {', '.join(values)}"
        proof = Proof("puts", (row.name, *parents), query=stands)
        yield Candidate(principal, relation.name, "UPDATE", (statement,), what, proof, (row.table,))


class _Nothing:
    """No value at all, where None is NULL."""


_NOTHING: Any = _Nothing()


def _equals(value: str | None) -> str:
    return "is null" if value is None else f"= {sql(value)}"
