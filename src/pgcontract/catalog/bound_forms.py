"""The form of a partition's bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Self

from pgcontract.catalog.forms import Form
from pgcontract.catalog.lexis import complaint, tokens
from pgcontract.names import quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog

_SHAPES = frozenset({"default", "for values in ()", "for values from () to ()", "for values with ()"})
_NO_CALLS = frozenset({"in", "from", "to", "with"})


def _shape(text: str) -> str:
    """The words outside brackets, and the brackets."""
    depth, words = 0, list[str]()
    for kind, piece, _ in tokens(text):
        if kind == "mark" and piece in "([":
            words += ["()"] if depth == 0 else []
            depth += 1
        elif kind == "mark" and piece in ")]":
            depth -= 1
        elif depth == 0 and piece.strip():
            words.append(piece.lower())
    return " ".join(words)


def _calls(text: str) -> bool:
    """Whether a bracket stands behind a name, as in a call."""
    before = ("", "")
    for kind, piece, _ in tokens(text):
        name = before[0] in {"word", "quoted"} and before[1].lower() not in _NO_CALLS
        if (kind, piece) == ("mark", "(") and name:
            return True
        before = (kind, piece) if piece.strip() else before
    return False


@dataclass(frozen=True, slots=True)
class BoundForm(Form):
    """A partition's bound, tried on a temporary table that is partitioned as the real one is.

    Postgres evaluates what stands in a bound, so a text that calls a function is refused.

    Attributes:
        partition: The partition; `object` is its parent.
        parent: The definition of the temporary parent, once the catalog was looked at.
    """

    partition: str
    parent: str = ""

    noun: ClassVar[str] = "partition bound"
    on_table: ClassVar[bool] = False

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The partition's bound; nobody need be asked of one that is not there."""
        there = self.partition in catalog.inheritance and self.object in catalog.partitions
        return (catalog.inheritance[self.partition].bound if there else self.text,)

    def complaint(self) -> str | None:
        """Nothing but a bound is let through, and nothing that would run somebody's code."""
        why = complaint(self.text)
        if why is None and _shape(self.text) not in _SHAPES:
            return "write `FOR VALUES IN (…)`, `FOR VALUES FROM (…) TO (…)`, `FOR VALUES WITH (…)` or `DEFAULT`"
        return "it calls a function" if why is None and _calls(self.text) else why

    def within(self, catalog: Catalog) -> Self:
        """The form with the columns and the key of the partitioned table."""
        columns = ", ".join(
            f"{quote(column.name)} {column.type}" + (f" collate {column.collation}" if column.collation else "")
            for column in catalog.relations[self.object].columns.values()
        )
        partitioning = catalog.partitions[self.object]
        key = f"{partitioning.strategy} ({', '.join(partitioning.key)})"
        return replace(self, parent=f"({columns}) partition by {key}")

    def guard(self) -> Iterator[str]:
        """The temporary parent."""
        yield f"create temporary table pgcontract_parent {self.parent}"

    def store(self, table: str) -> str:
        """A partition without rows."""
        return f"create temporary table {table} partition of pg_temp.pgcontract_parent {self.text}"

    def fetch(self, table: str) -> str:
        """The bound as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_expr(c.relpartbound, c.oid) from pg_catalog.pg_class c "
            "where c.relname = 'pgcontract_form' and c.relnamespace = pg_catalog.pg_my_temp_schema()"
        )
