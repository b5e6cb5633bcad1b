"""The pictures in a real browser: nothing in them acts, everybody can read them, and they lead to what they show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.names import qualified
from pgcontract.report.html import render
from pgcontract.verdict import Finding, Outcome, Past

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from pgcontract.verdict import Report

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "</svg><svg onload=alert(3)>",
    "\u202eevil",
    "\x1b[2J",
)
TABLES = [qualified("public", name) for name in (*NASTY, "orders", "lines")]


@pytest.fixture(scope="module")
def everything(made: Callable[..., Report]) -> Report:
    """A report with all of the pictures, and names as bad as they come."""
    links = [(one, f"{TABLES[5]}(id)", "FP"[number % 2]) for number, one in enumerate(TABLES)]
    report = made(dict.fromkeys(TABLES, "PFWES"), links)
    access = {NASTY[0]: "none", "anon": {"select": "own (id)"}}
    wrong = Finding("more", "own (id)", "all", object=f"{TABLES[0]} SELECT as anon").identified(
        "AccessMatrix", TABLES[0]
    )
    reach = Outcome(
        "AccessMatrix", TABLES[0], "failed", expectation={"access": access}, relation=TABLES[0], findings=(wrong,)
    )
    timed = [replace(one, duration_ms=7.0 * number) for number, one in enumerate((*report.outcomes, reach))]
    past = Past(
        report.started_at - timedelta(days=1), True, {"passed": 1, "failed": 0, "errored": 0, "skipped": 0}, 9.0
    )
    return replace(report, outcomes=tuple(timed), past=(past,))


def test_everybody_can_read_them(everything: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(everything), viewport={"width": 1200, "height": 800}).page
    page.evaluate("for (const each of document.querySelectorAll('.chart details')) each.open = true")
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    assert violations(page, {}) == []
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark")
    assert violations(page, {"runOnly": ["color-contrast", "scrollable-region-focusable"]}) == []
    assert page.locator("#map text", has_text="<script>alert(1)").count() == 1
    assert page.locator(".strip .run").count() == 2


def violations(page: Page, options: dict[str, list[str]]) -> list[tuple[str, str]]:
    parts = [f"#{name}" for name in ("history", "map", "access", "times")]
    run = "([parts, options]) => axe.run({include: parts}, {resultTypes: ['violations'], ...options})"
    result = page.evaluate(run, [parts, options])
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in result["violations"]]


def test_they_lead_to_what_they_show(everything: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(everything)).page
    for link, goal in (
        ("#map a.box.broken", "details.group[open]"),
        ("#map a.line.broken", "article.card"),
        ("#times li:first-child a", "article.card"),
        ("#access .wrongs a", "article.card"),
        ("#access th a", "details.group[open]"),
    ):
        first = page.locator(link).first
        anchor = first.get_attribute("href").removeprefix("#")
        first.focus()
        page.keyboard.press("Enter")
        page.locator(f"{goal}[id='{anchor}']").wait_for(timeout=60_000)
