"""Expectations with their bare names in a schema, without validating anew what no schema changes."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator

from pgcontract.contract.fields import SCHEMA, AnyCase, Named, marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic.fields import FieldInfo

E = TypeVar("E", bound=BaseModel)
Name = tuple[str, "Callable[[str, str | None], str]"]


def placed(expectation: E, schema: str) -> E:
    """The same expectation with its bare names in the schema; itself where all of them have one.

    A contract of a large database has a hundred thousand expectations, and nearly all have a name or two that is to be
    placed and nothing else that depends on the schema: those are not validated a second time.
    """
    cls: Any = type(expectation)
    names = _names(cls)
    if names is None:
        given = {name: getattr(expectation, name) for name in expectation.model_fields_set | _named_by_default(cls)}
        return expectation.model_validate(given, context={SCHEMA: schema})
    values = expectation.__dict__
    changed = {
        name: full
        for name, canonical in names
        if (text := values[name]) is not None and (full := canonical(text, schema)) != text
    }
    if not changed:
        return expectation
    copied: Any = BaseModel.model_copy(expectation, update=changed)
    return cast("E", copied)  # not by its own model_copy, which validates


@cache
def _names(cls: type[BaseModel]) -> tuple[Name, ...] | None:
    """The fields that name something, and how each is placed; None where more may depend on the schema."""
    decorators = cls.__pydantic_decorators__
    if (
        decorators.model_validators
        or decorators.field_validators
        or decorators.validators
        or decorators.root_validators
    ):
        return None
    found: list[Name] = []
    for name, field in cls.model_fields.items():
        own = [mark for mark in marks(field) if isinstance(mark, Named)]
        every = list(_every_mark(field))
        if len(own) > 1 or sum(isinstance(mark, Named) for mark in every) != len(own) or not all(map(_is_plain, every)):
            return None
        found += [(name, mark.canonical) for mark in own]
    return tuple(found)


@cache
def _named_by_default(cls: type[BaseModel]) -> frozenset[str]:
    """The fields that name something where nobody says what."""
    return frozenset(
        name
        for name, field in cls.model_fields.items()
        if isinstance(field.default, str) and any(isinstance(mark, Named) for mark in marks(field))
    )


def _every_mark(field: FieldInfo) -> Iterator[Any]:
    """What the field and the parts of its type are marked with, and the models among those parts."""
    yield from field.metadata
    yield from _within(field.annotation)


def _within(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _within(part)


def _is_plain(mark: Any) -> bool:
    """Whether it is a name's, or is known not to ask for the schema: a validator that takes nothing but the value."""
    if isinstance(mark, AfterValidator | BeforeValidator):
        try:
            return len(inspect.signature(mark.func).parameters) == 1
        except ValueError:  # a class, such as tuple
            return isinstance(mark.func, type)
    return isinstance(mark, Named | AnyCase | str)
