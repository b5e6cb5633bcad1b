"""What to ask once the rows are there: only for the types, collations and indexes that need it.

The default operator class of a type is the one declared for the type itself, and for character varying the one of text;
what is less plain is left to Postgres.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Row = tuple[Any, ...]
    Rows = Mapping[str, Sequence[Row]]
    Columns = Mapping[int, Sequence[Row]]

_TEXT, _VARCHAR = 25, 1043  # their oids (src/include/catalog/pg_type.dat)


@lru_cache(maxsize=65536)
def numbers(vector: str) -> tuple[int, ...]:
    """The numbers in an int2vector or oidvector, as Postgres prints it."""
    return tuple(map(int, vector.split()))


def parameters(rows: Rows, columns: Columns, policies: Iterable[int]) -> dict[str, tuple[str, ...]]:
    """The parameters of each follow-up query, arrays of numbers as Postgres writes them.

    `columns` are their rows by relation, `policies` those to deparse.
    """
    types = sorted(set(map(itemgetter(3, 4), rows["columns"])))
    collations = set(map(itemgetter(5), rows["columns"]))
    return {
        "column_types": (_array(oid for oid, _ in types), _array(modifier for _, modifier in types)),
        "column_collations": (_array(collations),),
        "index_definitions": (_array(_not_plain(rows, columns)),),
        "policy_expressions": (_array(policies),),
    }


def _array(values: Iterable[int]) -> str:
    return f"{{{','.join(map(str, values))}}}"


def grouped(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """The rows by their first column, the oid of the relation that they belong to."""
    groups: dict[int, list[Row]] = {}
    for oid, group in groupby(rows, itemgetter(0)):  # most stand beside their like
        if oid in groups:
            groups[oid].extend(group)
        else:
            groups[oid] = list(group)
    return groups


def _not_plain(rows: Rows, columns: Columns) -> Iterator[int]:
    """The indexes that cannot be put together from column numbers."""
    defaults: dict[int, int] = dict(rows["index_operator_classes"])
    known: dict[tuple[Any, ...], bool] = {}
    for relation, own, _, _, _, _, count, keys, _, classes, collations, _ in rows["indexes"]:
        if relation in columns:
            there = columns[relation]
            attributes = tuple([_attribute(there, key) for key in numbers(keys)[:count]])
            alike = (attributes, classes, collations)
            if alike not in known:
                known[alike] = all(map(_is_plain, attributes, map(defaults.get, numbers(classes)), numbers(collations)))
            if not known[alike]:
                yield own


def numbered(columns: Sequence[Row], number: int) -> Row | None:
    """The column that has the number: it stands in its place, unless some were dropped."""
    if 0 < number <= len(columns) and columns[number - 1][1] == number:
        return columns[number - 1]
    return next((row for row in columns if row[1] == number), None)


def _attribute(columns: Sequence[Row], number: int) -> tuple[int, int] | None:
    """Type and collation of the column that has the number."""
    row = numbered(columns, number)
    return row and (row[3], row[5])


def _is_plain(attribute: tuple[int, int] | None, type_of_class: int | None, collation: int) -> bool:
    """Whether a key is a column in its own collation, by the operator class that its type has by itself."""
    if attribute is None or attribute[1] != collation:
        return False
    return type_of_class == attribute[0] or (type_of_class == _TEXT and attribute[0] == _VARCHAR)
