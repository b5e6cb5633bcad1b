"""Suites that a Python file or module makes."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pgcontract.contract.suite import Suite
from pgcontract.contract.validation import in_python
from pgcontract.errors import ContractError
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import ModuleType


def from_file(path: Path) -> Suite:
    """The suite in a Python file: the one called `suite`, or the only one.

    Raises:
        ContractError: The file raises, or holds no such suite.
    """
    return _the_suite(_module(path), str(path))


def from_module(source: str) -> Suite:
    """The suite that `module:attribute` or `file.py:attribute` names; modules of the working folder count too.

    Raises:
        ContractError: The module cannot be imported, or the attribute is no suite.
    """
    name, _, attribute = source.rpartition(":")
    if name.endswith(".py") and Path(name).is_file():
        module = _module(Path(name))
    else:
        with _first_on_path(str(Path.cwd())), _explained(name, None):
            module = importlib.import_module(name)
    suite = getattr(module, attribute, None)
    if not isinstance(suite, Suite):
        known = [key for key, value in vars(module).items() if isinstance(value, Suite)]
        raise ContractError(f"{source} is not a Suite", hint=perhaps(attribute, known))
    return suite


def _module(path: Path) -> ModuleType:
    name = f"pgcontract_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ContractError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic looks annotations up there
    with _first_on_path(str(path.resolve().parent)), _explained(str(path), path):
        spec.loader.exec_module(module)
    return module


@contextmanager
def _first_on_path(folder: str) -> Generator[None]:
    """As when Python runs a file of that folder."""
    before = list(sys.path)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path[:] = before


@contextmanager
def _explained(name: str, path: Path | None) -> Generator[None]:
    """Whatever the contract's code raises, as one line a problem, with its place."""
    try:
        yield
    except ContractError:
        raise
    except ModuleNotFoundError as error:
        if error.name != name:
            raise ContractError(f"{_place(error, name, path)}: {error}") from error
        here = [file.stem for file in Path.cwd().glob("*.py")]
        raise ContractError(f"there is no module {name}", hint=perhaps(name, here)) from None
    except (Exception, SystemExit) as error:
        place = _place(error, name, path)
        raise ContractError("\n".join(f"{place}: {line}" for line in _lines(error))) from error


def _lines(error: BaseException) -> list[str]:
    if isinstance(error, ValidationError):
        return list(in_python(error))
    if isinstance(error, SyntaxError):
        return [str(error.msg)]
    first = next(iter(str(error).splitlines()), "")
    return [f"{type(error).__name__}: {first}" if first else type(error).__name__]


def _place(error: BaseException, name: str, path: Path | None) -> str:
    """The last line of the contract file that the error came through; of any file where it is a module."""
    if isinstance(error, SyntaxError) and error.lineno:
        file = error.filename or name
        shown = name if path is not None and Path(file).resolve() == path.resolve() else file
        return f"{shown}:{error.lineno}:{error.offset or 1}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "importlib" not in frame.filename]
    if path is None:
        outside = [frame for frame in frames if Path(frame.filename) != Path(__file__)]
        return f"{outside[-1].filename}:{outside[-1].lineno}" if outside else name
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path.resolve()]
    return f"{path}:{lines[-1]}" if lines else str(path)


def _the_suite(module: ModuleType, name: str) -> Suite:
    named = getattr(module, "suite", None)
    if isinstance(named, Suite):
        return named
    suites = {key: value for key, value in vars(module).items() if isinstance(value, Suite)}
    if len({id(suite) for suite in suites.values()}) == 1:
        return next(iter(suites.values()))
    found = f"it holds several ({', '.join(suites)})" if suites else "it holds none"
    raise ContractError(f"{name} should hold one Suite, best called `suite`; {found}")
