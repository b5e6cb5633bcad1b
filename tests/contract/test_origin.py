"""Where a contract file says what: the line that people are sent to when it does not hold."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import Suite, verify
from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.schemas import Schema
from pgcontract.contract.load import loads
from pgcontract.contract.origin import Origin, from_here
from pgcontract.verdict import Location

if TYPE_CHECKING:
    from pathlib import Path

SERVER = Server("shop", "18.6", 180006, "app", "app")
CATALOG = Catalog(SERVER, schemas={"public": Schema("public", "app")})

# The comment behind a line says which kinds it is the place of.
CONTRACT = """\
suite: shop
extensions: [uuid-ossp]  # ExtensionInstalled uuid-ossp
roles:
  anon: {login: false}  # RoleExists anon
tables:
  users:  # TableExists public.users
    comment: who may sign in  # CommentIs public.users
    columns:
      id: uuid not null  # ColumnExists public.users.id, ColumnType public.users.id, ColumnNotNull public.users.id
      name:  # ColumnExists public.users.name
        type: text  # ColumnType public.users.name
    primary_key: id  # PrimaryKey public.users
    rls: true  # RlsEnabled public.users
    policies:
      own: {command: select}  # PolicyPresent public.users.own
    indexes:
      - {columns: [name], name: by_name}  # IndexPresent public.users.by_name
      - {columns: [id, name], name: by_both}  # IndexPresent public.users.by_both
    checks:
      - {expression: "name <> ''", name: named}  # CheckConstraint public.users.named
    grants:
      anon: [select]  # PrivilegeGranted public.users
  orders:  # TableExists public.orders
    columns: {id: uuid}  # ColumnExists public.orders.id, ColumnType public.orders.id
    foreign_keys:
      - {columns: id, references: users(id), name: whose}  # ForeignKey public.orders.whose
functions:
  touch(): {language: sql}  # FunctionPresent public.touch()
expectations:
  - RowCount:  # RowCount public.users
      table: users
      at_least: 1
  - ColumnNullable: {table: users, column: name}  # ColumnNullable public.users.name
"""


def stated(text: str) -> dict[str, int]:
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        for what in filter(None, line.partition("  # ")[2].split(", ")):
            found[what] = number
    return found


@pytest.mark.parametrize("what", stated(CONTRACT))
def test_the_line_of(what: str) -> None:
    suite = loads(CONTRACT, "db/contract.yaml")
    kind, _, subject = what.partition(" ")
    (expectation,) = [e for e in suite if e.kind == kind and e.subject == subject][:1]
    (origin,) = suite.origins
    place = origin.location(expectation)
    assert place is not None
    assert (place.file, place.line) == ("db/contract.yaml", stated(CONTRACT)[what])


def test_what_came_from_elsewhere_has_no_place() -> None:
    suite, other = loads(CONTRACT), loads("suite: o\ntables: {x: {}}", "other.yaml")
    assert suite.origins[0].location(next(iter(other))) is None


def test_a_suite_stays_the_same_value_and_keeps_its_files() -> None:
    suite, other = loads(CONTRACT), loads("suite: o\ntables: {x: {}}", "other.yaml")
    assert suite == Suite("shop", suite)
    assert pickle.loads(pickle.dumps(suite)) == suite  # noqa: S301 - our own
    files = [origin.file for origin in (suite + other).select(kinds="Table*").ignoring("x", because="y").origins]
    assert files == ["contract.yaml", "other.yaml"]


def test_an_outcome_that_does_not_hold_says_where() -> None:
    suite = loads(CONTRACT) + loads("suite: o\ntables: {x: {}}", "other.yaml")
    report = verify(suite, Catalog(SERVER))
    for outcome in report.outcomes:
        assert (outcome.location is None) == (outcome.status == "passed")
    (missing,) = [outcome.location for outcome in report.outcomes if outcome.subject == "public.x"]
    assert missing == Location("other.yaml", 2, 10)


def test_what_is_implied_stands_where_it_is_needed() -> None:
    suite = loads("suite: s\nexpectations:\n  - TableExists: y\n  - ColumnType: {table: x, column: c, type: int}")
    implied = [outcome for outcome in verify(suite, CATALOG).outcomes if outcome.implied]
    assert [(outcome.subject, outcome.location) for outcome in implied] == [
        ("public.x", Location("contract.yaml", 4, 5)),
    ]


def test_an_ignore_that_matches_nothing_stands_where_it_is_written() -> None:
    text = "suite: s\nignore:\n- {subject: a, because: b}\n- {subject: x, because: c, until: 2099-12-31}\ntables: {}"
    suite = (loads("suite: t\ntables: {}", "other.yaml") + loads(text)).ignoring("of no file", because="y")
    places = {outcome.subject: outcome.location for outcome in verify(suite, CATALOG).outcomes}
    assert places == {
        "subject a": Location("contract.yaml", 3, 3),
        "subject x": Location("contract.yaml", 4, 3),
        "subject of no file": None,
    }


def test_a_file_is_named_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert from_here(str(tmp_path / "db" / "contract.yaml")) == "db/contract.yaml"
    assert from_here("./contract.yaml") == "contract.yaml"
    assert from_here("/elsewhere/contract.yaml") == "/elsewhere/contract.yaml"


def test_no_entry_is_looked_at_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is broken, as when the database is empty."""
    looked = 0

    def expand(self: Origin, path: tuple[Any, ...]) -> object:
        nonlocal looked
        looked += 1
        return plain(self, path)

    plain = Origin._expand  # noqa: SLF001 - what takes time
    monkeypatch.setattr(Origin, "_expand", expand)
    items = "".join(f"- TableExists: t{number}\n" for number in range(100))
    report = verify(loads(f"suite: many\nexpectations:\n{items}"), CATALOG)
    assert [outcome.location.line for outcome in report.outcomes if outcome.location] == list(range(3, 103))
    assert looked <= 200
