from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

from pydantic import BeforeValidator, PositiveFloat

from pgcontract.catalog.body_forms import BodyForm, is_standard
from pgcontract.catalog.forms import FormError
from pgcontract.catalog.function_forms import ArgumentsForm, ReturnsForm, SignatureForm
from pgcontract.catalog.functions import Function, FunctionKind, Parallel, Volatility
from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Routine, Sql, Texts
from pgcontract.expectations.compare import differs
from pgcontract.expectations.function_bodies import body_differs, extra_settings, setting_clause
from pgcontract.names import perhaps, signature, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form

Security = Annotated[Literal["definer", "invoker"], AnyCase(("definer", "invoker"))]
Routines = Annotated[FunctionKind, AnyCase(get_args(FunctionKind))]
Parallels = Annotated[Parallel, AnyCase(get_args(Parallel))]
Volatilities = Annotated[Volatility, AnyCase(get_args(Volatility))]


def signature_forms(routine: str) -> Iterator[Form]:
    """The form of the argument types in a function's name, if they were written."""
    name, types = signature(routine)
    if types is not None:
        yield SignatureForm(", ".join(types), name)


def find(catalog: Catalog, routine: str) -> Function:
    """The function that an author means.

    Raises:
        MissingObjectError: There is none, or the name alone was written and there are several.
    """
    name, types = signature(routine)
    catalog.schemas[split(name)[0]]  # a missing schema is its own failure
    overloads = catalog.overloads.get(name, ())
    if types is None:
        if len(overloads) == 1:
            return overloads[0]
        several = f"It is overloaded: {_signatures(overloads)}." if overloads else perhaps(name, catalog.overloads)
        raise MissingObjectError("function", name, hint=several)
    (form,) = signature_forms(routine)
    try:
        wanted = f"{name}({catalog.own_form(form)})"  # so that it is missing once, whatever its types are called
    except FormError:
        if overloads:
            raise
        wanted = routine  # whatever its types may be, there is no function of that name
    if wanted in catalog.functions:
        return catalog.functions[wanted]
    there = f"There is {_signatures(overloads)}." if overloads else perhaps(name, catalog.overloads)
    near = perhaps(wanted, [function.signature for function in overloads])
    raise MissingObjectError("function", wanted, hint=near or there)


def _signatures(functions: Iterable[Function]) -> str:
    return ", ".join(function.signature for function in functions)


