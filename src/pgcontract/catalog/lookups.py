"""What many rows share or few have, by oid: types, collations, comments, extensions, access control lists."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.columns import STORAGES
from pgcontract.catalog.follow_ups import grouped
from pgcontract.catalog.privileges import grants_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pgcontract.catalog.privileges import Grant


# pg_constraint.contype of primary keys, unique and exclusion constraints; a foreign key names the index it refers to.
_SERVED = frozenset("pux")


class Lookups:
    """The rows of the queries that other rows refer to, each made into a dictionary when it is first looked into.

    The reader may be waiting for some of them still, while what needs none of these is made already.
    """

    def __init__(self, rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        self._rows = rows
        self._groups: dict[str, dict[int, list[tuple[Any, ...]]]] = {}
        self._owned: dict[tuple[str, str], tuple[Grant, ...]] = {}

    def grouped(self, noun: str) -> Mapping[int, Sequence[tuple[Any, ...]]]:
        """The rows by the oid of the relation that they belong to."""
        if noun not in self._groups:
            self._groups[noun] = grouped(self._rows[noun])
        return self._groups[noun]

    @cached_property
    def types(self) -> Mapping[tuple[int, int], tuple[str, int, str, tuple[str, ...]]]:
        """Text, own collation and own storage of a type with its modifier; and how its plain columns are stored.

        That is as the type has it, but for the few whose columns the reader takes to be like most types'.
        """
        return {
            (oid, modifier): (text, collation, own, () if own == usual else (f"storage={STORAGES[usual]}",))
            for oid, modifier, text, collation, own, usual in self._rows["column_types"]
        }

    @cached_property
    def collations(self) -> Mapping[int, str]:
        """How a collation is written."""
        return dict(self._rows["column_collations"])

    @cached_property
    def comments(self) -> Mapping[tuple[str, int, int], str]:
        """By the class of the object, its oid, and a column's number or 0."""
        return {(noun, oid, number): text for noun, oid, number, text in self._rows["comments"]}

    @cached_property
    def extensions(self) -> Mapping[int, str]:
        """The extension that a relation or sequence belongs to."""
        return dict(self._rows["extension_relations"])

    @cached_property
    def definitions(self) -> Mapping[int, str]:
        """The whole definition of an index that is not plain."""
        return dict(self._rows["index_definitions"])

    @cached_property
    def classes(self) -> Mapping[int, tuple[Any, ...]]:
        """The rows of `sql/relations.sql`: relations, indexes and sequences."""
        return {row[0]: row for row in self._rows["relations"]}

    @cached_property
    def served(self) -> Mapping[int, str]:
        """The constraint that an index serves."""
        return {row[18]: row[1] for row in self._rows["constraints"] if row[2] in _SERVED}

    @cached_property
    def expressions(self) -> Mapping[int, tuple[str | None, str | None]]:
        """USING and WITH CHECK of the policies that were deparsed."""
        return {oid: (using, with_check) for oid, using, with_check in self._rows["policy_expressions"]}

    @cached_property
    def policy_roles(self) -> Mapping[int, str]:
        """The names of the roles that policies are for."""
        return dict(self._rows["policy_roles"])

    @cached_property
    def _acls(self) -> Mapping[str, tuple[Grant, ...]]:
        """What an owner has while nobody has changed the access control list, by `r` or `s`; another's name in it."""
        return {kind: grants_of(tuple(acl)) for kind, acl in self._rows["default_acls"]}

    def grants(self, kind: str, owner: str, acl: Sequence[str] | None) -> tuple[Grant, ...]:
        """The grants on a relation (`r`) or sequence (`s`), whose list is None while nobody has changed it."""
        if acl is not None:
            return grants_of(tuple(acl))
        if (kind, owner) not in self._owned:
            grants = (replace(grant, grantee=owner, grantor=owner) for grant in self._acls[kind])
            self._owned[kind, owner] = tuple(grants)
        return self._owned[kind, owner]
