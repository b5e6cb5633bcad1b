"""What a broken contract gets: each line says where, what, and what was perhaps meant."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from pgcontract.contract import yaml
from pgcontract.contract.load import load, loads
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

EXPECTATION_KEYS = "severity, tags, because"

# What stands below `suite: s`, and each line that is expected, without the file's name.
BROKEN = {
    "unknown expectation": (
        "expectations: [TableExist: users]",
        ["2:16: no expectation is called TableExist. Perhaps you meant TableExists."],
    ),
    "expectation that is a number": ("expectations: [{5: a}]", ["2:17: no expectation is called 5"]),
    "a lane is no expectation": (
        "expectations: [CatalogExpectation: {}]",
        ["2:16: no expectation is called CatalogExpectation"],
    ),
    "unknown key at the top": ("tabels: {}", ["2:1: unknown key 'tabels'; known are …. Perhaps you meant tables."]),
    "unknown key in a table": (
        "tables:\n  users:\n    colums: {}",
        ["4:5: unknown key 'colums'; known are …. Perhaps you meant columns."],
    ),
    "unknown key in a column": (
        "tables: {users: {columns: {id: {typ: uuid}}}}",
        ["2:33: unknown key 'typ'; known are …. Perhaps you meant type."],
    ),
    "unknown key in rls": (
        "tables: {users: {rls: {onwer: id}}}",
        ["2:24: unknown key 'onwer'; known are …. Perhaps you meant owner."],
    ),
    "unknown key in a policy": (
        "tables: {users: {policies: {p: {comand: SELECT}}}}",
        ["2:33: unknown key 'comand'; known are …. Perhaps you meant command."],
    ),
    "unknown key in an expectation": (
        "expectations:\n  - TableExists: {table: users, severty: error}",
        [f"3:33: unknown key 'severty'; known are table, {EXPECTATION_KEYS}. Perhaps you meant severity."],
    ),
    "unknown key in an extension": (
        "extensions: {vector: {minimun: '1'}}",
        ["2:23: unknown key 'minimun'; known are …. Perhaps you meant minimum."],
    ),
    "missing field": ("expectations:\n  - ColumnType: {table: users, column: id}", ["3:17: 'type' is missing"]),
    "missing fields of a short value": (
        "expectations: [ColumnType: users]",
        ["2:28: 'column' is missing", "2:28: 'type' is missing"],
    ),
    "missing field of nothing": ("expectations: [TableExists]", ["2:16: 'table' is missing"]),
    "missing field of an empty value": ("expectations: [TableExists: ]", ["2:16: 'table' is missing"]),
    "list instead of a text": (
        "expectations: [ColumnType: {table: users, column: [id], type: uuid}]",
        ["2:51: column is a list, but must be a text"],
    ),
    "list as a short value": ("expectations: [TableExists: [a]]", ["2:29: table is a list, but must be a text"]),
    "text instead of a truth value": (
        "tables: {users: {columns: {a: {nullable: maybe}}}}",
        ["2:42: nullable is 'maybe', but must be true or false"],
    ),
    "text and fraction instead of numbers, mapping instead of a list": (
        "expectations: [RowCount: {table: users, exactly: a, at_least: 1.5, tags: {a: b}}]",
        [
            "2:50: exactly is 'a', but must be a whole number",
            "2:63: at_least is 1.5, but must be a whole number",
            "2:74: tags is a mapping, but must be a text or a list",
        ],
    ),
    "number instead of a text": (
        "extensions: {vector: {minimum: 0.70}}",
        ["2:32: minimum is 0.70, but must be a text: put it in quotes"],
    ),
    "date instead of a text": (
        "tables: {t: {columns: {d: {default: 2020-01-01}}}}",
        ["2:37: default is 2020-01-01, but must be a text: put it in quotes"],
    ),
    "no such date": (
        "tables: {t: {columns: {d: {default: 2020-13-45}}}}",
        ["2:37: 2020-13-45 is not what it looks like: put it in quotes"],
    ),
    "number as a key": ("tables:\n  5: {}", ["3:3: the key 5 must be a text: put it in quotes"]),
    "number as a field": (
        "expectations: [TableExists: {1: 2, table: a}]",
        ["2:30: the key 1 must be a text: put it in quotes"],
    ),
    "number in a list of names": (
        "roles: [anon, 1]",
        ["2:15: item 2 of roles is 1, but must be a text: put it in quotes"],
    ),
    "list as a key": ("tables: {? [a, b] : {}}", ["2:12: a key is a text, not a list or a mapping"]),
    "list instead of a mapping": (
        "tables: {users: {columns: [a, b]}}",
        ["2:27: columns is a list, but must be a mapping"],
    ),
    "nothing instead of a mapping": ("tables: {users: }", ["2:10: users is empty, but must be a mapping"]),
    "neither of a short form's": (
        "tables: {users: {rls: 5}}",
        ["2:23: rls is 5, but must be true or false or a mapping"],
    ),
    "text instead of a list of names": ("roles: anon", ["2:8: roles is 'anon', but must be a list or a mapping"]),
    "bad severity": (
        "expectations: [TableExists: {table: users, severity: eror}]",
        ["2:54: severity is 'eror', but must be 'error', 'warning' or 'info'. Perhaps you meant error."],
    ),
    "bad command": (
        "expectations: [PolicyPresent: {table: users, command: SELCT}]",
        ["2:55: command is 'SELCT', but must be 'ALL', 'SELECT', …. Perhaps you meant SELECT."],
    ),
    "bad command of a policy": (
        "tables: {users: {policies: {p: {command: selct}}}}",
        ["2:42: command is 'selct', but must be 'ALL', 'SELECT', …. Perhaps you meant SELECT."],
    ),
    "bad action": (
        "tables:\n  u:\n    foreign_keys:\n      - {columns: a, references: b(id), on_delete: cascad}",
        ["5:52: on_delete is 'cascad', but must be …. Perhaps you meant CASCADE."],
    ),
    "bad event in a list": (
        "expectations: [TriggerPresent: {table: a, name: b, events: [DELETE, UPDAT]}]",
        ["2:69: item 2 of events is 'UPDAT', but must be …. Perhaps you meant UPDATE."],
    ),
    "bad timing of a trigger": (
        "tables: {u: {triggers: {t: {timing: befor}}}}",
        ["2:37: timing is 'befor', but must be …. Perhaps you meant BEFORE."],
    ),
    "unknown privilege": (
        "expectations: [PrivilegeGranted: {role: anon, privileges: [SELEC], table: users}]",
        ["2:59: privileges: 'SELEC' is not a privilege. Perhaps you meant SELECT."],
    ),
    "unknown privilege in grants": (
        "tables: {users: {grants: {anon: [selec]}}}",
        ["2:33: anon: 'selec' is not a privilege. Perhaps you meant SELECT."],
    ),
    "bad relation": (
        "expectations: [TableExists: a.b.c]",
        ["2:29: table: 'a.b.c' has 3 parts; write name or schema.name, quoting a part that holds a dot"],
    ),
    "bad relation as a key": (
        "tables: {'a.b.c': {}}",
        ["2:10: 'a.b.c' has 3 parts; write name or schema.name, quoting a part that holds a dot"],
    ),
    "bad signature as a key": (
        "functions: {'f(int': {}}",
        ["2:13: 'f(int' is not a function signature: the closing bracket is missing"],
    ),
    "bounds that are not given": (
        "expectations: [RowCount: users]",
        ["2:26: RowCount: give exactly, at_least, at_most or same_as"],
    ),
    "section that is a list": ("tables: []", ["2:9: tables is a list, but must be a mapping"]),
    "expectations that are a mapping": (
        "expectations: {TableExists: a}",
        ["2:15: expectations is a mapping, but must be a list, of one `Kind: …` an item"],
    ),
    "expectations that are nothing": (
        "expectations:",
        ["2:1: expectations is empty, but must be a list, of one `Kind: …` an item"],
    ),
    "expectation with two keys": (
        "expectations:\n  - {TableExists: a, ColumnExists: b}",
        ["3:5: an expectation is one `Kind: …`, such as `TableExists: users`"],
    ),
    "expectation that is a bare number": (
        "expectations: [5]",
        ["2:16: an expectation is one `Kind: …`, such as `TableExists: users`"],
    ),
    "bad schema": ("schema: 7", ["2:9: schema is 7, but must be a name: put it in quotes"]),
    "duplicate key": ("tables:\n  users: {}\n  users: {}", ["4:3: the key 'users' stands twice; first in line 3"]),
    "YAML that does not end": ("tables: {users: [", ["3:1: expected the node content, but found '<stream end>'"]),
    "tab": ("tables:\n\tusers: {}", ["3:1: a tab stands where YAML has blanks"]),
    "tag": ("schema: !!python/object:os.system s", ["2:9: a contract has no tags, such as tag:yaml.org,2002:…"]),
    "alias inside of itself": (
        "tables: {users: &t {columns: *t}}",
        ["2:17: an alias stands inside of what it names"],
    ),
    "second document": ("---\nsuite: t", ["2:1: a second document begins, but a contract is one"]),
    "several, in the file's order": (
        (
            "expectations:\n  - TableExist: users\n  - TableExists: {tabel: a}\n"
            "tables: {users: {severity: eror, because: [a]}}\nschma: public"
        ),
        [
            "3:5: no expectation is called TableExist. Perhaps you meant TableExists.",
            "4:18: 'table' is missing",
            "4:19: unknown key 'tabel'; known are …. Perhaps you meant table.",
            "5:28: severity is 'eror', but must be 'error', 'warning' or 'info'. Perhaps you meant error.",
            "5:43: because is a list, but must be a text",
            "6:1: unknown key 'schma'; known are …. Perhaps you meant schema.",
        ],
    ),
}


def problems(error: ContractError) -> list[str]:
    return str(error).splitlines()


def assert_lines(found: list[str], expected: list[str]) -> None:
    """`…` in what is expected stands for anything."""
    assert len(found) == len(expected), found
    for line, wanted in zip(found, expected, strict=True):
        pattern = re.escape(wanted).replace("…", ".+")
        assert re.fullmatch(pattern, line), f"{line}\nis not\n{wanted}"


@pytest.mark.parametrize("name", BROKEN)
def test_yaml(name: str) -> None:
    text, expected = BROKEN[name]
    with pytest.raises(ContractError) as caught:
        loads(f"suite: s\n{text}\n", "c.yaml")
    assert_lines(problems(caught.value), [f"c.yaml:{line}" for line in expected])


def in_json(name: str) -> str | None:
    """The contract in JSON, unless that cannot have such a mistake."""
    text, expected = BROKEN[name]
    try:
        content = yaml.read(f"suite: s\n{text}\n", "c.yaml").content
        return None if "the key" in expected[0] or "0.70" in text else json.dumps(content, indent="\t")
    except (ContractError, TypeError):
        return None


@pytest.mark.parametrize("name", [name for name in BROKEN if in_json(name)])
def test_the_same_in_json(name: str, tmp_path: Path) -> None:
    """Each problem is found in JSON too, in the same words, and at the place of the same text."""
    _, expected = BROKEN[name]
    written = in_json(name) or ""
    file = tmp_path / "c.json"
    file.write_text(written)
    with pytest.raises(ContractError) as caught:
        load(file)
    lines = problems(caught.value)
    words = [line.split(": ", 1)[1] for line in lines]
    assert_lines(sorted(words), sorted(line.split(": ", 1)[1] for line in expected))
    places = [tuple(map(int, line.removeprefix(f"{file}:").split(": ")[0].split(":"))) for line in lines]
    assert places == sorted(places)
    rows = written.splitlines()
    for (row, column), line in zip(places, words, strict=True):
        at = rows[row - 1][column - 1 :]
        key = re.match(r"unknown key '(\w+)'", line)
        assert at.startswith(f'"{key[1]}"') if key else at[0] in '"{[0123456789nt'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "1:1: expecting value"),
        ('{"suite": "s",\n "tables": {,}}', "2:13: expecting property name enclosed in double quotes"),
        (
            '{"suite": "s",\n "tables": {"users": {}, "users": {}}}',
            "2:26: the key 'users' stands twice; first in line 2",
        ),
        ('{"suite": "s", "expectations": [{"TableExist": "a"}]}', "1:34: no expectation is called TableExist…"),
        ("[]", "1:1: a contract is a mapping with the keys suite, schema, tables, …"),
    ],
)
def test_json(text: str, line: str, tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text(text)
    with pytest.raises(ContractError) as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}:{line.removesuffix('…')}")


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_nesting_without_end(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"c.{suffix}"
    file.write_text('{"suite": ' + "[" * 100_000)
    with pytest.raises(ContractError, match="it is nested too deeply"):
        load(file)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "1:1: a contract is a mapping with the keys suite, schema, tables, …"),
        (b"- a\n", "1:1: a contract is a mapping with the keys suite, schema, tables, …"),
        (b"tables: {}\n", "1:1: 'suite', the contract's name, is missing"),
        (b"suite: 2024\n", "1:8: suite is 2024, but must be a name: put it in quotes"),
        (b"suite: ' '\n", "1:8: suite is ' ', but must be a name"),
        ("a: 1\nsuite: é\n".encode("latin-1"), "2:8: this is not UTF-8"),
        (b"suite: s\nex\0: a\n", "2:3: unacceptable character #x0000: special characters are not allowed"),
    ],
)
def test_files(content: bytes, line: str, tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_bytes(content)
    with pytest.raises(ContractError) as caught:
        load(file)
    assert str(caught.value) == f"{file}:{line}"


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    for name, text in (("c.yaml", "suite: s"), ("c.json", '{"suite": "s"}')):
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
        assert load(tmp_path / name).name == "s"


@pytest.mark.parametrize("name", BROKEN)
def test_no_words_of_the_libraries(name: str) -> None:
    with pytest.raises(ContractError) as caught:
        loads(f"suite: s\n{BROKEN[name][0]}\n")
    for words in ("nput should", "function-", "[key]", "pydantic", "valid dict", "Literal", "literal["):
        assert words not in str(caught.value)


def test_a_thousand_problems_are_found_in_one_reading() -> None:
    text = "suite: s\nexpectations:\n" + "".join(f"  - TableExist: t{number}\n" for number in range(1000))
    with pytest.raises(ContractError) as caught:
        loads(text)
    lines = problems(caught.value)
    assert len(lines) == 1000
    assert lines[-1].startswith("contract.yaml:1002:5: ")
