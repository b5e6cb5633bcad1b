"""What each principal can do through functions that run with their owner's rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import on_database, on_function, reaches
from pgcontract.contract.session import Refused
from pgcontract.isolation.arguments import Arguments
from pgcontract.isolation.arrivals import Arrivals
from pgcontract.isolation.evidence import named
from pgcontract.isolation.judge import counters_only
from pgcontract.isolation.model import Candidate, Principal, Proof
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.functions import Function
    from pgcontract.isolation.difference import Difference
    from pgcontract.isolation.gains import Gains
    from pgcontract.isolation.judge import Digest, Evidence
    from pgcontract.isolation.scope import Scope
    from pgcontract.isolation.stage import Stage
    from pgcontract.isolation.worlds import Builder

_HOPELESS = frozenset({"42501", "42883", "0A000", "2D000", "42P01", "42703"})
"""A refusal that other arguments would hardly change, unless the arguments become SQL."""


class Calls:
    """Calls what a principal may call, with arguments that are B's."""

    def __init__(
        self,
        stage: Stage,
        scope: Scope,
        builder: Builder,
        evidence: Evidence,
        digest: Digest,
        gains: Gains,
        difference: Difference,
    ) -> None:
        self._difference = difference
        self._stage = stage
        self._scope = scope
        self._evidence = evidence
        self._digest = digest
        self._gains = gains
        self._builder = builder
        self._arguments = Arguments(builder)
        self._arrivals = Arrivals(stage, builder)

    def all(self, principal: Principal, known: set[tuple[str, str]]) -> Iterator[Candidate]:
        """Whatever the principal can read or change through a function that it should not."""
        catalog = self._stage.session.catalog
        for function in self._scope.functions.values():
            if not function.security_definer or (function.signature, "EXECUTE") in known:
                continue  # what runs with the caller's own rights does no more than the caller could
            if "EXECUTE" not in on_function(catalog, principal.role, function.signature):
                continue
            if not reaches(catalog, principal.role, function.name):
                continue
            if (function.returns or "").endswith("record") and not any(
                a.mode in {"out", "table", "inout"} for a in function.arguments
            ):
                continue
            yield from self._function(principal, function)

    def _function(self, principal: Principal, function: Function) -> Iterator[Candidate]:
        refusals = 0
        before = self._masquerade(principal, function)
        for statement, passed in self._arguments.calls(function):
            found, refused = self._called(principal, function, statement, passed)
            if before and not found:
                found, refused = self._called(principal, function, statement, passed, before)
            if found:
                yield from found
                return
            refusals += refused
            if refusals > 16 and "execute" not in (function.source or "").lower():  # noqa: PLR2004 - enough is enough
                return

    def _masquerade(self, principal: Principal, function: Function) -> tuple[str, ...]:
        """A temporary table in the place of one that the function asks about its caller, where its path lets it."""
        catalog = self._stage.session.catalog
        if any(setting.startswith("search_path=") for setting in function.settings) or principal.claims is None:
            return ()
        if "TEMPORARY" not in on_database(catalog, principal.role):
            return ()
        body = self._builder.ownership.functions.bodies.get(function.signature)
        for written in body.relations.values() if body is not None else ():
            table = named(catalog, written)
            users = self._builder.ownership.direct.get(table or "", {})
            if table is None or "." in written or not users:
                continue
            name, column = quote(written.strip('"')), quote(next(iter(users)))
            return (
                f"create temporary table {name} as select {literal(principal.claims.get('sub', ''))}::uuid as {column}",
                f"grant select on pg_temp.{name} to public",
            )
        return ()

    def _called(
        self,
        principal: Principal,
        function: Function,
        statement: str,
        passed: frozenset[str],
        before: tuple[str, ...] = (),
    ) -> tuple[list[Candidate], bool]:
        procedure = function.kind == "procedure"
        asked = statement if procedure else f"select pg_catalog.to_jsonb(s) from ({statement} limit 200) as s"
        with self._stage.acting(principal):
            if any(isinstance(self._stage.tried(one), Refused) for one in before):
                return [], True
            answer = self._stage.tried(asked)
            if isinstance(answer, Refused):
                return [], answer.sqlstate in _HOPELESS
            for record in answer:
                rows, marks = self._evidence.in_record(list(record), None, passed)
                if rows:
                    tables = tuple(dict.fromkeys(row.table for row in rows))
                    what = f"read what belongs to somebody else in {', '.join(tables)} through {function.signature}"
                    proof = Proof("sees", (rows[0].name,), frozenset(marks))
                    return [
                        Candidate(principal, function.signature, "EXECUTE", (*before, statement), what, proof, tables)
                    ], False
            second = None if before else self._second(principal, function, statement, answer, passed)
            if second is not None or function.volatility != "volatile":
                return ([second] if second is not None else []), False
            return self._written(principal, function, (*before, statement), passed), False

    def _written(
        self, principal: Principal, function: Function, steps: tuple[str, ...], passed: frozenset[str]
    ) -> list[Candidate]:
        """What the call has opened to the principal, has changed of B's, or has put under something of B's."""
        gained = self._gains.after(principal, steps, f"called {function.signature}")
        self._stage.as_owner()
        changed = [(row, columns) for row, columns in self._digest.changed() if not counters_only(row, columns)]
        if changed:
            tables = tuple(dict.fromkeys(row.table for row, _ in changed))
            what = f"change what belongs to somebody else in {', '.join(tables)} through {function.signature}"
            proof = Proof("changes", tuple(row.name for row, _ in changed[:1]))
            return [Candidate(principal, function.signature, "EXECUTE", steps, what, proof, tables)]
        for tie in [] if gained else self._arrivals.of_call(passed):
            if self._arrivals.hidden(principal, tie):
                what = f"put a row into {tie.table} with somebody else's {tie.column} through {function.signature}"
                tables = (tie.table, *((tie.parent.table,) if tie.parent is not None else ()))
                return [Candidate(principal, function.signature, "EXECUTE", steps, what, tie.proof, tables)]
        return gained

    def _second(
        self, principal: Principal, function: Function, statement: str, answer: list[Any], passed: frozenset[str]
    ) -> Candidate | None:
        """What shows only by a second look: sums over B's rows, and copies of B's among the principal's own."""
        if function.kind != "procedure":
            records = [record for (record,) in answer]
            told = self._difference.of_call(principal, function, statement, records, passed)
            if told is not None:
                return told
        copied = self._gains.copies(principal, statement) if function.volatility == "volatile" else None
        if copied is None:
            return None
        relation, select, marks, rows = copied
        tables = tuple(dict.fromkeys(row.table for row in rows))
        what = f"read what belongs to somebody else in {', '.join(tables)}, copied into {relation.name} by "
        proof = Proof("sees", (rows[0].name,), marks)
        return Candidate(
            principal, function.signature, "EXECUTE", (statement, select), what + function.signature, proof, tables
        )
