"""The databases that the benchmarks measure, each with the contract that holds on it.

`alike` has one table a thousand times over, as tenants' tables or partitions are. In `varied` no two tables say the
same: names, types, defaults, checks, indexes and policies differ, and so nothing that is read of one serves another.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from pgcontract import Suite, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.contract.expectation import Expectation

_AUTH = "create schema auth; create function auth.uid() returns uuid language sql stable as 'select null::uuid'"


def alike(tables: int) -> tuple[list[str], Suite]:
    """The DDL of tables that are alike, and ten expectations of each."""
    ddl = [_AUTH]
    expectations: list[Expectation] = []
    for k in range(tables):
        name, parent = f"t{k:04}", f"t{k // 10:04}"
        ddl.append(f"""
            create table {name} (
                id bigint generated always as identity primary key,
                user_id uuid not null,
                parent_id bigint references {parent} (id) on delete cascade,
                name text not null,
                status text not null default 'open',
                amount numeric(12,2) not null default 0,
                active boolean not null default true,
                payload jsonb not null default '{{}}',
                created_at timestamptz not null default now(),
                updated_at timestamptz
            );
            create index on {name} (parent_id);
            create index on {name} (user_id, created_at desc);
            alter table {name} enable row level security;
            create policy owner on {name} using (user_id = auth.uid());
        """)
        expectations += table(
            name,
            columns={"user_id": {"type": "uuid"}, "amount": {"type": "numeric(12,2)"}},
            primary_key="id",
            foreign_keys=[{"columns": "parent_id", "references": f"{parent}(id)", "on_delete": "cascade"}],
            indexes=[["user_id", "created_at DESC"]],
            rls=True,
            policies={"owner": {"using": "(user_id = auth.uid())"}},
        )[: 10 if k else None]
    return ddl, Suite("benchmark", expectations)


def varied(tables: int) -> tuple[list[str], Suite]:
    """The DDL of tables none of which is like another, and thirteen expectations of each."""
    drawn: list[_Drawn] = []
    for k in range(tables):
        drawn.append(_draw(k, drawn[k // 10] if k else None))
    ddl = [_AUTH, *(one.ddl for one in drawn)]
    return ddl, Suite("benchmark", [one.contract for one in drawn])


DATABASES: dict[str, Callable[[int], tuple[list[str], Suite]]] = {"alike": alike, "varied": varied}


class _Drawn(NamedTuple):
    name: str
    key: str
    ddl: str
    contract: tuple[Expectation, ...]


_SUBJECTS = ("order", "invoice", "device", "lesson", "patient", "parcel", "ticket", "wallet", "recipe", "survey")
_ASPECTS = ("line", "note", "event", "draft", "review", "batch", "quota", "label", "audit", "share", "entry", "visit")
_WORDS = ("total", "state", "rank", "code", "title", "bound", "weight", "colour", "locale", "phase", "score", "origin")
_OWNERS = ("user_id", "owner_id", "account_id", "member_id", "author_id", "created_by", "tenant_id")
_ACTIONS = ("cascade", "set null", "restrict", "no action")
_COMMANDS = ("all", "select", "insert", "update", "delete")

# Type, default and check as Postgres itself writes them; {c} is the column, {n} a number below 1,000, {s} a small one.
_TYPES = (
    ("integer", "{n}", "({c} > {n})"),
    ("bigint", "{n}", "({c} < {n})"),
    ("numeric({s},2)", "{s}", "({c} <> ({n})::numeric)"),
    ("text", "'v{n}'", "(length({c}) < {n})"),
    ("character varying({n})", "'v{s}'", "(char_length(({c})::text) > {s})"),
    ("timestamp with time zone", "now()", "({c} > (now() - '00:00:{s}'::interval))"),
    ("date", "(CURRENT_DATE + {n})", "({c} > (CURRENT_DATE - {n}))"),
    ("boolean", "true", "({c} OR ({n} = 1))"),
    ("jsonb", "'{{\"v\": {n}}}'", "(jsonb_typeof({c}) <> 'v{n}'::text)"),
    ("text[]", "'{{v{n}}}'", "(cardinality({c}) < {n})"),
    ("double precision", "{n}.5", "({c} < ({n})::double precision)"),
    ("uuid", "gen_random_uuid()", "(({c})::text <> 'v{n}'::text)"),
)


def _draw(number: int, parent: _Drawn | None) -> _Drawn:
    """The table of that number: always the same one."""
    chance = random.Random(number)  # noqa: S311 - nothing is secret
    name = f"{chance.choice(_SUBJECTS)}_{chance.choice(_ASPECTS)}_{number:04}"
    key, owner, action = f"{name}_id", chance.choice(_OWNERS), chance.choice(_ACTIONS)
    target, target_key = (name, key) if parent is None else (parent.name, parent.key)
    columns: dict[str, tuple[str, str, str]] = {}
    for place in range(7):
        column = f"{chance.choice(_WORDS)}_{chance.choice(_ASPECTS)}_{place}"
        words = {"c": column, "n": chance.randrange(100, 1000), "s": chance.randrange(10, 60)}
        kind, default, check = chance.choice(_TYPES)
        columns[column] = (kind.format(**words), default.format(**words), check.format(**words))
    one, other, third, fourth = chance.sample(sorted(columns), 4)
    checks = [columns[one][2], columns[other][2]]
    policy, command = f"{chance.choice(_ASPECTS)}s of {owner}", chance.choice(_COMMANDS)
    using = f"(({owner} = auth.uid()) AND ({third} IS NOT NULL))"
    clause = "with check" if command == "insert" else "using"
    described = "".join(
        f"{column} {kind} {chance.choice(('', 'not null'))} default {default},"
        for column, (kind, default, _) in columns.items()
    )
    ddl = f"""
        create table {name} (
            {key} bigint generated always as identity primary key,
            {owner} uuid not null,
            {target}_ref bigint references {target} ({target_key}) on delete {action},
            {described}
            check {checks[0]},
            check {checks[1]}
        );
        create index on {name} ({target}_ref);
        create index on {name} ({owner}, {fourth} desc);
        alter table {name} enable row level security;
        create policy "{policy}" on {name} for {command} {clause} {using};
    """
    contract = table(
        name,
        columns={column: {"type": columns[column][0]} for column in (third, fourth)},
        primary_key=key,
        foreign_keys=[{"columns": f"{target}_ref", "references": f"{target}({target_key})", "on_delete": action}],
        checks=checks,
        indexes=[[owner, f"{fourth} DESC"]],
        rls=True,
        policies={policy: {"command": command, clause.replace(" ", "_"): using}},
    )
    return _Drawn(name, key, ddl, contract)
