"""What many rows share or few have, by oid: types, collations, comments, extensions, access control lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.privileges import PUBLIC, grants_of

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
        roles: The names of roles; that of 0 is PUBLIC.
        acls: The access control list that is never changed, by `r` or `s` and the owner.
    """

    types: Mapping[tuple[int, int], tuple[str, int]]
    collations: Mapping[int, str]
    comments: Mapping[tuple[str, int, int], str]
    extensions: Mapping[int, str]
    definitions: Mapping[int, str]
    classes: Mapping[int, tuple[Any, ...]]
    served: Mapping[int, str]
    expressions: Mapping[int, tuple[str | None, str | None]]
    roles: Mapping[int, str]
    acls: Mapping[tuple[str, str], tuple[Grant, ...]]

    def role(self, oid: int) -> str:
        """The name of a role, as Postgres would say it: a grant may be left of one that was dropped."""
        return self.roles.get(oid) or f"unknown (OID={oid})"

    def grants(self, kind: str, owner: str, acl: Sequence[str] | None) -> tuple[Grant, ...]:
        """The grants on a relation (`r`) or sequence (`s`), whose list is None while nobody has changed it."""
        return self.acls[kind, owner] if acl is None else grants_of(tuple(acl))


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
        roles={0: PUBLIC} | {row[-1]: row[0] for row in rows["roles"]},
        acls={(kind, owner): grants_of(tuple(acl)) for kind, owner, acl in rows["default_acls"]},
    )
