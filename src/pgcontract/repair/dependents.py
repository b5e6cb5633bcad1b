"""What Postgres does not let one change under: views, policies and triggers that use a column, a relation, a function.

They are dropped before the change and made again after it, just as they were: all of them stands in the catalog.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pgcontract.catalog.rules import rule_name
from pgcontract.catalog.uses import uses
from pgcontract.catalog.view_forms import ViewForm
from pgcontract.expectations.guarded import unless, where
from pgcontract.expectations.policies import PolicyPresent
from pgcontract.expectations.rules import RulePresent
from pgcontract.expectations.triggers import TriggerPresent
from pgcontract.expectations.views import ViewExists
from pgcontract.names import quote, split
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.repair.context import Context


_STATED: Mapping[str, Any] = {"policy": PolicyPresent, "trigger": TriggerPresent, "rule": RulePresent}


class _Part(NamedTuple):
    """What hangs on a relation, and the statements that make it."""

    noun: str
    relation: str
    name: str
    create: tuple[str, ...]


def around(  # noqa: PLR0913 - by keyword, and few are given
    context: Context,
    change: Sequence[Repair],
    *,
    relation: str | None = None,
    column: str | None = None,
    columns: Sequence[tuple[str, str]] = (),
    function: str | None = None,
    old: str | None = None,
) -> tuple[Repair, ...]:
    """The change with what depends on a relation (or on one of its columns) or on a function dropped and made again.

    So does it for several `columns`, each after its relation. What compares the column with values of its `old` type
    cannot be made again as it was: the contract says it anew.

    Raises:
        NotSaidError: Something depends on it that cannot be made again from the catalog alone.
    """
    one = ((relation or function, column),) if relation or function else ()
    targets = tuple((split(name), part) for name, part in (*one, *columns))
    found = _Dependents(context.world.catalog, targets, of_function=function is not None)
    found.require_replaceable()
    before, after = found.steps(_released(context, found.views), partial(_is_stale, context, old))
    return (*before, *change, *after)


def _is_stale(context: Context, old: str | None, part: _Part) -> bool:
    """Whether a part is of the old type, and so left to the contract.

    Raises:
        NotSaidError: Which does not state it.
    """
    if old is None or "." not in old or not any(f"::{old.removesuffix('[]')}" in sql for sql in part.create):
        return False
    kind = _STATED[part.noun]
    field = "relation" if part.noun == "rule" else "table"
    if not context.said.has(kind, field, part.relation, name=part.name):
        raise NotSaidError(f"the {part.noun} {quote(part.name)} on {part.relation} compares it with {old}")
    if part.noun == "rule":
        context.world.drop("rules", rule_name(part.relation, part.name))
        return True
    relation = context.world.get("relations", part.relation)
    among = "policies" if part.noun == "policy" else "triggers"
    left = {name: each for name, each in getattr(relation, among).items() if name != part.name}
    changed = replace(relation, policies=left) if part.noun == "policy" else replace(relation, triggers=left)
    context.world.put("relations", part.relation, changed)
    return True


def _released(context: Context, views: Sequence[str]) -> set[str]:
    """The views that are not made again as they were: the contract says another query, of them or of what they use.

    They are made from what it says, once they are gone.

    Raises:
        NotSaidError: It does not say what one of them selects.
    """
    released: set[str] = set()
    catalog, said = context.world.catalog, context.said
    for name in views:
        written = said.value(ViewExists, "definition", "view", name)
        used = uses(catalog.views[name].definition).names
        other = written is not None and context.own_of_new(ViewForm(written, name)) != catalog.views[name].definition
        if other or any(split(each) in used for each in released):
            if written is None:
                raise NotSaidError(f"the view {name} uses it, and the contract does not say what that selects")
            released.add(name)
    for name in released:
        context.world.drop("views", name)
        context.world.drop("relations", name)
    return released


class _Dependents:
    def __init__(
        self, catalog: Catalog, targets: Sequence[tuple[tuple[str, ...], str | None]], *, of_function: bool
    ) -> None:
        self._catalog = catalog
        self._targets = targets
        self._of_function = of_function
        self.views = self._reached()

    def _names(self, text: str | None) -> bool:
        """Whether a text speaks of the object; Postgres's own forms qualify whatever is not in pg_catalog."""
        if text is None:
            return False
        found = uses(text).names
        return any(
            name in found and (column is None or any(column in used for used in found))
            for name, column in self._targets
        )

    def _columns(self, relation: str) -> set[str]:
        """The columns of a relation that are meant."""
        return {column for name, column in self._targets if column is not None and name == split(relation)}

    @staticmethod
    def _speaks(text: str | None, columns: set[str]) -> bool:
        """Whether a text that belongs to a table itself speaks of one of its columns."""
        return text is not None and any(not columns.isdisjoint(name) for name in uses(text).names)

    def _reached(self) -> list[str]:
        """The views that use it, and the views that use those, each after what it uses."""
        found = [name for name, view in self._catalog.views.items() if self._names(view.definition)]
        for name in found:  # grows while it is read
            parts = split(name)
            for other, view in self._catalog.views.items():
                if other != name and parts in uses(view.definition).names:
                    if other in found:
                        found.remove(other)
                    found.append(other)
        return found

    def require_replaceable(self) -> None:
        """Refuse what would have to take along more than views, policies, triggers and rules."""
        if not self._of_function:
            return
        for relation in self._catalog.relations.values():
            for column in relation.columns.values():
                if self._names(column.default) or self._names(column.expression):
                    raise NotSaidError(f"the column {relation.name}.{quote(column.name)} uses it")
            for constraint in relation.constraints.values():
                if self._names(constraint.expression):
                    raise NotSaidError(f"the constraint {quote(constraint.name)} of {relation.name} uses it")
            for index in relation.indexes.values():
                if any(map(self._names, (*index.columns, index.predicate))):
                    raise NotSaidError(f"the index {quote(index.name)} of {relation.name} uses it")

    def steps(self, released: Collection[str], is_stale: Callable[[_Part], bool]) -> tuple[list[Repair], list[Repair]]:
        """What is dropped before, and what is made after."""
        before: list[Repair] = []
        after: list[Repair] = []
        for relation in self._catalog.relations.values():
            for part in self._parts(relation):
                drop = f"drop {part.noun} if exists {quote(part.name)} on {part.relation};"
                before.append(Repair(drop, "changes access"))
                if not is_stale(part):
                    after += [Repair(sql, "changes access") for sql in part.create]
        for drop, add in self._published():
            before.append(Repair(drop, "changes access"))
            after.append(Repair(add, "changes access"))
        for name in reversed(self.views):
            words = "materialized view" if self._catalog.views[name].materialized else "view"
            before.append(Repair(f"drop {words} if exists {name};", "changes access"))
        for name in self.views:
            if name in released:
                continue
            whole = ddl.view_whole(self._catalog, self._catalog.relations[name])
            after = [*after, *(Repair(sql, "changes access") for sql in whole)]
        return before, after

    def _published(self) -> Iterator[tuple[str, str]]:
        """The tables of which a publication shows rows or columns by one of the columns."""
        for publication in self._catalog.publications.values():
            alter = f"alter publication {quote(publication.name)}"
            for table in publication.published.values():
                columns = self._columns(table.name)
                if columns.intersection(table.columns or ()) or self._speaks(table.where, columns):
                    there = ddl.published_row(publication.name, table.name)
                    drop = where(f"{alter} drop table {table.name};", there)
                    yield drop, unless(f"{alter} add table {ddl.published(table)};", there)

    def _parts(self, relation: Relation) -> Iterator[_Part]:
        """The policies, triggers and rules that use it, on tables whose views are not dropped anyway."""
        if relation.name in self.views:
            return
        mine = self._columns(relation.name)
        for policy in relation.policies.values():
            texts = (policy.using, policy.with_check)
            if any(map(self._names, texts)) or any(self._speaks(text, mine) for text in texts):
                where = f"policy {quote(policy.name)} on {relation.name}"
                again = [ddl.policy(relation.name, policy), *ddl.described(where, policy.comment)]
                yield _Part("policy", relation.name, policy.name, tuple(again))
        for trigger in relation.triggers.values():
            uses_it = self._of_function and any(split(trigger.function) == name for name, _ in self._targets)
            if uses_it or mine.intersection(trigger.columns) or self._speaks(trigger.when, mine):
                where = f"trigger {quote(trigger.name)} on {relation.name}"
                state = ddl.trigger_state(relation.name, trigger)
                again = [ddl.trigger(relation.name, trigger), *ddl.described(where, trigger.comment)]
                yield _Part("trigger", relation.name, trigger.name, (*again, *filter(None, [state])))
        for rule in self._catalog.rules.values():
            if rule.relation == relation.name and self._names(rule.definition):
                where = f"rule {quote(split(rule.name)[-1])} on {relation.name}"
                again = [ddl.rule(rule), *ddl.described(where, rule.comment)]
                yield _Part("rule", relation.name, split(rule.name)[-1], tuple(again))
