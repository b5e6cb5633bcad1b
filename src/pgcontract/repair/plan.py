"""A plan: from what a contract says and a catalog is, the statements that make the one the other.

It is made in rounds, in memory. Each round checks the suite on the database as it will be, takes the repairs of the
findings, and makes what is missing from all that the contract says of it; then it looks again, for what was not there
could not be checked. It ends when nothing new comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from pgcontract.catalog.default_privileges import command
from pgcontract.catalog.forms import FormError
from pgcontract.catalog.objects import MissingObjectError, UnreadableError
from pgcontract.expectations.comments import CommentIs
from pgcontract.expectations.default_acls import DefaultAclIs
from pgcontract.expectations.default_privileges import DefaultPrivilegesAre
from pgcontract.names import split
from pgcontract.repair import effects
from pgcontract.repair.context import Context, NotSaidError
from pgcontract.repair.draft import Draft, merged, ordered
from pgcontract.repair.extras import LETS_GO, dropped
from pgcontract.repair.looking import failing
from pgcontract.repair.making import MAKERS
from pgcontract.repair.renames import RENAMES, Renames, recognised
from pgcontract.repair.said import Said
from pgcontract.repair.shaping import Shape, shaped
from pgcontract.repair.world import World
from pgcontract.run.requirements import closure, forms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Answer, Form
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite
    from pgcontract.repair.step import Step
    from pgcontract.verdict import Finding, Hazard, Outcome

Ask: TypeAlias = "Callable[[Catalog, Collection[Form]], Mapping[Form, Answer]]"
"""Asks the server for its own form of texts, on tables as a catalog has them."""

_ROUNDS = 24


@dataclass(frozen=True, slots=True)
class Plan:
    """What would make a database what its contract says.

    Attributes:
        steps: Statements, in an order that runs: what runs before the transaction, in it, and after it.
        unresolved: What is not as the contract says and no statement is derived for, each as one line.
    """

    steps: tuple[Step, ...] = ()
    unresolved: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.steps or self.unresolved)

    @property
    def first(self) -> list[Step]:
        """What runs before the transaction, each statement by itself."""
        return [step for step in self.steps if step.first]

    @property
    def inside(self) -> list[Step]:
        """What runs in the transaction."""
        return [step for step in self.steps if step.transactional]

    @property
    def apart(self) -> list[Step]:
        """What runs after the transaction, each statement by itself."""
        return [step for step in self.steps if not (step.transactional or step.first)]


def plan(  # noqa: PLR0913 - most have a default, and are given by keyword
    suite: Suite,
    catalog: Catalog,
    *,
    ask: Ask | None = None,
    concurrently: bool = False,
    online: bool = False,
    origin: Catalog | None = None,
    allow: Collection[Hazard] = (),
) -> Plan:
    """The statements that would make the database what the suite says.

    Only what catalogs show is planned for: what probes and scans find is no matter of DDL. Findings that the suite
    ignores stand.

    Args:
        suite: What should be.
        catalog: What is, with Postgres's own forms of the suite's texts where the server was asked.
        ask: Asks the server about texts on tables that are yet to be made; without it they are used as written.
        concurrently: Whether indexes are built outside the transaction, while writes go on.
        online: Whether long looks at all rows are put off until after the transaction.
        origin: The database as it was before anything was planned for it; the same as `catalog` when None.
        allow: The hazards that are allowed; with `renames`, what is only likely to be there under another name is
            renamed, and otherwise made.
    """
    said, guess = Said(closure(suite)), RENAMES in allow
    found = recognised(catalog, said, partial(failing, suite), ask, guess=guess)
    planner = _Planner(suite, found, ask, origin or catalog)
    return planner.plan(Shape(concurrently=concurrently, online=online))


class _Planner:
    def __init__(self, suite: Suite, renames: Renames, ask: Ask | None, origin: Catalog) -> None:
        self._suite = suite
        self._ask = ask
        self._renames = renames
        self._world = World(renames.catalog)
        self._world.bare |= renames.names
        self._context = Context(closure(suite), self._world, origin)
        self._context.written |= renames.written
        self._origin = origin
        self._drafts: list[Draft] = []
        self._mended: set[str] = set()
        self._objects: set[str | None] = set()
        # What a closed world has not, but the contract speaks of by itself, belongs elsewhere: it is not dropped.
        self._stated = {each.belongs_to or each.subject for each in suite}
        self._new = False
        self._reasons: dict[str, str] = {}

    def plan(self, shape: Shape) -> Plan:
        """The whole of it."""
        outcomes = self._renames.found
        for _ in range(_ROUNDS):
            if not self._round(outcomes):
                break
            self._settle()
            outcomes = failing(self._suite, self._world.catalog)
        drafts = [*self._renames.drafts, *ordered(merged(self._drafts))]
        return Plan(shaped(drafts, self._origin, shape), tuple(dict.fromkeys(self._unresolved(outcomes))))

    def _round(self, outcomes: Iterable[tuple[Outcome, Expectation | None]]) -> bool:
        """Take what can be had from what failed; whether there was anything new."""
        self._new = False
        for outcome, expectation in outcomes:
            if outcome.status == "failed":
                self._mend(outcome, expectation)
        return self._new

    def _mend(self, outcome: Outcome, expectation: Expectation | None) -> None:
        new = [finding for finding in outcome.findings if finding.fingerprint not in self._mended]
        if not new:
            return
        try:
            made = () if expectation is None else self._made(expectation)
        except (NotSaidError, FormError, MissingObjectError, UnreadableError) as why:
            self._reasons.update(dict.fromkeys((finding.fingerprint for finding in new), str(why)))
            return
        if made:
            others = [finding for finding in new if _is_extra(finding) or (finding.repair and outcome.kind in _IN_PART)]
            mended = [finding for finding in new if finding not in others]
            for draft in made:
                self._take(replace(draft, mends=tuple(dict.fromkeys(each.message for each in mended))), mended)
            new = others
        for finding in new:
            self._repaired(finding, expectation)

    def _made(self, expectation: Expectation) -> tuple[Draft, ...]:
        """What makes the object anew, or for the first time.

        Raises:
            NotSaidError: The contract does not say enough for it.
            FormError: The server does not understand what it says.
            MissingObjectError: Something that it needs is not there.
        """
        self._context.require_table(expectation.belongs_to or expectation.subject)
        maker = MAKERS.get(expectation.kind)
        self._context.verbatim = False
        made = None if maker is None else maker(expectation, self._context)
        drafts = (made,) if isinstance(made, Draft) else made or ()
        if self._context.verbatim:
            path = self._context.path(_placed(expectation))
            return tuple(replace(draft, path=path) for draft in drafts)
        return drafts

    def _repaired(self, finding: Finding, expectation: Expectation | None) -> None:
        """What the finding's own repair is, or the dropping of what is there unasked."""
        if finding.repair:
            self._context.verbatim = False
            path: tuple[str, ...] = ()
            if expectation is not None:
                self._context.note(_forms(expectation))
                path = self._context.path(_placed(expectation)) if self._context.verbatim else ()
            self._take(Draft(finding.repair, mends=(finding.message,), path=path), [finding])
            self._objects.update(_closing(expectation))
            for repair in finding.repair:
                effects.apply(self._world, repair.sql)
        elif expectation is not None and (expectation.kind in LETS_GO or finding.object not in self._stated):
            draft = dropped(expectation, finding, self._world.catalog)
            if draft is not None:
                self._take(draft, [finding])

    def _take(self, draft: Draft, findings: Iterable[Finding]) -> None:
        self._new = True
        for finding in findings:
            self._mended.add(finding.fingerprint)
            self._objects.add(finding.object)
            draft = replace(draft, note=self._renames.note(finding) or draft.note)
        twin = next((k for k, each in enumerate(self._drafts) if each.statements == draft.statements), None)
        if twin is None:
            self._drafts.append(draft)
        else:
            mends = tuple(dict.fromkeys([*self._drafts[twin].mends, *draft.mends]))
            self._drafts[twin] = replace(self._drafts[twin], mends=mends)

    def _settle(self) -> None:
        """Let the next check see what was planned, with Postgres's own form of texts on what is new."""
        self._world.settle()
        catalog = self._world.catalog
        written = [form for form in forms(closure(self._suite)) if form not in catalog.forms]
        answers: dict[Form, Answer] = dict(catalog.forms)
        if self._ask is not None:
            answers |= self._ask(catalog, [form for form in written if not catalog.settles(form)])
        for form, answer in answers.items():
            if isinstance(answer, FormError) and self._context.is_coming(form.text):
                answers[form] = form.text
                self._context.written.add(form)
        self._world.settle(answers)

    def _unresolved(self, outcomes: Iterable[tuple[Outcome, Expectation | None]]) -> Iterator[str]:
        for outcome, _ in outcomes:
            if outcome.status == "errored":
                yield f"{outcome.subject}: could not be checked: {outcome.reason}"
            for finding in outcome.findings if outcome.status == "failed" else ():
                name = f"{finding.object} of {outcome.subject}" if outcome.kind == "CommentsAre" else finding.object
                made = finding.observed is None and name in self._objects
                if finding.fingerprint not in self._mended and not made:
                    why = self._reasons.get(finding.fingerprint) or finding.hint
                    why = self._renames.note(finding) or why
                    yield finding.message + (f" ({why.rstrip('.')})" if why else "")


def _closing(expectation: Expectation | None) -> Iterator[str]:
    """What a closed world calls the object of an expectation that is mended, where it has another name for it."""
    if isinstance(expectation, DefaultAclIs | DefaultPrivilegesAre):
        yield command(expectation.creator, expectation.in_schema, expectation.objects)
    elif isinstance(expectation, CommentIs) and expectation.of is not None:
        yield f"{expectation.noun} {expectation.name} of {expectation.of}"


# What is made anew of these is not all that their findings are about.
_IN_PART = frozenset({"ViewExists", "PublicationPresent"})


def _is_extra(finding: Finding) -> bool:
    """Whether it says that something is there which a closed world has not."""
    return not finding.repair and finding.observed is not None and (finding.expected or "").startswith("no ")


def _forms(expectation: Expectation) -> list[Form]:
    try:
        return list(expectation.forms())
    except Exception:  # noqa: BLE001 - an expectation of somebody else's; its verdict says so
        return []


def _placed(expectation: Expectation) -> str:
    """The name whose schema bare names are looked up in first."""
    name = expectation.belongs_to or expectation.subject
    try:
        parts = split(name.partition("(")[0])
    except ValueError:  # a cast has no name
        return "public.it"
    return name if len(parts) > 1 else f"public.{name}"
