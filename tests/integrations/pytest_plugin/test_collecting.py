"""Each expectation is a test: what it is called, what selects it, and what pytest says of its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from pgcontract.integrations.pytest_plugin import collecting, running
from pgcontract.run.runner import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pgcontract import Suite
    from pgcontract.contract.expectation import Expectation

CONTRACT = """\
suite: notes
expectations:
  - ColumnType: {table: notes, column: id, type: integer, tags: [core, skip]}
  - ColumnType: {table: notes, column: body, type: varchar(20), because: notes are short}
  - PolicyPresent: {table: notes, name: everyone, severity: warning, tags: phase two}
  - RlsForced: {table: notes, severity: info}
  - RlsBlocksAnon: notes
  - RowsSatisfy: {table: notes, predicate: no_such_function(body)}
  - PrivilegeGranted: {table: notes, privileges: SELECT, role: anon}
  - PrivilegeGranted: {table: notes, privileges: SELECT, role: authenticated}
"""
NAMES = [
    "ColumnType public.notes.id",
    "ColumnType public.notes.body",
    "PolicyPresent public.notes.everyone",
    "RlsForced public.notes",
    "RlsBlocksAnon public.notes",
    "RowsSatisfy public.notes",
    "PrivilegeGranted public.notes[anon]",
    "PrivilegeGranted public.notes[authenticated]",
]
NOWHERE = "postgresql://nobody@localhost:1/nothing"


@pytest.fixture
def contract(pytester: pytest.Pytester) -> str:
    pytester.makefile(".yaml", contract=CONTRACT)
    return "--pgcontract=contract.yaml"


def collected(result: pytest.RunResult) -> list[str]:
    return [line.partition("::")[2] for line in result.outlines if "::" in line]


def test_what_pytest_says(run: Callable[..., pytest.RunResult], contract: str) -> None:
    result = run(contract, "-v", "-rsP", "--strict-markers", "--junit-xml=junit.xml")
    result.assert_outcomes(passed=5, failed=1, skipped=1, errors=1, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "contract.yaml::ColumnType public.notes.id PASSED*",
            "*ERROR at setup of contract.yaml: RowsSatisfy public.notes*",
            "could not be checked: function no_such_function(text) does not exist*",
            "  at: contract.yaml:8:5",
            "*= FAILURES =*",
            "*_ contract.yaml: ColumnType public.notes.body _*",
            "type of public.notes.body is text, not character varying(20)",
            "  expected: character varying(20)",
            "  observed: text",
            "    alter table public.notes alter column body type character varying(20);",
            "  because: notes are short",
            "  at: contract.yaml:4:5",
            "  contract.yaml:5: ContractWarning: public.notes has no policy everyone",
            "*- Captured notice call -*",
            "row-level security * public.notes*",
            "SKIPPED [[]1] contract.yaml:7: no positive control: public.notes is empty*",
        ]
    )
    assert ".py:" not in result.stdout.str()


def test_junit(run: Callable[..., pytest.RunResult], contract: str, pytester: pytest.Pytester) -> None:
    run(contract, "--junit-xml=junit.xml", "-k", "body or RowsSatisfy or anon")
    (suite,) = ET.parse(pytester.path / "junit.xml").getroot()  # noqa: S314 - pytest's own
    cases = {case.get("name"): case for case in suite}
    assert (suite.get("failures"), suite.get("errors"), suite.get("tests")) == ("1", "1", "4")
    failed = cases[NAMES[1]]
    said = {each.get("name"): each.get("value") or "" for each in failed.iter("property")}
    assert {name: said[name] for name in ("kind", "subject", "severity")} == {
        "kind": "ColumnType",
        "subject": "public.notes.body",
        "severity": "error",
    }
    assert len(said["fingerprint"]) == 16
    assert "varying(20)" in next(failed.iter("failure")).get("message", "")
    assert next(cases[NAMES[5]].iter("error"), None) is not None


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (["--pgcontract=."], ["test_it", *NAMES]),
        (
            ["--pgcontract=contract.yaml", "-m", "(core and tag_skip) or phase_two or severity_info"],
            NAMES[0:4:2] + NAMES[3:4],
        ),
        (["--pgcontract=contract.yaml", "contract.yaml::RlsForced public.notes"], NAMES[3:4]),
        (["--pgcontract=contract.yaml", "contract.yaml::PrivilegeGranted public.notes"], NAMES[6:]),
        (["--pgcontract=contract.yaml", "contract.yaml::PrivilegeGranted public.notes[anon]"], NAMES[6:7]),
        (["--pgcontract=contract.yaml", "test_mine.py"], ["test_it", *NAMES]),
        (["--pgcontract=contract.yaml", "-m", "pgcontract"], NAMES),
        (["-o", "pgcontract_contracts=contract.yaml"], ["test_it", *NAMES]),
        (["-o", "pgcontract_contracts=contract.yaml", "test_mine.py"], ["test_it"]),
        (["-o", "pgcontract_contracts=contract.yaml", "contract.yaml"], NAMES),
    ],
    ids=" ".join,
)
def test_what_is_collected_without_a_database(
    run: Callable[..., pytest.RunResult], contract: str, pytester: pytest.Pytester, chosen: list[str], names: list[str]
) -> None:
    assert contract
    pytester.makepyfile(test_mine="def test_it(): pass")
    result = run(*chosen, "--collect-only", "-q", "--strict-markers", f"--pgcontract-db={NOWHERE}")
    assert sorted(collected(result)) == sorted(names)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tests were selected, each time that all of them were looked through, which takes its time."""
    times: list[int] = []
    plain = collecting.ExpectationItem._selected  # noqa: SLF001 - what takes it

    def selected(item: collecting.ExpectationItem) -> Sequence[Expectation]:
        found = plain(item)
        times.append(len(found))
        return found

    monkeypatch.setattr(collecting.ExpectationItem, "_selected", selected)
    return times


