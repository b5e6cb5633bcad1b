"""The folder of a site: only what changed is written, only what is ours goes, and nothing of others is touched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pgcontract.errors import ContractError, PgContractError
from pgcontract.lifecycle.site.output import MANIFEST, Output

if TYPE_CHECKING:
    from pathlib import Path


def written(path: Path, **files: str) -> Output:
    output = Output(path)
    names = {name.replace("__", "/") + ".html": text for name, text in files.items()}
    output.announce(names)
    for name, text in names.items():
        output.put(name, text)
    output.finish()
    return output


def there(path: Path) -> set[str]:
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}


def test_a_second_build_writes_only_what_is_other_and_takes_away_what_is_gone(tmp_path: Path) -> None:
    written(tmp_path, index="1", a__b__x="x", a__b__y="y")
    before = {name: (tmp_path / name).stat().st_mtime_ns for name in ("index.html", "a/b/x.html")}
    output = written(tmp_path, index="1", a__b__x="other")
    assert (output.written, output.kept, output.removed) == (1, 1, 1)
    assert (tmp_path / "index.html").stat().st_mtime_ns == before["index.html"]
    assert (tmp_path / "a/b/x.html").read_text() == "other"
    written(tmp_path, index="1")
    assert there(tmp_path) == {"index.html", MANIFEST}
    assert not (tmp_path / "a").exists()


def test_what_somebody_else_put_there_stays(tmp_path: Path) -> None:
    written(tmp_path, index="1", a__x="x")
    (tmp_path / "CNAME").write_text("example.org")
    (tmp_path / "a" / "own.html").write_text("own")
    written(tmp_path, index="1")
    assert there(tmp_path) == {"index.html", "CNAME", "a/own.html", MANIFEST}


def test_nothing_of_others_is_written_over(tmp_path: Path) -> None:
    written(tmp_path, index="1")
    (tmp_path / "new.html").write_text("own")
    with pytest.raises(PgContractError, match=r"new\.html is not the site's"):
        written(tmp_path, index="1", new="ours")
    assert (tmp_path / "new.html").read_text() == "own"


def test_hidden_files_do_not_make_a_folder_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".nojekyll").touch()
    written(tmp_path, index="1")
    assert there(tmp_path) == {".nojekyll", "index.html", MANIFEST}


def test_a_build_that_was_cut_off_can_be_done_again(tmp_path: Path) -> None:
    output = Output(tmp_path)
    output.announce(["index.html", "a/x.html", "a/y.html"])
    output.put("a/x.html", "x")
    written(tmp_path, index="1")
    assert there(tmp_path) == {"index.html", MANIFEST}


@pytest.mark.parametrize(
    ("files", "path", "said"),
    [
        ({"site": "a file"}, "site", "site is no place for a site: it is a file"),
        ({"file": "a file"}, "file/site", "cannot be made"),
        ({"site/mine.txt": "mine"}, "site", "holds mine.txt, and no site of pgcontract"),
        ({f"site/{MANIFEST}": "{"}, "site", "it is damaged"),
        ({f"site/{MANIFEST}": '{"format": "pgcontract.site/2", "files": []}'}, "site", "is not of the format"),
        ({f"site/{MANIFEST}": "[]"}, "site", "is not of the format"),
    ],
)
def test_what_can_be_no_site_is_refused_before_anything_is_written(
    tmp_path: Path, files: dict[str, str], path: str, said: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    before = there(tmp_path)
    with pytest.raises(ContractError, match=said):
        Output(tmp_path / path)
    assert there(tmp_path) == before


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    with pytest.raises(ContractError, match="cannot be written: permission denied"):
        Output(tmp_path / "new" / "site")


def test_a_manifest_that_somebody_changed_leads_nowhere_else(tmp_path: Path) -> None:
    public, outside = tmp_path / "public", tmp_path / "outside"
    written(public, index="1", a__x="x")
    outside.mkdir()
    (outside / "x.html").write_text("not ours")
    (public / "a" / "x.html").unlink()
    (public / "a").rmdir()
    (public / "a").symlink_to(outside)
    manifest = json.loads((public / MANIFEST).read_text())
    manifest["files"] += [
        "../outside/x.html",
        str(outside / "x.html"),
        "a/../../outside/x.html",
        ".git/config",
        7,
        None,
    ]
    (public / MANIFEST).write_text(json.dumps(manifest))
    written(public, index="1")
    assert (outside / "x.html").read_text() == "not ours"


def test_a_folder_where_a_page_belongs_is_said(tmp_path: Path) -> None:
    written(tmp_path, index="1")
    (tmp_path / "index.html").unlink()
    (tmp_path / "index.html").mkdir()
    with pytest.raises(PgContractError, match=r"index\.html cannot be written"):
        written(tmp_path, index="1")
    assert not list(tmp_path.rglob("*.part"))
