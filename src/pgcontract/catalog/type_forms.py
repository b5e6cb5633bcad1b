"""The forms of what an author writes about types: what they are made of, and the defaults and checks of domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.forms import Form, TypeForm
from pgcontract.catalog.function_forms import SignatureForm
from pgcontract.catalog.lexis import complaint
from pgcontract.names import literal
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.types import Type


@dataclass(frozen=True, slots=True)
class PartForm(TypeForm):
    """The type of what a type is made of: a domain's base, a composite's attribute."""

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The types that the type is made of."""
        found: Type | None = catalog.types.get(self.object)
        return () if found is None else (found.base, *(attribute.type for attribute in found.attributes))


@dataclass(frozen=True, slots=True)
class SubtypeForm(TypeForm):
    """The type that a range is over."""

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The subtype of the range."""
        found: Type | None = catalog.types.get(self.object)
        return () if found is None else (found.subtype,)


@dataclass(frozen=True, slots=True)
class OperandForm(SignatureForm):
    """A type without its modifier, as casts and operators have it: `varchar(80)` is `character varying`."""

    noun: ClassVar[str] = "type"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The types of all casts, among which are the server's own, and of what the object itself is for."""
        for cast in catalog.casts.values():
            yield cast.source
            yield cast.target
        for operator in catalog.operators.values():
            if operator.name == self.object:
                yield from (operator.left, operator.right, operator.returns)
        for each in catalog.operator_classes.values():
            if each.name == self.object:
                yield each.type

    def complaint(self) -> str | None:
        """A type is never empty, as a list of arguments may be."""
        return complaint(self.text)

    def guard(self) -> Iterator[str]:
        """Postgres reads the text as one type and nothing else."""
        yield f"select {literal(self.text)}::pg_catalog.regtype"


@dataclass(frozen=True, slots=True)
class StateForm(OperandForm):
    """The type of what an aggregate keeps between two rows."""

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The types of the states of the aggregates of that name, all types that are cast, and the pseudo-types.

        Those no argument of a function that Postgres could be asked by may be of; they are written in one way only.
        """
        for function in catalog.overloads.get(self.object, ()):
            for part in function.aggregate:
                word, _, value = part.partition("=")
                if word in {"stype", "mstype"}:
                    yield value
        yield from ("internal", "anyelement", "anyarray")
        yield from super(StateForm, self).stored(catalog)  # noqa: UP008 - a class with slots is made anew


@dataclass(frozen=True, slots=True)
class _DomainForm(Form):
    """What a domain holds, tried on a domain in the temporary schema of which there are no values.

    Attributes:
        base: The base type as the author wrote it.
    """

    base: str

    on_table: ClassVar[bool] = False

    def _domain(self, catalog: Catalog) -> Iterator[Type]:
        """The domain, if it is there and has the base type in the very words."""
        domain = catalog.types.get(self.object)
        if domain is not None and domain.base == self.base:
            yield domain

    def complaint(self) -> str | None:
        """Both texts are put into one statement."""
        return complaint(self.base) or complaint(self.text)

    def guard(self) -> Iterator[str]:
        """Postgres reads the base as a type and nothing else."""
        yield f"select {literal(self.base)}::pg_catalog.regtype"


@dataclass(frozen=True, slots=True)
class DomainDefaultForm(_DomainForm):
    """A domain's default expression."""

    noun: ClassVar[str] = "default"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The domain's default."""
        return (domain.default for domain in self._domain(catalog))

    def store(self, table: str) -> str:
        """A domain; its default is stored, and not evaluated."""
        return f"create domain pg_temp.pgcontract_form as {self.base}\ndefault ({self.text}\n)"

    def fetch(self, table: str) -> str:
        """The default as Postgres deparses it."""
        return f"select pg_catalog.pg_get_expr(t.typdefaultbin, 0) from pg_catalog.pg_type t where {_DOMAIN}"


@dataclass(frozen=True, slots=True)
class DomainCheckForm(_DomainForm):
    """The expression of a domain's CHECK constraint, which speaks of `VALUE`."""

    noun: ClassVar[str] = "check expression"

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The expressions of the domain's checks."""
        return (check.expression for domain in self._domain(catalog) for check in domain.checks)

    def store(self, table: str) -> str:
        """A domain of which there is no value to check."""
        return f"create domain pg_temp.pgcontract_form as {self.base}\ncheck ({self.text}\n)"

    def fetch(self, table: str) -> str:
        """The expression as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_expr(k.conbin, 0) from pg_catalog.pg_constraint k "
            f"join pg_catalog.pg_type t on t.oid = k.contypid where k.contype = 'c' and {_DOMAIN}"
        )


_DOMAIN = "t.typname = 'pgcontract_form' and t.typtype = 'd' and t.typnamespace = pg_catalog.pg_my_temp_schema()"
