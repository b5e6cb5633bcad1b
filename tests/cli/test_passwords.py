"""A database that cannot be reached is one clear line and a hint, and no password is in any of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pgcontract import DatabaseError, Suite, verify

if TYPE_CHECKING:
    from collections.abc import Callable

Run = Any

SECRET = "S3cretPassw0rd"
PASSWORDS = [
    SECRET,
    *(f"{SECRET}{char}{SECRET}" for char in "@/:?#&=%+ \\'\"[]{}|<>!$*;,~`é♥\t"),
    f"@{SECRET}",
    f"{SECRET}/",
    f"//{SECRET}@",
    f"%zz{SECRET}",
    f"{SECRET}%4",
    f"a@b/c:d?e#f&{SECRET}",
]


def forms(password: str) -> list[str]:
    """How people write it: as it is, escaped, and in libpq's other form."""
    return [
        f"postgresql://ann:{password}@127.0.0.1:1/shop",
        f"postgresql://ann:{quote(password, safe='')}@127.0.0.1:1/shop",
        f"postgresql+psycopg://ann:{quote(password, safe='')}@127.0.0.1:1/shop",
        f"postgresql://127.0.0.1:1/shop?user=ann&password={quote(password, safe='')}",
        f"postgresql://127.0.0.1:1/shop?user=ann&password={password}",
        f"host=127.0.0.1 port=1 user=ann password={password}",
        make_conninfo(host="127.0.0.1", port=1, user="ann", password=password),
    ]


@pytest.mark.parametrize("password", PASSWORDS, ids=repr)
def test_no_piece_of_it_is_printed(run: Run, here: Path, password: str) -> None:
    (here / "setup.sql").write_text("select 1")
    plain, *others = forms(password)
    for form in (plain, others[PASSWORDS.index(password) % len(others)]):  # each form with some, and each password
        ended = run("verify", "contract.yaml", "--db", form, "--format", "json", "-o", "report.html")
        assert (ended.status, ended.out) == (3, "")
        assert SECRET not in ended.err
        assert len(ended.lines) == 2
        assert ended.lines[1].startswith("  ")
        assert not Path("report.html").exists()
    ended = run("verify", "contract.yaml", "--db", forms(password)[1], "--setup", "setup.sql")
    assert ended.status == 3
    assert SECRET not in ended.err


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), st.text("@/:?#&=% ", max_size=3))
def test_no_piece_of_any(before: str, after: str) -> None:
    for form in forms(f"{before}{SECRET}{after}{SECRET}"):
        with pytest.raises(DatabaseError) as caught:
            verify(Suite("s"), form)
        assert SECRET not in f"{caught.value}{caught.value.hint}{caught.value.__cause__}"


@pytest.mark.parametrize(
    "database", ["postgresql://localhost:1/a", "host=localhost port=1", "postgresql://h.invalid/a"]
)
def test_a_server_that_is_not_there(run: Run, database: str) -> None:
    ended = run("verify", "contract.yaml", "--db", database)
    assert (ended.status, ended.out) == (3, "")
    assert ended.lines[0].startswith("pgcontract: cannot reach the database on ")
    assert len(ended.lines) == 2
    assert re.match(r"  Check host and port|  Check the host's name", ended.lines[1])


def test_no_such_database_or_role(run: Run, url: str) -> None:
    parts: dict[str, Any] = conninfo_to_dict(url)
    for wrong, line in (({"dbname": "nope"}, 'database "nope" does not exist'), ({"user": "nobody7"}, "nobody7")):
        ended = run("verify", "contract.yaml", "--db", make_conninfo(**(parts | wrong)))
        assert ended.status == 3
        assert line in ended.lines[0]
        assert len(ended.lines) == 2


@pytest.mark.parametrize("database", ["mysql://ann:S3cretPassw0rd@h/a", "sqlite:///a.db"])
def test_what_is_not_postgres(run: Run, database: str) -> None:
    ended = run("verify", "contract.yaml", "--db", database)
    assert ended.status == 3
    assert ended.lines[0] == f"pgcontract: {database.partition(':')[0]}:// is not PostgreSQL"


def test_a_report_has_no_password(run: Run, url: str, here: Path, change: Callable[[str, str], None]) -> None:
    parts: dict[str, Any] = conninfo_to_dict(url)
    change(url, f"create role ann_{parts['dbname']} login password '{SECRET}'")
    with psycopg.connect(url, autocommit=True) as connection:
        try:
            form = make_conninfo(**(parts | {"user": f"ann_{parts['dbname']}", "password": SECRET}))
            ended = run("verify", "contract.yaml", "--db", form, "--format", "json", "-o", "r.html", "-o", "r.json")
            assert ended.status in {0, 3}
            for text in (ended.out, ended.err, *(file.read_text() for file in here.glob("r.*"))):
                assert SECRET not in text
        finally:
            connection.execute(f"drop role ann_{parts['dbname']}".encode())
