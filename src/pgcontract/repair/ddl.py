"""Records of the catalog as the statements that make them: for what hangs on tables, and for views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.default_privileges import granted
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.catalog.rules import clause_of
from pgcontract.expectations.constrained import listed as keys
from pgcontract.names import literal, qualified, quote, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.constraints import Constraint
    from pgcontract.catalog.indexes import Index
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.publications import PublishedTable
    from pgcontract.catalog.relations import Relation
    from pgcontract.catalog.rules import Rule
    from pgcontract.catalog.triggers import Trigger
    from pgcontract.catalog.views import View


def listed(names: Iterable[str]) -> str:
    """Names as a list in SQL."""
    return ", ".join(map(quote, names))


def role(name: str) -> str:
    """A role as GRANT and CREATE POLICY have it."""
    return "public" if name == PUBLIC else quote(name)


def options(settings: Iterable[str]) -> str:
    """`name=value`s as they stand in brackets."""
    return ", ".join(f"{name} = {literal(value)}" for name, _, value in (each.partition("=") for each in settings))


def trigger(table: str, record: Trigger) -> str:
    """`CREATE TRIGGER`, without the state that it is in."""
    columns = f" of {listed(record.columns)}" if record.columns else ""
    events = " or ".join(event.lower() + (columns if event == "UPDATE" else "") for event in record.events)
    parts = [
        f"create {'constraint ' if record.constraint else ''}trigger {quote(record.name)}",
        f"{record.timing.lower()} {events} on {table}",
        "" if not record.deferrable else "deferrable initially deferred" if record.deferred else "deferrable",
        _transitions(record),
        f"for each {record.level.lower()}",
        f"when ({record.when})" if record.when else "",
        f"execute function {record.function}({', '.join(map(literal, record.arguments))});",
    ]
    return " ".join(filter(None, parts))


def _transitions(record: Trigger) -> str:
    said = (("old", record.old_table), ("new", record.new_table))
    tables = " ".join(f"{word} table as {quote(name)}" for word, name in said if name)
    return f"referencing {tables}" if tables else ""


def trigger_state(table: str, record: Trigger) -> str | None:
    """The statement that puts a new trigger into its state; None where it is the usual one."""
    verbs = {"ALWAYS": "enable always", "REPLICA": "enable replica", "DISABLED": "disable"}
    if record.enabled == "ORIGIN":
        return None
    return f"alter table {table} {verbs[record.enabled]} trigger {quote(record.name)};"


def policy(table: str, record: Policy) -> str:
    """`CREATE POLICY`."""
    parts = [
        f"create policy {quote(record.name)} on {table}",
        "" if record.permissive else "as restrictive",
        f"for {record.command.lower()} to {', '.join(map(role, record.roles))}",
        f"using ({record.using})" if record.using is not None else "",
        f"with check ({record.with_check})" if record.with_check is not None else "",
    ]
    return f"{' '.join(filter(None, parts))};"


def index(table: str, record: Index) -> str:
    """`CREATE INDEX`."""
    nulls = " nulls not distinct" if record.nulls_not_distinct else ""
    include = f" include ({listed(record.include)})" if record.include else ""
    stored = f" with ({options(record.options)})" if record.options else ""
    where = f" where {record.predicate}" if record.predicate else ""
    return (
        f"create {'unique ' if record.unique else ''}index if not exists {quote(record.name)} on {table} "
        f"using {quote(record.method)} ({', '.join(record.columns)}){include}{nulls}{stored}{where};"
    )


def rule(record: Rule) -> str:
    """`CREATE RULE`, which takes the place of one that has the name."""
    name = quote(split(record.name)[-1])
    head = f"create or replace rule {name} as on {record.event.lower()} to {record.relation}"
    return f"{head} {clause_of(record.definition)};"


def constraint(record: Constraint, behind: Index | None) -> str | None:
    """What stands after `ADD CONSTRAINT name`; None where the record does not hold all of it."""
    late = "" if not record.deferrable else " deferrable initially deferred" if record.deferred else " deferrable"
    if record.kind == "CHECK":
        enforced = "" if record.enforced else " not enforced"
        return f"check ({record.expression}){' no inherit' if record.no_inherit else ''}{enforced}"
    if record.kind in {"EXCLUDE", "TRIGGER"}:
        return record.definition
    if record.kind == "FOREIGN KEY":
        return _foreign_key(record) + late + ("" if record.enforced else " not enforced")
    nulls = " nulls not distinct" if behind is not None and behind.nulls_not_distinct else ""
    include = f" include ({listed(behind.include)})" if behind is not None and behind.include else ""
    columns = keys(record.columns, without_overlaps=record.period)
    return f"{record.kind.lower()}{nulls} ({columns}){include}{late}"


def _foreign_key(record: Constraint) -> str:
    sets = f" ({listed(record.on_delete_columns)})" if record.on_delete_columns else ""
    on_delete, on_update = ((each or "NO ACTION").lower() for each in (record.on_delete, record.on_update))
    parts = [
        f"foreign key ({keys(record.columns, period=record.period)})",
        f"references {record.references} ({keys(record.referenced_columns, period=record.period)})",
        "match full" if record.match == "FULL" else "",
        f"on delete {on_delete}{sets}" if on_delete != "no action" else "",
        f"on update {on_update}" if on_update != "no action" else "",
    ]
    return " ".join(filter(None, parts))


def published(record: PublishedTable) -> str:
    """A table as `ALTER PUBLICATION … ADD TABLE` has it."""
    columns = f" ({listed(record.columns)})" if record.columns else ""
    return f"{record.name}{columns}" + (f" where ({record.where})" if record.where else "")


def published_row(publication: str, table: str) -> str:
    """Where it stands that a publication names a table, as it follows FROM."""
    return (
        "pg_catalog.pg_publication as p join pg_catalog.pg_publication_rel as r on r.prpubid = p.oid"
        f" where p.pubname = {literal(publication)} and r.prrelid = {literal(table)}::pg_catalog.regclass"
    )


def view(record: View, settings: Sequence[str] = (), *, anew: bool = False) -> str:
    """`CREATE VIEW` or `CREATE MATERIALIZED VIEW`; `anew` where the name is free for certain."""
    said = f" with ({options(settings)})" if settings else ""
    if record.materialized:
        data = "" if record.populated else "\nwith no data"
        guard = "" if anew else "if not exists "
        return f"create materialized view {guard}{record.name}{said} as\n{record.definition}{data};"
    return f"create or replace view {record.name}{said} as\n{record.definition};"


def grants(words: str, given: Iterable[Grant], owner: str, *, column: str | None = None) -> Iterator[str]:
    """`GRANT` for each of the grants that are not the owner's own."""
    on = "" if column is None else f" ({quote(column)})"
    for grant in given:
        if grant.grantee != owner:
            option = " with grant option" if grant.grantable else ""
            yield f"grant {grant.privilege.lower()}{on} on {words} to {role(grant.grantee)}{option};"


