"""What a database, or a contract, is called on the command line, and how it is opened.

A URL or connection string, `embedded`, a contract (`.yaml`, `.json`, `.py`, a folder, `module:attribute`), a catalog
that was saved as JSON, `migrations:DIR`, `alembic:alembic.ini`, or one `.sql` file. What is made of SQL files or by
Alembic is made in a private Postgres, which is gone when the source is closed.
"""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract.errors import ContractError, PgContractError, without_password

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Answer, Form
    from pgcontract.contract.suite import Suite
    from pgcontract.run.target import Timeouts

EMBEDDED = "embedded"
MIGRATIONS = "migrations:"
ALEMBIC = "alembic:"

_URL = re.compile(r"[A-Za-z][A-Za-z0-9.-]*(?:\+\w+)?://")
_CONNECTION_STRING = re.compile(r"\s*\w+\s*=\s*\S")
_SAVED = re.compile(r'\s*\{\s*"format"\s*:\s*"pgcontract\.catalog/')
_BEGINNING = 4096


@dataclass(frozen=True)
class Source:
    """An opened source: a catalog, or a suite.

    Attributes:
        name: How it was given, without a password.
        catalog: What the database is; None for a contract.
        suite: What should be; None for a database.
        made: Whether the database was made here, of SQL files or by Alembic.
        url: The database, while the source is open; None where there is none to be asked.
    """

    name: str
    catalog: Catalog | None = None
    suite: Suite | None = None
    made: bool = False
    url: str | None = field(default=None, repr=False)
    timeouts: Timeouts | None = field(default=None, repr=False)

    def asked(self, forms: Collection[Form]) -> Source:
        """The source with what its server says of texts of another's; as it is where it cannot be asked.

        Raises:
            DatabaseError: The database can no longer be reached.
        """
        if self.url is None or self.catalog is None or not forms:
            return self
        answers = _answers(self.url, self.catalog, forms, self.timeouts)
        return replace(self, catalog=replace(self.catalog, forms={**self.catalog.forms, **answers}))


def _answers(url: str, catalog: Catalog, forms: Collection[Form], timeouts: Timeouts | None) -> Mapping[Form, Answer]:
    from pgcontract.catalog.own_forms import ask  # noqa: PLC0415 - asked of two versions only
    from pgcontract.run.target import Timeouts, connected  # noqa: PLC0415 - likewise

    with connected(url, timeouts or Timeouts()) as connection:
        return ask(connection, catalog, forms)


@contextmanager
def opened_source(
    text: str, *, setup: Sequence[str | Path] = (), timeouts: Timeouts | None = None
) -> Generator[Source]:
    """Open what a text names; a private database that it needs lives as long as the block.

    Args:
        text: A URL or connection string, `embedded`, a contract, a saved catalog, `migrations:DIR`,
            `alembic:alembic.ini`, or a `.sql` file.
        setup: What is run first on a database that is made here: files, folders, or a platform's name (`supabase`).
        timeouts: How long to wait for a database that is there.

    Raises:
        ContractError: The text names nothing that can be opened, or an unusable contract.
        SetupError: A migration failed, or is not there: the message is `file:line: what Postgres said`.
        DatabaseError: The database cannot be reached, or the private one not be started.
        PgContractError: The saved catalog is damaged.
    """
    with ExitStack() as stack:
        files = _files(text)
        if files is not None:
            yield _made(text, [*setup, *files], stack)
        elif _URL.match(text) or (_CONNECTION_STRING.match(text) and not Path(text).exists()):
            yield _live(text, timeouts)
        else:
            yield _saved(text) or _contract(text)


def _files(text: str) -> Sequence[Path | str] | None:
    """What a database is to be made of: SQL files, an Alembic project; None where the text names something else."""
    if text == EMBEDDED:
        return []
    if text.startswith(ALEMBIC):
        return [text]
    if text.startswith(MIGRATIONS):
        return migrations(Path(text.removeprefix(MIGRATIONS)))
    if Path(text).suffix.lower() == ".sql":
        return [Path(text)]
    return None


def migrations(folder: Path) -> list[Path]:
    """The `.sql` files of a folder, in the order in which they are run; not those that lead back.

    Raises:
        ContractError: There is no such folder, or it holds none.
    """
    if not folder.is_dir():
        raise ContractError(f"there is no folder of migrations {str(folder)!r}")
    from pgcontract.embedded.migrations import files  # noqa: PLC0415 - most need none

    found = files(folder)
    if not found:
        inner = folder / "migrations"
        hint = f"Perhaps you meant {MIGRATIONS}{inner}." if inner.is_dir() else None
        raise ContractError(f"the folder {str(folder)!r} holds no .sql files", hint=hint)
    return found


def _made(text: str, items: Sequence[str | Path], stack: ExitStack) -> Source:
    from pgcontract.embedded import postgres  # noqa: PLC0415 - most need none
    from pgcontract.run.runner import snapshot  # noqa: PLC0415 - the drivers are loaded when they are needed

    url = stack.enter_context(postgres(setup=items))
    return Source(text, snapshot(url), made=True, url=url)


def _live(text: str, timeouts: Timeouts | None) -> Source:
    from pgcontract.run.runner import snapshot  # noqa: PLC0415 - likewise

    return Source(without_password(text), snapshot(text, timeouts=timeouts), url=text, timeouts=timeouts)


def _saved(text: str) -> Source | None:
    """A saved catalog; None for any other file, or none."""
    path = Path(text)
    if path.suffix.lower() != ".json" or not path.is_file():
        return None
    from pgcontract.catalog import saved  # noqa: PLC0415 - likewise

    try:
        content = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None  # the contract's loader says why it cannot be read
    if _SAVED.match(content[:_BEGINNING]) is None:
        return None
    try:
        return Source(text, saved.load(content))
    except PgContractError as error:
        raise ContractError(f"{text}: {error}", hint=error.hint) from None


def _contract(text: str) -> Source:
    from pgcontract.contract.load import load  # noqa: PLC0415 - likewise

    try:
        return Source(text, suite=load(text))
    except ContractError as error:
        if any(Path(text).glob("*.sql")):
            hint = f"Migrations are named migrations:{text}."
            raise ContractError(str(error), hint=hint) from None
        if Path(text).exists() or ":" in text:
            raise
        hint = (
            error.hint
            or "Give a URL, embedded, a contract, a saved catalog, migrations:DIR, alembic:INI, or a .sql file."
        )
        raise ContractError(f"{text!r} is neither a database nor a file", hint=hint) from None
