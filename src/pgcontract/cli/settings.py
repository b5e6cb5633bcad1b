"""What the command line takes from configuration files and the environment when it is not told."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pgcontract.errors import ContractError
from pgcontract.names import perhaps

_ENVIRONMENT = ("DATABASE_URL", "SUPABASE_DB_URL")


@dataclass(frozen=True, slots=True)
class Settings:
    """`[tool.pgcontract]` in pyproject.toml, or `pgcontract.toml`, in this folder or the nearest one above.

    Attributes:
        contract: The contract that is verified when none is named, relative to the file.
        db: The database.
        setup: What is run first on an embedded database.
        probes: What probes may do.
    """

    contract: str | None = None
    db: str | None = None
    setup: tuple[str, ...] = ()
    probes: str | None = None


def settings(start: Path | None = None) -> Settings:
    """The settings of the nearest configuration file; none where there is no file.

    Raises:
        ContractError: The file does not parse, or has a key that is unknown or of the wrong type.
    """
    for folder in ((start or Path.cwd()).resolve(), *(start or Path.cwd()).resolve().parents):
        for name, path in (("pgcontract.toml", ()), ("pyproject.toml", ("tool", "pgcontract"))):
            file = folder / name
            if file.is_file():
                table = _table(file, path)
                if table is not None:
                    return _made(table, file)
    return Settings()


def _table(file: Path, path: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        content: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContractError(f"{file}: {error}") from None
    for key in path:
        content = content.get(key)
        if content is None:
            return None
    return dict(content)


def _made(table: dict[str, Any], file: Path) -> Settings:
    known = [field.name for field in fields(Settings)]
    for key, value in table.items():
        if key not in known:
            raise ContractError(f"{file}: unknown key {key!r}; known are {', '.join(known)}", hint=perhaps(key, known))
        if key == "setup" and isinstance(value, list) and all(isinstance(item, str) for item in value):
            table[key] = tuple(_beside(file, item) for item in value)
        elif key == "setup" or not isinstance(value, str):
            raise ContractError(
                f"{file}: {key} is {value!r}, but must be {'a list of texts' if key == 'setup' else 'a text'}"
            )
    if "contract" in table and ":" not in table["contract"]:
        table["contract"] = str(file.parent / table["contract"])
    return Settings(**table)


def _beside(file: Path, item: str) -> str:
    """Files are named relative to the configuration file; what is no file is a platform's name."""
    path = file.parent / item
    return str(path) if path.exists() else item


def database(named: str | None, configured: str | None) -> str:
    """The database to talk to: what was named, then configured, then in the environment, then libpq's own choice."""
    for candidate in (named, configured, *(os.environ.get(name) for name in _ENVIRONMENT)):
        if candidate:
            return candidate
    return ""
