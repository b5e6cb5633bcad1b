"""Rows that only hold together with others: a posting with its counter-posting, an order with a line."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pgcontract.contract.session import Refused
from pgcontract.synth.bench import Order
from pgcontract.synth.convert import INTEGERS
from pgcontract.synth.deferral import check_now
from pgcontract.synth.failures import CannotSynthesise
from pgcontract.synth.inserting import delete
from pgcontract.synth.levels import sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.synth.bench import Bench
    from pgcontract.synth.pins import Inserted
    from pgcontract.synth.plan import Plan

_NUMBERS = {*INTEGERS, "numeric", "money", "real", "double precision"}
_MOST = 8
"""How many ways are tried to complete one row."""


def check(bench: Bench, row: Inserted) -> None:
    """What was put off holds, if need be with rows that complete this one.

    Raises:
        CannotSynthesise: It does not; the row is gone again.
    """
    refused = _refused(bench, row)
    if refused is None:
        return
    for number, order in enumerate(_completions(bench, row)):
        if number >= _MOST:
            break
        try:
            other = bench.make(order)
        except CannotSynthesise:
            continue
        if _refused(bench, row) is None:
            return
        _undo(bench, other)
    _undo(bench, row)
    raise CannotSynthesise(row.table, f"at the end of the transaction: {refused}")


def _refused(bench: Bench, row: Inserted) -> Refused | None:
    try:
        check_now(bench, {row.table, *(other.table for other in row.made)})
    except Refused as refused:
        return refused
    return None


def _completions(bench: Bench, row: Inserted) -> Iterator[Order]:
    """A row beside it that differs in one listed value and has its numbers; then a row below it."""
    plan = bench.plan(row.table)
    same = _numbers_and_references(plan, row)
    for name, own in sides(plan).items():
        for side in own:
            if side[0] == "value" and str(side[1]) != str(row.values[name]):
                yield Order(row.table, {**same, name: side[1]})
    for below in bench.catalog.tables.values():
        keys = [key for key in below.having("FOREIGN KEY") if key.references == row.table and below.name != row.table]
        if keys:
            yield Order(below.name, parents={row.table: row})


def _numbers_and_references(plan: Plan, row: Inserted) -> dict[str, Any]:
    keyed = plan.keyed - plan.references
    return {
        name: row.values[name]
        for name in plan.columns
        if name not in keyed and (name in plan.references or plan.kinds[name].base in _NUMBERS)
    }


def _undo(bench: Bench, row: Inserted) -> None:
    """Take the row out again."""
    with suppress(Refused):
        delete(bench.session, bench.catalog.relations[row.table], row.key)
        bench.made[row.table] = [other for other in bench.made[row.table] if other is not row]
