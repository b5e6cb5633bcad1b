"""Enums and domains that columns have, and the sequences of the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Enum
from sqlalchemy.dialects.postgresql import DOMAIN

from pgcontract.expectations.domains import DomainIs
from pgcontract.expectations.sequences import SequencePresent
from pgcontract.expectations.types import EnumLabels, TypeExists
from pgcontract.integrations.sqlalchemy.ddl import translating

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Sequence, Table
    from sqlalchemy.types import TypeEngine

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.sqlalchemy.ddl import Ddl


def types(ddl: Ddl, tables: Iterable[Table]) -> Iterator[Expectation]:
    """Each enum and domain that a column has, be it in an array."""
    for table in tables:
        for column in table.columns:
            with translating(f"the type of {table.fullname}.{column.name}"):
                yield from list(_of(ddl, column.type))


def _of(ddl: Ddl, type_: TypeEngine[Any]) -> Iterator[Expectation]:
    there = ddl.implemented(type_)
    if isinstance(there, ARRAY):
        yield from _of(ddl, there.item_type)
    elif isinstance(there, Enum) and there.native_enum:
        name = ddl.canonical(there)
        yield TypeExists(name, is_a="enum")
        if there.enums:  # none are named where the type is only referred to
            yield EnumLabels(name, there.enums)
    elif isinstance(there, DOMAIN):
        yield from _of(ddl, there.data_type)
        yield TypeExists(ddl.canonical(there), is_a="domain")
        yield _domain(ddl, there)


def _domain(ddl: Ddl, domain: Any) -> Expectation:
    base, _ = ddl.type(domain.data_type)
    return DomainIs(
        ddl.canonical(domain),
        base,
        not_null=bool(domain.not_null),
        default="null" if domain.default is None else _text(domain.default),
        checks=[] if domain.check is None else [_text(domain.check)],
        collation=domain.collation,
    )


def _text(said: Any) -> str:
    return str(getattr(said, "text", said))


def sequences(ddl: Ddl, there: Iterable[Sequence]) -> Iterator[Expectation]:
    """Each sequence that is made for itself; an optional one is what `serial` makes in Postgres."""
    for sequence in there:
        if not sequence.optional:
            with translating(f"sequence {sequence.name}"):
                yield _sequence(ddl, sequence)


def _sequence(ddl: Ddl, sequence: Sequence) -> Expectation:
    said: Any = None if sequence.data_type is None else ddl.type(sequence.data_type)[0]
    return SequencePresent(
        ddl.canonical(sequence),
        type=said,
        start=sequence.start,
        increment=sequence.increment,
        minimum=sequence.minvalue,
        maximum=sequence.maxvalue,
        cache=sequence.cache,
        cycle=sequence.cycle,
    )
