"""An Alembic project's migrations run on the database that is meant, whatever env.py would connect to."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.embedded import alembic, alembic_child, apply_setup, psql
from pgcontract.embedded.alembic_errors import ElsewhereError
from pgcontract.embedded.alembic_route import Route
from pgcontract.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pgcontract.embedded import Databases

INI = "[alembic]\nscript_location = scripts\nprepend_sys_path = .\npath_separator = os\n"
ENV = """
from alembic import context
from sqlalchemy import create_engine, engine_from_config, pool

{before}
engine = {engine}
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""
CONFIGURED = "engine_from_config(context.config.get_section('alembic'), poolclass=pool.NullPool)"
FIRST = """
from alembic import op

revision, down_revision = "ae10", None


def upgrade():
    print("a migration says something")
    op.execute("create table notes (id int)")
"""
SECOND = """
from alembic import op

revision, down_revision = "ae20", "ae10"


def upgrade():
    {statement}
"""


def make(folder: Path, second: str = "op.execute('select 1')", engine: str = CONFIGURED, before: str = "") -> Path:
    """A project, and its alembic.ini."""
    versions = folder / "scripts" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(INI, encoding="utf-8")
    (folder / "scripts" / "env.py").write_text(ENV.format(before=before, engine=engine), encoding="utf-8")
    (versions / "first.py").write_text(FIRST, encoding="utf-8")
    (versions / "second.py").write_text(SECOND.format(statement=second), encoding="utf-8")
    return folder / "alembic.ini"


def revisions(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        found = connection.execute("select pg_catalog.to_regclass('public.alembic_version')").fetchone()
        assert found is not None
        return [] if found[0] is None else connection.execute("select version_num from alembic_version").fetchall()


@pytest.fixture(scope="module")
def empty(server: Databases, fresh_name: Callable[[], str]) -> Iterator[str]:
    """A database for migrations that come to nothing."""
    name = fresh_name()
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What the child does to its process is undone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    os.chdir(tmp_path)


def upgraded(ini: Path, url: str) -> dict[str, Any]:
    """As the child answers, in this process."""
    return alembic_child.upgraded({"database": psql.parameters(url), "ini": str(ini), "toml": None})


def test_a_project_is_an_item_of_a_setup(tmp_path: Path, database: str, capfd: pytest.CaptureFixture[str]) -> None:
    """In a process of its own: from elsewhere than its folder, with logging that env.py takes over.

    What env.py has started, and does not end with it, is not waited for.
    """
    before = "import logging, sys\nlogging.disable(50)\nprint('printed')\nsys.modules['pgcontract'] = None\n"
    started, ended = tmp_path / "started", tmp_path / "ended"
    before += f"import subprocess\nwith open({str(started)!r}, 'w') as pid:\n"
    before += f"    pid.write(str(subprocess.Popen(['sh', '-c', 'sleep 60; > {ended}'], start_new_session=True).pid))\n"
    after = tmp_path / "after.sql"
    after.write_text("insert into notes values (1)", encoding="utf-8")
    ini = make(tmp_path / "app", before=before)
    apply_setup(database.replace("postgresql:", "postgresql+psycopg2:"), [f"alembic:{ini.parent}", after])
    assert revisions(database) == [("ae20",)]
    os.killpg(int(started.read_text(encoding="utf-8")), signal.SIGKILL)
    assert not ended.exists()
    assert capfd.readouterr() == ("", "")
    assert logging.root.manager.disable == 0


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("query", "schema"),
    [
        ("sslmode=require&options=-csearch_path%3Dapp", "app"),
        ("host=/nowhere&service=live&passfile=/nowhere", "public"),
    ],
)
def test_no_url_of_env_py_leads_elsewhere(tmp_path: Path, database: str, query: str, schema: str) -> None:
    """Where it leads is ours; what else it says stays."""
    url = f"postgresql+psycopg://ann:secret@nowhere.invalid:1/production?{query}"
    with psycopg.connect(database) as connection:
        connection.execute("create schema app")
    assert upgraded(make(tmp_path / "app", engine=f"create_engine({url!r}, poolclass=pool.NullPool)"), database) == {}
    with psycopg.connect(database) as connection:
        found = connection.execute("select relnamespace::regnamespace::text from pg_class where relname = 'notes'")
        assert found.fetchone() == (schema,)


