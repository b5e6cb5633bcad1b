"""The odd catalogs of the catalog tests, as they are stored: nobody need be asked."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgcontract.catalog.roles import Role

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
    return lambda version: with_predefined_roles(module.stored(version))


def with_predefined_roles(catalog: Catalog) -> Catalog:
    """The catalog with the roles that the server has, which are not stored with it."""
    named = {grant.grantee for schema in catalog.schemas.values() for grant in schema.grants}
    named |= {membership.role for role in catalog.roles.values() for membership in role.member_of}
    named |= {schema.owner for schema in catalog.schemas.values()} | {catalog.server.owner}
    missing = sorted(named - {"PUBLIC", *catalog.roles})
    return replace(catalog, roles={**catalog.roles, **{name: Role(name) for name in missing}})
