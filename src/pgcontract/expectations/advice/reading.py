"""What an expression or a query as Postgres deparses it speaks of: a walk over its tokens, never over the raw text."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pgcontract.catalog.lexis import UnclosedError, tokens
from pgcontract.names import qualified
from pgcontract.synth.expressions import parse
from pgcontract.synth.tree import And, Binary, Column, Const, Is, Node, Not, Or, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation


class Token(NamedTuple):
    """A token that is no blank; `name` is what a word or a quoted word names, else None."""

    kind: str
    text: str
    start: int
    name: str | None

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.text)


@lru_cache(maxsize=16384)
def cut(text: str) -> tuple[Token, ...]:
    """The tokens; none where the text is not SQL to its end, as a function's in another language is."""
    try:
        return tuple(Token(kind, piece, at, _name(kind, piece)) for kind, piece, at in tokens(text) if piece.strip())
    except UnclosedError:
        return ()


def _name(kind: str, piece: str) -> str | None:
    if kind == "quoted":
        return piece[1:-1].replace('""', '"')
    return piece.lower() if kind == "word" else None


def expressions(policy: Policy) -> str:
    """Both expressions of a policy, to be looked through."""
    return "\n".join(filter(None, (policy.using, policy.with_check)))


@lru_cache(maxsize=16384)
def _named(text: str) -> tuple[tuple[str, bool], ...]:
    """Every `schema.name`, canonical, and whether a bracket follows it."""
    found, all_ = [], cut(text)
    for k in range(len(all_) - 2):
        schema, dot, name = all_[k : k + 3]
        if dot.text == "." and schema.name is not None and name.name is not None:
            called = k + 3 < len(all_) and all_[k + 3].text == "("
            found.append((qualified(schema.name, name.name), called))
    return tuple(found)


def relations_in(catalog: Catalog, text: str) -> frozenset[str]:
    """The relations that a deparsed text reads; under an empty search_path each is qualified."""
    return frozenset(name for name, called in _named(text) if not called and name in catalog.relations)


def functions_in(catalog: Catalog, text: str) -> frozenset[str]:
    """The canonical names of the functions that a deparsed text calls, without those of `pg_catalog`."""
    return frozenset(name for name, called in _named(text) if called and name in catalog.overloads)


def called_sources(catalog: Catalog, text: str) -> Iterator[str]:
    """The bodies of the functions that a text calls, and of those that they call, by qualified name."""
    waiting, seen = list(functions_in(catalog, text)), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for function in catalog.overloads[name]:
            if function.extension is None and function.source:
                yield function.source
                waiting += functions_in(catalog, function.source)


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int


_SETTINGS = "current_setting"


def calls_for_each_row(text: str) -> Iterator[Span]:
    """The calls of `auth.…()` and `current_setting(…)` that Postgres makes again for each row.

    A call is made once where it is all that a `(select …)` without FROM selects, as `(select auth.uid())`.
    """
    all_ = cut(text)
    once: list[bool] = [False]  # for each open bracket, whether it is a select without FROM
    for k, token in enumerate(all_):
        if token.text == "(":
            once.append(_plain_select(all_, k) or (once[-1] and not _is_select(all_, k)))
        elif token.text == ")" and len(once) > 1:
            once.pop()
        elif not once[-1] and (end := _call(all_, k)) is not None:
            yield Span(token.start, all_[end].end)


def _is_select(all_: tuple[Token, ...], bracket: int) -> bool:
    return bracket + 1 < len(all_) and all_[bracket + 1].text.lower() == "select"


def _plain_select(all_: tuple[Token, ...], bracket: int) -> bool:
    if not _is_select(all_, bracket):
        return False
    depth = 0
    for token in all_[bracket:]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return True
        if depth == 1 and token.kind == "word" and token.name == "from":
            return False
    return False


