"""What to ask once the rows are there: only for the types, collations and indexes that need it.

The default operator class of a type is the one declared for the type itself, and for character varying the one of text;
what is less plain is left to Postgres.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Rows = Mapping[str, Sequence[tuple[Any, ...]]]

_TEXT, _VARCHAR = 25, 1043  # their oids (src/include/catalog/pg_type.dat)


@lru_cache(maxsize=65536)
def numbers(vector: str) -> tuple[int, ...]:
    """The numbers in an int2vector or oidvector, as Postgres prints it."""
    return tuple(map(int, vector.split()))


def parameters(rows: Rows) -> dict[str, tuple[str, ...]]:
    """The parameters of each follow-up query, arrays of numbers as Postgres writes them."""
    types = sorted(set(map(itemgetter(3, 4), rows["columns"])))
    collations = set(map(itemgetter(5), rows["columns"]))
    return {
        "column_types": (_array(oid for oid, _ in types), _array(modifier for _, modifier in types)),
        "column_collations": (_array(collations),),
        "index_definitions": (_array(_not_plain(rows)),),
    }


def _array(values: Iterable[int]) -> str:
    return f"{{{','.join(map(str, values))}}}"


def _not_plain(rows: Rows) -> Iterator[int]:
    """The indexes that cannot be put together from column numbers."""
    attributes = {(row[0], row[1]): (row[3], row[5]) for row in rows["columns"]}
    defaults: dict[int, int] = dict(rows["index_operator_classes"])
    with_options = {oid for (oid,) in rows["index_options"]}
    for row in rows["indexes"]:
        relation, count, keys, classes, collations, own = row[0], row[7], *map(numbers, (row[8], *row[10:12])), row[15]
        plain = own not in with_options and all(
            _is_plain(attributes.get((relation, key)), defaults.get(operator_class), collation)
            for key, operator_class, collation in zip(keys[:count], classes, collations, strict=False)
        )
        if not plain:
            yield own


def _is_plain(attribute: tuple[int, int] | None, type_of_class: int | None, collation: int) -> bool:
    """Whether a key is a column in its own collation, by the operator class that its type has by itself."""
    if attribute is None or attribute[1] != collation:
        return False
    return type_of_class == attribute[0] or (type_of_class == _TEXT and attribute[0] == _VARCHAR)
