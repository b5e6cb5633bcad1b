"""What identifies the two worlds: users, organisations, settings, roles; and every column that holds such a thing."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.model import Place

WORLDS = ("A", "B")
_WHOLE = ("smallint", "integer", "bigint")
USERS_A_WORLD = 2
"""A world has a plain user and one who may do more, where there is such a thing; and one who belongs nowhere."""


@dataclass(slots=True)
class Identities:
    """The values that tell the worlds apart.

    Attributes:
        tags: What every canary of a world begins with.
        uids: The users of each world, and somebody who is in neither under the empty name.
        emails: Their addresses.
        values: What the columns of a group hold, by world and the column that stands for the group; one a user, or one
            for the whole world.
    """

    tags: dict[str, str]
    uids: dict[str, list[str]]
    emails: dict[str, list[str]]
    values: dict[str, dict[Place, list[Any]]] = field(default_factory=lambda: defaultdict(dict))

    def value(self, world: str, group: Place, index: int) -> Any:
        """What a row of that number holds; KeyError where that is not settled yet."""
        known = self.values[world][group]
        return known[index % len(known)]


def identities(catalog: Catalog, ownership: Ownership, roles: list[str], seed: int) -> Identities:
    """Identities of both worlds, from the seed; what a table's own rows will settle is left out."""
    rng = random.Random(f"identities {seed}")  # noqa: S311 - no secret
    # Letters only, so that they go where only letters may; neither begins like the other.
    tags = {
        world: start + "".join(rng.choices("bcdfghjkmnpqrtvw", k=5))
        for world, start in zip(WORLDS, ("qa", "zb"), strict=True)
    }
    uids = {
        w: [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(USERS_A_WORLD + 1)]
        for w in (*WORLDS, "")
    }
    tags_all = {**tags, "": "stranger"}
    emails = {w: [f"{tags_all[w]}{n}@{tags_all[w]}.example" for n in ("", "boss", "solo")] for w in (*WORLDS, "")}
    if _type(catalog, _users(ownership)).startswith(_WHOLE):
        uids = {w: [str(rng.randint(20_000_000, 29_999_999)) for _ in held] for w, held in uids.items()}
    found = Identities(tags, uids, emails)
    for place, members in ownership.groups.members().items():
        fixed = _fixed(catalog, ownership, place, members, found, roles, rng)
        for world, values in (fixed or {}).items():
            found.values[world][place] = values
    _alone(catalog, ownership, found, rng)
    return found


def _fixed(
    catalog: Catalog,
    ownership: Ownership,
    place: Place,
    members: set[Place],
    found: Identities,
    roles: list[str],
    rng: random.Random,
) -> dict[str, list[Any]] | None:
    tokens = ownership.tokens_of(place)
    if "«uid»" in tokens:
        return {world: found.uids[world][:USERS_A_WORLD] for world in WORLDS}
    if "«email»" in tokens:
        return {world: found.emails[world][:USERS_A_WORLD] for world in WORLDS}
    if "«dbrole»" in tokens:
        return {world: [role] for world, role in zip(WORLDS, roles, strict=False)}
    direct = any(column in ownership.direct.get(table, ()) for table, column in members)
    anchored = anchor(catalog, members)
    kind = _type(catalog, members)
    if not direct or (anchored and not (tokens and _prefixable(kind)) and not kind.endswith("ltree")):
        return None
    if _prefixable(kind) and any("mail" in column for _, column in members):
        return {world: found.emails[world][:USERS_A_WORLD] for world in WORLDS}
    return _made(kind, found, rng)


def _alone(catalog: Catalog, ownership: Ownership, found: Identities, rng: random.Random) -> None:
    """Columns that say whose a row is, and are compared with no other column."""
    for table, columns in ownership.direct.items():
        relation = catalog.relations.get(table)
        for column in columns if relation is not None else ():
            group = ownership.groups.of((table, column))
            keyed = (
                any(column in key.columns and len(key.columns) == 1 for key in relation.having("PRIMARY KEY"))
                if relation
                else True
            )
            if group not in found.values["A"] and not keyed and group == (table, column):
                if anchor(catalog, ownership.groups.members().get(group, {group})):
                    continue
                for world, values in (_made(_type(catalog, {group}), found, rng) or {}).items():
                    found.values[world][group] = values


def anchor(catalog: Catalog, members: set[Place]) -> Place | None:
    """The column of a group that is its table's own key, to which the others refer; None where there is none."""
    for table, column in sorted(members):
        relation = catalog.tables.get(table)
        if relation is None or any(
            key.columns == (column,) and key.references != table for key in relation.having("FOREIGN KEY")
        ):
            continue
        keys = [*relation.having("PRIMARY KEY"), *relation.having("UNIQUE")]
        if any(key.columns == (column,) for key in keys):
            return table, column
    for table, column in sorted(members):  # part of a composite key that others refer to
        relation = catalog.tables.get(table)
        referred = any(
            key.references == table and column in key.referenced_columns
            for other in catalog.tables.values()
            for key in other.having("FOREIGN KEY")
        )
        if (
            relation is not None
            and referred
            and not any(column in key.columns for key in relation.having("FOREIGN KEY"))
        ):
            return table, column
    return None


def _users(ownership: Ownership) -> set[Place]:
    """The columns that hold users."""
    members = ownership.groups.members()
    found: set[Place] = set()
    for place, tokens in ownership.tokens.items():
        if "«uid»" in tokens:
            found |= {place} | members.get(ownership.groups.of(place), set())
    return found


def _type(catalog: Catalog, members: set[Place]) -> str:
    """The type of what the columns of a group hold, which is not a list's; empty for no columns."""
    known = [(table, column) for table, column in sorted(members) if table in catalog.relations]
    kinds = [base_type(catalog, catalog.relations[table].columns[column].type) for table, column in known]
    return min(kinds, key=lambda kind: kind.endswith("[]") or kind in {"json", "jsonb"}, default="")


def base_type(catalog: Catalog, kind: str) -> str:
    """What a domain is made of; any other type itself."""
    made = catalog.types.get(kind)
    return made.base if made is not None and made.kind == "domain" and made.base else kind


def _prefixable(kind: str) -> bool:
    return kind.startswith(("text", "character varying", "integer", "bigint"))


def _made(kind: str, found: Identities, rng: random.Random) -> dict[str, list[Any]] | None:
    """Values of a type; as text, A's is how B's begins, which a careless comparison takes for the same."""
    kind = kind.removesuffix("[]")
    if kind == "uuid":
        return {world: [str(uuid.UUID(int=rng.getrandbits(128), version=4))] for world in WORLDS}
    if kind in _WHOLE:
        first = rng.randint(201, 299) if kind == "smallint" else rng.randint(20_000_000, 20_999_999)
        return {"A": [first], "B": [first * 10 + rng.randint(1, 9)]}
    if kind.endswith("ltree"):  # B's stands above A's
        return {"A": [f"{found.tags['B'][:4]}.{found.tags['A']}"], "B": [found.tags["B"][:4]]}
    if kind.startswith(("text", "character varying", "citext", "name")) or kind.endswith("citext"):
        return {"A": [found.tags["A"][:4]], "B": [found.tags["A"][:4] + found.tags["B"][:2]]}
    return None
