"""Mutants of functions: dropped, renamed, added, with another body, other rights, other promises."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.functions import Function
from pgcontract.lifecycle.mutation import acl
from pgcontract.lifecycle.mutation.dropping import Dropping
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.named import addressed
from pgcontract.lifecycle.mutation.renaming import everywhere, renamed
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.lifecycle.mutation.world import inside
from pgcontract.names import literal, qualified, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("function")
_ALTERED = frozenset({"function", "window", "procedure"})


@KINDS.kind(
    "FunctionDropped",
    "a function is dropped, and what calls it",
    unlike="what goes along is told by the names in texts",
)
def _dropped(world: World) -> Iterator[Change]:
    for signature, function in own(world):
        edit = world.edit()
        Dropping(edit, world).function(signature)
        yield _change(function, "is dropped", edit, f"drop {addressed('functions', signature, function)} cascade")


@KINDS.kind("FunctionRenamed", "a function gets another name")
def _name_changed(world: World) -> Iterator[Change]:
    for signature, function in own(world):
        alone = len(world.catalog.overloads[function.name]) == 1
        if alone:
            schema, name = split(function.name)
            new, edit = renamed(name), world.edit()
            everywhere(edit, world, function.name, qualified(schema, new))
            ddl = f"alter {addressed('functions', signature, function)} rename to {quote(new)}"
            yield _change(function, f"is renamed to {quote(new)}", edit, ddl)


@KINDS.kind("FunctionAdded", "a function is added that nobody asked for")
def _added(world: World) -> Iterator[Change]:
    for schema in sorted(world.schemas):
        name = inside(schema, NEW)
        if name not in world.catalog.overloads:
            grants, owner = acl.of_new(world, "functions", schema), world.catalog.server.user
            function = Function(name, (), "function", "sql", owner, "integer", source="select 1", grants=grants)
            edit = world.edit()
            edit.put("functions", function.signature, function)
            ddl = f"create function {name}() returns integer language sql as 'select 1'"
            yield _change(function, "is added", edit, ddl)


@KINDS.kind("FunctionBodyChanged", "a function does something else")
def _body(world: World) -> Iterator[Change]:
    """The body is put into the catalog as it is: its language need not be known, and a body need not be run."""
    for _, function in own(world):
        if function.source is not None and function.language in {"sql", "plpgsql"} and not function.standard:
            source = _emptied(function)
            ddl = (
                f"update pg_catalog.pg_proc set prosrc = {literal(source)} where oid = "
                f"{literal(function.signature)}::pg_catalog.regprocedure"
            )
            yield _altered(world, function, "has another body", [ddl], source=source)


def _emptied(function: Function) -> str:
    """A body that does nothing; where that depends on too much, the same body with a remark."""
    result = function.returns or ""
    single = bool(result) and not result.startswith(("SETOF ", "TABLE(", "any")) and result not in {"void", "record"}
    single = single and all(one.mode in {"in", "variadic"} for one in function.arguments)
    if function.language == "plpgsql":
        return "begin return null; end" if single else "begin end"
    return f"select null::{result}" if single else f"{function.source}\n-- mutated"


def _altering(field: str, value: Any, clause: str, said: str, back: tuple[Any, str, str] | None = None) -> Any:
    """A kind that sets a property, or where it is set already, sets it back."""

    def make(world: World) -> Iterator[Change]:
        for signature, function in own(world):
            if function.kind not in _ALTERED or (field in {"strict", "parallel"} and function.kind == "procedure"):
                continue
            if function.kind == "procedure" and field in {"volatility", "leakproof"}:
                continue
            wanted = (value, clause, said) if getattr(function, field) != value else back
            if wanted is not None:
                ddl = f"alter {addressed('functions', signature, function)} {wanted[1]}"
                yield _altered(world, function, wanted[2], [ddl], **{field: wanted[0]})

    return make


_PROPERTIES: dict[str, tuple[str, Any]] = {
    "FunctionDefiner": (
        "a function runs with its owner's rights",
        _altering("security_definer", True, "security definer", "is SECURITY DEFINER"),
    ),
    "FunctionVolatilityChanged": (
        "a function promises more, or less, about its results",
        _altering("volatility", "volatile", "volatile", "is VOLATILE", ("immutable", "immutable", "is IMMUTABLE")),
    ),
    "FunctionStrictChanged": (
        "what a function does with NULL changes",
        _altering(
            "strict",
            True,
            "strict",
            "is STRICT",
            (False, "called on null input", "is called on NULL input"),
        ),
    ),
    "FunctionLeakproofChanged": (
        "a function is trusted not to leak its arguments, or no longer",
        _altering(
            "leakproof",
            True,
            "leakproof",
            "is LEAKPROOF",
            (False, "not leakproof", "is not LEAKPROOF"),
        ),
    ),
    "FunctionParallelChanged": (
        "a function may be run by several workers, or no longer",
        _altering(
            "parallel", "safe", "parallel safe", "is PARALLEL SAFE", ("unsafe", "parallel unsafe", "is PARALLEL UNSAFE")
        ),
    ),
}
for _name, (_says, _make) in _PROPERTIES.items():
    KINDS.kind(_name, _says)(_make)


@KINDS.kind("FunctionInvoker", "a function runs with the rights of whoever calls it")
def _invoker(world: World) -> Iterator[Change]:
    for signature, function in own(world):
        if function.security_definer and function.kind in _ALTERED:
            ddl = f"alter {addressed('functions', signature, function)} security invoker"
            yield _altered(world, function, "is SECURITY INVOKER", [ddl], security_definer=False)


@KINDS.kind("FunctionSettingLost", "a function loses a setting, such as its fixed search_path")
def _setting_lost(world: World) -> Iterator[Change]:
    for signature, function in own(world):
        for setting in function.settings if function.kind in _ALTERED else ():
            name = setting.partition("=")[0]
            left = tuple(one for one in function.settings if one != setting)
            ddl = f"alter {addressed('functions', signature, function)} reset {name}"
            yield _altered(world, function, f"loses its setting {setting}", [ddl], settings=left)


@KINDS.kind("FunctionSettingAdded", "a function gets a setting")
def _setting_added(world: World) -> Iterator[Change]:
    for signature, function in own(world):
        known = {setting.partition("=")[0] for setting in function.settings}
        if function.kind in _ALTERED and "work_mem" not in known:
            ddl = f"alter {addressed('functions', signature, function)} set work_mem = '4711kB'"
            settings = (*function.settings, "work_mem=4711kB")
            yield _altered(world, function, "gets work_mem 4711kB", [ddl], settings=settings)


@KINDS.kind("FunctionSearchPathWidened", "a function's search_path has a schema that anybody may write to")
def _search_path(world: World) -> Iterator[Change]:
    for signature, function in own(world):
        wanted = "search_path=public, pg_temp"
        fixed = [one for one in function.settings if one.startswith("search_path=") and one != wanted]
        if fixed and function.kind in _ALTERED:
            settings = tuple(wanted if one == fixed[0] else one for one in function.settings)
            ddl = f"alter {addressed('functions', signature, function)} set search_path = public, pg_temp"
            yield _altered(world, function, "has the search_path public, pg_temp", [ddl], settings=settings)


@KINDS.kind("FunctionCostChanged", "the planner is told another cost")
def _cost(world: World) -> Iterator[Change]:
    for signature, function in own(world):
        if function.kind in {"function", "window"}:
            told = tuple(one for one in function.planner if not one.startswith("COST "))
            ddl = f"alter {addressed('functions', signature, function)} cost 4711"
            yield _altered(world, function, "costs 4711", [ddl], planner=("COST 4711", *told))


def own(world: World) -> Iterator[tuple[str, Function]]:
    """The functions in scope that came with no range type."""
    return ((name, one) for name, one in world.each("functions") if not one.of_a_range)


def _altered(world: World, function: Function, said: str, ddl: list[str], **values: Any) -> Change:
    edit = world.edit()
    edit.put("functions", function.signature, replace(function, **values))
    return _change(function, said, edit, *ddl)


def _change(function: Function, said: str, edit: Any, *ddl: str) -> Change:
    return Change(function.signature, f"{function.kind} {function.signature} {said}", edit, ddl)
