"""Rows into a catalog. Oids come in with the rows and end here."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, TypeVar, cast

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
    schemas,
    sequences,
    tablespaces,
    triggers,
    types,
)
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.nouns import standing_alone
from pgcontract.catalog.objects import later
from pgcontract.catalog.privileges import grants_of
from pgcontract.catalog.relations import Persistence, Relation, RelationKind
from pgcontract.catalog.roles import Membership, Role
from pgcontract.making import maker
from pgcontract.names import qualified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.lookups import Lookups
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.triggers import Trigger

Row = tuple[Any, ...]
T = TypeVar("T")

_relation = maker(Relation)

_KINDS: dict[str, RelationKind] = {
    "r": "table",
    "p": "partitioned table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
_PERSISTENCE: dict[str, Persistence] = {"p": "permanent", "u": "unlogged", "t": "temporary"}


def assemble(
    rows: Mapping[str, Sequence[Row]], relations: Relations, records: Mapping[str, Relation], host: str = ""
) -> Catalog:
    """The catalog that the reader's rows make, keyed by noun as in `sql.NOUNS`; each noun when it is looked at."""

    def made(noun: str, from_row: Callable[[Row], T], name: Callable[[T], str] = attrgetter("name")) -> Any:
        return lambda: {name(record): record for record in map(from_row, rows[noun])}

    signature: Callable[[Any], str] = attrgetter("signature")
    return Catalog(
        server=_server(rows["database"][0], host),
        schemas=made("schemas", schemas.from_row),
        relations=records,
        functions=made("functions", functions.from_row, signature),
        sequences=cast("Any", partial(_sequences, rows, relations)),
        extensions=cast("Any", lambda: extensions.from_rows(rows["extensions"], rows["extension_members"])),
        roles=cast("Any", lambda: _roles(rows["roles"], rows["memberships"])),
        types=made("types", types.from_row),
        casts=made("casts", casts.from_row, signature),
        operators=made("operators", operators.from_row, signature),
        operator_classes=made("operator_classes", operator_classes.from_row, signature),
        languages=made("languages", languages.from_row),
        tablespaces=made("tablespaces", tablespaces.from_row),
        collations=made("collations", collations.from_row),
        **standing_alone(rows),
    )


class Relations:
    """The relations, and the rows that hang on them, of which records are made when they are wanted."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], known: Lookups) -> None:
        self._rows = rows
        self.known = known
        self.names: dict[int, str] = {
            row[0]: qualified(row[1], row[2]) for row in _by_name(row for row in rows["relations"] if row[3] in _KINDS)
        }
        self.attributes = _Attributes(known)

    def records(self) -> dict[str, Relation]:
        """The relations by name. They are not kept here, for they keep this: nothing is to wait for a collector."""
        return {name: self._record(self.known.classes[oid]) for oid, name in self.names.items()}

    def _record(self, row: Row) -> Relation:
        oid, _, _, kind, owner, rls, forced, persistence, options, partition, acl, _ = row
        known, canonical = self.known, self.names[oid]
        return _relation(
            name=canonical,
            kind=_KINDS[kind],
            owner=owner,
            columns=later("column", partial(self._columns, oid), canonical),
            constraints=later("constraint", partial(self._constraints, oid), canonical),
            indexes=later("index", partial(self._indexes, oid), canonical),
            policies=later("policy", partial(self._policies, oid), canonical),
            triggers=later("trigger", partial(self._triggers, oid), canonical),
            rls_enabled=rls,
            rls_forced=forced,
            persistence=_PERSISTENCE[persistence],
            options=tuple(sorted(options)) if options else (),
            is_partition=partition,
            grants=known.grants("r", owner, acl),
            extension=known.extensions.get(oid),
            comment=known.comments.get(("relation", oid, 0)) if known.comments else None,
        )

    def _columns(self, oid: int) -> dict[str, Column]:
        known = self.known
        texts = known.grouped("column_defaults").get(oid, ())
        defaults = {number: text for _, number, text in texts}
        rows = known.grouped("columns").get(oid, ())
        return {
            row[2]: columns.from_row(row, position, defaults.get(row[1]), known) for position, row in enumerate(rows, 1)
        }

    def _constraints(self, oid: int) -> dict[str, Constraint]:
        rows = sorted(self.known.grouped("constraints").get(oid, ()), key=itemgetter(1))
        return {row[1]: constraints.from_row(row, self.names, self.attributes, self.known) for row in rows}

    def _indexes(self, oid: int) -> dict[str, Index]:
        rows, names = self.known.grouped("indexes").get(oid, ()), self.attributes[oid]
        made = [indexes.from_row(row, names, self.known) for row in rows]
        made.sort(key=attrgetter("name"))
        return {index.name: index for index in made}

    def _policies(self, oid: int) -> dict[str, Policy]:
        rows = self.known.grouped("policies").get(oid, ())
        return {row[1]: policies.from_row(row, self.known) for row in rows}

    def _triggers(self, oid: int) -> dict[str, Trigger]:
        rows = self.known.grouped("triggers").get(oid, ())
        return {row[1]: triggers.from_row(row, self.attributes[oid]) for row in rows}


def _sequences(rows: Mapping[str, Sequence[Row]], relations: Relations) -> dict[str, sequences.Sequence]:
    by_oid, known = {row[0]: row for row in rows["sequences"]}, relations.known
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

    def __init__(self, known: Lookups) -> None:
        self._known = known

    def __missing__(self, oid: int) -> dict[int, str]:
        made = self[oid] = {row[1]: row[2] for row in self._known.grouped("columns").get(oid, ())}
        return made


def _roles(rows: Sequence[Row], memberships: Sequence[Row]) -> dict[str, Role]:
    member_of: dict[str, list[Membership]] = defaultdict(list)
    for member, role, inherit, set_role, admin in memberships:
        member_of[member].append(Membership(role, inherit, set_role, admin))
    return {row[0]: roles.from_row(row, member_of[row[0]]) for row in rows}
