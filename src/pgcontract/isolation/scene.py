"""A scene for one relation: the rows of two worlds that it needs, and those who act on it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.inheritance import ancestors
from pgcontract.isolation.casting import acting, bind
from pgcontract.isolation.declared import declared
from pgcontract.isolation.model import Options, Principal
from pgcontract.isolation.observed import Observer
from pgcontract.isolation.opening import Opening
from pgcontract.isolation.prepared import Prepared
from pgcontract.isolation.reads import root
from pgcontract.isolation.scope import Scope, scope

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from pgcontract.contract.principals import Principal as Declared
    from pgcontract.contract.session import Session
    from pgcontract.isolation.worlds import Builder

_STRANGERS = frozenset({"anonymous", "stranger", "no claims", "no settings", "empty settings", "anonymous sign-in"})


@dataclass(frozen=True, slots=True)
class Scene:
    """What is on the stage.

    Attributes:
        prepared: The database, looked at.
        builder: Who has made the rows, and can make more.
        observer: Who tries commands on them.
    """

    prepared: Prepared
    builder: Builder
    observer: Observer

    def actors(self, name: str) -> list[Principal]:
        """Those who act under the name of a principal or a role, those with rows of their own first.

        Raises:
            MissingObjectError: There is no such principal or role.
        """
        cast = self.prepared.cast.everybody(Options())
        named = [one for one in cast if one.name == name] or [one for one in cast if one.role == name]
        if named:
            return sorted(named, key=lambda one: (not one.rows, one.name in _STRANGERS, one.index))
        return [replace(acting(self.prepared.session.principal(name)), rows=False)]


@contextmanager
def staged(
    session: Session, relation: str, options: Options, stars: Mapping[str, Declared] | None = None
) -> Generator[Scene]:
    """Rows of two worlds in a relation's tables; all of it is rolled back.

    Args:
        session: One that may write.
        relation: A relation's canonical name.
        options: Hints.
        stars: Principals of the contract that are the first users of the worlds, by the world.

    Raises:
        MissingObjectError: There is no such relation.
        ContractError: A hint names what is not there.
    """
    with session.trial():
        prepared = Prepared(session, reaching(session, relation, options))
        bind(prepared, stars or {})
        builder = prepared.builder()
        tables = needed(prepared, relation)
        worlds = builder.build(sorted(name for name in tables if name in prepared.ownership.owned))
        Opening(session.catalog, prepared.ownership, prepared.vocabulary, prepared.publics).mark(session, worlds)
        yield Scene(prepared, builder, Observer(prepared.stage, builder))


def reaching(session: Session, relation: str, options: Options) -> Options:
    """The options, such that the relation is in scope.

    Raises:
        MissingObjectError: There is no such relation.
    """
    session.catalog.relations[relation]  # one that is missing says so
    if relation in scope(session.catalog, options).relations:
        return options
    return replace(options, schemas=(schema_of(relation),))


def needed(prepared: Prepared, relation: str) -> set[str]:
    """The tables that must have rows: the relation's own, those that policies ask, and whatever these refer to.

    For what is no table all of them, since anything may show in a view.
    """
    catalog, ownership = prepared.catalog, prepared.ownership
    if not catalog.relations[relation].is_table:
        return set(prepared.scope.tables)
    found: set[str] = set()
    waiting = [root(catalog, relation), *ownership.memberships, *ownership.authorities]
    while waiting:
        table = waiting.pop()
        if table in found or table not in prepared.scope.tables:
            continue
        found.add(table)
        waiting += [key.references for key in catalog.tables[table].having("FOREIGN KEY") if key.references]
    return found


def readers(prepared: Prepared, relation: str) -> set[str]:
    """The roles of users that are meant to read a relation: by grants, and by a policy where those hold."""
    roles = [*prepared.scheme.api_roles, *prepared.scheme.roles]
    roles += [principal.role for principal in prepared.cast.rightful()]
    return {role for role in roles if declared(prepared.catalog, role, relation, "SELECT").level != "none"}


def narrow(prepared: Prepared, relation: str) -> None:
    """Leave nothing to be tried but one relation, by its own name and those of its partitions and children."""
    catalog = prepared.catalog
    tables = {name: table for name, table in prepared.scope.tables.items() if name in needed(prepared, relation)}
    family = {
        name: other
        for name, other in prepared.scope.relations.items()
        if name == relation or relation in ancestors(catalog.inheritance, name)
    }
    prepared.scope = Scope(family, tables, {})
