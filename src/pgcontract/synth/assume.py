"""What follows for the columns when a check is to hold, or not to."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from pgcontract.synth.atoms import compare, predicate, quantified
from pgcontract.synth.evaluate import UNKNOWN, evaluate
from pgcontract.synth.limits import opposite
from pgcontract.synth.terms import place
from pgcontract.synth.tree import (
    And,
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
    columns,
    plain,
)

if TYPE_CHECKING:
    from pgcontract.synth.state import State

_MOST_COUNTED = 8
_PREDICATES = (And, Or, Not, Is, Quantified)


def assume(state: State, node: Node, *, truth: bool) -> bool:
    """Narrow the state so that the node holds (or does not); False where that cannot be."""
    if isinstance(node, Cast) and node.type == "boolean" and isinstance(plain(node), Binary):
        return compare(state, Binary("=", plain(node), Const(truth)), truth=True)
    node = plain(node)
    match node:
        case And(items) if truth:
            return all(assume(state, item, truth=True) for item in items)
        case Or(items) if not truth:
            return all(assume(state, item, truth=False) for item in items)
        case And(items) | Or(items):
            state.pending.append(tuple(item if truth else Not(item) for item in items))
            return True
        case Not(operand):
            return assume(state, operand, truth=not truth)
        case Case():
            state.pending.append(_branches(node, truth=truth))
            return True
        case Const(value):
            return value is None or value == truth
        case Column(name):
            return state.of(name).one_of([truth])
        case Is():
            return _is(state, node, truth=truth)
        case Quantified():
            return quantified(state, node, truth=truth)
        case Binary():
            return _binary(state, node, truth=truth)
        case _:
            return predicate(state, node, truth=truth)


def _branches(node: Case, *, truth: bool) -> tuple[Node, ...]:
    """A CASE as alternatives: one of its conditions is the first that holds."""
    found: list[Node] = []
    before: list[Node] = []
    for condition, result in (*node.branches, (Const(value=True), node.otherwise)):
        found.append(And((*before, _certain(condition), result if truth else Not(result))))
        before.append(Not(condition))
    return tuple(found)


def _certain(node: Node) -> Node:
    """The condition, and that it is true, not NULL."""
    bare = plain(node)
    if isinstance(bare, And):
        return And(tuple(map(_certain, bare.items)))
    if isinstance(bare, Or):
        return Or(tuple(map(_certain, bare.items)))
    if isinstance(bare, Is | Not | Const | Case):
        return node
    return And((node, *(Is(Column(name), "null", negated=True) for name in sorted(columns(bare)))))


def _is(state: State, node: Is, *, truth: bool) -> bool:
    operand, wanted = plain(node.operand), truth != node.negated
    if node.word == "null":
        if isinstance(operand, Column):
            return state.of(operand.name).is_null(null=wanted)
        return _null_term(state, operand, null=wanted)
    says = node.word == "true"
    if wanted:
        return assume(state, _certain(operand if says else Not(operand)), truth=True) and (
            says or all(state.of(name).is_null(null=False) for name in columns(operand))
        )
    state.pending.append((Not(operand) if says else operand, *_nulls(operand)))
    return True


def _nulls(node: Node) -> list[Node]:
    return [Is(Column(name), "null") for name in sorted(columns(node))]


def _null_term(state: State, operand: Node, *, null: bool) -> bool:
    """Whether a term that is no column is NULL: a json object's field, a function of columns."""
    match operand:
        case Binary("->" | "->>" | "#>" | "#>>") if not null and place(state, operand) is not None:
            return all(state.of(name).is_null(null=False) for name in columns(operand))
        case Call("lower" | "upper", (argument,)) if null and _is_range(state, argument):
            return False  # ranges are made with both bounds
        case Call("coalesce", arguments):
            if null:
                return all(assume(state, Is(argument, "null"), truth=True) for argument in arguments)
            state.pending.append(tuple(Is(argument, "null", negated=True) for argument in arguments))
            return True
        case Call("nullif", (first, second)) if not null:
            return assume(state, Is(first, "null", negated=True), truth=True) and assume(
                state, Binary("=", first, second), truth=False
            )
        case _ if not null:
            state.links.append(Is(operand, "null", negated=True))
            return all(state.of(name).is_null(null=False) for name in columns(operand))
    state.links.append(Is(operand, "null"))
    return True


