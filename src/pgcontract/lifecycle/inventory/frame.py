"""What the modules of the inventory share: where they look, and what they say of any object alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pgcontract.catalog.objects import UnreadableError
from pgcontract.expectations.acls import ALL, OPTION, AclIs, everything
from pgcontract.expectations.closed import ObjectsAre
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.kinds import KINDS
from pgcontract.expectations.owners import OwnerIs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.privileges import Grant
    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.scope import Scope

Level: TypeAlias = Literal["tables", "columns", "full"]
"""How much is said: which relations there are; their columns too; or all."""

COLUMN = frozenset({"SELECT", "INSERT", "UPDATE", "REFERENCES"})


@dataclass(frozen=True)
class Source:
    """What is taken stock of.

    Attributes:
        catalog: The whole.
        scope: Which of its objects.
        level: How much is said of each.
    """

    catalog: Catalog
    scope: Scope
    level: Level = "full"

    def all_records(self, field: str) -> list[Any]:
        """The records of a catalog's field that are in scope, by name.

        Raises:
            UnreadableError: The role may not read them, or not what tells whether they are in scope.
        """
        return list(self.scope.among(self.catalog, getattr(self.catalog, field)))

    def records(self, field: str) -> list[Any]:
        """The same, and none where the role may not read them."""
        try:
            return self.all_records(field)
        except UnreadableError:
            return []


def readable(*parts: Callable[[], Iterable[Expectation]]) -> Iterator[Expectation]:
    """What the parts say, each as a whole; a part that looks at what the role may not read says nothing."""
    for part in parts:
        try:
            yield from list(part())
        except UnreadableError:
            continue


def words(grants: Iterable[Grant], every: Collection[str], owner: str | None) -> dict[str, list[str]]:
    """Grants as `AclIs` writes them, without the owner's where it has everything.

    Args:
        grants: The grants, whoever made them.
        every: All privileges that there are on such an object.
        owner: Who has all of them by nature; None where nobody does.
    """
    held: dict[str, dict[str, bool]] = {} if owner is None else {owner: {}}
    for grant in grants:
        of_role = held.setdefault(grant.grantee, {})
        option = grant.grantable and grant.grantee != owner
        of_role[grant.privilege] = of_role.get(grant.privilege, False) or option
    said = {role: _words(privileges, every) for role, privileges in held.items()}
    return {role: privileges for role, privileges in said.items() if role != owner or privileges != [ALL]}


def _words(privileges: Mapping[str, bool], every: Collection[str]) -> list[str]:
    options = set(privileges.values())
    if len(every) > 1 and privileges.keys() == set(every) and len(options) == 1:
        return [f"{ALL}{OPTION if options == {True} else ''}"]
    if privileges.keys() == set(every) and options == {False} and len(every) == 1:
        return list(privileges)
    return sorted(f"{privilege}{OPTION if option else ''}" for privilege, option in privileges.items())


def acl(source: Source, noun: str, name: str, record: Any, on: str) -> AclIs:
    """Who was granted what; `on` is the kind of object as `GrantsAre` calls it."""
    every = everything(source.catalog, on)
    held = words(record.grants, every, record.owner)
    if held.get(record.owner) == sorted(every):  # of the only privilege that there is
        del held[record.owner]
    columns = record.columns.values() if on == "table" else ()
    of_columns = {column.name: words(column.grants, COLUMN, None) for column in columns if column.grants}
    return AclIs(noun, name, held, columns=of_columns)


def described(source: Source, noun: str, name: str, record: Any, on: str | None = None) -> Iterator[Expectation]:
    """The owner of an object, who was granted what on it, and its comment or that it has none."""
    parts: list[Callable[[], Iterable[Expectation]]] = []
    if hasattr(type(record), "owner"):  # of the class: what may not be read raises when it is looked at
        parts.append(lambda: [OwnerIs(noun, name, record.owner)])
    if on is not None:
        parts.append(lambda: [acl(source, noun, name, record, on)])
    if hasattr(type(record), "comment"):
        parts.append(lambda: [CommentIs(noun, name, record.comment)])
    yield from readable(*parts)


def closed(source: Source, noun: str, field: str) -> Iterator[Expectation]:
    """A closed world of what is in no schema; what the scope leaves out may be there beside it."""
    if not source.scope.whole:
        return
    held = [record.name for record in source.all_records(field) if record.name != "plpgsql"]  # which is always there
    there = KINDS[noun].found(source.catalog, None)
    yield ObjectsAre(noun, held, beside=sorted(name for name in there if name not in held))
