"""The Python files that a contract is made of: found when it is loaded, and forgotten before it is loaded again."""

from __future__ import annotations

import importlib
import site
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pgcontract

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("contract.yaml", "contract.yml", "contract.json", "contract.py")


@dataclass(slots=True)
class Code:
    """The modules that a contract brought along.

    Attributes:
        source: The contract: a file, a folder that holds one, or `module:attribute`.
    """

    source: str
    _before: frozenset[str] = field(default_factory=lambda: frozenset(sys.modules))

    def forget(self) -> None:
        """Let the next load read the contract's own files again, as they are then."""
        for name in [name for name, _ in self._own()]:
            del sys.modules[name]
        importlib.invalidate_caches()

    def files(self) -> set[Path]:
        """The files by which the contract changes, as far as is known after it was loaded, or could not be.

        Of a contract in Python these are the modules that it imported, but for those that are installed, and what lies
        beside it: a module that cannot be imported is nowhere to be found.
        """
        path = Path(self.source)
        if path.is_dir():
            return {path / name for name in _NAMES} | self._beside(path)
        if ":" not in self.source or path.exists():
            return {_near(path)} | (self._beside(path.parent) if path.suffix == ".py" else set())
        module = Path(self.source.rpartition(":")[0])
        folder = module.parent if module.suffix == ".py" else Path(*str(module).split(".")[:-1])
        return self._beside(folder)

    def _beside(self, folder: Path) -> set[Path]:
        return {_near(Path(file)) for _, file in self._own()} | {_near(file) for file in folder.glob("*.py")}

    def _own(self) -> Iterator[tuple[str, str]]:
        """The modules that came since the beginning, and are not installed, with their files."""
        installed, ours = _installed(), [Path.cwd(), Path(self.source).resolve().parent]
        for name in sys.modules.keys() - self._before:
            file = getattr(sys.modules[name], "__file__", None)
            if isinstance(file, str) and _in(file, ours) and not _in(file, installed):
                yield name, file


def _near(path: Path) -> Path:
    """The path from the working folder, if in there: a file that has two names would be told of twice."""
    here = Path.cwd()
    return path.absolute().relative_to(here) if path.absolute().is_relative_to(here) else path


def _in(file: str, folders: list[Path]) -> bool:
    return any(Path(file).resolve().is_relative_to(folder) for folder in folders)


def _installed() -> list[Path]:
    """Where Python, what was installed, and we ourselves are."""
    paths = [sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    places = [*paths, *site.getsitepackages(), site.getusersitepackages(), str(Path(pgcontract.__file__).parent)]
    return [Path(place).resolve() for place in places]
