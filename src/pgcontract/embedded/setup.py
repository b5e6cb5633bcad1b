"""What to run on a database before anything else: platforms by name, SQL files, folders of them, Alembic projects."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract import names
from pgcontract.embedded import alembic, migrations, psql
from pgcontract.embedded.alembic import Project
from pgcontract.embedded.psql import Script
from pgcontract.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A package offers a platform here: the entry point's name is what users write, its object is the SQL.
PLATFORMS = "pgcontract.platforms"


def apply_setup(url: str, items: Sequence[Path | str]) -> None:
    """Run SQL on a database, item by item, with psql; and the migrations of Alembic projects.

    Args:
        url: The database, embedded or any other; a password never gets into a command line.
        items: A `Path` is a ``.sql`` file, or a folder whose ``.sql`` files are run in the order of their names, as
            migrations are; what leads back, in files of its own or in the same, is left out. A string is the name of
            an installed platform such as ``supabase``; an Alembic project, ``alembic:alembic.ini``, which is upgraded
            to its heads; or else a path.

    Raises:
        SetupError: An item is not there or holds nothing (then nothing is run), or a statement failed: the message is
            ``file:line: what Postgres said``. What went before it stays.
        DatabaseError: The database could not be reached.
    """
    run(url, scripts(items))


def scripts(items: Sequence[Path | str]) -> list[Script | Project]:
    """What the items stand for, in their order; all are looked at before any is run.

    Raises:
        SetupError: An item is not there or holds nothing.
    """
    return [script for item in items for script in _scripts(item)]


def run(url: str, found: Sequence[Script | Project]) -> None:
    """Run scripts in order; see `apply_setup`."""
    database = psql.target(url)
    for script in found:
        if isinstance(script, Project):
            alembic.upgrade(script, url)
        else:
            psql.run(script, database)


def _scripts(item: Path | str) -> Iterator[Script | Project]:
    """What one item stands for."""
    if isinstance(item, str):
        for platform in entry_points(group=PLATFORMS, name=item):
            yield _platform(item, platform.load())
            return
        if item.startswith(alembic.PREFIX):
            yield alembic.project(item.removeprefix(alembic.PREFIX))
            return
    path = Path(item)
    if path.is_dir():
        yield from _migrations(path)
    elif path.exists():
        yield _file(str(item), path)
    elif isinstance(item, str) and path.name == item and not path.suffix:
        raise SetupError(f"{item!r} is neither a platform nor a file or folder", hint=_nearest_platform(item))
    else:
        raise SetupError(f"{item} does not exist")


def _platform(name: str, sql: object) -> Script:
    """An installed platform's SQL."""
    if not isinstance(sql, str):
        raise SetupError(f"platform {name} is not SQL text but {type(sql).__name__}")
    return Script(f"platform {name}", text=sql)


def _migrations(folder: Path) -> Iterator[Script]:
    """The folder's ``.sql`` files, as they are run forwards."""
    files = migrations.files(folder)
    if not files:
        raise SetupError(f"{folder} holds no .sql files")
    for path in files:
        yield _file(str(path), path)


def _file(name: str, path: Path) -> Script:
    """A file, without what in it leads back."""
    try:
        text = migrations.forwards(path)
    except OSError as error:
        raise SetupError(f"{name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SetupError(f"{name} is not UTF-8") from None
    return Script(name, path=path) if text is None else Script(name, text=text)


def _nearest_platform(name: str) -> str | None:
    known = sorted(point.name for point in entry_points(group=PLATFORMS))
    nearest = names.nearest(name, known)
    if nearest:
        return f"Perhaps you meant {nearest!r}."
    return f"Installed platforms: {', '.join(known)}." if known else None
