"""A Postgres for the tests: one server for each pytest process, a fresh database for each test that asks.

``PGCONTRACT_TEST_DSN`` names another server by URL, whose role must be a superuser; the tests make and drop databases
there, and touch no others.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from packaging.specifiers import SpecifierSet

from pgcontract.catalog.plans import keep_plans
from pgcontract.embedded import Databases, Server, apply_setup
from pgcontract.embedded.binaries import installed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page, Request

pytest_plugins = ["pytester"]

DSN = os.environ.get("PGCONTRACT_TEST_DSN")

# What a template is made from: the items of `apply_setup`, or a function of the new database's URL.
Recipe = Sequence[Path | str] | Callable[[str], object]


@lru_cache
def server_version() -> str:
    """Such as ``18.6``, without starting a server."""
    if DSN:
        with Databases(DSN) as databases:
            return f"{databases.version // 10000}.{databases.version % 10000}"
    binaries = installed()
    return binaries.version.rpartition(".")[0] if binaries else "missing"


def pytest_report_header() -> str:
    return f"PostgreSQL: {server_version()} ({'PGCONTRACT_TEST_DSN' if DSN else 'embedded'})"


@lru_cache
def extensions() -> frozenset[str] | None:
    """What `CREATE EXTENSION` offers on the other server; None for the embedded one, which has what the tests need."""
    if not DSN:
        return None
    with psycopg.connect(DSN) as connection:
        return frozenset(name for (name,) in connection.execute("SELECT name FROM pg_catalog.pg_available_extensions"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server-only",
        action="store_true",
        help="run only what uses the server, and so may go otherwise on another one",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "extension(*names): the extensions that the server must offer")
    # A shell that runs the tests in the background has interrupts ignored, and nohup hang-ups, by them and by whatever
    # they start and end so: those tests would wait until they give up.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def uses_server(item: pytest.Item) -> bool:
    """Whether it asks for the server, be it through other fixtures."""
    return isinstance(item, pytest.Function) and "server" in item.fixturenames


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip, and say why, what ``@pytest.mark.pg(">= 15")`` or ``@pytest.mark.extension("vector")`` rules out here."""
    if config.getoption("--server-only"):
        config.hook.pytest_deselected(items=[item for item in items if not uses_server(item)])
        items[:] = filter(uses_server, items)
    # Several of these take seconds; were they the last, the other processes would wait for the one that has them.
    items.sort(key=lambda item: "supabase" not in item.path.parts)
    for item in items:
        for marker in item.iter_markers("pg"):
            if server_version() not in SpecifierSet(marker.args[0]):
                reason = f"needs PostgreSQL {marker.args[0]}, this is {server_version()}"
                item.add_marker(pytest.mark.skip(reason=reason))
        wanted = {name for marker in item.iter_markers("extension") for name in marker.args}
        if wanted and (offered := extensions()) is not None and (missing := sorted(wanted - offered)):
            reason = f"needs the extension {' and '.join(missing)}, which this server does not offer"
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_collection_finish() -> None:
    """Keep what was collected from being looked through for garbage again and again: a twentieth of the time."""
    gc.collect()
    gc.freeze()


