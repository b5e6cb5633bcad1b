"""Whose rows are whose, found without being told: by foreign keys, policies, functions, defaults, and last by names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgcontract.errors import ContractError
from pgcontract.isolation.columns import Groups, joined
from pgcontract.isolation.evidence import NAMES, Fact, facts, named
from pgcontract.isolation.expressions import reduce
from pgcontract.isolation.principal_functions import PrincipalFunctions, principal_functions
from pgcontract.isolation.scope import USERS
from pgcontract.names import canonical, perhaps, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.model import Options, Place, Strength

_ORDER: tuple[Strength, ...] = ("told", "used", "follows", "named")


@dataclass(frozen=True, slots=True)
class Owned:
    """That a table's rows belong to somebody, how well that is known, and why."""

    strength: Strength
    why: str


@dataclass(slots=True)
class Ownership:
    """Whose rows are whose.

    Attributes:
        groups: Which columns hold the same thing.
        tokens: What of the principal's a group is compared with, by the column that stands for the group.
        direct: The columns that say whose a row is, by table.
        owned: The tables whose rows belong to somebody.
        memberships: Tables that say which user belongs to which organisation: the two columns.
        authorities: Tables that policies ask about the principal.
    """

    groups: Groups
    functions: PrincipalFunctions
    tokens: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    direct: dict[str, dict[str, Owned]] = field(default_factory=lambda: defaultdict(dict))
    owned: dict[str, Owned] = field(default_factory=dict)
    memberships: dict[str, tuple[str, str]] = field(default_factory=dict)
    authorities: set[str] = field(default_factory=set)

    def tokens_of(self, place: Place) -> set[str]:
        """What of the principal's a column holds."""
        return self.tokens.get(self.groups.of(place), set())

    def is_user(self, place: Place) -> bool:
        """Whether a column holds a user."""
        return "«uid»" in self.tokens_of(place)

    def say(self, table: str, column: str | None, strength: Strength, why: str) -> None:
        """Remember the best evidence of a table, and of one of its columns."""
        if column is not None:
            _better(self.direct[table], column, Owned(strength, why))
        _better(self.owned, table, Owned(strength, why))


def _better(known: dict[str, Owned], key: str, new: Owned) -> None:
    old = known.get(key)
    if old is None or _ORDER.index(new.strength) < _ORDER.index(old.strength):
        known[key] = new


def discover(catalog: Catalog, options: Options) -> Ownership:
    """Who owns what.

    Raises:
        ContractError: A hint names a relation or a column that is not there.
    """
    groups = joined(catalog)
    functions = principal_functions(catalog)
    ownership = Ownership(groups, functions)
    found = list(facts(catalog, functions, groups))
    if USERS in catalog.tables:
        found.append(Fact((USERS, "id"), "«uid»", "used", "the platform's users"))
        found.append(Fact((USERS, "email"), "«email»", "used", "the platform's users"))
    hinted = list(_hints(catalog, options))
    _join_users(groups, [*found, *hinted])
    for fact in [*found, *hinted]:
        if fact.token and not fact.token.startswith(("«fn:", "«jwtrole", "«jwt»")):
            ownership.tokens[groups.of(fact.place)].add(fact.token)
        if fact.token not in {"«jwtrole»", "«jwt»"}:
            ownership.say(*fact.place, fact.strength, fact.why)
    _of_the_group(catalog, ownership)
    _memberships(catalog, ownership)
    if not hinted:
        _names(catalog, ownership)
    _flow(catalog, ownership)
    return ownership


def _hints(catalog: Catalog, options: Options) -> Iterable[Fact]:
    for kind, texts in (("owner", options.owners), ("tenant", options.tenants)):
        for text in texts:
            table, column = place_of(catalog, text)
            token = (
                "«uid»"
                if kind == "owner" and USERS in catalog.tables and _could_be_user(catalog, table, column)
                else ""
            )
            yield Fact((table, column), token, "told", f"--{kind} {text}")


def _could_be_user(catalog: Catalog, table: str, column: str) -> bool:
    return catalog.relations[table].columns[column].type == "uuid"


def place_of(catalog: Catalog, text: str) -> Place:
    """The column that `table.column` or `schema.table.column` names.

    Raises:
        ContractError: It is not there.
    """
    try:
        parts = split(text)
    except ValueError as error:
        raise ContractError(str(error)) from None
    if len(parts) not in {2, 3}:
        raise ContractError(f"{text!r} is no column", hint="Write table.column or schema.table.column.")
    table = relation_of(catalog, ".".join(map(quote, parts[:-1])))
    columns = catalog.relations[table].columns
    if parts[-1] not in columns:
        raise ContractError(f"{table} has no column {parts[-1]}", hint=perhaps(parts[-1], columns))
    return table, parts[-1]


