"""Models that use what SQLAlchemy has for Postgres, one thing each at least."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Enum,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    func,
    quoted_name,
    text,
)
from sqlalchemy.dialects import postgresql as pg

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Status(enum.Enum):
    OPEN = "open"
    PAID = "paid"


class Money(TypeDecorator[int]):
    """Cents, kept as a number with two digits in Postgres."""

    impl = Integer
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        there: TypeEngine[Any] = Numeric(12, 2) if dialect.name == "postgresql" else Integer()
        return dialect.type_descriptor(there)


def shop() -> MetaData:
    """With a naming convention, in three schemas."""
    metadata = MetaData(naming_convention=NAMES)
    numbers = Sequence("invoice_numbers", start=1000, increment=5, cache=3, data_type=Integer, metadata=metadata)
    email = pg.DOMAIN("email", Text(), check="value ~ '@'", not_null=True)
    Table(
        "customers",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("email", email, unique=True, comment="where bills go: 100 % of them"),
        Column("Name", String(80), nullable=False, server_default="nobody's"),
        Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
        Column("profile", pg.JSONB, server_default=text("'{\"a\": 1}'::jsonb")),
        Column("code", String(10, collation="C")),
        Column("vip", Boolean, nullable=False, server_default=text("false")),
        Column("kind", Enum("a", "b", name="kind", native_enum=False, create_constraint=True)),
        Column("parent", ForeignKey("customers.id", ondelete="SET NULL", deferrable=True, initially="DEFERRED")),
        Column("seen", DateTime(timezone=True), server_default=FetchedValue()),
        CheckConstraint("length(code) % 2 = 0", name="even"),
        Index("ix_customers_lower", text("lower(email::text) text_pattern_ops"), unique=True),
        comment="who buys",
    )
    Table(
        "invoices",
        metadata,
        Column("org", Uuid, server_default=func.gen_random_uuid()),
        Column("number", BigInteger, numbers, server_default=numbers.next_value()),
        Column("status", Enum(Status, name="status"), nullable=False, server_default="OPEN"),
        Column("history", ARRAY(Enum(Status, name="status"))),
        Column("customer", ForeignKey("customers.id", ondelete="cascade", onupdate="RESTRICT"), index=True),
        Column("amount", Money, nullable=False),
        Column("tax", Numeric(12, 2), nullable=False, server_default=text("0")),
        Column("total", Numeric, Computed("amount + tax", persisted=True)),
        Column("during", pg.TSTZRANGE),
        Column("day", Date, server_default=func.current_date()),
        Column("at", Time(timezone=True)),
        Column("took", Interval),
        Column("scan", LargeBinary),
        Column("terms", pg.INTERVAL(fields="DAY TO SECOND")),
        Column("bits", pg.BIT(3)),
        Column("address", pg.INET),
        PrimaryKeyConstraint("org", "number"),
        UniqueConstraint("customer", "day", postgresql_nulls_not_distinct=True),
        CheckConstraint("amount >= 0", name="positive", postgresql_not_valid=True),
        Index(None, "status", "day", postgresql_where=text("status <> 'PAID'"), postgresql_include=["amount"]),
        Index("ix_during", "during", postgresql_using="gist"),
        Index("ix_day", text("day desc nulls last"), postgresql_with={"fillfactor": 70}),
        pg.ExcludeConstraint(("during", "&&"), name="no_overlap", where=text("status = 'PAID'")),
        schema="billing",
        postgresql_with={"autovacuum_enabled": False},
    )
    Table(
        "lines",
        metadata,
        Column("id", SmallInteger, Identity(always=True, start=10, increment=2), primary_key=True),
        Column("org", Uuid),
        Column("number", BigInteger),
        Column("kind", Enum("a", "b", name="line_kind", schema="billing")),
        ForeignKeyConstraint(
            ["org", "number"], ["billing.invoices.org", "billing.invoices.number"], match="FULL", use_alter=True
        ),
        schema="billing",
        prefixes=["UNLOGGED"],
    )
    Table(
        "Events",
        metadata,
        Column("id", BigInteger, autoincrement=True),
        Column("at", DateTime, nullable=False),
        PrimaryKeyConstraint("id", "at"),
        postgresql_partition_by='RANGE ("at")',
        schema="Log",
    )
    return metadata


def plain() -> MetaData:
    """Without a naming convention: Postgres names what nobody named."""
    metadata = MetaData()
    Table(
        "a" * 40,
        metadata,
        Column("b" * 40, Integer, primary_key=True),
        Column("amount", Integer, unique=True, index=True),
        Column("other", Integer),
        Column(
            "word", Text, CheckConstraint("word <> ''"), CheckConstraint("word <> '-'", name="no_dash", comment="x")
        ),
        CheckConstraint("amount > 0"),
        CheckConstraint("amount < other"),
        CheckConstraint("other < 9"),
        CheckConstraint("amount > 1"),
        UniqueConstraint("amount", "other"),
    )
    Table(
        "small",
        metadata,
        Column("id", Uuid(native_uuid=False), primary_key=True),
        Column("to", ForeignKey(f"{'a' * 40}.{'b' * 40}"), nullable=False),
        Column("again", ForeignKey(f"{'a' * 40}.amount", match="SIMPLE")),
    )
    Table(quoted_name("Loud", quote=False), metadata, Column(quoted_name("Id", quote=False), Integer, index=True))
    above = Table("above", metadata, Column("a", Integer, CheckConstraint("a > 0")), Column("b", Text))
    heir = Table("heir", metadata, Column("c", Integer), Column("b", Text), postgresql_inherits="above")
    heir.add_is_dependent_on(above)
    return metadata
