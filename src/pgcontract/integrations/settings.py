"""What the command line and other programs take from configuration files and the environment when not told."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgcontract.errors import ContractError
from pgcontract.names import perhaps
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.integrations.notify.target import Target

_ENVIRONMENT = ("DATABASE_URL", "SUPABASE_DB_URL")
_FILES: tuple[tuple[str, tuple[str, ...]], ...] = (("pgcontract.toml", ()), ("pyproject.toml", ("tool", "pgcontract")))
_LISTS = ("setup", "exposed_schemas", "api_roles")
_PROBES = ("off", "read", "rollback", "shadow")


@dataclass(frozen=True, slots=True)
class Settings:
    """`[tool.pgcontract]` in pyproject.toml, or `pgcontract.toml`, in this folder or the nearest one above.

    Attributes:
        contract: The contract that is verified when none is named, relative to the file.
        db: The database.
        setup: What is run first on the database; files relative to the file.
        probes: What probes may do.
        baseline: The baseline file, relative to the file.
        history: Where runs are kept: a folder, relative to the file, or a URL.
        history_keep: Which of them stay: `100` runs, or those of `90d`.
        notify: Who is told of runs; what their variables hold is not looked up yet.
        exposed_schemas: The schemas that `advise` looks at; found in the catalog where there are none.
        api_roles: The roles that requests come in as, for `advise`; likewise.
    """

    contract: str | None = None
    db: str | None = None
    setup: tuple[str, ...] = ()
    probes: str = "read"
    baseline: str | None = None
    history: str | None = None
    history_keep: str | None = None
    notify: tuple[Target, ...] = ()
    exposed_schemas: tuple[str, ...] = ()
    api_roles: tuple[str, ...] = ()


def settings(start: Path | None = None) -> Settings:
    """The settings of the nearest configuration file; none where there is no file.

    Raises:
        ContractError: The file does not parse, or has a key that is unknown or of the wrong type.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        for name, path in _FILES:
            file = folder / name
            if file.is_file():
                table = _table(file, path)
                if table is not None:
                    return Settings(**{key: _value(file, key, value) for key, value in table.items()})
    return Settings()


def _table(file: Path, path: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        text = file.read_text(encoding="utf-8-sig")  # some editors of Windows begin with a mark
        if any(key not in text for key in path):
            return None  # it is read for nothing else, and TOML is parsed slowly
        import tomllib  # noqa: PLC0415 - most folders have no such file

        content: Any = tomllib.loads(text)
    except ValueError as error:  # it is no UTF-8, or no TOML
        raise ContractError(f"{file}: {error}") from None
    except OSError as error:
        raise ContractError(f"{file} cannot be read: {error.strerror}") from None
    for key in path:
        content = content.get(key) if isinstance(content, dict) else None
    if content is None or isinstance(content, dict):
        return content
    raise ContractError(f"{file}: {'.'.join(path)} is {content!r}, but must be a table")


def _value(file: Path, key: str, value: Any) -> Any:
    known = [field.name for field in fields(Settings)]
    if key not in known:
        raise ContractError(f"{file}: unknown key {key!r}; known are {', '.join(known)}", hint=perhaps(key, known))
    if key == "notify":
        return _targets(file, value)
    if key in _LISTS:
        if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise ContractError(f"{file}: {key} must be a list of texts, not {value!r}")
        return tuple(beside(file.parent, item) for item in value) if key == "setup" else tuple(value)
    if not isinstance(value, str):
        raise ContractError(f"{file}: {key} must be a text, not {value!r}")
    if key == "probes" and value not in _PROBES:
        listing = ", ".join(_PROBES)
        raise ContractError(f"{file}: probes is {value!r}, but must be one of {listing}", hint=perhaps(value, _PROBES))
    placed = key == "baseline" or (key == "contract" and ":" not in value) or (key == "history" and "://" not in value)
    return str(file.parent / value) if placed else value


def _targets(file: Path, value: Any) -> tuple[Target, ...]:
    from pgcontract.integrations.notify.entries import entries  # noqa: PLC0415 - most tell nobody

    try:
        return entries(value)
    except ContractError as error:
        raise ContractError(f"{file}: {error}", hint=error.hint) from None


def beside(folder: Path, item: str) -> str:
    """An item of a setup that is named from a folder. A platform's name comes first, as on the command line."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - most run no setup

    if entry_points(group="pgcontract.platforms", name=item):
        return item
    kind, colon, path = item.partition(":")  # alembic:alembic.ini
    return f"alembic:{folder / path}" if colon and kind == "alembic" else str(folder / item)


def database(named: str | None, configured: str | None) -> str:
    """The database to talk to: what was named, then configured, then in the environment, then libpq's own choice."""
    for candidate in (named, configured, *(os.environ.get(name) for name in _ENVIRONMENT)):
        if candidate:
            return candidate
    return ""
