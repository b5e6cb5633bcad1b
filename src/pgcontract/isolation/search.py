"""The search for leaks: discover, build, act, judge, control, shrink, blame."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import may_set_role, on_relation
from pgcontract.contract.session import CannotProbe, Refused
from pgcontract.isolation.blame import blame
from pgcontract.isolation.control import control
from pgcontract.isolation.derived import derived
from pgcontract.isolation.difference import Difference
from pgcontract.isolation.functions import Calls
from pgcontract.isolation.gains import Gains
from pgcontract.isolation.judge import Digest, Evidence
from pgcontract.isolation.lapsed import lapsed
from pgcontract.isolation.model import Candidate, Inconclusive, Leak, Options, Search
from pgcontract.isolation.namesakes import namesakes
from pgcontract.isolation.opening import Opening
from pgcontract.isolation.own import OwnWrites
from pgcontract.isolation.prepared import Prepared
from pgcontract.isolation.puts import Puts
from pgcontract.isolation.reads import reads
from pgcontract.isolation.replay import Replay
from pgcontract.isolation.reproduction import reproduction
from pgcontract.isolation.scope import USERS
from pgcontract.isolation.writes import Writes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.contract.session import Session
    from pgcontract.isolation.ledger import Worlds
    from pgcontract.isolation.model import Principal
    from pgcontract.isolation.worlds import Builder


def find_leaks(
    session: Session, options: Options | None = None, adjust: Callable[[Prepared], object] | None = None
) -> Search:
    """Whether a principal of the database can see or change what belongs to another.

    Args:
        session: One that may write, in a transaction that is rolled back.
        options: Hints, and what to search.
        adjust: Changes what is going to be searched, or who acts, before anything is written.

    Raises:
        ContractError: A hint or an option names what is not there.
        CannotProbe: Nothing can be searched, with the reason.
    """
    search = _Search(session, options or Options())
    if adjust is not None:
        adjust(search)
    return search.run()


class _Search(Prepared):
    def __init__(self, session: Session, options: Options) -> None:
        super().__init__(session, options)
        self.session = self.stage.session  # in which what must not be tried is remembered
        self.inconclusive: list[Inconclusive] = []

    def run(self) -> Search:
        tables = [name for name in self.scope.tables if name in self.ownership.owned]
        if not tables:
            reason = "nothing says whose its rows are; say so with --owner or --tenant"
            self.inconclusive += [Inconclusive(name, "", reason) for name in self.scope.tables]
        with self.session.trial():
            builder = self.builder()
            roles = [*self.scheme.api_roles, *self.scheme.roles]
            skipped = derived(self.catalog, roles) | self.ownership.elevated
            worlds = builder.build(table for table in tables if table not in skipped)
            builder.fill_nobodys(table for table in self._writable() if table not in skipped)
            candidates = list(self._candidates(builder, worlds))
            self.inconclusive += (unsure := list(control(self, builder)))
        replay = Replay(self.stage, worlds)
        leaks = [leak for candidate in candidates if (leak := self._leak(replay, candidate))]
        self.inconclusive += self.stage.session.inconclusive()
        return Search(
            tuple(leaks),
            tuple(self.inconclusive),
            len(self.scope.relations),
            len(self.scope.functions),
            self.stage.attempts,
            bool(leaks) or len(unsure) < len(tables),
            {
                name: f"{owned.why} ({owned.strength})"
                for name, owned in self.ownership.owned.items()
                if name in self.scope.tables
            },
            frozenset(row.table for row in worlds.of("B") if not row.public),
        )

    def _shared(self) -> set[str]:
        """Who and what B is: its users and organisations, whose names alone say nothing."""
        memberships = {
            self.ownership.groups.of((table, column)) for table, (_, column) in self.ownership.memberships.items()
        }
        return {
            str(value)
            for group, values in self.identities.values["B"].items()
            if group in memberships or self.ownership.tokens_of(group)
            for value in values
        }

    def _principals(self) -> Iterator[Principal]:
        may = may_set_role(self.catalog, self.catalog.server.user)
        for principal in self.cast.everybody(self.options):
            if principal.role in may:
                yield principal
            else:
                reason = f"{self.catalog.server.user} may not act as {principal.role}: it is not a member of that role"
                self.inconclusive.append(Inconclusive("", principal.name, reason))

    def _candidates(self, builder: Builder, worlds: Worlds) -> Iterator[Candidate]:
        opening = Opening(self.catalog, self.ownership, self.vocabulary, self.publics)
        opening.mark(self.session, worlds)
        evidence = Evidence(worlds, self.identities, self._shared(), opening.faces)
        digest = Digest(self.session, [row for row in worlds.order if row.world != "A" and row.table != USERS])
        writes = Writes(self.stage, self.scope, builder, evidence, digest, {}, {})
        found: set[tuple[str, str]] = set()
        principals = list(self._principals())
        if not principals:
            unable = next((item.reason for item in self.inconclusive if item.principal), "")
            raise CannotProbe(
                unable or "no role acts for a user here: neither anon and authenticated, nor one with grants of its own"
            )
        gains = Gains(self.stage, self.scope, evidence)
        difference = Difference(self.stage, worlds, evidence)
        calls = Calls(self.stage, self.scope, builder, evidence, digest, gains, difference)
        puts = Puts(writes)
        own = OwnWrites(writes, gains)
        for principal in principals:
            gains.known |= {relation for relation, command in found if command == "SELECT"}
            for candidate in chain(
                reads(self.stage, self.scope, evidence, principal, difference),
                writes.all(principal),
                puts.all(principal),
                own.all(principal),
                lapsed(self.stage, builder, self.cast, gains, principal, worlds.kept),
                namesakes(self.stage, self.scope, builder, evidence, principal),
                calls.all(principal, found),
            ):
                if candidate.command == "SELECT":
                    gains.known.add(candidate.relation)
                if (candidate.relation, candidate.command) not in found:
                    found.add((candidate.relation, candidate.command))
                    yield candidate

    def _writable(self) -> list[str]:
        """Tables that belong to nobody, and that somebody may change all the same."""
        roles = [*self.scheme.api_roles, *self.scheme.roles]
        return [
            name
            for name in self.scope.tables
            if name not in self.ownership.owned
            and any({"UPDATE", "DELETE"} & on_relation(self.catalog, role, name) for role in roles)
        ]

    def _path(self) -> str:
        path: str = self.session.rows("select pg_catalog.current_setting('search_path')")[0][0]
        return path

    def _leak(self, replay: Replay, candidate: Candidate) -> Leak | None:
        sentence = f"{candidate.principal.phrase} ({candidate.principal.role}) can {candidate.what}"
        smallest = replay.smallest(candidate)
        if smallest is None:
            self.inconclusive.append(
                Inconclusive(
                    candidate.relation, candidate.principal.name, f"{sentence}, but not once it was tried again"
                )
            )
            return None
        rows, touches = smallest
        about = next((row for row in rows if candidate.proof.rows and row.name == candidate.proof.rows[0]), None)
        setup = [*(replay.statement(row) for row in rows if not row.by_trigger), *touches]
        try:
            guilty = blame(self.catalog, replay, candidate, rows, touches)
        except Refused as refused:
            guilty = f"not known: {refused}"
        script = reproduction(candidate, sentence, setup, about, self._path())
        return Leak(
            candidate.relation,
            candidate.command,
            candidate.principal.name,
            candidate.principal.role,
            sentence[:1].upper() + sentence[1:],
            script,
            guilty,
            candidate.tables,
        )
