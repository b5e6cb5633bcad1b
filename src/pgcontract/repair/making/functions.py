"""Functions and procedures that are missing, or that `CREATE OR REPLACE` cannot make as the contract says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.body_forms import is_standard
from pgcontract.catalog.function_forms import ArgumentsForm, ReturnsForm, SignatureForm
from pgcontract.catalog.functions import Argument, Function
from pgcontract.catalog.lexis import pieces, tokens
from pgcontract.catalog.objects import MissingObjectError
from pgcontract.expectations.function_bodies import DIGEST, create_or_replace
from pgcontract.expectations.functions import FunctionPresent, find
from pgcontract.expectations.guarded import where
from pgcontract.names import literal, signature, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.dependents import around
from pgcontract.repair.draft import Draft
from pgcontract.repair.making import aggregates
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.repair.context import Context

_MODE = re.compile(r"(inout|in|out|variadic)\s+", re.IGNORECASE)
_DEFAULT = re.compile(r"\s+(?:default\s+|=\s*)", re.IGNORECASE)


def made(expectation: FunctionPresent, context: Context) -> Draft | None:
    """The function, where it is missing or must be dropped to be made as the contract says."""
    try:
        function = find(context.world.catalog, expectation.function)
    except MissingObjectError as missing:
        return None if missing.noun != "function" else _created(expectation, context)
    if all(finding.repair for finding in expectation.check(context.world.catalog)):
        return None
    return _anew(expectation, context, function)


def _created(expectation: FunctionPresent, context: Context) -> Draft | None:
    name, types = signature(expectation.function)
    if expectation.language in _COMPILED and expectation.routine != "aggregate":
        raise NotSaidError(f"its body is not SQL but {expectation.language}, and in no contract: run what made it")
    form = SignatureForm(", ".join(types or ()), name)
    own = context.own(form) if types else ""
    inputs = tuple(pieces(own)) if own else ()
    key = f"{name}({', '.join(inputs)})"
    if context.world.get("functions", key) is not None:
        return None
    if types is None and expectation.arguments is None:
        raise NotSaidError(f"the contract does not say the arguments of {name}")
    wanted = merged(expectation, context, Function(name, inputs, "function", "", context.user, source=""))
    if expectation.arguments is None:
        wanted = replace(wanted, arguments=_unnamed(expectation, wanted, types or ()))
    if wanted.kind == "aggregate":
        wanted = aggregates.computed(context, wanted)
        wanted = replace(wanted, returns=wanted.returns or aggregates.result_of(context, wanted))
    missing = _unsaid(expectation, wanted)
    if missing:
        raise NotSaidError(f"the contract does not say {missing} of {key}")
    record = replace(wanted, types=tuple(each.type for each in wanted.arguments if each.mode in _INPUT))
    for kind in record.types:
        context.require_type(kind)
    grants = context.world.grants("functions", context.user, name)
    context.world.put("functions", record.signature, replace(record, grants=grants))
    standard = is_standard(expectation.body or "")
    if standard:  # of which nobody could be asked
        context.verbatim = True
    return Draft((Repair(_statement(record, expectation.body or "")),), makes=(name,))


def _statement(function: Function, body: str) -> str:
    return aggregates.statement(function) if function.kind == "aggregate" else create_or_replace(function, body)


_COMPILED = frozenset({"c", "internal"})
_INPUT = frozenset({"in", "inout", "variadic"})


def _unsaid(expectation: FunctionPresent, wanted: Function) -> str | None:
    """What of a function the contract would have to say, and does not."""
    if wanted.kind == "aggregate":
        return None
    if wanted.kind == "window" or wanted.language in _COMPILED:
        return "how the function is computed, which no expectation states,"
    if expectation.language is None:
        return "the language"
    if expectation.body is None or DIGEST.fullmatch(expectation.body):
        return "the body"
    return "the result" if expectation.returns is None and wanted.kind != "procedure" else None


def merged(expectation: FunctionPresent, context: Context, there: Function) -> Function:
    """The function with what the contract says, and otherwise as it is."""
    said = expectation
    plain: dict[str, object] = {
        "kind": said.routine,
        "language": said.language,
        "volatility": said.volatility,
        "strict": said.strict,
        "parallel": said.parallel,
        "leakproof": said.leakproof,
        "source": said.body,
        "security_definer": None if said.security is None else said.security == "definer",
        "settings": tuple(said.settings) or None,
        "standard": None if said.body is None else is_standard(said.body),
    }
    stated = replace(there, **{name: value for name, value in plain.items() if value is not None})  # type: ignore[arg-type]
    told = [f"COST {said.cost:g}"] if said.cost is not None and said.cost != replace(stated, planner=()).cost else []
    if said.returns is not None:
        stated = replace(stated, returns=context.own(ReturnsForm(said.returns, stated.name)))
    told += [f"ROWS {said.rows:g}"] if said.rows is not None and said.rows != replace(stated, planner=()).rows else []
    if said.cost is not None or said.rows is not None:
        stated = replace(stated, planner=tuple(told))
    if said.arguments is not None:
        own = context.own(ArgumentsForm(said.arguments, stated.name))
        if own != stated.declared:  # among whose arguments are the columns of a table that it returns
            arguments = tuple(_arguments(own, list(stated.types)))
            defaults = ", ".join(default for _, default in arguments if default)
            stated = replace(stated, arguments=tuple(each for each, _ in arguments), defaults=defaults or None)
    return stated


def _unnamed(expectation: FunctionPresent, wanted: Function, types: tuple[str, ...]) -> tuple[Argument, ...]:
    """The arguments where the contract lists their types only.

    Raises:
        NotSaidError: The body may use their names.
    """
    if wanted.types and wanted.kind != "aggregate" and not re.search(r"\$\d", expectation.body or ""):
        hint = f"`arguments` would say them: {expectation.function} needs the names of its arguments"
        raise NotSaidError(f"the contract does not say what the arguments are called; {hint}")
    return tuple(Argument("in", None, kind) for kind in wanted.types or types)


def _arguments(text: str, inputs: list[str]) -> Iterator[tuple[Argument, str | None]]:
    """The arguments of a list as Postgres prints it, each with its default; `inputs` are the types of a call."""
    waiting = list(inputs)
    for piece in pieces(text) if text.strip() else ():
        head, default = _split_default(piece)
        found = _MODE.match(head)
        mode = found[1].lower() if found else "in"
        rest = head[found.end() :] if found else head
        known = waiting.pop(0) if mode in _INPUT and waiting else None
        name, kind = _named(rest.strip(), known)
        yield Argument(mode, name, kind, default is not None), default  # type: ignore[arg-type]


def _split_default(piece: str) -> tuple[str, str | None]:
    for kind, word, place in tokens(piece):
        if kind == "word" and word.lower() == "default":
            return piece[:place].strip(), piece[place + len(word) :].strip()
        if (kind, word) == ("mark", "="):
            return piece[:place].strip(), piece[place + 1 :].strip()
    return piece, None


def _named(text: str, kind: str | None) -> tuple[str | None, str]:
    """A name, if there is one, and the type behind it."""
    if kind is not None and text.endswith(kind):
        name = text.removesuffix(kind).strip()
        return (split(name)[0] if name else None), kind
    found = next((place for _, _, place in list(tokens(text))[1:2]), None)
    words = text.split(None, 1) if not text.startswith('"') else [text[:found], text[found:]] if found else [text]
    if len(words) == 1:
        return None, words[0]
    return split(words[0].strip())[0], words[1].strip()


def _anew(expectation: FunctionPresent, context: Context, there: Function) -> Draft:
    """The function dropped and made again, and what uses it."""
    wanted = merged(expectation, context, there)
    missing = _unsaid(replace_body(expectation, wanted), wanted)
    if missing:
        raise NotSaidError(f"the contract does not say {missing} of {there.signature}")
    if wanted.kind == "aggregate":
        wanted = aggregates.computed(context, wanted)
        if (wanted.returns, wanted.arguments, wanted.kind) == (there.returns, there.arguments, there.kind):
            context.world.put("functions", wanted.signature, wanted)
            return Draft((Repair(aggregates.statement(wanted)),), makes=(there.name,))
    words = f"routine {there.signature}"
    steps = [
        where(f"drop {words};", _otherwise(there, wanted)),
        _statement(wanted, wanted.source or ""),
    ]
    if there.owner != context.user:
        steps.append(f"alter {words} owner to {ddl.role(there.owner)};")
    kept = {(grant.grantee, grant.privilege) for grant in there.grants}
    unasked = list(context.world.grants("functions", there.owner, there.name))
    steps += [
        f"revoke execute on {words} from {ddl.role(each.grantee)};"
        for each in unasked
        if (each.grantee, each.privilege) not in kept
    ]
    steps += [*ddl.grants(words, there.grants, there.owner), *ddl.described(words, there.comment)]
    change = [Repair(sql, "changes access") for sql in steps]
    around_it = around(context, change, function=there.name)
    context.world.drop("functions", there.signature)
    context.world.put("functions", wanted.signature, wanted)
    context.world.bare.add(split(wanted.name)[1])  # texts about it may not be understood until then
    return Draft(around_it, makes=(there.name,), main=steps[1])


def _otherwise(there: Function, wanted: Function) -> str:
    """The function's row while it is one that must be dropped, and not the one that is made of it."""
    kinds = {"function": "f", "procedure": "p", "aggregate": "a", "window": "w"}
    listed = aggregates.declared(wanted) if wanted.kind == "aggregate" else wanted.declared
    result = "is null" if wanted.returns is None else f"= {literal(wanted.returns)}"
    return (
        f"pg_catalog.pg_proc as p where p.oid = pg_catalog.to_regprocedure({literal(there.signature)}) and not ("
        f"p.prokind = {literal(kinds[wanted.kind])} and pg_catalog.pg_get_function_result(p.oid) {result} "
        f"and pg_catalog.pg_get_function_arguments(p.oid) = {literal(listed)})"
    )


def replace_body(expectation: FunctionPresent, wanted: Function) -> FunctionPresent:
    """The expectation with what the function has where the contract leaves it open."""
    known = {"language": wanted.language, "body": wanted.source, "returns": wanted.returns}
    return expectation.model_copy(update={k: v for k, v in known.items() if getattr(expectation, k) is None})
