"""Rows into a catalog. Oids come in with the rows and end here."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pgcontract.catalog import columns, constraints, functions, indexes, policies, roles, sequences, triggers
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.extensions import Extension
from pgcontract.catalog.privileges import grants_of
from pgcontract.catalog.relations import Persistence, Relation, RelationKind
from pgcontract.catalog.roles import Membership, Role
from pgcontract.catalog.schemas import Schema
from pgcontract.names import qualified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = tuple[Any, ...]

_KINDS: dict[str, RelationKind] = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
_PERSISTENCE: dict[str, Persistence] = {"p": "permanent", "u": "unlogged", "t": "temporary"}
_PARTS = ("columns", "constraints", "indexes", "policies", "triggers")


def assemble(rows: Mapping[str, Sequence[Row]], host: str = "") -> Catalog:
    """The catalog that the reader's rows make, keyed by noun as in `sql.NOUNS`."""
    relations = _Relations(rows)
    made = [sequences.from_row(row, relations.names, relations.attributes) for row in rows["sequences"]]
    routines = map(functions.from_row, rows["functions"])
    return Catalog(
        server=_server(rows["database"][0], host),
        schemas={row[0]: Schema(row[0], row[1], grants_of(tuple(row[2])), row[3], row[4]) for row in rows["schemas"]},
        relations={relation.name: relation for relation in map(relations.record, rows["relations"])},
        functions={routine.signature: routine for routine in routines},
        sequences={sequence.name: sequence for sequence in made},
        extensions={row[0]: Extension(*row) for row in rows["extensions"]},
        roles=_roles(rows["roles"], rows["memberships"]),
    )


class _Relations:
    """The rows that hang on relations, grouped by the relation's oid."""

    def __init__(self, rows: Mapping[str, Sequence[Row]]) -> None:
        self.names: dict[int, str] = {row[0]: qualified(row[1], row[2]) for row in rows["relations"]}
        self.attributes: dict[int, dict[int, str]] = defaultdict(dict)
        for oid, number, name, *_ in rows["columns"]:
            self.attributes[oid][number] = name
        self._parts = {noun: _by_relation(rows[noun]) for noun in _PARTS}

    def record(self, row: Row) -> Relation:
        oid, schema, name, kind, owner, rls, forced, persistence, options, partition, acl, extension, comment = row
        parts = {noun: self._parts[noun].get(oid, ()) for noun in _PARTS}
        names = self.attributes[oid]
        return Relation(
            name=qualified(schema, name),
            kind=_KINDS[kind],
            owner=owner,
            columns={r[2]: columns.from_row(r, position) for position, r in enumerate(parts["columns"], 1)},
            constraints={r[1]: constraints.from_row(r, self.names, self.attributes) for r in parts["constraints"]},
            indexes={r[1]: indexes.from_row(r, names) for r in parts["indexes"]},
            policies={r[1]: policies.from_row(r) for r in parts["policies"]},
            triggers={r[1]: triggers.from_row(r, names) for r in parts["triggers"]},
            rls_enabled=rls,
            rls_forced=forced,
            persistence=_PERSISTENCE[persistence],
            options=tuple(options or ()),
            is_partition=partition,
            grants=grants_of(tuple(acl)),
            extension=extension,
            comment=comment,
        )


def _server(row: Row, host: str) -> Server:
    name, version, number, owner, user, standby = row
    return Server(name, version, number, owner, user, standby, host)


def _by_relation(rows: Sequence[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped


def _roles(rows: Sequence[Row], memberships: Sequence[Row]) -> dict[str, Role]:
    member_of: dict[str, list[Membership]] = defaultdict(list)
    for member, role, inherit, set_role, admin in memberships:
        member_of[member].append(Membership(role, inherit, set_role, admin))
    return {row[0]: roles.from_row(row, member_of[row[0]]) for row in rows}
