"""Whether two catalogs are equal, field by field, by other means than the differ that is on trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog

# What is no property of the database: what authors wrote, and which database and server it is.
BESIDE = frozenset({"forms", "unreadable", "tables", "overloads"})
SERVER = frozenset({"name", "host", "user"})
# A column that was dropped and added again is the last one: Postgres puts none in between.
PLACE = frozenset({"position"})


def unequal(before: Catalog, after: Catalog, *, places: bool = False) -> list[str]:
    """Each field that differs, as `.relations[public.users].owner: 'a' -> 'b'`; empty when the catalogs are equal.

    With `places`, the places of columns and their order count, too.
    """
    return list(_unequal(before, after, "", BESIDE if places else BESIDE | PLACE))


def _unequal(before: Any, after: Any, path: str, beside: frozenset[str]) -> Iterator[str]:
    if before is after:
        return
    if is_dataclass(before) and type(before) is type(after):
        left_out = beside | SERVER if type(before).__name__ == "Server" else beside
        for field in fields(before):
            if field.name not in left_out:
                yield from _unequal(
                    getattr(before, field.name), getattr(after, field.name), f"{path}.{field.name}", beside
                )
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            if key not in after or key not in before:
                yield f"{path}[{key}] is {'gone' if key in before else 'new'}"
            else:
                yield from _unequal(before[key], after[key], f"{path}[{key}]", beside)
    elif before != after:
        yield f"{path}: {before!r} -> {after!r}"