class FunctionPresent(CatalogExpectation):
    """The function {function} exists.

    A function, procedure, aggregate or window function, found by its argument types; the name alone will do where it is
    not overloaded. What is given is compared: the result and the types as Postgres itself would write them,
    `security` (`definer` runs with its owner's rights), and `settings`, each of which must be there:
    `search_path=""`; with `only_settings`, no others. `routine` says which of the four it is: `function`, `procedure`,
    `aggregate` or `window`.

    `body` is compared to the letter, apart from blanks at its ends and from how its lines end (LF or CRLF); one in the
    SQL standard's form (`RETURN …`, `BEGIN ATOMIC …`) as Postgres itself would store it. `sha256:` and a digest may
    stand for a long one. `arguments` are all of them with modes, names and defaults, `target uuid, n int default 1`:
    callers may pass them by name, and leave out those that have a default.

    What the planner is told: `parallel` (`safe`, `restricted` or `unsafe`), `leakproof` (it may run before the
    conditions of policies and security barriers, on rows that they would hide), `cost`, and `rows` of one that returns
    a set.

    Example:
        FunctionPresent("increment_usage(uuid, text)", returns="void", security="definer", settings='search_path=""')

    Repair: run the migration that creates it; its volatility, security and strictness can be altered, and its body
    replaced, by `CREATE OR REPLACE` with the rest as it is.
    """

    function: Routine
    returns: Sql | None = None
    language: str | None = None
    volatility: Volatilities | None = None
    security: Security | None = None
    strict: bool | None = None
    settings: Texts = ()
    routine: Routines | None = None
    body: Sql | None = None
    parallel: Parallels | None = None
    leakproof: bool | None = None
    cost: PositiveFloat | None = None
    rows: PositiveFloat | None = None
    arguments: Annotated[str, BeforeValidator(str.strip)] | None = None
    only_settings: bool = False

    states: ClassVar[str] = "function"

    def forms(self) -> Iterable[Form]:
        yield from signature_forms(self.function)
        if self.returns is not None:
            yield self._returns()
        if self.arguments is not None:
            yield self._arguments()
        if self.body is not None and is_standard(self.body):
            yield self._body(self.body)

    def _returns(self) -> ReturnsForm:
        return ReturnsForm(self.returns or "", signature(self.function)[0])

    def _arguments(self) -> ArgumentsForm:
        return ArgumentsForm(self.arguments or "", signature(self.function)[0])

    def _body(self, text: str) -> BodyForm:
        return BodyForm(text, signature(self.function)[0], self.function)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        try:
            function = find(catalog, self.function)
        except MissingObjectError as missing:
            if missing.noun != "function":
                raise
            several = signature(self.function)[1] is None and self.function in catalog.overloads
            message = f"{self.function} is several functions" if several else str(missing)
            yield Finding(message, expected=missing.name, object=missing.name, hint=missing.hint)
            return
        yield from self._compare(catalog, function, f"function {function.signature}")

    def _compare(self, catalog: Catalog, function: Function, of: str) -> Iterator[Finding]:
        alter = f"alter routine {function.signature}"
        if self.routine is not None:
            yield from differs(f"kind of {of}", self.routine, function.kind)
        yield from self._called(catalog, function, of)
        if self.returns is not None:
            yield from differs(f"result of {of}", catalog.own_form(self._returns()), function.returns)
        if self.language is not None:
            yield from differs(f"language of {of}", self.language, function.language)
        if self.volatility is not None:
            mend = [Repair(f"{alter} {self.volatility};")] if function.kind == "function" else []
            yield from differs(f"volatility of {of}", self.volatility, function.volatility, repair=mend)
        if self.security is not None:
            observed = "definer" if function.security_definer else "invoker"
            mend = [Repair(f"{alter} security {self.security};", "changes access")]
            yield from differs(f"security of {of}", self.security, observed, repair=mend)
        if self.strict is not None:
            words = "strict" if self.strict else "called on null input"
            mend = [Repair(f"{alter} {words};")] if function.kind == "function" else []
            yield from differs(f"strict of {of}", self.strict, function.strict, repair=mend)
        yield from self._planned(function, of)
        yield from self._settings(function, of)
        if self.body is not None:
            standard = function.standard and is_standard(self.body)
            own = catalog.own_form(self._body(self.body)) if standard else self.body
            yield from body_differs(function, self.body, own)

    def _called(self, catalog: Catalog, function: Function, of: str) -> Iterator[Finding]:
        if self.arguments is not None:
            own = catalog.own_form(self._arguments())
            yield from differs(f"arguments of {of}", f"({own})", f"({function.declared})")

    def _planned(self, function: Function, of: str) -> Iterator[Finding]:
        """What the planner is told; ALTER ROUTINE says it of functions only."""
        leaks = None if self.leakproof is None else "leakproof" if self.leakproof else "not leakproof"
        said = (
            ("parallel", self.parallel, function.parallel, f"parallel {self.parallel}"),
            ("leakproof", self.leakproof, function.leakproof, leaks),
            ("cost", self.cost, function.cost, f"cost {self.cost}"),
            ("rows", self.rows, function.rows, f"rows {self.rows}"),
        )
        for word, expected, observed, clause in said:
            if expected is not None:
                able = function.kind == "function" and not (word == "rows" and function.rows is None)
                mend = [Repair(f"alter routine {function.signature} {clause};")] if able else []
                yield from differs(f"{word} of {of}", expected, observed, repair=mend)

    def _settings(self, function: Function, of: str) -> Iterator[Finding]:
        for setting in self.settings:
            if setting not in function.settings:
                observed = ", ".join(function.settings) or None
                mend = Repair(f"alter routine {function.signature} {setting_clause(setting)};")
                yield Finding(f"{of} does not set {setting}", expected=setting, observed=observed, repair=(mend,))
        if self.only_settings:
            alter = f"alter routine {function.signature}"
            yield from extra_settings(of, alter, self.settings, function.settings)
