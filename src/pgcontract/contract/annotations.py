"""Where in a file pydantic's places lead, and what may stand there: found by walking the models' annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, RootModel
from pydantic_core import PydanticUndefined

from pgcontract.contract.expectation import COMMON
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.contract.document import Path


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a place of pydantic's leads.

    Attributes:
        path: What of the place leads to something in the file: not the names of validators and branches of unions.
        keys: The keys that the mapping around may have, its own first.
        inputs: In words, what may stand there, where a short form may stand too.
    """

    path: Path
    keys: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Type:
    """A type without its marks, and the words for what a short form allows instead."""

    type: Any
    inputs: tuple[str, ...] = ()


def follow(loc: Sequence[Any], model: type[BaseModel], content: Any) -> Stand:
    """Follow a place into a model and the content that is none (None: into the model only)."""
    path: list[Any] = []
    types = list(_plain(model))
    keys: tuple[str, ...] = ()
    for key in loc:
        keys = tuple(name for each in types for name in _keys(each.type))
        inside = _has(content, key)
        inner = [found for each in types for found in _inner(each.type, key, content, inside=inside)]
        if inside:
            path.append(key)
            content = content[key]
        if inside or inner:
            types = inner
    return Stand(tuple(path), keys, next((each.inputs for each in types if each.inputs), ()))


def _has(content: Any, key: Any) -> bool:
    if isinstance(content, Mapping):
        return key in content
    return isinstance(content, list) and isinstance(key, int) and key < len(content)


def _plain(annotation: Any, marks: Iterable[Any] = (), inputs: tuple[str, ...] = ()) -> Iterator[_Type]:
    """The types that an annotation allows: the branches of unions, the content of root models."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    inputs = next(filter(None, map(_short, [*marks, *getattr(annotation, "__metadata__", ())])), inputs)
    if hasattr(annotation, "__metadata__"):
        yield from _plain(arguments[0], inputs=inputs)
    elif isinstance(annotation, type) and issubclass(annotation, RootModel):
        root = annotation.model_fields["root"]
        yield from _plain(root.annotation, root.metadata, inputs)
    elif origin in {Union, UnionType}:
        for branch in arguments:
            yield from _plain(branch, inputs=inputs)
    else:
        yield _Type(annotation, inputs)


def _short(mark: Any) -> tuple[str, ...]:
    """What a validator lets an author write, in words."""
    allowed = getattr(mark, "json_schema_input_type", PydanticUndefined) if isinstance(mark, BeforeValidator) else None
    if allowed in {None, PydanticUndefined}:
        return ()
    branches = get_args(allowed) if get_origin(allowed) in {Union, UnionType} else (allowed,)
    return tuple(dict.fromkeys(word for branch in branches if (word := _word(branch)) is not None))


def _word(type_: Any) -> str | None:
    if hasattr(type_, "__metadata__"):
        return _word(get_args(type_)[0])
    origin = get_origin(type_) or type_
    if origin is Literal:
        return " or ".join(str(value).lower() if isinstance(value, bool) else repr(value) for value in get_args(type_))
    if origin is str:
        return "a text"
    if isinstance(origin, type) and issubclass(origin, Mapping | BaseModel):
        return "a mapping"
    return "a list" if isinstance(origin, type) and issubclass(origin, Sequence) else None


def _inner(type_: Any, key: Any, content: Any, *, inside: bool) -> Iterable[_Type]:
    """The types of what a value of the type has under the key."""
    origin, arguments = get_origin(type_), get_args(type_)
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        field = type_.model_fields.get(str(key))
        return () if field is None else _plain(field.annotation, field.metadata)
    if not isinstance(origin, type) or not arguments:
        return ()
    if issubclass(origin, Mapping):
        return _plain(arguments[1]) if inside or not isinstance(content, Mapping) else ()
    return _plain(arguments[0]) if isinstance(key, int) else ()


def _keys(type_: Any) -> Iterable[str]:
    if not (isinstance(type_, type) and issubclass(type_, BaseModel)):
        return ()
    return sorted(type_.model_fields, key=lambda name: name in COMMON)
