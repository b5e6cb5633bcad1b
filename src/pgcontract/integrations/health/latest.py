"""What was found lately, found once however many ask."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class Latest(Generic[T]):
    """A value that is found anew when it is asked for and too old; who asks meanwhile waits for the same one."""

    def __init__(self, find: Callable[[], Awaitable[T]], max_age: float) -> None:
        """Nothing is found before somebody asks.

        Args:
            find: Finds it.
            max_age: Seconds for which what was found will do.
        """
        self._find, self._max_age = find, max_age
        self._found: tuple[T, float] | None = None
        self._finding: asyncio.Task[T] | None = None

    async def get(self) -> tuple[T, float]:
        """The value, and its age in seconds. Who gives up waiting takes nothing from the others.

        Raises:
            Exception: What `find` raises; nothing of it is kept.
        """
        if self._found is not None and self._age() <= self._max_age:
            return self._found[0], self._age()
        if self._finding is None:
            self._finding = asyncio.create_task(self._renew())
        value = await asyncio.shield(self._finding)
        return value, self._age()

    async def close(self) -> None:
        """End what is being found, and wait for that."""
        if self._finding is not None:
            self._finding.cancel()
            await asyncio.wait([self._finding])

    async def _renew(self) -> T:
        try:
            value = await self._find()
            self._found = value, time.monotonic()
            return value
        finally:
            self._finding = None

    def _age(self) -> float:
        return 0.0 if self._found is None else time.monotonic() - self._found[1]
