"""The session on a shadow: what depends on something that could not be copied is inconclusive, and says so."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from pgcontract.embedded import Server
from pgcontract.run.guard import Guard
from pgcontract.run.probe import probing
from pgcontract.run.shadow.copy import Copy, copied
from pgcontract.run.shadow.dump import dumped

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.links import Node
    from pgcontract.contract.principals import Principal
    from pgcontract.run.probe import RolledBack

_LOG = logging.getLogger("pgcontract.shadow")
_MOST_LINES = 8

_UNDEFINED = frozenset({"42P01", "42883", "42704", "3F000", "42703"})
_BY_TRIGGER = "fires the trigger"


@contextmanager
def shadowed(
    connection: psycopg.Connection[Any], catalog: Catalog, principals: Iterable[Principal] = ()
) -> Generator[RolledBack]:
    """A session on a private copy of the schema; the database itself is only read.

    Its catalog is the copy's.

    Raises:
        DatabaseError: No copy can be made, and why.
    """
    entries = dumped(connection)
    with Server() as server:
        copy = copied(server, catalog, entries)
        for line in told(copy):
            _LOG.warning("%s", line)
        with psycopg.connect(copy.url, autocommit=True, options="-c search_path=") as private:
            guard = Guard(
                private, copy.catalog, holds=False, danger=_Lacks(copy), way_out="", excused=lambda e: _excused(copy, e)
            )
            with probing(private, copy.catalog, may_write=True, principals=principals, guard=guard) as session:
                session.absent = copy.lost
                yield session


def told(copy: Copy) -> Iterator[str]:
    """What could not be copied, a line each, but for the members of an extension that is missing itself."""
    reasons = [why for name, why in copy.lost.items() if not why.endswith(" is not to be had")]
    reasons = [*dict.fromkeys(reasons)]
    yield from (f"the shadow is not whole: {why}" for why in reasons[:_MOST_LINES])
    if rest := len(reasons) - _MOST_LINES:
        yield from [f"the shadow is not whole: {rest} more"] * (rest > 0)


class _Lacks:
    """Whether something cannot be told on the copy."""

    def __init__(self, copy: Copy) -> None:
        self._copy = copy

    def __call__(self, node: Node, path: tuple[str, ...]) -> str | None:
        if node.name in self._copy.lost:
            return f"is not whole in the shadow: {self._copy.lost[node.name]}"
        if any(words.startswith(_BY_TRIGGER) for words in path):
            return None  # what a trigger tells the world is not what is asked of its table
        if node.name in self._copy.emptied:
            return f"reaches outside, and does nothing in the shadow ({node.name})"
        if node.name in self._copy.foreign:
            return f"is a foreign table, for which an empty one stands in the shadow ({node.name})"
        return None


def _excused(copy: Copy, error: psycopg.Error) -> str | None:
    """Why an error tells nothing: it is about something that is lost."""
    if error.sqlstate not in _UNDEFINED:
        return None
    message = error.diag.message_primary or ""
    words = {word.strip('"(),;.').rpartition(".")[2].partition("(")[0].strip('"') for word in message.split()}
    return f"it needs what could not be copied into the shadow: {message}" if words & copy.words else None
