"""Histories made by hand, and the pages of a site as a browser would see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ColumnType, RlsEnabled, Suite, TableExists
from pgcontract.lifecycle.history.folder import Folder
from pgcontract.lifecycle.site import Built, Choice, Output, build
from pgcontract.run.outline import outline
from pgcontract.verdict import Database, Finding, Outcome, Report

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 10, 30, 8, tzinfo=UTC)
SUITE = Suite("shop", [TableExists("users"), ColumnType("users", "id", "uuid"), RlsEnabled("orders")])

Runs = Callable[..., list[Report]]
Site = Callable[..., Built]


def judged(suite: Suite, broken: Iterable[int] = ()) -> tuple[Outcome, ...]:
    """The suite's outcomes; those of the given places failed."""
    outcomes = [outline(each) for each in suite]
    for place in broken:
        one = outcomes[place]
        found = Finding(f"{one.subject} is wrong", "right", "wrong").identified(one.kind, one.subject)
        outcomes[place] = replace(one, status="failed", findings=(found,))
    return tuple(outcomes)


def runs(
    *broken: Iterable[int],
    suite: Suite = SUITE,
    name: str = "shop",
    database: str = "app",
    host: str = "",
    step: int = 24,
) -> list[Report]:
    """`runs((), (1,), ())`: three runs a day apart, in the second of which the expectation at place 1 failed."""
    where = Database(database, "18.6", host)
    return [
        Report(name, where, START + timedelta(hours=step * number), 12.5, judged(suite, places))
        for number, places in enumerate(broken)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A history."""
    return Folder(tmp_path / "runs")


@pytest.fixture
def whole(folder: Folder, tmp_path: Path) -> Site:
    """`whole(reports=2)`: the folder's site, in `public`."""

    def built(*suites: Suite, **choice: Any) -> Built:
        return build(folder if folder.path.exists() else None, Output(tmp_path / "public"), suites, Choice(**choice))

    return built


@pytest.fixture
def site(whole: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The same with nothing on the pages of single runs, whose making takes the most time."""
    monkeypatch.setattr(
        "pgcontract.lifecycle.site.building.render", lambda report, home: f"{report.started_at} <a href={home}>"
    )
    return whole


@dataclass
class Seen(HTMLParser):
    """A page: its links and what they may lead to, its text, and what it would ask for."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    _hidden: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self._hidden += tag in {"script", "style"}
        self.ids += [said["id"]] if "id" in said else []
        self.links += [said["href"]] if tag == "a" and "href" in said else []
        self.asked += [
            said[name] for name in ("src", "href", "data", "action") if name in said and tag not in {"a", "use"}
        ]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data + " "

    @property
    def words(self) -> str:
        """The text, its blanks aside."""
        return " ".join(self.text.split())


def seen(page: Path) -> Seen:
    found = Seen()
    found.feed(page.read_text("utf-8"))
    return found


def pages(public: Path) -> Iterator[Path]:
    return public.rglob("*.html")
