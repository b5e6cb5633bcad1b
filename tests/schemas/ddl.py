"""Random small schemas, as statements that make them, for Hypothesis.

Each has a schema of its own with types, one to three tables, what hangs on them, and what reads them, under names that
must be quoted. A statement may rely on those before it, so that leaving out what follows leaves a schema, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable

ROLES = ("loop_owner", "loop reader", 'loop "Writer"')
ROLES_MADE = """do $$
declare r text;
begin
    foreach r in array array['loop_owner', 'loop reader', 'loop "Writer"'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = r) then
            execute format('create role %I', r);
        end if;
    end loop;
end $$"""

_NAMES = (
    "plain",
    "Mixed Case",
    "select",
    'qu"ote',
    "é☃",
    "a.b",
    "per%cent",
    "$dollar$",
    "it's",
    "back\\slash",
    "n" * 61,
)
names = st.sampled_from(_NAMES)
comments = st.sampled_from(("a word", "it's odd", "", "two\nlines", "$$ % \\"))

# What a column may be: its type, defaults for it, and a condition on it, with `{}` for the column.
TYPES: dict[str, tuple[tuple[str, ...], str]] = {
    "integer": (("0", "(1 + 2)", "'7'"), "{} > 0"),
    "bigint": (("9000000000",), "{} <> 5 and {} < 100"),
    "smallint": (("'-1'",), "{} in (1, 2, 3)"),
    "numeric(12,2)": (("0.50", "(10)::numeric / 3"), "{} between 0 and 1000"),
    "text": (("''", "'it''s'", "upper('x')"), "length({}) < 40"),
    'text collate "C"': (("'b'",), "{} ~ '^[a-z]+$'"),
    "varchar(40)": (("'v'::varchar",), "{} like 'a%'"),
    "char(3)": (("'abc'",), "{} <> 'xyz'"),
    "boolean": (("false", "true"), "{} or {} is null"),
    "date": (("current_date", "'2026-01-31'"), "{} > '2020-01-01'"),
    "timestamptz": (("now()", "now() + interval '1 day'"), "{} < 'infinity'"),
    "interval day to second": (("'1 day'",), "{} >= '0'"),
    "uuid": (("gen_random_uuid()",), "{} is not null"),
    "jsonb": (("'{}'", "'[1]'::jsonb"), "jsonb_typeof({}) <> 'null'"),
    "text[]": (("'{}'", "array['a', 'b']"), "cardinality({}) < 5"),
    "int4range": (("'[1,5)'",), "not isempty({})"),
    "bit(4)": (("b'0101'",), "{} <> b'1111'"),
    "bytea": (("'\\xff'",), "length({}) > 0"),
}


@dataclass
class Table:
    """What has been made of a table so far: its columns' types by quoted name, and its primary key's columns."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...] = ()
    logged: bool = True


@dataclass
class Making:
    """A schema in the making: the statements, and what later ones may name."""

    draw: st.DrawFn
    statements: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    taken: int = 0
    schema: str = ""

    def name(self) -> str:
        """A name that nothing else has, quoted."""
        self.taken += 1
        return quote(f"{self.draw(names)}{self.taken}"[:63])

    def own(self) -> str:
        """The same, in the schema."""
        return f"{self.schema}.{self.name()}"

    def add(self, statement: str) -> None:
        """The next statement."""
        self.statements.append(statement)

    def one(self, *words: str) -> str:
        """One of the words."""
        return self.draw(st.sampled_from(words))

    def chance(self) -> bool:
        """Perhaps."""
        return self.draw(st.booleans())

    def role(self) -> str:
        """A role, quoted."""
        return quote(self.one(*ROLES))

    def table(self) -> Table:
        """A table that was made."""
        return self.draw(st.sampled_from(self.tables))

    def column(self, table: Table) -> str:
        """A column of it."""
        return self.one(*table.columns)


def literal(text: str) -> str:
    """A string constant."""
    return "'" + text.replace("'", "''") + "'"


