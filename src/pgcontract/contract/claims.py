"""What expectations claim of one thing each, so that two which cannot both hold are found without a server.

A claim says of a slot (the type of a column, whether a table exists) one value. Two claims on one slot with different
values contradict each other: surely, where no server is needed to tell the values apart; perhaps, where the values are
SQL, which Postgres may put into one form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from pgcontract.contract.builtin_types import builtin
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pgcontract.contract.expectation import Expectation

Slot: TypeAlias = tuple[Any, ...]

_COLUMN = ("table", "column")
_OBJECT = ("noun", "name", "of")


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of one slot.

    Attributes:
        slot: What is spoken of.
        value: What it is said to be.
        sure: Whether another value on the same slot is surely another thing.
    """

    slot: Slot
    value: Any
    sure: bool = True


# A slot, the fields that say which, and the field that says what.
_ONE: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "ColumnCollation": ("collation", _COLUMN, "collation"),
    "ColumnIdentity": ("identity", _COLUMN, "generated"),
    "CommentIs": ("comment", _OBJECT, "comment"),
    "EnumLabels": ("labels", ("type",), "labels"),
    "OwnerIs": ("owner", _OBJECT, "owner"),
    "PrimaryKey": ("primary key", ("table",), "columns"),
    "ReplicaIdentity": ("replica identity", ("table",), "identity"),
}

# Likewise, where what is said is SQL.
_SQL: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "ColumnDefault": ("default", _COLUMN, "default"),
    "ColumnGenerated": ("expression", _COLUMN, "expression"),
}

# Likewise, where it is a type.
_TYPES: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "ColumnType": ("type", _COLUMN, "type"),
    "DomainIs": ("type of a domain", ("domain",), "type"),
    "RangeIs": ("type of a range", ("type",), "subtype"),
}

# A slot, the fields that say which, and whether it is so.
_WHETHER: Mapping[str, tuple[str, tuple[str, ...], bool]] = {
    "CastAbsent": ("cast", ("source", "target"), False),
    "CastPresent": ("cast", ("source", "target"), True),
    "ColumnNotNull": ("null", _COLUMN, False),
    "ColumnNullable": ("null", _COLUMN, True),
    "InheritsFrom": ("inherits", ("child", "parent"), True),
    "MemberOf": ("member", ("role", "group"), True),
    "NotInheritsFrom": ("inherits", ("child", "parent"), False),
    "NotMemberOf": ("member", ("role", "group"), False),
    "OperatorAbsent": ("operator", ("operator", "left", "right"), False),
    "OperatorPresent": ("operator", ("operator", "left", "right"), True),
    "RlsDisabled": ("rls", ("table",), False),
    "RlsEnabled": ("rls", ("table",), True),
    "RlsForced": ("force", ("table",), True),
    "RlsNotForced": ("force", ("table",), False),
}

# What there is exactly: a slot, whose members they are, and the members.
_CLOSED: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "ColumnsAre": ("column", ("table",), "columns"),
    "PoliciesAre": ("policy", ("table",), "policies"),
    "RulesAre": ("rule", ("relation",), "rules"),
    "TriggersAre": ("trigger", ("table",), "triggers"),
}

# What is a member: of which slot, whose, and its name.
_MEMBER: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    **dict.fromkeys(
        ("ColumnExists", "ColumnType", "ColumnNotNull", "ColumnNullable", "ColumnDefault"),
        ("column", ("table",), "column"),
    ),
    "PolicyPresent": ("policy", ("table",), "name"),
    "RulePresent": ("rule", ("relation",), "name"),
    "TriggerPresent": ("trigger", ("table",), "name"),
}

# What only a table has; it cannot hold of one that is not there.
_OF_TABLES = frozenset({"ColumnIdentity", "PolicyPresent", "PrimaryKey", "RlsEnabled", "RlsForced"})

_OF_ONE_SIDE = frozenset({"privileges", "grant_option", "except_columns"})
_RELATIONS = frozenset({"table", "view", "foreign table"})