def _is_range(state: State, node: Node) -> bool:
    bare = plain(node)
    kind = state.kinds.get(bare.name) if isinstance(bare, Column) else None
    return kind is not None and kind.base.endswith("range")


def _is_predicate(state: State, node: Node) -> bool:
    bare = plain(node)
    if isinstance(bare, Column):
        kind = state.kinds.get(bare.name)
        return kind is not None and kind.base == "boolean" and not kind.array
    if isinstance(bare, Binary):
        return opposite(bare.operator) is not None or "~" in bare.operator or bare.operator.startswith("is ")
    return isinstance(bare, _PREDICATES)


def _binary(state: State, node: Binary, *, truth: bool) -> bool:
    operator, left, right = node.operator, node.left, node.right
    if operator in {"is distinct from", "is not distinct from"}:
        return _distinct(state, node, same=truth == (operator == "is not distinct from"))
    if operator in {"=", "<>"} and _is_predicate(state, left) and _is_predicate(state, right):
        same = truth == (operator == "=")
        state.pending.append(
            (
                And((left, right if same else Not(right))),
                And((Not(left), Not(right) if same else right)),
            )
        )
        return True
    counted = _counted(left)
    wanted = evaluate(right, {})
    if counted is not None and isinstance(wanted, int):
        return _count(state, counted, operator, wanted, truth=truth)
    return compare(state, node, truth=truth)


def _distinct(state: State, node: Binary, *, same: bool) -> bool:
    left, right = node.left, node.right
    either = (Is(left, "null"), Is(right, "null"))
    neither = (Is(left, "null", negated=True), Is(right, "null", negated=True))
    if same:
        state.pending.append((And((*neither, Binary("=", left, right))), And(either)))
    elif evaluate(right, {}) is UNKNOWN:
        state.pending.append(
            (And((*neither, Binary("<>", left, right))), And((neither[0], either[1])), And((either[0], neither[1])))
        )
    else:
        state.pending.append((Binary("<>", left, right),))
    return True


def _counted(node: Node) -> tuple[Node, ...] | None:
    """The conditions that an expression counts: `num_nonnulls(a, b)`, `(a IS NOT NULL)::integer + …`."""
    node = node if isinstance(node, Cast) and isinstance(plain(node), _PREDICATES) else plain(node)
    match node:
        case Call("num_nonnulls", arguments):
            return tuple(Is(argument, "null", negated=True) for argument in arguments)
        case Call("num_nulls", arguments):
            return tuple(Is(argument, "null") for argument in arguments)
        case Cast(operand) if isinstance(plain(operand), _PREDICATES):
            return (plain(operand),)
        case Case(((condition, Const(1)),), Const(0)):
            return (condition,)
        case Binary("+", left, right):
            first, second = _counted(left), _counted(right)
            return None if first is None or second is None else first + second
        case _:
            return None


def _count(state: State, conditions: tuple[Node, ...], operator: str, wanted: int, *, truth: bool) -> bool:
    """So many of the conditions hold: an alternative for each choice of them."""
    if len(conditions) > _MOST_COUNTED:
        state.unknown.append(Const(value=True))
        return True
    options: list[Node] = []
    for count in range(len(conditions) + 1):
        if evaluate(Binary(operator, Const(count), Const(wanted)), {}) is truth:
            for chosen in combinations(conditions, count):
                options.append(And(tuple(part if part in chosen else Not(part) for part in conditions)))  # noqa: PERF401
    state.pending.append(tuple(options))
    return bool(options)
