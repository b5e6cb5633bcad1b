"""Tables, and how they are stored and partitioned."""

from __future__ import annotations

import re
import sys
import warnings
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.lexis import pieces
from pgcontract.errors import ContractError
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.inheritance import ParentsAre
from pgcontract.expectations.partitions import PartitionedBy
from pgcontract.expectations.table_storage import TableStorage
from pgcontract.expectations.tables import TableExists
from pgcontract.integrations.sqlalchemy.columns import columns
from pgcontract.integrations.sqlalchemy.constraints import constraints
from pgcontract.integrations.sqlalchemy.indexes import indexes, parameters
from pgcontract.integrations.sqlalchemy.views import query, selected
from pgcontract.names import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.sqlalchemy.ddl import Ddl

_PARTITIONED = re.compile(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL)
# Options of SQLAlchemy's for which there is no expectation, or which only say how something is to be created.
_UNSTATED = ("tablespace", "using", "with_oids", "on_commit")


class NotStatedWarning(UserWarning):
    """Something of the metadata that the suite leaves out, since there is no expectation for it."""


def table(ddl: Ddl, of: Table, *, closed: bool) -> Iterator[Expectation]:
    """The table or view, its columns, what binds them, and its indexes.

    Raises:
        ContractError: Something of it cannot be stated.
    """
    name = ddl.canonical(of)
    if query(of) is None:
        yield TableExists(name)
        yield from columns(ddl, of, closed=closed)
        yield from constraints(ddl, of)
        yield from _stored(ddl, of, closed=closed)
    else:
        yield from selected(ddl, of)
    yield from indexes(ddl, of)
    if of.comment:
        yield CommentIs("table", name, of.comment)


def is_temporary(of: Table) -> bool:
    """Whether it is a table of each session's own, and so none that anybody else finds."""
    return bool({"TEMPORARY", "TEMP"} & _words(of)) or getattr(query(of), "temporary", False)


def _words(of: Table) -> set[str]:
    return {word for prefix in of._prefixes for word in str(prefix).upper().split()}  # noqa: SLF001 - they have no other name


def _stored(ddl: Ddl, of: Table, *, closed: bool) -> Iterator[Expectation]:
    name, options = ddl.canonical(of), of.dialect_options["postgresql"]
    if "UNLOGGED" in _words(of):
        yield TableStorage(name, persistence="unlogged")
    elif closed:
        yield TableStorage(name, persistence="permanent")
    if options.get("with"):  # which SQLAlchemy has since 2.1
        yield TableStorage(name, parameters=parameters(options["with"]))
    if options.get("partition_by"):
        yield _partitioned(name, options["partition_by"])
    if above := parents(ddl, of):
        yield ParentsAre(name, above)
    for option in _UNSTATED:
        if options.get(option) is not None:
            untold(f"postgresql_{option} of {name}")


def parents(ddl: Ddl, of: Table) -> list[str]:
    """The canonical names of the tables that it inherits from."""
    said = of.dialect_options["postgresql"].get("inherits") or ()
    return [qualified(ddl.schema, parent) for parent in ((said,) if isinstance(said, str) else said)]


def _partitioned(name: str, said: str) -> Expectation:
    found = _PARTITIONED.fullmatch(said)
    if found is None:
        raise ContractError(f"postgresql_partition_by of {name} cannot be stated: {said!r} is not KIND (key, …)")
    strategy: Any = found[1].upper()
    return PartitionedBy(name, strategy, list(pieces(found[2])))


def untold(what: str) -> None:
    """Say that something is left out, at the line of the program that asked for the suite."""
    level, frame = 1, sys._getframe()  # noqa: SLF001 - warnings themselves count frames by it
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("pgcontract."):
        level, frame = level + 1, frame.f_back
    warnings.warn(f"the suite says nothing of {what}", NotStatedWarning, stacklevel=level)