@contextmanager
def without_playwright(item: pytest.Item) -> Iterator[None]:
    """Playwright leaves its event loop running from the first test with a browser on; asyncio allows one a thread."""
    loop = None if "browser" in getattr(item, "fixturenames", ()) else asyncio._get_running_loop()  # noqa: SLF001
    if loop is None:
        yield
        return
    asyncio._set_running_loop(None)  # noqa: SLF001 - there is no other way, and it is documented for event loops
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)  # noqa: SLF001


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with without_playwright(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with without_playwright(item):
        return (yield)


@pytest.fixture(scope="session")
def server() -> Iterator[Databases]:
    """The server, which makes and drops databases."""
    with Databases(DSN) if DSN else Server() as running:
        yield running


@pytest.fixture(scope="session")
def fresh_name() -> Callable[[], str]:
    """Names for databases that no other test run on the same server uses."""
    numbers = itertools.count()
    return lambda: f"pgcontract_test_{os.getpid()}_{next(numbers)}"


@pytest.fixture(scope="session")
def make_template(server: Databases, fresh_name: Callable[[], str]) -> Iterator[Callable[[Recipe], str]]:
    """Make a template database and return its name, for `clone`; one of the same recipe is made once, as are its parts.

    ::

        @pytest.fixture(scope="module")
        def reconciled(make_template):
            return make_template(["supabase", Path("examples/supabase/reconcile.sql")])


        def test_it(clone, reconciled):
            url = clone(reconciled)
    """
    made: dict[Any, str] = {}

    def make(recipe: Recipe) -> str:
        key = recipe if callable(recipe) else tuple(recipe)
        if key in made:
            return made[key]
        before = make(recipe[:-1]) if not callable(recipe) and len(recipe) > 1 else None
        name = made[key] = fresh_name()
        url = server.create_database(name, before)
        if callable(recipe):
            recipe(url)
        else:
            apply_setup(url, recipe[-1:])
        server.make_template(name)
        return name

    yield make
    for name in made.values():
        server.drop_database(name)


@pytest.fixture
def clone(server: Databases, fresh_name: Callable[[], str]) -> Iterator[Callable[[str | None], str]]:
    """Clone a template (None: an empty database) and return the clone's URL; it is dropped after the test."""
    made = []

    def make(template: str | None = None) -> str:
        made.append(fresh_name())
        return server.create_database(made[-1], template)

    yield make
    for name in made:
        server.drop_database(name)


@pytest.fixture(scope="session")
def keep() -> Callable[[psycopg.Connection[Any]], None]:
    """Have the server keep its plans for a connection whose catalog is read again and again, a fifth of the time then.

    When a schema comes or goes, it plans everything anew: that of temporary tables comes with the first of them, and
    where that is rolled back, with each.
    """

    def kept(connection: psycopg.Connection[Any]) -> None:
        keep_plans(connection)
        connection.execute("create temporary table pgcontract_first (); drop table pgcontract_first")
        connection.commit()

    return kept


@pytest.fixture
def database(clone: Callable[[str | None], str]) -> str:
    """The URL of an empty database of this test's own, as a superuser."""
    return clone(None)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What was said on standard error."""
        return self.err.splitlines()


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ended]:
    """The command line in this process: `command_line("verify", "contract.yaml")`."""
    from pgcontract.cli import main  # noqa: PLC0415

    def ran(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["pgcontract", *arguments])
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capfdbinary.readouterr()
        return Ended(int(ended.value.code or 0), captured.out.decode(), captured.err.decode())

    return ran


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; a test that wants one is skipped where there is none, but not where CI is set."""
    path = Path(__file__).resolve().parents[1] / "tools" / "chromium.py"
    spec = importlib.util.spec_from_file_location("chromium", path)
    assert spec is not None
    assert spec.loader is not None
    chromium = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(chromium)
    if chromium.executable() is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium, and CI is set: nothing may be skipped")
        pytest.skip("there is no Chromium: install it, or name it by PGCONTRACT_CHROMIUM")
    with chromium.browsing() as browser:
        yield browser


@pytest.fixture(scope="session")
def contract_validator() -> Any:
    """What tells whether the content of a contract file fits our JSON Schema; to make it takes half a second."""
    import jsonschema  # type: ignore[import-untyped]  # noqa: PLC0415 - few folders want it

    from pgcontract.contract.schema import contract_schema  # noqa: PLC0415

    return jsonschema.Draft202012Validator(contract_schema())


@dataclass
class Visit:
    """A page in the browser.

    Attributes:
        page: The page.
        wrong: What no page of ours may do, as it happens: run what it should not, ask for something, complain.
    """

    page: Page
    wrong: list[str] = field(default_factory=list)

    def listen(self) -> Visit:
        """Take note of what is wrong from now on."""
        self.page.on("dialog", self.refuse)
        self.page.on("console", lambda said: self.wrong.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("popup", lambda popup: self.wrong.append(f"popup: {popup.url}"))
        self.page.on("request", self.ask)
        return self

    def refuse(self, dialog: Dialog) -> None:
        """A dialog, which a script has opened that is not ours."""
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def ask(self, request: Request) -> None:
        """A request; what stands in the page itself is none, and a page of a file may be read from its file."""
        if not request.url.startswith(("data:", "about:", "file:")):
            self.wrong.append(f"request: {request.url}")


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open a page, given as its text or its path, with the network off: ``visit(text, fragment="", **context)``.

    The test fails if the page did anything that it should not. `context` is what Playwright makes a context with, such
    as `color_scheme="dark"`; `before` is a script that runs before those of the page.
    """
    with ExitStack() as stack:
        visits: list[Visit] = []

        def opened(what: str | Path, fragment: str = "", before: str = "", **context: Any) -> Visit:
            if isinstance(what, str):
                path = tmp_path / f"page-{len(visits)}.html"
                path.write_text(what, encoding="utf-8")
            else:
                path = what
            made = browser.new_context(offline=True, **{"reduced_motion": "reduce"} | context)
            stack.callback(made.close)
            made.set_default_timeout(60_000)
            visits.append(Visit(made.new_page()).listen())
            if before:
                visits[-1].page.add_init_script(before)
            visits[-1].page.goto(path.as_uri() + fragment)
            return visits[-1]

        yield opened
        assert [each for visit in visits for each in visit.wrong] == []
