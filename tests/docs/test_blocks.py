"""Every block of code in the documentation is what it says it is: whatever does not run elsewhere is at least read."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
import typer.main

import pgcontract
from pgcontract.cli.app import command_line
from pgcontract.contract import registry, yaml
from pgcontract.contract.expectation import Expectation
from pgcontract.integrations.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").rglob("README.md"))]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
LANGUAGES = {"", "console", "ini", "json", "mermaid", "python", "sh", "sql", "text", "toml", "yaml"}
# A word of a shell's that ends our command, or hands it on.
ENDS = re.compile(r"\s(?:[|>;]|2>|&&|#).*")
INCLUDED = '--8<-- "'  # a file of a package that is tested by itself
CELL = re.compile(r"`([A-Z]\w+\(.*?\))`(?=[^`\w]|$)")


def blocks(*languages: str) -> list[Any]:
    return [
        pytest.param("\n".join(line.removeprefix(indent) for line in text.split("\n")), id=f"{page.stem}:{number}")
        for page in PAGES
        for number, (indent, language, text) in enumerate(FENCE.findall(page.read_text("utf-8")), 1)
        if language in languages and INCLUDED not in text
    ]


@cache
def program() -> Any:
    return typer.main.get_group(command_line())


def commands(text: str) -> Iterator[str]:
    """The command lines of pgcontract's in a shell's block, each on one line."""
    for line in text.replace("\\\n", " ").split("\n"):
        bare = line.removeprefix("$ ").strip()
        if bare.startswith("pgcontract "):
            yield ENDS.sub("", bare)


def test_blocks_are_of_languages_that_are_looked_at() -> None:
    used = {language for page in PAGES for _, language, _ in FENCE.findall(page.read_text("utf-8"))}
    assert used <= LANGUAGES


@pytest.mark.parametrize("text", blocks("sh", "console"))
def test_commands_are_understood(text: str) -> None:
    group = program()
    for line in commands(text):
        context = typer.Context(group)
        _, words, _ = group.make_parser(context).parse_args(shlex.split(line)[1:])
        if words:  # else it was an option of the program's own, such as --version
            name, command, rest = group.resolve_command(context, words)
            assert command is not None
            command.make_context(name, list(rest), parent=context)


@pytest.mark.parametrize("text", blocks("json"))
def test_json_is_json(text: str) -> None:
    json.loads(text.replace("…", ""))


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_is_yaml(text: str) -> None:
    assert yaml.read(text, "docs").content


@pytest.mark.parametrize("text", blocks("toml"))
def test_settings_are_settings(text: str, tmp_path: Path) -> None:
    if "[project" in text or "[build-system]" in text:
        tomllib.loads(text)
        return
    name = "pyproject.toml" if "[tool.pgcontract]" in text else "pgcontract.toml"
    (tmp_path / name).write_text(text, "utf-8")
    assert settings(tmp_path) != settings(tmp_path.parent)


def test_the_readme_leads_somewhere() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert f"the equal of the {len(registry.offered())} that are built in" in text


@pytest.mark.parametrize("text", blocks("python"))
def test_programs_compile(text: str) -> None:
    compile(text, "docs", "exec")


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("from-*.md")), ids=lambda page: page.stem)
def test_counterparts_can_be_written_as_they_stand(page: Path) -> None:
    """What stands in a table between backquotes, and looks like an expectation, is one."""
    names = {name: getattr(pgcontract, name) for name in pgcontract.__all__}
    rows = [line for line in page.read_text("utf-8").split("\n") if line.startswith("| ")]
    cells = [cell for row in rows for cell in CELL.findall(row)]
    for cell in cells:
        written = cell.replace("\\|", "|")  # as tables escape it
        assert isinstance(eval(written, names), Expectation)  # noqa: S307 - our own text
