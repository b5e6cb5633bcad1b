"""The page on pytest is followed: its files give what it shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract.integrations import pytest_plugin

if TYPE_CHECKING:
    import pytest

    from pgcontract.embedded import Databases

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "pytest.md").read_text("utf-8")
FILES = re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_page_is_followed(pytester: pytest.Pytester, server: Databases) -> None:
    def ran(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess(f"--pgcontract-server={server.url()}", "-W", "default", *arguments)

    *before, (own, tests) = FILES
    for name, text in before:
        (pytester.path / name).write_text(text)
    result = ran("-q")
    (shown,) = re.findall(r"^\$ pytest -q\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert "\n".join(result.outlines).startswith(shown.strip())
    result.assert_outcomes(passed=13, failed=1, warnings=1)
    (pytester.path / own).write_text(tests)
    ran(own).assert_outcomes(passed=3)
    (authors,) = re.findall(r"^```python\n(from pgcontract import .*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    (pytester.path / "test_authors.py").write_text(authors)
    ran("test_authors.py").assert_outcomes(passed=1)
    (chosen,) = re.findall(r'^\$ pytest "(contract.yaml::.*)"$', PAGE, re.MULTILINE)
    ran(chosen).assert_outcomes(passed=1)


def test_the_page_names_every_option_fixture_and_setting() -> None:
    source = Path(pytest_plugin.__file__).read_text("utf-8")
    named = {*re.findall(r'"(--pgcontract[\w-]*)"', source), *re.findall(r'addini\("(\w+)"', source)}
    fixtures = set(re.findall(r"^@pytest\.fixture.*\ndef (\w+)", source, re.MULTILINE))
    assert len(named) == 10
    assert len(fixtures) == 5
    assert {name for name in named | fixtures if name not in PAGE} == set()
