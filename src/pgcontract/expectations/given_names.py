"""What Postgres calls the constraints and indexes that nobody named: `users_email_key`, `posts_user_id_fkey`.

Source: src/backend/commands/indexcmds.c, makeObjectName and ChooseIndexName; tablecmds.c,
ChooseForeignKeyConstraintNameAddition; catalog/heap.c, AddRelationNewConstraints (PostgreSQL 12 to 18).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.catalog import lexis
from pgcontract.names import split

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_LONGEST = 63
"""Bytes that a name may have."""
_LABELS = {"foreign_keys": "fkey", "unique": "key", "checks": "check", "indexes": "idx"}
# The key of an index that is a column, with all that may follow: `created_at desc`, `tags gin_trgm_ops`.
_COLUMN = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\x80-\U0010ffff][\w$]*))(?:\s+[^()]*)?')


def name_of(key: str, part: Any, table: str, columns: Collection[str]) -> str | None:
    """What a part of a table is called: as it is said, or as Postgres calls it; None where that is not known.

    Args:
        key: The key of the table's form that it is under: `foreign_keys`.
        part: Its form.
        table: The table's canonical name.
        columns: The table's columns, unquoted.
    """
    if part.name is not None:
        return str(part.name)
    middle = addition(key, part, columns)
    return None if middle is None else made(split(table)[-1], middle, _LABELS[key])


def addition(key: str, part: Any, columns: Collection[str]) -> str | None:
    """What stands between the table's name and the label; None where that is not known: of expressions."""
    if key == "checks":
        named = [column for column in columns if column in lexis.names(part.expression)]
        return named[0] if len(named) == 1 else ""
    if key == "exclusions":
        return None
    keys = list(map(_column, part.columns)) if key == "indexes" else list(part.columns)
    return None if None in keys else _together(_apart([*map(str, keys), *(getattr(part, "include", None) or ())]))


def made(table: str, middle: str, label: str) -> str:
    """The name of these three, of which the longer of the first two is cut until they fit.

    >>> made("shared_template_customizations", "customization_id_user_id_organization_id", "key")
    'shared_template_customizations_customization_id_user_id_org_key'
    """
    first, second = table.encode(), middle.encode()
    room = _LONGEST - len(label.encode()) - 1 - (1 if second else 0)
    one, two = len(first), len(second)
    while one + two > room:
        one, two = (one - 1, two) if one > two else (one, two - 1)
    cut = [text[:length].decode(errors="ignore") for text, length in ((first, one), (second, two)) if text]
    return "_".join([*cut, label])


def _column(text: str) -> str | None:
    """The column, unquoted, that the key of an index is; None where it is an expression."""
    found = _COLUMN.fullmatch(text)
    if found is None:
        return None
    return found[1].replace('""', '"') if found[1] else found[2].lower()


def _apart(names: Sequence[str]) -> Iterator[str]:
    """The names, each unlike those before it, as Postgres numbers the columns of an index."""
    there: set[str] = set()
    for name in names:
        number = 0
        while (one := f"{name}{number or ''}") in there:
            number += 1
        there.add(one)
        yield one


def _together(names: Iterator[str]) -> str:
    """As many of the names as it takes to be too long."""
    found = ""
    for name in names:
        found = f"{found}_{name}" if found else name
        if len(found.encode()) > _LONGEST:
            break
    return found
