"""Python's collector of garbage, put off while there is none."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@contextmanager
def uncollected() -> Generator[Callable[[], None]]:
    """Inside, nobody looks for garbage, until what is given is called.

    To read and judge a catalog makes hundreds of thousands of objects that all stay to the end and hold no cycles, and
    the collector would go through them again and again.
    """
    enabled = gc.isenabled()

    def resume() -> None:
        if enabled:
            gc.enable()

    gc.disable()
    try:
        yield resume
    finally:
        resume()
