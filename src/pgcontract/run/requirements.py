"""What a run has to know: the suite's expectations, and those that they require."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

from pgcontract.contract.expectation import Expectation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pgcontract.catalog.forms import Form
    from pgcontract.contract.suite import Suite

T = TypeVar("T")


@cache
def requires(cls: type[Expectation]) -> bool:
    """Whether expectations of the class may require others."""
    return cls.requires is not Expectation.requires


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
    waiting = [expectation for expectation in suite if requires(type(expectation))]  # pyright: ignore[reportArgumentType] - a class can be hashed
    if not waiting:
        return suite.expectations
    found = dict.fromkeys(suite)
    while waiting:
        for required in _safely(partial(requirements, waiting.pop(), suite.schema)):
            if required not in found:
                found[required] = None
                waiting.append(required)
    return tuple(found)


def forms(expectations: Iterable[Expectation]) -> list[Form]:
    """What their authors wrote that Postgres must put into its own form."""
    found: list[Form] = []
    for expectation in expectations:
        if _writes(type(expectation)):  # pyright: ignore[reportArgumentType] - a class can be hashed
            found += _safely(expectation.forms)
    return found


@cache
def _writes(cls: type[Expectation]) -> bool:
    return cls.forms is not Expectation.forms


def _safely(call: Callable[[], Iterable[T]]) -> tuple[T, ...]:
    try:
        return tuple(call())
    except Exception:  # noqa: BLE001 - judged, with its traceback, when its turn comes
        return ()
