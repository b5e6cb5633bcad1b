"""Who may see and change what. A denial counts only beside the same thing allowed to whom it is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import psycopg
import pytest
from psycopg import errors

if TYPE_CHECKING:
    from pgcontract.embedded import Databases

pytestmark = pytest.mark.extension("vector", "uuid-ossp")  # which the example's schema has

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]
Act: TypeAlias = Callable[[Connection, str], None]
Outcome: TypeAlias = int | type[psycopg.Error]

ADA, BEN, CLEO = (f"{letter}0000000-0000-4000-8000-00000000000{n}" for n, letter in enumerate("abc", 1))
ACME = "0a000000-0000-4000-8000-000000000001"
STUDIO = "0c000000-0000-4000-8000-000000000003"

DENIED = errors.InsufficientPrivilege  # no grant, or a new row that WITH CHECK refuses
INVALID = errors.CheckViolation
FOREIGN = errors.ForeignKeyViolation

# Rows that Ada, Ben, Cleo, someone without claims and the server see. Ada owns Acme and Ben is a member of it; Cleo has
# an organization of her own.
VISIBLE = {
    "user_profiles": (1, 1, 1, 0, 3),
    "prompt_atoms": (2, 1, 1, 0, 4),
    "vibe_configs": (1, 1, 1, 0, 3),
    "agent_runs": (2, 1, 1, 0, 4),
    "background_events": (1, 1, 1, 0, 4),
    "user_template_customizations": (1, 1, 1, 0, 3),
    "template_versions": (2, 1, 1, 0, 4),
    "template_customization_history": (2, 1, 1, 0, 4),
    "template_usage_analytics": (2, 1, 1, 0, 4),
    "template_feedback": (1, 1, 1, 0, 3),
    "shared_template_customizations": (2, 2, 1, 0, 3),
    "template_presets": (2, 2, 2, 2, 3),
    "organizations": (1, 1, 1, 0, 2),
    "organization_members": (2, 2, 1, 0, 3),
    "invitations": (1, 1, 2, 0, 3),
    "usage_metrics": (2, 2, 1, 0, 3),
}
SERVER_ONLY = {"background_events", "template_presets", "usage_metrics"}
NO_DELETE = SERVER_ONLY | {"user_profiles"}


@pytest.fixture(scope="module")
def sample(server: Databases, sampled: str, fresh_name: Callable[[], str]) -> Iterator[Connection]:
    """A connection to a database with the sample, for this module alone."""
    name = fresh_name()
    with psycopg.connect(server.create_database(name, sampled)) as connection:
        yield connection
    server.drop_database(name)


@pytest.fixture
def connection(sample: Connection) -> Iterator[Connection]:
    """The same, in a transaction of the test's own, which is rolled back."""
    with sample.transaction(force_rollback=True):
        yield sample


@pytest.fixture
def own(clone: Callable[[str], str], sampled: str, connect: Callable[[str], Connection]) -> Connection:
    """A connection to a database of the test's own, for what acts in several transactions."""
    return connect(clone(sampled))


def attempt(connection: Connection, act: Act, principal: str, sql: str) -> Outcome:
    """The number of rows, or the error, of what is then rolled back."""
    with connection.transaction(force_rollback=True):
        act(connection, principal)
        try:
            return connection.execute(sql.encode()).rowcount
        except psycopg.Error as error:
            return type(error)


@pytest.mark.parametrize("table", VISIBLE)
def test_reading(connection: Connection, act: Act, table: str) -> None:
    principals = ("ada", "ben", "cleo", "nobody", "service_role")
    seen = tuple(attempt(connection, act, who, f"select from public.{table}") for who in principals)
    assert seen == VISIBLE[table]
    assert attempt(connection, act, "anon", f"select from public.{table}") is DENIED


@pytest.mark.parametrize("table", VISIBLE)
@pytest.mark.parametrize("principal", ["anon", "nobody", "cleo"])
def test_writing_changes_nothing_of_others(own: Connection, act: Act, table: str, principal: str) -> None:
    others = f"select ctid, t from public.{table} t where t::text !~ 'c0000000|0c000000' order by t::text".encode()
    before = own.execute(others).fetchall()
    assert before, "there are others' rows to change"
    columns = own.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and attgenerated = ''",
        [f"public.{table}"],
    ).fetchall()
    statements = [f"update public.{table} set {column} = {column}" for (column,) in columns]
    for statement in [*statements, f"delete from public.{table}", f"truncate public.{table} cascade"]:
        with own.transaction(force_rollback=True):
            try:
                with own.transaction():
                    act(own, principal)
                    own.execute(statement.encode())
            except psycopg.Error as error:
                assert isinstance(error, DENIED | errors.GeneratedAlways), statement  # noqa: PT017 - either is right
            own.execute("reset role")
            # ctid: an update to the same value is a change too
            assert own.execute(others).fetchall() == before, statement


