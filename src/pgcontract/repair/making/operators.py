"""Casts and operators that are missing, or otherwise than the contract says: made, or made anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.casts import Cast
from pgcontract.catalog.operators import DROPPED, Operator
from pgcontract.catalog.type_forms import OperandForm
from pgcontract.expectations.casts import cast_form
from pgcontract.expectations.guarded import unless
from pgcontract.expectations.operators import OperatorPresent
from pgcontract.names import literal, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.expectations.casts import CastPresent
    from pgcontract.expectations.operator_classes import OperatorClassPresent
    from pgcontract.repair.context import Context


def cast(expectation: CastPresent, context: Context) -> Draft | None:
    """The cast, which no ALTER changes.

    Raises:
        NotSaidError: The contract does not say how it casts.
    """
    said = expectation
    source, target = (context.own(cast_form(side)) for side in (said.source, said.target))
    context.require_type(source)
    context.require_type(target)
    there: Cast | None = context.world.get("casts", f"({source} AS {target})")
    if there is None and (said.method is None or (said.method == "function" and said.function is None)):
        raise NotSaidError(f"the contract does not say how ({source} AS {target}) casts: its method and function")
    old = there or Cast(source, target, "explicit", "binary")
    function = said.function or (old.function if said.method in {None, old.method} else None)
    wanted = replace(old, context=said.context or old.context, method=said.method or old.method, function=function)
    if wanted == there:
        return None
    if wanted.system or wanted.extension:
        raise NotSaidError("it is not one's own")
    if function is not None:
        context.require_function(function.partition("(")[0])
    how = {"function": f"with function {wanted.function}", "inout": "with inout", "binary": "without function"}
    when = "" if wanted.context == "explicit" else f" as {wanted.context}"
    sql = f"create cast {wanted.signature} {how[wanted.method]}{when};"
    types = f"castsource = {literal(source)}::pg_catalog.regtype and casttarget = {literal(target)}::pg_catalog.regtype"
    steps = [] if there is None else [Repair(f"drop cast if exists {wanted.signature};")]
    steps.append(Repair(unless(sql, f"pg_catalog.pg_cast where {types}")))
    steps += [Repair(step) for step in ddl.described(f"cast {wanted.signature}", old.comment)]
    context.world.put("casts", wanted.signature, wanted)
    needs = (function.partition("(")[0],) if function else ()
    return Draft(tuple(steps), needs=needs, main=sql)


def operator(expectation: OperatorPresent, context: Context) -> Draft | None:
    """The operator, where it is missing.

    Raises:
        NotSaidError: The contract does not say its function.
    """
    said = expectation
    sides = {"left": said.left, "right": said.right}
    forms = iter(said.forms())
    own = {word: None if side is None else context.own(next(forms)) for word, side in sides.items()}
    for side in filter(None, own.values()):
        context.require_type(side)
    record = Operator(said.operator, own["left"], own["right"], None, said.function, context.user)
    if context.world.get("operators", record.signature) is not None:
        return None
    if said.function is None:
        raise NotSaidError(f"the contract does not say the function of the operator {record.signature}")
    returns = None if said.returns is None else context.own(list(said.forms())[-1])
    record = replace(record, returns=returns, hashes=bool(said.hashes), merges=bool(said.merges))
    commutator, negator = said.commutator, said.negator or _linked(context, record)
    _require_free(context, record, commutator, negator)
    record = replace(record, commutator=commutator, negator=negator)
    context.require_function(said.function.partition("(")[0])
    context.world.put("operators", record.signature, record)
    function = said.function.partition("(")[0]
    words = {
        "leftarg": record.left,
        "rightarg": record.right,
        "function": function,
        "commutator": record.commutator and f"operator({record.commutator})",
        "negator": record.negator and f"operator({record.negator})",
    }
    parts = [f"{word} = {value}" for word, value in words.items() if value]
    parts += [word for word, on in (("hashes", record.hashes), ("merges", record.merges)) if on]
    sql = f"create operator {record.name} ({', '.join(parts)});"
    return Draft((Repair(unless(sql, _there(record))),), needs=(function,), main=sql)


def _require_free(context: Context, record: Operator, commutator: str | None, negator: str | None) -> None:
    """Make sure that those which the operator is to be linked to are not linked to one that is gone.

    Raises:
        NotSaidError: One is: Postgres clears no such link.
    """
    sides = {"commutator": (commutator, record.right, record.left), "negator": (negator, record.left, record.right)}
    for link, (name, left, right) in sides.items():
        there = (
            None
            if name is None
            else context.world.get("operators", Operator(name, left, right, None, None, "").signature)
        )
        if there is not None and getattr(there, link) == DROPPED:
            raise NotSaidError(f"{there.signature} is linked to one that is gone: drop it too, and both can be made")


def _linked(context: Context, record: Operator) -> str | None:
    """The operator of which this one is to be the negator: Postgres links the two where either names the other."""
    for other in context.said.of(OperatorPresent, "negator", record.name):
        sides = (other.left, other.right)
        own = [None if side is None else context.own(OperandForm(side, other.operator)) for side in sides]
        there = context.world.get("operators", replace(record, name=other.operator).signature)
        if own == [record.left, record.right] and there is not None and there.negator is None:
            context.world.put("operators", there.signature, replace(there, negator=record.name))
            return other.operator
    return None


def _there(record: Operator) -> str:
    """The operator's row; one that is only announced by another is not there yet."""
    schema, _, symbol = record.name.rpartition(".")
    if schema.count('"') % 2:  # the symbol holds no dot, but the schema's name may
        raise NotSaidError(f"the name {record.name} is not understood")
    sides = " and ".join(
        f"o.{column} = " + (f"{literal(kind)}::pg_catalog.regtype" if kind else "0")
        for column, kind in (("oprleft", record.left), ("oprright", record.right))
    )
    return (
        "pg_catalog.pg_operator as o join pg_catalog.pg_namespace as n on n.oid = o.oprnamespace"
        f" where n.nspname = {literal(split(schema)[0])} and o.oprname = {literal(symbol)} and {sides}"
        " and o.oprcode <> 0"
    )


def operator_class(expectation: OperatorClassPresent, context: Context) -> None:
    """Nothing, for a contract says what an operator class is for, and not what it is made of.

    Raises:
        NotSaidError: It is missing.
    """
    there = context.world.catalog.operator_classes.values()
    named = (each for each in there if each.name == expectation.operator_class)
    if not any(expectation.method in {None, each.method} for each in named):
        raise NotSaidError("its operators and functions are in no contract: run what made it")
