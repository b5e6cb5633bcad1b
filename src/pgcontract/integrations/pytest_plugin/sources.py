"""Which contracts pytest is told to test, and in which files they are."""

from __future__ import annotations

import importlib.util
import os
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence


class Sources:
    """Contracts by the file that each is in.

    Attributes:
        always: The files that are tested whatever else is asked for: those of the command line.
    """

    def __init__(self) -> None:
        self._named: dict[Path, list[str]] = {}
        self.always: set[Path] = set()

    @classmethod
    def of(cls, config: pytest.Config) -> Sources:
        """The contracts that options and settings name.

        Raises:
            pytest.UsageError: One is not there.
        """
        sources = cls()
        for name in config.getoption("--pgcontract") or []:
            sources.always.add(sources._add(name, config.invocation_params.dir))
        for name in config.getini("pgcontract_contracts"):
            sources._add(name, config.inipath.parent if config.inipath is not None else config.rootpath)
        return sources

    def _add(self, name: str, folder: Path) -> Path:
        path, source = _found(name, folder)
        named = self._named.setdefault(path, [])
        if source not in named:
            named.append(source)
        return path

    def __contains__(self, path: Path) -> bool:
        return path in self._named

    def __getitem__(self, path: Path) -> Sequence[str]:
        return self._named[path]

    def collect(self, config: pytest.Config) -> None:
        """Have pytest collect them; those of its settings only where it is not told what to collect.

        What is in a folder that is collected already is found there: pytest 8 takes a file that is named besides for
        all that it should look at in that folder.

        Raises:
            pytest.UsageError: One is in a folder that pytest leaves out.
        """
        told = config.args_source == config.ArgsSource.ARGS
        given = [_absolute(config.invocation_params.dir / each.partition("::")[0]) for each in config.args]
        for path in self._named:
            if path in given or not (path in self.always or not told):
                continue
            over = next((folder for folder in given if folder in path.parents), None)
            if over is None:
                config.args.append(str(path))
            else:
                _require_reached(path, over, config)

    def is_module(self, path: Path, config: pytest.Config) -> bool:
        """Whether pytest would take the file for a module that may have tests, and it has none by its name."""
        patterns: Sequence[str] = config.getini("python_files")
        return path.suffix == ".py" and not any(fnmatch(path.name, pattern) for pattern in patterns)


def _found(name: str, folder: Path) -> tuple[Path, str]:
    """The file of a contract, and what the contract is loaded by."""
    path = _absolute(folder / name)
    if path.is_file():
        return path, str(path)
    if path.is_dir():
        inside = next((path / each for each in _names() if (path / each).is_file()), None)
        if inside is None:
            raise pytest.UsageError(f"--pgcontract: {name} holds no {_names()[0]}")
        return inside, str(inside)
    if ":" in name and "://" not in name:
        return _of_module(name, folder)
    raise pytest.UsageError(f"--pgcontract: there is no contract {name!r}{_near(path)}")


def _of_module(name: str, folder: Path) -> tuple[Path, str]:
    module, _, attribute = name.rpartition(":")
    file = _absolute(folder / module)
    if file.is_file():
        return file, f"{file}:{attribute}"
    before = list(sys.path)
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        spec = None
    finally:
        sys.path[:] = before
    if spec is None or spec.origin is None:
        raise pytest.UsageError(f"--pgcontract: there is no module {module!r}")
    return _absolute(Path(spec.origin)), name


def _names() -> Sequence[str]:
    from pgcontract.contract.load import NAMES  # noqa: PLC0415 - only a folder needs it

    return NAMES


def _near(path: Path) -> str:
    from pgcontract.names import perhaps  # noqa: PLC0415 - only who errs needs it

    known = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
    hint = perhaps(path.name, known)
    return f". {hint}" if hint else ""


def _require_reached(path: Path, folder: Path, config: pytest.Config) -> None:
    patterns: Sequence[str] = config.getini("norecursedirs")
    left_out = [each for each in path.relative_to(folder).parts[:-1] if any(fnmatch(each, one) for one in patterns)]
    if left_out:
        raise pytest.UsageError(
            f"--pgcontract: {path} is in a folder that pytest leaves out ({left_out[0]}, by norecursedirs); name it "
            "besides, as what to test"
        )


def _absolute(path: Path) -> Path:
    """As pytest calls it: links are not followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve follows them
