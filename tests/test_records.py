"""Our frozen dataclasses are those of `dataclasses`, in all that can be told from outside."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import re
import sys
from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from pgcontract import records

if TYPE_CHECKING:
    from collections.abc import Callable

THEIRS: Any = dataclasses.dataclass
OURS: Any = records.dataclass


def classes(dataclass: Any, prefix: str) -> list[Any]:
    """The same classes by either decorator."""

    @dataclass(frozen=True, slots=True)
    class Plain:
        """Documented."""

        a: int
        b: str = "b"
        constant: ClassVar[int] = 7

    @dataclass(frozen=True, slots=True)
    class Rich:
        a: int
        b: list[int] = field(default_factory=list, compare=False)
        c: str = field(default="c", repr=False)
        d: int = field(default=4, kw_only=True)
        e: int = field(default=5, init=False)
        f: list[int] = field(default_factory=lambda: [6], init=False, hash=False)

        def __post_init__(self) -> None:
            if self.a < 0:
                raise ValueError("a is negative")

    @dataclass(frozen=True, slots=True)
    class Derived(Plain):
        c: int = 3

    @dataclass(frozen=True, slots=True)
    class Empty:
        """Nothing."""

    @dataclass(frozen=True, slots=True)
    class Own:  # noqa: PLW1641 - it gets one
        a: int

        def __eq__(self, other: object) -> bool:
            return True

        def __repr__(self) -> str:
            return "own"

    @dataclass(frozen=True, slots=True)
    class Unhashable:
        a: int
        __hash__ = None  # type: ignore[assignment]

    made = [Plain, Rich, Derived, Empty, Own, Unhashable]
    for cls in made:
        cls.__qualname__ = f"{prefix}_{cls.__name__}"
        setattr(sys.modules[__name__], cls.__qualname__, cls)  # where pickles look
    return made


PAIRS = list(zip(classes(THEIRS, "Theirs"), classes(OURS, "Ours"), strict=True))
IDS = [ours.__name__ for _, ours in PAIRS]
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((1,), {}),
    ((2,), {}),
    ((1, "x"), {}),
    ((-1,), {}),
    ((1,), {"a": 2}),
    ((1,), {"d": 9}),
    ((1, [], "x", 9), {}),
    ((), {"a": 1, "nonsense": 2}),
]


def outcome(work: Callable[[], Any]) -> Any:
    """What it gives, or what it raises, without the names of the two sides."""
    try:
        found = work()
    except Exception as error:  # noqa: BLE001 - it is compared
        found = type(error), str(error)
    if isinstance(found, dict):
        return found
    return re.sub(r"Theirs_|Ours_|classes\.<locals>\.", "", str(found))


def changed(made: Any) -> None:
    for each in dataclasses.fields(made):
        setattr(made, each.name, 1)


def emptied(made: Any) -> None:
    for each in dataclasses.fields(made):
        delattr(made, each.name)


@pytest.mark.parametrize(("theirs", "ours"), PAIRS, ids=IDS)
@pytest.mark.parametrize(("args", "kwargs"), CALLS)
def test_they_are_made_shown_and_taken_apart_alike(theirs: Any, ours: Any, args: Any, kwargs: Any) -> None:
    for work in (
        repr,
        dataclasses.asdict,
        dataclasses.astuple,
        lambda made: hash(made) == hash(type(made)(*args, **kwargs)),
        lambda made: dataclasses.replace(made, a=5),
        lambda made: (copy.deepcopy(made) == made, copy.copy(made) == made),
        lambda made: pickle.loads(pickle.dumps(made)) == made,  # noqa: S301 - our own
        changed,
        emptied,
    ):
        assert outcome(lambda work=work: work(theirs(*args, **kwargs))) == outcome(  # type: ignore[misc]
            lambda work=work: work(ours(*args, **kwargs))  # type: ignore[misc]
        )


@pytest.mark.parametrize(("theirs", "ours"), PAIRS, ids=IDS)
def test_they_are_compared_alike(theirs: Any, ours: Any) -> None:
    def compared(cls: Any) -> list[bool]:
        values = [cls(1), cls(2)] if dataclasses.fields(cls) else [cls()]
        again = [cls(1), cls(2)] if dataclasses.fields(cls) else [cls()]
        return [left == right for left in values for right in (*values, *again, None, (1,))]

    assert compared(theirs) == compared(ours)
    assert True in compared(ours)
    assert theirs.__match_args__ == ours.__match_args__
    assert (theirs.__hash__ is None) == (ours.__hash__ is None)


@pytest.mark.parametrize(("theirs", "ours"), PAIRS, ids=IDS)
def test_they_look_alike_from_outside(theirs: Any, ours: Any) -> None:
    again = next(cls for cls in classes(OURS, "Ours") if cls.__name__ == ours.__name__)  # whose constructor is not made
    assert str(inspect.signature(theirs)) == str(inspect.signature(again)) == str(inspect.signature(ours))
    assert theirs.__slots__ == ours.__slots__
    assert [each.name for each in dataclasses.fields(theirs)] == [each.name for each in dataclasses.fields(ours)]
    assert bool(ours.__doc__)


def test_a_class_that_derives_without_being_one_has_attributes_of_its_own() -> None:
    plain = classes(OURS, "Ours")[0]
    derived: Any = type("Derived", (plain,), {})(1)
    derived.own = 1
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'a'"):
        derived.a = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'own'"):
        plain(1).own = 1


def test_what_shows_itself_within_itself_ends() -> None:
    ours = classes(OURS, "Ours")[1]
    made = ours(1)
    made.b.append(made)
    assert repr(made).endswith("b=[...], d=4, e=5, f=[6])")


def test_other_options_are_left_to_dataclasses() -> None:
    @OURS(order=True)
    class Ordered:
        a: int

    ordered: Any = Ordered
    assert ordered(1) < ordered(2)
    assert vars(Ordered)["__dataclass_params__"].order
