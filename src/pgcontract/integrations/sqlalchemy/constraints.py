"""Keys, checks and exclusions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint as SqlCheck
from sqlalchemy import ForeignKeyConstraint as SqlForeignKey
from sqlalchemy import PrimaryKeyConstraint as SqlPrimaryKey
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint as SqlUnique
from sqlalchemy.dialects.postgresql import ExcludeConstraint as SqlExclude

from pgcontract.catalog.lexis import between, pieces
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.constraints import CheckConstraint, PrimaryKey, UniqueConstraint
from pgcontract.expectations.exclusions import ExclusionConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.indexes import IndexPresent
from pgcontract.integrations.sqlalchemy.ddl import plain, translating
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Column, Constraint

    from pgcontract.contract.expectation import Expectation
    from pgcontract.integrations.sqlalchemy.ddl import Ddl

_KINDS = (SqlPrimaryKey, SqlUnique, SqlForeignKey, SqlCheck, SqlExclude)
_SETS_SOME = re.compile(r"(SET (?:NULL|DEFAULT)) ?\((.*)\)", re.IGNORECASE)


def ordered(ddl: Ddl, table: Table) -> dict[Constraint, list[Constraint]]:
    """The constraints that Postgres has, keys first, each kind in the order in which it is said.

    With each come those that say the same: of keys that are alike in one `CREATE TABLE` Postgres makes one.
    """
    there = sorted(table.constraints, key=lambda each: each._creation_order)  # noqa: SLF001 - as SQLAlchemy sends them
    kept = [each for each in there if ddl.created(each) and not (isinstance(each, SqlPrimaryKey) and not each.columns)]
    # What a column brings along stands in its own definition, for whatever database, and before those of the table.
    kept = [*(each for column in table.columns for each in _own(column)), *kept]
    found: dict[Constraint, list[Constraint]] = {}
    first: dict[object, Constraint] = {}
    for each in sorted(kept, key=_rank):
        same = first.setdefault(_key(each), each)
        if same is each:
            found[each] = []
        else:
            found[same].append(each)
    return found


def _own(column: Column[Any]) -> list[Constraint]:
    return sorted(column.constraints, key=lambda each: each._creation_order)  # noqa: SLF001 - likewise


def _key(constraint: Any) -> object:
    """What is equal of two keys of which Postgres makes one; of all else, the constraint itself."""
    if not isinstance(constraint, SqlPrimaryKey | SqlUnique):
        return constraint
    return tuple(_columns(constraint)), included(constraint), tuple(_deferral(constraint).values()), _alike(constraint)


def _alike(constraint: Any) -> bool:
    """Whether two NULLs are alike to a unique constraint; a primary key has none."""
    return isinstance(constraint, SqlUnique) and bool(
        constraint.dialect_options["postgresql"].get("nulls_not_distinct")
    )


def _rank(constraint: Constraint) -> int:
    return next((rank for rank, kind in enumerate(_KINDS) if isinstance(constraint, kind)), len(_KINDS))


def constraints(ddl: Ddl, table: Table) -> Iterator[Expectation]:
    """Each constraint, with its comment.

    Raises:
        ContractError: One cannot be compiled, refers to what is not in the metadata, or is of a kind that is unknown.
    """
    name = ddl.canonical(table)
    for constraint in ordered(ddl, table):
        with translating(f"{_words(constraint)} of {table.fullname}"):
            called = ddl.name(constraint)
            yield from list(_stated(ddl, name, constraint, called))
            said = comment(constraint)
            if said and called is not None:
                yield CommentIs("constraint", called, said, of=name)


def comment(constraint: Constraint) -> str | None:
    """The comment that SQLAlchemy gives it: none to what a column brings along."""
    return constraint.comment if isinstance(getattr(constraint, "parent", None), Table) else None


def _words(constraint: Constraint) -> str:
    return f"{type(constraint).__name__} {constraint.name or ''}".strip()


def _stated(ddl: Ddl, table: str, constraint: Any, name: str | None) -> Iterator[Expectation]:
    if isinstance(constraint, SqlPrimaryKey):
        yield from _primary_key(table, constraint, name)
    elif isinstance(constraint, SqlUnique):
        yield _unique(table, constraint, name)
    elif isinstance(constraint, SqlForeignKey):
        yield _foreign_key(ddl, table, constraint, name)
    elif isinstance(constraint, SqlCheck):
        valid = not constraint.dialect_options["postgresql"]["not_valid"]
        yield CheckConstraint(table, ddl.expression(constraint.sqltext), name=name, validated=valid)
    elif isinstance(constraint, SqlExclude):
        yield _exclusion(ddl, table, constraint, name)
    else:
        raise TypeError(f"{type(constraint).__name__} of {table} is a kind of constraint that is not known here")


def _deferral(constraint: Constraint) -> dict[str, Any]:
    """Whether it can be put off, and is, as Postgres takes what is left out."""
    deferred = (constraint.initially or "").upper() == "DEFERRED"
    return {"deferrable": bool(constraint.deferrable) or deferred, "deferred": deferred}


def _columns(constraint: Any) -> list[str]:
    return [plain(column.name) for column in constraint.columns]


def included(item: Any) -> tuple[str, ...]:
    """The columns that are only stored beside the keys of an index."""
    names: Sequence[Any] = item.dialect_options["postgresql"].get("include") or ()
    return tuple(plain(item.table.c[each].name if isinstance(each, str) else each.name) for each in names)


def _primary_key(table: str, constraint: SqlPrimaryKey, name: str | None) -> Iterator[Expectation]:
    columns, include = _columns(constraint), included(constraint)
    yield PrimaryKey(table, columns, include=include, **_deferral(constraint))
    if name is not None:  # the index behind the key bears it
        yield IndexPresent(table, list(map(quote, columns)), name=name, unique=True, include=include)


def _unique(table: str, constraint: SqlUnique, name: str | None) -> Expectation:
    said: dict[str, Any] = {"name": name, "nulls_not_distinct": _alike(constraint), "include": included(constraint)}
    return UniqueConstraint(table, _columns(constraint), **said, **_deferral(constraint))


def _foreign_key(ddl: Ddl, table: str, key: SqlForeignKey, name: str | None) -> Expectation:
    target = ddl.canonical(key.referred_table)
    there = ", ".join(quote(plain(element.column.name)) for element in key.elements)
    on_delete, some = _action(key.ondelete)
    match: Any = (key.match or "SIMPLE").upper()
    return ForeignKey(
        table,
        [plain(element.parent.name) for element in key.elements],
        f"{target}({there})",
        on_delete=on_delete,
        on_delete_columns=some,
        on_update=_action(key.onupdate)[0],
        match=match,
        validated=not key.dialect_options["postgresql"]["not_valid"],
        name=name,
        **_deferral(key),
    )


def _action(said: str | None) -> tuple[Any, list[str]]:
    """What happens to the rows that refer, and to which columns only; what is left out does nothing."""
    text = " ".join((said or "no action").split())
    some = _SETS_SOME.fullmatch(text)
    if some is None:
        return text.upper(), []
    return some[1].upper(), [each.strip('"').replace('""', '"') for each in pieces(some[2])]


def _exclusion(ddl: Ddl, table: str, constraint: SqlExclude, name: str | None) -> Expectation:
    said = ddl.construct(constraint)
    definition = said[said.index("EXCLUDE USING ") :]
    where = None if constraint.where is None else ddl.expression(constraint.where)
    return ExclusionConstraint(
        table,
        list(pieces(between(definition, "EXCLUDE", "USING"))),
        using=str(constraint.using).lower(),
        where=where,
        name=name,
        **_deferral(constraint),
    )
