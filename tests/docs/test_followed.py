"""Pages that a reader follows from the first line to the last: what they show is what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.pg(">= 18")
@pytest.mark.parametrize(
    ("page", "commands"), [("docs/getting-started.md", 6), ("docs/ci.md", 4), ("docs/odcs.md", 4), ("docs/dbt.md", 3)]
)
def test_each_command_prints_what_the_page_shows(page: str, commands: int, follow: Callable[[str], int]) -> None:
    assert follow(page) == commands
