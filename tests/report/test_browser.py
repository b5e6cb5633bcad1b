"""The HTML report in a real browser, with the network off; whatever the page complains of fails the test."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.report.anchors import group_anchor
from pgcontract.report.document import arrange
from pgcontract.report.html import render
from pgcontract.verdict import Database, Examples, Finding, Ignored, Location, Outcome, Repair

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from pgcontract.verdict import Report

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<!--<script>",
    "]]>--><img src=x onerror=alert(3)>",
    "\"'`><svg onload=alert(4)>",
    "javascript:alert(5)",
    "\u202egnp.exe\u2066\u2069",
    "\x1b[31mred\x1b]8;;http://evil.example\x07",
    "nul\x00\x08\x7f\x9b",
    "half \ud83d of a pair \udfff",
    "line\nbreak\ttab\r\u2028separator",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; %3Cb%3E \\u003cb",
    "משה 漢字 नमस्ते 👩‍👩‍👧",
]
SHOWN = [
    *HOSTILE[:2],
    "<!--<script>",
    "onerror=alert(3)>",
    r"\u202egnp.exe\u2066\u2069",
    r"\x1b[31mred\x1b]8;;http",
    r"nul\x00\x08\x7f\x9b",
    r"half \ud83d of a pair \udfff",
    *HOSTILE[-2:],
]
LONG = "<b>x" * 250_000


def hostile(report: Report) -> Report:
    """Each of the texts wherever a text can be."""
    outcomes = [outcome(text, status) for text in HOSTILE for status in ("failed", "passed", "skipped", "errored")]
    return replace(
        report, suite=HOSTILE[0], database=Database(HOSTILE[1], HOSTILE[3], HOSTILE[4]), outcomes=tuple(outcomes)
    )


def outcome(text: str, status: Any) -> Outcome:
    found = Finding(
        text, text, text[::-1], text, text, (Repair(f"select '{text}'"),), text[:16],
        examples=Examples((text, "b"), ((text, None), (text, text))),
    )  # fmt: skip
    return Outcome(
        "TableExists", text, status, sentence=f"{text} stands in {text}", expectation={text: text}, relation=text,
        findings=(found,) if status == "failed" else (), reason=None if status == "failed" else text, because=text,
        tags=(text, "tag"), traceback=text if status == "errored" else None, location=Location(text),
        ignored=(Ignored(text, text, text[:16], text),) if status == "skipped" else (),
    )  # fmt: skip


def many(report: Report, total: int, failed: int) -> Report:
    """So many outcomes of tables with twenty columns, of which the last ones failed."""
    outcomes = []
    for number in range(total):
        relation = f"public.table_{number // 20}"
        one = Outcome(
            "ColumnType", f"{relation}.c{number}", "passed", sentence=f"c{number} is typed", relation=relation
        )
        wrong = (Finding(f"c{number} is wrong", "uuid", "text").identified(one.kind, one.subject),)
        outcomes.append(replace(one, status="failed", findings=wrong) if number >= total - failed else one)
    return replace(report, outcomes=tuple(outcomes))


class Pieces(HTMLParser):
    """The elements with an id, as what stands in them: tags, attributes and text, blanks aside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, list[object]] = {}
        self.open: list[tuple[str, str | None]] = []
        self.feed(text)

    def note(self, what: object) -> None:
        for _, name in self.open:
            if name is not None:
                self.found[name].append(what)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = sorted((name, value) for name, value in attrs if name != "open")
        name = dict(attrs).get("id") if tag in {"article", "li", "details"} else None
        if name is not None:
            self.found[name] = []
        if tag not in {"meta", "link", "input", "rect"}:
            self.open.append((tag, name))
        self.note((tag, *kept))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.note((tag, *sorted(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            self.note(f"/{tag}")
            assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data).strip()
        if words:
            self.note(f"={words}")


def pieces(text: str) -> dict[str, list[object]]:
    """The same of a page, without the buttons that need a script."""
    return Pieces(re.sub(r'<button type="button" class="copy">Copy</button>', "", text)).found


@cache
def axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page, rules: list[str] | None) -> list[str]:
    """What axe-core finds, by rule, with where it is; of all rules, or some."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    result = page.evaluate("(options) => axe.run(document, options)", options)
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in result["violations"]]


@pytest.mark.parametrize("given", ["plain", "hostile"])
def test_the_script_makes_what_stands_there_without_it(given: str, report: Report, visit: Callable[..., Any]) -> None:
    text = render(report if given == "plain" else hostile(report))
    without = pieces(text)
    page = visit(text).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")  # all cards, not a page of them
    page.click("#unfold")
    made = pieces(page.content())
    assert without.keys() == made.keys()
    for name, inside in without.items():
        assert made[name] == inside, name


def test_hostile_text_is_shown_and_nothing_of_it_runs(report: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(hostile(report))).page
    page.click("#unfold")
    page.emulate_media(media="print")
    shown = page.evaluate("document.body.innerText")
    for text in SHOWN:
        assert text in shown
    assert page.evaluate("document.scripts.length") == 3
    assert page.evaluate("document.querySelectorAll('img, iframe, [onload], [onerror]').length") == 0
    for fragment in (
        "#q=%3Cscript%3E&tag=%22&kind=x&status=nonsense&page=-1&by=&__proto__=1",
        "#%E0%A4%A",
        "#<b>",
        "#=",
        "#a=b",
    ):
        page.evaluate("(fragment) => { location.hash = fragment; }", fragment)


def test_nothing_expected_is_a_page_without_filters(report: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(replace(report, outcomes=())), "#status=failed").page
    assert page.locator("#tools:visible, #all, #nothing:visible").count() == 0


def test_a_megabyte_is_cut_with_a_mark(report: Report, visit: Callable[..., Any]) -> None:
    given = tuple(outcome(LONG, status) for status in ("failed", "passed", "errored"))
    wrong = replace(given[0].findings[0], repair=(Repair("select 1" + " + 1" * 10_000),))
    text = render(replace(report, outcomes=(replace(given[0], findings=(wrong,)), *given[1:])))
    assert len(text) < 2_000_000
    page = visit(text).page
    assert "990,000 characters left out" in page.inner_text("article .message")
    # What is to be copied is whole.
    assert len(page.inner_text("article .repair pre")) > 40_000


def test_axe_finds_nothing(report: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(report)).page
    page.click("#unfold")
    page.click(".mending summary")
    page.evaluate(axe())
    for width, scheme, rules in ((1200, "light", None), (400, "light", None), (1200, "dark", ["color-contrast"])):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert violations(page, rules) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"


def shown(page: Page) -> tuple[int, int, str]:
    """How many cards and groups are to be seen, and what the address says."""
    seen: tuple[int, int, str] = tuple(
        page.evaluate("""() => {
          const all = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());
          return [all("article.card").length, all("details.group").length, location.hash];
        }""")
    )
    return seen


def chosen(name: str, value: str) -> Callable[[Page], None]:
    return lambda page: page.check(f"[name={name}][value={value}]", force=True)


def selected(name: str, value: str) -> Callable[[Page], object]:
    return lambda page: page.select_option(f"[name={name}]", value)


def searched(text: str) -> Callable[[Page], None]:
    return lambda page: page.fill("#search", text)


FILTERS = [
    (chosen("status", "failed"), 6, 6, "#status=failed"),
    (chosen("status", "passed"), 0, 2, "#status=passed"),
    (selected("severity", "warning"), 1, 1, "#severity=warning"),
    (selected("kind", "TableExists"), 2, 3, "#kind=TableExists"),
    (selected("tag", "core"), 1, 1, "#tag=core"),
    (chosen("by", "kind"), 7, 8, "#by=kind"),
    (searched("clock_TIMESTAMP"), 1, 1, "#q=clock_TIMESTAMP"),
    (searched("00ff00ff00ff00ff"), 0, 1, "#q=00ff00ff00ff00ff"),
    (searched("no such thing & = #"), 0, 0, "#q=no+such+thing+%26+%3D+%23"),
]


def test_filters(report: Report, visit: Callable[..., Any]) -> None:
    text = render(report)
    page, other = visit(text).page, visit(text).page
    assert shown(page) == (7, 8, "")
    for act, cards, groups, fragment in FILTERS:
        act(page)
        assert becomes(page, (cards, groups, fragment))
        assert page.locator("#nothing").is_visible() == (not cards and not groups)
        # The address alone shows the same to somebody else.
        other.evaluate("(fragment) => { location.hash = fragment; }", fragment)
        assert becomes(other, (cards, groups, fragment))
        page.evaluate("location.hash = '#status='")  # everything again
        assert becomes(page, (7, 8, "#status="))


def becomes(page: Page, wanted: tuple[int, int, str]) -> bool:
    """Whether just that is to be seen, in the end: the page answers to an address, and to typing, a moment later."""
    for _ in range(600):
        if shown(page) == wanted:
            return True
        page.wait_for_timeout(100)
    return False


def test_links_lead_to_outcomes_wherever_they_are(report: Report, visit: Callable[..., Any]) -> None:
    given = many(report, 600, 100)
    anchors = [entry.anchor for entry in arrange(given).entries]
    page = visit(render(given), f"#{anchors[599]}").page  # the last card is on the third page of them
    for anchor in (
        anchors[599],
        anchors[0],
        anchors[505],
        group_anchor("relation", "public.table_7"),
        group_anchor("kind", "ColumnType"),
    ):
        page.evaluate("(anchor) => { location.hash = anchor; }", anchor)
        target = page.locator(f"[id='{anchor}']")
        target.and_(page.locator(".target")).wait_for()
        assert (
            page.evaluate("document.activeElement.id") == anchor or target.evaluate("(one) => one.tagName") == "DETAILS"
        )
    # A link to what a filter hides takes the filter away; one to nothing does nothing.
    page.evaluate("location.hash = '#status=failed'")
    page.locator(f"[id='{anchors[0]}']").wait_for(state="detached")
    page.evaluate("(anchor) => { location.hash = anchor; }", anchors[0])
    page.locator(f".target[id='{anchors[0]}']").wait_for()
    page.evaluate("location.hash = '#relation-that-is-not-there'")
    assert page.locator("details.group").count() == 30


def test_cards_come_in_pages_and_all_on_paper(report: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(many(report, 400, 100))).page
    assert page.locator("article.card").count() == 25
    page.click("#pager button:has-text('Next')")
    page.click("#pager button:has-text('Next')")
    assert "51 to 75 of 100" in page.inner_text("#pager")
    assert shown(page) == (25, 20, "#page=3")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article.card").count() == 100
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("article.card").count() == 25


def test_ten_thousand_are_found_though_few_are_on_the_page(report: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(many(report, 10_000, 2_000))).page
    assert page.evaluate("document.getElementsByTagName('*').length") < 12_000
    page.fill("#search", "public.table_99.c1999 typed")
    page.locator("li.row:visible").wait_for()
    assert page.inner_text("#shown") == "1 of 10,000"
    page.keyboard.press("Escape")
    last = group_anchor("relation", "public.table_399")  # the worst first: behind 100 broken ones and 300 others
    page.locator("[data-rest]").wait_for()
    assert page.locator("details.group").count() == 100
    page.evaluate("(anchor) => { location.hash = anchor; }", last)
    page.locator(f"[id='{last}'].target li").first.wait_for()
    assert page.locator("details.group").count() == 500


def test_it_remembers_what_was_open_and_the_colours(report: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(report)).page
    users = f"[id='{group_anchor('relation', 'public.users')}']"
    page.click(f"{users} > summary")
    page.locator(f"{users}[open] li").first.wait_for()
    page.click("#theme")
    page.click("#theme")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    assert page.locator("details.group[open]").count() == 1
    assert page.locator(f"{users}[open] li").count() == 5
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper == "rgb(15, 20, 26)"


def test_it_works_where_storage_and_addresses_are_forbidden(report: Report, visit: Callable[..., Any]) -> None:
    forbid = """
      Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
      history.replaceState = () => { throw new DOMException("no", "SecurityError"); };
    """
    page = visit(render(report), before=forbid).page
    page.click("#theme")
    page.click("details.group > summary")
    page.check("[name=status][value=failed]", force=True)
    assert shown(page) == (6, 6, "")


def test_repairs_are_copied_whole(report: Report, visit: Callable[..., Any]) -> None:
    capture = "navigator.clipboard.writeText = async (text) => { window.copied = text; };"
    page = visit(render(report), before=capture).page
    page.click("article .copy")
    page.locator("article .copy:has-text('Copied')").wait_for()
    alter = "alter table public.users alter column id type uuid using id::text::uuid;"
    script = f"-- rewrites the table\n{alter}\nanalyze public.users;"
    assert page.evaluate("copied") == script
    page.click(".mending summary")
    page.click(".mending .copy")
    page.locator(".mending .copy:has-text('Copied')").wait_for()
    assert page.evaluate("copied") == f"-- public.users.id has the type integer\n{script}"


def test_the_keyboard_is_enough(report: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(report)).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("teams/")
    page.locator("#nothing").wait_for()
    page.keyboard.press("Escape")
    assert page.input_value("#search") == ""
    assert shown(page) == (7, 8, "")
    page.focus("[name=status]:checked")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


def test_without_a_script_it_is_all_there_to_read(report: Report, visit: Callable[..., Any]) -> None:
    page = visit(render(report), java_script_enabled=False).page
    assert page.locator("article.card:visible").count() == 7
    page.click(f"[id='{group_anchor('relation', 'public.users')}'] > summary")
    assert page.locator("li.row:visible").count() == 5
    for hidden in ("#tools", "#theme", "#by", "#unfold", ".copy"):
        assert page.locator(f"{hidden}:visible").count() == 0
