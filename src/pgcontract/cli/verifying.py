"""Which contract is meant, what of it, and how it is verified: what `verify` and `watch` share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.errors import ContractError
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.contract.suite import Suite
    from pgcontract.verdict import Report


def named(source: str | None, command: str = "verify") -> str:
    """The contract's name.

    Raises:
        ContractError: There is none.
    """
    if source is None:
        raise ContractError("no contract was named", hint=f"pgcontract {command} contract.yaml --db postgresql://…")
    return source


def selected(source: str, tags: list[str] | None, kinds: list[str] | None, tables: list[str] | None) -> Suite:
    """The contract, or what of it the options choose.

    Raises:
        ContractError: It cannot be used, or nothing of it fits.
    """
    from pgcontract.contract.load import load

    suite = load(source)
    try:
        part = suite.select(tags=tags, kinds=kinds, tables=tables)
    except ValueError as error:
        raise ContractError(f"--table: {error}") from None
    if not len(part):
        raise ContractError(f"nothing would be checked: {_described(tags, kinds, tables)}", hint=_nearest(suite, kinds))
    return part


def running(
    examples: int, no_values: bool, longest: float | None, connect: int, statement: float
) -> Callable[..., Report]:
    """How a suite is verified, as the options say: with the suite and the database still to come."""
    from pgcontract.run.runner import verify
    from pgcontract.run.scanning import Scanning
    from pgcontract.run.target import Timeouts

    scanning = Scanning(examples=examples, values=not no_values, longest=longest)
    return partial(verify, scanning=scanning, timeouts=Timeouts(connect=connect, statement=statement))


def _described(*chosen: list[str] | None) -> str:
    words = [
        f"{option} {value}"
        for option, values in zip(("--tag", "--kind", "--table"), chosen, strict=True)
        for value in values or ()
    ]
    return f"no expectation of the contract fits {' '.join(words)}" if words else "the contract has no expectation"


def _nearest(suite: Suite, kinds: list[str] | None) -> str | None:
    present = {expectation.kind for expectation in suite}
    return next((hint for kind in kinds or () if (hint := perhaps(kind, present))), None)