@pytest.mark.parametrize("table", VISIBLE)
def test_deleting_ones_own(connection: Connection, act: Act, table: str) -> None:
    outcome = attempt(connection, act, "cleo", f"delete from public.{table}")
    if table in NO_DELETE:
        assert outcome is DENIED
    elif table == "organization_members":
        assert outcome == 0, "the owner cannot leave"
    else:
        assert outcome == VISIBLE[table][2]


RENAME = "update public.organizations set name = 'x'"
PROMOTE = "update public.organization_members set role = 'admin' where user_id = "
JOIN = "insert into public.organization_members (organization_id, user_id, role) values "
INVITE = "insert into public.invitations (organization_id, email, token_hash, invited_by) values "
SHARE = "insert into public.shared_template_customizations (customization_id, user_id, organization_id, name) values "
HASH = "f" * 64
ADAS, BENS, CLEOS = (f"{letter}5000000-0000-4000-8000-000000000001" for letter in "abc")

# Each is tried by whom it must not succeed for, and by whom it is due to.
ATTACKS: dict[str, tuple[str, dict[str, Outcome]]] = {
    "row for another": (
        f"insert into public.prompt_atoms (user_id, name, content) values ('{CLEO}', 'n', 'c')",
        {"ada": DENIED, "anon": DENIED, "nobody": DENIED, "cleo": 1},
    ),
    "row given away": (
        f"update public.prompt_atoms set user_id = '{CLEO}'",
        {"ada": DENIED, "anon": DENIED, "nobody": 0, "cleo": 1},
    ),
    "upsert over another's row": (
        f"""insert into public.vibe_configs (id, user_id, name)
            values ('c2000000-0000-4000-8000-000000000001', '{ADA}', 'x')
            on conflict (id) do update set name = 'x', user_id = '{ADA}'""",
        {"ada": DENIED},
    ),
    "plan": ("update public.user_profiles set plan = 'enterprise'", {"ada": DENIED, "service_role": 3}),
    "customer": ("update public.user_profiles set stripe_customer_id = 'cus_x'", {"cleo": DENIED}),
    "plan of a new profile": (
        f"insert into public.user_profiles (user_id, plan) values ('{CLEO}', 'pro')",
        {"cleo": DENIED},
    ),
    "profile made anew": ("delete from public.user_profiles", {"ada": DENIED, "service_role": 3}),
    "preferences": ("""update public.user_profiles set preferences = '{"a": 1}'""", {"cleo": 1, "anon": DENIED}),
    "organization's plan": ("update public.organizations set plan = 'enterprise', seats = 99", {"ada": DENIED}),
    "cost of a run": ("update public.agent_runs set cost_usd = 0", {"ada": DENIED, "service_role": 4}),
    "run of another as parent": (
        """insert into public.agent_runs (user_id, parent_run_id, agent_name)
            values (auth.uid(), 'a3000000-0000-4000-8000-000000000001', 'x')""",
        {"cleo": FOREIGN, "ada": 1},
    ),
    "usage of another's customization": (
        f"""insert into public.template_usage_analytics (user_id, template_id, customization_id)
            values (auth.uid(), 't', '{ADAS}')""",
        {"cleo": FOREIGN, "ben": FOREIGN, "ada": 1},
    ),
    "forged history": (
        f"""insert into public.template_customization_history (customization_id, user_id, action, version, new_values)
            values ('{ADAS}', '{ADA}', 'created', 1, '{{}}')""",
        {"ada": DENIED, "cleo": DENIED},
    ),
    "rewritten history": ("update public.template_customization_history set version = 9", {"ada": DENIED}),
    "rewritten version": ("update public.template_versions set customizations = '{}'", {"ada": DENIED}),
    "label of a version": ("update public.template_versions set label = 'good'", {"ada": 2, "cleo": 1}),
    "preset": ("update public.template_presets set name = 'x'", {"ada": DENIED}),
    "event": ("insert into public.background_events (user_id, event_type) values (auth.uid(), 'x')", {"ada": DENIED}),
    "meter": (f"insert into public.usage_metrics (organization_id, metric) values ('{ACME}', 'runs')", {"ada": DENIED}),
    # organizations
    "organization without the function": (
        "insert into public.organizations (name, slug) values ('x', 'xx')",
        {"ada": DENIED},
    ),
    "joining": (f"{JOIN} ('{ACME}', '{CLEO}', 'member')", {"cleo": DENIED, "ben": DENIED, "ada": DENIED}),
    "promoting oneself": (f"{PROMOTE} '{BEN}'", {"ben": 0, "cleo": 0, "anon": DENIED, "ada": 1}),
    "making oneself owner": (
        f"update public.organization_members set role = 'owner' where user_id = '{BEN}'",
        {"ben": 0, "ada": DENIED},
    ),
    "unmaking the owner": (f"{PROMOTE} '{ADA}'", {"ada": 0, "ben": 0}),
    "moving a membership": (
        f"update public.organization_members set organization_id = '{ACME}'",
        {"cleo": DENIED, "ben": DENIED, "ada": DENIED},
    ),
    "removing a member": (
        f"delete from public.organization_members where user_id = '{BEN}'",
        {"cleo": 0, "ada": 1, "ben": 1},
    ),
    "removing the owner": (f"delete from public.organization_members where user_id = '{ADA}'", {"ben": 0, "ada": 0}),
    "renaming": (f"{RENAME} where id = '{ACME}'", {"cleo": 0, "ben": 0, "ada": 1}),
    "deleting the organization": (
        f"delete from public.organizations where id = '{ACME}'",
        {"cleo": 0, "ben": 0, "ada": 1},
    ),
    "inviting": (
        f"{INVITE} ('{ACME}', 'x@example.com', '{HASH}', auth.uid())",
        {"cleo": DENIED, "ben": DENIED, "ada": 1},
    ),
    "inviting in another's name": (f"{INVITE} ('{ACME}', 'x@example.com', '{HASH}', '{BEN}')", {"ada": DENIED}),
    "inviting an owner": (
        f"""insert into public.invitations (organization_id, email, role, token_hash, invited_by)
            values ('{ACME}', 'x@example.com', 'owner', '{HASH}', auth.uid())""",
        {"ada": INVALID},
    ),
    "moving an invitation": (
        f"update public.invitations set organization_id = '{ACME}'",
        {"cleo": DENIED, "ada": DENIED},
    ),
    "revoking an invitation": ("delete from public.invitations", {"ben": 0, "ada": 1, "cleo": 2}),
    "sharing into another organization": (f"{SHARE} ('{CLEOS}', '{CLEO}', '{ACME}', 'x')", {"cleo": DENIED}),
    "moving a share there": (
        f"update public.shared_template_customizations set organization_id = '{ACME}'",
        {"cleo": DENIED, "ben": 1},
    ),
    "sharing another's customization": (f"{SHARE} ('{BENS}', auth.uid(), '{ACME}', 'x')", {"ada": FOREIGN}),
    "withdrawing another's share": (
        "delete from public.shared_template_customizations where user_id <> auth.uid()",
        {"ben": 0, "cleo": 0, "ada": 1},
    ),
    # functions with others' arguments
    "counting another's use": (
        f"select from public.increment_template_usage('{ADAS}') n where n is not null",
        {"cleo": 0, "ben": 0, "anon": DENIED, "ada": 1, "service_role": 1},
    ),
    "restoring another's version": (
        f"select from public.restore_template_version('{ADAS}', 1) n where n is not null",
        {"cleo": 0, "ben": 0, "anon": DENIED, "ada": 1},
    ),
    "another organization's use": (
        f"select from public.get_organization_usage('{ACME}', '2026-01-01')",
        {"cleo": 0, "nobody": 0, "anon": DENIED, "ben": 2, "ada": 2},
    ),
    "statistics": (
        "select from public.get_template_usage_stats(null, '2026-01-01')",
        {"ada": 2, "ben": 1, "cleo": 1, "nobody": 0, "anon": DENIED},
    ),
    "use of a template": (
        "select from public.record_template_usage('t', 'viewed', 5) n where n = 1",
        {"ada": 1, "nobody": 0, "anon": DENIED},
    ),
    "search": (
        "select from public.match_prompt_atoms(array_fill(0, array[1536])::extensions.vector)",
        {"ada": 0, "anon": DENIED},
    ),
    "inviting by the function": (
        f"select from public.invite_member('{ACME}', 'X@Example.com', 'admin')",
        {"cleo": DENIED, "ben": DENIED, "anon": DENIED, "ada": 1},
    ),
    "founding": (
        "select from public.create_organization('New', 'new')",
        {"cleo": 1, "nobody": DENIED, "anon": DENIED, "service_role": DENIED},
    ),
    "taking an organization over": (
        f"select from public.transfer_organization_ownership('{ACME}', auth.uid())",
        {"cleo": DENIED, "ben": DENIED, "anon": DENIED, "ada": 1},
    ),
    "giving it to a stranger": (
        f"select from public.transfer_organization_ownership('{ACME}', '{CLEO}')",
        {"ada": errors.NoDataFound},
    ),
    "expired invitation": (
        "select from public.accept_invitation('sample token for Acme')",
        {"cleo": errors.NoDataFound, "nobody": errors.NoDataFound, "anon": DENIED},
    ),
    "taking work from the queue": (
        "select from public.claim_background_events(9)",
        {"ada": DENIED, "anon": DENIED, "service_role": 3},
    ),
    "metering": (
        f"select from public.record_usage_metric('{ACME}', 'runs', 1)",
        {"ada": DENIED, "anon": DENIED, "service_role": 1},
    ),
    "what policies call": (
        "select from private.organization_ids('member')",
        {"ada": DENIED, "anon": DENIED, "service_role": DENIED},
    ),
    "numbers of the meter": (
        "select setval('public.usage_metrics_id_seq', 1)",
        {"ada": DENIED, "anon": DENIED, "service_role": DENIED},
    ),
}
CASES = [
    pytest.param(sql, principal, outcome, id=f"{principal}: {what}")
    for what, (sql, outcomes) in ATTACKS.items()
    for principal, outcome in outcomes.items()
]


