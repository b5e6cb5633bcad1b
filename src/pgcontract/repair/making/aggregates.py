"""Aggregates that are missing, or computed otherwise than the contract says.

`CREATE OR REPLACE AGGREGATE` does both, and keeps owner and grants. It gives no other type of the result, for which the
aggregate is dropped and made anew, and no other kind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.function_forms import ReturnsForm
from pgcontract.catalog.functions import Function, argument
from pgcontract.expectations.aggregates import AggregateIs
from pgcontract.expectations.functions import FunctionPresent, find
from pgcontract.names import literal, signature
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.repair.context import Context

_LITERAL = frozenset({"initcond", "minitcond"})
_FUNCTIONS = frozenset(
    {"sfunc", "finalfunc", "combinefunc", "serialfunc", "deserialfunc", "msfunc", "minvfunc", "mfinalfunc"}
)
_KINDS = frozenset({"direct", "hypothetical"})


def replaced(expectation: AggregateIs, context: Context) -> Draft | None:
    """The aggregate computed as the contract says, where it is there; one that is missing is made as a function is.

    Raises:
        NotSaidError: A function of it is missing, or it is of another kind.
    """
    there = find(context.world.catalog, expectation.aggregate)
    if there.kind != "aggregate":
        raise NotSaidError(f"{there.signature} is a {there.kind}: drop it first")
    wanted = computed(context, there, expectation)
    kinds = ({part for part in each.aggregate if part.partition("=")[0] in _KINDS} for each in (there, wanted))
    if len(set(map(frozenset, kinds))) > 1:
        raise NotSaidError(f"its direct arguments are others: drop {there.signature}, and run this again")
    if _leaves_result(context, expectation, there, wanted):
        return None  # for its result it is dropped and made anew, as FunctionPresent has it
    context.world.put("functions", there.signature, wanted)
    return Draft((Repair(statement(wanted)),), needs=tuple(_functions(wanted)), makes=(there.name,))


def _leaves_result(context: Context, said: AggregateIs, there: Function, wanted: Function) -> bool:
    """Whether the contract says another result of it.

    Raises:
        NotSaidError: It would have another, of which the contract says nothing.
    """
    returns = context.said.value(FunctionPresent, "returns", "function", said.aggregate)
    if returns is not None:
        return context.own(ReturnsForm(returns, there.name)) != there.returns
    result = result_of(context, wanted)
    if result is not None and result != there.returns:
        raise NotSaidError(f"its result would be {result}: the contract does not say so (`returns` of FunctionPresent)")
    return False


def result_of(context: Context, aggregate: Function) -> str | None:
    """The type of its result, as far as that can be told: of its last function, or of its state where it has none."""
    parts = dict(part.split("=", 1) for part in aggregate.aggregate)
    last = parts.get("finalfunc")
    found = parts.get("stype") if last is None else None
    if last is not None:
        results = {each.returns for each in context.world.catalog.overloads.get(last, ())}
        found = results.pop() if len(results) == 1 else None
    return None if found is None or found.startswith("any") else found


def computed(context: Context, function: Function, said: AggregateIs | None = None) -> Function:
    """The aggregate as the contract says it is computed.

    Raises:
        NotSaidError: The contract does not say it, or one of its functions is missing.
    """
    name = function.name
    if said is None:
        stated = context.said.all(AggregateIs)
        of = (each for each in stated if each.aggregate in {function.signature, name})
        said = next(of, None) or next((each for each in stated if signature(each.aggregate)[0] == name), None)
    if said is None:
        raise NotSaidError(f"the contract does not say how the aggregate {function.signature} is computed")
    context.note(said.forms())
    coming = {signature(each.function)[0] for each in context.said.all(FunctionPresent)}
    made = replace(
        function, kind="aggregate", language="internal", source="aggregate_dummy", volatility="immutable",
        aggregate=said.parts(context.world.catalog, coming),
    )  # fmt: skip
    for each in _functions(made):
        if each not in coming:
            context.require_function(each)
    return made


def _functions(aggregate: Function) -> Iterator[str]:
    for part in aggregate.aggregate:
        word, _, value = part.partition("=")
        if word in _FUNCTIONS:
            yield value


def statement(aggregate: Function) -> str:
    """The statement that makes the aggregate, or makes it so."""
    parts = ", ".join(filter(None, map(_part, aggregate.aggregate)))
    parallel = "" if aggregate.parallel == "unsafe" else f", parallel = {aggregate.parallel}"
    return f"create or replace aggregate {aggregate.name}({_arguments(aggregate)}) ({parts}{parallel});"


def _part(text: str) -> str | None:
    word, _, value = text.partition("=")
    if word == "direct":
        return None
    if value == "true" and word not in _LITERAL:
        return word
    if word in _LITERAL:
        value = literal(value)
    return f"{word} = operator({value})" if word == "sortop" else f"{word} = {value}"


def _arguments(aggregate: Function) -> str:
    """As `CREATE AGGREGATE` has them: `*` for none, and those before `ORDER BY` apart.

    What is variadic on both sides of it stands once in the catalogs, and twice in the statement.
    """
    listed = [argument(each) for each in aggregate.arguments]
    direct = next((int(part[7:]) for part in aggregate.aggregate if part.startswith("direct=")), None)
    if direct is None:
        return ", ".join(listed) or "*"
    ordered = listed[direct:] or listed[-1:]
    return " ".join(filter(None, [", ".join(listed[:direct]), "order by", ", ".join(ordered)]))


def declared(aggregate: Function) -> str:
    """The arguments as `pg_get_function_arguments` prints them."""
    return _arguments(aggregate).replace("order by", "ORDER BY") if aggregate.arguments else ""
