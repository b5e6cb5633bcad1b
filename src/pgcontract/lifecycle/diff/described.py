"""Objects in one line, for where only one side has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.lifecycle.diff.words import plain
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.roles import Role
    from pgcontract.catalog.triggers import Trigger
    from pgcontract.catalog.types import Type
    from pgcontract.lifecycle.diff.nouns import Item


def described(item: Item) -> str:
    """What an object is, in one line: `text NOT NULL`, `CHECK ((amount > 0))`, `table, 4 columns`."""
    of = _OF.get(type(item.record).__name__)
    return (of(item.record) if of else "") or item.kind


def _words(*words: str | None) -> str:
    return " ".join(filter(None, words))


def _names(names: Iterable[str]) -> str:
    return f"({', '.join(map(quote, names))})"


def _relation(relation: Relation) -> str:
    number = len(relation.columns)
    return f"{relation.kind}, {number} column{'s' * (number != 1)}"


def _column(column: Column) -> str:
    return _words(
        column.type,
        column.collation and f"COLLATE {column.collation}",
        "NOT NULL" if column.not_null else None,
        column.default and f"DEFAULT {column.default}",
        column.identity and f"GENERATED {column.identity} AS IDENTITY",
        column.generated and f"GENERATED ALWAYS AS ({column.expression}) {column.generated}",
    )


def _constraint(constraint: Constraint) -> str:
    if constraint.definition:
        return constraint.definition
    keys = _names(constraint.columns) if constraint.columns else None
    expression = constraint.expression and f"({constraint.expression})"
    target = constraint.references and _words("REFERENCES", constraint.references)
    actions = [
        f"{when} {action}"
        for when, action in (("ON UPDATE", constraint.on_update), ("ON DELETE", constraint.on_delete))
        if action and action != "NO ACTION"
    ]
    return _words(
        constraint.kind,
        keys or expression,
        target,
        _names(constraint.referenced_columns) if constraint.referenced_columns else None,
        *actions,
        None if constraint.validated else "NOT VALID",
        None if constraint.enforced else "NOT ENFORCED",
    )


def _policy(policy: Policy) -> str:
    return _words(
        "PERMISSIVE" if policy.permissive else "RESTRICTIVE",
        f"FOR {policy.command} TO {', '.join(policy.roles)}",
        policy.using and f"USING ({policy.using})",
        policy.with_check and f"WITH CHECK ({policy.with_check})",
    )


def _trigger(trigger: Trigger) -> str:
    return _words(
        trigger.timing,
        " OR ".join(trigger.events),
        f"OF {', '.join(map(quote, trigger.columns))}" if trigger.columns else None,
        f"FOR EACH {trigger.level}",
        trigger.when and f"WHEN ({trigger.when})",
        f"EXECUTE FUNCTION {trigger.function}({', '.join(map(repr, trigger.arguments))})",
    )


def _function(function: Function) -> str:
    return _words(
        function.kind,
        function.returns and f"RETURNS {function.returns}",
        f"LANGUAGE {function.language}",
        "SECURITY DEFINER" if function.security_definer else None,
    )


def _type(kind: Type) -> str:
    if kind.kind == "enum":
        return f"enum ({', '.join(kind.labels)})"
    if kind.kind == "composite":
        return f"composite ({plain(kind.attributes) or ''})"
    return _words(kind.kind, kind.base or kind.subtype, "NOT NULL" if kind.not_null else None)


def _role(role: Role) -> str:
    flags = {
        "SUPERUSER": role.superuser,
        "LOGIN": role.login,
        "BYPASSRLS": role.bypass_rls,
        "CREATEROLE": role.create_role,
        "CREATEDB": role.create_database,
        "REPLICATION": role.replication,
    }
    return _words("role", *(word for word, flag in flags.items() if flag))


_OF: dict[str, Callable[[Any], str]] = {
    "Relation": _relation,
    "Column": _column,
    "Constraint": _constraint,
    "Index": str,
    "Policy": _policy,
    "Trigger": _trigger,
    "Function": _function,
    "Type": _type,
    "Role": _role,
    "Rule": lambda rule: rule.clause,
    "Sequence": lambda sequence: f"sequence AS {sequence.type}",
    "Extension": lambda extension: f"version {extension.version} in schema {quote(extension.schema)}",
    "DomainCheck": lambda check: f"CHECK ({check.expression})",
    "PublishedTable": lambda table: _words("published", table.where and f"WHERE {table.where}"),
}
