"""Relations of a suite as objects of a data contract, with their columns, keys, and rules on their rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pgcontract.contract.twosided import referred
from pgcontract.expectations.columns import ColumnNotNull, ColumnType
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.constraints import PrimaryKey, UniqueConstraint
from pgcontract.expectations.foreign_keys import ForeignKey
from pgcontract.expectations.foreign_tables import ForeignTableExists
from pgcontract.expectations.tables import RelationExists, TableExists
from pgcontract.expectations.views import ViewExists
from pgcontract.integrations.odcs import options
from pgcontract.integrations.odcs.logical import logical
from pgcontract.integrations.odcs.relationships import ACTIONS
from pgcontract.integrations.odcs.rules import rule
from pgcontract.integrations.odcs.tables import Table
from pgcontract.names import split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said

_REFERENCE = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*(\.[A-Za-z_][A-Za-z0-9_\-]*)+")
"""How the standard wants `table.column` to look."""


@dataclass(frozen=True, slots=True)
class Written:
    """One object as it is written.

    Attributes:
        relation: What it is in the database, canonical.
        content: The object.
        columns: Its properties, by the name of the column.
        verbatim: What stands in it as itself.
    """

    relation: str
    content: dict[str, Any]
    columns: dict[str, dict[str, Any]]
    verbatim: list[Expectation]


def relations(said: Said) -> Iterator[Written]:
    """The relations that the suite says are there, in its order."""
    kinds = dict(_kinds(said))
    names = _names(list(kinds))
    rows: dict[str, list[Expectation]] = {}
    for each in said.expectations:
        if each.lane == "data":
            rows.setdefault(each.belongs_to or "", []).append(each)
    for relation, (kind, exists) in kinds.items():
        written = _relation(relation, kind, exists, names, said)
        if kind == "table":
            _keys(written, names, said)
        _rules(written, kind, frozenset(exists.tags), rows.get(relation, ()), said)
        yield written


def _kinds(said: Said) -> Iterator[tuple[str, tuple[str, Expectation]]]:
    """Of each relation, what it is; of one of which two things are said, the one that is said last."""
    for each in said.expectations:
        if isinstance(each, TableExists):
            yield each.table, ("table", each)
        elif isinstance(each, ViewExists):
            yield each.view, ("materialized view" if each.materialized else "view", each)
        elif isinstance(each, ForeignTableExists):
            yield each.table, ("foreign table", each)
        elif isinstance(each, RelationExists):
            yield each.relation, ("", each)


def _names(found: list[str]) -> dict[str, str]:
    """What each is called in the document: its name, with the schema where another has the same."""
    bare = [split(relation)[-1] for relation in found]
    return {relation: name if bare.count(name) == 1 else relation for relation, name in zip(found, bare, strict=True)}


def _relation(relation: str, kind: str, exists: Expectation, names: dict[str, str], said: Said) -> Written:
    tags = frozenset(exists.tags)
    content: dict[str, Any] = {"name": names[relation]}
    if said.bare(relation) != names[relation]:
        content["physicalName"] = said.bare(relation)
    content |= {"logicalType": "object"} | ({"physicalType": kind} if kind else {})
    for comment in said.of(CommentIs, noun=kind or "table", name=relation, of=None):
        content |= {"description": comment.comment} if comment.comment else {}
    content |= {"tags": sorted(tags)} if tags else {}
    columns = {each.column: _column(each, tags, said) for each in said.of(ColumnType, table=relation)}
    if columns:
        content["properties"] = list(columns.values())
    return Written(relation, content, columns, [])


def _column(each: ColumnType, tags: frozenset[str], said: Said) -> dict[str, Any]:
    content: dict[str, Any] = {"name": each.column, "logicalType": logical(each.type), "physicalType": each.type}
    for comment in said.of(CommentIs, noun="column", name=each.column, of=each.table):
        content |= {"description": comment.comment} if comment.comment else {}
    own = frozenset(each.tags) - tags
    content |= {"tags": sorted(own)} if own else {}
    if said.of(ColumnNotNull, table=each.table, column=each.column):
        content["required"] = True
    return content


def _keys(written: Written, names: dict[str, str], said: Said) -> None:
    """The keys of a table, each beside its columns."""
    for key in said.of(PrimaryKey, table=written.relation):
        if all(name in written.columns for name in key.columns):
            for position, name in enumerate(key.columns, 1):
                written.columns[name] |= {"primaryKey": True, "primaryKeyPosition": position}
            break
    for unique in said.of(UniqueConstraint, table=written.relation):
        if len(unique.columns) == 1 and unique.columns[0] in written.columns:
            written.columns[unique.columns[0]]["unique"] = True
    for foreign in said.of(ForeignKey, table=written.relation):
        _foreign(foreign, written, names, said)


def _foreign(key: ForeignKey, written: Written, names: dict[str, str], said: Said) -> None:
    """A foreign key: beside its column, or of several beside the table; none where the standard has no such names."""
    target, columns = referred(key.references)
    if columns is None or not all(name in written.columns for name in key.columns):
        return
    to = [f"{names.get(target, said.bare(target))}.{name}" for name in columns]
    source = [f"{written.content['name']}.{name}" for name in key.columns]
    if not all(_REFERENCE.fullmatch(text) for text in (*to, *source)):
        return
    relationship: dict[str, Any] = {"type": "foreignKey"}
    relationship |= {"to": to[0]} if len(to) == 1 else {"from": source, "to": to}
    actions = [
        {"property": word, "value": getattr(key, field)} for word, field in ACTIONS.items() if getattr(key, field)
    ]
    relationship |= {"customProperties": actions} if actions else {}
    home = written.columns[key.columns[0]] if len(to) == 1 else written.content
    home.setdefault("relationships", []).append(relationship)


def _rules(written: Written, kind: str, tags: frozenset[str], rows: Iterable[Expectation], said: Said) -> None:
    """Rules on the rows: beside the column that they are about, else beside the table."""
    table = Table(written.relation, kind, {name: name for name in written.columns}, {})
    for each in rows:
        column = _about(each)
        home = written.columns.get(column or "")
        beside = tags if home is None else tags | frozenset(home.get("tags", ()))
        if home is not None and options.add(each, home, beside):
            continue
        made = rule(each, table, None if home is None else column, beside, said.schema)
        if made.get("type") == "custom":
            written.verbatim.append(each)
        (written.content if home is None else home).setdefault("quality", []).append(made)


def _about(each: Expectation) -> str | None:
    """The one column that an expectation on rows is about."""
    column = getattr(each, "column", None)
    columns = getattr(each, "columns", ())
    if isinstance(column, str):
        return column
    return columns[0] if isinstance(columns, tuple) and len(columns) == 1 else None