def _types(make: Making) -> None:
    if make.chance():
        name = make.own()
        make.add(f"create type {name} as enum ('a', 'it''s', 'Z', 'é')")
        make.types[name] = "'Z'"
    if make.chance():
        name = make.own()
        more = make.one("", " not null", " default 'd'", ' collate "C"')
        refused = make.one("''", "'no'")
        make.add(f"create domain {name} as text{more} constraint {make.name()} check (value <> {refused})")
        make.types[name] = "'dd'"
    if make.chance():
        make.add(f"create type {make.own()} as ({make.name()} integer, {make.name()} text[])")
    if make.chance():
        steps = make.one("increment 1", "increment -2", "increment 1 cache 7", "increment 3 cycle")
        make.add(f"create sequence {make.own()} as {make.one('integer', 'bigint')} start -1 {steps} minvalue -100")


def _columns(make: Making) -> tuple[list[str], dict[str, str]]:
    made, kinds = [], {}
    for _ in range(make.draw(st.integers(1, 5))):
        name, kind = make.name(), make.one(*TYPES, *make.types)
        defaults = TYPES[kind][0] if kind in TYPES else (make.types[kind],)
        default = make.one("", "", *(f" default {value}" for value in defaults))
        made.append(f"{name} {kind}{default}{make.one('', ' not null')}")
        kinds[name] = kind
    return made, kinds


def _table(make: Making) -> None:
    made, kinds = _columns(make)
    identity = make.name()
    made.insert(
        0,
        f"{identity} bigint {make.one('generated always as identity', 'generated by default as identity', 'not null')}",
    )
    if (number := next((name for name, kind in kinds.items() if kind == "integer"), None)) and make.chance():
        made.append(f"{make.name()} bigint generated always as ({number} * 2) stored")
    key = (identity,) if make.chance() else ()
    if key:
        made.append(f"{make.one('', f'constraint {make.name()} ')}primary key ({identity})")
    logged = make.one("", "", "unlogged ")
    table = Table(make.own(), {identity: "bigint", **kinds}, key, not logged)
    make.add(f"create {logged}table {table.name} ({', '.join(made)}){make.one('', ' with (fillfactor=70)')}")
    make.tables.append(table)


def _check(make: Making) -> None:
    table = make.table()
    column = make.column(table)
    condition = TYPES.get(table.columns[column], ((), "{} is not null"))[1].replace("{}", column)
    more = make.one("", " no inherit", " not valid")
    make.add(f"alter table {table.name} add constraint {make.name()} check ({condition}){more}")


def _unique(make: Making) -> None:
    table = make.table()
    late = make.one("", " deferrable", " deferrable initially deferred")
    make.add(f"alter table {table.name} add constraint {make.name()} unique ({make.column(table)}){late}")


def _foreign_key(make: Making) -> None:
    table = make.table()
    targets = [target for target in make.tables if target.key and target.logged >= table.logged]
    if targets:
        target, column = make.draw(st.sampled_from(targets)), make.name()
        table.columns[column] = "bigint"
        actions = make.one(
            "", " on delete cascade", " on delete set null on update cascade", " deferrable initially deferred"
        )
        make.add(f"alter table {table.name} add column {column} bigint")
        make.add(
            f"alter table {table.name} add constraint {make.name()} foreign key ({column})"
            f" references {target.name} ({target.key[0]}){actions}"
        )


def _index(make: Making) -> None:
    table = make.table()
    column = make.column(table)
    order = make.one("", " desc", " desc nulls last")
    where = make.one("", f" where {column} is not null")
    other = make.column(table)
    more = make.one("", f" include ({other})") if other != column else ""
    make.add(f"create {make.one('', 'unique ')}index {make.name()} on {table.name} ({column}{order}){more}{where}")


def _rls(make: Making) -> None:
    table = make.table()
    column = make.column(table)
    make.add(f"alter table {table.name} enable row level security")
    if make.chance():
        make.add(f"alter table {table.name} force row level security")
    condition = make.one("true", f"{column} is not null", "current_user = 'loop_owner'")
    command, clauses = make.draw(
        st.sampled_from(
            (
                ("all", f"using ({condition})"),
                ("select", f"using ({condition})"),
                ("insert", f"with check ({condition})"),
                ("update", f"using (true) with check ({condition})"),
                ("delete", f"using ({condition})"),
            )
        )
    )
    make.add(
        f"create policy {make.name()} on {table.name} as {make.one('permissive', 'restrictive')} for {command}"
        f" to {make.one('public', make.role())} {clauses}"
    )


