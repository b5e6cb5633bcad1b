"""Setup runs SQL as psql does, in the order given, and a failure says where and why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract.embedded import apply_setup, postgres, psql
from pgcontract.errors import DatabaseError, PgContractError, SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

LOG = "CREATE TABLE IF NOT EXISTS log (n int GENERATED ALWAYS AS IDENTITY, what text);\n"


def write(path: Path, sql: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sql, encoding="utf-8")
    return path


def logs(path: Path, what: str) -> Path:
    """A script that notes that it ran."""
    return write(path, f"{LOG}INSERT INTO log (what) VALUES ('{what}');\n")


def query(url: str, sql: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return [value for (value,) in connection.execute(sql.encode())]


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed package that offers platforms."""
    site = tmp_path / "site"
    write(site / "moon.py", f"SQL = {LOG + 'INSERT INTO log (what) VALUES (E' + repr('moon') + ');'!r}\nNUMBER = 7\n")
    write(site / "moon-1.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: moon\nVersion: 1\n")
    write(
        site / "moon-1.dist-info" / "entry_points.txt",
        "[pgcontract.platforms]\nmoonbase = moon:SQL\nnumber = moon:NUMBER\n",
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "moon", raising=False)
    return "moonbase"


def test_items_run_in_their_order(tmp_path: Path, database: str, platform: str) -> None:
    for name in ("20_b.sql", "10_a.sql", "30_c.SQL", "30_c.txt", ".hidden.sql"):
        logs(tmp_path / "migrations" / name, name)
    logs(tmp_path / "migrations" / "folder.sql" / "inner.sql", "inner")
    last = logs(tmp_path / "last.sql", "last")
    apply_setup(database, [platform, tmp_path / "migrations", str(last), last])
    order = ["moon", "10_a.sql", "20_b.sql", "30_c.SQL", "last", "last"]
    assert query(database, "SELECT what FROM log ORDER BY n") == order


