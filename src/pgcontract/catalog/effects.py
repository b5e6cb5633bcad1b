"""What a statement, a function or a write does in the end, through whatever it sets going.

Two things outlast a rollback: what reaches outside, and the numbers that sequences give away.
It is read from texts, so it knows what they name: dynamic SQL that puts names together at run time escapes it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pgcontract.catalog.links import Link, Node, links_of
from pgcontract.catalog.outside import by_code, by_text
from pgcontract.catalog.uses import uses
from pgcontract.names import quote, split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.uses import Name, Uses

Danger: TypeAlias = "Callable[[Node, tuple[str, ...]], str | None]"
"""Why something must not happen, to be put behind "which": `reaches outside by dblink`; None where it may. It is given
the words of the links that lead there, too."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What something does in the end.

    Attributes:
        outside: How it reaches what it must not, as one sentence without a subject; None where it does not.
        sequences: The sequences that it draws from, or sets.
        everything: All that it sets going.
    """

    outside: str | None
    sequences: frozenset[str]
    everything: frozenset[Node]


class Effects:
    """The effects of whatever happens in one database.

    Args:
        catalog: What is there.
        danger: What must not happen; reaching outside, when None.
    """

    def __init__(self, catalog: Catalog, danger: Danger | None = None) -> None:
        self.catalog = catalog
        self._danger = danger or self.reaches_outside
        self._functions: dict[str, list[str]] = defaultdict(list)
        self._relations: dict[str, list[str]] = defaultdict(list)
        self._sequences: dict[str, list[str]] = defaultdict(list)
        for index, names in (
            (self._functions, catalog.overloads),
            (self._relations, catalog.relations),
            (self._sequences, catalog.sequences),
        ):
            for name in names:
                index[split(name)[-1]].append(name)
        self._links: dict[Node, tuple[Link, ...]] = {}
        self.of_statement = lru_cache(4096)(self._of_statement)

    def _of_statement(self, text: str) -> Effect:
        """What a statement does; what stands in its strings is data, but for a DO block's."""
        dynamic = text.lstrip()[:3].lower().strip() == "do"
        used = uses(text, dynamic=dynamic)
        return self._walk(self.of_text(text, dynamic=dynamic), by_text(used, self._unknown(used)))

    def of(self, *nodes: Node) -> Effect:
        """What happens when these things do."""
        return self._walk([Link("", node) for node in nodes], None)

    def of_function(self, signature: str) -> Effect:
        """What a call of a function does."""
        return self.of(Node("function", signature))

    def _walk(self, start: Iterable[Link], own: str | None) -> Effect:
        waiting: deque[tuple[tuple[str, ...], Node]] = deque(((words,) if words else (), node) for words, node in start)
        seen: set[Node] = set()
        outside = own
        while waiting:
            path, node = waiting.popleft()
            if node in seen:
                continue
            seen.add(node)
            if outside is None and (reason := self._danger(node, path)) is not None:
                outside = ", which ".join((*path, reason))
            waiting.extend(((*path, words), linked) for words, linked in self._linked(node))
        drawn = frozenset(node.name for node in seen if node.kind == "sequence")
        return Effect(outside, drawn, frozenset(seen))

    def reaches_outside(self, node: Node, _path: tuple[str, ...] = ()) -> str | None:
        """How something reaches outside by itself, or None."""
        if node.kind == "function":
            function = self.catalog.functions[node.name]
            reason = by_code(self.catalog, function)
            if reason is None and function.extension is None and function.source:
                used = uses(function.source, dynamic=True)
                reason = by_text(used, self._unknown(used))
            return reason
        if node.kind != "sequence" and self.catalog.relations[node.name].kind == "foreign table":
            return f"is a foreign table, whose rows are {self._where(node.name)}"
        return None

    def _where(self, name: str) -> str:
        table = self.catalog.foreign_tables.get(name)
        return f"on the server {table.server}" if table is not None else "elsewhere"

    def _linked(self, node: Node) -> tuple[Link, ...]:
        if node not in self._links:
            self._links[node] = tuple(links_of(self, node))
        return self._links[node]

    def of_text(self, text: str, *, dynamic: bool = False) -> Iterator[Link]:
        """What a text sets going by itself."""
        used = uses(text, dynamic=dynamic)
        for name in sorted(used.calls):
            for signature in self.called(name):
                yield Link(f"calls {signature}", Node("function", signature))
        for write in sorted(used.writes, key=lambda write: write[:2]):
            for relation in self.named(write.relation):
                yield Link(f"writes to {relation}", Node(write.event, relation))
                if write.event in {"INSERT", "UPDATE"}:
                    yield from self._drawn_by_default(relation, write.event, write.columns, used)
        for name in sorted(used.names):
            for relation in self.named(name):
                yield Link(f"reads {relation}", Node("read", relation))
        yield from self._drawn(used)

    def _drawn(self, used: Uses) -> Iterator[Link]:
        """The sequences that `nextval` and `setval` are called with; all of them where a text does not say which."""
        if not used.calls & _DRAWING:
            return
        said = [found for text in used.strings for found in self._sequence(text)]
        said += [found for name in used.names for found in self.drawable(name)]
        for sequence in dict.fromkeys(said or self.catalog.sequences):
            yield Link(f"draws from {sequence}", Node("sequence", sequence))

    def _sequence(self, text: str) -> list[str]:
        try:
            return self.drawable(split(text))
        except ValueError:
            return []

    def _drawn_by_default(
        self, relation: str, event: str, columns: frozenset[str] | None, used: Uses
    ) -> Iterator[Link]:
        """The sequences of columns that are left to their defaults."""
        if event == "UPDATE" and ("default",) not in used.names:
            return
        for name, column in self.catalog.relations[relation].columns.items():
            if columns is not None and name in columns:
                continue
            for sequence in self.drawn_by_column(relation, name) if column.identity or column.default else ():
                yield Link(f"draws from {sequence}", Node("sequence", sequence))

    def drawn_by_column(self, relation: str, column: str) -> list[str]:
        """The sequences that a column's default draws from."""
        found = self.catalog.relations[relation].columns[column]
        if found.identity:
            owned = f"{relation}.{quote(column)}"
            return [name for name, sequence in self.catalog.sequences.items() if sequence.owned_by == owned]
        return [node.name for _, node in self._drawn(uses(found.default or ""))]

    def called(self, name: Name) -> list[str]:
        """The signatures of the functions that a name in a text can mean."""
        names = self._meant(name, self._functions)
        return [function.signature for each in names for function in self.catalog.overloads[each]]

    def named(self, name: Name) -> list[str]:
        """The relations that a name in a text can mean."""
        return self._meant(name, self._relations)

    def drawable(self, name: Name) -> list[str]:
        """The sequences that a name in a text can mean."""
        return self._meant(name, self._sequences)

    @staticmethod
    def _meant(name: Name, index: dict[str, list[str]]) -> list[str]:
        found = index.get(name[-1], [])
        if len(name) == 1 or not found:
            return found
        return [each for each in found if split(each) == name] or []

    def _unknown(self, used: Uses) -> list[Name]:
        return [name for name in used.calls if not self.called(name)]


def effects_of(catalog: Catalog) -> Effects:
    """The effects in a database, made once for a catalog that is asked about again and again."""
    if not _latest or _latest[0].catalog is not catalog:
        _latest[:] = [Effects(catalog)]
    return _latest[0]


_latest: list[Effects] = []
_DRAWING = frozenset({("nextval",), ("pg_catalog", "nextval"), ("setval",), ("pg_catalog", "setval")})
