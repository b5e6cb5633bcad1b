"""Functions and procedures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pgcontract.expectations.aggregates import AggregateIs
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
            yield from readable(partial(_aggregate if function.aggregate else _present, function))
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


def _aggregate(function: Function) -> Iterator[Expectation]:
    """An aggregate has no language, body or rights of its own: it is its functions that have them."""
    yield FunctionPresent(
        function.signature,
        returns=function.returns,
        strict=function.strict,
        only_settings=True,
        routine=function.kind,
        parallel=function.parallel,
        leakproof=function.leakproof,
        arguments=function.declared,
    )
    said: dict[str, Any] = dict(each.split("=", 1) for each in function.aggregate)
    for word in said.keys() & {"sspace", "msspace", "direct"}:
        said[word] = int(said[word])
    for word in said.keys() & {"finalfunc_extra", "mfinalfunc_extra", "hypothetical"}:
        said[word] = True
    yield AggregateIs(function.signature, **said)