def test_what_only_psql_runs_runs(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    script = """\ufeff\\restrict token
CREATE TABLE t (a int, b text);
COPY t (a, b) FROM stdin;
1\tümläut
2\tsemi;colon
\\.
CREATE INDEX CONCURRENTLY t_a ON t (a);
SELECT 'printed';
\\unrestrict token
"""
    apply_setup(database, [write(tmp_path / "dump.sql", script)])
    monkeypatch.undo()
    assert query(database, "SELECT b FROM t ORDER BY a") == ["ümläut", "semi;colon"]


def test_settings_of_one_file_end_with_it(tmp_path: Path, database: str) -> None:
    write(tmp_path / "m" / "1.sql", "SET search_path = ''; SET client_encoding = 'LATIN1';")
    write(tmp_path / "m" / "2.sql", "CREATE TABLE here (); COMMENT ON TABLE here IS 'ü';")
    apply_setup(database, [tmp_path / "m"])
    assert query(database, "SELECT obj_description('public.here'::regclass)") == ["ü"]


@pytest.mark.parametrize(
    "name", ["with space.sql", "quote'd.sql", 'double"quote.sql', "-f.sql", "ünïcödé.sql", "$HOME.sql"]
)
def test_an_odd_file_name_is_a_name(tmp_path: Path, database: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    logs(tmp_path / name, "ran")
    monkeypatch.chdir(tmp_path)
    apply_setup(database, [Path(name)])
    assert query(database, "SELECT what FROM log") == ["ran"]
    write(tmp_path / name, "SELECT 1;\nSELECT 1/0;\n")
    with pytest.raises(SetupError) as caught:
        apply_setup(database, [Path(name)])
    assert str(caught.value) == f"{name}:2: division by zero"


FAILURES = {
    "an error": ("SELECT 1;\n\nSELECT * FROM missing;\n", 'x.sql:3: relation "missing" does not exist', None),
    "a hint": (
        "CREATE TABLE users (id int);\nSELECT idd FROM users;",
        'x.sql:2: column "idd" does not exist',
        'Perhaps you meant to reference the column "users.id".',
    ),
    "a detail": (
        "CREATE TABLE u (a int PRIMARY KEY);\nINSERT INTO u VALUES (1), (1);",
        'x.sql:2: duplicate key value violates unique constraint "u_pkey" (Key (a)=(1) already exists.)',
        None,
    ),
    "after notices": (
        "DROP TABLE IF EXISTS a;\nDO $$ BEGIN RAISE WARNING 'w'; END $$;\nCREATE TABL x ();",
        'x.sql:3: syntax error at or near "TABL"',
        None,
    ),
    "of psql": ("\n\\i missing.sql\n", "x.sql:2: missing.sql: No such file or directory", None),
    "lost connection": (
        "SELECT 1;\nSELECT pg_terminate_backend(pg_backend_pid());",
        "x.sql:2: terminating connection due to administrator command",
        None,
    ),
    "an extension that is not there": (
        "SELECT 1;\nCREATE EXTENSION no_such_extension;",
        'x.sql:2: extension "no_such_extension" is not available',
        "The extension must first be installed on the system where PostgreSQL is running.",
    ),
    "copied rows": (
        "CREATE TABLE c (a int);\nCOPY c FROM stdin;\nx\n\\.\n",
        'x.sql:4: invalid input syntax for type integer: "x"',
        None,
    ),
}


@pytest.mark.parametrize(("sql", "message", "hint"), FAILURES.values(), ids=FAILURES)
def test_a_failure_says_where_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, sql: str, message: str, hint: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("x.sql"), sql)
    never = logs(tmp_path / "never.sql", "never")
    with pytest.raises(SetupError) as caught:
        apply_setup(database, [Path("x.sql"), never])
    assert (str(caught.value), caught.value.hint) == (message, hint)
    assert query(database, "SELECT to_regclass('log')") == [None]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"SELECT 1;\n\\connect no_such\nSELECT 2;\n", r'x\.sql:2: \\connect: .*database "no_such" does not exist'),
        (b"SELECT 1;\nSELECT 'caf\xe9';\n", r"x\.sql:2: invalid byte sequence for encoding \"UTF8\": 0xe9"),
    ],
    ids=["another database", "not in UTF-8"],
)
def test_what_cannot_be_read_or_reached_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, content: bytes, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.sql").write_bytes(content)
    with pytest.raises(SetupError, match=message):
        apply_setup(database, [Path("x.sql")])


def test_a_failure_in_an_included_file_names_that_one(tmp_path: Path, database: str) -> None:
    inner = write(tmp_path / "inner.sql", "\n\nSELECT 1/0;")
    outer = write(tmp_path / "outer.sql", "\\ir inner.sql\n")
    with pytest.raises(SetupError) as caught:
        apply_setup(database, [outer])
    assert str(caught.value) == f"{inner}:3: division by zero"


