"""Where choices come from: plain random numbers for a `Maker`, Hypothesis for `rows()`.

Values are defined once, over this protocol, so that both make the same rows.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


class Draw(Protocol):
    """A source of choices."""

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        ...

    def choice(self, options: Sequence[T]) -> T:
        """One of the options, of which there is at least one; the first is the simplest."""
        ...

    def drawn(self, value: Any) -> Any:
        """The value itself, or what is drawn from it where it is a Hypothesis strategy."""
        ...

    def again(self, attempt: int) -> Draw:
        """The source for another attempt, when what was drawn from this one would not do; the first is number 0."""
        ...


class RandomDraw:
    """Choices of a seeded generator of random numbers."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return self.random.randint(low, high)

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.random.randrange(len(options))]

    def again(self, attempt: int) -> Draw:
        """Itself: its next choices are others."""
        del attempt
        return self

    def drawn(self, value: Any) -> Any:
        """The value, or an example of the strategy that it is."""
        if not is_strategy(value):
            return value
        return example(value, self.random.getrandbits(64))


class HypothesisDraw:
    """Choices that Hypothesis makes, and shrinks."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        from hypothesis import strategies  # noqa: PLC0415 - `import pgcontract` does not load Hypothesis

        self._seed: int | None = None
        self._draw = draw
        self._strategies = strategies

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        drawn: int = self._draw(self._strategies.integers(low, high))
        return drawn

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.integer(0, len(options) - 1)] if len(options) > 1 else options[0]

    def again(self, attempt: int) -> Draw:
        """Random choices of a seed that Hypothesis draws: its own are all alike while it looks for the simplest."""
        if attempt == 0:
            return self
        if self._seed is None:
            self._seed = self.integer(0, 2**16)
        return RandomDraw(Random(self._seed + attempt))  # noqa: S311 - no secret

    def drawn(self, value: Any) -> Any:
        """The value, or what is drawn from the strategy that it is."""
        return self._draw(value) if is_strategy(value) else value


def is_strategy(value: object) -> bool:
    """Whether the value is a Hypothesis strategy; Hypothesis is not loaded to find out."""
    return hasattr(value, "map") and hasattr(value, "flatmap") and hasattr(value, "filter")


def example(strategy: Any, seed: int) -> Any:
    """One example of a strategy, always the same for the same seed."""
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415 - only where a strategy was given
    from hypothesis import seed as seeded  # noqa: PLC0415

    found: list[Any] = []
    unhealthy = [
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
        HealthCheck.nested_given,
    ]

    @seeded(seed)
    @settings(
        max_examples=1,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=unhealthy,
    )
    @given(strategy)
    def take(value: Any) -> None:
        found.append(value)

    take()
    return found[-1]