def relation_of(catalog: Catalog, text: str) -> str:
    """The relation that a hint names.

    Raises:
        ContractError: It is not there.
    """
    try:
        written = canonical(text)
    except ValueError as error:
        raise ContractError(str(error)) from None
    table = named(catalog, written)
    if table is None:
        raise ContractError(f"there is no relation {text}", hint=perhaps(canonical(text, "public"), catalog.relations))
    return table


def _join_users(groups: Groups, found: list[Fact]) -> None:
    """Whatever is compared with the same thing of the principal's holds the same thing."""
    first: dict[str, Place] = {}
    for fact in found:
        if fact.token and not fact.token.startswith(("«fn:", "«jwt")):
            groups.join(first.setdefault(fact.token, fact.place), fact.place)


def _of_the_group(catalog: Catalog, ownership: Ownership) -> None:
    """A column of a group that is compared with the principal says whose a row is, in every table."""
    for place, members in ownership.groups.members().items():
        if not ownership.tokens.get(place):
            continue
        for table, column in members:
            relation = catalog.relations.get(table)
            if relation is not None and column not in ownership.direct[table]:
                trace = column.endswith("_by") and not column.startswith("owned")
                ownership.say(
                    table, column, "named" if trace else "used", f"{column} holds what {_other(ownership, place)} holds"
                )


def _other(ownership: Ownership, place: Place) -> str:
    members = ownership.groups.members()[place]
    return ".".join((USERS, "id") if (USERS, "id") in members else min(members))


def _memberships(catalog: Catalog, ownership: Ownership) -> None:
    """Tables with a user and a foreign key to something else, which policies ask whether the user has a row there."""
    ownership.authorities |= _asked(catalog, ownership)
    for name in ownership.authorities:
        relation = catalog.relations[name]
        users = [column for column in ownership.direct[name] if ownership.tokens_of((name, column))]
        for column, target in _references(catalog, ownership, relation, users):
            ownership.memberships.setdefault(name, (users[0], column))
            group = ownership.groups.of((name, column))
            told = f"{name} says which user belongs to which"
            ownership.say(name, column, "used", f"{column} is the organisation in {name}")
            for table, member in ownership.groups.members()[group]:
                if table in catalog.tables:
                    ownership.say(table, member, "follows" if table == target else "used", told)


def _references(
    catalog: Catalog, ownership: Ownership, relation: Relation, users: list[str]
) -> Iterable[tuple[str, str | None]]:
    if not users:
        return
    found = set()
    for key in relation.having("FOREIGN KEY"):
        for column, target in zip(key.columns, key.referenced_columns, strict=False):
            if (
                key.references
                and key.references in catalog.tables
                and not ownership.tokens_of((key.references, target))
            ):
                found.add(column)
                yield column, key.references
    for column in relation.columns:  # joined by a policy, without a foreign key
        place = relation.name, column
        others = ownership.groups.members().get(ownership.groups.of(place), set()) - {place}
        if column not in found and column not in users and others and not ownership.tokens_of(place):
            yield column, None


def _asked(catalog: Catalog, ownership: Ownership) -> set[str]:
    """The tables that policies, views, and functions that speak of the principal read with the principal."""
    found = set()
    texts = [body for body in ownership.functions.bodies.values() if body.speaks]
    for relation in catalog.tables.values():
        for policy in relation.policies.values():
            texts += [reduce(text, ownership.functions.tokens) for text in (policy.using, policy.with_check) if text]
    for view in catalog.views.values():
        texts.append(reduce(view.definition, ownership.functions.tokens))
    for text in texts:
        if text.speaks:
            for written in text.relations.values():
                table = named(catalog, written) or ""
                if table in catalog.tables and any(
                    ownership.tokens_of((table, c)) for c in ownership.direct.get(table, ())
                ):
                    found.add(table)
    return found - {USERS}


def _names(catalog: Catalog, ownership: Ownership) -> None:
    """A column's name says whose a row is, where nothing better does."""
    for name, relation in catalog.tables.items():
        if name in ownership.owned:
            continue
        for column in relation.columns.values():
            if column.name in NAMES and column.type in {"uuid", "text", "integer", "bigint"}:
                ownership.say(name, column.name, "named", f"{column.name} says so by its name")
                if (
                    column.type == "uuid"
                    and column.name in {"user_id", "owner_id", "author_id", "created_by"}
                    and USERS in catalog.tables
                ):
                    ownership.groups.join((USERS, "id"), (name, column.name))
                    ownership.tokens[ownership.groups.of((USERS, "id"))].add("«uid»")


def _flow(catalog: Catalog, ownership: Ownership) -> None:
    """A row belongs to whom the row belongs that it refers to."""
    changed = True
    while changed:
        changed = False
        for name, relation in catalog.tables.items():
            for key in relation.having("FOREIGN KEY"):
                parent = ownership.owned.get(key.references or "")
                if parent is None or name in ownership.owned or key.references == USERS:
                    continue
                strength: Strength = "named" if parent.strength == "named" else "follows"
                ownership.say(name, None, strength, f"{', '.join(key.columns)} refers to {key.references}")
                changed = True
