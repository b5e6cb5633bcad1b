"""An expectation in words: its subject, and the sentence that reports print, both from its class."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgcontract.contract.fields import MEMBER, Named, marks
from pgcontract.names import quote

if TYPE_CHECKING:
    from pgcontract.contract.expectation import Expectation

_PLACE = re.compile(r"\{(\w+)\}")


def summary(cls: type[Expectation]) -> str:
    """The first sentence of the class's docstring, `{field}`s and all, without its period."""
    first = re.split(r"\.(?:\s|$)|\n\n", _docstring(cls), maxsplit=1)[0]
    return " ".join(first.split())


def explanation(cls: type[Expectation]) -> str:
    """The whole docstring, with `<field>` where a value belongs."""
    head, *rest = _docstring(cls).split("\n\n", 1)
    return "\n\n".join([_PLACE.sub(r"<\1>", head), *rest])


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of an expectation, as documentation shows it: its type as the author wrote it, its default as Python."""

    name: str
    type: str
    default: str | None
    description: str


def parameters(cls: type[Expectation]) -> list[Parameter]:
    """The fields of the expectation's own, in the order in which they may be given by position."""
    fields = cls.model_fields
    return [
        Parameter(
            name=name,
            type=next(str(own[name]) for own in map(inspect.get_annotations, cls.__mro__) if name in own),
            default=None if fields[name].is_required() else repr(fields[name].get_default()),
            description=fields[name].description or "",
        )
        for name in cls.positional()
    ]


def _docstring(cls: type[Expectation]) -> str:
    return inspect.cleandoc(cls.__doc__ or cls.__name__)


def subject(expectation: Expectation) -> str:
    """The canonical name of what it speaks of.

    That is the first object of a schema that it names, and what hangs on it there; else its first field.
    """
    fields = type(expectation).model_fields.items()
    named = [name for name, field in fields if any(isinstance(mark, Named) for mark in marks(field))]
    members = [name for name, field in fields if MEMBER in marks(field)]
    first = next((value for name in named if (value := getattr(expectation, name)) is not None), None)
    if first is None:
        return _text(getattr(expectation, next(iter(expectation.positional()), ""), expectation.kind))
    hanging = (getattr(expectation, name) for name in members)
    return ".".join([first, *(quote(member) for member in hanging if member is not None)])


def sentence(expectation: Expectation) -> str:
    """What the expectation says, with its values; fields that the docstring does not speak of follow in brackets."""
    cls = type(expectation)
    template = summary(cls)
    spoken = set(_PLACE.findall(template))
    words = _PLACE.sub(lambda found: _text(getattr(expectation, found.group(1), found.group())), template)
    rest = [
        f"{name.replace('_', ' ')} {_text(value)}"
        for name in cls.positional()
        if name not in spoken and (value := getattr(expectation, name)) != cls.model_fields[name].default
    ]
    return f"{words} ({', '.join(rest)})" if rest else words


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_text, value))
    return str(value)
