"""Where a saved catalog comes from: the format and the program that wrote it, which whatever refuses it says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pgcontract._version import __version__
from pgcontract.errors import PgContractError

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Server

FORMAT = "pgcontract.catalog/1"
"""The format's name and version, which stands first in a saved catalog."""

# The first lines of a saved catalog, found also where the rest is missing or no JSON.
_BEGINNING = 4096
_SAID = {
    "format": re.compile(r'"format"\s*:\s*"((?:[^"\\]|\\.){1,80})"'),
    "written_by": re.compile(r'"written_by"\s*:\s*"((?:[^"\\]|\\.){1,160})"'),
}
_OURS = re.compile(r"pgcontract\.(?P<noun>\w+)/(?P<version>\d+)")
_AGAIN = "Save it again, with `pgcontract.snapshot` and `pgcontract.catalog.saved.dump`."


def heading(server: Server) -> dict[str, str]:
    """What stands first in a saved catalog."""
    return {"format": FORMAT, "written_by": f"pgcontract {__version__} from PostgreSQL {server.version}"}


def contents(text: str) -> dict[str, Any]:
    """What a saved catalog of our format holds besides its heading.

    Raises:
        PgContractError: The text is not JSON, not a saved catalog, or one of another format.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:  # also a number with too many digits
        raise refusal(text, f"this is not a saved catalog: it is not JSON ({error})") from None
    found = content.get("format") if isinstance(content, dict) else None
    if found != FORMAT:
        raise refusal(text, f"this is not a saved catalog that can be read: {_stranger(content, found)}")
    return {key: value for key, value in content.items() if key not in {"format", "written_by"}}


def _stranger(content: Any, found: Any) -> str:
    """What it is instead."""
    if not isinstance(content, dict):
        return "it is no JSON object"
    if found is None:
        return "it names no format"
    ours = _OURS.fullmatch(found) if isinstance(found, str) else None
    if ours is None:
        return f"its format is {found!r}, not {FORMAT!r}"
    if ours["noun"] != "catalog":
        return f"it is a {ours['noun']}, of the format {found}"
    return f"its format is {found}, and this is pgcontract {__version__}, which reads {FORMAT}"


def refusal(text: str, why: str) -> PgContractError:
    """The error that says why the text is refused, and by what it was written as far as it says so."""
    said = {key: pattern.search(text, 0, _BEGINNING) for key, pattern in _SAID.items()}
    parts = [f"{key.replace('_', ' ')} {found[1]}" for key, found in said.items() if found and found[1] not in why]
    origin = f"; its heading says: {', '.join(parts)}" if parts else ""
    return PgContractError(f"{why}{origin}", hint=_AGAIN)
