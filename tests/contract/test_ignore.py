"""Ignores by themselves: what they take, what they match, when they end; in suites, contract files and baselines."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgcontract import ContractError, Ignore, Suite, TableExists, load_baseline
from pgcontract.contract import yaml
from pgcontract.contract.baseline import SCHEMA, ordered, save_baseline
from pgcontract.contract.load import load, loads
from pgcontract.contract.upkeep import pruned, updated
from pgcontract.verdict import Database, Finding, Outcome, Report

if TYPE_CHECKING:
    from pathlib import Path

A, B = "0123456789abcdef", "fedcba9876543210"
TODAY = date(2026, 6, 15)
BASELINE = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{kind: X}", "4:3: 'because' is missing"),
        ("{kind: X, because: ' '}", "4:22: because: it is blank, but must say why"),
        ("{because: x}", "4:3: item 1 of ignore: it says not what"),
        ("{kind: X, fingerprint: fedcba9876543210, because: x}", "4:3: item 1 of ignore: it has a fingerprint and a"),
        ("{subject: X, fingerprint: fedcba9876543210, because: x}", "it has a fingerprint and a pattern"),
        ("{fingerprint: abc, because: x}", "4:17: fingerprint: 'abc' is no fingerprint"),
        ("{fingerprint: FEDCBA9876543210, because: x}", "is no fingerprint"),
        ("{fingerprint: 1234567890123456, because: x}", "but must be a text: put it in quotes"),
        ("{kind: '', because: x}", "4:10: kind must have at least 1 character"),
        ("{kind: X, because: x, until: soon}", "4:32: until: 'soon' is no date: write it as 2026-12-31"),
        ("{kind: X, because: x, until: 31.12.2026}", "until: '31.12.2026' is no date"),
        ("{kind: X, because: x, until: 20261231}", "until: '20261231' is no date"),
        ("{kind: X, because: x, until: '2026-02-30'}", "until: there is no day 2026-02-30"),
        ("{kind: X, because: x, until: 2026-12-31 10:00:00}", "is no date"),
        ("{kind: X, becuse: x, because: y}", "4:13: unknown key 'becuse'"),
        ("{kind: X, becuse: x, because: y}", "Perhaps you meant because."),
        ("X", "4:3: an ignore is a mapping"),
    ],
)
@pytest.mark.parametrize("form", ["contract", "baseline"])
def test_what_is_none_is_refused_with_its_place(
    tmp_path: Path, contract_validator: Any, form: str, text: str, complaint: str
) -> None:
    header = {"contract": "suite: s\nexpectations: []\n", "baseline": "# one\nformat: pgcontract.baseline/1\n"}[form]
    file = tmp_path / "b.yaml"
    file.write_text(f"{header}ignore:\n- {text}\n")
    with pytest.raises(ContractError) as raised:
        load(file) if form == "contract" else load_baseline(file)
    assert complaint in str(raised.value)
    assert str(raised.value).startswith(f"{file}:4:")
    schema = contract_validator if form == "contract" else BASELINE
    content = json.loads(json.dumps(yaml.read(file.read_text(), "f").content, default=str))
    assert schema.is_valid(content) is ("02-30" in text)  # which days there are, a schema does not know


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[]", ":1:1: a baseline is a mapping with the keys format and ignore"),
        ("ignore: []", ":1:1: it is no baseline: 'format: pgcontract.baseline/1' is missing"),
        ("format: pgcontract.baseline/2\nwhat: 1", ":1:9: the format is 'pgcontract.baseline/2', and"),
        (
            "format: pgcontract.baseline/1\nignores: []",
            ":2:1: unknown key 'ignores'; known are format, ignore. Perhaps",
        ),
        ("format: pgcontract.baseline/1\nignore: {}", ":2:9: ignore is a mapping, but must be a list"),
        ("format: [", ":1:10"),
        ("suite: s\nexpectations: []", "it is no baseline"),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "b.yaml"
    file.write_text(text)
    with pytest.raises(ContractError) as raised:
        load_baseline(file)
    assert complaint in str(raised.value)


OUTCOME = Outcome("ColumnType", 'public."Weird[1]".id', "failed")


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ({"kind": "ColumnType"}, True),
        ({"kind": "Column*"}, True),
        ({"kind": "columntype"}, False),
        ({"kind": "Column"}, False),
        ({"kind": "Column????"}, True),
        ({"kind": "[CD]olumnType"}, True),
        ({"kind": "[!C]olumnType"}, False),
        ({"subject": "public.*"}, True),
        ({"subject": "*.id"}, True),
        ({"subject": 'public."Weird[1]".id'}, False),
        ({"subject": 'public."Weird[[]1]".id'}, True),
        ({"kind": "Column*", "subject": "*.id"}, True),
        ({"kind": "Table*", "subject": "*.id"}, False),
        ({"kind": "Column*", "subject": "*.no"}, False),
    ],
)
def test_a_pattern_fits_kind_and_subject_shell_style(pattern: dict[str, str], fits: object) -> None:
    ignore = Ignore(**pattern, because="x")  # type: ignore[arg-type]
    assert ignore.fits(OUTCOME) is fits


def test_a_fingerprint_fits_findings_alone() -> None:
    assert not Ignore(fingerprint=A, because="x").fits(OUTCOME)


@pytest.mark.parametrize(
    ("until", "expired"), [(None, False), (TODAY, False), (TODAY - timedelta(1), True), (TODAY + timedelta(1), False)]
)
def test_it_holds_through_its_last_day(until: date | None, expired: object) -> None:
    assert Ignore(kind="X", because="x", until=until).expired(TODAY) is expired


@pytest.mark.parametrize(
    ("arguments", "ignore"),
    [
        ((A,), {"fingerprint": A}),
        (("public.users",), {"subject": "public.users"}),
        (("public.*", {"kind": "Table*"}), {"subject": "public.*", "kind": "Table*"}),
        (({"kind": "Table*"},), {"kind": "Table*"}),
        ((A, {"until": "2026-12-31"}), {"fingerprint": A, "until": date(2026, 12, 31)}),
    ],
)
def test_a_suite_takes_them_in(arguments: tuple[Any, ...], ignore: dict[str, Any]) -> None:
    by_name = {key: value for each in arguments if isinstance(each, dict) for key, value in each.items()}
    suite = Suite("s").ignoring(*(each for each in arguments if isinstance(each, str)), **by_name, because="x")
    assert suite.ignores == (Ignore(**ignore, because="x"),)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"what": A, "kind": "X"},
        {"what": "a", "subject": "b"},
        {"what": "a", "because": ""},
        {"what": "a", "until": "soon"},
    ],
)
def test_a_suite_refuses_what_is_none(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Suite("s").ignoring(**{"because": "x", **arguments})
    with pytest.raises(TypeError):
        Suite("s", ignores=[A])  # type: ignore[list-item]


def test_a_suite_with_ignores_is_a_value() -> None:
    plain = Suite("s", [TableExists("a"), TableExists("b")])
    one, two = plain.ignoring(A, because="x"), plain.ignoring("public.*", because="y", until=TODAY)
    assert plain.ignores == ()
    assert len({plain, one, two, plain.ignoring(A, because="x")}) == 3
    assert (one + two).ignores == (*one.ignores, *two.ignores)
    assert (one + one) == one
    assert one.select(tables="a").ignores == one.ignores
    assert (one.partial, one.select(tables="a").partial, one.select(kinds="*").partial) == (False, True, False)
    part = two.select(tables="a")
    assert pickle.loads(pickle.dumps(part)) == part  # noqa: S301 - our own
    assert pickle.loads(pickle.dumps(part)).partial  # noqa: S301 - our own
    assert part.ignoring(A, because="x").partial


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
days = st.none() | st.dates()
by_fingerprint = st.text("0123456789abcdef", min_size=16, max_size=16).map(lambda each: {"fingerprint": each})
by_pattern = st.fixed_dictionaries({"kind": texts}, optional={"subject": texts}) | texts.map(
    lambda one: {"subject": one}
)
ignores = st.builds(
    lambda what, because, until: Ignore(**what, because=because, until=until), by_fingerprint | by_pattern, texts, days
)
often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@often
@given(st.lists(ignores, max_size=4))
def test_contract_files_round_trip(tmp_path: Path, contract_validator: Any, some: list[Ignore]) -> None:
    suite = Suite("s", [TableExists("a")], ignores=some)
    assert loads(suite.to_yaml()) == suite
    file = tmp_path / "c.json"
    file.write_text(suite.to_json(), encoding="utf-8")
    assert load(file) == suite
    contract_validator.validate(json.loads(suite.to_json()))


@often
@given(st.lists(ignores, max_size=5), st.sampled_from(["b.yaml", "b.json"]), st.dictionaries(st.just(A), st.text()))
def test_baselines_round_trip_and_do_not_depend_on_the_order(
    tmp_path: Path, some: list[Ignore], name: str, notes: dict[str, str]
) -> None:
    file = tmp_path / name
    save_baseline(file, some, notes)
    text = file.read_bytes()
    assert load_baseline(file) == tuple(ordered(some))
    BASELINE.validate(json.loads(text) if name.endswith("json") else yaml.read(text.decode(), "b").content)
    save_baseline(file, reversed(load_baseline(file)))
    assert file.read_bytes() == text
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_one_more_is_one_line_more_and_comments_stay(tmp_path: Path) -> None:
    file, one, two = tmp_path / "b.yaml", Ignore(fingerprint=B, because="x"), Ignore(fingerprint=A, because="y")
    save_baseline(file, [one], {B: 'a "name"\nwith # and \x1b[31m\udc80'})
    before = file.read_text().splitlines()
    assert before[-1].endswith('# a "name" with # and [31m')
    save_baseline(file, [one, two], {})
    assert [line for line in file.read_text().splitlines() if line not in before] == [
        f"- {{fingerprint: '{A}', because: 'y'}}"
    ]


def test_a_file_that_cannot_be_written_whole_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "b.yaml"
    save_baseline(file, [Ignore(fingerprint=A, because="x")])
    before = file.read_text()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ContractError, match="cannot be written: No space left on device"):
        save_baseline(file, [])
    assert (file.read_text(), [each.name for each in tmp_path.iterdir()]) == (before, ["b.yaml"])


def report(*outcomes: Outcome) -> Report:
    return Report("s", Database("d", "18", "h"), datetime(2026, 6, 15, tzinfo=UTC), 1.0, outcomes)


def test_upkeep_counts_what_it_does() -> None:
    failed = replace(OUTCOME, findings=(Finding("m", fingerprint=A), Finding("n", fingerprint=A)))
    unused = Ignore(kind="X", because="x")
    matchless = Outcome("Ignore", unused.what, "failed", expectation=unused.content(), findings=(Finding("u"),))
    over = Ignore(fingerprint=A, because="old", until=date(2020, 1, 1))
    step = updated([over, unused], report(failed, matchless), because="new", until=None, today=TODAY)
    assert (step.added, step.renewed) == (0, 1)
    assert step.ignores == (unused, Ignore(fingerprint=A, because="new"))
    step = updated([], report(failed, matchless), because="new", until=TODAY, today=TODAY)
    assert (step.added, step.renewed, step.ignores) == (1, 0, (Ignore(fingerprint=A, because="new", until=TODAY),))
    taken = pruned([over, unused], report(matchless), today=TODAY)
    assert (taken.ignores, taken.unused, taken.expired, taken.doubtful) == ((), 1, 1, 0)
    kept = pruned([unused], report(replace(matchless, reason="not all was checked")), today=TODAY)
    assert (kept.ignores, kept.unused, kept.expired, kept.doubtful) == ((unused,), 0, 0, 1)
