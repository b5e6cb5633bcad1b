"""Rows as they are stored, how many a table can have in a world, and the order in which tables are filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.identities import anchor
from pgcontract.isolation.rows import Row, key_of
from pgcontract.names import escaped, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.model import Place

OURS = "xmin::text::bigint >= (pg_catalog.pg_current_xact_id()::text::bigint & 4294967295)"
"""Rows that this transaction has written, its savepoints too."""


def stored(
    session: Session, relation: Relation, condition: str, parameters: Iterable[Any] = (), *, world: str, start: int
) -> list[Row]:
    """The rows that satisfy a condition, every value as text, numbered from `start`.

    Where there are parameters, the names in the condition are `escaped`.
    """
    columns = list(relation.columns)
    shown = ", ".join(f"{quote(column)}::text" for column in columns)
    only = "only " if relation.kind == "table" else ""  # children have tables of their own
    values = list(parameters)
    asked = f"select {shown} from {only}{relation.name} where "
    try:
        found = session.rows((escaped(asked) if values else asked) + condition, values)
    except Refused:
        return []
    return [
        Row(relation.name, world, start + number, key_of(relation), dict(zip(columns, values, strict=True)))
        for number, values in enumerate(found)
    ]


def row_limit(
    catalog: Catalog, ownership: Ownership, values: Mapping[Place, list[Any]], relation: Relation
) -> int | None:
    """How many rows a table can have in a world: one a user where a unique key is made of nothing else."""
    for key in (*relation.having("PRIMARY KEY"), *relation.having("UNIQUE")):
        if not key.columns:
            continue
        groups = [ownership.groups.of((relation.name, column)) for column in key.columns]
        members = ownership.groups.members().get(groups[0], set())
        if anchor(catalog, members) == (relation.name, key.columns[0]):
            if len(key.columns) == 1 and _is_organisation(ownership, groups[0]):
                return 1
            continue
        direct = ownership.direct.get(relation.name, {})
        if all(group in values for group in groups) and all(column in direct for column in key.columns):
            return max(len(values[group]) for group in groups)
    return None


def _is_organisation(ownership: Ownership, group: Place) -> bool:
    """Whether a group holds organisations, of which a world has one."""
    if any(token.startswith(("«setting:", "«claim:", "«header:")) for token in ownership.tokens_of(group)):
        return not any("user" in token for token in ownership.tokens_of(group))
    return any(ownership.groups.of((table, column)) == group for table, (_, column) in ownership.memberships.items())


def refers_by(relation: Relation, column: str) -> bool:
    """Whether a column is part of a foreign key."""
    return any(column in key.columns for key in relation.having("FOREIGN KEY"))


def is_alone(relation: Relation, column: str) -> bool:
    """Whether a column tells its row from all others by itself."""
    keys = [*relation.having("PRIMARY KEY"), *relation.having("UNIQUE")]
    return any(key.columns == (column,) for key in keys)


def comparison(value: Any) -> str:
    """The comparison with a parameter, or with NULL, for which there is none."""
    return "is null" if value is None else "= %s"


def parents_first(
    tables: Mapping[str, Relation], wanted: list[str], also: Mapping[str, set[str]] | None = None
) -> list[str]:
    """The tables, each after those that it refers to, as far as there is no cycle.

    Args:
        tables: What they are.
        wanted: Which.
        also: Tables that come before a table though no foreign key says so.
    """
    before = {
        table: {key.references for key in tables[table].having("FOREIGN KEY")} | (also or {}).get(table, set())
        for table in wanted
    }
    done: list[str] = []
    left = sorted(wanted)
    while left:
        free = [table for table in left if not before[table] & set(left) - {table}]
        chosen = free or [min(left, key=lambda table: len(before[table] & set(left)))]
        done += chosen
        left = [table for table in left if table not in chosen]
    return done


def settlers(catalog: Catalog, ownership: Ownership) -> dict[str, set[str]]:
    """For each table, those whose keys its columns hold that say whose a row is, foreign key or not."""
    members = ownership.groups.members()
    found: dict[str, set[str]] = {}
    for table, columns in ownership.direct.items():
        groups = [ownership.groups.of((table, column)) for column in columns]
        anchors = [anchor(catalog, members.get(group, set())) for group in groups]
        found[table] = {place[0] for place in anchors if place is not None}
    return found
