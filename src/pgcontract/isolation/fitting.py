"""Identities that go into their columns: what a CHECK, a domain or a length refuses is drawn anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.expressions import masked
from pgcontract.isolation.identities import USERS_A_WORLD, WORLDS, anchor, base_type
from pgcontract.names import escaped, quote
from pgcontract.synth import values_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.identities import Identities
    from pgcontract.isolation.model import Place

_LISTS = ("json", "jsonb")
_STRING = re.compile("⟦[^⟧]*⟧")
_WORD = re.compile(r"[^\W\d]\w*")


def fit(session: Session, ownership: Ownership, identities: Identities, seed: int) -> None:
    """Give the worlds other values wherever a column cannot hold those that they have, or has none yet.

    Args:
        session: Where types and checks are asked; nothing is written.
        ownership: Which columns hold the same thing.
        identities: Changed in place.
        seed: What values are drawn from.
    """
    catalog = session.catalog
    for group, members in _groups(ownership).items():
        places = sorted(place for place in members if place[0] in catalog.tables and not _is_list(catalog, place))
        constrained = [place for place in places if _is_constrained(catalog, place)]
        held = identities.values["A"].get(group)
        if held is None and (anchor(catalog, members) is not None or not _is_asked(ownership, members)):
            continue
        if not constrained or (held is not None and ownership.tokens_of(group) & {"«email»", "«dbrole»"}):
            continue
        _Fitting(session, constrained, seed).group(identities, group, is_user=ownership.is_user(group))


def _groups(ownership: Ownership) -> dict[Place, set[Place]]:
    found = dict(ownership.groups.members())
    for table, columns in ownership.direct.items():
        for column in columns:
            found.setdefault(ownership.groups.of((table, column)), {(table, column)})
    return found


def _is_asked(ownership: Ownership, members: set[Place]) -> bool:
    """Whether a column of a group says whose a row is, on better evidence than its name."""
    known = (ownership.direct.get(table, {}).get(column) for table, column in members)
    return any(owned is not None and owned.strength in {"told", "used"} for owned in known)


def _is_list(catalog: Catalog, place: Place) -> bool:
    kind = catalog.tables[place[0]].columns[place[1]].type
    return kind in _LISTS or kind.endswith("[]")


def _is_constrained(catalog: Catalog, place: Place) -> bool:
    """Whether not every value of an identity's usual kind goes into a column."""
    relation = catalog.tables[place[0]]
    kind = relation.columns[place[1]].type
    free = kind in {"uuid", "text", "integer", "bigint", "citext"} and base_type(catalog, kind) == kind
    return not free or bool(_checks(relation, place[1]))


def _checks(relation: Relation, column: str) -> list[str]:
    """The conditions that speak of that column alone."""
    found = []
    for check in relation.having("CHECK"):
        words = set(_WORD.findall(_STRING.sub("", masked(check.expression or ""))))
        if words & set(relation.columns) == {column}:
            found.append(f"({check.expression})")
    return found


class _Fitting:
    """One group's values."""

    def __init__(self, session: Session, places: list[Place], seed: int) -> None:
        self._session = session
        self._places = places
        self._seed = seed
        self._taken: set[str] = set()
        self._drawn = self._draw()

    def group(self, identities: Identities, group: Place, *, is_user: bool) -> None:
        """See to it that each world's values fit; users are known to the claims as well."""
        if is_user:
            for world in (*WORLDS, ""):
                identities.uids[world] = [str(self._fitted(value)) for value in identities.uids[world]]
            for world in WORLDS:
                identities.values[world][group] = list(identities.uids[world][:USERS_A_WORLD])
            return
        for world in WORLDS:
            had = identities.values[world].get(group) or [None]
            fitted = [self._fitted(value, self._alike(identities, group)) for value in had]
            if None not in fitted:
                identities.values[world][group] = fitted

    def _alike(self, identities: Identities, group: Place) -> list[str]:
        """For B: what a careless comparison takes for A's."""
        known = [str(value) for value in identities.values["A"].get(group, ()) if str(value) in self._taken]
        return [text for value in known for text in (value + value[-1:], value + "1", value.swapcase())]

    def _fitted(self, value: Any, alike: list[str] | None = None) -> Any:
        """The value itself where it fits, else another one; as it was where none was found."""
        offered = [value] if value is not None else []
        for one in (*offered, *(alike or [])):
            if str(one) not in self._taken and self._fits(one):
                self._taken.add(str(one))
                return one
        for one in self._drawn:
            if str(one) not in self._taken and self._fits(one):
                self._taken.add(str(one))
                return one if isinstance(one, int) and not isinstance(one, bool) else str(one)
        return value

    def _draw(self) -> Iterator[Any]:
        for table, column in self._places:
            yield from values_of(self._session, self._session.catalog, table, column, self._seed)

    def _fits(self, value: Any) -> bool:
        """Whether every column of the group can hold the value, by itself."""
        return all(self._fits_in(place, str(value)) for place in self._places)

    def _fits_in(self, place: Place, text: str) -> bool:
        relation = self._session.catalog.tables[place[0]]
        column = relation.columns[place[1]]
        asked = " and ".join(f"coalesce({check}, true)" for check in _checks(relation, place[1])) or "true"
        name = quote(column.name)
        try:
            given = f"select %s::{escaped(column.type)} as {escaped(name)}"
            held = f"select {escaped(name)}::text = %s and {escaped(asked)} from ({given}) as one"
            found = self._session.rows(held, [text, text])
        except Refused:
            return False
        return bool(found[0][0])
