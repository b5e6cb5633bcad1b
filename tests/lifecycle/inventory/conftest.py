"""The odd catalogs of the catalog tests, as they are stored: nobody need be asked."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog

# Tests cannot import each other, and one folder's fixtures are no other's.
_PATH = Path(__file__).resolve().parents[1] / "diff" / "conftest.py"


@pytest.fixture(scope="session")
def odd() -> Callable[[int], Catalog]:
    """The odd objects on a server of that major version: `odd(15)`."""
    spec = importlib.util.spec_from_file_location("stored_odd_catalogs", _PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stored: Callable[[int], Catalog] = module.stored
    return stored
