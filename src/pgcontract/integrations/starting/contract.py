"""A project's first contract: what its database is, or what its migrations make, or a beginning to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract._version import __version__
from pgcontract.contract import dump
from pgcontract.contract.suite import Suite
from pgcontract.errors import ContractError, PgContractError
from pgcontract.expectations.extensions import ExtensionInstalled
from pgcontract.lifecycle.inventory import heading, inventory
from pgcontract.lifecycle.scope import Scope
from pgcontract.lifecycle.sources import opened_source
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.integrations.starting.project import Project

# What a private database has of its server rather than of the migrations: in production it is otherwise.
_OF_SERVER = frozenset({"RoleExists", "MemberOf", "DefaultAclIs", "DefaultAclsAre", "OwnerIs"})

_OR = "Or let the contract be of a database that is there: --db postgresql://…"

_BEGINNING = """\
# What the database should be; `pgcontract explain` lists all that can be said.
suite: {name}
expectations:
  - SchemaExists: public

# A table, as an example:
#
# tables:
#   invoices:
#     columns:
#       id: uuid not null default gen_random_uuid()
#       amount: numeric(12,2) not null
#     primary_key: id
#     rls: {{owner: user_id}}
#
# All of a database that is there, written for you:
#
#   pgcontract inventory --db "$DATABASE_URL" --output contract.yaml
"""


@dataclass(frozen=True, slots=True)
class First:
    """The text of a contract, and where it is from.

    Attributes:
        text: YAML.
        what: What it says, in a few words.
    """

    text: str
    what: str


def first(project: Project, db: str | None, name: str | None) -> First:
    """The first contract of a project.

    Args:
        project: The project; its migrations are run on a private database, where no other one is named.
        db: The database that it is to be of, as `inventory` takes it.
        name: What it is called; else as the project.

    Raises:
        ContractError: The database is none.
        DatabaseError: It cannot be reached, or a private one not be started.
        SetupError: A migration fails.
    """
    if db is not None:
        return _of_database(db, name or project.name)
    if project.source is not None:
        return _of_migrations(project, project.source, name or project.name)
    return First(_BEGINNING.format(name=dump.flow(name or project.name)), "a beginning: that there is a schema public")


def _of_database(db: str, name: str) -> First:
    with opened_source(db) as source:
        if source.catalog is None:
            raise ContractError(f"{source.name} is a contract already, and no database")
        suite = inventory(source.catalog, name=name)
        lines = list(heading(source.catalog, Scope()))
    return First(_text(suite, lines), f"what the database is: {len(suite):,} expectations")


def _of_migrations(project: Project, made: str, name: str) -> First:
    platform = [project.platform] if project.platform else []
    try:
        with opened_source(made, setup=platform) as source:
            catalog = source.catalog
    except PgContractError as error:
        hint = f"{error.hint.removesuffix('.')}. {_OR}" if error.hint else _OR
        raise type(error)(str(error), hint=hint) from None
    if catalog is None:  # of migrations a database is made
        raise ContractError(f"{made} makes no database")
    suite = _made(catalog, name)
    lines = [f"What {project.migrations} makes, written by `pgcontract init` {__version__}."]
    return First(_text(suite, lines), f"what the migrations make: {len(suite):,} expectations")


def _made(catalog: Catalog, name: str) -> Suite:
    """What migrations make: all in schemas, policies on the platform's tables too, and extensions of any version."""
    scoped = inventory(catalog, Scope(tuple(catalog.schemas)), name=name)
    extensions = [each.subject for each in inventory(catalog) if each.kind == "ExtensionInstalled"]
    kept = [each for each in scoped if each.kind not in _OF_SERVER]
    return Suite(name, [*map(ExtensionInstalled, extensions), *kept], schema=scoped.schema)


def _text(suite: Suite, lines: list[str]) -> str:
    return "".join(f"# {line}\n" for line in lines) + dump.to_yaml(suite, short=True)
