"""Contract files into suites. Whatever is unknown or wrong is an error with its place; nothing is dropped."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pgcontract.contract import registry
from pgcontract.contract.document import Document, read_json, read_yaml
from pgcontract.contract.problems import Problem, of_validation, refuse
from pgcontract.contract.suite import Suite
from pgcontract.errors import ContractError
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from types import ModuleType

    from pgcontract.contract.expectation import Expectation

_OWN_KEYS = ("suite", "schema", "expectations")
_NAMES = ("contract.yaml", "contract.yml", "contract.json", "contract.py")


def load(source: str | Path) -> Suite:
    """The suite in a contract file, a folder that holds one, or `module:attribute`.

    Raises:
        ContractError: It is not there, does not parse or does not make sense.
    """
    path = Path(source)
    if path.is_dir():
        path = _in_folder(path)
    if path.suffix == ".py" and path.exists():
        return _from_python(path)
    if path.suffix in {".yaml", ".yml", ".json"}:
        return _from_document(_read(path))
    if ":" in str(source) and not path.exists():
        return _from_module(str(source))
    if not path.exists():
        raise ContractError(f"there is no contract {str(source)!r}", hint=_neighbour(path))
    raise ContractError(
        f"{source}: a contract is a .yaml, .json or .py file, a folder with contract.yaml, or module:attribute"
    )


def loads(text: str, name: str = "contract.yaml") -> Suite:
    """The suite in the text of a YAML contract file; `name` stands for the file in messages.

    Raises:
        ContractError: It does not parse or does not make sense.
    """
    return _from_document(read_yaml(text, name))


def _in_folder(folder: Path) -> Path:
    for name in _NAMES:
        if (folder / name).exists():
            return folder / name
    raise ContractError(f"{folder} holds no contract", hint=f"Name the file {_NAMES[0]}, or give the file itself.")


def _neighbour(path: Path) -> str | None:
    folder = path.parent if path.parent.is_dir() else Path()
    return perhaps(path.name, [file.name for file in folder.iterdir()])


def _read(path: Path) -> Document:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContractError(f"there is no contract {str(path)!r}", hint=_neighbour(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(f"{path} cannot be read: {error}") from error
    return (read_json if path.suffix == ".json" else read_yaml)(text, str(path))


def _from_document(document: Document) -> Suite:
    content = document.content
    if not isinstance(content, Mapping):
        raise ContractError(f"{document.name}:1:1: a contract is a mapping with the keys suite, schema, tables, …")
    problems: list[Problem] = []
    expectations = [*_sections(content, problems), *_listed(content.get("expectations"), problems)]
    problems += _header_problems(content)
    refuse(problems, document.locate)
    return Suite(str(content["suite"]), expectations, schema=content.get("schema", "public"))


def _header_problems(content: Mapping[Any, Any]) -> Iterator[Problem]:
    known = [*_OWN_KEYS, *registry.sections()]
    for key in content:
        if key not in known:
            listing = ", ".join(known)
            yield Problem((key,), f"unknown key {key!r}; known are {listing}", perhaps(str(key), known), at_key=True)
    if "suite" not in content:
        yield Problem((), "'suite', the contract's name, is missing")
    for key in ("suite", "schema"):
        if key in content and not (isinstance(content[key], str) and content[key].strip()):
            yield Problem((key,), f"{key} is {content[key]!r}, but must be a name")


def _sections(content: Mapping[Any, Any], problems: list[Problem]) -> Iterator[Expectation]:
    for key, section in registry.sections().items():
        if key not in content:
            continue
        try:
            yield from section.model_validate(content[key]).expand()
        except ValidationError as error:
            problems += of_validation(error, section, (key,))


def _listed(items: Any, problems: list[Problem]) -> Iterator[Expectation]:
    if items is None:
        return
    if not isinstance(items, list):
        problems.append(Problem(("expectations",), "expectations is a list, of one `Kind: …` an item"))
        return
    for position, item in enumerate(items):
        try:
            yield _expectation(item, position)
        except _Wrong as wrong:
            problems += wrong.problems


class _Wrong(Exception):  # noqa: N818 - it carries problems, and is not shown
    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems


def _expectation(item: Any, position: int) -> Expectation:
    path = ("expectations", position)
    if isinstance(item, str):
        item = {item: {}}
    if not isinstance(item, Mapping) or len(item) != 1:
        raise _Wrong(Problem(path, "an expectation is one `Kind: …`, such as `TableExists: users`"))
    ((kind, fields),) = item.items()
    try:
        cls = registry.expectation(str(kind))
    except ContractError as error:
        raise _Wrong(Problem((*path, kind), str(error), error.hint, at_key=True)) from None
    return _made(cls, fields, (*path, kind))


def _made(cls: type[Expectation], fields: Any, path: tuple[str | int, ...]) -> Expectation:
    if not isinstance(fields, Mapping):
        first = cls.positional()[:1]
        if not first:
            raise _Wrong(Problem(path, f"{cls.__name__} takes no value"))
        fields = {} if fields is None else {first[0]: fields}
    try:
        return cls.model_validate(dict(fields))
    except ValidationError as error:
        raise _Wrong(*of_validation(error, cls, path)) from None


def _from_python(path: Path) -> Suite:
    name = f"pgcontract_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ContractError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic looks annotations up there
    sys.path.insert(0, str(path.resolve().parent))  # as when Python runs the file
    try:
        spec.loader.exec_module(module)
    except ContractError:
        raise
    except (Exception, SystemExit) as error:
        raise ContractError(f"{_place(error, path)}: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(str(path.resolve().parent))
    return _the_suite(module, str(path))


def _place(error: BaseException, path: Path) -> str:
    """The last line of the contract file that the error came through."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{path}:{error.lineno}:{error.offset or 1}"
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path.absolute()
    ]
    lines = lines or [f.lineno for f in traceback.extract_tb(error.__traceback__) if Path(f.filename) == path]
    return f"{path}:{lines[-1]}" if lines else str(path)


def _from_module(source: str) -> Suite:
    name, _, attribute = source.partition(":")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        module = importlib.import_module(name)
    except Exception as error:
        raise ContractError(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
    suite = getattr(module, attribute, None)
    if not isinstance(suite, Suite):
        names = [key for key, value in vars(module).items() if isinstance(value, Suite)]
        raise ContractError(f"{source} is not a Suite", hint=perhaps(attribute, names))
    return suite


def _the_suite(module: ModuleType, name: str) -> Suite:
    named = getattr(module, "suite", None)
    if isinstance(named, Suite):
        return named
    suites = {key: value for key, value in vars(module).items() if isinstance(value, Suite)}
    if len(suites) == 1:
        return next(iter(suites.values()))
    found = f"it holds several ({', '.join(suites)})" if suites else "it holds none"
    raise ContractError(f"{name} should hold one Suite, best called `suite`; {found}")
