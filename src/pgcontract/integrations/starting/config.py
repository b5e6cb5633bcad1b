"""The configuration that names the contract: in pyproject.toml where there is one, else a file of its own.

It names neither a database nor a setup: what runs SQL on a database is to stand where it is run.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from pgcontract.errors import ContractError
from pgcontract.integrations.starting.files import File

if TYPE_CHECKING:
    from pathlib import Path

_OWN, _SHARED = "pgcontract.toml", "pyproject.toml"
_WHAT = "which contract is meant"


def configuration(folder: Path, contract: str) -> File:
    """The file, which says that and nothing else; pyproject.toml keeps all that it holds, as it is written.

    Raises:
        ContractError: A pyproject.toml is there and is no TOML.
    """
    line = f'contract = "{contract}"\n'
    own, shared = File(_OWN, folder, line, _WHAT), folder / _SHARED
    if own.path.exists() or not shared.is_file() or File(_SHARED, folder, None, _WHAT).elsewhere:
        return own
    try:
        text = shared.read_bytes().decode("utf-8")
        before = _read(text)
    except OSError as error:
        raise ContractError(f"{_SHARED} cannot be read: {error.strerror}") from None
    except ValueError as error:  # it is no UTF-8, or no TOML
        raise ContractError(f"{_SHARED}: {error}") from None
    tool = before.get("tool", {})
    if isinstance(tool, dict) and "pgcontract" in tool:
        known = isinstance(tool["pgcontract"], dict) and tool["pgcontract"].get("contract") == contract
        return File(_SHARED, folder, text if known else None, _WHAT if known else "it has [tool.pgcontract] already")
    added = _added(text, line)
    if _means(added, before, contract):
        return File(_SHARED, folder, added, _WHAT, edited=True)
    return own  # no table can be added there: `tool = {…}` stands in one line


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix("\ufeff"))  # some editors of Windows begin with a mark


def _added(text: str, line: str) -> str:
    """The text with a table at its end, and its own line ends."""
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith("\n") else newline
    return f"{text}{gap}{newline if text else ''}[tool.pgcontract]{newline}{line.strip()}{newline}"


def _means(text: str, before: dict[str, Any], contract: str) -> bool:
    """Whether it says what was said before, and names the contract."""
    try:
        after = _read(text)
    except tomllib.TOMLDecodeError:
        return False
    own = after.get("tool", {}).pop("pgcontract", None)
    if not before.get("tool"):
        after.pop("tool", None)
        before = {key: value for key, value in before.items() if key != "tool"}
    return own == {"contract": contract} and after == before
