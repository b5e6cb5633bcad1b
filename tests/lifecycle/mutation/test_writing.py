"""What would notice the survivors goes into the file beside what it is of; what is written there stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.functions import Function
from pgcontract.catalog.indexes import Index
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.roles import Role
from pgcontract.catalog.schemas import Schema
from pgcontract.contract.load import load
from pgcontract.lifecycle.mutation import mutants
from pgcontract.lifecycle.mutation.score import strength
from pgcontract.lifecycle.mutation.writing import write
from pgcontract.lifecycle.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path


def index(name: str, *columns: str, **values: Any) -> Index:
    return Index(name, "btree", columns, **values)


KEY = Constraint("users_pkey", "PRIMARY KEY", ("id",), index="users_pkey")
USERS = Relation(
    "public.users",
    "table",
    "boss",
    {
        "id": Column("id", 1, "bigint", not_null=True),
        "email": Column("email", 2, "text", not_null=True),
        "born": Column("born", 3, "date"),
    },
    constraints={"users_pkey": KEY},
    indexes={
        "users_pkey": index("users_pkey", "id", unique=True, primary=True, constraint="users_pkey"),
        "users_email_idx": index("users_email_idx", "email"),
        "by_born": index("by_born", "born"),
    },
)
NOTES = Relation("public.notes", "table", "boss", {"id": Column("id", 1, "integer")}, comment="said")
DOUBLE = Function("public.double", ("integer",), "function", "sql", "boss", "integer", source="select 2 * x")
CATALOG = Catalog(
    Server("app", "18.6", 180006, "boss", "boss"),
    schemas={"public": Schema("public", "boss")},
    relations={one.name: one for one in (NOTES, USERS)},
    functions={DOUBLE.signature: DOUBLE},
    roles={name: Role(name) for name in ("anon", "boss")},
)
TEXT = """\
# Ours.
suite: s

tables:
  users:   # people
    # in this order
    columns:
      id: bigint not null
      email: text not null   # not unique
    indexes:
      - {columns: email, severity: warning, because: searches are few}

functions:
  double(integer): {returns: integer}

expectations:
  # one
  - RlsDisabled: users
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "contract.yaml"
    path.write_text(TEXT)
    return path


def written(path: Path, **narrowed: Any) -> tuple[int, float, float]:
    """How many expectations more there are, the score that is promised, and the one that there is."""
    suite = load(path)
    found = strength(suite, CATALOG, mutants(CATALOG, **narrowed))
    made = write(path, suite, CATALOG, Scope(), found)
    after = strength(load(path), CATALOG, mutants(CATALOG, **narrowed))
    assert not after.broken
    return made.expectations, made.score, after.total.score


def test_it_stands_beside_what_it_is_of_and_all_else_stays(path: Path) -> None:
    before = strength(load(path), CATALOG, mutants(CATALOG)).total.score
    number, promised, score = written(path)
    assert number > 20
    assert promised == score >= 95
    assert before < 50
    after = strength(load(path), CATALOG, mutants(CATALOG))
    assert {(one.mutant.object, one.warned) for one in after.survivors} == {("public.users.users_email_idx", True)}
    text = path.read_text()
    kept = iter(text.split("\n"))
    assert all(line in kept for line in TEXT.split("\n") if "double" not in line)
    content = YAML(typ="safe", pure=True).load(text)
    users = content["tables"]["users"]
    assert users["columns"]["born"] == "date null"
    assert users["closed"] is True
    assert [one for one in users["indexes"] if one["columns"] == "email"] == [
        {"columns": "email", "severity": "warning", "because": "searches are few"}
    ]
    assert content["tables"]["notes"]["comment"] == "said"
    assert {"columns", "kinds", "storage"} <= set(content["tables"]["notes"]["closed"])
    assert content["functions"]["double(integer)"]["closed"] is True
    assert content["expectations"][0] == {"RlsDisabled": "users"}


def test_twice_is_once(path: Path) -> None:
    written(path)
    text = path.read_text()
    assert written(path)[0] == 0
    assert path.read_text() == text


def test_no_more_than_was_asked_for(path: Path) -> None:
    assert written(path, kinds=["ColumnAdded"])[2] == 100
    content = YAML(typ="safe", pure=True).load(path.read_text())
    assert "functions" in content
    assert content["functions"]["double(integer)"] == {"returns": "integer"}
    assert set(content["tables"]["users"]) == {"columns", "indexes"}  # it cannot be closed, for a column is not said
    assert set(content["tables"]) == {"users"}
    assert [next(iter(one)) for one in content["expectations"]] == ["RlsDisabled", "ColumnsAre", "ColumnsAre"]


def test_what_is_only_warned_of_is_left_so(path: Path) -> None:
    found = strength(load(path), CATALOG, mutants(CATALOG, kinds=["IndexDropped"]))
    assert {(one.mutant.object, one.warned, one.suggestion is None) for one in found.survivors} == {
        ("public.users.users_email_idx", True, True),
        ("public.users.by_born", False, False),
    }
    written(path, kinds=["IndexDropped"])
    after = strength(load(path), CATALOG, mutants(CATALOG, kinds=["IndexDropped"]))
    assert [(one.mutant.object, one.warned) for one in after.survivors] == [("public.users.users_email_idx", True)]


def test_json_has_them_in_its_list(tmp_path: Path) -> None:
    path = tmp_path / "contract.json"
    path.write_text('{"suite": "s", "tables": {"users": {}}}')
    assert written(path)[2] >= 99
    assert '"tables": {"users": {}}' in path.read_text()
    assert written(path)[0] == 0
