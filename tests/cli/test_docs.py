"""docs/commands.md has a section for each command, with its options, and its examples print what it shows."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import typer.main

from pgcontract.cli.app import command_line
from pgcontract.contract import yaml

Run = Any

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text("utf-8")
SECTIONS = dict(zip(*[iter(re.split(r"^## (\w+)\n", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))
COMMANDS = typer.main.get_group(command_line()).commands

# What is not the same from run to run, or that nobody sees.
VARIES = re.compile(
    r" *[\d.]+ m?s$|(?<=PostgreSQL )[\d.]+|(?<=: )[\d,]+(?= passed)|(?<=The report: ).*/| +$", re.MULTILINE
)


def fences(language: str, section: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", SECTIONS[section], re.DOTALL | re.MULTILINE)


def test_every_command_has_its_section() -> None:
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_listed_and_no_other(command: str) -> None:
    listed = re.findall(r"`(--?[\w-]+)`", "".join(re.findall(r"^\| (`-.*?`) \|", SECTIONS[command], re.MULTILINE)))
    real = [word for option in COMMANDS[command].params for word in option.opts if word.startswith("-")]
    assert sorted(listed) == sorted(set(real) - {"--help", "-h"})


def test_the_examples_print_what_is_shown(run: Run, here: Path) -> None:
    (here / "contract.yaml").write_text(fences("yaml", "verify")[0])
    (here / "schema.sql").write_text(fences("sql", "verify")[0])
    (here / "notes.sql").write_text(fences("sql", "advise")[0])
    for section in SECTIONS:
        for block in fences("console", section):
            line, _, shown = block.removeprefix("$ pgcontract ").partition("\n")
            arguments, _, file = line.partition(" > ")
            ended = run(*shlex.split(arguments))
            assert ended.status in {0, 1}, ended.err
            if file:
                (here / file).write_text(ended.out)
            else:
                assert VARIES.sub("", ended.out) == VARIES.sub("", shown)


def test_the_schema_is_for_the_file_that_names_it(run: Run) -> None:
    ended = run("schema")
    assert ended.status == 0
    contract = fences("yaml", "schema")[0]
    assert contract.startswith("# yaml-language-server: $schema=contract.schema.json\n")
    jsonschema.Draft202012Validator(json.loads(ended.out)).validate(yaml.read(contract, "c").content)
    assert json.loads(fences("json", "schema")[0])["yaml.schemas"].keys() == {"contract.schema.json"}
