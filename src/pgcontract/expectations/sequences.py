from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pgcontract.catalog.effective import schema_of
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Relation
from pgcontract.expectations.compare import differs
from pgcontract.names import perhaps, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog

_TYPES = ("smallint", "integer", "bigint")
SequenceTypes = Annotated[Literal["smallint", "integer", "bigint"], AnyCase(_TYPES)]


class SequencePresent(CatalogExpectation):
    """The sequence {sequence} exists.

    What is given is compared: the type, the start, the increment, the bounds, the cache, whether it cycles, and the
    column that it belongs to, `table.column`: a sequence that belongs to none stays behind when its table is dropped.

    Example:
        SequencePresent("invoices_number_seq", type="bigint", increment=1, cycle=False)

    Repair: create or alter it. The values that were given out already are not the catalog's business.
    """

    sequence: Relation
    type: SequenceTypes | None = None
    start: int | None = None
    increment: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    cache: int | None = None
    cycle: bool | None = None
    owned_by: str | None = None

    states: ClassVar[str] = "sequence"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        name = self.sequence
        catalog.schemas[schema_of(name)]  # a missing schema is its own failure
        if name not in catalog.sequences:
            yield Finding(
                f"sequence {name} does not exist",
                expected=name,
                object=name,
                hint=perhaps(name, catalog.sequences),
                repair=(Repair(f"create sequence if not exists {name};"),),
            )
            return
        record = catalog.sequences[name]
        for field, words in _WORDS.items():
            expected = getattr(self, field)
            if field == "owned_by" and expected is not None:
                expected = _column(expected, schema_of(name))
            if expected is not None:
                clause = words.format(expected) if field != "cycle" else ("cycle" if expected else "no cycle")
                repair = Repair(f"alter sequence {name} {clause};")
                what = f"{field.replace('_', ' ')} of sequence {name}"
                yield from differs(what, expected, getattr(record, field), repair=[repair])


_WORDS = {
    "type": "as {}",
    "start": "start with {}",
    "increment": "increment by {}",
    "minimum": "minvalue {}",
    "maximum": "maxvalue {}",
    "cache": "cache {}",
    "cycle": "",
    "owned_by": "owned by {}",
}


def _column(text: str, schema: str) -> str:
    """The canonical name of a column, written `table.column` or `schema.table.column`."""
    parts = split(text)
    return ".".join(map(quote, parts if len(parts) > len(("table", "column")) else (schema, *parts)))
