"""A site from a history: which pages there are, what they say, and that every link leads somewhere."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from pgcontract import Suite, TableExists
from pgcontract.errors import ContractError
from pgcontract.lifecycle.history import opened
from pgcontract.lifecycle.history.folder import Folder
from pgcontract.lifecycle.site import Output, build
from pgcontract.lifecycle.site.output import MANIFEST
from pgcontract.verdict import Database, Outcome

from .conftest import SUITE, Site, pages, runs, seen

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<script>alert(1)</script>'\"&\x1b[31m\u202e{{ 7 * 7 }}"


def kept(folder: Folder, *every: Any) -> None:
    for report in every:
        folder.add(report)


def test_every_link_leads_somewhere_and_nothing_is_asked_of_the_network(
    folder: Folder, whole: Site, tmp_path: Path
) -> None:
    kept(folder, *runs((), (1,), (1, 2), ()), *runs((0,), database="Other DB", host="db.example"))
    whole(Suite("later", [TableExists("plans")]), reports=3)
    every = {page: seen(page) for page in pages(tmp_path / "public")}
    assert len(every) > 10
    for page, found in every.items():
        assert all(asked.startswith("data:") for asked in found.asked), page
        assert len(found.ids) == len(set(found.ids)), page
        for link in found.links:
            parts = urlsplit(link)
            assert not parts.scheme, link
            assert not parts.netloc, link
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
            assert target.is_file(), (page, link)
            anchor = unquote(parts.fragment)
            if anchor and "runs/" not in target.as_posix():  # a report fills itself in from its data
                assert anchor in every[target].ids, (page, link)


def test_the_same_history_makes_the_same_bytes(folder: Folder, whole: Site, tmp_path: Path) -> None:
    kept(folder, *runs((), (1,), ()), *runs((2,), name="other"))
    first, again = whole(), whole()
    assert (first.written, first.kept) == (again.kept, again.written)
    assert again.written == 0
    shutil.copytree(folder.path, tmp_path / "copy")
    build(Folder(tmp_path / "copy"), Output(tmp_path / "elsewhere"))
    for page in (*pages(tmp_path / "public"), tmp_path / "public" / MANIFEST):
        assert page.read_bytes() == (tmp_path / "elsewhere" / page.relative_to(tmp_path / "public")).read_bytes()


def test_one_run_more_leaves_old_pages_as_they_are(folder: Folder, site: Site) -> None:
    every = runs((), (1,), (), step=24 * 20)  # in two months
    kept(folder, *every[:2])
    first = site()
    kept(folder, every[2])
    second = site()
    # New are its report and its month; other are the first page, the contract's, its promises, and the month before the
    # new one is linked from.
    assert second.kept >= 2
    assert second.written + second.kept == first.written + 2
    assert second.removed == 0


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        (1, {"shop/app": 1, "shop/other": 1}),  # the newest of each has one in any case
        (3, {"shop/app": 2, "shop/other": 1}),
        (50, {"shop/app": 4, "shop/other": 1}),
    ],
)
def test_the_newest_runs_have_pages_of_their_own(
    folder: Folder, site: Site, tmp_path: Path, reports: int, expected: dict[str, int]
) -> None:
    kept(folder, *runs((), (), (), ()), *runs((), database="other"))
    site(reports=reports)
    found = {
        place: sorted(page.name for page in (tmp_path / "public" / place / "runs").iterdir()) for place in expected
    }
    assert {place: len(names) for place, names in found.items()} == expected
    assert found["shop/app"][-1] == "20261102T080000000000Z.html"


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ([()], ["The contract holds", "1 holding", "holds in its one run"]),
        ([(), ()], ["The contract holds", "holds since 2026-10-30 08:00 UTC or before, 1 day, 2 runs"]),
        (
            [(), (1,)],
            ["1 of 1 contract is broken", "is broken since the last run", "1 failed", "public.users.id is wrong"],
        ),
        ([(1,), (1,), (1,)], ["is broken since 2026-10-30 08:00 UTC or before, 2 days, 3 runs"]),
    ],
)
def test_the_first_page_says_how_each_contract_stands(
    folder: Folder, site: Site, tmp_path: Path, broken: list[tuple[int, ...]], expected: list[str]
) -> None:
    kept(folder, *runs(*broken))
    site()
    words = seen(tmp_path / "public" / "index.html").words
    for said in expected:
        assert said in words


def test_the_page_of_a_contract_tells_what_fails_flaps_and_was_fixed(
    folder: Folder, site: Site, tmp_path: Path
) -> None:
    kept(folder, *runs((), (1,), (), (1,), (), (1,), (2,), (2,)))
    site()
    page = seen(tmp_path / "public" / "shop" / "app" / "index.html")
    for said in (
        "What fails, the longest first",
        "public.orders is wrong since 2026-11-05 08:00 UTC, 1 day, 2 runs",
        "changes in 8 runs, holds now",
        "fixed 2026-11-05 08:00 UTC, after 1 day, 1 run, for the 3rd time",
        "What failed longest before it was over",
        "The latest runs",
    ):
        assert said in page.words
    assert any(link.startswith("runs/20261106T080000000000Z.html#rlsenabled") for link in page.links)


def test_a_contract_without_a_run_is_told_of(site: Site, tmp_path: Path) -> None:
    built = site(SUITE)
    assert (built.contracts, built.runs) == (1, 0)
    words = seen(tmp_path / "public" / "shop" / "no-run~" / "promises.html").words
    assert "3 promises about 2 tables and views; none was checked yet." in words
    assert "passed" not in words
    assert "has no run yet" in seen(tmp_path / "public" / "index.html").words


def test_a_contract_that_has_runs_is_shown_as_they_found_it(folder: Folder, site: Site) -> None:
    kept(folder, *runs(()))
    assert site(SUITE).contracts == 1


def test_two_contracts_of_one_name_are_refused(site: Site) -> None:
    with pytest.raises(ContractError, match="two contracts are called 'shop'"):
        site(SUITE, SUITE)


def test_what_is_no_run_is_named_and_left_out(folder: Folder, site: Site) -> None:
    kept(folder, *runs(()))
    (folder.path / "foreign.json").write_text('{"format": "else"}')
    (folder.path / "torn.json").write_text('{"format": "pgcontract.rep')
    built = site()
    assert [left.name for left in built.left] == ["foreign.json", "torn.json"]
    assert built.runs == 1


def test_names_and_messages_are_inert(folder: Folder, whole: Site, tmp_path: Path) -> None:
    said = {HOSTILE: HOSTILE, "column": HOSTILE, "columns": [HOSTILE, 7, None]}
    words: dict[str, Any] = {
        "reason": HOSTILE,
        "sentence": HOSTILE,
        "relation": HOSTILE,
        "because": HOSTILE,
        "tags": (HOSTILE,),
    }
    found = Outcome(HOSTILE, HOSTILE, "errored", expectation=said, **words)
    policy = replace(found, kind="PolicyPresent", expectation={"name": HOSTILE, "roles": [HOSTILE], "command": "SELECT",
                     "permissive": True, "using": HOSTILE})  # fmt: skip
    key = replace(found, kind="ForeignKey", expectation={"columns": [HOSTILE], "references": HOSTILE})
    typed = replace(found, kind="ColumnType", expectation={"column": HOSTILE, "type": HOSTILE})
    for number in range(2):
        report = runs((), (), name=HOSTILE)[number]
        kept(
            folder, replace(report, database=Database(HOSTILE, HOSTILE, HOSTILE), outcomes=(found, policy, key, typed))
        )
    whole()
    for page in pages(tmp_path / "public"):
        text = page.read_text("utf-8")
        parsed = seen(page)
        assert parsed.tags.count("script") == 2 or "/runs/" in page.as_posix(), page
        assert "<script>alert" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        if "/runs/" not in page.as_posix():
            assert "<script>alert(1)</script>'\"&\\x1b[31m\\u202e{{ 7 * 7 }}" in parsed.text


def test_a_month_of_many_runs_has_several_pages(
    folder: Folder, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pgcontract.lifecycle.site.months.MOST", 2)
    kept(folder, *runs((), (), (), (), (), step=12))  # four in October, one in November
    site(reports=1)
    place = tmp_path / "public" / "shop" / "app"
    assert sorted(page.name for page in place.glob("runs-*")) == [
        "runs-2026-10-2.html", "runs-2026-10.html", "runs-2026-11.html",
    ]  # fmt: skip
    second = seen(place / "runs-2026-10-2.html")
    assert "Runs in October 2026, part 2" in second.words
    assert {"runs-2026-10.html", "runs-2026-11.html"} <= set(second.links)
    assert second.words.index("2026-10-31 20:00") < second.words.index("2026-10-31 08:00")


def test_runs_that_are_not_chosen_are_not_told_of(folder: Folder, site: Site) -> None:
    kept(folder, *runs((), (), ()), *runs((), name="other"))
    assert site(last=1).runs == 2
    assert site(fits=lambda every: (run for run in every if getattr(run, "suite", "") == "other")).contracts == 1


def test_nothing_is_written_where_there_is_nothing_to_tell(folder: Folder, site: Site, tmp_path: Path) -> None:
    folder.path.mkdir()
    assert site().contracts == 0
    assert not (tmp_path / "public").exists()


def test_a_history_in_a_table_makes_the_same_site(folder: Folder, site: Site, tmp_path: Path, database: str) -> None:
    every = (*runs((), (1,), ()), *runs((2,), name="other"))
    table = opened(database)
    for report in every:
        table.add(report)
    kept(folder, *every)
    site()
    built = build(table, Output(tmp_path / "elsewhere"))
    assert built.runs == len(every)
    for page in pages(tmp_path / "public"):
        assert page.read_bytes() == (tmp_path / "elsewhere" / page.relative_to(tmp_path / "public")).read_bytes()
