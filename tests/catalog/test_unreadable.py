"""Catalogs that a role may not read: what depends on them is errored with the privilege that is missing; only that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from pgcontract import (
    CheckConstraint,
    ColumnDefault,
    ColumnExists,
    ColumnType,
    CommentIs,
    DatabaseHas,
    ExtensionInstalled,
    ExtensionMembersAre,
    FunctionPresent,
    IndexPresent,
    MemberOf,
    ObjectsAre,
    PolicyPresent,
    PrimaryKey,
    PrivilegeNotGranted,
    PublicationPresent,
    RoleExists,
    SequencePresent,
    Suite,
    TableExists,
    TablesAre,
    TriggerPresent,
    TypeExists,
    verify,
)
from pgcontract.catalog import saved
from pgcontract.catalog.objects import UnreadableError
from pgcontract.catalog.snapshot import read
from pgcontract.catalog.sql import FOLLOW_UPS, NOUNS, beside, query
from pgcontract.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.verdict import Report

Connection: TypeAlias = psycopg.Connection[Any]

ROLES = ("create role unprivileged", "create role unprivileged_group", "grant unprivileged_group to unprivileged")
SETUP = """
create table notes (id int primary key, body text default 'x', owner text);
create index on notes (lower(body));
create sequence numbers;
create type mood as enum ('a');
create function touched() returns trigger language plpgsql as 'begin return new; end';
create trigger touch before update on notes for each row execute function touched();
alter table notes enable row level security;
create policy mine on notes using (owner = current_user);
comment on table notes is 'here';
alter table notes add constraint short check (id < 100);
create publication news for table notes;
do $$ begin
    execute format('alter role unprivileged in database %I set work_mem = "1MB"', current_database());
    execute format('alter database %I set work_mem = "2MB"', current_database());
