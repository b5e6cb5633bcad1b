"""The pages in a real browser, with the network off; whatever one of them complains of fails the test."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import ColumnExists, ForeignKey, PolicyPresent, PrimaryKey, Suite, TableExists

from .conftest import SUITE, Site, runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pgcontract.lifecycle.history.folder import Folder

WHOLE = SUITE + Suite(
    "shop",
    [
        PrimaryKey("users", "id", because="rows are told apart by it", tags=["keys"]),
        ForeignKey("orders", "user_id", "users(id)", severity="warning"),
        PolicyPresent(
            "orders", "own", command="SELECT", roles="authenticated", permissive=True, using="user_id = auth.uid()"
        ),
    ],
)
PAGES = [
    "index.html",
    "shop/app/index.html",
    "shop/app/promises.html",
    "shop/app/runs-2026-10.html",
    "later/no-run~/index.html",
    "later/no-run~/promises.html",
]


@pytest.fixture
def public(folder: Folder, site: Site, tmp_path: Path) -> Path:
    """A site in which something fails, flaps and was fixed."""
    for report in runs((), (1,), (), (1, 4), (), (1,), (2, 4), suite=WHOLE):
        folder.add(report)
    site(Suite("later", [TableExists("plans")]))
    return tmp_path / "public"


@cache
def axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def test_axe_finds_nothing(public: Path, visit: Callable[..., Any]) -> None:
    """In full where it is light; in the dark the contrast of the page that has everything."""
    for name, scheme, rules in (*((each, "light", None) for each in PAGES[:3]), (PAGES[2], "dark", ["color-contrast"])):
        page = visit(public / name, color_scheme=scheme).page
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        page.evaluate(axe())
        options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
        found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
        assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found] == [], name


def test_no_page_is_wider_than_a_telephone(folder: Folder, public: Path, site: Site, visit: Callable[..., Any]) -> None:
    long = "long_name_" * 20
    (wide,) = runs((0,), suite=Suite(long, [TableExists(long[:60])]), name=long, database=long, host=long)
    folder.add(wide)
    site(Suite("later", [TableExists("plans")]))
    place = next(each for each in public.iterdir() if each.name.startswith("long-"))
    pages = [
        *PAGES,
        *(page.relative_to(public).as_posix() for page in place.rglob("*.html") if page.parent.name != "runs"),
    ]
    page = visit(public / PAGES[0], viewport={"width": 400, "height": 900}).page
    for name in pages:
        page.goto((public / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


SHOWN = """() => ["article[data-find]", ".promise"].map(
  (selector) => [...document.querySelectorAll(selector)].filter((each) => !each.closest("[hidden]")).length)"""


def shown(page: Any) -> list[int]:
    """How many sheets and how many promises are to be seen."""
    found: list[int] = page.evaluate(SHOWN)
    return found


def test_the_search_finds_tables_and_promises_and_links_lead_to_what_it_hides(
    public: Path, visit: Callable[..., Any]
) -> None:
    page = visit(public / "shop" / "app" / "promises.html").page
    every = shown(page)
    for words, expected in (("row-level enabled", [1, 1]), ("nothing such", [0, 0]), ("uuid", [1, 1])):
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "search"
        page.fill("#search", words)
        page.wait_for_function(f"() => ({SHOWN})()[1] === {expected[1]}")
        assert shown(page) == expected
        page.evaluate("document.activeElement.blur()")
    page.evaluate("location.hash = document.querySelector('.fold .promise').id")
    page.wait_for_function("() => !document.querySelector('.fold .promise').closest('[hidden]')")
    assert shown(page) == every
    assert page.evaluate("document.querySelector('.fold .promise').closest('details').open")
    page.fill("#search", "nothing such")
    page.wait_for_function(f"() => ({SHOWN})()[1] === 0")
    page.press("#search", "Escape")
    assert shown(page) == every


def test_without_a_script_everything_is_there(public: Path, visit: Callable[..., Any]) -> None:
    page = visit(public / "shop" / "app" / "promises.html", java_script_enabled=False).page
    assert page.locator(".promise").count() == len(WHOLE)
    assert page.locator("#search:visible, #theme:visible").count() == 0


def test_a_link_arrives_though_what_is_out_of_sight_is_not_laid_out(
    folder: Folder, site: Site, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    suite = Suite(
        "shop",
        [ColumnExists(f"t{table:02}", f"c{number}") for table in range(30) for number in range(90 * (table % 2) + 2)],
    )
    folder.add(runs((), suite=suite)[0])
    site()
    page = visit(tmp_path / "public" / PAGES[2]).page
    for table in ("t25", "t03"):
        page.click(f".toc a:text('public.{table}')")
        page.wait_for_function(
            f"() => Math.abs(document.querySelector('[data-name=\"public.{table}\"]').getBoundingClientRect().top) < 40"
        )
