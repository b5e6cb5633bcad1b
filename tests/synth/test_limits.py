"""What is known of a value narrows, and says when nothing is left."""

from __future__ import annotations

import pytest

from pgcontract.synth.limits import Limits

# comparisons one after another, whether a value is left, values within, values without
NARROWED = [
    ([(">", 5)], True, [6, 99], [5, 4]),
    ([(">=", 5), ("<", 7)], True, [5, 6], [4, 7]),
    ([(">=", 5), ("<=", 5)], True, [5], [4, 6]),
    ([(">", 5), ("<=", 5)], False, [], [5]),
    ([(">", 3), (">", 5), (">", 4)], True, [6], [5]),
    ([("<", "b")], True, ["a"], ["b", "c"]),
    ([("=", 3), ("<>", 3)], False, [], [3]),
    ([("=", 3), (">", 1)], True, [3], [2]),
    ([("=", 3), (">", 3)], False, [], [3]),
    ([("<>", 3), ("<>", 4)], True, [2, 5], [3, 4]),
]


@pytest.mark.parametrize(("said", "left", "within", "without"), NARROWED)
def test_comparisons_narrow(
    said: list[tuple[str, object]], *, left: bool, within: list[object], without: list[object]
) -> None:
    limits = Limits(null=False)
    answers = [limits.compared(operator, value) for operator, value in said]
    assert answers[-1] is left
    assert all(map(limits.within, within))
    assert not any(map(limits.within, without))


def test_where_no_value_is_left_null_may_be() -> None:
    limits = Limits()
    assert limits.compared(">", 5)
    assert limits.compared("<", 5)
    assert limits.null is True
    assert not limits.is_null(null=False)


@pytest.mark.parametrize(
    ("said", "left", "bounds"),
    [
        ([(">", 2), ("<=", 4)], True, (3, 4)),
        ([("=", 7)], True, (7, 7)),
        ([("<>", 0)], True, (1, None)),
        ([(">", 4), ("<", 5)], False, (5, 4)),
    ],
)
def test_lengths_narrow(said: list[tuple[str, int]], *, left: bool, bounds: tuple[int, int | None]) -> None:
    limits = Limits(null=False)
    assert [limits.long(operator, length) for operator, length in said][-1] is left
    assert (limits.shortest, limits.longest) == bounds


def test_a_copy_is_narrowed_alone() -> None:
    limits = Limits(fields={"a": Limits()})
    other = limits.copy()
    other.fields["a"].compared(">", 1)
    other.compared("<", 3)
    assert limits == Limits(fields={"a": Limits()})


def test_two_columns_that_have_to_be_equal_share_what_is_known() -> None:
    limits = Limits(low=1, high=9, null=False)
    assert limits.also(Limits(low=5, low_open=True))
    assert [limits.within(value) for value in (5, 6, 9, 10)] == [False, True, True, False]
    assert not limits.also(Limits(high=2))