@pytest.mark.parametrize(("sql", "principal", "outcome"), CASES)
def test_attacks(connection: Connection, act: Act, sql: str, principal: str, outcome: Outcome) -> None:
    assert attempt(connection, act, principal, sql) == outcome


def test_history_and_versions(own: Connection, act: Act) -> None:
    with own.transaction():
        act(own, "ada")
        mine = f"from public.user_template_customizations where id = '{ADAS}'"
        own.execute(f"update public.user_template_customizations set is_active = false where id = '{ADAS}'".encode())
        assert own.execute(f"select version {mine}".encode()).fetchone() == (2,), "the content is the same"
        assert own.execute(f"select public.restore_template_version('{ADAS}', 1)".encode()).fetchone() == (3,)
        assert own.execute(f"select customizations {mine}".encode()).fetchone() == ({"color": "navy"},)
        rows = own.execute(
            "select action, version, old_values -> 'customizations', changed_by::text"
            " from public.template_customization_history order by version"
        ).fetchall()
        assert [row[:2] for row in rows] == [("created", 1), ("updated", 2), ("updated", 3)]
        assert rows[2][2:] == ({"color": "navy", "logo": True}, ADA)
        assert own.execute(
            "select public.rollback_template_customization(customization_id, id)"
            " from public.template_customization_history where version = 3"
        ).fetchone() == (4,)
        assert own.execute(f"select customizations {mine}".encode()).fetchone() == ({"color": "navy", "logo": True},)


