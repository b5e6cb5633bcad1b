"""What a piece of SQL uses: the functions that it calls, the relations that it names, and those that it writes to."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from pgcontract.catalog.lexis import UnclosedError, tokens
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Name: TypeAlias = tuple[str, ...]
"""A name as Postgres reads it, folded and without quotes: its schema, if that is said, and itself."""
Event = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]

_DEEPEST = 4
"""How many strings within strings are read: dynamic SQL seldom builds dynamic SQL."""


class Write(NamedTuple):
    """That a relation is written to.

    Attributes:
        columns: The columns that get a value of the statement's own; None where that is not known.
    """

    relation: Name
    event: Event
    columns: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Uses:
    """What a text uses.

    Attributes:
        names: Every name in it, keywords too.
        calls: The names that stand before a bracket.
        writes: What it writes to.
        strings: Its string literals, without the quotes.
        outward: What it does with COPY outside of the database: `COPY … PROGRAM`, `COPY … to a file`; None for nothing.
    """

    names: frozenset[Name] = frozenset()
    calls: frozenset[Name] = frozenset()
    writes: frozenset[Write] = frozenset()
    strings: tuple[str, ...] = ()
    outward: str | None = None

    def __or__(self, other: Uses) -> Uses:
        return Uses(
            self.names | other.names,
            self.calls | other.calls,
            self.writes | other.writes,
            (*self.strings, *other.strings),
            self.outward or other.outward,
        )


class _Token(NamedTuple):
    kind: str
    text: str

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text in words


@lru_cache(maxsize=8192)
def uses(text: str, *, dynamic: bool = False, depth: int = 0) -> Uses:
    """What the text uses; with `dynamic`, also what its string literals would use were they run.

    A text that cannot be cut into tokens is read as far as it can.
    """
    read = list(_read(text))
    found = _Reader(read).found()
    if dynamic and depth < _DEEPEST:
        for string in found.strings:
            if " " in string or "(" in string:
                found |= uses(string, dynamic=True, depth=depth + 1)
    return found


def words(text: str) -> set[str]:
    """Every part of the names in a text, and of the strings in it that may be names, as those of sequences."""
    used = uses(text)
    said = {part for name in used.names for part in name}
    return said | {part for string in used.strings for part in string.replace('"', "").split(".")}


def _read(text: str) -> Iterator[_Token]:
    try:
        for kind, piece, _ in tokens(text):
            if kind == "word":
                yield _Token(kind, piece.lower())
            elif kind == "quoted":
                yield _Token("name", piece[1:-1].replace('""', '"'))
            elif kind == "string":
                yield _Token(kind, piece[piece.index("'") + 1 : -1].replace("''", "'"))
            elif kind == "dollar":
                yield _Token("string", piece.split("$", 2)[2].rpartition("$")[0].rpartition("$")[0])
            elif not piece.isspace():
                yield _Token(kind, piece)
    except UnclosedError:
        return


class _Reader:
    """Walks the tokens of one text."""

    def __init__(self, read: Sequence[_Token]) -> None:
        self._tokens = read
        self._calls: set[Name] = set()
        self._names: set[Name] = set()
        self._writes: set[Write] = set()
        self._outward: str | None = None

    def found(self) -> Uses:
        place = 0
        while place < len(self._tokens):
            token = self._tokens[place]
            if token.kind == "word":
                self._verb(place)
            if token.kind in {"word", "name"}:
                name, place = self._name(place)
                self._names.add(name)
                if self._is(place, "("):
                    self._calls.add(name)
            else:
                place += 1
        if any(token.is_word("do") and self._word(n + 1, "update") for n, token in enumerate(self._tokens)):
            self._writes |= {Write(w.relation, "UPDATE") for w in self._writes if w.event == "INSERT"}
        strings = tuple(dict.fromkeys(token.text for token in self._tokens if token.kind == "string"))
        return Uses(
            frozenset(self._names), frozenset(self._calls), frozenset(self._writes), strings, outward=self._outward
        )

    def _verb(self, place: int) -> None:
        """What a statement that begins here writes to."""
        word = self._tokens[place].text
        if word == "insert" and self._word(place + 1, "into"):
            self._insert(place + 2)
        elif word == "update":
            self._write(place + 1, "UPDATE")
        elif word == "delete" and self._word(place + 1, "from"):
            self._write(place + 2, "DELETE")
        elif word == "merge" and self._word(place + 1, "into"):
            for event in ("INSERT", "UPDATE", "DELETE"):
                self._write(place + 2, event)
        elif word == "truncate":
            self._truncate(place + 1)
        elif word == "copy":
            self._copy(place + 1)

    def _insert(self, place: int) -> None:
        if not self._is_name(place):
            return
        name, after = self._name(place)
        columns: set[str] | None = None
        if self._is(after, "(") and not self._word(after + 1, "select", "with", "values"):
            columns = set()
            while after < len(self._tokens) and not self._is(after, ")"):
                if self._tokens[after].kind in {"word", "name"}:
                    columns.add(self._tokens[after].text)
                after += 1
        if columns is not None and any(token.is_word("default") for token in self._tokens[after:]):
            columns = None
        self._writes.add(Write(name, "INSERT", None if columns is None else frozenset(columns)))

    def _write(self, place: int, event: Event) -> None:
        place += self._word(place, "only")
        if self._is_name(place) and not self._word(place, "set", "of", "nowait", "skip"):
            self._writes.add(Write(self._name(place)[0], event))

    def _truncate(self, place: int) -> None:
        place += self._word(place, "table")
        while True:
            place += self._word(place, "only")
            if not self._is_name(place):
                return
            name, place = self._name(place)
            self._writes.add(Write(name, "TRUNCATE"))
            if not self._is(place, ","):
                return
            place += 1

    def _copy(self, place: int) -> None:
        for ahead in range(place, len(self._tokens)):
            if self._is(ahead, ";"):
                return
            if self._word(ahead, "program"):
                self._outward = "COPY … PROGRAM"
            elif self._word(ahead, "to", "from") and self._kind(ahead + 1) == "string":
                self._outward = "COPY with a file"
            elif self._word(ahead, "from") and self._is_name(place):
                self._writes.add(Write(self._name(place)[0], "INSERT"))

    def _name(self, place: int) -> tuple[Name, int]:
        """The name that begins here, and the place after it."""
        parts = [self._tokens[place].text]
        place += 1
        while self._is(place, ".") and self._is_name(place + 1):
            parts.append(self._tokens[place + 1].text)
            place += 2
        return tuple(parts[-2:]), place

    def _is_name(self, place: int) -> bool:
        return self._kind(place) in {"word", "name"}

    def _kind(self, place: int) -> str:
        return self._tokens[place].kind if place < len(self._tokens) else ""

    def _is(self, place: int, mark: str) -> bool:
        return place < len(self._tokens) and self._tokens[place] == ("mark", mark)

    def _word(self, place: int, *words: str) -> bool:
        return place < len(self._tokens) and self._tokens[place].is_word(*words)
