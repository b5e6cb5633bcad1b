"""Publications that are missing, and what they publish."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from pgcontract.catalog.publications import Operation, Publication, PublishedTable
from pgcontract.expectations.guarded import unless, where
from pgcontract.expectations.publications import PublicationPresent, TablePublished
from pgcontract.names import literal, quote
from pgcontract.repair import ddl
from pgcontract.repair.draft import Draft
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.repair.context import Context


def made(expectation: PublicationPresent, context: Context) -> Draft | None:
    """The publication, where it is missing, or publishes all tables and should not, or the other way about."""
    said, there = expectation, context.world.get("publications", expectation.name)
    if there is not None and said.all_tables in {None, there.all_tables}:
        return _tables(said, there, context)
    tables = [] if said.all_tables else [_published(context, each, said.name) for each in _wanted(said, context)]
    schemas = () if said.all_tables else tuple(said.schemas or ())
    old = there or Publication(said.name, context.user)
    record = replace(
        old,
        all_tables=bool(said.all_tables),
        operations=tuple(said.operations) if said.operations is not None else old.operations,
        via_root=old.via_root if said.via_root is None else said.via_root,
        published={each.name: each for each in tables},
        schemas=schemas,
    )
    context.world.put("publications", said.name, record)
    steps = [Repair(f"drop publication if exists {quote(said.name)};", "changes access")] if there else []
    steps.append(Repair(unless(_create(record), f"pg_catalog.pg_publication where pubname = {literal(said.name)}")))
    if there is not None and there.owner != context.user:
        steps.append(Repair(f"alter publication {quote(said.name)} owner to {quote(there.owner)};"))
    steps += [Repair(sql) for sql in ddl.described(f"publication {quote(said.name)}", old.comment)]
    return Draft(tuple(replace(step, hazard="changes access") for step in steps), needs=tuple(record.published))


def _wanted(said: PublicationPresent, context: Context) -> list[str]:
    named = [each.table for each in context.said.of(TablePublished, "publication", said.name)]
    return list(said.tables) if said.tables is not None else list(dict.fromkeys(named))


def _published(context: Context, table: str, publication: str) -> PublishedTable:
    """A table with the condition and the columns that the contract says."""
    found = list(context.said.of(TablePublished, "publication", publication, table=table))
    columns = next((tuple(each.columns) for each in found if each.columns is not None), ())
    condition = next((context.own(form) for each in found for form in each.forms()), None)
    return PublishedTable(table, columns, None if condition in {None, "true"} else condition)


def _create(record: Publication) -> str:
    parts = []
    if record.all_tables:
        parts.append("all tables")
    if record.published:
        parts.append(f"table {', '.join(map(ddl.published, record.published.values()))}")
    if record.schemas:
        parts.append(f"tables in schema {ddl.listed(record.schemas)}")
    target = f" for {', '.join(parts)}" if parts else ""
    listed = ", ".join(record.operations).lower()
    said = [] if set(record.operations) == set(get_args(Operation)) else [f"publish = {literal(listed)}"]
    said += ["publish_via_partition_root = true"] if record.via_root else []
    options = f" with ({', '.join(said)})" if said else ""
    return f"create publication {quote(record.name)}{target}{options};"


def _tables(said: PublicationPresent, there: Publication, context: Context) -> Draft | None:
    """What is missing from a publication that is there: tables and schemas."""
    name = quote(said.name)
    new = [_published(context, each, said.name) for each in said.tables or () if each not in there.published]
    schemas = [each for each in said.schemas or () if each not in there.schemas]
    new = [each for each in new if context.world.get("relations", each.name) is not None]
    if not new and not schemas:
        return None
    steps = [
        unless(f"alter publication {name} add table {ddl.published(each)};", ddl.published_row(said.name, each.name))
        for each in new
    ]
    steps += [
        unless(
            f"alter publication {name} add tables in schema {quote(each)};",
            "pg_catalog.pg_publication as p join pg_catalog.pg_publication_namespace as n on n.pnpubid = p.oid"
            f" where p.pubname = {literal(said.name)} and n.pnnspid = {literal(quote(each))}::pg_catalog.regnamespace",
        )
        for each in schemas
    ]
    published = {**there.published, **{each.name: each for each in new}}
    schemas_there = (*there.schemas, *schemas)
    context.world.put("publications", said.name, replace(there, published=published, schemas=schemas_there))
    return Draft(tuple(Repair(sql, "changes access") for sql in steps), needs=tuple(each.name for each in new))


def published(expectation: TablePublished, context: Context) -> Draft | None:
    """A table in a publication, with the condition and the columns that the contract says."""
    said, publication = expectation, context.world.get("publications", expectation.publication)
    if publication is None or context.world.get("relations", said.table) is None:
        return None
    there = publication.published.get(said.table)
    wanted = _published(context, said.table, said.publication)
    if there is not None:
        if said.columns is None:
            wanted = replace(wanted, columns=there.columns)
        if said.where is None:
            wanted = replace(wanted, where=there.where)
    if wanted == there or (there is None and publication.all_tables):
        return None
    alter, row = f"alter publication {quote(said.publication)}", ddl.published_row(said.publication, said.table)
    steps = [
        where(f"{alter} drop table {said.table};", row),
        unless(f"{alter} add table {ddl.published(wanted)};", row),
    ]
    record = replace(publication, published={**publication.published, said.table: wanted})
    context.world.put("publications", said.publication, record)
    return Draft(tuple(Repair(sql, "changes access") for sql in steps), needs=(said.table,))