def test_updated_at_moves(connection: Connection) -> None:
    connection.execute("update public.vibe_configs set updated_at = '2000-01-01'")
    assert connection.execute("select from public.vibe_configs where updated_at < now() - interval '1 h'").rowcount == 0


def test_a_new_user_gets_a_profile(connection: Connection) -> None:
    connection.execute(
        "insert into auth.users (id, raw_user_meta_data)"
        " values (%s, jsonb_build_object('full_name', repeat('x', 999)))",
        [HASH[:32]],
    )
    name = "select char_length(display_name) from public.user_profiles where user_id = %s"
    assert connection.execute(name, [HASH[:32]]).fetchone() == (100,)


# What happens between the invitation of Cleo as an admin of Acme and her accepting it, and what comes of that.
BETWEEN: dict[str, tuple[str, type[psycopg.Error] | None]] = {
    "nothing": ("", None),
    "revoked": ("update public.invitations set status = 'revoked'", errors.NoDataFound),
    "expired": ("update public.invitations set expires_at = now() - interval '1 s'", errors.NoDataFound),
    "for another address": (
        "update public.invitations set email = 'x@example.org' where email ~ 'cleo'",
        errors.NoDataFound,
    ),
    "address not confirmed": ("update auth.users set email_confirmed_at = null", errors.NoDataFound),
    "inviter demoted": ("update public.organization_members set role = 'member'", errors.NoDataFound),
    "inviter removed": (f"delete from public.organization_members where user_id = '{ADA}'", errors.NoDataFound),
    "inviter's account deleted": (f"delete from auth.users where id = '{ADA}'", errors.NoDataFound),
    "no seat left": ("update public.organizations set seats = 2", INVALID),
}


