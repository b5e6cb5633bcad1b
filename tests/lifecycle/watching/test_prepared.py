from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pgcontract.errors import SetupError
from pgcontract.lifecycle.watching import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_database_stays_until_its_setup_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, log = tmp_path / "1.sql", []

    @contextmanager
    def opened() -> Iterator[str]:
        log.append("begin")
        if "nonsense" in script.read_text():
            raise SetupError("1.sql:1: syntax error")
        yield f"postgresql:///{len(log)}"
        log.append("end")

    script.write_text("select 1")
    (tmp_path / "supabase").mkdir()
    monkeypatch.chdir(tmp_path)
    with Prepared(opened, ["supabase", "1.sql"]) as prepared:
        assert log == []
        assert prepared.files == [Path("1.sql")]  # the platform, not the folder
        first = prepared.url()
        assert prepared.url() == first
        script.write_text("nonsense")
        for _ in range(2):
            with pytest.raises(SetupError):
                prepared.url()
        assert log == ["begin", "end", "begin", "begin"]
        script.write_text("select 2, 3")
        assert prepared.url() != first
    assert log[4:] == ["begin", "end"]
