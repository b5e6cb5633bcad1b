"""What is found once however many ask for it at the same time, and kept for a while."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class Ended(Exception):  # noqa: N818 - an answer
    """What was being found was given up for all who wait for it."""


class Once(Generic[T]):
    """A value that is found when it is asked for; who asks meanwhile waits for the same one."""

    def __init__(self, find: Callable[[], Awaitable[T]]) -> None:
        """Nothing is found before somebody asks.

        Args:
            find: Finds it.
        """
        self._find = find
        self._finding: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The value. Who gives up waiting takes nothing from the others.

        Raises:
            Ended: Somebody closed it meanwhile.
            Exception: What `find` raises; nothing of it is kept.
        """
        if self._finding is None:
            self._finding = asyncio.create_task(self._work())
        finding, asking = self._finding, asyncio.current_task()
        try:
            return await asyncio.shield(finding)
        except asyncio.CancelledError:
            if finding.cancelled() and not (asking and asking.cancelling()):
                raise Ended from None
            raise

    async def close(self) -> None:
        """End what is being found, and wait for that."""
        if self._finding is not None:
            self._finding.cancel()
            await asyncio.wait([self._finding])

    async def _work(self) -> T:
        try:
            return await self._find()
        finally:
            self._finding = None


class Latest(Generic[T]):
    """A value that is found anew, once, when it is asked for and too old."""

    def __init__(self, find: Callable[[], Awaitable[T]], max_age: float) -> None:
        """Nothing is found before somebody asks.

        Args:
            find: Finds it.
            max_age: Seconds for which what was found will do.
        """
        self._once, self._max_age = Once(self._renew), max_age
        self._find = find
        self._found: tuple[T, float] | None = None

    async def get(self) -> tuple[T, float]:
        """The value, and its age in seconds.

        Raises:
            Ended: Somebody closed it meanwhile.
            Exception: What `find` raises; nothing of it is kept.
        """
        if self._found is None or time.monotonic() - self._found[1] > self._max_age:
            value, at = await self._once.get()
        else:
            value, at = self._found
        return value, time.monotonic() - at

    async def close(self) -> None:
        """End what is being found, and wait for that."""
        await self._once.close()

    async def _renew(self) -> tuple[T, float]:
        self._found = await self._find(), time.monotonic()
        return self._found