def test_a_failing_platform_is_named(database: str, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    moon = pytest.importorskip("moon")
    monkeypatch.setattr(moon, "SQL", "SELECT 1;\nSELECT 1/0;")
    with pytest.raises(SetupError) as caught:
        apply_setup(database, [platform])
    assert str(caught.value) == "platform moonbase:2: division by zero"


def test_a_failing_setup_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directories: list[Path] = []
    run = psql.run

    def spy(script: psql.Script, database: psql.Target) -> None:
        directories.append(Path(database.environment["PGHOST"]).parent)
        run(script, database)

    monkeypatch.setattr(psql, "run", spy)
    with pytest.raises(SetupError, match="division by zero"), postgres([write(tmp_path / "x.sql", "SELECT 1/0;")]):
        pytest.fail("the block must not run")
    assert directories
    assert not directories[0].exists()


@pytest.mark.parametrize(
    ("item", "message", "hint"),
    [
        (Path("missing.sql"), "missing.sql does not exist", None),
        ("missing.sql", "missing.sql does not exist", None),
        ("folder/missing", "folder/missing does not exist", None),
        (Path("empty"), "empty holds no .sql files", None),
        ("empty", "empty holds no .sql files", None),
        ("moonbaes", "'moonbaes' is neither a platform nor a file or folder", "Perhaps you meant 'moonbase'."),
        ("number", "platform number is not SQL text but int", None),
    ],
)
@pytest.mark.usefixtures("platform")
def test_what_is_not_there_is_said_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, item: Path | str, message: str, hint: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    write(Path("empty/readme.txt"), "nothing")
    first = logs(tmp_path / "first.sql", "first")
    with pytest.raises(SetupError) as caught:
        apply_setup(database, [first, item])
    assert (str(caught.value), caught.value.hint) == (message, hint)
    assert query(database, "SELECT to_regclass('log')") == [None]


def test_an_unreachable_database_is_not_the_setups_fault(tmp_path: Path) -> None:
    script = write(tmp_path / "x.sql", "SELECT 1;")
    with pytest.raises(DatabaseError, match="Connection refused") as caught:
        apply_setup("postgresql://u:s3cret@localhost:1/x", [script])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["postgresql://u:s3cret@[::1/x", "postgresql//u:s3cret@h/x", "postgresql://u:s3cret@h/x?sslmoed=1"]
)
def test_a_url_that_cannot_be_read_keeps_its_password(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        psql.target(url)
    assert "s3cret" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"


def test_no_password_is_in_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clone: Callable[..., str]
) -> None:
    seen: list[Any] = []
    run = subprocess.run

    def spy(argv: list[str], **options: Any) -> object:
        seen.append((argv, options["env"]))
        return run(argv, **options)

    monkeypatch.setattr(subprocess, "run", spy)
    url = clone(None)
    url += f"{'&' if '?' in url else '?'}password=s3cret&keepalives_idle=9&application_name=me"
    apply_setup(url, [logs(tmp_path / "x.sql", "ran")])
    argv, environment = seen[-1]
    assert "s3cret" not in " ".join(argv)
    assert (environment["PGPASSWORD"], environment["PGAPPNAME"]) == ("s3cret", "me")
    assert "keepalives_idle=9" in " ".join(argv)


def test_a_secret_that_would_have_to_is_refused() -> None:
    with pytest.raises(DatabaseError, match="sslpassword"):
        psql.target("postgresql://h/x?sslpassword=s3cret")


def test_a_script_does_not_read_our_standard_input(tmp_path: Path, clone: Callable[..., str]) -> None:
    sql = "\\set typed `cat`\nSELECT 1 / (:'typed' = '')::int AS it_read_nothing;\nCOPY (SELECT 'noise') TO stdout;\n"
    script = write(tmp_path / "x.sql", sql)
    program = f"from pgcontract.embedded import apply_setup\napply_setup({clone(None)!r}, [{str(script)!r}])"
    done = subprocess.run(
        [sys.executable, "-c", program], input="typed\n", capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("url", "wants_tls"),
    [
        ("postgresql://postgres@/x?host=/tmp/s", False),
        ("postgresql://localhost/x", False),
        ("postgresql://localhost/x?sslmode=require", True),
        ("postgresql://db.example.org/x", True),
    ],
)
def test_a_distant_server_gets_a_psql_that_speaks_tls(
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    wants_tls: bool,  # noqa: FBT001 - a table's column
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "/system/psql")
    assert (psql._program(psql.target(url)) == "/system/psql") is wants_tls  # noqa: SLF001


def test_without_any_psql_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("pgcontract.embedded.binaries.installed", lambda: None)
    with pytest.raises(SetupError, match="needs psql") as caught:
        apply_setup("postgresql://localhost/x", [write(tmp_path / "x.sql", "")])
    assert "pgcontract[embedded]" in str(caught.value.hint)


def test_every_error_is_one_of_ours(tmp_path: Path, database: str) -> None:
    unreadable = write(tmp_path / "x.sql", "SELECT 1;")
    unreadable.chmod(0)
    if os.access(unreadable, os.R_OK):
        pytest.skip("root reads everything")
    with pytest.raises(PgContractError, match="Permission denied"):
        apply_setup(database, [unreadable])
