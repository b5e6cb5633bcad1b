"""Reports made by hand: tables by name, each with what it refers to and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from pgcontract.report.document import Document, arrange
from pgcontract.report.html import render
from pgcontract.verdict import Database, Finding, Ignored, Outcome, Past, Report

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
LETTERS: dict[str, dict[str, Any]] = {
    "P": {"status": "passed"},
    "F": {"status": "failed"},
    "W": {"status": "failed", "severity": "warning"},
    "N": {"status": "failed", "severity": "info"},
    "E": {"status": "errored", "reason": "too slow"},
    "S": {"status": "skipped", "reason": "probes are off"},
    "I": {"status": "skipped", "reason": "ignored: known"},
}
"""What became of it: passed, failed, a warning, a notice, errored, skipped, ignored."""

Made = Callable[..., Report]
Link = tuple[str, str, str]


def outcome(kind: str, relation: str, letter: str, took: float = 0.0, **said: Any) -> Outcome:
    subject = f"{relation} {said.get('columns', '')}".strip()
    fields = {**LETTERS[letter]}
    if fields["status"] == "failed":
        fields["findings"] = (Finding(f"{subject} is wrong", "a", "b").identified(kind, subject),)
    if letter == "I":
        fields["ignored"] = (Ignored("known", subject, "f" * 16, "known"),)
    said = {"table": relation, **said}
    return Outcome(kind, subject, expectation=said, relation=relation, duration_ms=took, **fields)


@pytest.fixture(scope="session")
def made() -> Made:
    """`made({"public.a": "PF"}, [("public.a", "public.b(id)", "P")])`: a letter an expectation, and foreign keys."""

    def report(
        tables: Mapping[str, str], links: list[Link] | tuple[Link, ...] = (), past: tuple[Past, ...] = ()
    ) -> Report:
        outcomes = [
            outcome("ColumnType", name, letter, column=f"c{number}")
            for name, letters in tables.items()
            for number, letter in enumerate(letters)
        ]
        outcomes += [
            outcome("ForeignKey", child, letter, columns=[f"k{number}"], references=parent)
            for number, (child, parent, letter) in enumerate(links)
        ]
        return Report("shop", Database("app", "18.6", "h"), NOW, 1_000.0, tuple(outcomes), past)

    return report


@pytest.fixture(scope="session")
def arranged(made: Made) -> Callable[..., Document]:
    """The same, arranged."""
    return lambda *args, **rest: arrange(made(*args, **rest))


class Drawn(HTMLParser):
    """A page's elements, each with its attributes and the words of its own title."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.elements: list[dict[str, str]] = []
        self._open: list[dict[str, str]] = []
        self.feed(render(report))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = {"tag": tag} | {name: value or "" for name, value in attrs}
        self.elements.append(element)
        self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append({"tag": tag} | {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()["tag"] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if len(self._open) > 1 and self._open[-1]["tag"] == "title":
            self._open[-2]["title"] = self._open[-2].get("title", "") + data

    def having(self, name: str) -> list[dict[str, str]]:
        """The elements of a class."""
        return [element for element in self.elements if name in element.get("class", "").split()]

    @property
    def ids(self) -> set[str]:
        """Where links may lead."""
        return {element["id"] for element in self.elements if "id" in element}


@pytest.fixture(scope="session")
def drawn() -> type[Drawn]:
    """The page of a report, read back."""
    return Drawn
