"""The behavioural expectations on names that need quotes everywhere: they act on the right thing, and hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import (
    AccessMatrix,
    ConstraintRefuses,
    CrudWorks,
    NotReadableBy,
    NotWritableBy,
    QueryReturns,
    ReadableBy,
    RlsIsolates,
    TenantsDoNotInterfere,
    TriggerFires,
    WritableBy,
)
from pgcontract.names import qualified, quote

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation

APP, NOBODY = 'pgc "App". 1', "pgc Nobody's %s"
SCHEMA, NAME, TENANT, BODY = 'My Schema. (100%s) "x"', "T. ü' 1", "Ten ant % ü", 'Bo"dy'
A, N, S, T, B = map(quote, (APP, NOBODY, SCHEMA, TENANT, BODY))
TABLE = qualified(SCHEMA, NAME)
SETUP = f"""
create role {A}; create role {N};
create schema {S};
grant usage on schema {S} to {A}, {N};
create table {TABLE} ("Id" uuid primary key default gen_random_uuid(), {T} int not null, {B} text not null,
    "At %" timestamptz not null default now(), constraint "Chk. %s" check ({B} <> ''));
alter table {TABLE} enable row level security;
create policy "Mine. %" on {TABLE} to {A} using ({T} = (select current_setting('app.tenant', true))::int);
grant select, insert, update, delete on {TABLE} to {A};
create function public."Touch. %s"() returns trigger language plpgsql as
    'begin new."At %" := clock_timestamp(); return new; end';
create trigger "Trg. %s" before update on {TABLE} for each row execute function public."Touch. %s"();
"""

HOLDING: list[Expectation] = [
    AccessMatrix(TABLE, {APP: {"select": "own", "insert": "own", "update": "own", "delete": "own"}, NOBODY: "none"}),
    ReadableBy(TABLE, APP, rows="own", columns=[BODY]),
    NotReadableBy(TABLE, NOBODY),
    WritableBy(TABLE, APP, rows="own", columns=[BODY]),
    NotWritableBy(TABLE, NOBODY),
    RlsIsolates(TABLE, owner=TENANT),
    TenantsDoNotInterfere(SCHEMA, tenants=[f"{TABLE}.{T}"]),
    CrudWorks(TABLE, APP),
    ConstraintRefuses(TABLE, "Chk. %s", row={BODY: ""}),
    TriggerFires(TABLE, "Trg. %s", moves="At %"),
    QueryReturns(f"select count(*) from {TABLE} where {B} like '100%'", 0),
]


@pytest.mark.parametrize("expectation", HOLDING, ids=lambda expectation: expectation.kind)
def test_it_holds(expectation: Expectation, judge: Any) -> None:
    outcome = judge(SETUP, expectation, probes="rollback")
    assert outcome.status == "passed", outcome.reason or outcome.findings or outcome.traceback
