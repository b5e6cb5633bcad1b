from __future__ import annotations

import itertools
import os
import threading
from typing import TYPE_CHECKING

import pytest

from pgcontract.lifecycle.watching.files import Files, stamps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EDITS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "written": (lambda here: (here / "a.yaml").write_text("longer"), ["a.yaml"]),
    "written with as many letters": (lambda here: _at(here / "a.yaml", "b", 5_000_000_001), ["a.yaml"]),
    "another put in its place": (lambda here: _put(here / "a.yaml"), ["a.yaml"]),
    "gone": (lambda here: (here / "a.yaml").unlink(), ["a.yaml"]),
    "come": (lambda here: (here / "later.yaml").write_text(""), ["later.yaml"]),
    "come into a folder": (lambda here: (here / "folder" / "inner" / "2.sql").write_text(""), ["folder/inner/2.sql"]),
    "two": (lambda here: _gone(here, "folder/1.sql", "a.yaml"), ["a.yaml", "folder/1.sql"]),
    "hidden": (lambda here: (here / "folder" / ".1.sql.swp").write_text(""), []),
    "compiled": (lambda here: _compiled(here / "folder" / "__pycache__"), []),
    "not watched": (lambda here: (here / "b.yaml").write_text("longer"), []),
    "not changed": (lambda here: (here / "a.yaml").read_text(), []),
}


def _at(file: Path, text: str, nanoseconds: int) -> None:
    file.write_text(text)
    os.utime(file, ns=(nanoseconds, nanoseconds))


def _gone(here: Path, *names: str) -> None:
    for name in names:
        (here / name).unlink()


def _put(file: Path) -> None:
    status = file.stat()
    draft = file.with_name("draft")
    draft.write_text("a")
    os.utime(draft, ns=(status.st_mtime_ns, status.st_mtime_ns))
    draft.replace(file)


def _compiled(folder: Path) -> None:
    folder.mkdir()
    (folder / "1.pyc").write_text("")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    for name in ("a.yaml", "b.yaml", "folder/1.sql"):
        _at(tmp_path / name, "a", 5_000_000_000)
    return tmp_path


@pytest.mark.parametrize("kind", EDITS)
def test_what_changed(here: Path, kind: str) -> None:
    edit, changed = EDITS[kind]
    files = Files(pause=0)
    files.add([here / "a.yaml", here / "later.yaml", here / "folder"])
    edit(here)
    assert [str(path.relative_to(here)) for path in files.wait(0)] == changed
    assert files.wait(0) == ()


def test_it_waits_until_something_changes(here: Path) -> None:
    files = Files(pause=0)
    files.add([here / "a.yaml"])
    found: list[tuple[Path, ...]] = []
    waiting = threading.Thread(target=lambda: found.append(files.wait()), daemon=True)
    waiting.start()
    (here / "a.yaml").write_text("longer")
    waiting.join(60)
    assert found == [(here / "a.yaml",)]


def test_what_is_still_being_written_is_waited_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(pause=0)
    files.add([here / "a.yaml"])
    looks = iter(["b", "bb", "bbb", "bbb"])

    def sleep(_seconds: float) -> None:
        (here / "a.yaml").write_text(next(looks))
        os.utime(here / "a.yaml", ns=(6_000_000_000, 6_000_000_000))

    monkeypatch.setattr("time.sleep", sleep)
    assert files.wait() == (here / "a.yaml",)
    assert next(looks, None) is None  # only the fourth look found what the third had


def test_what_never_rests_is_not_waited_for(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(pause=0)
    files.add([here / "a.yaml"])
    moments = itertools.count(6_000_000_000)
    monkeypatch.setattr("time.sleep", lambda _: os.utime(here / "a.yaml", ns=(moment := next(moments), moment)))
    assert files.wait() == (here / "a.yaml",)


def test_a_file_that_was_added_later_has_not_changed(here: Path) -> None:
    files = Files(pause=0)
    files.add([here / "a.yaml"])
    (here / "b.yaml").write_text("longer")
    files.add([here / "a.yaml", here / "b.yaml"])
    assert (files.wait(0), len(files)) == ((), 2)


def test_what_cannot_be_looked_at_is_as_if_not_there(here: Path) -> None:
    (here / "folder" / "nowhere.sql").symlink_to("nowhere")
    assert {path.name for path in stamps([here / "folder", here / "gone.sql"])} == {"1.sql"}