HOME = {"host": "/run/it", "port": "5433", "user": "ann", "dbname": "private"}
AFAR = {"host": "db.test", "port": "6543", "user": "ann", "password": "s3cret", "dbname": "app", "sslmode": "require"}
DRIVERS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("psycopg", HOME, HOME),
    ("psycopg_async", AFAR, AFAR),
    ("psycopg2", AFAR, AFAR),
    ("asyncpg", HOME, {"host": "/run/it", "port": 5433, "user": "ann", "database": "private"}),
    (
        "asyncpg",
        AFAR,
        {"host": "db.test", "port": 6543, "user": "ann", "password": "s3cret", "database": "app", "ssl": "require"},
    ),
    ("pg8000", HOME, {"unix_sock": "/run/it/.s.PGSQL.5433", "user": "ann", "database": "private"}),
    (
        "pg8000",
        AFAR,
        {"host": "db.test", "port": 6543, "user": "ann", "password": "s3cret", "database": "app", "ssl_context": True},
    ),
]


@pytest.mark.parametrize(("driver", "database", "expected"), DRIVERS)
def test_each_driver_is_led_as_it_wants(driver: str, database: dict[str, str], expected: dict[str, Any]) -> None:
    theirs: dict[str, Any] = {"host": "live", "hostaddr": "10.0.0.1", "password": "p", "ssl": "require", "timeout": 3}
    arguments = ["host=live"]
    dialect: Any = SimpleNamespace(name="postgresql", driver=driver)
    Route(database).connect(dialect, None, arguments, theirs)
    assert (arguments, theirs) == ([], {**expected, "timeout": 3})


def test_an_unknown_driver_is_refused() -> None:
    with pytest.raises(ElsewhereError, match="the migrations connect by mine, which cannot be led"):
        Route(HOME).connect(SimpleNamespace(name="postgresql", driver="mine"), None, [], {})  # type: ignore[arg-type]


MISSING = {
    "no file": ("alembic.ini", "alembic.ini configures no Alembic project: there is no alembic.ini"),
    "an empty folder": (".", ". configures no Alembic project: there is no alembic.ini"),
    "a pyproject.toml of others": ("pyproject.toml", "pyproject.toml has no [tool.alembic]"),
}


@pytest.mark.parametrize("case", MISSING)
def test_a_project_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    given, message = MISSING[case]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    with pytest.raises(SetupError) as refused:
        apply_setup("postgresql://nowhere.invalid/app", [f"alembic:{given}"])
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("file", "text", "folder"),
    [
        ("alembic.ini", "[alembic]\nscript_location = %(here)s/scripts\n", "scripts"),
        ("alembic.ini", "[alembic]\nscript_location = scripts\nsqlalchemy.url = %(NOT_SET)s\n", "scripts"),
        ("pyproject.toml", "[tool.alembic]\nscript_location = 'scripts'\n", "scripts"),
        ("alembic.ini", "[alembic]\nscript_location = package:scripts\n", None),
        ("alembic.ini", "what is this", None),
    ],
)
def test_what_a_project_is_made_of(tmp_path: Path, file: str, text: str, folder: str | None) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / file).write_text(text, encoding="utf-8")
    found = [tmp_path / file] if folder is None else [tmp_path / file, tmp_path / folder]
    assert alembic.files(tmp_path) == alembic.files(tmp_path / file) == found


def test_a_folder_called_alembic_is_not_alembic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ini = make(tmp_path / "app")
    monkeypatch.setattr(alembic, "find_spec", lambda _name: SimpleNamespace(origin=None))
    with pytest.raises(SetupError) as refused:
        alembic.project(ini)
    assert refused.value.hint == 'Install it: pip install "pgcontract[alembic]"'


WRONG: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "what Postgres says, with the revision and the line": (
        {"second": "op.execute('create table notes (other int)')"},
        {"file": "second.py", "line": 8, "revision": "ae20", "message": 'relation "notes" already exists'},
    ),
    "with the detail": (
        {"second": "op.execute('insert into notes values (1), (1); alter table notes add unique (id)')"},
        {"message": 'could not create unique index "notes_id_key" (Key (id)=(1) is duplicated.)', "revision": "ae20"},
    ),
    "a role that somebody has to make": (
        {"second": "op.execute('grant all on notes to nobody_there')"},
        {
            "message": 'role "nobody_there" does not exist',
            "hint": "What is there before the first migration is made by --setup: a file of SQL, or a platform's name.",
        },
    ),
    "an error of the revision's own": (
        {"second": "{}['a']"},
        {"file": "second.py", "line": 8, "revision": "ae20", "message": "KeyError: 'a'"},
    ),
    "a revision that refers to none": (
        {"second": "pass\n\ndown_revision = 'gone'"},
        {"file": None, "message": "a revision refers to 'gone', and there is none", "hint": None},
    ),
    "a key that is no setting": (
        {"before": "import string\nstring.Template('$a').substitute({})"},
        {"line": 6, "message": "KeyError: 'a'", "hint": None},
    ),
    "env.py itself": (
        {"before": "import os\nos.environ['NOT_THERE_AT_ALL']"},
        {"file": "env.py", "line": 6, "revision": None, "message": "KeyError: 'NOT_THERE_AT_ALL'"},
    ),
    "an application that is not there": (
        {"before": "import not_an_application"},
        {"file": "env.py", "line": 5, "message": "ModuleNotFoundError: No module named 'not_an_application'"},
    ),
    "env.py that ends the process": (
        {"before": "raise SystemExit(3)"},
        {"file": "env.py", "line": 5, "message": "SystemExit 3"},
    ),
    "a connection that its engine opens": (
        {"engine": "create_engine('postgresql+psycopg://', creator=lambda: __import__('psycopg').connect(URL))"},
        {"message": "an engine opens its connections itself (creator=), so they cannot be led elsewhere"},
    ),
    "another database": (
        {"engine": "create_engine('sqlite://')"},
        {"message": "the migrations connect to sqlite, not to PostgreSQL"},
    ),
}


