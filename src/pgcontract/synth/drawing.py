"""One row drawn from a plan, as far as it can be without asking the server."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import converted
from pgcontract.synth.evaluate import evaluate
from pgcontract.synth.failures import NoValueError
from pgcontract.synth.isolate import isolated
from pgcontract.synth.limits import opposite
from pgcontract.synth.operators import CannotError, pattern_of
from pgcontract.synth.tree import Binary, Column, Node, calls, columns, plain
from pgcontract.synth.values import value
from pgcontract.synth.wish import Wish

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.synth.draw import Draw
    from pgcontract.synth.limits import Limits
    from pgcontract.synth.plan import Plan
    from pgcontract.synth.state import State
    from pgcontract.synth.wanting import Request

_TRIES = 16


def fill(catalog: Catalog, plan: Plan, state: State, request: Request, draw: Draw) -> dict[str, Any]:
    """A value for each column, under what is known.

    Raises:
        NoValueError: None was found; the message says for which column or check.
    """
    reason = NoValueError("nothing was tried")
    for attempt in range(_TRIES):
        try:
            row = _Filling(catalog, plan, state.copy(), request, draw.again(attempt)).row()
        except NoValueError as error:
            reason = error
            continue
        broken = next((check for check in plan.checks if check.node and evaluate(check.node, row) is False), None)
        if broken is None:
            return row
        reason = NoValueError(f"no values were found that satisfy the check {broken.name}: {broken.text}")
    raise reason


class _Filling:
    """One attempt: columns are drawn one after another, and each narrows those that are compared with it."""

    def __init__(self, catalog: Catalog, plan: Plan, state: State, request: Request, draw: Draw) -> None:
        self._catalog = catalog
        self._plan = plan
        self._state = state
        self._request = request
        self._draw = draw
        self._row: dict[str, Any] = {}

    def row(self) -> dict[str, Any]:
        """The values, in the order of the columns."""
        for name in self._plan.columns:
            if name in self._request.fixed:
                self._row[name] = self._fixed(name)
        for node in self._state.links:
            self._propagate(node)
        left = [name for name in self._plan.columns if name not in self._row]
        for name in sorted(left, key=self._rank):
            self._narrow(name)
            self._row[name] = self._value(name)
        return {name: self._row[name] for name in self._plan.columns}

    def _fixed(self, name: str) -> Any:
        """What is settled, as Python's value where it is one of the column's type."""
        known = self._request.fixed[name]
        with suppress(TypeError, ValueError):
            return None if known is None else converted(self._plan.kinds[name], known)
        return known

    def _rank(self, name: str, above: frozenset[str] = frozenset()) -> int:
        """What is computed of others comes after them, unless its bounds leave so little that they had better fit."""
        sides = [
            other
            for node in self._state.links
            if isinstance(node, Binary) and node.operator == "=" and len(columns(node)) > 1
            for one, other in ((node.left, node.right), (node.right, node.left))
            if plain(one) == Column(name)
        ]
        limits = self._state.limits.get(name)
        narrow = limits is not None and (limits.among is not None or None not in {limits.low, limits.high})
        if not sides or (narrow and not any(map(calls, sides))):
            return 0 if narrow else 1
        of = frozenset(other for side in sides for other in columns(side)) - above - {name}
        return 2 + max((self._rank(other, above | {name}) for other in of), default=0)

    def _propagate(self, node: Node) -> None:
        """`a < b`: the bounds of one column bound the other before either is drawn."""
        if not isinstance(node, Binary) or node.operator not in {"<", "<=", ">", ">="}:
            return
        small, large = plain(node.left), plain(node.right)
        if node.operator in {">", ">="}:
            small, large = large, small
        if isinstance(small, Column) and isinstance(large, Column):
            least, most = self._state.of(small.name).low, self._state.of(large.name).high
            among = self._state.of(large.name).among
            most = max(among) if among else most
            operator = ">=" if "=" in node.operator else ">"
            self._try(large.name, operator, least)
            self._try(small.name, operator.replace(">", "<"), most)

    def _try(self, name: str, operator: str, bound: Any) -> None:
        if bound is not None and name not in self._row:
            kept = self._state.of(name).copy()
            try:
                if kept.compared(operator, converted(self._plan.kinds[name], bound)) and not kept.null:
                    self._state.limits[name] = kept
            except (TypeError, ValueError):
                return

    def _narrow(self, name: str) -> None:
        """What the values that are there say of this one."""
        limits = self._state.of(name)
        for node in self._state.links:
            if not isinstance(node, Binary) or name not in columns(node):
                continue
            if not columns(node) - {name} <= set(self._row):
                continue
            if "~" in node.operator and plain(node.left) == Column(name):
                self._match(limits, node)
            if opposite(node.operator) is None:
                continue
            found = isolated(node, name, self._row)
            if found is None or found[1] is None:
                continue
            try:
                compared = converted(self._plan.kinds[name], found[1])
                if not limits.compared(found[0], compared):
                    raise NoValueError(f"nothing is left for {name}")
            except (TypeError, ValueError):
                continue

    def _match(self, limits: Limits, node: Binary) -> None:
        """`column LIKE other || '%'`: the pattern is there by now."""
        pattern = evaluate(node.right, self._row)
        if isinstance(pattern, str):
            with suppress(CannotError):
                tree, found = pattern_of(node.operator, pattern)
                limits.matched(tree, found=found)

    def _value(self, name: str) -> Any:
        limits, plan, request = self._state.of(name), self._plan, self._request
        if name in request.avoid:
            limits.excluded += tuple(converted(plan.kinds[name], one) for one in request.avoid[name])
        level = request.levels.get(name, ("",))[0]
        wish = Wish(
            self._draw,
            limits,
            marker=request.marker(name) if request.marker is not None else "",
            fresh=name in plan.keyed,
            level=level,
            guess=request.guess,
        )
        try:
            return self._drawn(name, wish)
        except NoValueError as error:
            if limits.null is not False:
                return None
            raise NoValueError(f"{name}: {error}") from error

    def _drawn(self, name: str, wish: Wish) -> Any:
        """A value that also passes what can only be tested: a weekday, a remainder, a function of it."""
        tests = [node for node in self._state.links if columns(node) and columns(node) <= {*self._row, name}]
        mine = [node for node in tests if name in columns(node)]
        for attempt in range(_TRIES * 4):
            guess = attempt - _TRIES * 2 if mine and attempt >= _TRIES * 2 else wish.guess
            other = replace(wish, draw=wish.draw.again(attempt), guess=guess)
            found = value(self._catalog, self._plan.types[name], other)
            if all(evaluate(node, {**self._row, name: found}) is not False for node in mine):
                return found
        raise NoValueError("no value was found that passes its checks")
