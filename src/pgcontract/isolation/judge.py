"""What of world B shows in what somebody else sees, and which of its rows are no longer what they were."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.isolation.publicity import sensitive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pgcontract.contract.session import Session
    from pgcontract.isolation.identities import Identities
    from pgcontract.isolation.ledger import Worlds
    from pgcontract.isolation.rows import Row

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DISTINCT = re.compile(r"(?=.*\d)[\w.@+-]{6,}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d.*")
MOST_MARKS = 60


class Evidence:
    """Which values are B's alone, and private.

    Attributes:
        private: B's rows that are not meant for everybody.
        names: B's users and organisations: who they are says nothing, what stands beside may.
    """

    def __init__(self, worlds: Worlds, identities: Identities, shared: set[str], faces: Iterable[str]) -> None:
        self._tag = re.compile(rf"{identities.tags['B']}[a-z]*", re.IGNORECASE)
        self.tag = identities.tags["B"]
        self._faces = frozenset(faces)
        self._rows = {row.name: row for row in worlds.order}
        self._keys: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self.names = {*identities.uids["B"], *shared} - {*identities.uids["A"], *identities.emails["B"]}
        self._shared = {*identities.uids["A"], *identities.uids["B"], *shared}
        self._shared -= set(identities.emails["B"])
        self._holders: dict[str, set[Row]] = defaultdict(set)
        self._open: set[str] = set()
        for row in worlds.order:
            self._keys[row.table].add(row.key)
            for column, value in row.values.items():
                for mark in self.marks_in(value):
                    self._holders[mark].add(row)
                    if row.world != "B" or not self.is_private(row, column):
                        self._open.add(mark)
        self.private = [row for row in worlds.of("B") if not row.public]

    def is_private(self, row: Row, column: str) -> bool:
        """Whether a value of one of B's rows is nobody else's business."""
        return not row.public or (row.table in self._faces and sensitive(column))

    def marks_in(self, value: Any) -> Iterator[str]:
        """The texts in a value by which it would be known again."""
        if value is None:
            return
        text = str(value)
        yield from (found.lower() for found in self._tag.findall(text))
        yield from _UUID.findall(text)
        if _DISTINCT.fullmatch(text) and not _TIME.fullmatch(text):
            yield text

    def private_marks(self, value: Any, passed: frozenset[str] = frozenset()) -> set[str]:
        """The marks in a value that only private rows of B's hold, without what the caller has passed itself."""
        return {
            mark
            for mark in self.marks_in(value)
            if mark in self._holders and mark not in self._open and mark not in self._shared and mark not in passed
        }

    def copied(self, record: Any, table: str, said: str) -> set[str]:
        """The canaries of B's in a record that is no row of B's as we know it, without what the caller has said."""
        known = self.of_row(table, record) if isinstance(record, dict) else None
        if known is not None and known.world == "B":
            return set()
        canaries = {found.lower() for value in scalars(record) for found in self._tag.findall(str(value))}
        return {mark for mark in canaries if mark in self._holders and mark not in self._open and mark not in said}

    def holders(self, marks: Iterable[str]) -> list[Row]:
        """The rows that hold one of the marks."""
        found = {row.name: row for mark in marks for row in self._holders.get(mark, ())}
        return [row for row in found.values() if not row.public or row.table in self._faces]

    def unmarked(self) -> list[str]:
        """Marks for the private rows that hold no canary: other values that are theirs alone."""
        found = []
        for row in self.private:
            marks = {mark for value in row.values.values() for mark in self.private_marks(value)}
            if marks and not any(self._tag.fullmatch(mark) for mark in marks):
                found += sorted(marks)[:2]
        return found[:MOST_MARKS]

    def of_row(self, table: str, record: Mapping[str, Any]) -> Row | None:
        """The known row of a table that a record is, by its key."""
        for key in self._keys[table]:
            if all(column in record for column in key):
                name = table, "|".join(_as_text(record[column]) for column in key)
                if (row := self._rows.get(name)) is not None:
                    return row
        return None

    def in_record(
        self, record: Any, table: str | None, passed: frozenset[str] = frozenset()
    ) -> tuple[list[Row], set[str]]:
        """The private rows of B's that show in one record that somebody has seen, and by what."""
        if table is not None and isinstance(record, dict):
            row = self.of_row(table, record)
            if row is not None:
                seen = {column for column in record if column in row.values}
                if row.world != "B" or not any(self.is_private(row, column) for column in seen):
                    return [], set()
                return self._of_known(row, record, seen)
        marks = {mark for value in scalars(record) for mark in self.private_marks(value, passed)}
        return self.holders(marks), marks

    def _of_known(self, row: Row, record: Mapping[str, Any], seen: set[str]) -> tuple[list[Row], set[str]]:
        shown = {column for column in seen if self.is_private(row, column) and record[column] is not None}
        if row.public:
            shown = {column for column in shown if sensitive(column)}
        marks = {mark for column in shown for mark in self.marks_in(row.values[column])}
        if not row.passing or not marks:  # whose number may be another one the next time
            marks |= {_as_text(record[column]) for column in row.key}
        return ([row], marks) if shown else ([], set())


def scalars(value: Any) -> Iterator[Any]:
    """The plain values in a JSON value."""
    if isinstance(value, dict):
        for part in value.values():
            yield from scalars(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from scalars(part)
    elif value is not None and not isinstance(value, bool):
        yield value


def _as_text(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


class Digest:
    """B's rows as they were, to be compared with what has become of them."""

    def __init__(self, session: Session, rows: Iterable[Row]) -> None:
        self._session = session
        rows = list(rows)
        self._statement = " union all ".join(
            f"select {number}, pg_catalog.to_jsonb(t)::text from {row.table} as t where {row.where}"
            for number, row in enumerate(rows)
        )
        self._rows = rows
        self._before = self._read()
        places: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            places[row.table].append(f"({row.where})")
        self._whole = " union all ".join(
            f"select pg_catalog.to_jsonb(t)::text from {table} as t where {' or '.join(conditions)}"
            for table, conditions in places.items()
        )
        self._texts = self._together()

    def _read(self) -> dict[int, str]:
        return dict(self._session.rows(self._statement)) if self._statement else {}

    def _together(self) -> list[str]:
        """The same with one scan a table, which is much faster; it does not say which row is which."""
        return sorted(text for (text,) in self._session.rows(self._whole)) if self._whole else []

    def changed(self) -> list[tuple[Row, set[str]]]:
        """The rows that are gone (with no column) or another (with the columns that are)."""
        try:
            if self._together() == self._texts:
                return []
            after = self._read()
        except Refused:
            return []
        found: list[tuple[Row, set[str]]] = []
        for number, before in self._before.items():
            now = after.get(number)
            if now is None:
                found.append((self._rows[number], set()))
            elif now != before:
                old, new = json.loads(before), json.loads(now)
                found.append((self._rows[number], {column for column in old if old[column] != new.get(column)}))
        return found


_COUNTER = re.compile(
    r"count|total|views|likes|hits|replies|updated|modified|last_|activity|seen|version|number_of|votes|score"
)


def counters_only(row: Row, columns: set[str]) -> bool:
    """Whether only such columns of a row have changed as others may well move: counters, times of the last change."""
    return bool(columns) and all(_COUNTER.search(column) for column in columns) and row.public
