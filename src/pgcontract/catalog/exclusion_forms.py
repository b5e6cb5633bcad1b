"""The form of an exclusion constraint: its elements with their operators, and its predicate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from pgcontract.catalog.forms import Form
from pgcontract.catalog.lexis import between, complaint
from pgcontract.names import literal, quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class ExclusionForm(Form):
    """An exclusion constraint, whole and yet without what may be put off and how its index is stored.

    Attributes:
        elements: Each an index key with its operator, `during with &&`.
        method: The access method of the index.
        where: The predicate, if there is one.
    """

    elements: tuple[str, ...]
    method: str
    where: str | None = None

    noun: ClassVar[str] = "exclusion constraint"

    @classmethod
    def of(cls, table: str, elements: tuple[str, ...], method: str, where: str | None) -> Self:
        """The form of what an author wrote of the table."""
        predicate = "" if where is None else f" WHERE ({where})"
        text = f"EXCLUDE USING {quote(method)} ({', '.join(elements)}){predicate}"
        return cls(text, table, elements, method, where)

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The table's exclusion constraints."""
        return (
            compared(key.definition)
            for relation in self._relation(catalog)
            for key in relation.having("EXCLUDE")
            if key.definition
        )

    def complaint(self) -> str | None:
        """Why one of the texts cannot be put between our brackets."""
        texts = self.elements if self.where is None else (*self.elements, self.where)
        return next((why for text in texts if (why := complaint(text))), None)

    def store(self, table: str) -> str:
        """A constraint of the empty table."""
        where = "" if self.where is None else f" where ({self.where}\n)"
        elements = "\n, ".join(self.elements)
        return (
            f"alter table {table} add constraint pgcontract_form "
            f"exclude using {quote(self.method)} ({elements}\n){where}"
        )

    def fetch(self, table: str) -> str:
        """The whole definition."""
        return (
            "select pg_catalog.pg_get_constraintdef(k.oid) from pg_catalog.pg_constraint k "
            f"where k.conrelid = {literal(table)}::pg_catalog.regclass and k.conname = 'pgcontract_form'"
        )

    def read(self, value: str) -> str | None:
        """What is compared of it."""
        return compared(value)


def compared(definition: str) -> str:
    """The definition that `pg_get_constraintdef` prints, without storage parameters and `DEFERRABLE`.

    Columns that are only stored beside the keys (`INCLUDE`) are kept: they are part of what psql shows.

    Raises:
        ValueError: It is not that of an exclusion constraint.
    """
    elements = between(definition, "EXCLUDE", "USING")
    method = definition.removeprefix("EXCLUDE USING ").partition(" (")[0]
    return f"EXCLUDE USING {method} ({elements}){_part(definition, 'INCLUDE')}{_part(definition, 'WHERE')}"


def _part(definition: str, word: str) -> str:
    try:
        return f" {word} ({between(definition, 'EXCLUDE', 'USING', word)})"
    except ValueError:
        return ""
