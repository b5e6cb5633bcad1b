"""What a repair changes in the world, where later checks depend on it: owners, privileges and inheritance.

A privilege that is revoked from PUBLIC is one that others lose too, and so need a grant of their own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.inheritance import Inheritance
from pgcontract.catalog.privileges import PUBLIC, Grant
from pgcontract.catalog.uses import words
from pgcontract.names import literal, split
from pgcontract.repair.draft import inner

if TYPE_CHECKING:
    from pgcontract.repair.world import World

_CHANGE = re.compile(
    r"(?P<verb>grant|revoke) (?P<option>grant option for )?(?P<privilege>[a-z]+)(?: \((?P<column>.+)\))? on "
    r"(?P<words>.+?) (?:to|from) (?P<role>\"(?:[^\"]|\"\")+\"|\w+)(?P<with> with grant option)?;"
)
_OWNER = re.compile(r"alter (?P<words>.+) owner to (?P<role>\"(?:[^\"]|\"\")+\"|\w+);")
_INHERITS = re.compile(r"alter table (?P<child>.+?) (?P<no>no )?inherit (?P<parent>.+);")
_LABEL = re.compile(
    r"alter type (?P<type>.+) add value if not exists '(?P<label>(?:[^']|'')*)'(?: (?:before|after) .*)?;"
)
_PLACES = {
    "routine": "functions",
    "sequence": "sequences",
    "schema": "schemas",
    "type": "types",
    "domain": "types",
    "language": "languages",
    "foreign data wrapper": "foreign_data_wrappers",
    "foreign server": "foreign_servers",
    "server": "foreign_servers",
    "tablespace": "tablespaces",
    **dict.fromkeys(["materialized view", "foreign table", "table", "view"], "relations"),
    "publication": "publications",
    "event trigger": "event_triggers",
    "collation": "collations",
}
_PLAIN = frozenset({"schemas", "languages", "foreign_data_wrappers", "foreign_servers", "tablespaces"})


def apply(world: World, sql: str) -> None:
    """Let the world be as it is after a statement that changes an owner, a privilege or a parent, or adds a label."""
    label = _LABEL.fullmatch(sql)
    if label is not None:
        _add_label(world, label["type"], label["label"].replace("''", "'"))
        return
    inherits = _INHERITS.fullmatch(inner(sql))
    if inherits is not None:
        _inherit(world, inherits["child"], inherits["parent"], wanted=inherits["no"] is None)
        return
    changed = _CHANGE.fullmatch(sql)
    if changed is not None:
        found = _located(world, changed["words"])
        if found is not None:
            _privilege(world, changed, *found)
        return
    owned = _OWNER.fullmatch(sql)
    found = None if owned is None else _located(world, owned["words"])
    if owned is not None and found is not None:
        nouns, name, record = found
        world.put(nouns, name, _owned_by(record, _role(owned["role"])))
        for sequence in world.catalog.sequences.values() if nouns == "relations" else ():
            if sequence.owned_by is not None and sequence.owned_by.startswith(f"{name}."):
                world.put("sequences", sequence.name, _owned_by(sequence, _role(owned["role"])))


def _add_label(world: World, name: str, label: str) -> None:
    """The label at the end, wherever it will stand; texts that speak of it are not understood until it is there."""
    there = world.get("types", name)
    if there is not None and label not in there.labels:
        world.put("types", name, replace(there, labels=(*there.labels, label)))
        world.bare.update(words(literal(label)))


def _inherit(world: World, child: str, parent: str, *, wanted: bool) -> None:
    there = world.get("inheritance", child) or Inheritance(child, ())
    others = tuple(each for each in there.parents if each != parent)
    if others or wanted:
        world.put("inheritance", child, replace(there, parents=(*others, parent) if wanted else others))
    else:
        world.drop("inheritance", child)


def _role(text: str) -> str:
    return PUBLIC if text == "public" else split(text)[0]


def _located(world: World, words: str) -> tuple[str, str, Any] | None:
    """Where the object stands that SQL calls so, and its record."""
    for noun in sorted(_PLACES, key=len, reverse=True):
        if words.startswith(f"{noun} "):
            nouns, name = _PLACES[noun], words.removeprefix(f"{noun} ")
            name = split(name)[0] if nouns in _PLAIN or nouns in {"publications", "event_triggers"} else name
            break
    else:
        nouns, name = "relations", words
    record = world.get(nouns, name)
    return None if record is None else (nouns, name, record)


def _privilege(world: World, changed: re.Match[str], nouns: str, name: str, record: Any) -> None:
    if changed["column"] is not None:
        column = split(changed["column"])[0]
        old = record.columns[column]
        new = replace(old, grants=_changed(changed, old.grants, record.owner))
        world.put(nouns, name, replace(record, columns={**record.columns, column: new}))
        return
    record = replace(record, grants=_changed(changed, record.grants, record.owner))
    if changed["verb"] == "revoke" and nouns == "relations":  # from the columns too, says the documentation of REVOKE
        columns = {
            key: replace(each, grants=_changed(changed, each.grants, record.owner)) if each.grants else each
            for key, each in record.columns.items()
        }
        record = replace(record, columns=columns)
    world.put(nouns, name, record)


def _changed(changed: re.Match[str], grants: tuple[Grant, ...], owner: str) -> tuple[Grant, ...]:
    role, privilege = _role(changed["role"]), changed["privilege"].upper()
    mine = [each for each in grants if (each.grantee, each.privilege) == (role, privilege)]
    others = [each for each in grants if each not in mine]
    if changed["verb"] == "revoke":
        kept = [replace(each, grantable=False) for each in mine] if changed["option"] else []
        return tuple(sorted([*others, *kept]))
    grantable = changed["with"] is not None or any(each.grantable for each in mine)
    grantor = mine[0].grantor if mine else owner
    return tuple(sorted([*others, Grant(role, privilege, grantable, grantor)]))


def _owned_by(record: Any, owner: str) -> Any:
    """The record in other hands: the old owner's privileges are the new one's."""
    if not hasattr(record, "grants"):
        return replace(record, owner=owner)
    old = record.owner

    def moved(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
        passed = {
            replace(
                grant,
                grantee=owner if grant.grantee == old else grant.grantee,
                grantor=owner if grant.grantor == old else grant.grantor,
            )
            for grant in grants
        }
        return tuple(sorted(passed))

    record = replace(record, owner=owner, grants=moved(record.grants))
    if hasattr(record, "columns"):
        columns = {name: replace(column, grants=moved(column.grants)) for name, column in record.columns.items()}
        record = replace(record, columns=columns)
    return record
