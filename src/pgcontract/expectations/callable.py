from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from pgcontract.catalog.effective import on_function, reaches
from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import Identifier, Routine
from pgcontract.contract.session import ALLOW_WRITING, CannotProbe, Refused, Session
from pgcontract.expectations.acting import UNABLE, actor
from pgcontract.expectations.call import Call, call, inputs, takes
from pgcontract.expectations.functions import find, signature_forms
from pgcontract.expectations.results import RowsIfAny, differ, shown
from pgcontract.names import quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.functions import Function
    from pgcontract.contract.principals import Principal

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

    `role` may be a principal of the contract, whose claims and settings count unless `claims` are given. `returns`
    is what it gives: a value, or a list of rows, each a value or a list of values (`[null]` is one row with NULL).
    `raises` says that it must refuse instead: by SQLSTATE, or by a piece of the message.

    Calling a volatile function counts as writing: it needs `--probes rollback`. Whatever it writes is rolled back, and
    the sequences that it draws from are held meanwhile. One that reaches outside, through others too, is skipped.

    Example:
        FunctionCallable("increment_usage(uuid, text)", role="authenticated")

    Repair: grant EXECUTE, and usage of the schema; what fails inside is for the function's author.
    """

    function: Routine
    role: Identifier | None = None
    arguments: Annotated[Sequence[Any], BeforeValidator(_one_or_many), AfterValidator(tuple)] = ()
    claims: Mapping[str, Any] | None = None
    returns: RowsIfAny = None
    raises: str | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.returns is not None and self.raises is not None:
            raise ValueError("it either returns something or raises an error")
        return self

    def forms(self) -> Iterable[Form]:
        yield from signature_forms(self.function)

    def probe(self, session: Session) -> Iterator[Finding]:
        function = find(session.catalog, self.function)
        principal = actor(session, self.role, self.claims)
        denied = [] if self.raises is not None else list(self._denied(session, function, principal))
        if denied:
            yield from denied
            return
        if function.returns in {"trigger", "event_trigger"} or function.kind not in {"function", "procedure"}:
            raise CannotProbe(f"{function.signature} is not called by itself: it is a {_what(function)}")
        if function.volatility == "volatile" and not session.may_write:
            raise CannotProbe(f"calling a volatile function counts as writing; {ALLOW_WRITING}")
        yield from self._call(session, function, principal)

    def _denied(self, session: Session, function: Function, principal: Principal) -> Iterator[Finding]:
        role = principal.role
        if not reaches(session.catalog, role, function.name):
            schema = quote(split(function.name)[0])
            repair = Repair(f"grant usage on schema {schema} to {quote(role)};", "changes access")
            yield Finding(f"{role} may not use the schema of {function.signature}", "USAGE", "none", repair=(repair,))
        if "EXECUTE" not in on_function(session.catalog, role, function.signature):
            repair = Repair(f"grant execute on routine {function.signature} to {quote(role)};", "changes access")
            yield Finding(f"{role} may not execute {function.signature}", "EXECUTE", "none", repair=(repair,))

    def _call(self, session: Session, function: Function, principal: Principal) -> Iterator[Finding]:
        if not takes(function, self.arguments):
            yield Finding(f"{function.signature} takes {len(inputs(function))} arguments, not {len(self.arguments)}")
            return
        made = call(function, self.arguments)
        if made.skips and made.made_up:
            raise CannotProbe(f"{function.signature} does nothing when an argument is NULL; give it arguments")
        try:
            with session.acting(principal):
                rows = self._run(session, made)
        except Refused as refused:
            self._require_telling(session, function, refused, made)
            yield from self._refused(function, refused)
        else:
            yield from self._returned(function, rows, values=session.values)

    def _run(self, session: Session, made: Call) -> list[tuple[Any, ...]]:
        """What the call gives; nothing is fetched where nobody asks for it."""
        if self.returns is None:
            session.count(made.statement, made.values)
            return []
        return session.rows(re.sub(r"^select ", "select * from ", made.statement), made.values)

    def _refused(self, function: Function, refused: Refused) -> Iterator[Finding]:
        whose = f" as {self.role}" if self.role else ""
        if self.raises is None:
            yield Finding(
                f"{function.signature} fails when it is called{whose}: {refused}",
                expected="runs",
                observed=f"{refused.sqlstate}: {refused}",
            )
        elif self.raises != refused.sqlstate and self.raises not in refused.message:
            yield Finding(
                f"{function.signature} refuses the call{whose} by another error: {refused}",
                expected=self.raises,
                observed=f"{refused.sqlstate}: {refused}",
            )

    def _returned(self, function: Function, rows: list[tuple[Any, ...]], *, values: bool) -> Iterator[Finding]:
        whose = f" as {self.role}" if self.role else ""
        if self.raises is not None:
            yield Finding(f"{function.signature} lets the call{whose} through", f"raises {self.raises}", "runs")
        elif self.returns is not None and differ(rows, self.returns, ordered=False):
            given = shown(rows, values=values)
            yield Finding(
                f"{function.signature} gives {given}{whose}, not {shown(self.returns)}",
                expected=shown(self.returns),
                observed=given,
            )

    def _require_telling(self, session: Session, function: Function, refused: Refused, made: Call) -> None:
        """Raise CannotProbe where the refusal says more about this call than about the function."""
        if refused.sqlstate in UNABLE:
            raise refused
        if self.raises is None and made.made_up and _ABOUT_VALUES.fullmatch(refused.sqlstate):
            raise CannotProbe(f"{function.signature} refuses made-up arguments ({refused}); give it arguments")
        if refused.sqlstate == _READ_ONLY and not session.may_write:
            raise CannotProbe(f"{function.signature} writes; {ALLOW_WRITING}")
        if refused.sqlstate == _ENDS_TRANSACTION:
            raise CannotProbe(f"{function.signature} ends transactions itself, and cannot be rolled back")


def _what(function: Function) -> str:
    return f"{function.returns} function" if function.kind == "function" else function.kind