def claims(expectation: Expectation) -> Iterator[Claim]:
    """What an expectation claims; nothing where it cannot be told without a server. Packages' own claim nothing."""
    kind = expectation.kind
    for table, made in _TABLES:
        if kind in table:
            slot, key, value = table[kind]
            yield from made(expectation, (slot, *_values(expectation, key)), value)
    if expectation.states:
        yield Claim(("exists", expectation.states, expectation.subject), value=True)
    if kind in _OF_TABLES:
        yield Claim(("exists", "table", getattr(expectation, "table", None)), value=True)
    if expectation.states in _RELATIONS:
        yield Claim(("kind of relation", expectation.subject), expectation.states)
    yield from _OWN.get(kind, _nothing)(expectation)


def type_of(expectation: Expectation) -> str | None:
    """The type that an expectation says something has, as its author wrote it."""
    _, _, name = _TYPES.get(expectation.kind, ("", (), None))
    return None if name is None else getattr(expectation, name)


def _values(expectation: Expectation, names: tuple[str, ...]) -> Iterator[Any]:
    return (getattr(expectation, name, None) for name in names)


def _one(expectation: Expectation, slot: Slot, name: str) -> Iterator[Claim]:
    yield Claim(slot, getattr(expectation, name))


def _sql(expectation: Expectation, slot: Slot, name: str) -> Iterator[Claim]:
    value = getattr(expectation, name)
    yield Claim(slot, value, sure=value is None)


def _type(expectation: Expectation, slot: Slot, name: str) -> Iterator[Claim]:
    written = getattr(expectation, name)
    known = builtin(written)
    yield Claim(slot, known or " ".join(written.lower().split()), sure=known is not None)


def _whether(_: Expectation, slot: Slot, value: bool) -> Iterator[Claim]:  # noqa: FBT001 - of a table
    yield Claim(slot, value)


def _closed(expectation: Expectation, slot: Slot, name: str) -> Iterator[Claim]:
    yield Claim(("all", *slot), frozenset(getattr(expectation, name)))


def _member(expectation: Expectation, slot: Slot, name: str) -> Iterator[Claim]:
    member = getattr(expectation, name)
    if member is not None:
        yield Claim(("one", *slot), member)


def _key_columns(expectation: Expectation) -> Iterator[Claim]:
    """A primary key's columns are there, and refuse NULL."""
    table = getattr(expectation, "table", None)
    for column in getattr(expectation, "columns", ()):
        yield Claim(("null", table, column), value=False)
        yield Claim(("one", "column", table), column)


def _absent(expectation: Expectation) -> Iterator[Claim]:
    if getattr(expectation, "name", None) is not None:
        yield Claim(("exists", getattr(expectation, "noun", ""), expectation.subject), value=False)


def _granted(expectation: Expectation) -> Iterator[Claim]:
    """Each privilege by itself, on what all other fields say."""
    if getattr(expectation, "except_columns", ()):
        return  # it is granted on some columns only
    on = tuple((name, getattr(expectation, name)) for name in expectation.own() if name not in _OF_ONE_SIDE)
    for privilege in getattr(expectation, "privileges", ()):
        yield Claim(("privilege", privilege, *on), value=expectation.kind == "PrivilegeGranted")


def _nothing(_: Expectation) -> Iterator[Claim]:
    return iter(())


_TABLES: tuple[tuple[Mapping[str, tuple[str, tuple[str, ...], Any]], Callable[..., Iterator[Claim]]], ...] = (
    (_ONE, _one),
    (_SQL, _sql),
    (_TYPES, _type),
    (_WHETHER, _whether),
    (_CLOSED, _closed),
    (_MEMBER, _member),
)
_OWN: Mapping[str, Callable[[Expectation], Iterator[Claim]]] = {
    "ObjectAbsent": _absent,
    "PrimaryKey": _key_columns,
    "PrivilegeGranted": _granted,
    "PrivilegeNotGranted": _granted,
}

KINDS = frozenset({kind for table, _ in _TABLES for kind in table} | _OWN.keys())
"""Those of whose fields something is known here."""
