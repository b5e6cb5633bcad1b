"""What is there and otherwise than a contract says: the fields that it states, set in the object's record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.forms import CheckForm, PolicyForm
from pgcontract.catalog.function_forms import SignatureForm
from pgcontract.catalog.functions import Function
from pgcontract.catalog.lexis import pieces
from pgcontract.catalog.objects import MissingObjectError
from pgcontract.catalog.rules import rule_name
from pgcontract.catalog.storage import Storage
from pgcontract.catalog.view_forms import ViewForm
from pgcontract.expectations.functions import find
from pgcontract.lifecycle.diff.stated import types
from pgcontract.lifecycle.diff.stated.columns import COLUMNS
from pgcontract.lifecycle.diff.stated.others import OTHERS, settings
from pgcontract.lifecycle.diff.stated.putting import set_fields
from pgcontract.names import signature
from pgcontract.repair.making import functions, triggers
from pgcontract.repair.making.constraints import merged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.catalog.constraints import Constraint
    from pgcontract.contract.expectation import Expectation
    from pgcontract.repair.context import Context


def changed(expectation: Expectation, context: Context) -> None:
    """Let the object be as the expectation says; nothing where it is missing, or nobody knows how.

    Raises:
        FormError: The server does not understand what is said.
        MissingObjectError: The object is not there.
    """
    change = _CHANGES.get(expectation.kind)
    if change is not None:
        change(expectation, context)


def _relation(**fields: Any) -> Callable[[Any, Context], None]:
    def changing(said: Any, context: Context) -> None:
        relation = context.world.catalog.relations[said.table]
        context.world.put("relations", said.table, replace(relation, **fields))

    return changing


def _storage(said: Any, context: Context) -> None:
    there = context.world.catalog.storage.get(said.table, Storage(said.table))
    if said.kind == "Clustered":
        wanted = replace(there, clustered_on=said.index)
    else:
        wanted = replace(there, replica_identity=said.identity, replica_index=said.index)
    context.world.put("storage", said.table, wanted)


def _table_storage(said: Any, context: Context) -> None:
    relation = context.world.catalog.relations[said.table]
    options = relation.options if said.parameters is None else tuple(sorted(said.parameters))
    persistence = said.persistence or relation.persistence
    context.world.put("relations", said.table, replace(relation, options=options, persistence=persistence))


def _policy(said: Any, context: Context) -> None:
    relation = context.world.catalog.relations[said.table]
    there = relation.policies[said.name]
    wanted = set_fields(there, said, but=("using", "with_check", "roles"))
    texts: dict[str, Any] = {
        field: context.own(PolicyForm(text, said.table))
        for field in ("using", "with_check")
        if (text := getattr(said, field)) is not None
    }
    if said.exact:
        texts = {"using": texts.get("using"), "with_check": texts.get("with_check")}
    roles = there.roles if said.roles is None or set(said.roles) == set(there.roles) else tuple(said.roles)
    wanted = replace(wanted, roles=roles, **texts)
    context.world.put("relations", said.table, replace(relation, policies={**relation.policies, said.name: wanted}))


def _trigger(said: Any, context: Context) -> None:
    relation = context.world.catalog.relations[said.table]
    wanted = triggers.merged(said, context, relation.triggers[said.name])
    context.world.put("relations", said.table, replace(relation, triggers={**relation.triggers, said.name: wanted}))


def _function(said: Any, context: Context) -> None:
    """As it is said; one that is missing is one of which nothing else is known."""
    try:
        there = find(context.world.catalog, said.function)
    except MissingObjectError:
        name, written = signature(said.function)
        own = context.own(SignatureForm(", ".join(written), name)) if written else ""
        there = Function(name, tuple(pieces(own)) if own else (), "function", "", context.user)
    wanted = functions.merged(said, context, there)
    wanted = replace(wanted, settings=settings(there.settings, said.settings, only=said.only_settings))
    context.world.put("functions", there.signature, replace(wanted, types=there.types))


def _rule(said: Any, context: Context) -> None:
    there = context.world.catalog.rules[rule_name(said.relation, said.name)]
    instead = there.instead if said.instead is None else said.instead
    definition, own = there.definition, next(map(context.own, said.forms()), None)
    if own is not None:
        where = f"WHERE ({said.where}) " if said.where else ""
        clause = f"{where}DO {'INSTEAD ' if instead else ''}{said.action}" if own == said.action else own
        definition = definition.replace(there.clause, clause)
    usual = {True: "ORIGIN", False: "DISABLED"}[said.enabled]
    state: Any = said.state or (there.enabled if said.enabled == (there.enabled in {"ORIGIN", "ALWAYS"}) else usual)
    wanted = replace(there, event=said.event or there.event, instead=instead, definition=definition, enabled=state)
    context.world.put("rules", there.name, wanted)


def _index(said: Any, context: Context) -> None:
    """What is said of it but its keys: one on other keys is made anew."""
    relation = context.world.catalog.relations[said.table]
    wanted = set_fields(relation.indexes[said.name], said, but=("columns", "include"))
    options = wanted.options if said.parameters is None else tuple(sorted(said.parameters))
    wanted = replace(wanted, include=tuple(said.include), options=options)
    context.world.put("relations", said.table, replace(relation, indexes={**relation.indexes, said.name: wanted}))


def _check(said: Any, context: Context) -> None:
    relation = context.world.catalog.relations[said.table]
    own = context.own(CheckForm(said.expression, said.table))
    named = relation.constraints.get(said.name or "")
    there = named or next(each for each in relation.having("CHECK") if each.expression == own)
    wanted = replace(
        there,
        expression=own,
        enforced=said.enforced,
        validated=said.validated and said.enforced,
        no_inherit=there.no_inherit if said.no_inherit is None else said.no_inherit,
    )
    _put_constraint(context, said.table, wanted)


def _foreign_key(said: Any, context: Context) -> None:
    there = context.world.catalog.relations[said.table].constraints[said.name]
    wanted = merged(there, said)
    _put_constraint(
        context, said.table, replace(wanted, validated=said.validated and said.enforced, enforced=said.enforced)
    )


def _put_constraint(context: Context, table: str, wanted: Constraint) -> None:
    relation = context.world.catalog.relations[table]
    constraints = {**relation.constraints, wanted.name: wanted}
    context.world.put("relations", table, replace(relation, constraints=constraints))


def _view(said: Any, context: Context) -> None:
    """Its options stand in its relation, too."""
    there, relation = context.world.catalog.views[said.view], context.world.catalog.relations[said.view]
    wanted = set_fields(there, said, but=("definition", "check_option"))
    if said.check_option is not None:
        wanted = replace(wanted, check_option=None if said.check_option == "NONE" else said.check_option)
    if said.definition is not None:
        wanted = replace(wanted, definition=context.own(ViewForm(said.definition, said.view)))
    if said.parameters is not None:
        relation = replace(relation, options=tuple(sorted(said.parameters)))
    context.world.put("views", said.view, wanted)
    context.world.put("relations", said.view, relation)


_CHANGES: Mapping[str, Callable[[Any, Context], None]] = {
    **COLUMNS,
    "IndexPresent": _index,
    "RlsEnabled": _relation(rls_enabled=True),
    "RlsDisabled": _relation(rls_enabled=False),
    "RlsForced": _relation(rls_forced=True),
    "RlsNotForced": _relation(rls_forced=False),
    "Clustered": _storage,
    "ReplicaIdentity": _storage,
    "TableStorage": _table_storage,
    "PolicyPresent": _policy,
    "TriggerPresent": _trigger,
    "FunctionPresent": _function,
    "ViewExists": _view,
    "RulePresent": _rule,
    "CheckConstraint": _check,
    "ForeignKey": _foreign_key,
    "EnumLabels": types.enum,
    "CompositeAttributes": types.composite,
    "DomainIs": types.domain,
    **OTHERS,
}