def test_the_database_is_asked_once_and_for_no_more_than_is_selected(
    run: Callable[..., pytest.RunResult], contract: str, monkeypatch: pytest.MonkeyPatch, looked: list[int]
) -> None:
    asked: list[list[str]] = []

    def counted(suite: Suite, *arguments: object, **options: object) -> object:
        asked.append([expectation.subject for expectation in suite])
        return verify(suite, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "verify", counted)
    run(contract, "-k", "ColumnType").assert_outcomes(passed=1, failed=1, deselected=6)
    assert asked == [["public.notes.id", "public.notes.body"]]
    assert looked == [2]
    run(contract, "-x").assert_outcomes(passed=1, failed=1)
    assert len(asked) == 2


def test_what_a_contract_implies_fails_once(run: Callable[..., pytest.RunResult], pytester: pytest.Pytester) -> None:
    fields = "{table: nothing, column: %s, type: text}"
    text = f"suite: s\nexpectations:\n  - ColumnType: {fields % 'a'}\n  - ColumnType: {fields % 'b'}\n"
    pytester.makefile(".yaml", contract=text)
    result = run("--pgcontract=contract.yaml")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*_ contract.yaml: ColumnType public.nothing.a _*", "*public.nothing does not exist"])


def test_an_ignore_that_matches_nothing_is_a_warning(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    text = "suite: s\nexpectations: [{TableExists: notes}, {RlsEnabled: notes}]\n"
    pytester.makefile(".yaml", contract=f"{text}ignore: [{{subject: public.gone, because: old}}]\n")
    run("--pgcontract=contract.yaml").assert_outcomes(passed=2, warnings=1)
    run("--pgcontract=contract.yaml", "-k", "RlsEnabled").assert_outcomes(passed=1, deselected=1)
    strict = run("--pgcontract=contract.yaml", "-W", "error")
    strict.assert_outcomes(passed=1, failed=1)
    assert ".py:" not in strict.stdout.str()


def test_a_database_that_cannot_be_reached_is_an_error_of_each(
    run: Callable[..., pytest.RunResult], contract: str, looked: list[int]
) -> None:
    result = run(contract, f"--pgcontract-db={NOWHERE}", "-k", "ColumnType")
    result.assert_outcomes(errors=2, deselected=6)
    assert looked == [2]
    result.stdout.fnmatch_lines(["cannot reach the database on localhost:*", "Check host and port*"])
    assert ".py:" not in result.stdout.str()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--pgcontract=contrat.yaml"], "*there is no contract 'contrat.yaml'. Perhaps you meant contract.yaml.*"),
        (["--pgcontract=nowhere:suite"], "*there is no module 'nowhere'*"),
        (["--pgcontract=build"], "*build/contract.yaml is in a folder that pytest leaves out (build, *"),
        (["--pgcontract=empty"], "*empty holds no contract.yaml*"),
        (["--pgcontract=broken.yaml"], "*broken.yaml:1:9: *"),
        (["--pgcontract=contract.yaml", "--pgcontract-setup=supabase"], "--pgcontract-setup is for private databases*"),
        (["--pgcontract=contract.yaml", "-c", "bad.toml"], "*unknown key 'contrat'*"),
    ],
)
def test_what_cannot_be_used_is_said(
    run: Callable[..., pytest.RunResult], contract: str, pytester: pytest.Pytester, arguments: list[str], words: str
) -> None:
    assert contract
    pytester.mkdir("empty")
    (pytester.mkdir("build") / "contract.yaml").write_text(CONTRACT)
    pytester.makefile(".yaml", broken="suite: [")
    if "bad.toml" in arguments:
        pytester.makefile(".toml", bad="[tool.pytest.ini_options]", pgcontract="contrat = 'x'")
    result = run(*arguments)
    assert result.ret in {1, 2, 4}
    result.stdout.fnmatch_lines([words]) if result.ret != 4 else result.stderr.fnmatch_lines([words])


def test_contracts_in_python(run: Callable[..., pytest.RunResult], pytester: pytest.Pytester) -> None:
    text = "from pgcontract import Suite, {0}\nsuite = Suite('s', [{0}('notes')])\nother = Suite('o', [])\n"
    pytester.makepyfile(own=text.format("TableExists"), test_own=text.format("RlsEnabled") + "def test_it(): pass")
    run("--pgcontract=own.py", "own.py").assert_outcomes(passed=1)
    run("--pgcontract=own:suite", "--pgcontract=own:other", "own.py").assert_outcomes(passed=1)
    run("--pgcontract=test_own.py", "test_own.py").assert_outcomes(passed=2)


def test_only_what_failed_last_time(run: Callable[..., pytest.RunResult], contract: str) -> None:
    with_cache = [contract]
    run(*with_cache, "-k", "ColumnType").assert_outcomes(passed=1, failed=1, deselected=6)
    run(*with_cache, "-k", "ColumnType", "--lf").assert_outcomes(failed=1)
    first = run(*with_cache, "-k", "ColumnType", "--ff", "-v")
    tests = [name for name in collected(first) if " FAILED" in name or " PASSED" in name]
    assert tests[0].startswith(NAMES[1])


def test_workers_share_the_tests(run: Callable[..., pytest.RunResult], contract: str) -> None:
    result = run(contract, "-n", "2", "--dist", "worksteal", "-rs")
    result.assert_outcomes(passed=5, failed=1, skipped=1, errors=1, warnings=1)
    result.stdout.fnmatch_lines(["type of public.notes.body is text*", "SKIPPED [[]1] contract.yaml:7: *"])
