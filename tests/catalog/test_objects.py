"""Objects that are made when they are looked at cannot be told from those that are given."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog.objects import MissingObjectError, Objects, later

if TYPE_CHECKING:
    from collections.abc import Callable

GIVEN = {"a": 1, "b": 2}

# What may be asked of them.
QUESTIONS: dict[str, Callable[[Any], object]] = {
    "an item": lambda some: some["a"],
    "what is in it": lambda some: ("a" in some, "c" in some),
    "all names": list,
    "the names backwards": lambda some: list(reversed(some)),
    "how many": len,
    "whether there are any": bool,
    "get": lambda some: (some.get("b"), some.get("c"), some.get("c", 3)),
    "keys": lambda some: list(some.keys()),
    "values": lambda some: list(some.values()),
    "items": lambda some: list(some.items()),
    "a dictionary of it": dict,
    "spread": lambda some: {**some},
    "more": lambda some: some | {"c": 3},
    "more before": lambda some: {"c": 3} | some,
    "a copy": lambda some: some.copy(),
    "in words": repr,
    "hashed": hash,
    "equal": lambda some: (some == GIVEN, GIVEN == some, some != GIVEN),  # noqa: SIM300 - from both sides
    "equal to what is made": lambda some: (some == Objects("x", GIVEN), Objects("x", GIVEN) == some),
    "equal to what is not made": lambda some: (some == later("x", GIVEN.copy), later("x", GIVEN.copy) == some),
    "of others": lambda some: Objects("x", some) == GIVEN,
    "pickled": lambda some: pickle.loads(pickle.dumps(some)),  # noqa: S301 - our own
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("make", [Objects, later])
def test_the_answer_is_the_same(question: str, make: Callable[..., Objects[int]]) -> None:
    calls: list[int] = []

    def counted() -> dict[str, int]:
        calls.append(1)
        return GIVEN

    unmade = make("x", counted)
    assert not calls
    answer = QUESTIONS[question]
    assert answer(unmade) == answer(Objects("x", GIVEN))
    assert answer(unmade) == answer(Objects("x", GIVEN))
    assert calls == [1]
    assert type(unmade) is Objects


@pytest.mark.parametrize("make", [Objects, later])
def test_what_is_missing_says_whose_it_would_be(make: Callable[..., Objects[int]]) -> None:
    with pytest.raises(MissingObjectError, match=r"x public\.t\.c does not exist"):
        make("x", GIVEN.copy, "public.t")["c"]


@pytest.mark.parametrize("make", [Objects, later])
def test_what_cannot_be_made_is_not_empty_the_second_time(make: Callable[..., Objects[int]]) -> None:
    def broken() -> dict[str, int]:
        raise RuntimeError("broken")

    objects = make("x", broken)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            len(objects)


@pytest.mark.parametrize("make", [Objects, later])
def test_neither_can_be_changed(make: Callable[..., Objects[int]]) -> None:
    objects: Any = make("x", GIVEN.copy)
    for change in (
        lambda: objects.update(c=3),
        lambda: objects.__setitem__("c", 3),
        lambda: objects.pop("a"),
        objects.clear,
    ):
        with pytest.raises(TypeError, match="never changed"):
            change()
