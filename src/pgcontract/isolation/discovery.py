"""Whose rows are whose, found without being told: by foreign keys, policies, functions, defaults, and last by names."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgcontract.isolation.columns import Groups, joined
from pgcontract.isolation.evidence import NAMES, Fact, facts, named
from pgcontract.isolation.expressions import Text, reduce
from pgcontract.isolation.hints import hints
from pgcontract.isolation.identities import anchor
from pgcontract.isolation.principal_functions import PrincipalFunctions, principal_functions
from pgcontract.isolation.scope import PLATFORM_TABLES, USERS
from pgcontract.isolation.stored import is_alone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.model import Options, Place, Strength

_USER = "«uid»"
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
        elevated: Those of them in which just to stand means to have more rights, such as a list of administrators.
    """

    groups: Groups
    functions: PrincipalFunctions
    tokens: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    direct: dict[str, dict[str, Owned]] = field(default_factory=lambda: defaultdict(dict))
    owned: dict[str, Owned] = field(default_factory=dict)
    memberships: dict[str, tuple[str, str]] = field(default_factory=dict)
    authorities: set[str] = field(default_factory=set)
    elevated: set[str] = field(default_factory=set)

    def tokens_of(self, place: Place) -> set[str]:
        """What of the principal's a column holds."""
        group = self.groups.of(place)
        return {token for known, tokens in self.tokens.items() if self.groups.of(known) == group for token in tokens}

    def is_user(self, place: Place) -> bool:
        """Whether a column holds a user."""
        return "«uid»" in self.tokens_of(place)

    def say(self, table: str, column: str | None, strength: Strength, why: str) -> None:
        """Remember the best evidence of a table, and of one of its columns."""
        if table in PLATFORM_TABLES:
            return
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
    users = [fact.place for fact in found if fact.token == _USER]
    hinted = list(hints(catalog, options, {catalog.relations[table].columns[column].type for table, column in users}))
    _join_users(groups, [*found, *hinted])
    for fact in [*found, *hinted]:
        if fact.token and not fact.token.startswith(("«fn:", "«jwtrole", "«jwt»")):
            ownership.tokens[groups.of(fact.place)].add(fact.token)
        if fact.token not in {"«jwtrole»", "«jwt»"}:
            ownership.say(*fact.place, fact.strength, fact.why)
    _of_the_group(catalog, ownership)
    _memberships(catalog, ownership)
    _aliases(catalog, ownership)
    _names(catalog, ownership)
    _by_policy(catalog, ownership)
    _flow(catalog, ownership)
    return ownership


def _join_users(groups: Groups, found: list[Fact]) -> None:
    """Whatever is compared with the same thing of the principal's holds the same thing."""
    first: dict[str, Place] = {}
    for fact in found:
        if fact.token and not fact.token.startswith(("«fn:", "«jwt")):
            groups.join(first.setdefault(fact.token, fact.place), fact.place)


def _of_the_group(catalog: Catalog, ownership: Ownership) -> None:
    """A column of a group that is compared with the principal says whose a row is, in every table."""
    for place, members in ownership.groups.members().items():
        if not ownership.tokens_of(place):
            continue
        for table, column in members:
            relation = catalog.relations.get(table)
            if relation is not None and column not in ownership.direct[table]:
                # The table of the organisations themselves may well be a directory that is open to all.
                own = (table, column) == anchor(catalog, members) and table != USERS and not ownership.is_user(place)
                trace = (column.endswith("_by") and not column.startswith("owned")) or own
                ownership.say(
                    table, column, "named" if trace else "used", f"{column} holds what {_other(ownership, place)} holds"
                )


def _other(ownership: Ownership, place: Place) -> str:
    members = ownership.groups.members()[place]
    return ".".join((USERS, "id") if (USERS, "id") in members else min(members))


def _memberships(catalog: Catalog, ownership: Ownership) -> None:
    """Tables with a user and a foreign key to something else, which policies ask whether the user has a row there."""
    asked = _asked(catalog, ownership)
    ownership.authorities |= set(asked)
    everywhere = _asked(catalog, ownership, everywhere=True)
    ownership.elevated |= {name for name, text in everywhere.items() if _elevates(catalog, ownership, name, text)}
    for name in sorted(asked):
        relation = catalog.relations[name]
        users = [column for column in ownership.direct[name] if ownership.tokens_of((name, column))]
        for column, target in _references(catalog, ownership, relation, users):
            if column == users[0] or not re.search(rf"\b{re.escape(column)}\b", asked[name]):
                continue  # nobody belongs to himself; and what nobody asks by is not what the table is about
            ownership.memberships.setdefault(name, (users[0], column))
            group = ownership.groups.of((name, column))
            told = f"{name} says which user belongs to which"
            ownership.say(name, column, "used", f"{column} is the organisation in {name}")
            for table, member in ownership.groups.members()[group]:
                if table in catalog.tables:
                    ownership.say(table, member, "named" if table == target else "used", told)


def _aliases(catalog: Catalog, ownership: Ownership) -> None:
    """A table with one row a user, by which policies get from the user to a number: the number stands for the user."""
    for name in sorted(ownership.authorities):
        relation = catalog.tables[name]
        users = [column for column in ownership.direct[name] if ownership.is_user((name, column))]
        key = relation.primary_key
        if key is None or len(key.columns) != 1 or not any(is_alone(relation, user) for user in users):
            continue
        place = name, key.columns[0]
        for table, column in ownership.groups.members().get(ownership.groups.of(place), set()) - {place}:
            if table in catalog.tables and not ownership.is_user(place):
                ownership.say(table, column, "used", f"{name} says which user {column} stands for")


