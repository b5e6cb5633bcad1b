"""What pydantic found wrong, as problems of a contract file: in the author's words, at the place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from pgcontract.contract.annotations import follow
from pgcontract.contract.problems import Problem
from pgcontract.names import perhaps
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.contract.document import Path

_KEY = "[key]"  # pydantic's mark for the key of a mapping
_WANTED = {
    "string": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen": "a list",
    "sequence": "a list",
    "iterable": "a list",
    "dict": "a mapping",
    "mapping": "a mapping",
    "model": "a mapping",
}
"""What a value must be, by the first word of pydantic's name for the error."""
_FORM_ENDINGS = ("_type", "_parsing", "_from_float", "_attributes_type", "_str")


@dataclass(frozen=True, slots=True)
class _Fault:
    """One error of pydantic's, found again in the file.

    Attributes:
        detail: The error.
        path: Where in the file.
        name: What the author calls it.
        value: What the file has there.
        of_key: Whether it is about the path's last key, rather than its value.
        wanted: What the value must be, when it is wrong as such.
        keys: Which keys the mapping at hand may have.
    """

    detail: Any
    path: Path
    name: str
    value: Any
    of_key: bool
    wanted: str | None
    keys: tuple[str, ...]


def of_validation(error: ValidationError, model: type[BaseModel], path: Path, content: Any) -> Iterator[Problem]:
    """The problems in the content at a path of the file, which is no such model."""
    faults = [_fault(detail, model, path, content) for detail in error.errors(include_url=False)]
    deep = {fault.path[:end] for fault in faults if fault.wanted for end in range(len(fault.path))}
    for _, group in groupby(faults, key=lambda fault: (fault.path, fault.name, fault.wanted is not None)):
        same = list(group)
        if same[0].wanted is None:
            yield from map(_problem, same)
        elif same[0].path not in deep:  # else a branch of a union that is less to the point
            yield _unfit(same)


def in_python(error: ValidationError) -> Iterator[str]:
    """The problems of a call in Python, a line each."""
    model = next((cls for cls in _models(BaseModel) if cls.__name__ == error.title), BaseModel)
    for problem in of_validation(error, model, (), None):
        yield f"{error.title}: {problem}"


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for cls in base.__subclasses__():
        yield cls
        yield from _models(cls)


def _fault(detail: Any, model: type[BaseModel], path: Path, content: Any) -> _Fault:
    loc = [key for key in detail["loc"] if key != _KEY]
    of_key = len(loc) < len(detail["loc"])
    at = follow(loc[:-1] if of_key else loc, model, content)
    found = at.path
    value = detail["input"] if content is None else _value(content, found, detail["input"])
    if of_key and isinstance(value, list) and loc[-1] in value:  # a list of names, which stands for a mapping
        of_key, found, value = False, (*found, value.index(loc[-1])), loc[-1]
    elif of_key:
        found = (*found, loc[-1])
    return _Fault(
        detail=detail,
        path=(*path, *found),
        name=_name([*path, *(loc if content is None else found)]),
        value=value,
        of_key=of_key,
        wanted=None if of_key else _wanted(detail, at.inputs),
        keys=at.keys,
    )


def _value(content: Any, path: Path, otherwise: Any) -> Any:
    """What the author wrote, rather than what became of it on the way to the error."""
    for key in path:
        content = content[key]
    return otherwise if isinstance(content, Mapping) and not isinstance(otherwise, Mapping) else content


def _wanted(detail: Any, inputs: Sequence[str]) -> str | None:
    """What the value must be; where a short form is allowed, that too."""
    kind = detail["type"]
    if kind == "literal_error":
        return str(detail["ctx"]["expected"])
    if kind == "is_instance_of":
        wanted = "a list" if detail["ctx"]["class"] == "Sequence" else None
    else:
        wanted = _WANTED.get(kind.split("_")[0]) if kind.endswith(_FORM_ENDINGS) else None
    return " or ".join(inputs) if wanted in inputs else wanted


def _problem(fault: _Fault) -> Problem:
    kind, path = fault.detail["type"], fault.path
    key = fault.detail["loc"][-1] if fault.detail["loc"] else ""
    if kind == "extra_forbidden":
        listing = f"; known are {', '.join(fault.keys)}" if fault.keys else ""
        return Problem(path, f"unknown key {key!r}{listing}", perhaps(str(key), fault.keys), at_key=True)
    if kind == "missing":
        return Problem(path, f"{key!r} is missing")
    own = fault.detail.get("ctx", {}).get("error")
    if fault.of_key and own is not None:
        return Problem(path, str(own), at_key=True)
    if fault.of_key or kind == "invalid_key":
        key = path[-1] if path else key
        return Problem(path, f"the key {shown(key)} must be a text{quotes(key)}", at_key=True)
    if own is not None:
        return Problem(path, f"{fault.name}: {own}")
    _, _, rest = fault.detail["msg"].partition(" should ")
    return Problem(path, f"{fault.name} must {rest.replace('a valid ', 'a ').split(', ')[0] or 'be otherwise'}")


def _unfit(faults: Sequence[_Fault]) -> Problem:
    """The value is none of what the branches of a union want, or not the one thing that is wanted."""
    fault = faults[0]
    wanted = " or ".join(dict.fromkeys(str(each.wanted) for each in faults))
    words = [word.strip("'") for word in wanted.replace(" or ", ", ").split(", ") if word.startswith("'")]
    near = perhaps(str(fault.value), words)
    near = near or (perhaps(str(fault.value).upper(), words) if isinstance(fault.value, str) else None)
    advice = quotes(fault.value) if "a text" in wanted else ""
    return Problem(fault.path, f"{fault.name} is {shown(fault.value)}, but must be {wanted}{advice}", near)


def quotes(value: Any) -> str:
    """What to do with a value that stands where a text should."""
    return ": put it in quotes" if isinstance(value, bool | int | float | date) else ""


def shown(value: Any) -> str:
    """The value in a word or two, as the author knows it."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple | set | frozenset):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "empty", True: "true", False: "false"}[value]
    return repr(value) if isinstance(value, str) else str(value)


def _name(keys: Sequence[Any]) -> str:
    """The last key; of an item of a list, the list's."""
    if keys and isinstance(keys[-1], int) and any(isinstance(key, str) for key in keys):
        return f"item {keys[-1] + 1} of {next(key for key in reversed(keys) if isinstance(key, str))}"
    return str(keys[-1]) if keys else "it"
