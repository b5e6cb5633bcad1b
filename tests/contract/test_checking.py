"""What can be told of a contract file without a database: each kind of trouble, at its line, and no false ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pgcontract import ColumnType, PrivilegeGranted, PrivilegeNotGranted, Suite
from pgcontract.contract import registry
from pgcontract.contract.builtin_types import builtin
from pgcontract.contract.checking import check
from pgcontract.contract.claims import _TABLES, KINDS
from pgcontract.contract.contradictions import contradictions

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 6, 1)

SHORT = """\
suite: shop
tables:
  users:
    columns:
      id: {type: uuid, nullable: false}
      name: varchar(80) null default 'x'
    primary_key: id
    rls: true
expectations:
  - ColumnsAre: {table: closed, columns: [name]}
  - ObjectAbsent: {noun: table, name: gone}
"""


def found(path: Path, text: str) -> list[tuple[str, str, int | None]]:
    path.write_text(text, encoding="utf-8")
    return [(each.level, each.rule, each.line) for each in check(str(path), TODAY).troubles]


@pytest.mark.parametrize(
    ("item", "level", "rule"),
    [
        ("ColumnType: {table: users, column: id, type: bigint}", "error", "contradiction"),
        ("ColumnType: {table: users, column: id, type: mood}", "warning", "contradiction"),
        ("ColumnDefault: {table: users, column: name, default: lower('X')}", "warning", "contradiction"),
        ("ColumnNullable: {table: users, column: id}", "error", "contradiction"),
        ("RlsDisabled: users", "error", "contradiction"),
        ("ViewExists: users", "error", "contradiction"),
        ("ObjectAbsent: {noun: table, name: users}", "error", "contradiction"),
        ("ObjectAbsent: {noun: column, name: id, of: users}", "error", "contradiction"),
        ("PrimaryKey: {table: users, columns: [id, name]}", "error", "contradiction"),
        ("ColumnsAre: {table: users, columns: [id]}", "error", "contradiction"),
        ("PrimaryKey: {table: closed, columns: [id]}", "error", "contradiction"),
        ("PolicyPresent: {table: gone, name: own}", "error", "contradiction"),
        ("TableExists: users", "warning", "repeated"),
        ("RlsEnabled: {table: users, severity: warning}", "warning", "repeated"),
        ("ColumnType: {table: users, column: note, type: 'varcharr(80)[]'}", "warning", "unknown-type"),
        ("TableExist: users", "error", "unusable"),
        ("ColumnType: {table: users, colum: id, type: uuid}", "error", "unusable"),
    ],
)
def test_a_line_that_does_not_fit_the_others_is_named(tmp_path: Path, item: str, level: str, rule: str) -> None:
    troubles = found(tmp_path / "contract.yaml", f"{SHORT}  - {item}\n")
    assert (level, rule) in {(each[0], each[1]) for each in troubles}
    assert {each[2] for each in troubles} == {12}


@pytest.mark.parametrize(
    "item",
    [
        "ColumnType: {table: users, column: name, type: character varying( 80 )}",
        "ColumnsAre: {table: users, columns: [name, id]}",
        "ColumnDefault: {table: users, column: id, default: null}",
        "ColumnType: {table: users, column: note, type: citext}",
        "ColumnType: {table: users, column: note, type: 'users[]'}",
        "ColumnType: {table: users, column: note, type: 'float[]'}",
        "ColumnType: {table: users, column: note, type: ulid}",
        "ColumnNotNull: {table: gone, column: note}",  # it may be a view
        "RlsForced: users",
        "ObjectAbsent: {noun: view, name: users}",
        "PrimaryKey: {table: orders, columns: [id]}",
        "TablesAre: [orders]",  # partitions are left out of it, so `users` may be there
    ],
)
def test_what_fits_is_left_alone(tmp_path: Path, item: str) -> None:
    assert found(tmp_path / "contract.yaml", f"{SHORT}  - {item}\n") == []


def test_both_lines_of_a_contradiction_are_named(tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text(f"{SHORT}  - ColumnType: {{table: users, column: id, type: int}}\n", encoding="utf-8")
    (trouble,) = check(str(file), TODAY).troubles
    assert trouble.message == "public.users.id has the type int, but line 5 says: public.users.id has the type uuid"


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".py"])
def test_ignores_that_do_nothing_are_named(tmp_path: Path, suffix: str) -> None:
    suite = Suite("shop", [ColumnType("users", "id", "uuid")])
    suite = suite.ignoring("public.a", because="old", until=date(2026, 5, 31))
    suite = suite.ignoring("public.b", because="still", until=TODAY).ignoring(kind="ColumnTyp", because="typed badly")
    file = tmp_path / f"contract{suffix}"
    texts = {
        ".yaml": suite.to_yaml(),
        ".json": suite.to_json(),
        ".py": "from pgcontract.contract.load import loads\nsuite = loads('''" + suite.to_yaml() + "''')\n",
    }
    file.write_text(texts[suffix], encoding="utf-8")
    checked = check(str(file), TODAY)
    assert checked.valid
    assert sorted(each.rule for each in checked.troubles) == ["expired-ignore", "unknown-kind"]
    assert [each.message for each in checked.troubles if each.rule == "unknown-kind"] == [
        "an ignore is of the kind ColumnTyp, and no expectation is called so. Perhaps you meant ColumnType."
    ]


def test_a_baseline_is_checked_as_one(tmp_path: Path) -> None:
    text = "format: pgcontract.baseline/1\nignore:\n- {subject: public.a, because: old}\n"
    assert found(tmp_path / "baseline.yaml", text) == []
    over = text + "- {subject: public.b, because: old, until: 2026-05-31}\n"
    assert found(tmp_path / "baseline.yaml", over) == [("warning", "expired-ignore", 4)]
    assert found(tmp_path / "baseline.yaml", text.replace("because", "becuase"))[0] == ("error", "unusable", 3)
    assert found(tmp_path / "baseline.yaml", text.replace("/1", "/9")) == [("error", "unusable", 1)]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("contract.yaml", "suite: s\ntables: [\n", 3),
        ("contract.yaml", "suite: s\nsuite: t\n", 2),
        ("odd:1:2: contract.yaml", "suite: s\ntabels: {}\n", 2),
        ("contract.json", '{"suite": "s",\n "tables": }', 2),
        ("contract.py", "suite = 1\nraise ValueError('no')\n", 2),
        ("contract.txt", "suite: s\n", None),
    ],
)
def test_what_cannot_be_read_is_an_error_at_its_line(tmp_path: Path, name: str, text: str, line: int | None) -> None:
    troubles = found(tmp_path / name, text)
    assert ("error", "unusable", line) in troubles
    assert {each.file for each in check(str(tmp_path / name), TODAY).troubles} == {str(tmp_path / name)}


def test_an_empty_contract_is_none(tmp_path: Path) -> None:
    assert found(tmp_path / "contract.yaml", "suite: s\n") == [("error", "empty", None)]


@pytest.mark.parametrize("name", ["contract.yaml", "contract.py"])
def test_nothing_is_said_against_the_example(name: str) -> None:
    checked = check(str(ROOT / "examples" / "supabase" / name), TODAY)
    assert checked.troubles == ()
    assert checked.expectations > 1000


def test_privileges_contradict_one_by_one() -> None:
    granted = PrivilegeGranted("anon", ["select", "insert"], table="users")
    denied = [PrivilegeNotGranted("anon", ["insert"], table=table) for table in ("users", "orders")]
    pairs = list(contradictions(Suite("s", [granted, *denied])))
    assert [(pair.first.kind, pair.second.subject) for pair in pairs] == [("PrivilegeGranted", "public.users")]


def test_every_kind_and_field_of_which_something_is_known_exists() -> None:
    for kind in KINDS:
        assert kind in registry.offered()
    for table, _ in _TABLES:
        for kind, (_, key, value) in table.items():
            fields = registry.offered()[kind].model_fields
            named = {name for name in (*key, value) if isinstance(name, str)} - {"of"}
            assert named <= fields.keys(), kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("INT8", "bigint"),
        ("decimal(12, 2)", "numeric(12,2)"),
        ("numeric(12)", "numeric(12,0)"),
        ("timestamptz(3)[]", "timestamp with time zone(3)[]"),
        ("timestamp (3) with time zone", "timestamp with time zone(3)"),
        ("char", "character(1)"),
        ("national character varying(3)", "character varying(3)"),
        ("float", "double precision"),
        ("float(24)[]", "real[]"),
        ("float(25)", "double precision"),
        ("float(x)", None),
        ("pg_catalog.int4", "integer"),
        ("integer[3]", "integer[]"),
        ("mood", None),
        ("app.int", None),
        ('"char"', None),
        ("vector(3)", None),
    ],
)
def test_types_of_postgres_s_own_have_one_name(text: str, name: str | None) -> None:
    assert builtin(text) == name
