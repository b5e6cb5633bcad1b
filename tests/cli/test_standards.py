"""`pgcontract import` and `pgcontract export`, as a user runs them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgcontract import Suite

Run = Any
DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENT = """\
apiVersion: v3.1.0
kind: DataContract
id: i
version: 1.0.0
name: shop
description: {purpose: "postgresql://ann:xyz@db/app"}
schema:
- name: t
  physicalType: table
  quality: [{type: text, description: well}]
"""
DBT = "version: 2\nmodels: [{name: t, columns: [{name: c, tests: [house_style]}]}]\n"


def test_an_import_writes_each_form_and_tells_the_rest(run: Run, here: Path) -> None:
    (here / "shop.odcs.yaml").write_text(DOCUMENT)
    outputs = [word for suffix in ("yaml", "json", "py") for word in ("-o", f"out.{suffix}")]
    ended = run("import", "shop.odcs.yaml", *outputs, "--name", "mine")
    assert (ended.status, ended.out) == (0, "")
    assert ended.lines == [
        "not verified: shop.odcs.yaml:10:13: quality: well: a text for people",
        "no promise on a database, kept as comments: id, version, description",
    ]
    suites = [Suite.load(here / f"out.{suffix}") for suffix in ("yaml", "json", "py")]
    assert [(suite.name, len(suite)) for suite in suites] == [("mine", 1)] * 3
    for suffix in ("yaml", "py"):
        text = (here / f"out.{suffix}").read_text("utf-8")
        assert "#   shop.odcs.yaml:10:13: quality: well" in text
        assert "postgresql://ann:***@db/app" in text
        assert "xyz" not in text


def test_strict_ends_with_what_could_not_be_checked(run: Run, here: Path) -> None:
    (here / "schema.yml").write_text(DBT)
    assert run("import", "schema.yml").status == 0
    assert run("import", "schema.yml", "--strict").status == 3
    (here / "schema.yml").write_text(DBT.replace("house_style", "unique"))
    assert run("import", "schema.yml", "--strict").status == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nowhere.yml"], "there is no contract 'nowhere.yml'"),
        (["contract.yaml"], "contract.yaml is a contract of pgcontract already"),
        (
            ["other.yaml"],
            "other.yaml is no data contract of the Open Data Contract Standard, and no schema file of dbt",
        ),
        (["shop.odcs.yaml", "schema.yml"], "shop.odcs.yaml is a data contract, and schema.yml is none"),
        (
            ["spec.yaml"],
            "spec.yaml is of the Data Contract Specification, which the Open Data Contract Standard replaced",
        ),
        (["dbt_project.yml"], "dbt_project.yml:1:9: models is a mapping, but must be a list"),
        (["old.yaml"], "old.yaml:1:1: 'apiVersion', the version of the standard, is missing"),
        (["schema.yml", "--map", "raw"], "--map 'raw' is no pair of schemas"),
        (["schema.yml", "-o", "c.txt"], "c.txt: which format?"),
        (["one.yaml", "two.yaml"], "the files contradict each other: rows are read as one role, not as a and b"),
        (["."], "there are no models, seeds, snapshots or sources"),
    ],
)
def test_what_cannot_be_imported_is_refused(run: Run, here: Path, arguments: list[str], why: str) -> None:
    (here / "shop.odcs.yaml").write_text(DOCUMENT)
    if arguments != ["."]:
        (here / "schema.yml").write_text(DBT)
    (here / "other.yaml").write_text("a: 1\n")
    (here / "spec.yaml").write_text("dataContractSpecification: 1.1.0\nmodels: {t: {}}\n")
    (here / "dbt_project.yml").write_text("models: {shop: {}}\n")
    (here / "old.yaml").write_text("datasetDomain: x\n")
    for name, role in (("one.yaml", "a"), ("two.yaml", "b")):
        own = f"customProperties: [{{property: pgcontract, value: {{rows_as: {role}}}}}]\n"
        (here / name).write_text(DOCUMENT + own)
    ended = run("import", *arguments)
    assert ended.status == 2
    assert ended.lines[0].startswith(f"pgcontract: {why}")


def test_an_export_comes_back(run: Run, here: Path) -> None:
    ended = run("export", "contract.yaml", "--contract-version", "2.0.0", "--status", "draft", "--id", "x")
    assert "id: x\nname: shop\nversion: '2.0.0'\nstatus: draft\n" in ended.out
    names = ("a.odcs.yaml", "b.yaml", "c.json", "d.py")
    assert run("export", *(word for name in names for word in ("-o", name))).status == 2  # no contract
    assert run("export", "contract.yaml", *(word for name in names for word in ("-o", name))).status == 0
    assert (here / "a.odcs.yaml").read_text() == (here / "b.yaml").read_text() != ended.out
    assert run("import", "b.yaml", "-o", "e.yaml").status == 0
    assert run("export", "contract.yaml", "--format", "yaml", "-o", "f.yaml").status == 0
    for name in ("c.json", "d.py", "e.yaml", "f.yaml"):
        assert set(Suite.load(here / name)) == set(Suite.load(here / "contract.yaml"))


def test_without_the_extra_it_is_said_which(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "open_data_contract_standard", None)
    ended = run("export", "contract.yaml")
    assert ended.status == 2
    assert ended.lines[-1].strip() == 'Install it: pip install "pgcontract[odcs]"'


@pytest.mark.parametrize("page", ["odcs.md", "dbt.md"])
def test_the_programs_of_the_pages_run(page: str) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    exec(compile(program, page, "exec"), {})  # noqa: S102 - our own text


@pytest.mark.parametrize(("page", "name"), [("odcs.md", "orders.odcs.yaml"), ("dbt.md", "models/schema.yml")])
def test_the_pages_show_what_is_told(run: Run, here: Path, page: str, name: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    (content,) = re.findall(rf"`{name}`:\n\n```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    command, *_ = re.findall(rf"^\$ pgcontract (import {name}.*)$", text, re.MULTILINE)
    (told,) = re.findall(r"^```text\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (here / name).parent.mkdir(exist_ok=True)
    (here / name).write_text(content)
    assert run(*command.split()).err == told


RULES = (
    "{metric: nullValues, mustBeLessThan: 2}",
    "{metric: nullValues, mustBeLessThan: 50, unit: percent}",
    "{metric: missingValues, arguments: {missingValues: [null, '']}, mustBeLessThan: 2}",
    "{metric: invalidValues, arguments: {validValues: [a, b], pattern: '^.$'}, mustBeLessThan: 2}",
    "{metric: duplicateValues, mustBeLessThan: 2}",
    "{metric: duplicateValues, mustBeLessThan: 34, unit: percent}",
    "{type: sql, query: 'select count(*) from {object} where {property} is null -- all', mustBeBetween: [0, 1]}",
)


def test_what_is_counted_in_a_query_holds_and_breaks(run: Run, here: Path, url: str, change: Any) -> None:
    """Each rule holds on three rows, one of them NULL, and is broken once there are more of each kind."""
    rules = "".join(f"\n    - {rule}" for rule in RULES)
    together = "{metric: duplicateValues, mustBeLessThan: 3, arguments: {properties: [c]}}"
    more = f"    quality: [{{metric: rowCount, mustNotBe: 12}}, {together}]\n"
    keys = "apiVersion: v3.1.0\nkind: DataContract\nid: i\nversion: 1.0.0\nname: shop\nschema:\n  - name: Odd t\n"
    (here / "d.yaml").write_text(
        f"{keys}{more}    properties:\n    - name: c\n      quality:{rules.replace('    -', '      -')}\n"
    )
    assert run("import", "d.yaml", "-o", "c.yaml").lines == ["no promise on a database, kept as comments: id, version"]
    change(url, """create table "Odd t" (c text); insert into "Odd t" values ('a'), ('b'), (null)""")
    assert run("verify", "c.yaml", "--db", url).status == 0
    change(url, """insert into "Odd t" values (null), (null), (null), (null), (null), ('xx'), ('xx'), ('xx'), ('xx')""")
    report = json.loads(run("verify", "c.yaml", "--db", url, "--format", "json").out)
    queries = [each["status"] for each in report["outcomes"] if each["kind"] == "QueryReturns"]
    assert queries == ["failed"] * (len(RULES) + 2)
    with psycopg.connect(url) as connection:
        assert connection.execute('select count(*) from "Odd t"').fetchone() == (12,)
