"""Principals: a part of the suite's value, written in files, and who acts in probes."""

from __future__ import annotations

import json
import pickle
from typing import Any

import psycopg
import pytest

from pgcontract import ContractError, Principal, Suite
from pgcontract.contract import yaml
from pgcontract.contract.load import load, loads
from pgcontract.contract.principals import SUPABASE

OWN = [
    Principal("tenant 1", "app", settings={"app.tenant_id": "1"}),
    Principal("tenant 2", login="tenant_2"),
    Principal("support", "authenticated", {"app_metadata": {"roles": ["support"]}}),
]
SUITE = Suite("acting", principals=["supabase", *OWN])
FILE = """
suite: acting
principals:
- supabase
- {name: tenant 1, role: app, settings: {app.tenant_id: 1}}
- {name: tenant 2, login: tenant_2}
- {name: support, role: authenticated, claims: {app_metadata: {roles: [support]}}}
"""


def test_a_preset_stands_for_its_principals() -> None:
    assert SUITE.principals == (*SUPABASE, *OWN)
    assert Suite("acting", principals="supabase").principals == SUPABASE
    assert loads("suite: acting\nprincipals: supabase").principals == SUPABASE
    assert [one.role for one in SUPABASE] == ["anon", "authenticated", "authenticated", "service_role"]


def test_files_say_what_python_says(tmp_path: Any, contract_validator: Any) -> None:
    assert loads(FILE) == SUITE
    assert loads(SUITE.to_yaml()) == SUITE
    (tmp_path / "contract.json").write_text(SUITE.to_json(), "utf-8")
    assert load(tmp_path) == SUITE
    contract_validator.validate(yaml.read(FILE, "contract.yaml").content)
    contract_validator.validate(json.loads(SUITE.to_json()))


def test_they_are_a_part_of_the_value() -> None:
    assert Suite("acting") != SUITE
    assert pickle.loads(pickle.dumps(SUITE)) == SUITE  # noqa: S301 - our own
    assert hash(SUITE) == hash(loads(FILE))
    assert SUITE.select(tags=["none"]).principals == SUITE.principals
    assert SUITE.ignoring("public.x", because="later").principals == SUITE.principals
    assert (SUITE + Suite("more", principals=[*OWN[:1], Principal("one more", "app")])).principals[:-1] == (
        SUITE.principals
    )


def test_two_that_differ_have_two_names() -> None:
    with pytest.raises(ValueError, match="two principals are called 'tenant 1'"):
        SUITE + Suite("more", principals=[Principal("tenant 1", "other")])
    with pytest.raises(ValueError, match="no principals are called 'firebase'; known are supabase"):
        Suite("acting", principals="firebase")
    with pytest.raises(TypeError, match="a Principal each, not 5"):
        Suite("acting", principals=[5])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("supabse", "2:13: no principals are called 'supabse'; known are supabase. Perhaps you meant supabase."),
        ("5", "2:13: principals is 5, but must be a list, or supabase"),
        ("[5]", "2:14: a principal is a mapping, such as {name: tenant 1, role: app}, or supabase"),
        ("\n- {name: a}", "3:3: item 1 of principals: it says not which role it acts as: give role, or login"),
        ("\n- {role: a}", "3:3: 'name' is missing"),
        ("\n- {name: a, role: b, clams: {}}", "3:22: unknown key 'clams'; known are name, role, claims"),
        ("\n- {name: a, role: b, settings: {tenant: 1}}", "3:33: 'tenant' is no custom setting"),
        ("\n- {name: a, role: b, claims: [1]}", "3:30: claims is a list, but must be a mapping"),
        ("\n- supabase\n- {name: user A, role: b}", "4:3: two principals are called 'user A'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(written: str, message: str) -> None:
    with pytest.raises(ContractError) as caught:
        loads(f"suite: a\nprincipals: {written}")
    assert f"contract.yaml:{message}" in str(caught.value)


ROLES = "create role pgc_app; create role pgc_tenant login; create role pgc_other login;"
WHO = """select session_user::text, current_user::text, current_setting('app.tenant_id', true),
    current_setting('request.jwt.claims', true)"""


@pytest.mark.parametrize(
    ("principal", "seen"),
    [
        (
            Principal("a", "pgc_app", {"sub": "1"}, {"app.tenant_id": "7"}),
            ("postgres", "pgc_app", "7", '{"role": "pgc_app", "sub": "1"}'),
        ),
        (Principal("b", login="pgc_tenant"), ("pgc_tenant", "pgc_tenant", None, "")),
    ],
)
def test_a_session_becomes_them_and_is_itself_again(database: str, principal: Principal, seen: tuple[Any, ...]) -> None:
    from pgcontract.catalog.snapshot import read  # noqa: PLC0415
    from pgcontract.run.probe import probing  # noqa: PLC0415

    with psycopg.connect(database, autocommit=True) as connection, connection.transaction(force_rollback=True):
        connection.execute(ROLES.encode())
        user = connection.info.user
        with probing(connection, read(connection), may_write=True, principals=[principal]) as session:
            with session.acting(session.principal(principal.name)):
                (found,) = session.rows(WHO)
                assert tuple(value or "" for value in found) == tuple(
                    (user if value == "postgres" else value) or "" for value in seen
                )
            assert session.rows("select session_user::text, current_user::text") == [(user, user)]
