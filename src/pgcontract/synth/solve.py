"""What checks leave of a row: limits for each column, and comparisons between columns that are applied while drawing.

A check holds unless it is false, so a comparison with NULL holds. That makes it sound to go through AND, OR and NOT
one by one: for AND all parts hold, for OR one of them is chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.synth.assume import assume
from pgcontract.synth.expressions import parse
from pgcontract.synth.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.synth.draw import Draw
    from pgcontract.synth.state import Kinds
    from pgcontract.synth.tree import Node

_MOST_STEPS = 400


def solve(checks: Iterable[str | Node], kinds: Kinds, draw: Draw, start: State | None = None) -> State | None:
    """Limits under which all checks hold, with one alternative chosen wherever there are several; None for none.

    Args:
        checks: Expressions as Postgres deparses them, or their trees; a text that is not understood is left out.
        kinds: The base types of the columns.
        draw: Which alternatives are tried first.
        start: What is known already.
    """
    state = start.copy() if start is not None else State(kinds)
    for check in checks:
        node = parse(check) if isinstance(check, str) else check
        if node is not None and not assume(state, node, truth=True):
            return None
    return _chosen(state, draw, [_MOST_STEPS])


def _chosen(state: State, draw: Draw, steps: list[int]) -> State | None:
    if not state.pending:
        return state
    options = list(state.pending.pop(0))
    first = draw.integer(0, len(options) - 1)
    for option in options[first:] + options[:first]:
        steps[0] -= 1
        if steps[0] < 0:
            return None
        branch = state.copy()
        if assume(branch, option, truth=True) and (found := _chosen(branch, draw, steps)) is not None:
            return found
    return None
