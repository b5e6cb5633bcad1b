"""What many rows share or few have, by oid: types, collations, comments, extensions, access control lists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.privileges import grants_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgcontract.catalog.privileges import Grant


# pg_constraint.contype of primary keys, unique and exclusion constraints; a foreign key names the index it refers to.
_SERVED = frozenset("pux")


@dataclass(frozen=True, slots=True)
class Lookups:
    """The rows of the queries that other rows refer to.

    Attributes:
        types: Text and own collation of a type with its modifier.
        collations: How a collation is written.
        comments: By the class of the object, its oid, and a column's number or 0.
        extensions: The extension that a relation or sequence belongs to.
        definitions: The whole definition of an index that is not plain.
        classes: The rows of `sql/relations.sql`: relations, indexes and sequences.
        served: The constraint that an index serves.
        expressions: USING and WITH CHECK of the policies that were deparsed.
        policy_roles: The names of the roles that policies are for.
        acls: What the owner has while nobody has changed the access control list, by `r` or `s`; another's name in it.
        owned: The same with the owner's name, by `r` or `s` and the owner, as far as it was asked for.
    """

    types: Mapping[tuple[int, int], tuple[str, int]]
    collations: Mapping[int, str]
    comments: Mapping[tuple[str, int, int], str]
    extensions: Mapping[int, str]
    definitions: Mapping[int, str]
    classes: Mapping[int, tuple[Any, ...]]
    served: Mapping[int, str]
    expressions: Mapping[int, tuple[str | None, str | None]]
    policy_roles: Mapping[int, str]
    acls: Mapping[str, tuple[Grant, ...]]
    owned: dict[tuple[str, str], tuple[Grant, ...]] = field(default_factory=dict)

    def grants(self, kind: str, owner: str, acl: Sequence[str] | None) -> tuple[Grant, ...]:
        """The grants on a relation (`r`) or sequence (`s`), whose list is None while nobody has changed it."""
        if acl is not None:
            return grants_of(tuple(acl))
        if (kind, owner) not in self.owned:
            grants = (replace(grant, grantee=owner, grantor=owner) for grant in self.acls[kind])
            self.owned[kind, owner] = tuple(grants)
        return self.owned[kind, owner]


def lookups(rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> Lookups:
    """The lookups that the reader's rows make."""
    return Lookups(
        types={(oid, modifier): (text, collation) for oid, modifier, text, collation in rows["column_types"]},
        collations=dict(rows["column_collations"]),
        comments={(noun, oid, number): text for noun, oid, number, text in rows["comments"]},
        extensions=dict(rows["extension_relations"]),
        definitions=dict(rows["index_definitions"]),
        classes={row[0]: row for row in rows["relations"]},
        served={row[18]: row[1] for row in rows["constraints"] if row[2] in _SERVED},
        expressions={oid: (using, with_check) for oid, using, with_check in rows["policy_expressions"]},
        policy_roles=dict(rows["policy_roles"]),
        acls={kind: grants_of(tuple(acl)) for kind, acl in rows["default_acls"]},
    )