def _trigger(make: Making) -> None:
    table, function = make.table(), make.own()
    make.add(
        f"create function {function}() returns trigger language plpgsql{make.one('', ' security definer')}"
        f" as $f$ begin return new; end $f$"
    )
    event = make.one("insert", "update", "insert or delete", f"update of {make.column(table)}")
    make.add(
        f"create trigger {make.name()} {make.one('before', 'after')} {event} on {table.name}"
        f" for each {make.one('row', 'statement')} execute function {function}({make.one('', literal('an argument'))})"
    )


def _function(make: Making) -> None:
    name = make.own()
    options = make.one(
        "stable", "immutable strict", "volatile security definer set search_path = ''", "stable parallel safe cost 3"
    )
    make.add(
        f"create function {name}({make.name()} integer, {make.name()} text default 'x') returns integer"
        f" language sql {options} as $f$ select 1 $f$"
    )
    if make.chance():
        make.add(f"revoke execute on function {name}(integer, text) from public")
        make.add(f"grant execute on function {name}(integer, text) to {make.role()}")


def _view(make: Making) -> None:
    table = make.table()
    kind = make.one("view", "materialized view")
    options = make.one("", " with (security_barrier=true)") if kind == "view" else ""
    view = make.own()
    make.add(f"create {kind} {view}{options} as select {make.column(table)} as {make.name()} from {table.name}")
    if make.chance():
        make.add(f"grant select on {view} to {make.role()}")


def _grant(make: Making) -> None:
    table = make.table()
    column = make.column(table)
    what = make.one("select", "insert, update", "all", f"update ({column})", f"select ({column})")
    make.add(f"grant {what} on {table.name} to {make.one('public', make.role())}")


def _comment(make: Making) -> None:
    table = make.table()
    about = make.one(f"table {table.name}", f"column {table.name}.{make.column(table)}", f"schema {make.schema}")
    make.add(f"comment on {about} is {literal(make.draw(comments))}")


def _owner(make: Making) -> None:
    make.add(f"alter table {make.table().name} owner to {make.role()}")


def _inherit(make: Making) -> None:
    make.add(f"create table {make.own()} ({make.name()} integer) inherits ({make.table().name})")


def _partition(make: Making) -> None:
    parent, column = make.own(), make.name()
    make.add(f"create table {parent} ({column} integer not null, {make.name()} text) partition by range ({column})")
    make.add(f"create table {make.own()} partition of {parent} for values from (0) to (10)")
    if make.chance():
        make.add(f"create table {make.own()} partition of {parent} default")


def _statistics(make: Making) -> None:
    table = make.table()
    first, second = make.column(table), make.column(table)
    if first != second and not {table.columns[first], table.columns[second]} & {"jsonb", "bit(4)"}:
        make.add(f"create statistics {make.own()} (dependencies) on {first}, {second} from {table.name}")


PARTS: tuple[Callable[[Making], None], ...] = (
    _check, _unique, _foreign_key, _index, _rls, _trigger, _function, _view, _grant, _comment, _owner, _inherit,
    _partition, _statistics,
)  # fmt: skip


@st.composite
def schemas(draw: st.DrawFn) -> tuple[str, ...]:
    """Statements that make a random small schema, in order, each a string; `ROLES_MADE` must have been run before."""
    make = Making(draw)
    make.schema = quote(draw(st.sampled_from(("loop", "Loop schema", "l.o"))))
    make.add(f"create schema {make.schema}{make.one('', ' authorization loop_owner')}")
    _types(make)
    for _ in range(draw(st.integers(1, 3))):
        _table(make)
    for part in draw(st.lists(st.sampled_from(PARTS), max_size=10)):
        part(make)
    return tuple(make.statements)
