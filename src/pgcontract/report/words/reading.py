"""Reads a policy's condition, as Postgres deparses it, into a tree.

Postgres puts brackets around every operation, so a part that is not understood ends where its bracket does: it becomes
`Opaque`, and what stands about it is understood nonetheless. Nothing is guessed: what has more to it than is known here
(an aggregate, an outer join, a `CASE`) is not understood.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from pgcontract.names import quote
from pgcontract.report.words.cursor import Cursor
from pgcontract.report.words.scanner import NotUnderstoodError
from pgcontract.report.words.tree import (
    Among,
    Call,
    Cast,
    Comparison,
    Elements,
    Exists,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Opaque,
    Query,
    Source,
    Test,
)

_NILADIC = frozenset(
    {"current_user", "session_user", "current_role", "current_date", "current_timestamp", "localtimestamp"}
)
# A word that begins something of its own where an operand should stand, or goes on after one.
_FOREIGN = frozenset(
    {"case", "row", "select", "not", "and", "or", "is", "in", "from", "where", "as", "any", "all", "some"}
)
# What goes on after a relation in FROM, and so is not the name that it is given there.
_NO_ALIAS = frozenset({"where", "join", "on", "left", "right", "full", "inner", "cross", "natural", "tablesample"})
_QUERY_ENDS = frozenset(
    {"group", "order", "limit", "offset", "union", "intersect", "except", "having", "for", "window"}
)


@lru_cache(maxsize=4096)
def read(text: str) -> Node:
    """The tree of a condition; `Opaque` where nothing of it is understood."""
    try:
        reader = _Reader(text)
        node = reader.inside()
        reader.reach(len(reader.tokens) - 1)
    except (NotUnderstoodError, RecursionError):
        return Opaque(text)
    return node


class _Reader(Cursor):
    def inside(self) -> Node:
        """What may stand in a bracket: a query, a negation, conditions joined, or one operation."""
        first = self.at
        if self.word("select"):
            return self._query(first)
        if self.word("not"):
            operand = self._operation()
            return Negation(self.since(first), operand)
        items = [self._operation()]
        joined = next((word for word in ("and", "or") if self.word(word)), None)
        if joined is None:
            return items[0]
        items.append(self._operation())
        while self.word(joined):
            items.append(self._operation())
        return Logic(self.since(first), joined.upper(), tuple(items))

    def _operation(self) -> Node:
        first, left = self.at, self._operand()
        if self.word("is"):
            return self._is(first, left)
        if self.word("in"):
            return self._among(first, "=", left, every=False)
        operator = self._operator()
        if operator is None:
            return left
        for word, every in (("any", False), ("some", False), ("all", True)):
            if self.word(word):
                return self._among(first, operator, left, every=every)
        right = self._operand()
        return Comparison(self.since(first), operator, left, right)

    def _operator(self) -> str | None:
        if self.token.kind == "operator":
            self.at += 1
            return self.tokens[self.at - 1].text
        if self.word("operator"):  # OPERATOR(schema.=): whose it is, is not known here
            raise NotUnderstoodError
        return None

    def _is(self, first: int, left: Node) -> Node:
        negated = self.word("not")
        if self.word("distinct", "from"):
            right = self._operand()
            operator = "IS NOT DISTINCT FROM" if negated else "IS DISTINCT FROM"
            return Comparison(self.since(first), operator, left, right)
        for word in ("null", "true", "false"):
            if self.word(word):
                return Test(self.since(first), left, word.upper(), negated)
        raise NotUnderstoodError

    def _among(self, first: int, operator: str, left: Node, *, every: bool) -> Node:
        right = self._bracket()
        return Among(self.since(first), operator, every, left, right)

    def _bracket(self) -> Node:
        """What is in a bracket, with its SQL including the bracket; opaque where it is not understood."""
        first = self.at
        if not self.mark("("):
            raise NotUnderstoodError
        end = self.closing[first]
        try:
            node = self.inside()
            self.reach(end)
        except NotUnderstoodError:
            node = Opaque("")
        self.at = end + 1
        return node if isinstance(node, Literal) else replace(node, sql=self.since(first))

    def _operand(self) -> Node:
        first, node = self.at, self._primary()
        while True:
            if self.mark("::"):
                kind = self.type()
                node = Cast(self.since(first), node, kind)
            elif self.token.text == "[" and self.token.kind == "mark":
                self.at = self.closing[self.at] + 1
                node = Opaque(self.since(first))
            else:
                return node

    def _primary(self) -> Node:
        first, token = self.at, self.token
        if token.text == "(" and token.kind == "mark":
            return self._bracket()
        if token.kind in {"string", "number"}:
            self.at += 1
            return Literal(token.text)
        word = token.text.lower() if token.kind == "word" else ""
        if word in {"true", "false", "null"}:
            self.at += 1
            return Literal(word)
        if word in _FOREIGN:
            raise NotUnderstoodError
        if self.word("exists"):
            query = self._bracket()
            return Exists(self.since(first), query) if isinstance(query, Query) else Opaque(self.since(first))
        if self.word("array"):
            return self._elements(first)
        return self._named(first)

    def _elements(self, first: int) -> Node:
        if self.token.text != "[":
            raise NotUnderstoodError
        items = self._list()
        return Opaque(self.since(first)) if items is None else Elements(self.since(first), items)

    def _list(self) -> tuple[Node, ...] | None:
        """What stands between commas in the bracket that comes next; None where it is not understood."""
        end = self.closing[self.at]
        self.at += 1
        items: list[Node] = []
        try:
            while self.at < end:
                items.append(self.inside())
                if not self.mark(","):
                    self.reach(end)
        except NotUnderstoodError:
            self.at = end + 1
            return None
        self.at = end + 1
        return tuple(items)

    def _named(self, first: int) -> Node:
        bare = self.token.kind == "word"
        parts = self.dotted()
        if self.token.text == "(" and self.token.kind == "mark":
            arguments = self._list()
            name = parts[0].lower() if bare and len(parts) == 1 else ".".join(map(quote, parts))
            return Opaque(self.since(first)) if arguments is None else Call(self.since(first), name, arguments)
        if bare and len(parts) == 1 and parts[0].lower() in _NILADIC:
            return Call(self.since(first), parts[0].lower())
        return Name(self.since(first), ".".join(map(quote, parts[:-1])), parts[-1])

    def _query(self, first: int) -> Query:
        distinct = self.word("distinct")
        item = self._item()
        sources: list[Source] = []
        conditions: list[Node] = []
        if self.word("from"):
            self._from(sources, conditions)
            while self.mark(","):
                self._from(sources, conditions)
        if self.word("where"):
            conditions.append(self.inside())
        plain = item is None or isinstance(item, Name | Literal)
        if (sources and not plain) or (distinct and not sources) or (conditions and not sources):
            raise NotUnderstoodError  # an aggregate, for one, selects a row where there is none
        flat = tuple(part for one in conditions for part in _parts(one))
        return Query(self.since(first), item, tuple(sources), flat)

    def _item(self) -> Node | None:
        if self.token.kind == "end" or self.token.text in {")", ","}:
            raise NotUnderstoodError
        if self.token.kind == "word" and self.token.text == "FROM":
            return None
        item = self._operation()
        if self.word("as"):
            self.dotted()
        return item

    def _from(self, sources: list[Source], conditions: list[Node]) -> None:
        """A relation, or relations that are joined, and the conditions of the join."""
        if self.token.text == "(":
            end = self.closing[self.at]
            self.at += 1
            self._from(sources, conditions)
            while self.word("join"):
                self._from(sources, conditions)
                if not self.word("on"):
                    raise NotUnderstoodError
                conditions.append(self._bracket())
            self.reach(end)
            self.at = end + 1
            return
        if self.word("only") or self.word("lateral"):
            raise NotUnderstoodError
        parts = self.dotted()
        alias = parts[-1:]
        known = self.token.text.lower() in _NO_ALIAS | _QUERY_ENDS
        if self.token.kind == "quoted" or (self.token.kind == "word" and not known):
            alias = self.dotted()
        if len(alias) != 1:
            raise NotUnderstoodError
        sources.append(Source(".".join(map(quote, parts)), alias[0]))


def _parts(node: Node) -> tuple[Node, ...]:
    """What must hold all together."""
    return node.items if isinstance(node, Logic) and node.word == "AND" else (node,)
