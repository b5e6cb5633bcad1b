from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import Identifier, Statement
from pgcontract.contract.session import Refused, Session
from pgcontract.expectations.acting import actor, require_telling
from pgcontract.expectations.results import Rows, differ, shown
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator


class QueryReturns(ProbeExpectation):
    """The query {query} gives {rows}.

    For what no other expectation says. `by` runs it, a principal of the contract or a role; else the connected user.
    A row is a list of values, or one value alone; NULL is null. Numbers are equal by their size, dates, times and the
    like by their text. The order of rows counts only if `ordered` says so. A query that Postgres refuses has failed;
    one that writes needs `--probes rollback`.

    Example:
        QueryReturns("select count(*) from auth.users where email is null", 0)

    Repair: that depends on the query; the finding shows what came instead.
    """

    query: Statement
    rows: Rows
    by: Identifier | None = None
    ordered: bool = False

    def probe(self, session: Session) -> Iterator[Finding]:
        principal = actor(session, self.by)
        whose = f" as {principal.name}" if self.by else ""
        try:
            with session.acting(principal):
                observed = session.rows(self.query)
        except Refused as refused:
            require_telling(refused)
            yield Finding(f"the query is refused{whose}: {refused}", shown(self.rows), f"{refused.sqlstate}: {refused}")
            return
        if differ(observed, self.rows, ordered=self.ordered):
            given, wanted = shown(observed, values=session.values), shown(self.rows)
            yield Finding(f"the query gives {given}{whose}, not {wanted}", wanted, given)
