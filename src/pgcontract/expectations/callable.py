from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from pgcontract.catalog.effective import on_function, reaches
from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import Identifier, Routine
from pgcontract.contract.session import CannotProbe, Refused, Session
from pgcontract.expectations.functions import find, signature_forms
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.functions import Function

# Harmless values for arguments that the contract does not give, by type; NULL for the others.
_MADE_UP: Mapping[str, Any] = {
    "uuid": "00000000-0000-0000-0000-000000000000",
    "text": "",
    "character varying": "",
    "smallint": 0,
    "integer": 0,
    "bigint": 0,
    "numeric": 0,
    "real": 0,
    "double precision": 0,
    "boolean": False,
    "json": "{}",
    "jsonb": "{}",
    "date": "2000-01-01",
    "timestamp with time zone": "2000-01-01T00:00:00Z",
    "timestamp without time zone": "2000-01-01T00:00:00",
    "interval": "0",
}
# What a function's body may raise because of the values it was given: data exceptions, integrity constraints, RAISE.
_ABOUT_VALUES = re.compile(r"22...|23...|P0...")


class FunctionCallable(ProbeExpectation):
    """The function {function} can be called.

    `role` may execute it and use its schema, and a call as that role, with `claims`, runs; it is rolled back. Without
    `role` the connected user calls. Arguments go by position, as values; those that are not given get harmless ones of
    their type, and if the function refuses these, the outcome is skipped, for then nothing can be told.

    Calling a volatile function counts as writing: it needs `--probes rollback`.

    Example:
        FunctionCallable("increment_usage(uuid, text)", role="authenticated")

    Repair: grant EXECUTE, and usage of the schema; what fails inside is for the function's author.
    """

    function: Routine
    role: Identifier | None = None
    arguments: Annotated[Sequence[Any], AfterValidator(tuple)] = ()
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
            schema = function.name.split(".")[0]
            repair = Repair(f"grant usage on schema {schema} to {quote(role)};", "changes access")
            yield Finding(f"{role} may not use the schema of {function.signature}", "USAGE", "none", repair=(repair,))
        if "EXECUTE" not in on_function(session.catalog, role, function.signature):
            repair = Repair(f"grant execute on routine {function.signature} to {quote(role)};", "changes access")
            yield Finding(f"{role} may not execute {function.signature}", "EXECUTE", "none", repair=(repair,))

    def _call(self, session: Session, function: Function) -> Iterator[Finding]:
        inputs = [a for a in function.arguments if a.mode in {"in", "inout", "variadic"}]
        if len(self.arguments) > len(inputs):
            yield Finding(f"{function.signature} takes {len(inputs)} arguments, not {len(self.arguments)}")
            return
        needed = [a for a in inputs[len(self.arguments) :] if not a.default and a.mode != "variadic"]
        values = [*map(_plain, self.arguments), *(_MADE_UP.get(argument.type) for argument in needed)]
        places = ", ".join(
            f"{'variadic ' if argument.mode == 'variadic' else ''}%s::{argument.type.replace('%', '%%')}"
            for argument, _ in zip(inputs, values, strict=False)
        )
        verb = "call" if function.kind == "procedure" else "select * from"
        statement = f"{verb} {function.name.replace('%', '%%')}({places})"
        yield from self._attempt(session, function, statement, values, made_up=bool(needed))

    def _attempt(
        self, session: Session, function: Function, statement: str, values: Sequence[Any], *, made_up: bool
    ) -> Iterator[Finding]:
        try:
            with session.acting_as(self.role or session.catalog.server.user, self.claims):
                session.count(statement, values)
        except Refused as refused:
            if made_up and _ABOUT_VALUES.fullmatch(refused.sqlstate):
                raise CannotProbe(
                    f"{function.signature} refuses made-up arguments ({refused}); give it arguments"
                ) from None
            yield Finding(
                f"{function.signature} fails when it is called{f' as {self.role}' if self.role else ''}: {refused}",
                expected="runs",
                observed=f"{refused.sqlstate}: {refused}",
            )


def _plain(value: Any) -> Any:
    """A JSON object goes as its text; Postgres reads it by the argument's type."""
    return json.dumps(value) if isinstance(value, dict) else value


def _what(function: Function) -> str:
    return f"{function.returns} function" if function.kind == "function" else function.kind
