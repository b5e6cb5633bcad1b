"""Records of which a part could not be read: whoever looks at that part is told so, and nobody else."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from pgcontract.catalog.objects import Objects, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Reasons = Mapping[str, UnreadableError]


def mapping(why: UnreadableError) -> Objects[Any]:
    """What stands for records none of which could be read."""

    def refuse() -> NoReturn:
        raise UnreadableError(str(why))

    return Objects("", refuse)


def record(whole: Any, reasons: Reasons) -> Any:
    """The record, of which the fields that are named raise their reason.

    A value that raises when it is used would not do: `is None` asks no value. So the record is of a class of its own.
    """
    kind: Any = type(whole)  # mypy takes no type to be hashable
    hidden = {field: str(why) for field, why in reasons.items() if field in _fields(kind)}
    if not hidden:
        return whole
    made: Any = object.__new__(_concealing(kind, tuple(hidden.items())))
    for field in fields(whole):
        if field.name not in hidden:
            object.__setattr__(made, field.name, getattr(whole, field.name))
    return made


def records(
    whole: Mapping[str, Any], conceal: Callable[[Any], Any], noun: str = "", owner: str | None = None
) -> Objects[Any]:
    """The records by name, each with what it may not tell concealed, once they are looked at.

    `noun` and `owner` say what is missing when a name is (`Objects`); a catalog says it of its own fields.
    """
    return Objects(noun, lambda: {name: conceal(one) for name, one in whole.items()}, owner)


@cache
def _fields(kind: Any) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind)) if is_dataclass(kind) else frozenset()


@cache
def _concealing(kind: Any, hidden: tuple[tuple[str, str], ...]) -> type[object]:
    """A class like `kind`, with a property that raises in the place of each hidden field."""
    return type(kind.__name__, (kind,), {"__slots__": (), **{field: property(_refusal(why)) for field, why in hidden}})


def _refusal(why: str) -> Callable[[Any], NoReturn]:
    def refuse(_self: Any) -> NoReturn:
        raise UnreadableError(why)

    return refuse
