"""A relation's card: what there is to know about a table or view, in the order in which people ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import on_column, on_relation
from pgcontract.catalog.inheritance import children
from pgcontract.names import quote
from pgcontract.report.picture.grants import access
from pgcontract.report.picture.links import links_of
from pgcontract.report.picture.parts import Card, ColumnRow, Link, Partition, PolicyRow, Rule, Told
from pgcontract.report.words.pieces import Words, code, listed, say
from pgcontract.report.words.policies import in_words
from pgcontract.report.words.scanner import one_line
from pgcontract.report.words.triggers import fires

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation

_COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_RULE_ORDER = ("PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK", "EXCLUDE", "TRIGGER")


def card(catalog: Catalog, relation: Relation, anchor: str, referring: Sequence[Link], *, whole: bool = True) -> Card:
    """The card of a relation.

    Args:
        catalog: The database.
        relation: The relation.
        anchor: Its name for links.
        referring: The foreign keys of others that refer to it.
        whole: Whether the record is all of it.
    """
    own = {link.name: link for link in links_of(relation)}
    rules = sorted(relation.constraints.values(), key=lambda one: (_RULE_ORDER.index(one.kind), one.name))
    view = catalog.views.get(relation.name)
    return Card(
        relation=relation,
        anchor=anchor,
        columns=tuple(_column(relation, column, own) for column in relation.columns.values()),
        rules=tuple(Rule(quote(c.name), c.kind, constraint_sql(c), own.get(c.name), c.comment) for c in rules),
        indexes=tuple(_index(index) for index in relation.indexes.values() if index.constraint is None),
        # Of a relation that is not shown whole, the catalog knows what the record leaves out.
        security=_security(catalog, catalog.relations[relation.name]) if whole or relation.policies else None,
        policies=tuple(_policy(catalog, relation, policy) for policy in relation.policies.values()),
        triggers=tuple(Told(quote(one.name), fires(one), one.comment) for one in relation.triggers.values()),
        access=access(relation),
        referring=tuple(referring),
        partitions=tuple(
            Partition(child.name, child.bound) for child in children(catalog.inheritance, relation.name) if child.bound
        ),
        notes=tuple(_notes(catalog, relation)) if whole else (say("Here is only what was put on it."),),
        definition=view.definition if view and whole else None,
        whole=whole,
    )


def _column(relation: Relation, column: Column, links: dict[str, Link]) -> ColumnRow:
    own = tuple(link for link in links.values() if column.name in link.columns)
    return ColumnRow(
        name=quote(column.name),
        type=column.type + (f" COLLATE {column.collation}" if column.collation else ""),
        nullable=not column.not_null,
        default=_default(column),
        keys=tuple(_keys(relation, column.name, own)),
        links=own,
        comment=column.comment,
    )


def _default(column: Column) -> str:
    if column.identity:
        return f"GENERATED {column.identity} AS IDENTITY"
    if column.generated:
        return f"GENERATED ALWAYS AS ({one_line(column.expression or '')}) {column.generated}"
    return one_line(column.default) if column.default else ""


def _keys(relation: Relation, column: str, links: tuple[Link, ...]) -> Iterator[str]:
    kinds = {c.kind for c in relation.constraints.values() if column in c.columns}
    if "PRIMARY KEY" in kinds:
        yield "PK"
    if links:
        yield "FK"
    if "UNIQUE" in kinds:
        yield "UK"


def constraint_sql(one: Constraint) -> str:
    """What a constraint says, as SQL has it."""
    columns = f"({', '.join(map(quote, one.columns))})"
    if one.kind == "FOREIGN KEY":
        to = f"({', '.join(map(quote, one.referenced_columns))})"
        said = f"FOREIGN KEY {columns} REFERENCES {one.references} {to}"
        said += f" MATCH {one.match}" if one.match not in {None, "SIMPLE"} else ""
        said += f" ON UPDATE {one.on_update}" if one.on_update not in {None, "NO ACTION"} else ""
        said += f" ON DELETE {one.on_delete}" if one.on_delete not in {None, "NO ACTION"} else ""
        said += f" ({', '.join(map(quote, one.on_delete_columns))})" if one.on_delete_columns else ""
    elif one.kind == "CHECK":
        said = f"CHECK ({one_line(one.expression or '')})"
    else:
        said = one_line(one.definition) if one.definition else f"{one.kind} {columns}"
    flags = {
        " DEFERRABLE": one.deferrable and not one.definition,
        " INITIALLY DEFERRED": one.deferred and not one.definition,
        " NO INHERIT": one.no_inherit,
        " NOT VALID": not one.validated and one.enforced,
        " NOT ENFORCED": not one.enforced,
    }
    return said + "".join(word for word, here in flags.items() if here)


def _index(index: Index) -> Told:
    words = code(str(index))
    if not index.valid:
        words = say("{}, not valid: a build is unfinished or has failed", words)
    return Told(quote(index.name), words, index.comment)


def _security(catalog: Catalog, relation: Relation) -> Words | None:
    view = catalog.views.get(relation.name)
    if view is not None:
        if view.materialized:
            return say("Whoever may read it sees every row: policies of the tables that it was made of do not count.")
        whose = say("whoever asks") if view.security_invoker else say("its owner, {}", _role(relation))
        return say("Its tables are read with the rights, and under the policies, of {}.", whose)
    return _row_security(relation) if relation.is_table else None


def _row_security(relation: Relation) -> Words:
    if not relation.rls_enabled:
        reach = "whoever has a grant reaches every row" if access(relation) else "a grant would reach every row"
        idle = ", and the policies here do nothing" if relation.policies else ""
        return say(f"Row-level security is off: {reach}{idle}.")
    owner = say("also for its owner, {}", _role(relation)) if relation.rls_forced else say("but not for its owner")
    if not any(policy.permissive for policy in relation.policies.values()):
        none = "no policy lets anybody in" if relation.policies else "there is no policy"
        return say(f"Row-level security is on, {{}}, and {none}: no row can be reached.", owner)
    return say("Row-level security is on, {}: a row is reached as far as a policy lets in.", owner)


def _role(relation: Relation) -> Words:
    return code(quote(relation.owner))


def _policy(catalog: Catalog, relation: Relation, policy: Policy) -> PolicyRow:
    return PolicyRow(
        name=quote(policy.name),
        command=policy.command,
        permissive=policy.permissive,
        words=in_words(policy, relation.name, catalog),
        using=one_line(policy.using) if policy.using else None,
        check=one_line(policy.with_check) if policy.with_check else None,
        ungranted=tuple(_ungranted(catalog, relation, policy)),
        comment=policy.comment,
    )


def _ungranted(catalog: Catalog, relation: Relation, policy: Policy) -> Iterator[str]:
    """The roles of a policy that have no privilege for what it is about."""
    wanted = set(_COMMANDS if policy.command == "ALL" else (policy.command,))
    for role in policy.roles:
        if role not in catalog.roles or wanted & on_relation(catalog, role, relation.name):
            continue
        if not any(wanted & on_column(catalog, role, relation.name, column) for column in relation.columns):
            yield quote(role)


def _notes(catalog: Catalog, relation: Relation) -> Iterator[Words]:
    partitioned = catalog.partitions.get(relation.name)
    if partitioned:
        yield say("Partitioned by {}.", code(str(partitioned)))
    inherited = catalog.inheritance.get(relation.name)
    if inherited and inherited.bound:
        yield say("A partition of {} {}.", code(inherited.parents[0]), code(inherited.bound))
    elif inherited:
        yield say("Inherits from {}.", listed([code(parent) for parent in inherited.parents]))
    if relation.persistence != "permanent":
        yield say(f"It is {relation.persistence}.")
    foreign = catalog.foreign_tables.get(relation.name)
    if foreign:
        yield say("Its rows are on the server {}.", code(quote(foreign.server)))
    if relation.options:
        yield say("Options: {}.", listed([code(option) for option in relation.options]))
    for rule in catalog.rules.values():
        if rule.relation == relation.name:
            yield say("Rule: {}", code(one_line(rule.definition)))
    if relation.extension:
        yield say("It belongs to the extension {}.", code(quote(relation.extension)))
