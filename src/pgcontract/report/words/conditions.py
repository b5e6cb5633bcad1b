"""Conditions in words, or in SQL where there are no words that would say no more and no less.

SQL has three truth values and a row is let through only where its condition is true, so the words must not let a NULL
through either: `a <> 1` is "`a` is set and is not 1", and `NOT (a = 1)` likewise.
"""

from __future__ import annotations

from pgcontract.report.words.comparisons import compared
from pgcontract.report.words.pieces import Words, code, is_raw, listed, raw, say
from pgcontract.report.words.scanner import one_line
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
    Query,
    Test,
)
from pgcontract.report.words.values import NotSaidError, Sight, is_empty, platforms, text_of, value

_DEEPEST = 2
_MEMBERSHIPS = {"member": "is a member of", "usage": "has the privileges of"}


def condition(node: Node, sight: Sight, *, bare: bool = False, depth: int = 0) -> Words:
    """A condition in words; SQL where there are none.

    Args:
        node: The condition.
        sight: From where it is looked at.
        bare: Whether it stands after `whose`.
        depth: How many joined conditions are about it: beyond two, words would leave open what belongs to what.
    """
    try:
        return _condition(node, sight, bare=bare, depth=depth)
    except NotSaidError:
        return raw(one_line(node.sql))


def _condition(node: Node, sight: Sight, *, bare: bool, depth: int) -> Words:
    match node:
        case Logic():
            return _joined(node, sight, depth)
        case Comparison() | Among():
            return compared(node, sight, _one_of, bare=bare)
        case Test():
            return _tested(node, sight, bare=bare)
        case Negation(operand=operand):
            return _negated(operand, sight, bare=bare)
        case Exists(query=query):
            return say("there is {}", rows_of(query, sight))
        case Query(item=item, sources=()) if item is not None:
            return _condition(item, sight, bare=bare, depth=depth)
        case Call(function="coalesce", arguments=(operand, Literal(sql="false"))):
            return _condition(operand, sight, bare=bare, depth=depth)
        case Call(function="pg_has_role", arguments=(Call(function="current_user"), role, kind)):
            return _member(role, kind)
        case Name() | Call() | Cast(type="boolean"):
            return say("{} is true", _truth(node, sight, bare=bare))
        case _:
            raise NotSaidError


def _truth(node: Node, sight: Sight, *, bare: bool) -> Words:
    """What is true or false: a column, a claim, a call."""
    if isinstance(node, Cast) and isinstance(node.operand, Comparison):
        node = node.operand
    return value(node, sight, bare=bare)


def _member(role: Node, kind: Node) -> Words:
    name, how = text_of(role), text_of(kind)
    said = _MEMBERSHIPS.get((how or "").lower())
    if name is None or said is None:
        raise NotSaidError
    return say(f"the current role {said} {{}}", code(name))


def _joined(node: Logic, sight: Sight, depth: int) -> Words:
    if depth >= _DEEPEST:
        raise NotSaidError
    items = sorted(node.items, key=_length)
    said = [_grouped(item, sight, depth + 1) for item in items]
    word = node.word.lower()
    # After what is long, a comma says that it is over.
    return listed(said, f", {word} " if any(map(_length, items)) else f" {word} ")


def _grouped(item: Node, sight: Sight, depth: int) -> Words:
    """A condition among others; those that are joined themselves say where they begin."""
    said = condition(item, sight, depth=depth)
    if not isinstance(item, Logic) or is_raw(said):
        return said
    if item.word == "OR":
        return say("either {}", said)
    return say("both {}" if len(item.items) == 2 else "all of {}", said)  # noqa: PLR2004 - both are two


def _length(node: Node) -> int:
    """The simple first: what follows a query or conditions that are joined would seem to belong to them."""
    if isinstance(node, Logic):
        return 2
    if isinstance(node, Negation):
        return _length(node.operand)
    right = node.right if isinstance(node, Among | Comparison) else None
    return int(isinstance(node, Exists) or (isinstance(right, Query) and bool(right.sources)))


