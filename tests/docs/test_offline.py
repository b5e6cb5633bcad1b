"""The site asks nobody for anything: what would be fetched from elsewhere is found, and a link to elsewhere is none."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def offline() -> Any:
    spec = importlib.util.spec_from_file_location("docs_offline", ROOT / "tools" / "docs_offline.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("file", "text", "asked"),
    [
        ("page.html", '<link rel="stylesheet" href="https://fonts.example/css">', ["https://fonts.example/css"]),
        ("page.html", "<script async src=//cdn.example/x.js></script>", ["//cdn.example/x.js"]),
        ("page.html", '<picture><source srcset="https://a.example/b.png"></picture>', ["https://a.example/b.png"]),
        ("style.css", '@import "//cdn.example/x.css"; a { background: url(https://b.example/c.png) }',
         ["//cdn.example/x.css", "https://b.example/c.png"]),
        ("page.html", '<a href="https://a.example">there</a><link rel="canonical" href="https://a.example">', []),
        ("page.html", '<script src="assets/x.js"></script><img src="../images/a.png">', []),
    ],
)  # fmt: skip
def test_what_is_fetched_from_elsewhere_is_found(
    offline: Any, tmp_path: Path, file: str, text: str, asked: list[str]
) -> None:
    (tmp_path / file).write_text(text, "utf-8")
    assert offline.fetched(tmp_path) == ({file: asked} if asked else {})
