"""What a contract file lacks to notice what it did not, in its short form: beside the table, or whatever it is of.

The inventory's short form is what could be said. Of an entry that the file has, those keys are taken that it lacks,
those members of its mappings and lists whose loss nobody would have noticed, and what of it can be closed; of others
the entry itself, too. Each piece is taken only if all that it says holds, and if something is noticed by it that was
not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pgcontract.catalog.objects import MissingObjectError
from pgcontract.contract import registry
from pgcontract.contract.fold import content
from pgcontract.contract.merging import together
from pgcontract.contract.section import Closing, Section
from pgcontract.contract.suite import Suite
from pgcontract.expectations.closed_relation import TABLE
from pgcontract.expectations.functions import FunctionPresent, find
from pgcontract.lifecycle.inventory import inventory
from pgcontract.lifecycle.mutation.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation
    from pgcontract.lifecycle.mutation.mutant import Mutant
    from pgcontract.lifecycle.scope import Scope

_LOST = ("Dropped", "Lost", "Removed")
"""How the kinds end that take something away."""
_MANY = len(TABLE) // 2
"""Where so many parts of a table are worth closing, all of them are closed."""


class Amending:
    """A contract, the database that it holds on, and the changes that it did not notice.

    Args:
        suite: The contract.
        catalog: The database, with Postgres's own form of what the contract's author wrote.
        scope: Of which objects it may speak.
        survivors: The changes.
        spared: Changes of which the contract warns, and that nothing that is taken may make more of.

    Attributes:
        left: Those that are not noticed by what was taken either.
    """

    def __init__(
        self,
        suite: Suite,
        catalog: Catalog,
        scope: Scope,
        survivors: Iterable[Mutant],
        spared: Iterable[Mutant] = (),
    ) -> None:
        self.suite = suite
        self.catalog = catalog
        self.left = list(survivors)
        self._spared = list(spared)
        self._there = set(suite)
        whole = inventory(catalog, scope)
        self._possible = content(Suite(suite.name, whole.expectations, schema=suite.schema))

    def amended(self, file: Mapping[str, Any]) -> dict[str, Any]:
        """What to put into a file that has this content, as `merging.merged` takes it."""
        found: dict[str, Any] = {}
        sections = sorted(registry.sections().items(), key=lambda one: (one[1].place, one[0]))
        for key, section in sections:
            possible, written = self._possible.get(key), file.get(key)
            if not issubclass(section, Closing) and isinstance(possible, dict) and isinstance(written or {}, dict):
                made = dict(self._section(section, possible, written or {}))
                found |= {key: made} if made else {}
        for key, section in sections:  # these speak of all the others
            possible = self._possible.get(key)
            if issubclass(section, Closing) and possible and key not in file and self._closes(section, possible):
                found[key] = possible
        return found

    def _closes(self, section: type[Closing], possible: Any) -> bool:
        """Whether nothing is there but what is named by now, and that helps."""
        form = section.model_validate(possible)
        made = [one.placed(self.suite.schema) for one in form.close([*self._there], self.suite.schema)]
        noticed = self.helps(made, self.left)
        self.taken(made if noticed else (), noticed)
        return bool(noticed)

    def _section(
        self, section: type[Section], possible: Mapping[str, Any], written: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        """By name, what entries lack."""
        known = {self._called(section, name): name for name in written}
        for name, could in possible.items():
            own = known.get(self._called(section, name))
            has = {} if own is None or written[own] is None else written[own]
            if isinstance(could, dict) and isinstance(has, dict):
                entry = _Entry(self, section, own or name, dict(has), self._of(name))
                is_new = own is None and entry.take({})
                entry.grow(could)
                if is_new or entry.more:
                    yield own or name, entry.more
            elif own is None and self.helps(self.expanded(section, name, could), self.left):
                yield name, could

    def _called(self, section: type[Section], name: str) -> str:
        """One name for all ways to write it."""
        for one in self.expanded(section, name, {}) or ():
            try:
                return find(self.catalog, one.function).signature if isinstance(one, FunctionPresent) else one.subject
            except MissingObjectError:
                return one.subject
        return name

    def _of(self, name: str) -> list[Mutant]:
        """The changes that an entry of that name might tell: of a relation those of it, else all that are of none."""
        table = next((one for one in (name, f"{self.suite.schema}.{name}") if one in self.catalog.relations), None)
        return [one for one in self.left if (table is None) is (one.relation is None) and table in {None, one.relation}]

    def expanded(self, section: type[Section], name: str, form: Any) -> tuple[Expectation, ...] | None:
        """What an entry stands for; None where it makes no sense."""
        try:
            return tuple(one.placed(self.suite.schema) for one in section.model_validate({name: form}).expand())
        except (ValidationError, TypeError):
            return None

    def helps(self, made: Iterable[Expectation] | None, among: Sequence[Mutant]) -> list[Mutant]:
        """The changes that are noticed by these expectations, if all of those hold and spare what is to be spared."""
        new = [one for one in made or () if one not in self._there]
        if not new or not among:
            return []
        watch = Watch(Suite(self.suite.name, new, schema=self.suite.schema), self.catalog)
        if watch.broken or any(map(watch.notices, self._spared)):
            return []
        return [one for one in among if watch.notices(one)]

    def taken(self, made: Iterable[Expectation], noticed: Iterable[Mutant]) -> None:
        """The contract says this from now on, and these changes are noticed."""
        self._there.update(made)
        gone = set(map(id, noticed))
        self.left = [one for one in self.left if id(one) not in gone]


class _Entry:
    """An entry of a section, as it grows.

    Attributes:
        content: What it says by now.
        more: What of that is new.
        left: The changes that it might yet notice.
    """

    def __init__(
        self, amending: Amending, section: type[Section], name: str, has: dict[str, Any], left: list[Mutant]
    ) -> None:
        self._amending = amending
        self._section = section
        self._name = name
        self.content = has
        self.left = left
        self.more: dict[str, Any] = {}

    def grow(self, could: Mapping[str, Any]) -> None:
        """Take what helps of what could be said, and then close what can be closed."""
        for key, value in could.items():
            there = self.content.get(key)
            if key == "closed" or (key == "acl" and "grants" in self.content):
                continue
            if key not in self.content:
                self.take({key: value})
            elif isinstance(value, dict) and isinstance(there, dict):
                for name in value.keys() - there.keys():
                    self.take({key: {name: value[name]}}, member=True)
            elif isinstance(value, list) and isinstance(there, list):
                for one in value:
                    self.take({key: [one]}, member=True)
        self._close(could.get("closed"))

    def take(self, more: dict[str, Any], *, member: bool = False) -> bool:
        """Take a piece, if it helps; a member of what is there only if nobody would have missed it."""
        after = together(self.content, more)
        made = self._made(after)
        lost = [one for one in self.left if one.kind.endswith(_LOST)] if member else self.left
        if not self._amending.helps(made, lost):
            return False
        noticed = self._amending.helps(made, self.left)
        self._amending.taken(made or (), noticed)
        gone = set(map(id, noticed))
        self.left = [one for one in self.left if id(one) not in gone]
        self.content, self.more = after, together(self.more, more)
        return True

    def _close(self, closed: Any) -> None:
        if not closed or "closed" in self.content:
            return
        if self._section.key != "tables":
            self.take({"closed": closed})
            return
        parts = [part for part in TABLE if closed is True or part in closed]
        helpful = [
            part for part in parts if self._amending.helps(self._made({**self.content, "closed": [part]}), self.left)
        ]
        if not (closed is True and len(helpful) >= _MANY and self.take({"closed": True})) and helpful:
            self.take({"closed": helpful})

    def _made(self, form: Mapping[str, Any]) -> tuple[Expectation, ...] | None:
        return self._amending.expanded(self._section, self._name, form)
