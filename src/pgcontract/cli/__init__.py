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
        # A Ctrl-C that came while Python ran a text, as `dataclasses` does, ends the process by that signal, although
        # it was handled; to run another text forgets it (`run_eval_code_obj` in CPython's pythonrun.c).
        exec("")  # noqa: S102 - of nothing
        gc.freeze()  # else Python looks through all modules for garbage once more before it ends: 0.1 s


__all__ = ["main"]
