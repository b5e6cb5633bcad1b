"""The command line: arguments in, exit status out."""

from __future__ import annotations

import gc
from typing import NoReturn

_GARBAGE = 200_000
"""After how many more objects it is looked for; half of that are made by imports, and stay."""


def main() -> NoReturn:
    """Run the command line, and exit with its status."""
    gc.set_threshold(_GARBAGE)
    from pgcontract.cli.app import main as run

    try:
        run()
    finally:
        gc.freeze()  # else Python looks through all modules for garbage once more before it ends: 0.1 s


__all__ = ["main"]
