"""What is wrong with a contract file, each with its place and the nearest right word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError

from pgcontract.errors import ContractError
from pgcontract.names import perhaps

Path: TypeAlias = tuple[str | int, ...]
"""The keys and positions that lead to a value in a contract file."""

Locate: TypeAlias = Callable[["Path", bool], str]
"""From a path, and whether its last key (rather than its value) is meant, to `file:line:column`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: Where.
        message: What, in lower case without a period.
        hint: The nearest right word, as a sentence, or None.
        at_key: Whether the path's last key is wrong, rather than its value.
    """

    path: Path
    message: str
    hint: str | None = None
    at_key: bool = False

    def line(self, locate: Locate) -> str:
        """The problem in one line that begins with its place."""
        hint = f". {self.hint}" if self.hint else ""
        return f"{locate(self.path, self.at_key)}: {self.message}{hint}"


def refuse(problems: Sequence[Problem], locate: Locate) -> None:
    """Do nothing if there are no problems.

    Raises:
        ContractError: There are; the message has a line for each.
    """
    if problems:
        raise ContractError("\n".join(problem.line(locate) for problem in problems))


def of_validation(error: ValidationError, model: type[BaseModel], path: Path) -> Iterator[Problem]:
    """The problems that pydantic found in a value at a path."""
    for detail in error.errors(include_url=False):
        place = tuple(detail["loc"])
        owner = _model_at(model, place[:-1])
        yield _problem(detail, owner, (*path, *place))


def _problem(detail: Any, owner: type[BaseModel] | None, path: Path) -> Problem:
    key, kind, context = path[-1] if path else "", detail["type"], detail.get("ctx", {})
    known = _keys(owner) if owner else ()
    if kind == "extra_forbidden":
        return Problem(path, f"unknown key {key!r}{_listing(known)}", perhaps(str(key), known), at_key=True)
    if kind == "missing":
        return Problem(path[:-1], f"{key!r} is missing")
    if kind == "literal_error":
        allowed = str(context["expected"])
        words = allowed.replace(" or ", ", ").replace("'", "").split(", ")
        return Problem(
            path, f"{key} is {detail['input']!r}, but must be {allowed}", perhaps(str(detail["input"]), words)
        )
    message = str(context["error"]) if "error" in context else f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return Problem(path, f"{key}: {message}" if isinstance(key, str) and key else message)


def _listing(known: Sequence[str]) -> str:
    return f"; known are {', '.join(known)}" if known else ""


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(model.model_fields)


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that holds the value at a path, found through the fields' annotations."""
    current: type[BaseModel] | None = model
    for key in path:
        if current is None:
            return None
        field = current.model_fields.get(str(key)) or current.model_fields.get("root")
        inner = _inner_model(field.annotation) if field else None
        current = inner if inner is not None else (current if "root" in current.model_fields else None)
    if current is not None and "root" in current.model_fields:
        return _inner_model(current.model_fields["root"].annotation)
    return current


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _inner_model(argument)
        if found is not None:
            return found
    return None
