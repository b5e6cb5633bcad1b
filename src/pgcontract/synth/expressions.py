"""A tolerant parser of expressions as Postgres deparses them (`pg_get_expr`).

The text comes from the server, so it is regular: brackets stand wherever precedence could be in doubt, names are
qualified and quoted where they must be. What is not understood gives None, never an error: the server is asked instead.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

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
_TYPE_TAILS = ("varying", "precision", "with time zone", "without time zone")
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


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def text(self) -> str:
        return self._tokens[self._at][1]

    def _next(self) -> str:
        text = self.text
        self._at += 1
        return text

    def _word(self, *words: str) -> bool:
        """Take these keywords if they come next."""
        for offset, word in enumerate(words):
            kind, text = self._tokens[min(self._at + offset, len(self._tokens) - 1)]
            if kind != "word" or text.lower() != word:
                return False
        self._at += len(words)
        return True

    def _mark(self, *marks: str) -> bool:
        if self.kind in {"mark", "cast"} and self.text in marks:
            self._at += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._mark(mark):
            raise NotUnderstoodError

    def disjunction(self) -> Node:
        items = [self._conjunction()]
        while self._word("or"):
            items.append(self._conjunction())
        return items[0] if len(items) == 1 else Or(tuple(items))

    def _conjunction(self) -> Node:
        items = [self._negation()]
        while self._word("and"):
            items.append(self._negation())
        return items[0] if len(items) == 1 else And(tuple(items))

    def _negation(self) -> Node:
        return Not(self._negation()) if self._word("not") else self._comparison()

    def _comparison(self) -> Node:
        left = self._operation()
        while True:
            if self._word("is"):
                left = self._is(left)
            elif self.kind == "operator" and self.text in _COMPARISONS:
                left = self._compared(left, self._next().replace("!=", "<>"))
            elif (worded := self._worded(left)) is not None:
                left = worded
            else:
                return left

    def _worded(self, left: Node) -> Node | None:
        """BETWEEN, IN and LIKE as people write them; the server has deparsed them away."""
        start, negated = self._at, self._word("not")
        node: Node | None = None
        if self._word("between"):
            low = self._operation()
            if not self._word("and"):
                raise NotUnderstoodError
            node = And((Binary(">=", left, low), Binary("<=", left, self._operation())))
        elif self._word("in"):
            self._expect("(")
            node = Quantified("=", left, every=False, items=self._list(")"))
        else:
            for word, operator in _LIKES.items():
                if node is None and self._word(word):
                    node = Binary(operator, left, self._operation())
        if node is None:
            self._at = start
            return None
        return Not(node) if negated else node

    def _is(self, left: Node) -> Node:
        negated = self._word("not")
        if self._word("distinct", "from"):
            right = self._operation()
            return Binary("is not distinct from" if negated else "is distinct from", left, right)
        word = self._next().lower()
        if word not in {"null", "true", "false"}:
            raise NotUnderstoodError
        return Is(left, word, negated)

    def _compared(self, left: Node, operator: str) -> Node:
        for word in ("any", "some", "all"):
            if self._word(word):
                self._expect("(")
                inside = self.disjunction()
                self._expect(")")
                return Quantified(operator, left, word == "all", _elements(inside))
        return Binary(operator, left, self._operation())

    def _operation(self) -> Node:
        left = self._sum()
        while (self.kind == "operator" and self.text not in _COMPARISONS) or self._is_operator_call():
            left = self._compared_by_other(left)
        return left

    def _is_operator_call(self) -> bool:
        return self.kind == "word" and self.text == "OPERATOR" and self._tokens[self._at + 1][1] == "("

    def _compared_by_other(self, left: Node) -> Node:
        operator = self._operator_name() if self._is_operator_call() else self._next()
        if self._tokens[self._at][1].upper() in {"ANY", "ALL"}:
            return self._compared(left, operator)
        return Binary(operator, left, self._sum())

    def _operator_name(self) -> str:
        """The operator in `OPERATOR(schema.~)`."""
        self._at += 2
        operator = ""
        while not self._mark(")"):
            operator = self._next()
            if self.kind == "end":
                raise NotUnderstoodError
        return operator

    def _sum(self) -> Node:
        left = self._product()
        while self.kind == "operator" and self.text in {"+", "-"}:
            left = Binary(self._next(), left, self._product())
        return left

    def _product(self) -> Node:
        left = self._unary()
        while self.kind == "operator" and self.text in {"*", "/", "%"}:
            left = Binary(self._next(), left, self._unary())
        return left

    def _unary(self) -> Node:
        if self.kind == "operator" and self.text == "-":
            self._at += 1
            return _negated(self._unary())
        return self._suffixed(self._primary())

    def _suffixed(self, node: Node) -> Node:
        while True:
            if self._mark("::"):
                node = Cast(node, self._type())
            elif self._mark("["):
                node = Call("[]", (node, *self._list("]")))
            elif self._word("collate"):
                self._name(self._next())
            elif self._word("at", "time", "zone"):
                node = Call("at time zone", (node, self._suffixed(self._primary())))
            else:
                return node

    def _type(self) -> str:
        name = self._name(self._next())
        for tail in _TYPE_TAILS:
            if self._word(*tail.split()):
                name = f"{name} {tail}"
        if self._mark("("):
            name += "(" + ",".join(str(getattr(item, "value", "")) for item in self._list(")")) + ")"
            for tail in _TYPE_TAILS[2:]:
                if self._word(*tail.split()):
                    name = f"{name} {tail}"
        while self._mark("["):
            self._expect("]")
            name += "[]"
        return name

    def _name(self, first: str) -> str:
        """A dotted name, as it stands."""
        while self._mark("."):
            first = f"{first}.{self._next()}"
        return first

    def _list(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        if self._mark(closing):
            return ()
        while True:
            items.append(self.disjunction())
            if self._mark(closing):
                return tuple(items)
            self._expect(",")

    def _primary(self) -> Node:
        kind = self.kind
        if self._mark("("):
            items = self._list(")")
            return items[0] if len(items) == 1 else Call("row", items)
        text = self._next()
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
        if word == "array" and self._mark("["):
            return Array(self._list("]"))
        if word in _NILADIC and self.text != "(":
            return Call(word, ())
        last = text
        while self._mark("."):
            last = self._next()
        name = last[1:-1].replace('""', '"') if last.startswith('"') else last
        if self._mark("("):
            return self._call(name.lower()) if kind == "word" else Call(name, self._list(")"))
        if self.kind == "string" and word in _TYPED:
            return Cast(Const(unescaped(self._next())), word)
        return Column(name)

    def _call(self, name: str) -> Node:
        if name == "extract":
            field = self._next().strip("'").lower()
            if not self._word("from"):
                self._expect(",")
            return Call("extract", (Const(field), *self._list(")")))
        if name == "trim":
            self._word("both")
            self._word("from")
            return Call("btrim", self._list(")"))
        if name == "position":
            needle = self._operation()
            if not self._word("in"):
                raise NotUnderstoodError
            return Call("position", (needle, *self._list(")")))
        return Call(name, self._list(")"))

    def _case(self) -> Node:
        subject = None if self._tokens[self._at][1].lower() == "when" else self.disjunction()
        branches: list[tuple[Node, Node]] = []
        while self._word("when"):
            condition = self.disjunction()
            if subject is not None:
                condition = Binary("=", subject, condition)
            if not self._word("then"):
                raise NotUnderstoodError
            branches.append((condition, self.disjunction()))
        otherwise = self.disjunction() if self._word("else") else Const(None)
        if not self._word("end"):
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
