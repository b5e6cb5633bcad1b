"""Where runs are kept: a folder of JSON, or a table in a Postgres."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.history.story import Key, Left
    from pgcontract.verdict import Past, Report

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9.+-]*)://")
_AGE = re.compile(r"\+?([0-9]{1,5})d", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Keep:
    """Which runs of a suite on a database stay: the newest so many, or those that are not older."""

    newest: int | None = None
    age: timedelta | None = None

    @classmethod
    def parsed(cls, text: str) -> Keep:
        """What `100` (runs) or `90d` (days) says.

        Raises:
            ContractError: It says neither, or would keep nothing.
        """
        if (days := _AGE.fullmatch(text)) and int(days[1]):
            return cls(age=timedelta(days=int(days[1])))
        if _NUMBER.fullmatch(text) and int(text):
            return cls(newest=int(text))
        raise ContractError(f"{text!r} is neither a number of runs nor an age", hint="Write 100, or 90d for 90 days.")


class Store(Protocol):
    """Keeps runs. Several programs may use one at once.

    Attributes:
        name: Where it is, to be shown; no password.
    """

    @property
    def name(self) -> str:
        """Where it is, to be shown; no password."""
        ...

    def add(self, report: Report) -> None:
        """Keep a run.

        Raises:
            PgContractError: It cannot be written.
        """

    def before(self, report: Report) -> Iterator[Report | Left]:
        """The runs of the same suite and database that are kept, the newest first, read one by one.

        Raises:
            PgContractError: They cannot be read.
        """
        ...

    def past(self, report: Report) -> Iterator[Past]:
        """The runs of the same suite and database that began before it, the newest first, in brief, read one by one.

        What is no run of ours is passed over.

        Raises:
            PgContractError: They cannot be read.
        """
        ...

    def runs(self, last: int | None = None) -> Iterator[Report | Left]:
        """All runs, read one by one, those of one suite and database the oldest first.

        Args:
            last: Of each suite and database only the newest so many.

        Raises:
            PgContractError: There is no such history, or it cannot be read.
        """
        ...

    def prune(self, keep: Keep, key: Key | None = None) -> int:
        """Delete the runs that do not stay, and say how many; what is no run of ours is never deleted.

        Args:
            keep: Which stay.
            key: Delete only runs of this suite and database.

        Raises:
            PgContractError: They cannot be deleted.
        """
        ...


def opened(text: str) -> Store:
    """The store that a folder's path or a Postgres URL names; nothing is made, and nobody connected to, yet.

    Raises:
        ContractError: The scheme is not that of Postgres, or the path is that of a file.
    """
    from pgcontract.lifecycle.history.folder import Folder  # noqa: PLC0415 - one of the two is needed

    scheme = _SCHEME.match(text)
    if scheme is None:
        return Folder(Path(text))
    if scheme[1].partition("+")[0] not in {"postgres", "postgresql"}:
        raise ContractError(
            f"{scheme[1]}:// is no place for a history", hint="It is a folder, or begins with postgresql://."
        )
    from pgcontract.lifecycle.history.table import Table  # noqa: PLC0415

    return Table(text)
