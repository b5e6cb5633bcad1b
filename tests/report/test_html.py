from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.report.document import LEVELS, arrange, level
from pgcontract.report.html import render
from pgcontract.verdict import Database, Finding, Report

if TYPE_CHECKING:
    from pathlib import Path

# What can make a browser ask for something, run something or go somewhere.
REQUESTING = {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping", "style", "srcdoc"}
VOID = {"meta", "link", "input", "rect"}


class Page(HTMLParser):
    """The page as a browser would see it: elements, attributes, text; every element is closed by its own end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.stack: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)
        self.close()
        assert not self.stack

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"<{tag}> has an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag in self.raw:
            self.raw[tag].append("")
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] in self.raw:
            self.raw[self.stack[-1]][-1] += data
        else:
            self.text.append(data)

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.elements if attribute in attrs]


@pytest.fixture(scope="module")
def page(report: Report) -> Page:
    return Page(render(report))


def data(text: str) -> Any:
    """What the page's script reads."""
    found = Page(text)
    (element,) = (attrs for attrs in found.having("type") if attrs["type"] == "application/json")
    assert element["id"] == "data"
    return json.loads(found.raw["script"][1])


def test_every_outcome_stands_in_its_data_once(report: Report) -> None:
    outcomes = data(render(report))["outcomes"]
    assert Counter(LEVELS[level] for _, _, level, *_ in outcomes) == Counter(level(o) for o in report.outcomes)
    # An anchor stands there without the words that the script can make of kind and subject.
    short = [outcome[5] for outcome in outcomes]
    anchors = [entry.anchor for entry in arrange(report).entries]
    assert all(whole.endswith(said.removeprefix("=")) for whole, said in zip(anchors, short, strict=True))


def test_every_outcome_stands_in_it_even_without_its_script(page: Page, report: Report) -> None:
    anchors = {entry.anchor for entry in arrange(report).entries}
    assert {attrs["id"] for tag, attrs in page.elements if tag in {"article", "li"} and "id" in attrs} == anchors


def test_ids_are_unique_and_every_link_leads_somewhere(page: Page) -> None:
    ids = [attrs["id"] for attrs in page.having("id")]
    assert len(set(ids)) == len(ids)
    links = {attrs["href"] or "" for tag, attrs in page.elements if tag == "a"}
    assert links <= {f"#{name}" for name in ids}
    for name in ("aria-labelledby", "aria-describedby", "for"):
        assert {attrs[name] for attrs in page.having(name)} <= set(ids)


def test_it_asks_nothing_of_the_network(page: Page, report: Report) -> None:
    assert not re.search(r"https?://|url\(|@import", render(report))
    for tag, attrs in page.elements:
        assert not REQUESTING & set(attrs), tag
        assert not any(name.startswith("on") for name in attrs), tag
        if tag == "use":  # a mark that stands in the page
            assert (attrs["href"] or "").startswith("#mark-")
        elif tag != "a" and "href" in attrs:
            assert (tag, (attrs["href"] or "")[:5]) == ("link", "data:")
    assert not {"img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in page.elements}


def test_only_its_own_script_and_style_may_run(page: Page) -> None:
    (policy,) = (attrs["content"] or "" for attrs in page.having("http-equiv"))
    assert policy.startswith("default-src 'none';")
    digests = {
        tag: [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in page.raw[tag]]
        for tag in ("script", "style")
    }
    before, _, page_script = digests["script"]  # the one between is data, which nothing runs
    assert f"script-src 'sha256-{before}' 'sha256-{page_script}';" in policy
    assert f"style-src 'sha256-{digests['style'][0]}';" in policy
    assert "unsafe" not in policy


def test_names_are_text_and_nothing_else(page: Page, report: Report) -> None:
    text = "".join(page.text)
    weird = report.outcomes[10]
    for shown in (weird.subject, weird.tags[0], weird.because, "app [red]<i>", r"a\x00b\x1b[31m\n"):
        assert shown is not None
        assert shown in text
    assert not {"b\x1b", "\x00", "\x1b", "\u202e", "\x07"} & set(render(report))
    render(report).encode("utf-8")


@pytest.mark.parametrize(
    "phrase",
    [
        "Contract backend is broken",
        "4 expectations of 14 break it. 1 more could not be checked.",
        "PostgreSQL 18.6", "db.example", "2026-01-02 03:04:05 UTC", "0.4 s",
        "the column public.users.id has the type uuid",
        "Perhaps a migration did not run.",
        "-- rewrites the table\nalter table public.users alter column id type uuid using id::text::uuid;\nanalyze",
        "everything refers to it",
        "1 warning", "1 notice", "implied", "PermissionError: <b>no</b>",
        "2there is no public.teams", "it would have to write",
        "What is ignored, until when, and why", "until 2026-12-31: the old importer <b>writes</b> NULL",
        "public.users.note accepts NULL 00ff00ff00ff00ff",
    ],
)  # fmt: skip
def test_it_says(page: Page, phrase: str) -> None:
    assert phrase in "".join(page.text)


def test_what_differs_is_marked(report: Report) -> None:
    text = render(report)
    assert "<code><mark>uuid</mark></code>" in text
    assert "new.updated_at := <mark>now</mark>();" in text
    assert "new.updated_at := <mark>clock_timestamp</mark>();" in text


@pytest.mark.parametrize(
    ("statuses", "heading", "lead"),
    [
        (["passed"], "holds", "All 3 expectations are met."),
        (["passed", "skipped"], "holds", "3 passed, 3 skipped, 1 ignored: nothing breaks it."),
        (["skipped"], "was not checked", "Every expectation was skipped"),
        (["errored"], "could not be checked in full", "1 expectation of 1 could not be checked"),
        ([], "was not checked", "It has no expectations."),
    ],
)
def test_the_verdict(report: Report, statuses: list[str], heading: str, lead: str) -> None:
    alone = statuses == ["skipped"]
    chosen = tuple(o for o in report.outcomes if o.status in statuses and not (alone and o.ignored))
    text = "".join(Page(render(replace(report, outcomes=chosen))).text)
    assert f"Contract backend {heading}" in text
    assert lead in text


def test_one_expectation_is_one(sound: Report) -> None:
    assert "Its one expectation is met." in render(replace(sound, outcomes=sound.outcomes[:1]))


def test_ten_thousand_outcomes_stay_small(report: Report) -> None:
    passed = report.outcomes[0]
    many = tuple(
        replace(passed, subject=f"public.table_{n // 20}.column_{n}", relation=f"public.table_{n // 20}",
                sentence=f"the column public.table_{n // 20}.column_{n} has the type timestamp with time zone")
        for n in range(10_000)
    )  # fmt: skip
    text = render(replace(report, outcomes=(*many, *report.outcomes)))
    assert len(text) < 6_000_000


def test_it_is_saved_by_its_suffix(report: Report, tmp_path: Path) -> None:
    plain = replace(report, database=Database("app", "18.6", "h"))
    assert plain.save(tmp_path / "report.html").read_text("utf-8") == render(plain)


def test_it_says_since_when_where_a_history_tells(page: Page) -> None:
    assert "2025-12-31 01:04 UTC, 2 days 2 h, 5 runs" in "".join(page.text)


def test_the_head_counts_what_else_an_expectation_found(report: Report) -> None:
    findings = tuple(Finding(f"{word} is wrong") for word in ("one", "another", "a third"))
    outcome = replace(next(report.having("failed")), findings=findings)
    words = "".join(Page(render(replace(report, outcomes=(outcome,)))).text)
    assert "one is wrong and 2 more findings" in words
