"""The markers of expectations: by `-m` one chooses contracts, severities and tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.contract.expectation import Expectation

_OWN = {
    "pgcontract": "an expectation of a contract",
    "severity_error": "an expectation whose failure breaks the contract",
    "severity_warning": "an expectation whose failure is a warning",
    "severity_info": "an expectation whose failure is a notice",
}
# What these words mean to pytest, and to plugins that many have, a tag must not.
_TAKEN = frozenset(
    {"skip", "skipif", "xfail", "parametrize", "usefixtures", "filterwarnings", "tryfirst", "trylast"}
    | {"timeout", "flaky", "asyncio", "anyio", "trio", "xdist_group", "django_db", "no_cover", "order", "run"}
    | {*_OWN}
)


def register(config: pytest.Config) -> None:
    """Make the markers known, so that `--strict-markers` lets them pass."""
    for name, meaning in _OWN.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


def marks(expectation: Expectation, config: pytest.Config) -> Iterable[pytest.MarkDecorator]:
    """The markers of an expectation: `pgcontract`, its severity, and each tag.

    A tag that is no word, or one that means something to pytest, is written as `marker` says.
    """
    names = ["pgcontract", f"severity_{expectation.severity}", *map(marker, sorted(expectation.tags))]
    known = {line.partition(":")[0].partition("(")[0].strip() for line in config.getini("markers")}
    for name in names:
        if name not in known:
            config.addinivalue_line("markers", f"{name}: a tag of a contract")
            known.add(name)
        yield getattr(pytest.mark, name)


def marker(tag: str) -> str:
    """The marker of a tag.

    >>> marker("core"), marker("phase two"), marker("skip")
    ('core', 'phase_two', 'tag_skip')
    """
    word = re.sub(r"\W+", "_", tag).strip("_")
    return f"tag_{word}" if not word or word in _TAKEN or word[0].isdigit() else word
