"""A tolerant parser of expressions as Postgres deparses them (`pg_get_expr`).

The text comes from the server, so it is regular: brackets stand wherever precedence could be in doubt, names are
qualified and quoted where they must be. What is not understood gives None, never an error: the server is asked instead.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from pgcontract.synth.cursor import Cursor
from pgcontract.synth.scanner import NotUnderstoodError, array_items, tokens, unescaped
from pgcontract.synth.tree import (
    And,
    Array,
    Binary,
    Call,
    Case,
    Cast,
    Column,
    Const,
    Is,
    Node,
    Not,
    Or,
    Quantified,
    plain,
)

_COMPARISONS = frozenset({"=", "<>", "!=", "<", ">", "<=", ">="})
_NILADIC = frozenset(
    {"current_date", "current_timestamp", "current_time", "localtime", "localtimestamp", "current_user", "session_user"}
)
_LIKES = {"like": "~~", "ilike": "~~*"}


@lru_cache(maxsize=4096)
def parse(text: str) -> Node | None:
    """The tree of an expression, or None where its shape is not known.

    >>> parse("(price > (0)::numeric)")
    Binary(operator='>', left=Column(name='price'), right=Cast(operand=Const(value=0), type='numeric'))
    """
    try:
        parser = _Parser(tokens(text))
        node = parser.disjunction()
    except (NotUnderstoodError, RecursionError):
        return None
    return node if parser.kind == "end" else None


class _Parser(Cursor):
    def disjunction(self) -> Node:
        items = [self._conjunction()]
        while self.word("or"):
            items.append(self._conjunction())
        return items[0] if len(items) == 1 else Or(tuple(items))

    def _conjunction(self) -> Node:
        items = [self._negation()]
        while self.word("and"):
            items.append(self._negation())
        return items[0] if len(items) == 1 else And(tuple(items))

    def _negation(self) -> Node:
        return Not(self._negation()) if self.word("not") else self._comparison()

    def _comparison(self) -> Node:
        left = self._operation()
        while True:
            if self.word("is"):
                left = self._is(left)
            elif self.kind == "operator" and self.text in _COMPARISONS:
                left = self._compared(left, self.next().replace("!=", "<>"))
            elif (worded := self._worded(left)) is not None:
                left = worded
            else:
                return left

    def _worded(self, left: Node) -> Node | None:
        """BETWEEN, IN and LIKE as people write them; the server has deparsed them away."""
        start, negated = self.at, self.word("not")
        node: Node | None = None
        if self.word("between"):
            low = self._operation()
            if not self.word("and"):
                raise NotUnderstoodError
            node = And((Binary(">=", left, low), Binary("<=", left, self._operation())))
        elif self.word("in"):
            self.expect("(")
            node = Quantified("=", left, every=False, items=self._list(")"))
        else:
            for word, operator in _LIKES.items():
                if node is None and self.word(word):
                    node = Binary(operator, left, self._operation())
        if node is None:
            self.at = start
            return None
        return Not(node) if negated else node

    def _is(self, left: Node) -> Node:
        negated = self.word("not")
        if self.word("distinct", "from"):
            right = self._operation()
            return Binary("is not distinct from" if negated else "is distinct from", left, right)
        word = self.next().lower()
        if word not in {"null", "true", "false"}:
            raise NotUnderstoodError
        return Is(left, word, negated)

    def _compared(self, left: Node, operator: str) -> Node:
        for word in ("any", "some", "all"):
            if self.word(word):
                self.expect("(")
                inside = self.disjunction()
                self.expect(")")
                return Quantified(operator, left, word == "all", _elements(inside))
        return Binary(operator, left, self._operation())

    def _operation(self) -> Node:
        left = self._sum()
        while (self.kind == "operator" and self.text not in _COMPARISONS) or self._is_operator_call():
            left = self._compared_by_other(left)
        return left

    def _is_operator_call(self) -> bool:
        return self.kind == "word" and self.text == "OPERATOR" and self.tokens[self.at + 1][1] == "("

    def _compared_by_other(self, left: Node) -> Node:
        operator = self._operator_name() if self._is_operator_call() else self.next()
        if self.tokens[self.at][1].upper() in {"ANY", "ALL"}:
            return self._compared(left, operator)
        return Binary(operator, left, self._sum())

    def _operator_name(self) -> str:
        """The operator in `OPERATOR(schema.~)`."""
        self.at += 2
        operator = ""
        while not self.mark(")"):
            operator = self.next()
            if self.kind == "end":
                raise NotUnderstoodError
        return operator

    def _sum(self) -> Node:
        left = self._product()
        while self.kind == "operator" and self.text in {"+", "-"}:
            left = Binary(self.next(), left, self._product())
        return left

    def _product(self) -> Node:
        left = self._unary()
        while self.kind == "operator" and self.text in {"*", "/", "%"}:
            left = Binary(self.next(), left, self._unary())
        return left

    def _unary(self) -> Node:
        if self.kind == "operator" and self.text == "-":
            self.at += 1
            return _negated(self._unary())
        return self._suffixed(self._primary())

    def _suffixed(self, node: Node) -> Node:
        while True:
            if self.mark("::"):
                node = Cast(node, self.type())
            elif self.mark("["):
                node = Call("[]", (node, *self._list("]")))
            elif self.word("collate"):
                self.dotted(self.next())
            elif self.word("at", "time", "zone"):
                node = Call("at time zone", (node, self._suffixed(self._primary())))
            else:
                return node

    def _list(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        if self.mark(closing):
            return ()
        while True:
            items.append(self.disjunction())
            if self.mark(closing):
                return tuple(items)
            self.expect(",")

    def _primary(self) -> Node:
        kind = self.kind
        if self.mark("("):
            items = self._list(")")
            return items[0] if len(items) == 1 else Call("row", items)
        text = self.next()
        if kind == "string":
            return Const(unescaped(text))
        if kind == "number":
            return Const(int(text) if text.isdigit() else Decimal(text))
        if kind not in {"word", "quoted"}:
            raise NotUnderstoodError
        return self._named(text, kind)

    def _named(self, text: str, kind: str) -> Node:
        """What begins with a name: a keyword's form, a function, a typed literal or a column."""
        word = text.lower() if kind == "word" else ""
        if word in _WORDS:
            return Const(_WORDS[word])
        if word == "case":
            return self._case()
        if word == "array" and self.mark("["):
            return Array(self._list("]"))
        if word in _NILADIC and self.text != "(":
            return Call(word, ())
        last = text
        while self.mark("."):
            last = self.next()
        name = last[1:-1].replace('""', '"') if last.startswith('"') else last
        if self.mark("("):
            return self._call(name.lower()) if kind == "word" else Call(name, self._list(")"))
        if self.kind == "string" and word in _TYPED:
            return Cast(Const(unescaped(self.next())), word)
        return Column(name)

    def _call(self, name: str) -> Node:
        if name == "extract":
            field = self.next().strip("'").lower()
            if not self.word("from"):
                self.expect(",")
            return Call("extract", (Const(field), *self._list(")")))
        if name == "trim":
            self.word("both")
            self.word("from")
            return Call("btrim", self._list(")"))
        if name == "position":
            needle = self._operation()
            if not self.word("in"):
                raise NotUnderstoodError
            return Call("position", (needle, *self._list(")")))
        return Call(name, self._list(")"))

    def _case(self) -> Node:
        subject = None if self.tokens[self.at][1].lower() == "when" else self.disjunction()
        branches: list[tuple[Node, Node]] = []
        while self.word("when"):
            condition = self.disjunction()
            if subject is not None:
                condition = Binary("=", subject, condition)
            if not self.word("then"):
                raise NotUnderstoodError
            branches.append((condition, self.disjunction()))
        otherwise = self.disjunction() if self.word("else") else Const(None)
        if not self.word("end"):
            raise NotUnderstoodError
        return Case(tuple(branches), otherwise)


_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_TYPED = frozenset({"interval", "date", "timestamp", "timestamptz", "time", "numeric"})


def _negated(node: Node) -> Node:
    if isinstance(node, Const) and isinstance(node.value, int | Decimal) and not isinstance(node.value, bool):
        return Const(-node.value)
    return Call("-", (node,))


def _elements(inside: Node) -> tuple[Node, ...]:
    """The elements of an array that is written out; else the array itself."""
    bare = plain(inside)
    if isinstance(bare, Array):
        return bare.items
    if isinstance(bare, Const) and isinstance(bare.value, str) and bare.value.startswith("{"):
        return tuple(Const(item) for item in array_items(bare.value))
    return (inside,)
