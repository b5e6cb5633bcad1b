"""The examples of docs/synthesis.md run."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
from hypothesis import HealthCheck, settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "synthesis.md").read_text("utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_examples_run(database: str) -> None:
    (schema,) = fences("sql")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(schema.encode())
    # The machine may be busy, which is no fault of the examples.
    settings.register_profile("docs", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("docs")
    programs = fences("python")
    assert len(programs) == 2
    try:
        for program in programs:
            source = compile(program.replace("postgresql://localhost/shop", database), "docs", "exec")
            exec(source, {"__name__": "docs"})  # noqa: S102 - our own text
    finally:
        settings.load_profile("default")
