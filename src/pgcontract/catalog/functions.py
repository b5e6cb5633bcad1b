"""Functions and procedures, as pg_proc has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pgcontract.catalog.lexis import pieces
from pgcontract.catalog.privileges import grants_of
from pgcontract.names import qualified, quote
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pgcontract.catalog.privileges import Grant

FunctionKind = Literal["function", "procedure", "aggregate", "window"]
Volatility = Literal["immutable", "stable", "volatile"]
Parallel = Literal["safe", "restricted", "unsafe"]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a function.

    Attributes:
        mode: `in`, `out`, `inout`, `variadic` or `table`.
        name: Its name, or None.
        type: Its type as `format_type` prints it.
        default: Whether a caller may leave it out.
    """

    mode: Literal["in", "out", "inout", "variadic", "table"]
    name: str | None
    type: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function, procedure, aggregate or window function.

    Attributes:
        name: Its canonical qualified name, without brackets.
        types: The types by which a call finds it (the input arguments), as `format_type` prints them.
        arguments: All arguments, output ones too, in order.
        returns: The result as `pg_get_function_result` prints it; None for a procedure.
        security_definer: Whether it runs with its owner's rights.
        settings: What `ALTER FUNCTION … SET` has set, as `name=value`, in order.
        defaults: The defaults of the last input arguments, as Postgres deparses them, between commas.
        planner: What the planner is told otherwise than by default, and transforms: `COST 5`, `ROWS 20`, `SUPPORT f`,
            `TRANSFORM FOR TYPE t`.
        source: The body as `prosrc` has it, to the letter; of a body in the SQL standard's form (`BEGIN ATOMIC …`,
            `RETURN …`), as Postgres deparses it.
        standard: Whether the body is in the SQL standard's form.
        library: The file of a function in C.
        aggregate: How an aggregate is computed, in the words of `CREATE AGGREGATE`: `sfunc=public.add`,
            `stype=integer`, `initcond=0`, functions and operators with their schemas; `direct=1` is how many arguments
            of an ordered-set aggregate stand before its `ORDER BY`.
    """

    name: str
    types: tuple[str, ...]
    kind: FunctionKind
    language: str
    owner: str
    returns: str | None = None
    arguments: tuple[Argument, ...] = ()
    volatility: Volatility = "volatile"
    strict: bool = False
    security_definer: bool = False
    leakproof: bool = False
    parallel: Parallel = "unsafe"
    settings: tuple[str, ...] = ()
    defaults: str | None = None
    planner: tuple[str, ...] = ()
    source: str | None = None
    standard: bool = False
    library: str | None = None
    aggregate: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    extension: str | None = None
    comment: str | None = None

    @property
    def of_a_range(self) -> bool:
        """Whether it came with a range type, and so goes with it only: `int4range(int, int)`."""
        return self.language == "internal" and (self.source or "").startswith(("range_constr", "multirange_constr"))

    @property
    def declared(self) -> str:
        """The arguments as `CREATE FUNCTION` has them, with modes, names and defaults."""
        defaults = iter(pieces(self.defaults or ""))
        return ", ".join(
            argument(each, next(defaults) if each.default else None) for each in self.arguments if each.mode != "table"
        )

    @property
    def cost(self) -> float:
        """What the planner takes a call to cost, in units of `cpu_operator_cost`."""
        told = self._told("COST ")
        return told if told is not None else 1.0 if self.language in {"c", "internal"} else 100.0

    @property
    def rows(self) -> float | None:
        """How many rows the planner takes a call to return; None where it returns no set."""
        told = self._told("ROWS ")
        many = (self.returns or "").startswith(("SETOF ", "TABLE("))
        return told if told is not None else 1000.0 if many else None

    def _told(self, clause: str) -> float | None:
        return next((float(told.removeprefix(clause)) for told in self.planner if told.startswith(clause)), None)

    @property
    def signature(self) -> str:
        """The canonical name with its argument types: what identifies a function."""
        return f"{self.name}({', '.join(self.types)})"


def argument(of: Argument, default: str | None = None) -> str:
    """The argument as `CREATE FUNCTION` has it."""
    words = ["" if of.mode == "in" else of.mode.upper(), quote(of.name) if of.name else "", of.type]
    return " ".join(filter(None, words)) + (f" DEFAULT {default}" if default else "")


_KINDS: dict[str, FunctionKind] = {"f": "function", "p": "procedure", "a": "aggregate", "w": "window"}
_VOLATILITIES: dict[str, Volatility] = {"i": "immutable", "s": "stable", "v": "volatile"}
_PARALLEL: dict[str, Parallel] = {"s": "safe", "r": "restricted", "u": "unsafe"}
_MODES = {"i": "in", "o": "out", "b": "inout", "v": "variadic", "t": "table"}


def from_row(row: tuple[Any, ...]) -> Function:
    """The record that a row of `sql/functions.sql` makes."""
    schema, name, kind, types, all_types, modes, names, defaults, default_texts, returns, language = row[:11]
    volatility, strict, definer, leakproof, parallel, settings, *planner = row[11:21]
    source, standard, library, aggregate, owner, acl, extension, comment = row[21:]
    return Function(
        name=qualified(schema, name),
        types=tuple(types),
        kind=_KINDS[kind],
        language=language,
        owner=owner,
        returns=returns,
        arguments=tuple(_arguments(types, all_types, modes, names, defaults)),
        volatility=_VOLATILITIES[volatility],
        strict=strict,
        security_definer=definer,
        leakproof=leakproof,
        parallel=_PARALLEL[parallel],
        settings=tuple(sorted(settings or ())),  # the order in which they were set means nothing
        defaults=default_texts,
        planner=tuple(_planner(*planner)),
        source=source,
        standard=standard,
        library=library,
        aggregate=tuple(aggregate or ()),
        grants=grants_of(tuple(acl)),
        extension=extension,
        comment=comment,
    )


def _planner(
    cost: str | None, rows: str | None, support: str | None, transforms: Iterable[str] | None
) -> Iterable[str]:
    """The clauses of `CREATE FUNCTION` that say so."""
    clauses = {"COST": cost, "ROWS": rows, "SUPPORT": support}
    yield from (f"{word} {value}" for word, value in clauses.items() if value is not None)
    yield from (f"TRANSFORM FOR TYPE {kind}" for kind in transforms or ())


def _arguments(
    types: Sequence[str],
    all_types: Sequence[str] | None,
    modes: Sequence[str] | None,
    names: Sequence[str] | None,
    defaults: int,
) -> Iterable[Argument]:
    """The arguments; only the last input ones can have defaults, and the catalogs hold just their number."""
    first_default = len(types) - defaults
    inputs = 0
    for k, kind in enumerate(all_types or types):
        mode: Any = _MODES[modes[k]] if modes else "in"
        is_input = mode in {"in", "inout", "variadic"}
        yield Argument(mode, (names[k] or None) if names else None, kind, is_input and inputs >= first_default)
        inputs += is_input
