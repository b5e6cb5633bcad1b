"""Contract files into suites. Whatever is unknown or wrong is an error with its place; nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pgcontract.contract import json, modules, registry, yaml
from pgcontract.contract.ignore import Ignore
from pgcontract.contract.origin import Origin
from pgcontract.contract.principals import PRESETS, Principal
from pgcontract.contract.problems import Problem, refuse
from pgcontract.contract.section import Closing, Section
from pgcontract.contract.suite import Suite
from pgcontract.contract.validation import in_python, of_validation, quotes, shown
from pgcontract.errors import ContractError
from pgcontract.making import many
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from pgcontract.contract.document import Document
    from pgcontract.contract.expectation import Expectation

_OWN_KEYS = ("suite", "schema", "rows_as", "ignore", "principals", "expectations")
_PRESETS = " or ".join(PRESETS)
NAMES = ("contract.yaml", "contract.yml", "contract.json", "contract.py")


def load(source: str | Path) -> Suite:
    """The suite in a contract file, a folder that holds one, or `module:attribute`.

    Raises:
        ContractError: It is not there, does not parse or does not make sense.
    """
    path = Path(source)
    try:
        path = _in_folder(path) if path.is_dir() else path
        with many():
            return _load(str(source), path)
    except OSError as error:
        raise ContractError(f"{source} cannot be read: {error.strerror}") from error


def _load(source: str, path: Path) -> Suite:
    if path.suffix.lower() in {".yaml", ".yml", ".json"}:
        return _placed(read(path))
    if path.suffix == ".py" and path.exists():
        return modules.from_file(path)
    if "://" in source:
        raise ContractError(f"{source} is no contract", hint="If it is the database, give it with --db.")
    if ":" in source and not path.exists():
        return modules.from_module(source)
    if not path.exists():
        raise _absent(path)
    raise ContractError(
        f"{source}: a contract is a .yaml, .json or .py file, a folder with contract.yaml, or module:attribute"
    )


def loads(text: str, name: str = "contract.yaml") -> Suite:
    """The suite in the text of a YAML contract file; `name` stands for the file in messages.

    Raises:
        ContractError: It does not parse or does not make sense.
    """
    return _placed(yaml.read(text, name))


def _in_folder(folder: Path) -> Path:
    for name in NAMES:
        if (folder / name).exists():
            return folder / name
    raise ContractError(f"{folder} holds no contract", hint=f"Name the file {NAMES[0]}, or give the file itself.")


def _absent(path: Path) -> ContractError:
    folder = path.parent
    if not folder.is_dir():
        return ContractError(f"there is no contract {str(path)!r}: there is no folder {folder}")
    near = perhaps(path.name, [file.name for file in folder.iterdir()])
    return ContractError(f"there is no contract {str(path)!r}", hint=near)


def read(path: Path) -> Document:
    """The document in a YAML or JSON file.

    Raises:
        ContractError: It is not there, or does not parse.
        OSError: It cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _absent(path) from None
    parse = json.read if path.suffix.lower() == ".json" else yaml.read
    return parse(_decoded(content, path), str(path))


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise ContractError(f"{path}:{line}:{column}: this is not UTF-8") from None


def _placed(document: Document) -> Suite:
    """The suite, which can tell where the document says what."""
    suite = suite_of(document)
    return suite.from_files([Origin(document, suite.schema, _expectation)])


def suite_of(document: Document) -> Suite:
    """The suite in a contract file's content.

    Raises:
        ContractError: It does not make sense.
    """
    content = document.content
    if not isinstance(content, Mapping):
        raise ContractError(f"{document.name}:1:1: a contract is a mapping with the keys suite, schema, tables, …")
    problems: list[Problem] = []
    expectations = list(_expectations(content, problems))
    ignores = list(ignored(content["ignore"], problems)) if "ignore" in content else []
    principals = acting(content["principals"], problems) if "principals" in content else ()
    problems += _header_problems(content)
    refuse(problems, document)
    schema, role = content.get("schema", "public"), content.get("rows_as")
    name = str(content["suite"])
    return Suite(name, expectations, schema=schema, ignores=ignores, principals=principals, rows_as=role)


def _header_problems(content: Mapping[Any, Any]) -> Iterator[Problem]:
    known = [*_OWN_KEYS, *registry.sections()]
    for key in content:
        if key not in known:
            listing = ", ".join(known)
            yield Problem((key,), f"unknown key {key!r}; known are {listing}", perhaps(str(key), known), at_key=True)
    if "suite" not in content:
        yield Problem((), "'suite', the contract's name, is missing")
    for key in ("suite", "schema", "rows_as"):
        if key in content and not (isinstance(content[key], str) and content[key].strip()):
            yield Problem((key,), f"{key} is {shown(content[key])}, but must be a name{quotes(content[key])}")


