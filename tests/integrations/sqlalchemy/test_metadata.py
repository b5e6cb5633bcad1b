"""A suite from metadata holds on what `create_all` makes of it, and on nothing that differs in what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    Text,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.schema import AddConstraint
from sqlalchemy.types import NullType, UserDefinedType

from pgcontract import CheckConstraint as Check
from pgcontract import (
    ColumnCollation,
    ColumnDefault,
    ColumnNotNull,
    ColumnNullable,
    ColumnType,
    EnumLabels,
    SequencePresent,
    Suite,
    TableExists,
    TypeExists,
    UniqueConstraint,
    verify,
)
from pgcontract import ForeignKey as Refers
from pgcontract.contract.load import loads
from pgcontract.errors import ContractError
from pgcontract.integrations.sqlalchemy import NotStatedWarning
from pgcontract.lifecycle.mutation import mutants
from pgcontract.lifecycle.mutation.watch import Watch
from pgcontract.run.runner import look

if TYPE_CHECKING:
    from types import ModuleType

    from pgcontract.contract.expectation import Expectation

    from .conftest import Created

# What metadata speaks of. Privileges, roles and the like it does not, and those of a server may be other tests'.
NOUNS = {
    *("table", "column", "default", "identity", "generated column", "sequence", "enum", "domain", "type", "comment"),
    *("primary key", "unique constraint", "foreign key", "check constraint", "exclusion constraint", "constraint"),
    "index",
}
# Of these, what it does not state: storage, whole objects beside it, and of a `serial` all but that it is one.
UNSTATED = {
    *("TableOptionSet", "IndexOptionSet", "ReplicaIdentityChanged", "CheckNotInherited", "TypeAdded"),
    *("SequenceAdded", "SequenceDisowned", "SequenceRenamed", "SequenceIncrementChanged", "SequenceStartChanged"),
    *("SequenceMaximumLowered", "SequenceMinimumLowered", "SequenceCacheChanged", "SequenceCycleChanged"),
}
# What only a closed world notices: what is there beside, a collation, and the names that Postgres chose itself.
CLOSED = {
    "shop": {"TableAdded", "ColumnAdded", "IndexAdded", "DefaultAdded"},
    "plain": {
        "TableAdded",
        "ColumnAdded",
        "IndexAdded",
        "DefaultAdded",
        "ColumnCollationChanged",
        "ConstraintRenamed",
        "TableUnlogged",
    },
}
# A default of the server's own (FetchedValue), and a check that may be NOT VALID.
ODD = {"column public.customers.seen gets the default", "CHECK ck_invoices_positive of billing.invoices is NOT VALID"}


def wrong(suite: Suite, connection: Any) -> list[str]:
    report = verify(suite, connection)
    return [
        f"{one.kind} {one.subject}: {one.reason or one.findings}" for one in report.outcomes if one.status != "passed"
    ]


@pytest.mark.pg(">= 15")
@pytest.mark.parametrize("which", ["shop", "plain"])
def test_it_holds_on_what_the_metadata_creates_and_breaks_with_each_change(
    models: ModuleType, created: Created, which: str
) -> None:
    metadata = getattr(models, which)()
    before = Suite.from_metadata(metadata, closed=True)
    with created(metadata) as connection:
        suite, opened = Suite.from_metadata(metadata, closed=True), Suite.from_metadata(metadata)
        assert suite == before, "create_all changes metadata, and that is not to be seen"
        assert wrong(suite, connection) == []
        assert wrong(opened, connection) == []
        raw = connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        catalog = look(raw, suite)
    watches = Watch(suite, catalog), Watch(opened, catalog)
    survivors: set[str] = set()
    tried = 0
    for mutant in mutants(catalog):
        beside = mutant.noun == "comment" and mutant.relation is None  # those of schemas and extensions
        if mutant.noun not in NOUNS or mutant.kind in UNSTATED or beside:
            continue
        if any(str(mutant.change).startswith(odd) for odd in ODD):
            continue
        tried += 1
        seen = [watch.notices(mutant) for watch in watches]
        if seen not in ([True, True], [True, mutant.kind not in CLOSED[which]]):
            survivors.add(f"{mutant.kind}: {mutant.change} {seen}")
    assert not survivors
    assert tried > 50


class Vector(UserDefinedType[list[float]]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "VECTOR(3)"


def stated(*columns: Any, **options: Any) -> Suite:
    metadata = MetaData()
    Table("t", metadata, *columns, **options.pop("table", {}))
    return Suite.from_metadata(metadata, **options)


SAID: dict[str, tuple[Suite, list[Expectation], list[str]]] = {
    "what the metadata does not say is not claimed": (
        stated(Column("a", Text)),
        [TableExists("t"), ColumnType("t", "a", "text"), ColumnNullable("t", "a")],
        ["ColumnExists", "ColumnNullable", "ColumnType", "TableExists"],
    ),
    "what only SQLAlchemy fills in is not claimed": (stated(Column("a", Text, default="x", onupdate="y")), [], []),
    "a system column is every table's": (stated(Column("xmin", Integer, system=True)), [], ["TableExists"]),
    "a key's column refuses NULL": (stated(Column("a", Text, primary_key=True)), [ColumnNotNull("t", "a")], []),
    "of two keys that say the same Postgres makes one": (
        stated(Column("a", Text, primary_key=True, unique=True)),
        [],
        ["ColumnExists", "ColumnNotNull", "ColumnType", "PrimaryKey", "TableExists"],
    ),
    "a custom type": (stated(Column("v", Vector)), [ColumnType("t", "v", "vector(3)")], []),
    "a variant": (
        stated(Column("a", Integer().with_variant(String(9), "postgresql"))),
        [ColumnType("t", "a", "varchar(9)")],
        [],
    ),
    "what is for another database": (
        stated(
            Column("a", Integer),
            CheckConstraint("a > 0").ddl_if(dialect="sqlite"),
            CheckConstraint("a > 1").ddl_if(dialect="postgresql"),
            Index("i", "a").ddl_if(dialect="mysql"),
        ),
        [Check("t", "a > 1")],
        ["CheckConstraint", "ColumnExists", "ColumnNullable", "ColumnType", "TableExists"],
    ),
    "an enum of another schema than the table": (
        stated(Column("e", Enum("x", "y", name="e", inherit_schema=False)), table={"schema": "app"}),
        [EnumLabels("e", ["x", "y"]), ColumnType("app.t", "e", "public.e")],
        [],
    ),
    "an enum that is only referred to": (
        stated(Column("e", ENUM(name="e", create_type=False))),
        [TypeExists("e", is_a="enum")],
        ["ColumnExists", "ColumnNullable", "ColumnType", "TableExists", "TypeExists"],
    ),
    "bare names elsewhere": (
        stated(Column("a", Integer, Sequence("s"), primary_key=True), schema="tenant"),
        [TableExists("tenant.t"), SequencePresent("tenant.s")],
        [],
    ),
    "the schema of a serial's sequence": (
        stated(Column("a", Integer, primary_key=True), schema="Tenant"),
        [ColumnDefault('"Tenant".t', "a", """nextval('"Tenant".t_a_seq'::regclass)""")],
        [],
    ),
    "schemas by another name": (
        stated(
            Column("a", Integer, ForeignKey("app.t.a")), table={"schema": "app"}, schema_translate_map={"app": "one"}
        ),
        [
            Refers(
                "one.t",
                "a",
                "one.t(a)",
                on_delete="NO ACTION",
                on_update="NO ACTION",
                match="SIMPLE",
                deferrable=False,
                deferred=False,
            )
        ],
        [],
    ),
    "an action on some of the columns": (
        stated(Column("a", Integer, ForeignKey("t.a", ondelete="set null (a)", initially="deferred"))),
        [
            Refers(
                "t",
                "a",
                "public.t(a)",
                on_delete="SET NULL",
                on_delete_columns=["a"],
                on_update="NO ACTION",
                match="SIMPLE",
                deferrable=True,
                deferred=True,
            )
        ],
        [],
    ),
    "a collation of the system's, and one of somebody's": (
        stated(Column("a", String(collation="de-x-icu")), Column("b", String(collation="case_insensitive"))),
        [ColumnCollation("t", "a", "de-x-icu"), ColumnCollation("t", "b", "case_insensitive", schema_name="public")],
        [],
    ),
    "a check that stands in its column, for whatever database": (
        stated(Column("a", Integer, CheckConstraint("a > 0", name="c", comment="x").ddl_if(dialect="mysql"))),
        [Check("t", "a > 0", name="c")],
        ["CheckConstraint", "ColumnExists", "ColumnNullable", "ColumnType", "TableExists"],
    ),
    "a unique column, as Postgres takes what is left out": (
        stated(Column("a", Integer, unique=True)),
        [UniqueConstraint("t", "a", nulls_not_distinct=False, include=(), deferrable=False, deferred=False)],
        [],
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_a_suite_says_what_the_metadata_says(case: str) -> None:
    suite, expected, kinds = SAID[case]
    assert {each.placed("public") for each in expected} <= set(suite)
    assert not kinds or sorted(each.kind for each in suite) == kinds


REFUSED: dict[str, tuple[list[Any], dict[str, Any], str]] = {
    "a type that is none": ([Column("a", NullType)], {}, "column t.a cannot be stated: "),
    "an enum without a name": (
        [Column("a", Enum("x"))],
        {},
        "column t.a cannot be stated: PostgreSQL Enum type",
    ),
    "what refers to nowhere": (
        [Column("a", Integer, ForeignKey("auth.users.id"))],
        {},
        "ForeignKeyConstraint of t cannot be stated: Foreign key associated with column 't.a' could not find table",
    ),
    "a partition that is none": ([Column("a", Integer)], {"postgresql_partition_by": "a"}, "'a' is not KIND (key, …)"),
    "a name that is too long": (
        [Column("a", Integer), CheckConstraint("a > 0", name="x" * 70)],
        {},
        "CheckConstraint " + "x" * 70 + " of t cannot be stated: ",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_stated_is_named(case: str) -> None:
    columns, options, message = REFUSED[case]
    with pytest.raises(ContractError) as refused:
        stated(*columns, table=options)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"postgresql_tablespace": "fast"}, "postgresql_tablespace of public.t"),
        ({"postgresql_using": "columnar"}, "postgresql_using of public.t"),
        ({"prefixes": ["TEMPORARY"]}, "the temporary table t"),
    ],
)
def test_what_there_is_no_expectation_for_is_said(options: dict[str, Any], what: str) -> None:
    with pytest.warns(NotStatedWarning, match=f"the suite says nothing of {what}"):
        stated(Column("a", Integer), table=options)


def test_a_table_that_is_left_out_can_be_referred_to() -> None:
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True), schema="auth")
    Table("t", metadata, Column("a", ForeignKey("auth.users.id")))
    suite = Suite.from_metadata(metadata, closed=True, include=lambda table: table.schema != "auth")
    assert {each.belongs_to for each in suite} == {"public.t", None}
    (key,) = (each for each in suite if isinstance(each, Refers))
    assert key.references == "auth.users(id)"


@pytest.mark.parametrize("given", [MetaData, "app.models", 7])
def test_what_is_no_metadata_is_refused(given: Any) -> None:
    with pytest.raises(TypeError, match=r"such as Base\.metadata"):
        Suite.from_metadata(given)


def test_what_is_added_by_hand_is_stated() -> None:
    """Whoever has `AddConstraint` made by a listener tells SQLAlchemy to leave it out of CREATE TABLE."""
    metadata = MetaData()
    check = CheckConstraint("a > 0", name="positive")
    Table("t", metadata, Column("a", Integer), check)
    AddConstraint(check)
    assert Check("public.t", "a > 0", name="positive") in set(Suite.from_metadata(metadata))


def test_what_is_made_of_a_query_is_stated(created: Created) -> None:
    """A view by its query, in which aliases and common table expressions stay bare; a table by its columns."""
    queries = pytest.importorskip("sqlalchemy.sql.ddl")
    if not hasattr(queries, "CreateView"):
        pytest.skip("SQLAlchemy has views since 2.1")
    metadata = MetaData()
    t = Table("made_of", metadata, Column("a", Integer), Column("b", Text))
    some = select(t.c.a).where(t.c.b.like("x%")).cte("some")
    other = t.alias("other")
    query = select(some.c.a, other.c.b).join(other, other.c.a == some.c.a)
    queries.CreateView(query, "a_view", metadata=metadata)
    kept = queries.CreateView(select(t.c.a), "a_kept_view", metadata=metadata, materialized=True)
    Index("kept_index", kept.table.c.a)
    queries.CreateTableAs(select(func.count().label("n")), "a_table", metadata=metadata)  # a bigint, not an Integer
    suite = Suite.from_metadata(metadata, closed=True)
    with created(metadata) as connection:
        assert wrong(suite, connection) == []
        for change, kind in (
            ("create or replace view a_view as select a, b from made_of", "ViewExists"),
            ("drop materialized view a_kept_view", "ViewExists"),
            ("drop index kept_index", "IndexPresent"),
            ("alter table a_table drop n", "ColumnExists"),
        ):
            with connection.begin_nested() as changed:
                connection.execute(text(change))
                assert any(one.startswith(kind) for one in wrong(suite, connection)), change
                changed.rollback()


def test_a_suite_of_models_is_a_contract_file(models: ModuleType) -> None:
    suite = Suite.from_metadata([models.shop(), models.plain()], name="shop", closed=True)
    for written in (suite.to_yaml(), suite.to_yaml(short=True)):
        assert set(loads(written)) == set(suite)