end $$;
create trigger late after update of body on notes for each row execute function touched();
create table plain (body text collate "C");
create policy mine on plain using (body = current_user);
create policy mine_too on plain using (body = current_user);
create sequence plain_numbers owned by plain.body;
"""
PLPGSQL = [
    "language plpgsql",
    *(
        f"function pg_catalog.plpgsql_{name}"
        for name in ("call_handler()", "inline_handler(internal)", "validator(oid)")
    ),
]
SUITE = Suite(
    "all",
    [
        TableExists("notes"),
        TablesAre(["notes", "plain"]),
        ColumnExists("notes", "id"),
        ColumnType("notes", "id", "int4"),
        ColumnDefault("notes", "body", "'x'"),
        PrimaryKey("notes", "id"),
        IndexPresent("notes", "lower( body )"),
        PolicyPresent("notes", "mine", using="OWNER = CURRENT_USER"),
        TriggerPresent("notes", "touch"),
        CommentIs("table", "notes", "here"),
        FunctionPresent("touched()"),
        SequencePresent("numbers"),
        TypeExists("mood"),
        RoleExists("unprivileged"),
        PrivilegeNotGranted("unprivileged", "SELECT", table="notes"),
        ExtensionInstalled("plpgsql"),
        ExtensionMembersAre("plpgsql", PLPGSQL),
        CheckConstraint("notes", "id < 100"),
        PolicyPresent("plain", "mine", using="body = current_user"),
        ColumnType("plain", "body", "text"),
        SequencePresent("plain_numbers", owned_by="plain.body"),
        TriggerPresent("notes", "late"),
        ObjectsAre("trigger", ["touch", "late"], of="notes"),
        PublicationPresent("news", tables=["notes"]),
        RoleExists("unprivileged", login=False),
        RoleExists("unprivileged", database_settings=["work_mem=1MB"]),
        MemberOf("unprivileged", "unprivileged_group"),
        CommentIs("role", "unprivileged", None),
        DatabaseHas(encoding="UTF8"),
        DatabaseHas(settings=["work_mem=2MB"]),
    ],
)


@pytest.fixture
def hardened(database: str) -> Iterator[Callable[[str], Connection]]:
    """A connection as an ordinary role, once statements have taken something from everybody."""
    connections = []

    def harden(statements: str) -> Connection:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("select pg_catalog.pg_advisory_lock(4711)")
            for change in ROLES:  # the cluster's, and so other tests' too
                connection.execute(f"do $$ begin {change}; exception when others then null; end $$".encode())
            connection.execute(SETUP.encode())
            connection.execute(statements.encode())
        connections.append(psycopg.connect(database, autocommit=True))
        connections[-1].execute("set role unprivileged")
        return connections[-1]

    yield harden
    for connection in connections:
        connection.close()


ON_COLUMNS = {
    *("ColumnExists", "ColumnType", "ColumnDefault", "PrimaryKey", "CheckConstraint", "IndexPresent", "PolicyPresent"),
    *("PrivilegeNotGranted", "TypeExists", "ExtensionMembersAre", "SequencePresent plain_numbers"),
    "PublicationPresent",
}

# What is taken away; the kinds that are then errored, with the subject where not all of the kind are; what they say.
HARDENED: list[tuple[str, set[str], str]] = [
    ("select on pg_authid, pg_subscription, pg_user_mapping, pg_statistic_ext_data", set(), ""),
    ("select on pg_policy", {"PolicyPresent"}, "table pg_policy: grant SELECT ON pg_catalog.pg_policy to unprivileged"),
    ("select on pg_trigger", {"TriggerPresent", "ObjectsAre"}, "grant SELECT ON pg_catalog.pg_trigger to unprivileged"),
    (
        "select on pg_sequence",
        {"SequencePresent", "ExtensionMembersAre"},
        "SELECT ON pg_catalog.pg_sequence to unprivileged",
    ),
    ("select on pg_enum", {"TypeExists", "ExtensionMembersAre"}, "grant SELECT ON pg_catalog.pg_enum to unprivileged"),
    ("select on pg_index", {"IndexPresent"}, "grant SELECT ON pg_catalog.pg_index to unprivileged"),
    ("select on pg_am", {"IndexPresent", "ExtensionMembersAre"}, "grant SELECT ON pg_catalog.pg_am to unprivileged"),
    (
        "select on pg_roles",
        {"RoleExists", "PrivilegeNotGranted", "MemberOf", "CommentIs unprivileged"},
        "permission denied for view pg_roles: grant SELECT ON pg_catalog.pg_roles to unprivileged",
    ),
    (
        "select on pg_auth_members",
        {"PrivilegeNotGranted", "MemberOf"},
        "grant SELECT ON pg_catalog.pg_auth_members to unprivileged",
    ),
    (
        "select on pg_db_role_setting",
        {"RoleExists unprivileged", "DatabaseHas database"},
        "grant SELECT ON pg_catalog.pg_db_role_setting to unprivileged",
    ),
    (
        "select on pg_proc",
        {"FunctionPresent", "TriggerPresent", "ObjectsAre", "TypeExists", "ExtensionMembersAre"},
        "permission denied for table pg_proc: grant SELECT ON pg_catalog.pg_proc to unprivileged",
    ),
    (
        "execute on function pg_get_triggerdef(oid, boolean), pg_get_triggerdef(oid)",
        {"TriggerPresent", "ObjectsAre"},
        "function pg_get_triggerdef: grant EXECUTE ON FUNCTION pg_catalog.pg_get_triggerdef to unprivileged",
    ),
    ("select on pg_attrdef", {"ColumnDefault"}, "grant SELECT ON pg_catalog.pg_attrdef to unprivileged"),
    ("select on pg_attribute", ON_COLUMNS, "grant SELECT ON pg_catalog.pg_attribute to unprivileged"),
    (
        "select on pg_extension",
        {"ExtensionInstalled", "ExtensionMembersAre"},
        "grant SELECT ON pg_catalog.pg_extension to unprivileged",
    ),
    (
        "select on pg_depend",
        {"ExtensionMembersAre", "SequencePresent plain_numbers"},
        "grant SELECT ON pg_catalog.pg_depend to unprivileged",
    ),
    ("select on pg_publication_rel", {"PublicationPresent"}, "SELECT ON pg_catalog.pg_publication_rel to unprivileged"),
    ("select on pg_description", {"CommentIs notes"}, "grant SELECT ON pg_catalog.pg_description to unprivileged"),
    (
        "select on pg_shdescription",
        {"CommentIs unprivileged"},
        "grant SELECT ON pg_catalog.pg_shdescription to unprivileged",
    ),
]


def errored(report: Report) -> dict[str, str]:
    """The reasons by kind, and its subject where others of its kind are not errored."""
    found = {outcome.kind: outcome.reason or "" for outcome in report.outcomes if outcome.status == "errored"}
    fine = {outcome.kind for outcome in report.outcomes if outcome.status != "errored"}
    subjects = {(o.kind, o.subject.removeprefix("public.")) for o in report.outcomes if o.status == "errored"}
    return {
        **{k: v for k, v in found.items() if k not in fine},
        **{f"{k} {s}": found[k] for k, s in subjects if k in fine},
    }


@pytest.mark.parametrize(("taken", "kinds", "words"), HARDENED, ids=[one[0] for one in HARDENED])
def test_only_what_depends_on_it_is_errored(
    hardened: Callable[[str], Connection], taken: str, kinds: set[str], words: str
) -> None:
    report = verify(SUITE, hardened(f"revoke {taken} from public"))
    assert set(errored(report)) == kinds
    assert all(reason.endswith(words) for reason in errored(report).values())
    others = [outcome for outcome in report.outcomes if outcome.status not in {"passed", "errored"}]
    assert [(outcome.kind, outcome.findings or outcome.reason) for outcome in others] == []
    assert not any(outcome.traceback for outcome in report.outcomes)


def test_a_closed_world_asks_for_extensions_only_of_what_it_does_not_name(
    hardened: Callable[[str], Connection],
) -> None:
    """What nobody wrote down may belong to an extension: no failure, and no pass."""
    connection = hardened("revoke select on pg_extension from public")
    named, unnamed = ObjectsAre("table", ["notes", "plain"]), ObjectsAre("table", ["notes"])
    report = verify(Suite("closed", [named, unnamed, TablesAre(["notes"])]), connection)
    assert [outcome.status for outcome in report.outcomes] == ["passed", "errored", "errored"]


def test_policies_that_are_alike_are_not_taken_for_each_other_where_columns_have_no_names(
    hardened: Callable[[str], Connection],
) -> None:
    connection = hardened(
        "create table other (mine text); create policy mine on other using (mine = current_user);"
        "revoke select on pg_attribute from public"
    )
    catalog = read(connection)
    using = {name: catalog.relations[f"public.{name}"].policies["mine"].using for name in ("plain", "other")}
    assert using == {"plain": "(body = CURRENT_USER)", "other": "(mine = CURRENT_USER)"}


def test_in_an_open_transaction_and_again(hardened: Callable[[str], Connection]) -> None:
    connection = hardened("revoke select on pg_policy from public")
    with connection.transaction():
        connection.execute("set local search_path = public")
        assert set(errored(verify(SUITE, connection))) == {"PolicyPresent"}
        assert connection.execute("show search_path").fetchone() == ("public",)
        assert set(errored(verify(SUITE, connection))) == {"PolicyPresent"}
    assert connection.info.transaction_status == TransactionStatus.IDLE


def test_what_could_not_be_read_whole_is_not_saved(hardened: Callable[[str], Connection]) -> None:
    """Loaded, it would say that there are no policies."""
    catalog = read(hardened("revoke select on pg_policy from public"))
    with pytest.raises(UnreadableError, match="pg_policy"):
        saved.dump(catalog)
    for _ in range(2):  # asked again it says so again
        with pytest.raises(UnreadableError, match="pg_policy"):
            len(catalog.relations["public.notes"].policies)
    assert catalog.relations["public.notes"].columns.keys() == {"id", "body", "owner"}


def test_what_nothing_can_do_without(hardened: Callable[[str], Connection]) -> None:
    with pytest.raises(DatabaseError, match=r"may not be read by .*: permission denied for table pg_database"):
        read(hardened("revoke select on pg_database from public"))


BESIDE = ("pg_description", "pg_shdescription", "pg_extension", "pg_db_role_setting", "pg_depend")


@pytest.mark.parametrize("noun", [*NOUNS, *FOLLOW_UPS])
def test_what_is_said_beside_is_read_under_the_names_by_which_it_is_left_out(noun: str) -> None:
    """An alias that `beside.py` does not know would make the whole query be refused."""
    everything = frozenset(what for what, _ in beside.probes()) - {noun}
    left = set(BESIDE).intersection(re.findall(r"(?:from|join) pg_catalog\.(\w+)", query(noun, 180000, everything)))
    about = {"comments": {"pg_description"}, "extensions": {"pg_extension"}}
    about |= {key: {"pg_extension", "pg_depend"} for key in ("extension_members", "extension_relations")}
    assert left == about.get(noun, set())