def _expectations(content: Mapping[Any, Any], problems: list[Problem]) -> Iterator[Expectation]:
    """What the sections and the list say, in the file's order, which is the order of reports."""
    sections = registry.sections()
    said: list[Expectation] = []
    closing: list[tuple[type[Section], Any]] = []
    for key, value in content.items():
        if key == "expectations":
            said += _listed(value, problems)
        elif key in sections and issubclass(sections[key], Closing):
            closing.append((sections[key], value))
        elif key in sections:
            said += _short(sections[key], value, problems)
    yield from said
    schema = str(content.get("schema", "public"))
    for section, value in closing:
        yield from _short(section, value, problems, lambda form: form.close(said, schema))


def _short(
    section: type[Section],
    value: Any,
    problems: list[Problem],
    expanded: Callable[[Any], Iterable[Expectation]] = methodcaller("expand"),
) -> Iterator[Expectation]:
    try:
        form = section.model_validate(value)
    except ValidationError as error:
        problems += of_validation(error, section, (section.key,), value)
        return
    try:
        yield from expanded(form)
    except ValidationError as error:  # what the section lets pass, but an expectation of it does not
        problems += [Problem((section.key,), line) for line in in_python(error)]


def _listed(items: Any, problems: list[Problem]) -> Iterator[Expectation]:
    if not isinstance(items, list):
        wanted = "but must be a list, of one `Kind: …` an item"
        problems.append(Problem(("expectations",), f"expectations is {shown(items)}, {wanted}"))
        return
    for position, item in enumerate(items):
        try:
            yield _expectation(item, position)
        except _Wrong as wrong:
            problems += wrong.problems


def ignored(items: Any, problems: list[Problem]) -> Iterator[Ignore]:
    """The ignores of the list under a file's key `ignore`; what is wrong is added to the problems."""
    if not isinstance(items, list):
        problems.append(Problem(("ignore",), f"ignore is {shown(items)}, but must be a list"))
        return
    for position, item in enumerate(items):
        path = ("ignore", position)
        if not isinstance(item, Mapping):
            wanted = "an ignore is a mapping, such as {subject: public.users.*, because: …}"
            problems.append(Problem(path, wanted))
            continue
        try:
            yield Ignore.model_validate(item)
        except ValidationError as error:
            problems += of_validation(error, Ignore, path, item)


def acting(items: Any, problems: list[Problem]) -> tuple[Principal, ...]:
    """The principals under a file's key `principals`; what is wrong is added to the problems."""
    if not isinstance(items, str | list):
        problems.append(Problem(("principals",), f"principals is {shown(items)}, but must be a list, or {_PRESETS}"))
        return ()
    found: dict[str, Principal] = {}
    for position, item in enumerate(items if isinstance(items, list) else [items]):
        path = ("principals", position) if isinstance(items, list) else ("principals",)
        differing = [one for one in _acting(item, path, problems) if found.setdefault(one.name, one) != one]
        problems += [Problem(path, f"two principals are called {one.name!r}") for one in differing]
    return tuple(found.values())


def _acting(item: Any, path: tuple[Any, ...], problems: list[Problem]) -> tuple[Principal, ...]:
    if isinstance(item, str):
        if item not in PRESETS:
            wanted = f"no principals are called {item!r}; known are {', '.join(PRESETS)}"
            problems.append(Problem(path, wanted, perhaps(item, PRESETS)))
        return PRESETS.get(item, ())
    if not isinstance(item, Mapping):
        wanted = f"a principal is a mapping, such as {{name: tenant 1, role: app}}, or {_PRESETS}"
        problems.append(Problem(path, wanted))
        return ()
    try:
        return (Principal.model_validate(item),)
    except ValidationError as error:
        problems += of_validation(error, Principal, path, item)
        return ()


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


def _made(cls: type[Expectation], fields: Any, path: tuple[Any, ...]) -> Expectation:
    if not isinstance(fields, Mapping):
        first = cls.positional()[:1]
        if not first:
            raise _Wrong(Problem(path, f"{cls.__name__} takes no value"))
        fields = {} if fields is None else {first[0]: fields}
    try:
        return cls.model_validate(dict(fields))
    except ValidationError as error:
        raise _Wrong(*of_validation(error, cls, path, fields)) from None