def _call(all_: tuple[Token, ...], k: int) -> int | None:
    """The closing bracket's place if such a call begins here, with arguments that are the same for every row."""
    texts = [token.text for token in all_[k : k + 4]]
    if len(texts) == 4 and texts[0] == "auth" and texts[1] == "." and texts[3] == "(":  # noqa: PLR2004 - four tokens
        opening = k + 3
    elif texts[:2] == [_SETTINGS, "("] and (k == 0 or all_[k - 1].text != "."):
        opening = k + 1
    else:
        return None
    depth = 0
    for place in range(opening, len(all_)):
        depth += {"(": 1, ")": -1}.get(all_[place].text, 0)
        if depth == 0:
            return place if _same_for_all(all_[opening:place]) else None
    return None


def _same_for_all(arguments: tuple[Token, ...]) -> bool:
    """Whether the arguments are literals: no word but a type's after `::`, and `true` or `false`."""
    for before, token in pairwise(arguments):
        if token.name is not None and before.text != ":" and token.name not in {"true", "false"}:
            return False
    return True


_OUTER = frozenset({"left", "right", "full"})
_UNITED = frozenset({"union", "intersect", "except"})


def filters_by_caller(query: str) -> bool:
    """Whether a view's query compares a column with who is asking in its WHERE or inner join: `owner = auth.uid()`.

    Of a union, each part would have to: it counts as one that does not. So does an outer join's condition.
    """
    all_ = cut(query)
    outer = any(token.kind == "word" and token.name in _OUTER for token in all_)
    inside: list[bool] = []  # for each open bracket, whether a query of its own is in it
    filtering = found = False
    for k, token in enumerate(all_):
        if token.text == "(":
            inside.append(_is_select(all_, k))
        elif token.text == ")":
            inside.pop()
        elif token.kind == "word" and not any(inside):
            if token.name in _UNITED:
                return False
            filtering = filtering or token.name == "where" or (token.name == "on" and not outer)
        if filtering and not found and (end := _call(all_, k)) is not None:
            found = _compared(all_, k, end)
    return found


def _compared(all_: tuple[Token, ...], start: int, end: int) -> bool:
    """Whether a call stands beside `=` with a name on the other side."""
    before = start - 1
    while before > 1 and (all_[before].text == "(" or all_[before].name == "select"):
        before -= 1
    if all_[before].text == "=" and all_[before - 1].name is not None:
        return True
    after = end + 1
    while after < len(all_) - 1 and (all_[after].text == ")" or all_[after].name in {"as", "uid", "email"}):
        after += 1
    return after < len(all_) - 1 and all_[after].text == "=" and all_[after + 1].name is not None


_SIGNED_IN = frozenset({"auth", "uid", "role", "is", "not", "null", "text", "select", "as", "or", "and"})
_STRINGS = frozenset({"'authenticated'", "'anon'"})


def asks_only_sign_in(text: str | None) -> bool:
    """Whether a condition asks no more than that somebody is signed in: `auth.uid() is not null`, of whatever row."""
    all_ = cut(text or "")
    names = {token.name for token in all_ if token.name is not None}
    strings = {token.text for token in all_ if token.kind == "string"}
    return "auth" in names and names <= _SIGNED_IN and strings <= _STRINGS


def always_true(text: str | None, relation: Relation) -> bool:
    """Whether an expression holds for every row there can be: `true`, `1 = 1`, `id is not null` of such a column."""
    if text is None:
        return False
    node = parse(text)
    return node is not None and _true(node, relation)


def _true(node: Node, relation: Relation) -> bool:
    node = plain(node)
    if isinstance(node, And):
        return all(_true(item, relation) for item in node.items)
    if isinstance(node, Or):
        return any(_true(item, relation) for item in node.items)
    if isinstance(node, Binary) and node.operator == "=" and plain(node.left) == plain(node.right):
        left = plain(node.left)
        return isinstance(left, Const) or _never_null(left, relation)
    if isinstance(node, Is) and node.word == "null" and node.negated:
        return _never_null(plain(node.operand), relation)
    return node == Const(True) or (isinstance(node, Not) and plain(node.operand) == Const(False))


def _never_null(node: Node, relation: Relation) -> bool:
    """Whether it is a column that refuses NULL."""
    return isinstance(node, Column) and node.name in relation.columns and relation.columns[node.name].not_null
