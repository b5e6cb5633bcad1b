"""What commands that build two worlds of rows share: their options, and the session in which they act."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pgcontract.cli import options
from pgcontract.errors import ContractError, DatabaseError

if TYPE_CHECKING:
    from pgcontract.contract.session import Session
    from pgcontract.isolation.model import Options


def several(help_: str, *names: str) -> typer.models.OptionInfo:
    """An option that may be repeated."""
    option: typer.models.OptionInfo = typer.Option(*names, help=f"{help_} Repeatable.", show_default=False)
    return option


Owners = Annotated[list[str] | None, several("A column that holds a row's user: notes.user_id.", "--owner")]
Tenants = Annotated[list[str] | None, several("A column that holds a row's organisation: notes.org_id.", "--tenant")]
Publics = Annotated[list[str] | None, several("A table that everybody may read on purpose.", "--public")]
Schemas = Annotated[list[str] | None, several("Only this schema.", "--schema")]
Principals = Annotated[
    list[str] | None,
    several("Only who is called so or acts as this role: anonymous, member, anon.", "--principal"),
]
Examples = Annotated[int, typer.Option(help="How many rows each table gets in each world.", min=1, max=20)]
Seed = Annotated[int, typer.Option(help="What the rows are drawn from.")]
Probes = Annotated[
    options.Probes,
    typer.Option(help="rollback writes, and rolls back; shadow acts on a private copy of the schema."),
]
AttemptTimeout = Annotated[
    float,
    typer.Option(
        "--statement-timeout", help="Seconds that one attempt may take.", min=0, rich_help_panel=options.LIMITS
    ),
]


def chosen(
    owners: list[str] | None,
    tenants: list[str] | None,
    publics: list[str] | None,
    schemas: list[str] | None,
    principals: list[str] | None,
    *,
    examples: int,
    seed: int,
    timeout: float,
) -> Options:
    """The options as a search takes them; the timeout is in seconds."""
    from pgcontract.isolation.model import Options

    return Options(
        owners=tuple(owners or ()),
        tenants=tuple(tenants or ()),
        publics=tuple(publics or ()),
        schemas=tuple(schemas or ()),
        principals=tuple(principals or ()),
        examples=examples,
        seed=seed,
        timeout_ms=round(timeout * 1000),
    )


@contextmanager
def acting(url: str, connect_timeout: int, probes: options.Probes = options.Probes.rollback) -> Generator[Session]:
    """A session that may write: in a transaction that is rolled back, or on a private copy of the schema.

    Raises:
        DatabaseError: The database cannot be reached, or nothing can be concluded there.
        ContractError: An option names a schema that is not there.
    """
    if not probes.writes:
        raise DatabaseError(f"nothing can be told with --probes {probes.value}: two worlds of rows have to be written")
    from pgcontract.catalog.objects import MissingObjectError
    from pgcontract.catalog.snapshot import read
    from pgcontract.contract.session import CannotProbe
    from pgcontract.run.acted import acted
    from pgcontract.run.target import Timeouts, connected

    with connected(url, Timeouts(connect=connect_timeout)) as connection:
        catalog = read(connection)
        try:
            with acted(connection, catalog, probes.mode) as session:
                _require_writing(session)
                yield session
        except MissingObjectError as missing:
            raise ContractError(str(missing), hint=missing.hint) from None
        except CannotProbe as reason:
            raise DatabaseError(f"nothing could be concluded: {reason}") from None


def _require_writing(session: Session) -> None:
    if not session.may_write:
        reason = "two worlds of rows have to be written, and transactions are read-only here"
        raise DatabaseError(f"nothing could be concluded: {reason}", hint="With --probes shadow it need only be read.")