@pytest.mark.filterwarnings("ignore:Revision gone referenced")
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("case", WRONG)
def test_what_goes_wrong_is_told_with_its_place(tmp_path: Path, empty: str, case: str) -> None:
    made, expected = WRONG[case]
    if "URL" in made.get("engine", ""):
        made = {**made, "engine": made["engine"].replace("URL", repr(empty))}
    answer = upgraded(make(tmp_path / "app", **made), empty)
    if expected.get("file"):
        expected = {**expected, "file": str(next(tmp_path.rglob(expected["file"])))}
    assert {key: answer.get(key) for key in expected} == expected
    assert revisions(empty) == [], "what one migration breaks, none has done"


@pytest.mark.skipif(os.name != "posix", reason="an orphan has its parent's id there")
def test_migrations_end_with_whoever_ordered_them() -> None:
    child = (
        "import os; from pgcontract.embedded.alembic_child import outlive_nobody; parent = os.getppid(); "
        "print('ready', flush=True); outlive_nobody(parent)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as ordering:
        assert ordering.stdout is not None
        assert ordering.stdout.readline() == b"ready\n"
        ordering.kill()
        assert ordering.communicate(timeout=60)[0] == b"", "the other end of the pipe is the child's, too"


@pytest.mark.usefixtures("here")
def test_env_py_that_connects_to_nothing_is_found_out(tmp_path: Path, empty: str) -> None:
    ini = make(tmp_path / "app")
    (tmp_path / "app" / "scripts" / "env.py").write_text("", encoding="utf-8")
    assert upgraded(ini, empty)["message"] == "env.py connected to no database through SQLAlchemy"


@pytest.mark.usefixtures("here")
def test_a_project_that_says_nothing_has_its_scripts_beside_it(tmp_path: Path, empty: str) -> None:
    """As Flask-Migrate's."""
    make(tmp_path / "app", before="import an_application_here")
    (tmp_path / "an_application_here.py").write_text("raise SystemExit('found')", encoding="utf-8")
    ini = tmp_path / "app" / "scripts" / "alembic.ini"
    ini.write_text("[alembic]\n", encoding="utf-8")
    assert upgraded(ini, empty)["message"] == "SystemExit found"
    assert alembic.files(ini) == [ini, ini.parent]


@pytest.mark.usefixtures("here")
def test_a_project_without_revisions_is_none(tmp_path: Path, empty: str) -> None:
    ini = make(tmp_path / "app")
    for path in (tmp_path / "app" / "scripts" / "versions").iterdir():
        path.unlink()
    assert upgraded(ini, empty)["message"].startswith("there are no revisions in ")


URLS = {
    "postgresql+psycopg_async://a@b/c": "postgresql+psycopg_async",
    "postgresql+no_such_driver://a@b/c": "postgresql+psycopg",
    "driver://user:pass@localhost/dbname": "postgresql+psycopg",
    "%(NOT_SET)s": "postgresql+psycopg",
    "": "postgresql+psycopg",
}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("said", URLS)
def test_env_py_is_given_the_url_with_its_driver(tmp_path: Path, empty: str, said: str) -> None:
    before = "raise SystemExit(context.config.get_main_option('sqlalchemy.url'))"
    ini = make(tmp_path / "app", before=before)
    ini.write_text(f"{INI}sqlalchemy.url = {said}\n", encoding="utf-8")
    assert upgraded(ini, empty)["message"].startswith(f"SystemExit {URLS[said]}://")
