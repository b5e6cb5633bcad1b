"""`pgcontract inventory`, as a user runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from pgcontract import Suite
from pgcontract.catalog import saved
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.roles import Role
from pgcontract.catalog.schemas import Schema
from pgcontract.cli.app import command_line
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

RUN = CliRunner()


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A small catalog that was saved."""
    columns = {"id": Column("id", 1, "integer", not_null=True), "note": Column("note", 2, "text")}
    table = Relation("public.items", "table", "app", columns)
    catalog = Catalog(
        Server("shop", "18.1", 180001, "app", "app"),
        schemas={"public": Schema("public", "app")},
        relations={"public.items": table},
        roles={"app": Role("app")},
    )
    file = tmp_path / "shop.json"
    file.write_text(saved.dump(catalog), "utf-8")
    return str(file)


def test_standard_output_is_a_contract(shop: str, tmp_path: Path) -> None:
    done = RUN.invoke(command_line(), ["inventory", "--db", shop])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("# What the database held, written by `pgcontract inventory` ")
    assert "suite: shop\n" in done.stdout
    assert "id: integer not null\n" in done.stdout
    (tmp_path / "c.yaml").write_text(done.stdout, "utf-8")
    assert RUN.invoke(command_line(), ["inventory", "--db", shop]).stdout == done.stdout
    long = RUN.invoke(command_line(), ["inventory", "--db", shop, "--long"]).stdout
    (tmp_path / "long.yaml").write_text(long, "utf-8")
    assert set(Suite.load(tmp_path / "long.yaml")) == set(Suite.load(tmp_path / "c.yaml"))


def test_files_are_written_by_their_suffix(shop: str, tmp_path: Path) -> None:
    names = ["c.yaml", "c.json", "c.py", "c.md", "c.html", "c.mmd"]
    outputs = [word for name in names for word in ("-o", str(tmp_path / name))]
    done = RUN.invoke(command_line(), ["inventory", "--db", shop, "--name", "mine", *outputs])
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    contracts = [Suite.load(tmp_path / name) for name in names[:3]]
    assert {contract.name for contract in contracts} == {"mine"}
    assert len({frozenset(contract) for contract in contracts}) == 1
    assert "items" in (tmp_path / "c.mmd").read_text("utf-8")
    assert "<!doctype html>" in (tmp_path / "c.html").read_text("utf-8").lower()


def test_a_part_says_so_at_its_top(shop: str) -> None:
    done = RUN.invoke(command_line(), ["inventory", "--db", shop, "--schema", "public", "--level", "tables"])
    assert "\n# Only a part of it: --schema public --level tables\n" in done.stdout
    assert "integer" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--schema", "pulbic"], "there is no schema 'pulbic'"),
        (["--format", "yml"], "yml"),
        (["-o", "contract.txt"], "which format?"),
    ],
)
def test_what_cannot_be_is_refused(shop: str, arguments: list[str], why: str) -> None:
    done = RUN.invoke(command_line(), ["inventory", "--db", shop, *arguments])
    assert isinstance(done.exception, ContractError)
    assert why in str(done.exception)


def test_a_contract_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("suite: s\nexpectations: []\n")
    done = RUN.invoke(command_line(), ["inventory", "--db", str(tmp_path / "c.yaml")])
    assert "is a contract already" in str(done.exception)


def test_an_empty_contract_is_said_to_be_so(shop: str) -> None:
    done = RUN.invoke(command_line(), ["inventory", "--db", shop, "--only", "nothing_*"])
    assert done.exit_code == 0
    assert "nothing that was asked for is there" in done.stderr
