"""What a suite says, to be looked up by what it is said of: the writers of short forms put it together from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from pgcontract.names import canonical, quote, signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.contract.expectation import Expectation

T = TypeVar("T", bound="Expectation")


class Said:
    """The expectations of a suite, in its order, by class and by the values of fields.

    Args:
        expectations: Canonical, as a suite has them.
        schema: The schema of bare names.
    """

    def __init__(self, expectations: Iterable[Expectation], schema: str) -> None:
        self.schema = schema
        self.expectations = tuple(expectations)
        self.there = frozenset(self.expectations)
        self._kinds: dict[type, list[Expectation]] = {}
        for each in self.expectations:
            self._kinds.setdefault(type(each), []).append(each)
        self._indexes: dict[tuple[Any, ...], dict[Any, list[Any]]] = {}

    def all(self, cls: type[T]) -> list[T]:
        """Those of just this class."""
        return cast("list[T]", self._kinds.get(cls, []))

    def by(self, cls: type[T], *fields: str) -> Mapping[Any, list[T]]:
        """Those of the class by the value of the field, or by the tuple of the fields' values."""
        key = (cls, *fields)
        if key not in self._indexes:
            found: dict[Any, list[T]] = {}
            for each in self.all(cls):
                values = tuple(getattr(each, field) for field in fields)
                found.setdefault(values if len(fields) > 1 else values[0], []).append(each)
            self._indexes[key] = found
        return self._indexes[key]

    def of(self, cls: type[T], **values: Any) -> list[T]:
        """Those of the class whose fields have these values."""
        found = list(values.values())
        return self.by(cls, *values).get(tuple(found) if len(found) > 1 else found[0], [])

    def bare(self, name: str) -> str:
        """A canonical name as a file has it: without the schema where that is the schema of bare names."""
        return bare(name, self.schema)


def bare(name: str, schema: str) -> str:
    """The shortest text that means a canonical name (of a relation, type or function) where `schema` is the suite's.

    >>> bare("app.users", "app"), bare("app.f(app.mood)", "app"), bare("public.users", "app")
    ('users', 'f(app.mood)', 'public.users')
    """
    try:
        full, types = signature(name)
        short = full.removeprefix(f"{quote(schema)}.")
        if short == full or canonical(short, schema) != full or not name.startswith(full):  # an operator is no name
            return name
    except ValueError:
        return name
    return short if types is None else f"{short}({', '.join(types)})"
