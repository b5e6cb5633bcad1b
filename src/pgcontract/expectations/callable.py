from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from pgcontract.catalog.effective import on_function, reaches
from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import Identifier, Routine
from pgcontract.contract.session import CannotProbe, Refused, Session
from pgcontract.expectations.call import Call, call, inputs, takes
from pgcontract.expectations.functions import find, signature_forms
from pgcontract.names import quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.functions import Function

# What a function's body may raise because of the values it was given: data exceptions, integrity constraints, RAISE.
_ABOUT_VALUES = re.compile(r"22...|23...|P0...")
# What it may raise because of where it is called: it writes, or ends its transaction.
_READ_ONLY, _ENDS_TRANSACTION = "25006", "2D000"


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class FunctionCallable(ProbeExpectation):
    """The function {function} can be called.

    `role` may execute it and use its schema, and a call as that role, with `claims`, runs; it is rolled back. Without
    `role` the connected user calls. Arguments go by position, as values; those that are not given get harmless ones of
    their type, and if the function refuses these, the outcome is skipped, for then nothing can be told.

    Calling a volatile function counts as writing: it needs `--probes rollback`. Whatever it writes is rolled back, but
    for the numbers that it draws from sequences, which Postgres never takes back.

    Example:
        FunctionCallable("increment_usage(uuid, text)", role="authenticated")

    Repair: grant EXECUTE, and usage of the schema; what fails inside is for the function's author.
    """

    function: Routine
    role: Identifier | None = None
    arguments: Annotated[Sequence[Any], BeforeValidator(_one_or_many), AfterValidator(tuple)] = ()
    claims: Mapping[str, Any] | None = None

    def forms(self) -> Iterable[Form]:
        yield from signature_forms(self.function)

    def probe(self, session: Session) -> Iterator[Finding]:
        function = find(session.catalog, self.function)
        denied = list(self._denied(session, function))
        if denied:
            yield from denied
            return
        if function.returns in {"trigger", "event_trigger"} or function.kind not in {"function", "procedure"}:
            raise CannotProbe(f"{function.signature} is not called by itself: it is a {_what(function)}")
        if function.volatility == "volatile" and not session.may_write:
            raise CannotProbe("calling a volatile function counts as writing; allow it with --probes rollback")
        yield from self._call(session, function)

    def _denied(self, session: Session, function: Function) -> Iterator[Finding]:
        role = self.role or session.catalog.server.user
        if not reaches(session.catalog, role, function.name):
            schema = quote(split(function.name)[0])
            repair = Repair(f"grant usage on schema {schema} to {quote(role)};", "changes access")
            yield Finding(f"{role} may not use the schema of {function.signature}", "USAGE", "none", repair=(repair,))
        if "EXECUTE" not in on_function(session.catalog, role, function.signature):
            repair = Repair(f"grant execute on routine {function.signature} to {quote(role)};", "changes access")
            yield Finding(f"{role} may not execute {function.signature}", "EXECUTE", "none", repair=(repair,))

    def _call(self, session: Session, function: Function) -> Iterator[Finding]:
        if not takes(function, self.arguments):
            yield Finding(f"{function.signature} takes {len(inputs(function))} arguments, not {len(self.arguments)}")
            return
        made = call(function, self.arguments)
        if made.skips and made.made_up:
            raise CannotProbe(f"{function.signature} does nothing when an argument is NULL; give it arguments")
        try:
            with session.acting_as(self.role or session.catalog.server.user, self.claims):
                session.count(made.statement, made.values)
        except Refused as refused:
            self._require_telling(session, function, refused, made)
            yield Finding(
                f"{function.signature} fails when it is called{f' as {self.role}' if self.role else ''}: {refused}",
                expected="runs",
                observed=f"{refused.sqlstate}: {refused}",
            )

    def _require_telling(self, session: Session, function: Function, refused: Refused, made: Call) -> None:
        """Raise CannotProbe where the refusal says more about this call than about the function."""
        if made.made_up and _ABOUT_VALUES.fullmatch(refused.sqlstate):
            raise CannotProbe(f"{function.signature} refuses made-up arguments ({refused}); give it arguments")
        if refused.sqlstate == _READ_ONLY and not session.may_write:
            raise CannotProbe(f"{function.signature} writes; allow it with --probes rollback")
        if refused.sqlstate == _ENDS_TRANSACTION:
            raise CannotProbe(f"{function.signature} ends transactions itself, and cannot be rolled back")


def _what(function: Function) -> str:
    return f"{function.returns} function" if function.kind == "function" else function.kind
