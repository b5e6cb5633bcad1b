"""Whatever metadata is drawn: what `create_all` makes of it is what the suite says, be it a closed world."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from pgcontract import Suite, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

EXAMPLES = int(os.environ.get("PGCONTRACT_EXAMPLES", "4"))
NAMES = ["id", "amount", "Order", "select", "two words", 'a "quoted" one', "100%", ":bound", "ümlaut", "x.y", "it's"]
CONVENTIONS: list[dict[str, str]] = [
    {},
    {"ix": "i_%(column_0_N_label)s", "uq": "u_%(table_name)s_%(column_0_name)s", "pk": "p_%(table_name)s"},
    {"ix": "x_%(column_0_label)s", "fk": "f_%(table_name)s_%(column_0_name)s"},
]
# Types, each with defaults that it can have.
TYPES: list[tuple[Any, list[Any]]] = [
    (Integer, ["7", text("1 + 1"), func.length("abc")]),
    (Numeric(9, 3), [text("0.5")]),
    (String(20), ["it's 100 %", text("'a:b'"), func.now()]),
    (Text, ["", text("current_user")]),
    (Boolean, [text("true"), func.now() > func.now()]),
    (DateTime(timezone=True), [func.now(), text("now() + interval '1 day'")]),
    (Date, [func.current_date()]),
    (Uuid, [func.gen_random_uuid()]),
    (JSONB, [text("'{\"a\": [1]}'")]),
    (ARRAY(Numeric(4, 1)), [text("'{1,2}'"), text("array[]::numeric[]")]),
    (Enum("a", "B c", "it's", name="Kind"), ["a"]),
    (Enum("x", "y%", native_enum=False, create_constraint=True), ["x"]),
]


@st.composite
def columns(draw: st.DrawFn, name: str) -> Column[Any]:
    type_, defaults = draw(st.sampled_from(TYPES))
    default = draw(st.none() | st.sampled_from(defaults))
    index, unique = (draw(st.booleans()) and type_ is not JSONB for _ in range(2))
    comment = draw(st.none() | st.just("it's 100 % :so"))
    type_ = type_.copy() if isinstance(type_, Enum) else type_  # type: ignore[no-untyped-call]
    return Column(
        name, type_, nullable=draw(st.booleans()), server_default=default, index=index, unique=unique, comment=comment
    )


@st.composite
def keys(draw: st.DrawFn) -> Column[Any]:
    kind = draw(st.sampled_from([Integer, SmallInteger, Uuid]))
    identities: list[list[Any]] = [[], [Identity(always=True)], [Identity(start=3, cycle=True)]]
    identity = [] if kind is Uuid else draw(st.sampled_from(identities))
    return Column(draw(st.sampled_from(NAMES)), kind, *identity, primary_key=True)


@st.composite
def tables(draw: st.DrawFn, metadata: MetaData, name: str, others: list[Any]) -> Table:
    key = draw(keys())
    names = [one for one in draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True)) if one != key.name]
    own: list[Any] = [key, *(draw(columns(name)) for name in names)]
    refers = draw(st.booleans())
    if others and refers:
        (target,) = draw(st.sampled_from(others)).primary_key.columns
        actions = st.none() | st.sampled_from(["CASCADE", "set null", "RESTRICT"])
        own.append(Column("refers", ForeignKey(target, ondelete=draw(actions), onupdate=draw(actions))))
    if draw(st.booleans()):
        own.append(Column("n", Integer))
        own.append(CheckConstraint(column("n") % 2 == 1, name="odd%"))
        own.append(Column("computed", Integer, Computed(column("n") + 1, persisted=True)))
    if draw(st.booleans()):
        own.append(UniqueConstraint(key, *names[:1]))
    schema, comment = draw(st.sampled_from([None, "Other one"])), draw(st.none() | st.just("c"))
    made = Table(name, metadata, *own, schema=schema, comment=comment)
    if draw(st.booleans()):
        Index(f"by {name}"[:30], made.c[key.name].desc(), postgresql_where=made.c[key.name].is_not(None))
    return made


@st.composite
def metadatas(draw: st.DrawFn) -> MetaData:
    metadata = MetaData(naming_convention=draw(st.sampled_from(CONVENTIONS)) or None)
    made: list[Table] = []
    for name in draw(st.lists(st.sampled_from(["t", "Weird % name", "user", "x" * 63]), min_size=1, unique=True)):
        made.append(draw(tables(metadata, name, made)))
    return metadata


@given(metadata=metadatas())
@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_created_is_what_is_said(
    metadata: MetaData, created: Callable[[MetaData], AbstractContextManager[Connection]]
) -> None:
    with created(metadata) as connection:
        for closed in (False, True):
            report = verify(Suite.from_metadata(metadata, closed=closed), connection)
            report.raise_for_failures()
            assert report.summary["passed"] == len(report.outcomes)
