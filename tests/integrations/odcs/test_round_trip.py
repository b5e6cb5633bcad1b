"""Whatever a suite says, its data contract reads back as it, and is one by the standard's own JSON Schema."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml as pyyaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pgcontract import Suite
from pgcontract.contract import registry, yaml
from pgcontract.contract.load import loads
from pgcontract.integrations import odcs

if TYPE_CHECKING:
    from types import ModuleType

    from pgcontract.contract.expectation import Expectation

ROOT = Path(__file__).resolve().parents[3]
often = settings(
    max_examples=5 * int(os.environ.get("PGCONTRACT_EXAMPLES", "5")),
    deadline=None,
    derandomize="PGCONTRACT_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
NATIVE = (
    *("TableExists", "ViewExists", "RelationExists", "ForeignTableExists", "ColumnExists", "ColumnType", "CommentIs"),
    *("ColumnNotNull", "PrimaryKey", "UniqueConstraint", "ForeignKey", "ValuesNotNull", "NullShare", "ValuesInSet"),
    *("ValuesMatch", "ValuesUnique", "ValuesBetween", "ValueLengths", "RowCount", "RoleExists", "NoOrphans"),
)
"""What the standard has a place for, in whole or in part."""
RELATIONS = st.sampled_from(["users", '"Us er"', "app.users", '"a.b"', 'public."x\'y"'])
COLUMNS = st.sampled_from(["id", "Name", "a.b", "é"])


@lru_cache
def drawn() -> ModuleType:
    """The strategies by which contract files are tried."""
    file = ROOT / "tests" / "contract" / "test_properties.py"
    spec = importlib.util.spec_from_file_location("contract_properties", file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@lru_cache
def standard() -> Any:
    text = files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8")
    return jsonschema.Draft201909Validator(json.loads(text))


def by_others(text: str) -> Any:
    """What other tools read, by YAML 1.1."""
    return pyyaml.load(text, getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader))  # noqa: S506 - a safe one


def crowded(kind: str) -> st.SearchStrategy[Expectation]:
    """Expectations on few relations and columns, so that they meet."""
    cls = registry.offered()[kind]

    def placed(values: dict[str, Any], relation: str, one: str, other: str) -> Expectation | None:
        values |= {key: relation for key in ("table", "view", "relation") if key in cls.model_fields}
        values |= {"column": one} if "column" in values else {}
        values |= (
            {"columns": list(dict.fromkeys([one, other]))[: len(values["columns"])]} if "columns" in values else {}
        )
        values |= {"references": f'{relation}("{other}")'} if "references" in values else {}
        try:
            return cls(**values)
        except ValidationError:
            return None

    made: Any = st.builds(placed, drawn()._values(cls), RELATIONS, COLUMNS, COLUMNS)  # noqa: SLF001 - the strategies are one
    return made.filter(lambda each: each is not None)  # type: ignore[no-any-return]


def proven(suite: Suite) -> str:
    """The text of the suite's data contract, of which all is true that must be of each."""
    text = odcs.dumps(suite)
    imported = odcs.loads(text)
    assert set(imported.suite) == set(suite)
    for name in ("name", "schema", "ignores", "principals", "rows_as"):
        assert getattr(imported.suite, name) == getattr(suite, name)
    assert not imported.unchecked
    document = by_others(text)
    standard().validate(document)
    assert document == yaml.read(text, "d").content
    return text


def test_any_suite() -> None:
    @often
    @given(drawn().suites)
    def holds(suite: Suite) -> None:
        proven(suite)

    holds()


def test_suites_of_what_the_standard_knows() -> None:
    @often
    @given(
        st.builds(
            Suite,
            drawn().filled,
            st.lists(st.one_of([crowded(kind) for kind in NATIVE]), max_size=14),
            schema=st.sampled_from(["public", "app"]),
        )
    )
    def holds(suite: Suite) -> None:
        proven(suite)

    holds()


def test_the_supabase_example() -> None:
    suite = Suite.load(ROOT / "examples" / "supabase" / "contract.yaml")
    text = proven(suite)
    assert "unstated" not in text
    document = by_others(text)
    assert len(document["schema"]) == 17
    written = {one["name"]: one for each in document["schema"] for one in each.get("properties", ())}
    assert written["slug"]["required"] is written["slug"]["unique"] is True


@pytest.mark.parametrize(
    ("lines", "stands"),
    [
        ("- ColumnNotNull: {table: t, column: c}", "required: true"),
        ("- PrimaryKey: {table: t, columns: c}", "primaryKeyPosition: 1"),
        ("- UniqueConstraint: {table: t, columns: c}", "unique: true"),
        ("- ForeignKey: {table: t, columns: c, references: u(id), on_delete: cascade}", "to: u.id"),
        ("- ForeignKey: {table: t, columns: [c, d], references: 'u(a, b)'}", "to: [u.a, u.b]"),
        ("- ValuesNotNull: {table: t, column: c, tags: x}", "metric: nullValues, mustBe: 0, tags: [x]"),
        ("- ValuesInSet: {table: t, column: c, values: [1, 2], mostly: 0.95}", "mustBeLessOrEqualTo: 5, unit: percent"),
        ("- ValuesUnique: {table: t, columns: [c, d]}", "arguments: {properties: [c, d]}"),
        ("- RowCount: {table: t, at_least: 1, at_most: 9}", "mustBeBetween: [1, 9]"),
        ("- ValuesBetween: {table: t, column: c, at_least: 0}", "logicalTypeOptions: {minimum: 0}"),
        ("- CommentIs: {noun: table, name: t, comment: whose}", "description: whose"),
        ("- RoleExists: reader", "role: reader"),
        ("- RlsEnabled: t", "property: pgcontract"),
        ("- ValuesNotNull: {table: t, column: c, where: d > 0}", "engine: pgcontract"),
        ("- ColumnNotNull: {table: elsewhere, column: c}", "elsewhere, column: c"),
    ],
)
def test_where_it_stands(lines: str, stands: str) -> None:
    """In the keys of the standard, wherever it has some; where none is meant, tools of others pass over it."""
    basic = ["TableExists: t", *(f"ColumnType: {{table: t, column: {name}, type: int}}" for name in "cd")]
    text = "".join(f"- {each}\n" for each in basic)
    suite = loads(f"suite: s\nexpectations:\n{text}{lines}\n")
    assert stands in " ".join(proven(suite).split())
