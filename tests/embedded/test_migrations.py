"""What a folder of migrations makes is what its own tool makes of it: nothing that leads back is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract.embedded import apply_setup
from pgcontract.embedded.migrations import files, forwards
from pgcontract.errors import SetupError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("names", "order"),
    [
        ("2_b.sql 1_a.sql .3.sql 4.txt", "1_a.sql 2_b.sql"),
        ("1.up.sql 1.down.sql 2.UP.SQL 2.Down.sql", "1.up.sql 2.UP.SQL"),
        ("calm.down.sql", "calm.down.sql"),
        (
            "V10__c.sql V2__b.sql V1_1__a.sql U2__b.sql R__v.sql z.sql",
            "V1_1__a.sql V2__b.sql V10__c.sql R__v.sql z.sql",
        ),
        ("U2__b.sql Video.sql", "U2__b.sql Video.sql"),
    ],
)
def test_files_are_run_in_their_tools_order(tmp_path: Path, names: str, order: str) -> None:
    for name in names.split():
        (tmp_path / name).touch()
    (tmp_path / "0_folder.sql").mkdir()
    assert [path.name for path in files(tmp_path)] == order.split()


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("-- +goose Up", "-- +goose Down"),
        ("--+goose up", "  --  +GOOSE DOWN"),
        ("-- +migrate Up notransaction", "-- +migrate Down"),
        ("-- migrate:up transaction:false", "-- migrate:down"),
        ("-- Up Migration", "-- Down Migration"),
        ("", "---- create above / drop below ----"),
    ],
)
def test_what_leads_back_in_a_file_is_left_out(tmp_path: Path, up: str, down: str) -> None:
    path = tmp_path / "1.sql"
    path.write_text(f"{up}\ncreate table a ();\n{down}\ndrop table a;\n", "utf-8")
    assert forwards(path) == f"{up}\ncreate table a ();\n\n\n"
    if up:
        path.write_text(f"{down}\ndrop table a;\n{up}\ncreate table a ();\n", "utf-8")
        assert forwards(path) == f"\n\n{up}\ncreate table a ();\n"


@pytest.mark.parametrize(
    "text", ["", "-- +goose Up\nselect 1;", "-- migrate downwards\n-- going down\nselect 'migrate:down'"]
)
def test_other_files_are_psqls_to_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "1.sql").write_text(text, "utf-8")
    assert forwards(tmp_path / "1.sql") is None


def test_a_setup_runs_forwards(tmp_path: Path, database: str) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "1.up.sql").write_text("create table a ();", "utf-8")
    (folder / "1.down.sql").write_text("drop table a;", "utf-8")
    (folder / "2.sql").write_text("-- +goose Up\ncreate table b ();\n-- +goose Down\ndrop table b;\n", "utf-8")
    apply_setup(database, [folder])
    with psycopg.connect(database) as connection:
        made = "select relname from pg_class where relnamespace = 'public'::regnamespace order by 1"
        assert [name for (name,) in connection.execute(made)] == ["a", "b"]
    (folder / "3.sql").write_text("-- migrate:down\ndrop table b;\n-- migrate:up\ncreate tabel c ();\n", "utf-8")
    with pytest.raises(SetupError, match=r'3\.sql:4: syntax error at or near "tabel"'):
        apply_setup(database, [folder / "3.sql"])
    (folder / "3.sql").write_bytes(b"-- migrate:down\n\xff")
    with pytest.raises(SetupError, match=r"3\.sql is not UTF-8"):
        apply_setup(database, [folder / "3.sql"])
