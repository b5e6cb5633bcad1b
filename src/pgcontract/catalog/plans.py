"""Connections on which the server keeps the plans of the reader's queries from one read to the next.

On a small database four fifths of a read is planning: 15 ms, of which 3 ms remain when it was done before. It is for
connections of one's own that read many times, and go to the server itself: behind a pooler the next transaction may be
another server process, which knows no plan of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import psycopg


@dataclass(slots=True)
class Plans:
    """The names of the prepared statements of one connection.

    Attributes:
        names: By statement.
        made: How many were ever made: no name is given twice.
    """

    names: dict[bytes, bytes] = field(default_factory=dict)
    made: int = 0

    def name(self, statement: bytes) -> bytes:
        """A new name for the statement, which is to be prepared under it."""
        self.made += 1
        name = self.names[statement] = b"pgcontract_%d" % self.made
        return name

    def forget(self) -> None:
        """When something failed, what was to be prepared may not be there; under new names all of it may be again."""
        self.names.clear()


_KEPT: WeakKeyDictionary[psycopg.Connection[Any], Plans] = WeakKeyDictionary()


def keep_plans(connection: psycopg.Connection[Any]) -> None:
    """Let the server keep the plans of the reader's queries as long as the connection lives.

    psycopg's own preparing is switched off, for with it comes that all statements are deallocated after an ALTER or a
    ROLLBACK; nobody else may do that either.
    """
    connection.prepare_threshold = None
    _KEPT.setdefault(connection, Plans())


def kept_plans(connection: psycopg.Connection[Any]) -> Plans | None:
    """The plans that the server keeps for the connection; None where it is to keep none."""
    return _KEPT.get(connection)
