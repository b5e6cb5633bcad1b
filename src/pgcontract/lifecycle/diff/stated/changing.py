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
from pgcontract.lifecycle.diff.stated.others import OTHERS, settings
from pgcontract.lifecycle.diff.stated.putting import set_fields
from pgcontract.names import qualified, signature
from pgcontract.repair.making import functions, triggers
from pgcontract.repair.making.columns import put_sequence, sequence_name
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


def column(context: Context, table: str, name: str, **fields: Any) -> None:
    """Set fields of a column."""
    relation = context.world.catalog.relations[table]
    columns = {**relation.columns, name: replace(relation.columns[name], **fields)}
    context.world.put("relations", table, replace(relation, columns=columns))


def _type(said: Any, context: Context) -> None:
    (form,) = said.forms()
    column(context, said.table, said.column, type=context.own(form))


def _default(said: Any, context: Context) -> None:
    column(context, said.table, said.column, default=next(map(context.own, said.forms()), None))


def _nulls(*, refused: bool) -> Callable[[Any, Context], None]:
    return lambda said, context: column(context, said.table, said.column, not_null=refused)


def _collation(said: Any, context: Context) -> None:
    name = None if said.collation is None else qualified(said.schema_name, said.collation)
    column(context, said.table, said.column, collation=name)


def _generated(said: Any, context: Context) -> None:
    if said.expression is None:
        column(context, said.table, said.column, generated=None, expression=None)
        return
    (expression,) = map(context.own, said.forms())
    there = context.world.catalog.relations[said.table].columns[said.column]
    storage = said.storage or there.generated or "STORED"
    column(context, said.table, said.column, generated=storage, expression=expression, default=None)


def _identity(said: Any, context: Context) -> None:
    """Whether it is one; and the options, which are its sequence's."""
    column(context, said.table, said.column, identity=said.generated)
    name = sequence_name(context, said.table, said.column)
    there = context.world.get("sequences", name)
    if there is not None:
        context.world.put("sequences", name, set_fields(there, said))
    elif said.generated is not None:
        put_sequence(context, said.table, context.world.get("relations", said.table).columns[said.column])


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
    "ColumnType": _type,
    "ColumnDefault": _default,
    "ColumnNotNull": _nulls(refused=True),
    "ColumnNullable": _nulls(refused=False),
    "ColumnCollation": _collation,
    "ColumnGenerated": _generated,
    "ColumnIdentity": _identity,
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
