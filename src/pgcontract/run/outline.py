"""An expectation described as an outcome: when somebody wants it, but for what its class may fail to say of itself."""

from __future__ import annotations

import traceback
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import BaseModel

from pgcontract.contract.describe import sentence
from pgcontract.contract.expectation import Expectation
from pgcontract.errors import without_password
from pgcontract.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Describe: TypeAlias = Callable[[Expectation], object]

_WORDS = ("kind", "subject", "belongs_to")


def outline(expectation: Expectation) -> Outcome:
    """A passed outcome of the expectation, to be changed; an errored one if it cannot even describe itself."""
    try:
        return Outcome(
            kind=expectation.kind,
            subject=expectation.subject,
            status="passed",
            severity=expectation.severity,
            sentence=sentence(expectation),
            expectation=_as_json(expectation),
            relation=expectation.belongs_to,
            because=expectation.because,
            tags=tuple(sorted(expectation.tags)),
        )
    except Exception as error:  # noqa: BLE001 - an expectation's own fault is that one's alone
        reason = without_password(f"it cannot describe itself: {type(error).__name__}: {error}")
        kind = type(expectation).__name__
        return Outcome(kind, kind, "errored", reason=reason, traceback=without_password(traceback.format_exc()))


def holding(expectation: Expectation, seconds: float) -> Outcome:
    """The passed outcome of an expectation whose check took so long; it is described when that is wanted."""
    return Outcome.holding(_timed, expectation, seconds)


def milliseconds(seconds: float) -> float:
    """As outcomes have them."""
    return round(seconds * 1000, 3)


def speechless(expectation: Expectation) -> Outcome | None:
    """The errored outcome of an expectation if its own code fails to describe it; else None.

    What is not the class's own (a field's value that cannot be shown) is found out when it is described.
    """
    cls = type(expectation)
    own = _OWN.get(cls)
    if own is None:
        own = _OWN[cls] = tuple(_of_its_own(cls))
    if not own:
        return None
    try:
        for describe in own:
            describe(expectation)
    except Exception:  # noqa: BLE001 - an expectation's own fault is that one's alone
        outcome = outline(expectation)
        return outcome if outcome.status == "errored" else None
    return None


def _timed(expectation: Expectation, seconds: float) -> Outcome:
    return replace(outline(expectation), duration_ms=milliseconds(seconds))


def _as_json(expectation: Expectation) -> dict[str, Any]:
    return expectation.model_dump(mode="json", exclude_defaults=True)


_OWN: dict[type[Expectation], tuple[Describe, ...]] = {}


def _of_its_own(cls: type[Expectation]) -> Iterator[Describe]:
    """What describes expectations of the class with code of its own, which may fail."""
    for name in _WORDS:
        if getattr(cls, name) is not getattr(Expectation, name):
            yield attrgetter(name)
    own = cls.__pydantic_decorators__
    if (
        own.field_serializers
        or own.model_serializers
        or own.computed_fields
        or cls.model_dump is not BaseModel.model_dump
    ):
        yield _as_json
