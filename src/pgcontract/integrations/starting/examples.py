"""The examples that come with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pgcontract.errors import ContractError


def example(*parts: str) -> Path:
    """A file or folder of the Supabase example: inside an installed package, or beside the sources.

    Raises:
        ContractError: It is in neither.
    """
    package = Path(str(files("pgcontract")))
    for folder in (package / "examples" / "supabase", package.parents[1] / "examples" / "supabase"):
        if (found := folder.joinpath(*parts)).exists():
            return found
    raise ContractError(
        "the Supabase example is not here", hint="Install pgcontract again, or run this in its sources."
    )