def described(words: str, comment: str | None) -> Iterator[str]:
    """`COMMENT ON`, if there is a comment."""
    if comment is not None:
        yield f"comment on {words} is {literal(comment)};"


def view_whole(catalog: Catalog, relation: Relation) -> Iterator[str]:
    """All statements that make a view again with what belongs to it: grants, comments, triggers, rules, indexes."""
    name, record = relation.name, catalog.views[relation.name]
    words = "materialized view" if record.materialized else "view"
    yield view(record, relation.options, anew=True)
    if relation.owner != catalog.server.user:
        yield f"alter {words} {name} owner to {quote(relation.owner)};"
    unasked = {grant.grantee for grant, _ in granted(catalog, catalog.server.user, "tables", split(name)[0])}
    for grantee in sorted(unasked - {relation.owner, catalog.server.user}):
        yield f"revoke all on {name} from {role(grantee)};"
    yield from grants(name, relation.grants, relation.owner)
    yield from described(f"{words} {name}", relation.comment)
    for column in relation.columns.values():
        yield from grants(name, column.grants, relation.owner, column=column.name)
        yield from described(f"column {name}.{quote(column.name)}", column.comment)
        if column.default is not None:
            yield f"alter view {name} alter column {quote(column.name)} set default {column.default};"
    for behind in relation.indexes.values():
        yield index(name, behind)
        yield from described(f"index {qualified(split(name)[0], behind.name)}", behind.comment)
    for firing in relation.triggers.values():
        yield trigger(name, firing)
        yield from described(f"trigger {quote(firing.name)} on {name}", firing.comment)
    for each in catalog.rules.values():
        if each.relation == name:
            yield rule(each)
            yield from described(f"rule {quote(split(each.name)[-1])} on {name}", each.comment)
