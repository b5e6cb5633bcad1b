"""Rows that a principal puts into B's world: new ones, its own ones moved there, and B's overwritten by an upsert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import on_column
from pgcontract.contract.session import Refused
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.isolation.owners import users_among
from pgcontract.isolation.rows import Row, equals, insert, key_of, sql
from pgcontract.isolation.templates import Template, links, only_tells
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.writes import Writes


class Puts:
    """Tries to put rows where they do not belong."""

    def __init__(self, writes: Writes) -> None:
        self._writes = writes
        self._stage = writes.stage
        self._builder = writes.builder
        self._catalog = writes.stage.session.catalog

    def all(self, principal: Principal) -> Iterator[Candidate]:
        """Whatever the principal can put into B's world, through tables and through views."""
        for relation in self._writes.scope.relations.values():
            for table in self._writes.under(relation):
                if table not in self._builder.ownership.owned:
                    continue
                if self._writes.may(principal, relation, "INSERT"):
                    yield from self._insert(principal, relation, table)
                    yield from self._overwrite(principal, relation, table)
                if principal.rows and self._writes.may(principal, relation, "UPDATE"):
                    yield from self._move(principal, relation, table)

    def _allowed(self, principal: Principal, relation: Relation, privilege: str) -> list[str]:
        return [c for c in relation.columns if privilege in on_column(self._catalog, principal.role, relation.name, c)]

    def _insert(self, principal: Principal, relation: Relation, table: str) -> Iterator[Candidate]:
        """A row of B's own kind, or one of the principal's that refers to something of B's that it cannot even see."""
        allowed = self._allowed(principal, relation, "INSERT")
        for template in self._writes.drafts(table):
            if not template.whole and not principal.rows:
                continue
            if self._gives(table, template) or self._joins(table, template):
                continue
            if not set(template.theirs) & set(allowed) or (not template.whole and self._sees(principal, template)):
                continue
            statement = insert(relation, template.values, allowed, self._catalog.tables[table])
            stands = f"select 1 from {table} where {self._stands(table, template)}"
            with self._stage.acting(principal):
                if isinstance(self._stage.tried(statement), Refused):
                    continue
                self._stage.as_owner()
                if not self._stage.session.rows(stands):
                    continue
            what = f"put a row into {relation.name} that belongs to somebody else"
            if not template.whole:
                what = f"put a row into {relation.name} with somebody else's {', '.join(template.theirs)}"
            proof = Proof("puts", template.parents, query=stands)
            yield Candidate(principal, relation.name, "INSERT", (statement,), what, proof, (table,))
            return

    def _overwrite(self, principal: Principal, relation: Relation, table: str) -> Iterator[Candidate]:
        """An insert with the key of a row of B's, which changes that row: by ON CONFLICT, or by a view's trigger."""
        allowed = self._allowed(principal, relation, "INSERT")
        key = key_of(self._catalog.tables[table])
        for row in self._builder.worlds.of("B", table)[:2]:
            for values in self._overwriting(principal, table, row):
                statement = insert(relation, values, allowed, self._catalog.tables[table])
                set_ = [
                    f"{quote(c)} = excluded.{quote(c)}"
                    for c in values
                    if c in allowed and c not in key and values[c] != row.values[c] and c in relation.columns
                ]
                if not set_ or not set(key) <= set(allowed):
                    continue
                if relation.is_table:
                    statement += f" on conflict ({', '.join(map(quote, key))}) do update set {', '.join(set_)}"
                found = self._writes.changed(principal, (statement,))
                if not isinstance(found, Refused) and any(other is row for other, _ in found):
                    how = "by an upsert" if relation.is_table else "by an insert"
                    what = f"change what belongs to somebody else in {table} {how} into {relation.name}"
                    proof = Proof("changes", (row.name,))
                    yield Candidate(principal, relation.name, "UPDATE", (statement,), what, proof, (table,))
                    return

    def _overwriting(self, principal: Principal, table: str, row: Row) -> Iterator[Mapping[str, str | None]]:
        """B's row with the principal's other values: first all but what says whose it is, then that as well."""
        mine = self._builder.worlds.of("A", table)
        if not mine:
            return
        relation = self._catalog.tables[table]
        key = set(key_of(relation))
        other = next((one for one in mine if one.index % 2 == principal.index), mine[0])
        tied = {column for columns, _ in links(self._builder, relation) for column in columns}
        for kept in (key | tied, key):
            yield {c: row.values[c] if c in kept else other.values[c] for c in row.values}
        for column in relation.columns.values():
            if column.type == "boolean":
                flipped = "false" if row.values[column.name] == "true" else "true"
                yield {**row.values, column.name: flipped}

    def _gives(self, table: str, template: Template) -> bool:
        """Whether it lets somebody else into what is the principal's own: a share, an invitation."""
        return (
            not template.whole
            and table in self._builder.ownership.authorities
            and all(
                self._builder.holds_user(table, column) or self._is_address(table, column) for column in template.theirs
            )
        )

    def _is_address(self, table: str, column: str) -> bool:
        return "«email»" in self._builder.ownership.tokens_of((table, column))

    def _joins(self, table: str, template: Template) -> bool:
        """Whether it makes the principal a member of B's organisation, or asks for it: what it opens will say."""
        membership = self._builder.ownership.memberships.get(table)
        return not template.whole and membership is not None and membership[1] in template.theirs

    def _stands(self, table: str, template: Template) -> str:
        key = self._catalog.tables[table].primary_key
        columns = dict.fromkeys([*(key.columns if key else ()), *template.theirs])
        return " and ".join(f"{quote(column)} {equals(template.values[column])}" for column in columns)

    def _sees(self, principal: Principal, template: Template) -> bool:
        """Whether the principal may see the row of B's that it refers to: then it may well refer to it."""
        if not template.parents:
            return False
        rows = {row.name: row for row in self._builder.worlds.order}
        with self._stage.acting(principal):
            return all(self._sees_row(rows[name]) for name in template.parents)

    def _sees_row(self, row: Row) -> bool:
        if row.public:
            return True
        answer = self._stage.tried(f"select 1 from {row.table} where {row.where}")
        return not isinstance(answer, Refused) and bool(answer)

    def _move(self, principal: Principal, relation: Relation, name: str) -> Iterator[Candidate]:
        """The principal's own row, given to somebody else or put under something of theirs."""
        table = self._catalog.tables[name]
        users = users_among(self._builder, table)
        allowed = set(self._allowed(principal, relation, "UPDATE"))
        rows = [row for row in self._builder.worlds.of("A", name) if row.index % 2 == principal.index][:2]
        for columns, target in links(self._builder, table):
            if len(columns) == 1 and only_tells(self._builder, table, users, columns[0]):
                continue
            theirs = self._builder.musts("B", table, 0)
            values = {
                c: str(theirs[c]) for c in columns if theirs.get(c) is not None and not isinstance(theirs[c], list)
            }
            moved = Template(values, tuple(values), (), whole=False)
            if not values or not set(values) <= allowed or self._gives(name, moved):
                continue
            parents = tuple(row.name for row in self._builder.worlds.of("B", target)[:1]) if target else ()
            if parents and self._sees(principal, Template(values, (), parents, whole=False)):
                continue
            for row in rows:
                yield from self._moved(principal, relation, row, values, parents)

    def _moved(
        self,
        principal: Principal,
        relation: Relation,
        row: Row,
        values: dict[str, str],
        parents: tuple[tuple[str, str], ...],
    ) -> Iterator[Candidate]:
        set_ = ", ".join(f"{quote(column)} = {sql(value)}" for column, value in values.items())
        after = {**row.values, **values}
        stands = f"select 1 from {row.table} where " + " and ".join(
            f"{quote(column)} {equals(after[column])}" for column in dict.fromkeys((*row.key, *values))
        )
        if self._stage.session.rows(stands):
            return  # B's own row, which is there already
        keyed = f"update {relation.name} set {set_} where {row.where}"
        small = self._writes.is_small(relation)
        for statement in (keyed, *([f"update {relation.name} set {set_}"] if small else [])):  # asks no SELECT policy
            with self._stage.acting(principal):
                if isinstance(self._stage.tried(statement), Refused):
                    continue
                self._stage.as_owner()
                if not self._stage.session.rows(stands):
                    continue
            what = f"move a row of its own in {relation.name} to somebody else's {', '.join(values)}"
            proof = Proof("puts", (row.name, *parents), query=stands)
            yield Candidate(principal, relation.name, "UPDATE", (statement,), what, proof, (row.table,))
            return
