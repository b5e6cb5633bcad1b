"""Collations that somebody made, as pg_collation has them."""

from __future__ import annotations

from typing import Any, Literal

from pgcontract.names import qualified
from pgcontract.records import dataclass

CollationProvider = Literal["libc", "icu", "builtin", "default"]


@dataclass(frozen=True, slots=True)
class Collation:
    """A collation.

    Attributes:
        name: Its canonical qualified name.
        provider: Whose rules it uses.
        locale: The locale; where libc's LC_COLLATE and LC_CTYPE differ, both: `C/en_US`.
        deterministic: Whether only equal bytes are equal.
        rules: Further rules of ICU's, on versions from 16.
    """

    name: str
    provider: CollationProvider
    owner: str
    locale: str | None = None
    deterministic: bool = True
    rules: str | None = None
    extension: str | None = None
    comment: str | None = None


_PROVIDERS: dict[str, CollationProvider] = {"c": "libc", "i": "icu", "b": "builtin", "d": "default"}


def from_row(row: tuple[Any, ...]) -> Collation:
    """The record that a row of `sql/collations.sql` makes."""
    schema, name, provider, *rest = row
    return Collation(qualified(schema, name), _PROVIDERS[provider], *rest)