def _tested(node: Test, sight: Sight, *, bare: bool) -> Words:
    operand = node.operand
    while isinstance(operand, Query) and not operand.sources and operand.item is not None:
        operand = operand.item
    if node.word != "NULL":
        opposite = {"TRUE": "false", "FALSE": "true"}[node.word]
        said = "{} is " + (f"{opposite} (or unset)" if node.negated else node.word.lower())
        return say(said, _truth(operand, sight, bare=bare))
    while isinstance(operand, Cast):
        operand = operand.operand  # a cast makes NULL of nothing
    if isinstance(operand, Call) and operand.function == "auth.uid" and platforms("auth.uid", sight.catalog):
        return say("the caller is signed in" if node.negated else "the caller is not signed in")
    empty = isinstance(operand, Call) and operand.function == "nullif" and is_empty(operand.arguments[-1])
    unset = "set (and not empty)" if node.negated else "unset (or empty)"
    said = unset if empty else unset.partition(" ")[0]
    if empty and isinstance(operand, Call):
        operand = operand.arguments[0]
    return say("{} is " + said, value(operand, sight, bare=bare))


def _negated(node: Node, sight: Sight, *, bare: bool) -> Words:
    match node:
        case Exists(query=query):
            return say("there is no {}", rows_of(query, sight, article=""))
        case Comparison(sql, "IS DISTINCT FROM", left, right):
            return compared(Comparison(sql, "IS NOT DISTINCT FROM", left, right), sight, _one_of, bare=bare)
        case Comparison(sql, "=", left, right):
            return compared(Comparison(sql, "<>", left, right), sight, _one_of, bare=bare)
        case Among(sql, "=", False, left, Elements() as right):
            return compared(Among(sql, "<>", True, left, right), sight, _one_of, bare=bare)
        case Test(sql, operand, "NULL", negated):
            return _tested(Test(sql, operand, "NULL", not negated), sight, bare=bare)
        case Call(function="coalesce", arguments=(operand, Literal(sql="false"))):
            return say("{} is false (or unset)", _truth(operand, sight, bare=bare))
        case Name() | Call() | Cast(type="boolean"):
            return say("{} is false", _truth(node, sight, bare=bare))
        case _:
            raise NotSaidError


def rows_of(query: Query, sight: Sight, article: str = "a ") -> Words:
    """The rows that a query finds: `a row of x whose a is 1 and whose b is 2`."""
    inner = sight.within(query)
    if len(query.sources) != 1:
        return _several(query, inner, article)
    (source,) = query.sources
    clauses = [_clause(one, inner) for one in query.conditions]
    named = any(piece.raw for clause in clauses for piece in clause)
    table = say(f"{article}row of {{}}", code(source.relation))
    if named:
        table = say("{} (here {})", table, code(source.alias))
    return say("{} {}", table, say(" and ".join(["{}"] * len(clauses)), *clauses)) if clauses else table


def _several(query: Query, inner: Sight, article: str) -> Words:
    if not query.sources:
        raise NotSaidError
    each = [say("{} of {}", code(source.alias), code(source.relation)) for source in query.sources]
    said = [_grouped(one, inner, 1) for one in query.conditions]
    rows = say(f"{article}combination of rows {{}}", listed(each))
    return say("{} such that {}", rows, listed(said)) if said else rows


def _clause(node: Node, inner: Sight) -> Words:
    """What is so of the row that is looked for."""
    if _speaks_of_it_first(node, inner):
        said = condition(node, inner, bare=True, depth=1)
        if not is_raw(said):
            return say("whose {}", said)
    return say("for which {}", _grouped(node, inner, 1))


def _speaks_of_it_first(node: Node, inner: Sight) -> bool:
    """Whether its words begin with a column of the row that is looked for."""
    match node:
        case Comparison(left=left, right=right):
            return any(inner.is_inner(_uncast(side)) for side in (left, right))
        case Among(left=operand) | Test(operand=operand) | Negation(operand=operand):
            return _speaks_of_it_first(operand, inner)
        case _:
            return inner.is_inner(_uncast(node))


def _uncast(node: Node) -> Node:
    while isinstance(node, Cast):
        node = node.operand
    return node


def _one_of(query: Query, sight: Sight) -> Words:
    """What a query selects: `the org_id of a row of memberships whose user_id is the caller's id`."""
    inner = sight.within(query)
    if query.item is None or not inner.is_inner(query.item):
        raise NotSaidError
    return say("the {} of {}", value(query.item, inner, bare=True), rows_of(query, sight))
