"""Rows into a catalog. Oids come in with the rows and end here."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from pgcontract.catalog import (
    casts,
    collations,
    columns,
    constraints,
    extensions,
    functions,
    indexes,
    languages,
    operator_classes,
    operators,
    policies,
    roles,
    sequences,
    tablespaces,
    triggers,
    types,
)
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.follow_ups import grouped
from pgcontract.catalog.lookups import Lookups
from pgcontract.catalog.nouns import standing_alone
from pgcontract.catalog.objects import Objects
from pgcontract.catalog.privileges import grants_of
from pgcontract.catalog.relations import Persistence, Relation, RelationKind
from pgcontract.catalog.roles import Membership, Role
from pgcontract.catalog.schemas import Schema
from pgcontract.names import qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.triggers import Trigger

Row = tuple[Any, ...]

_KINDS: dict[str, RelationKind] = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
_PERSISTENCE: dict[str, Persistence] = {"p": "permanent", "u": "unlogged", "t": "temporary"}
_PARTS = ("columns", "column_defaults", "constraints", "indexes", "policies", "triggers")


def assemble(rows: Mapping[str, Sequence[Row]], host: str = "") -> Catalog:
    """The catalog that the reader's rows make, keyed by noun as in `sql.NOUNS`."""
    known = Lookups(rows)
    relations = _Relations(rows, known)
    routines = map(functions.from_row, rows["functions"])
    return Catalog(
        server=_server(rows["database"][0], host),
        schemas={row[0]: Schema(row[0], row[1], grants_of(tuple(row[2])), row[3], row[4]) for row in rows["schemas"]},
        relations={name: relations.record(known.classes[oid]) for oid, name in relations.names.items()},
        functions={routine.signature: routine for routine in routines},
        sequences=Objects("sequence", partial(_sequences, rows["sequences"], relations, known)),
        extensions=extensions.from_rows(rows["extensions"], rows["extension_members"]),
        roles=_roles(rows["roles"], rows["memberships"]),
        types={record.name: record for record in map(types.from_row, rows["types"])},
        casts={record.signature: record for record in map(casts.from_row, rows["casts"])},
        operators={record.signature: record for record in map(operators.from_row, rows["operators"])},
        operator_classes={
            record.signature: record for record in map(operator_classes.from_row, rows["operator_classes"])
        },
        languages={record.name: record for record in map(languages.from_row, rows["languages"])},
        tablespaces={record.name: record for record in map(tablespaces.from_row, rows["tablespaces"])},
        collations={record.name: record for record in map(collations.from_row, rows["collations"])},
        **standing_alone(rows),
    )


class _Relations:
    """The rows that hang on relations, grouped by the relation's oid; records are made of them when they are wanted."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], known: Lookups) -> None:
        self.names: dict[int, str] = {
            row[0]: qualified(row[1], row[2]) for row in _by_name(rows["relations"]) if row[3] in _KINDS
        }
        self._known = known
        self._parts = {noun: grouped(rows[noun]) for noun in _PARTS}
        self.attributes = _Attributes(self._parts["columns"])

    def record(self, row: Row) -> Relation:
        oid, _, _, kind, owner, rls, forced, persistence, options, partition, acl, _ = row
        canonical = self.names[oid]
        return Relation(
            name=canonical,
            kind=_KINDS[kind],
            owner=owner,
            columns=Objects("column", partial(self._columns, oid), canonical),
            constraints=Objects("constraint", partial(self._constraints, oid), canonical),
            indexes=Objects("index", partial(self._indexes, oid), canonical),
            policies=Objects("policy", partial(self._policies, oid), canonical),
            triggers=Objects("trigger", partial(self._triggers, oid), canonical),
            rls_enabled=rls,
            rls_forced=forced,
            persistence=_PERSISTENCE[persistence],
            options=tuple(options or ()),
            is_partition=partition,
            grants=self._known.grants("r", owner, acl),
            extension=self._known.extensions.get(oid),
            comment=self._known.comments.get(("relation", oid, 0)),
        )

    def _columns(self, oid: int) -> dict[str, Column]:
        rows = sorted(self._parts["columns"].get(oid, ()), key=itemgetter(1))
        defaults = {number: text for _, number, text in self._parts["column_defaults"].get(oid, ())}
        return {
            row[2]: columns.from_row(row, position, defaults.get(row[1]), self._known)
            for position, row in enumerate(rows, 1)
        }

    def _constraints(self, oid: int) -> dict[str, Constraint]:
        rows = sorted(self._parts["constraints"].get(oid, ()), key=itemgetter(1))
        return {row[1]: constraints.from_row(row, self.names, self.attributes, self._known) for row in rows}

    def _indexes(self, oid: int) -> dict[str, Index]:
        rows, names = self._parts["indexes"].get(oid, ()), self.attributes[oid]
        made = sorted((indexes.from_row(row, names, self._known) for row in rows), key=attrgetter("name"))
        return {index.name: index for index in made}

    def _policies(self, oid: int) -> dict[str, Policy]:
        rows = self._parts["policies"].get(oid, ())
        return {row[1]: policies.from_row(row, self._known) for row in rows}

    def _triggers(self, oid: int) -> dict[str, Trigger]:
        return {row[1]: triggers.from_row(row, self.attributes[oid]) for row in self._parts["triggers"].get(oid, ())}


def _sequences(rows: Sequence[Row], relations: _Relations, known: Lookups) -> dict[str, sequences.Sequence]:
    by_oid = {row[0]: row for row in rows}
    made = (
        sequences.from_row(by_oid[oid], relations.names, relations.attributes, known)
        for oid, *_ in _by_name(row for row in known.classes.values() if row[3] == "S")
    )
    return {sequence.name: sequence for sequence in made}


def _server(row: Row, host: str) -> Server:
    name, version, number, owner, user, standby, encoding, collation, character_type, limit, settings, acl, text = row
    return Server(
        name=name,
        version=version,
        version_number=number,
        owner=owner,
        user=user,
        standby=standby,
        host=host,
        encoding=encoding,
        collation=collation,
        character_type=character_type,
        connection_limit=limit,
        settings=roles.readable(settings),
        grants=grants_of(tuple(acl)),
        comment=text,
    )


def _by_name(rows: Iterable[Row]) -> list[Row]:
    """The rows of `sql/relations.sql` in the order of schemas and names."""
    return sorted(rows, key=itemgetter(1, 2))


class _Attributes(dict[int, dict[int, str]]):
    """The names of columns by their number, by the oid of their relation; made when one is looked for."""

    def __init__(self, columns: Mapping[int, Sequence[Row]]) -> None:
        self._columns = columns

    def __missing__(self, oid: int) -> dict[int, str]:
        made = self[oid] = {row[1]: row[2] for row in self._columns.get(oid, ())}
        return made


def _roles(rows: Sequence[Row], memberships: Sequence[Row]) -> dict[str, Role]:
    member_of: dict[str, list[Membership]] = defaultdict(list)
    for member, role, inherit, set_role, admin in memberships:
        member_of[member].append(Membership(role, inherit, set_role, admin))
    return {row[0]: roles.from_row(row, member_of[row[0]]) for row in rows}
