"""Functions and procedures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pgcontract.expectations.functions import FunctionPresent
from pgcontract.lifecycle.inventory.databases import visible
from pgcontract.lifecycle.inventory.frame import Source, described, readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.functions import Function
    from pgcontract.contract.expectation import Expectation


def functions(source: Source) -> Iterator[Expectation]:
    """Functions, procedures, aggregates and window functions, but for those that come with a range type."""
    for function in source.records("functions"):
        if not function.of_a_range:
            yield from readable(partial(_present, function))
            noun = "window function" if function.kind == "window" else str(function.kind)
            yield from described(source, noun, function.signature, function, "function")


def _present(function: Function) -> Iterator[Expectation]:
    yield FunctionPresent(
        function.signature,
        returns=function.returns,
        language=function.language,
        volatility=function.volatility,
        security="definer" if function.security_definer else "invoker",
        strict=function.strict,
        settings=visible(function.settings),
        only_settings=True,
        routine=function.kind,
        body=function.source or None,
        parallel=function.parallel,
        leakproof=function.leakproof,
        cost=function.cost,
        rows=function.rows,
        arguments=function.declared,
    )
