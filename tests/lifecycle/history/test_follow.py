"""What a row of runs tells of a finding: since when, until when, how often, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pgcontract.lifecycle.history import follow
from pgcontract.lifecycle.history.since import dated
from pgcontract.lifecycle.history.story import Episode, Left, Story
from pgcontract.verdict import Database, Report, Since

Made = Callable[..., Report]

START = datetime(2026, 1, 1, 8, tzinfo=UTC)


def hour(at: datetime) -> int:
    return round((at - START).total_seconds() / 3600)


def told(made: Made, **letters: str) -> Story:
    """What runs an hour apart tell; each check has a letter for each."""
    numbers = range(len(next(iter(letters.values()))))
    runs = [made(n, **{check: row[n] for check, row in letters.items()}) for n in numbers]
    (story,) = follow(runs, "test").stories
    return story


def brief(one: Episode) -> str:
    """Such as ``1-3 2 gone``: from hour 1 to 3, in 2 runs; ``<0`` where nothing tells of the time before."""
    end = "" if one.ended is None else f"{hour(one.ended)}"
    how = f" {one.how}" if one.how else ""
    again = f" x{one.times}" if one.times > 1 else ""
    return f"{'<' if one.or_before else ''}{hour(one.since)}-{end} {one.runs}{how}{again}"


@pytest.mark.parametrize(
    ("letters", "failing", "untold", "over"),
    [
        ("P", [], [], []),
        ("F", ["<0- 1"], [], []),  # nothing tells of the time before the first run
        ("PF", ["1- 1"], [], []),
        ("PFF", ["1- 2"], [], []),
        ("PWF", ["1- 2"], [], []),  # how much it matters is not what is wrong
        ("SF", ["<1- 1"], [], []),  # it was not judged before
        ("-F", ["<1- 1"], [], []),
        ("GF", ["1- 1"], [], ["<0-1 1 gone"]),  # it was judged, and something else was wrong
        ("PFP", [], [], ["1-2 1 gone"]),
        ("PFPP", [], [], ["1-2 1 gone"]),
        ("PFPF", ["3- 1 x2"], [], ["1-2 1 gone"]),
        ("PFSF", ["1- 2"], [], []),  # a run that did not judge it tells nothing
        ("PF-F", ["1- 2"], [], []),
        ("PFEF", ["1- 2"], [], ["2-3 1 gone"]),  # what could not be checked is one of its own
        ("PFS", [], ["1- 1"], []),
        ("PF-", [], ["1- 1"], []),
        ("PFSP", [], [], ["1-3 1 gone"]),
        ("PFI", [], [], ["1-2 1 ignored"]),
        ("PFIF", ["3- 1 x2"], [], ["1-2 1 ignored"]),
        ("PFR", [], [], ["1-2 1 restated"]),
        ("PE", ["1- 1"], [], []),
        ("PEP", [], [], ["1-2 1 gone"]),
        ("PES", [], ["1- 1"], []),
    ],
)
def test_one_check(made: Made, letters: str, failing: list[str], untold: list[str], over: list[str]) -> None:
    story = told(made, a=letters)
    assert [brief(one) for one in story.failing] == failing
    assert [brief(one) for one in story.untold] == untold
    assert [brief(one) for one in story.over] == over


@pytest.mark.parametrize(
    ("needed", "needing", "failing", "untold", "over"),
    [
        ("-M", "PN", ["1- 1"], [], []),
        ("-M-", "PNP", [], [], ["1-2 1 gone"]),  # what needed it is judged again
        ("-M-", "PNF", ["2- 1"], [], ["1-2 1 gone"]),
        ("-M-", "PNS", [], ["1- 1"], []),  # nothing tells that it is there now
        ("-M-", "PN-", [], ["1- 1"], []),
        ("-M-M", "PNPN", ["3- 1 x2"], [], ["1-2 1 gone"]),
    ],
)
def test_what_stands_in_a_report_only_while_it_fails(
    made: Made, needed: str, needing: str, failing: list[str], untold: list[str], over: list[str]
) -> None:
    story = told(made, a=needed, b=needing)
    assert [brief(one) for one in story.failing] == failing
    assert [brief(one) for one in story.untold] == untold
    assert [brief(one) for one in story.over] == over


def test_new_and_mended_are_those_of_the_last_run(made: Made) -> None:
    story = told(made, a="PPF", b="PFP", c="PFF", d="--F", e="FPP")
    assert [one.found.subject for one in story.new] == ["a"]
    assert [one.found.subject for one in story.mended] == ["b"]
    assert [one.found.subject for one in story.failing] == ["a", "d", "c"]
    assert [(point.passed, point.broken) for point in story.points] == [(False, 1), (False, 2), (False, 3)]
    assert next(one.took for one in story.over if one.found.subject == "b") == timedelta(hours=1)


@pytest.mark.parametrize(
    ("letters", "changes"),
    [
        ("PFPFP", 4),
        ("FPFPF", 4),
        ("PFPF", None),
        ("PFPPPPPPF", None),
        ("PSFSPSFSP", 4),  # only those that judged it count
        ("PEPEP", 4),
        ("PFPFP" + "P" * 16, None),  # out of sight: the last 20 runs count
        ("PGPFP", 4),  # of the check, whatever it found
    ],
)
def test_flapping(made: Made, letters: str, changes: int | None) -> None:
    story = told(made, a=letters)
    assert [flap.changes for flap in story.flapping] == ([] if changes is None else [changes])


def test_what_is_missing_now_and_then_flaps(made: Made) -> None:
    (flap,) = told(made, a="-M-M-", b="PNPNP").flapping
    assert (flap.subject, flap.changes, flap.holds) == ("a", 4, True)


def test_each_suite_and_database_is_for_itself_but_a_socket_is_no_host(made: Made) -> None:
    runs: list[Report | Left] = [
        made(0, a="P"),
        made(1, suite="other", a="F"),
        made(2, database=Database("app", "18.6", "elsewhere"), a="F"),
        made(3, database=Database("app", "18.6", "/tmp/one"), a="P"),  # noqa: S108 - a socket's directory
        made(4, database=Database("app", "17.2", "/tmp/two"), a="F"),  # noqa: S108
        Left("x.json", "not a report"),
        made(5, a="P"),
    ]
    histories = follow(runs, "test")
    assert [(s.key.suite, s.key.host, len(s.points)) for s in histories.stories] == [
        ("other", "db.example", 1),
        ("shop", "", 2),
        ("shop", "db.example", 2),
        ("shop", "elsewhere", 1),
    ]
    assert histories.stories[1].version == "17.2"
    assert [left.name for left in histories.left] == ["x.json"]


# Of the last letter's finding: since which hour it is there, in how many runs, and whether any run tells of before.
@pytest.mark.parametrize(
    ("letters", "since"),
    [
        ("F", (0, 1, True)),
        ("PF", (1, 1, False)),
        ("PFFF", (1, 3, False)),
        ("FFF", (0, 3, True)),
        ("PFPF", (3, 1, False)),
        ("PFS-F", (1, 2, False)),
        ("PFIF", (3, 1, False)),
        ("SF", (1, 1, True)),
        ("EF", (1, 1, True)),
        ("RF", (1, 1, True)),
    ],
)
def test_each_run_says_since_when_by_the_ones_before(made: Made, letters: str, since: tuple[int, int, bool]) -> None:
    runs: list[Report] = []
    for number, letter in enumerate(letters):
        runs.append(dated(made(number, a=letter), reversed(runs)))
    found = runs[-1].outcomes[0].findings[0].since
    assert found is not None
    assert (hour(found.at), found.runs, found.or_before) == since
    # Only the last run is there yet: what it says of the time before is taken from it.
    (story,) = follow(runs[-1:], "test").stories
    (episode,) = story.failing
    assert (hour(episode.since), episode.runs, episode.or_before) == since
    (story,) = follow(runs, "test").stories
    assert (hour(story.failing[0].since), story.failing[0].runs, story.failing[0].or_before) == since


def test_only_the_runs_that_are_needed_are_read(made: Made) -> None:
    read: list[int] = []

    def before() -> object:
        for number in (9, 8, 7):
            read.append(number)
            yield made(number, a="F", b="P")

    assert dated(made(10, a="P"), before()) == made(10, a="P")  # type: ignore[arg-type]
    assert read == []
    assert dated(made(10, a="F", b="F"), before()).outcomes[1].findings[0].since == Since(made(10).started_at, 1)  # type: ignore[arg-type]
    assert read == [9]


def test_what_did_not_fail_is_not_touched(made: Made) -> None:
    report = made(1, a="P", b="F")
    same = dated(report, [])
    assert same.outcomes[0] is report.outcomes[0]
    assert replace(same.outcomes[1].findings[0], since=None) == report.outcomes[1].findings[0]
