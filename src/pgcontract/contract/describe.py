"""An expectation in words: its subject, and the sentence that reports print, both from its class."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pgcontract.contract.fields import MEMBER, Named, marks
from pgcontract.names import quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from pgcontract.contract.expectation import Expectation

_NONE = "none"
_PLACE = re.compile(r"\{(\w+)\}")


def summary(cls: type[Expectation]) -> str:
    """The first sentence of the class's docstring, `{field}`s and all, without its period."""
    first = re.split(r"\.(?:\s|$)|\n\n", _docstring(cls), maxsplit=1)[0]
    return " ".join(first.split())


def general(cls: type[Expectation]) -> str:
    """The first sentence, with `<field>` where a value belongs."""
    return _PLACE.sub(r"<\1>", summary(cls))


def explanation(cls: type[Expectation]) -> str:
    """The whole docstring, with `<field>` where a value belongs."""
    head, *rest = _docstring(cls).split("\n\n", 1)
    return "\n\n".join([_PLACE.sub(r"<\1>", head), *rest])


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of an expectation, as documentation shows it.

    Attributes:
        name: What it is called.
        type: What it takes, in words.
        choices: The words that it may be; none where any text will do.
        default: As Python writes it; None where there is none.
        description: A sentence, or nothing.
    """

    name: str
    type: str
    choices: tuple[str, ...]
    default: str | None
    description: str

    @property
    def choices_untold(self) -> bool:
        """Whether there are more words to choose from than its type tells."""
        return bool(self.choices) and self.type.endswith(("a word", "words"))


def parameters(cls: type[Expectation]) -> list[Parameter]:
    """The fields of the expectation's own: in the order in which they may be given by position, then by keyword."""
    from pgcontract.contract.takes import choices, takes  # noqa: PLC0415 - only who asks what a field is needs it

    fields = cls.model_fields
    schemas = cls.model_json_schema()["properties"]
    return [
        Parameter(
            name=name,
            type=takes(schemas[name]),
            choices=tuple(choices(schemas[name])),
            default=None if fields[name].is_required() else repr(_default(fields[name])),
            description=fields[name].description or "",
        )
        for name in cls.own()
    ]


def _docstring(cls: type[Expectation]) -> str:
    return inspect.cleandoc(cls.__doc__ or cls.__name__)


def subject(expectation: Expectation) -> str:
    """The canonical name of what the expectation speaks of.

    That is the first object of a schema that it names, and what hangs on it there; else its first field.
    """
    anatomy = _anatomy(type(expectation))
    first = next((value for name in anatomy.named if (value := getattr(expectation, name)) is not None), None)
    if first is None:
        return _text(getattr(expectation, next(iter(expectation.positional()), ""), expectation.kind))
    hanging = (getattr(expectation, name) for name in anatomy.members)
    return ".".join([first, *(quote(member) for member in hanging if member is not None)])


def relation(expectation: Expectation) -> str | None:
    """The relation that the expectation belongs to: the value of the first field that names one."""
    field = _anatomy(type(expectation)).relation
    return None if field is None else getattr(expectation, field)


def sentence(expectation: Expectation) -> str:
    """What the expectation says, with its values; fields that the docstring does not speak of follow in brackets."""
    anatomy = _anatomy(type(expectation))
    words = _PLACE.sub(lambda found: _text(getattr(expectation, found.group(1), found.group())), anatomy.template)
    rest = [
        f"{name.replace('_', ' ')} {_text(value)}"
        for name, default in anatomy.unspoken
        if (value := getattr(expectation, name)) != default
    ]
    return f"{words} ({', '.join(rest)})" if rest else words


@dataclass(frozen=True, slots=True)
class _Anatomy:
    """What the words about an expectation are made from, worked out once a class."""

    template: str
    named: tuple[str, ...]
    members: tuple[str, ...]
    relation: str | None
    unspoken: tuple[tuple[str, Any], ...]


_ANATOMIES: dict[type, _Anatomy] = {}


def _anatomy(cls: type[Expectation]) -> _Anatomy:
    if cls not in _ANATOMIES:
        marked = {name: list(marks(field)) for name, field in cls.model_fields.items()}
        naming = {name: [mark for mark in found if isinstance(mark, Named)] for name, found in marked.items()}
        relations = (name for name, found in naming.items() if any(mark.noun == "relation" for mark in found))
        template = summary(cls)
        spoken = _PLACE.findall(template)
        _ANATOMIES[cls] = _Anatomy(
            template=template,
            named=tuple(name for name, found in naming.items() if found),
            members=tuple(name for name, found in marked.items() if MEMBER in found),
            relation=next(relations, None),
            unspoken=tuple((name, _default(cls.model_fields[name])) for name in cls.own() if name not in spoken),
        )
    return _ANATOMIES[cls]


def _default(field: FieldInfo) -> Any:
    return field.get_default(call_default_factory=True)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(each)}" for key, each in value.items()) or _NONE
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_text, value)) or _NONE
    if value is None:
        return _NONE
    return str(value)