def _elevates(catalog: Catalog, ownership: Ownership, name: str, text: str) -> bool:
    """Whether nothing but the user is asked of the table."""
    bare = re.escape(name.rpartition(".")[2].strip('"'))
    if not re.search(rf'exists\s+select\s+(?:[\w.*]+\s+)?from\s+(?:\w+\.)?"?{bare}\b', text, re.IGNORECASE):
        return False
    words = set(re.findall(r"[\w]+", text))
    others = [column for column in catalog.tables[name].columns if column not in ownership.direct[name]]
    referred = any(key.references == name for table in catalog.tables.values() for key in table.having("FOREIGN KEY"))
    return not referred and len(ownership.direct[name]) == 1 and words.isdisjoint(others)


def _references(
    catalog: Catalog, ownership: Ownership, relation: Relation, users: list[str]
) -> Iterable[tuple[str, str | None]]:
    if not users:
        return
    found = set()
    for key in relation.having("FOREIGN KEY"):
        for column, target in zip(key.columns, key.referenced_columns, strict=False):
            if key.references and key.references in catalog.tables and not ownership.is_user((key.references, target)):
                found.add(column)
                yield column, key.references
    for column in relation.columns:  # joined by a policy, without a foreign key
        place = relation.name, column
        others = ownership.groups.members().get(ownership.groups.of(place), set()) - {place}
        own_key = relation.primary_key is not None and relation.primary_key.columns == (column,)
        if column not in found and column not in users and others and not own_key and not ownership.is_user(place):
            yield column, None


def _asked(catalog: Catalog, ownership: Ownership, *, everywhere: bool = False) -> dict[str, str]:
    """The tables that policies and views, and functions that they call, look the principal up in; with those texts."""
    found: dict[str, str] = defaultdict(str)
    for own, text in _asking(catalog, ownership, everywhere=everywhere):
        for written in text.relations.values():
            table = named(catalog, written, own) or ""
            if table in catalog.tables and table != USERS:
                columns = ownership.direct.get(table, {})
                if any(ownership.tokens_of((table, column)) for column in columns):
                    found[table] += text.text
    return found


def _asking(catalog: Catalog, ownership: Ownership, *, everywhere: bool) -> list[tuple[str | None, Text]]:
    tokens = ownership.functions.tokens
    texts: list[tuple[str | None, Text]] = []
    for relation in catalog.tables.values():
        for policy in relation.policies.values():
            texts += [(relation.name, reduce(text, tokens)) for text in (policy.using, policy.with_check) if text]
    texts += [(None, reduce(view.definition, tokens)) for view in catalog.views.values()]
    said = " ".join(text.text for _, text in texts)
    waiting = dict(ownership.functions.bodies)
    while called := [name for name in waiting if everywhere or _is_called(catalog.functions[name].name, said)]:
        for signature in called:
            body = waiting.pop(signature)
            said += " " + body.text
            texts.append((None, body))
    return texts


def _is_called(name: str, said: str) -> bool:
    return (
        f"{name} " in said
        or f"«fn:{name}»" in said
        or re.search(rf"\b{re.escape(name.rpartition('.')[2])} ", said) is not None
    )


def _by_policy(catalog: Catalog, ownership: Ownership) -> None:
    """A table that shows no row without asking who it is holds somebody's rows, though no column says whose."""
    speaking: set[str] = set()
    for _ in range(3):
        for name, relation in catalog.tables.items():
            readers = [p.using for p in relation.policies.values() if p.permissive and p.command in {"ALL", "SELECT"}]
            texts = [reduce(text, ownership.functions.tokens) for text in readers if text]
            if texts and relation.rls_enabled and all(_speaks(catalog, text, name, speaking) for text in texts):
                speaking.add(name)
    for name in speaking - set(ownership.owned):
        ownership.say(name, None, "follows", "its policies ask who is asking")


def _speaks(catalog: Catalog, text: Text, own: str, speaking: set[str]) -> bool:
    return text.speaks or any(named(catalog, written, own) in speaking for written in text.relations.values())


def _names(catalog: Catalog, ownership: Ownership) -> None:
    """A column's name says whose a row is, where nothing better does."""
    for name, relation in catalog.tables.items():
        if name in ownership.owned:
            continue
        for column in relation.columns.values():
            if column.name in NAMES and column.type in {"uuid", "text", "integer", "bigint"}:
                ownership.say(name, column.name, "named", f"{column.name} says so by its name")
                users = next((place for place in list(ownership.tokens) if ownership.is_user(place)), None)
                if users is not None and _may_be_user(catalog, users, column):
                    ownership.groups.join(users, (name, column.name))
                    ownership.tokens[ownership.groups.of(users)].add("«uid»")


def _may_be_user(catalog: Catalog, users: Place, column: Column) -> bool:
    """Whether a column that is named after users has their type."""
    named_so = column.name in {"user_id", "owner_id", "author_id", "created_by"}
    return named_so and column.type == catalog.relations[users[0]].columns[users[1]].type


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
