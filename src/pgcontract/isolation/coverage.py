"""What the several rows of a table hold beside each other: every label, both truths, NULL, past and future.

These are wishes: where a constraint refuses them, the row is made without them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pgcontract.synth import NOT_PINNED

if TYPE_CHECKING:
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.vocabulary import Vocabulary

LONG_AGO, PAST, FUTURE = "2019-01-02 03:04:05+00", "2020-02-03 04:05:06+00", "2099-02-03 04:05:06+00"
_GONE = re.compile(
    r"^(?:is_)?(?:deleted|archived|removed|revoked|cancelled|canceled|retracted|banned|disabled|used|consumed|closed)(?:_at|_on)?$"
)
_ENDS = re.compile(r"(?:^|_)(?:expires|expiry|expired|until|ends|end|due|valid_to|closes|deadline)(?:_|$)")
_STARTS = re.compile(
    r"(?:^|_)(?:created|updated|inserted|starts|start|begins|from|since|joined|born|birth|accepted|confirmed)(?:_|$)"
)
_TIMES = ("timestamp", "date")
MOST_ROWS = 7
PLENTY = 100_000
"""What there is to take from, where something is taken."""
_EMPTY, UNTAKEN = 2, 3
"""The rows with empty lists and objects, and with an owner yet to be found where something else says whose they are."""


def rows_wanted(relation: Relation, vocabulary: Vocabulary, examples: int) -> int:
    """How many rows show every label of the column that has the most."""
    labels = [len(vocabulary.labels(relation.name, column)) for column in relation.columns.values()]
    return max(examples, min(max(labels, default=0), MOST_ROWS))


def wishes(  # noqa: C901 - a kind of column a branch
    relation: Relation, index: int, vocabulary: Vocabulary, ownership: Ownership
) -> dict[str, Any]:
    """The values that the row of this number had better have, by column."""
    stores = [column.name for column in relation.columns.values() if vocabulary.is_store(relation.name, column)]
    found: dict[str, Any] = dict.fromkeys(stores, PLENTY)
    flags = 0
    membership = relation.name in ownership.memberships
    authority = relation.name in ownership.authorities
    for column in relation.columns.values():
        if column.generated or column.identity:
            continue
        if _is_key(relation, column):
            if named_rows := _named_rows(relation, column, vocabulary, ownership):
                found[column.name] = named_rows[index % len(named_rows)]
            elif _STARTS.search(column.name) and column.type.startswith(_TIMES):
                found |= _time(column, index)
            continue
        if _is_owner(relation, column, ownership):
            continue
        if membership or authority:
            answer = _of_authority(relation.name, column, index, vocabulary, organised=membership)
            if answer is not None:
                found[column.name] = answer
                continue
        if column.type == "boolean":
            found[column.name] = bool((index >> (flags % 2)) & 1) if flags <= 1 else bool((index + flags) % 2)
            flags += 1
        elif labels := vocabulary.labels(relation.name, column):
            found[column.name] = _label(relation.name, column, labels, index, vocabulary)
        elif index == _EMPTY and column.type.endswith(("jsonb", "[]")):
            found[column.name] = "{}" if column.type == "jsonb" else []
        elif column.type.startswith(_TIMES):
            found |= _time(column, index)
    return found


def _is_owner(relation: Relation, column: Column, ownership: Ownership) -> bool:
    return column.name in ownership.direct.get(relation.name, {}) and not column.type.endswith(("[]", "json", "jsonb"))


def open_ended(column: Column) -> Any:
    """What belongs to nobody and ends some time has not ended yet, so that something can be tried with it."""
    return (
        _time(column, 0).get(column.name, NOT_PINNED)
        if _ENDS.search(column.name) and column.type.startswith(_TIMES)
        else NOT_PINNED
    )


def fitted(column: Column, value: Any, index: int) -> Any:
    """The value in the column's own type: a list for an array, now and then an empty one."""
    if column.type.endswith("[]"):
        return [] if index == _EMPTY else [value]
    if column.type in {"json", "jsonb"}:
        return json.dumps([] if index == _EMPTY else [value])
    return value


def _named_rows(relation: Relation, column: Column, vocabulary: Vocabulary, ownership: Ownership) -> list[str]:
    """The rows of nobody's that policies name, such as the platform's buckets, where a column refers to them."""
    refers = [key for key in relation.having("FOREIGN KEY") if key.columns == (column.name,)]
    if not refers or (refers[0].references in ownership.owned and refers[0].references != "storage.buckets"):
        return []
    return vocabulary.compared((relation.name, column.name))


def _is_key(relation: Relation, column: Column) -> bool:
    return any(
        column.name in key.columns
        for key in relation.constraints.values()
        if key.kind in {"PRIMARY KEY", "FOREIGN KEY", "UNIQUE"}
    )


def _of_authority(table: str, column: Column, index: int, vocabulary: Vocabulary, *, organised: bool) -> Any:
    """In a table that says what somebody may do: the plain user's row gives little, the second one's more."""
    much = organised and index % 2 == 1
    if vocabulary.is_grade(table, column):
        if column.type == "boolean":
            return much
        privileged = vocabulary.privileged(table, column)
        labels = vocabulary.labels(table, column)
        plain = vocabulary.plain([label for label in labels if label not in vocabulary.compared((table, column.name))])
        plain = plain or vocabulary.plain(labels)
        if plain is None and vocabulary.is_text(column) and not vocabulary.listed(table, column):
            plain = "member"
        return privileged[0] if much and privileged else plain
    if column.type == "boolean" and re.search("active|accepted|approved|confirmed|enabled|verified", column.name):
        return True
    return vocabulary.lively(vocabulary.labels(table, column))


def _label(table: str, column: Column, labels: list[str], index: int, vocabulary: Vocabulary) -> str:
    """Label after label; free text also what it is compared with nowhere."""
    if vocabulary.is_text(column) and not vocabulary.listed(table, column):
        labels = [*labels, f"other{index}"]
    return labels[index % len(labels)]


def _time(column: Column, index: int) -> dict[str, Any]:
    times: list[Any] = [PAST, None, FUTURE, PAST]
    if _GONE.match(column.name):
        times = [None, PAST, None, None]
    elif _ENDS.search(column.name):
        times = [FUTURE, PAST, None, FUTURE]
    elif _STARTS.search(column.name):
        times = [LONG_AGO]  # before whatever ends
    if column.not_null:
        times = [time for time in times if time is not None]
    time = times[index % len(times)]
    if time is not None and column.type == "date":
        time = time[:10]
    elif time is not None and "without" in column.type:
        time = time[:19]
    return {column.name: time}
