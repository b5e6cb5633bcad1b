"""`pgcontract verify --baseline`: what is refused before the run, what is written after it, and what the page shows."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pgcontract.contract.baseline import FORMAT, SCHEMA, load_baseline
from pgcontract.contract.ignore import Ignore

if TYPE_CHECKING:
    from collections.abc import Callable

Run = Any

VERIFY = ("verify", "contract.yaml", "--db")
UPDATE = ("--baseline-update", "--because", "known")
CONTRACT = """\
suite: shop
expectations:
  - TableExists: users
  - ColumnType: {table: users, column: id, type: text}
  - ColumnType: {table: bills, column: id, type: text}
"""
GONE = "{fingerprint: '0123456789abcdef', because: gone}"
OVER = "{subject: 'public.users.*', because: over, until: 2020-01-01}"


@pytest.fixture
def broken(here: Path, url: str) -> str:
    """A database that the contract in the folder does not fit: one wrong type, one table that is missing."""
    (here / "contract.yaml").write_text(CONTRACT)
    return url


def written(*ignores: str) -> str:
    return "\n".join([f"format: {FORMAT}", "ignore:", *(f"- {one}" for one in ignores)]) + "\n"


@pytest.mark.parametrize("name", ["b.yaml", "b.yml", "b.json", "folder/b.JSON"])
def test_what_is_written_makes_the_contract_hold_and_nothing_of_it_is_unused(
    run: Run, broken: str, here: Path, name: str
) -> None:
    (here / "folder").mkdir()
    assert run(*VERIFY, broken).status == 1
    ended = run(*VERIFY, broken, "--baseline", name, *UPDATE, "--until", "+30d")
    assert (ended.status, ended.err) == (0, f"{name}: 2 added; it has 2 ignores now\n")
    assert "1 passed, 3 ignored" in ended.out
    last = datetime.now(UTC).date() + timedelta(days=30)
    assert {(one.because, one.until) for one in load_baseline(here / name)} == {("known", last)}
    text = (here / name).read_text()
    again = run(*VERIFY, broken, "--baseline", name)
    assert (again.status, again.err) == (0, "")
    assert f"until {last}: known" in again.out
    assert run(*VERIFY, broken, "--baseline", name, "--strict").status == 0
    ended = run(*VERIFY, broken, "--baseline", name, "--baseline-prune")
    assert (ended.status, ended.err) == (0, f"{name}: nothing to do; it has 2 ignores now\n")
    assert (here / name).read_text() == text
    if name.lower().endswith("json"):
        jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(text))
    else:
        assert "# ColumnType: type of public.users.id is uuid, not text\n" in text


def test_what_is_new_still_fails(run: Run, broken: str, change: Callable[[str, str], None]) -> None:
    run(*VERIFY, broken, "--baseline", "b.yaml", *UPDATE)
    change(broken, "drop table users")
    ended = run(*VERIFY, broken, "--baseline", "b.yaml")
    assert ended.status == 1
    assert "table public.users does not exist" in ended.out


def test_what_is_there_keeps_its_reason_and_day_but_what_expired_gets_new_ones(
    run: Run, broken: str, here: Path
) -> None:
    run(*VERIFY, broken, "--baseline", "b.yaml", *UPDATE, "--until", "2099-01-01")
    first, second = load_baseline(here / "b.yaml")
    lines = (here / "b.yaml").read_text().splitlines()
    (here / "b.yaml").write_text("\n".join([*lines[:2], lines[2].replace("2099", "2020"), lines[3]]))
    assert run(*VERIFY, broken, "--baseline", "b.yaml").status == 1
    ended = run(*VERIFY, broken, "--baseline", "b.yaml", "--baseline-update", "--because", "again")
    assert (ended.status, ended.err) == (0, "b.yaml: 1 renewed; it has 2 ignores now\n")
    assert load_baseline(here / "b.yaml") == (Ignore(fingerprint=first.fingerprint, because="again"), second)


def test_what_expired_fails_and_says_why_it_was_ignored(run: Run, broken: str, here: Path) -> None:
    (here / "b.yaml").write_text(written(OVER))
    ended = run(*VERIFY, broken, "--baseline", "b.yaml")
    assert ended.status == 1
    said = " ".join(ended.out.split())
    assert "The ignore of subject public.users.* expired on 2020-01-01; its reason was: over" in said


def test_prune_takes_out_what_is_unused_and_what_expired_and_keeps_comments(run: Run, broken: str, here: Path) -> None:
    run(*VERIFY, broken, "--baseline", "b.yaml", *UPDATE)
    before = (here / "b.yaml").read_text()
    (here / "b.yaml").write_text(before + f"- {GONE}  # gone\n- {OVER}\n")
    ended = run(*VERIFY, broken, "--baseline", "b.yaml")
    assert ended.status == 0
    assert "no failure has the fingerprint 0123456789abcdef" in ended.out
    assert run(*VERIFY, broken, "--baseline", "b.yaml", "--strict").status == 1
    ended = run(*VERIFY, broken, "--baseline", "b.yaml", "--baseline-prune")
    done = "b.yaml: 1 unused taken out, 1 expired taken out; it has 2 ignores now\n"
    assert (ended.status, ended.err) == (0, done)
    assert "no failure" not in ended.out
    assert (here / "b.yaml").read_text() == before


def test_prune_keeps_what_may_belong_to_something_that_was_not_checked(run: Run, broken: str, here: Path) -> None:
    (here / "contract.yaml").write_text("suite: s\nexpectations: [TableExists: users, RlsBlocksAnon: users]\n")
    (here / "b.yaml").write_text(written(GONE, "{kind: TableExists, because: surely unused}"))
    ended = run(*VERIFY, broken, "--baseline", "b.yaml", "--baseline-prune", "--probes", "off")
    assert ended.err.splitlines() == [
        "b.yaml: 1 unused taken out; it has 1 ignore now",
        "b.yaml: 1 matched nothing but stay, for not everything was checked",
    ]
    assert [one.because for one in load_baseline(here / "b.yaml")] == ["gone"]


def test_a_part_of_a_contract_says_nothing_of_unused_ignores(run: Run, broken: str) -> None:
    run(*VERIFY, broken, "--baseline", "b.yaml", *UPDATE)
    ended = run(*VERIFY, broken, "--baseline", "b.yaml", "--kind", "TableExists", "--strict")
    assert (ended.status, "Ignore" in ended.out) == (0, False)


def test_both_at_once_and_a_file_from_the_settings(run: Run, broken: str, here: Path) -> None:
    (here / "pgcontract.toml").write_text('baseline = "b.yaml"\n')
    (here / "b.yaml").write_text(written(GONE))
    ended = run(*VERIFY, broken, *UPDATE, "--baseline-prune")
    assert (ended.status, [line.split("/")[-1] for line in ended.lines]) == (
        0,
        ["b.yaml: 2 added; it has 3 ignores now", "b.yaml: 1 unused taken out; it has 2 ignores now"],
    )
    assert run(*VERIFY, broken).status == 0


def test_a_link_stays_one_and_the_mode_of_the_file_too(run: Run, broken: str, here: Path) -> None:
    (here / "real.yaml").write_text(written(GONE))
    (here / "real.yaml").chmod(0o640)
    (here / "b.yaml").symlink_to("real.yaml")
    run(*VERIFY, broken, "--baseline", "b.yaml", *UPDATE)
    assert (here / "b.yaml").is_symlink()
    assert (here / "real.yaml").stat().st_mode & 0o777 == 0o640
    assert len(load_baseline(here / "real.yaml")) == 3
    assert sorted(file.name for file in here.iterdir() if file.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--baseline", "none.yaml"], "there is no baseline 'none.yaml'"),
        (["--baseline", "b.txt"], "b.txt: a baseline is a .yaml or .json file"),
        (["--baseline-update", "--because", "x"], "--baseline-update needs --baseline FILE"),
        (["--baseline-prune"], "--baseline-prune needs --baseline FILE"),
        (["--baseline", "b.yaml", "--baseline-update"], "--baseline-update needs a reason"),
        (["--baseline", "b.yaml", "--baseline-update", "--because", "  "], "--baseline-update needs a reason"),
        (["--baseline", "b.yaml", "--because", "x"], "--because is for --baseline-update, which was not given"),
        (["--baseline", "b.yaml", "--until", "+30d"], "--until is for --baseline-update, which was not given"),
        (["--baseline", "b.yaml", *UPDATE, "--until", "soon"], "--until 'soon' is no day"),
        (["--baseline", "b.yaml", *UPDATE, "--until", "+3w"], "--until '+3w' is no day"),
        (["--baseline", "b.yaml", *UPDATE, "--until", "2026-02-30"], "--until '2026-02-30' is no day"),
        (["--baseline", "b.yaml", *UPDATE, "--until", "2020-01-01"], "that day is over"),
        (["--baseline", "none/b.yaml", *UPDATE], "none/b.yaml cannot be written: there is no folder none"),
        (["--baseline", "folder.yaml", *UPDATE], "folder.yaml cannot be written: it is a folder"),
        (["--baseline", "b.yaml", "--baseline-prune", "--kind", "TableExists"], "needs the whole contract"),
        (["--baseline", "bad.yaml"], "bad.yaml:3:4: 'because' is missing"),
        (["--baseline", "next.yaml"], "the format is 'pgcontract.baseline/2', and 'pgcontract.baseline/1' is what"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_before_the_run(run: Run, here: Path, arguments: list[str], complaint: str) -> None:
    (here / "folder.yaml").mkdir()
    (here / "b.yaml").write_text(written(GONE))
    (here / "bad.yaml").write_text(written("{kind: x}").replace("- {", "-  {"))
    (here / "next.yaml").write_text(written(GONE).replace("/1", "/2"))
    before = (here / "b.yaml").read_text()
    ended = run(*VERIFY, "postgresql://nobody@127.0.0.1:1/none", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert complaint in ended.err
    assert (here / "b.yaml").read_text() == before


PAGE = (Path(__file__).resolve().parents[2] / "docs" / "ignores.md").read_text("utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_page_shows_what_happens(run: Run, here: Path) -> None:
    (here / "contract.yaml").write_text(fences("yaml")[1])
    (here / "schema.sql").write_text(fences("sql")[0])
    for block in fences("console"):
        command, _, shown = block.removeprefix("$ pgcontract ").partition("\n")
        ended = run(*shlex.split(command))
        assert ended.status == 0, ended.err
        varies = re.compile(r"[\d.]+ m?s$|(?<=PostgreSQL )[\d.]+", re.MULTILINE)
        assert varies.sub("", ended.out) == varies.sub("", shown)
    assert (here / "baseline.yaml").read_text() == fences("yaml")[2]