@pytest.mark.parametrize(("between", "error"), BETWEEN.values(), ids=BETWEEN.keys())
def test_invitation(own: Connection, act: Act, between: str, error: type[psycopg.Error] | None) -> None:
    with own.transaction():
        act(own, "ada")
        invited = own.execute(f"select public.invite_member('{ACME}', 'Cleo@example.com', 'admin')".encode()).fetchone()
    assert invited is not None
    own.execute(between.encode())

    def accept() -> None:
        with own.transaction():
            act(own, "cleo")
            own.execute("select public.accept_invitation(%s)", list(invited))

    role = (
        f"select role from public.organization_members where organization_id = '{ACME}' and user_id = '{CLEO}'".encode()
    )
    if error is None:
        accept()
        assert own.execute(role).fetchall() == [("admin",)]
        error = errors.NoDataFound  # it opens once
    with pytest.raises(error):
        accept()
    assert own.execute(role).rowcount == (0 if between else 1)


def test_a_member_keeps_his_role_when_invited_again(own: Connection, act: Act) -> None:
    with own.transaction():
        act(own, "ada")
        token = own.execute(f"select public.invite_member('{ACME}', 'ada@example.com')".encode()).fetchone()
        assert token is not None
        own.execute("select public.accept_invitation(%s)", list(token))
        owner = own.execute(f"select role from public.organization_members where user_id = '{ADA}'".encode())
        assert owner.fetchone() == ("owner",)


def test_a_member_who_left_sees_and_shares_nothing_more(own: Connection, act: Act) -> None:
    with own.transaction():
        act(own, "ben")
        assert own.execute("delete from public.organization_members where user_id = auth.uid()").rowcount == 1
        for table in ("organizations", "organization_members", "invitations", "usage_metrics"):
            assert own.execute(f"select from public.{table}".encode()).rowcount == 0
        assert own.execute("select from public.shared_template_customizations").rowcount == 1, "his own"
    assert attempt(own, act, "ben", "update public.shared_template_customizations set name = 'x'") is DENIED


def test_a_domain_planted_in_pg_temp_does_not_run_as_definer(own: Connection, act: Act) -> None:
    """pg_temp comes first for types, even where search_path is empty."""
    own.execute("create table public.ran (who text); grant insert on public.ran to public")
    with own.transaction():
        act(own, "cleo")
        own.execute("""
            create function pg_temp.evil(anyelement) returns boolean language plpgsql
                as 'begin insert into public.ran values (current_user); return true; end';
            create domain pg_temp.uuid as pg_catalog.uuid check (pg_temp.evil(value));
            create domain pg_temp.jsonb as pg_catalog.jsonb check (pg_temp.evil(value));
            create domain pg_temp.text as pg_catalog.text check (pg_temp.evil(value));
            select null::pg_temp.uuid;
            select public.create_organization('New', 'new');
            insert into public.user_template_customizations (user_id, template_id) values (auth.uid(), 't');
            update public.user_template_customizations set customizations = '{"a": 1}';
        """)
        for call in ("accept_invitation('x')", f"transfer_organization_ownership('{ACME}', '{CLEO}')"):
            with pytest.raises(psycopg.Error), own.transaction():
                own.execute(f"select public.{call}".encode())
    who = own.execute("select distinct who from public.ran").fetchall()
    assert who == [("authenticated",)], "it runs, but as the caller"
