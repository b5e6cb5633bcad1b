"""What a run has to know: the suite's expectations, and those that they require."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgcontract.catalog.forms import Form
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite

T = TypeVar("T")


def requirements(expectation: Expectation, schema: str) -> tuple[Expectation, ...]:
    """What the expectation requires, its bare names in the suite's schema.

    Raises:
        Exception: Whatever the expectation's own code raises.
    """
    return tuple(required.placed(schema) for required in expectation.requires())


def closure(suite: Suite) -> tuple[Expectation, ...]:
    """The suite's expectations, and after them all that they require, each once.

    One that cannot say what it requires is judged when its turn comes.
    """
    found = dict.fromkeys(suite)
    waiting = list(found)
    while waiting:
        for required in _safely(partial(requirements, waiting.pop(), suite.schema)):
            if required not in found:
                found[required] = None
                waiting.append(required)
    return tuple(found)


def forms(expectations: Iterable[Expectation]) -> Iterator[Form]:
    """What their authors wrote that Postgres must put into its own form."""
    for expectation in expectations:
        yield from _safely(expectation.forms)


def _safely(call: Callable[[], Iterable[T]]) -> tuple[T, ...]:
    try:
        return tuple(call())
    except Exception:  # noqa: BLE001 - judged, with its traceback, when its turn comes
        return ()
