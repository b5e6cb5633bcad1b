from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, get_args

from pydantic import AfterValidator

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.forms import CheckForm, Form
from pgcontract.catalog.publications import Operation, PublishedTable
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Identifiers, Relation, Relations, Sql
from pgcontract.expectations.compare import closed, differs
from pgcontract.expectations.guarded import unless
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog

_Operation = Annotated[Operation, AnyCase(get_args(Operation))]
Operations = Annotated[
    Sequence[_Operation] | _Operation,
    AfterValidator(
        lambda given: tuple(one for one in get_args(Operation) if one in ([given] if isinstance(given, str) else given))
    ),
]


class PublicationPresent(CatalogExpectation):
    """There is a publication {name}.

    What is given is compared: the tables that it names (exactly these), the schemas whose tables it publishes (exactly
    these), whether it publishes all tables, the operations (exactly these), and by `via_root` whether changes of a
    partition are published as its partitioned table's (`publish_via_partition_root`).

    Example:
        PublicationPresent("realtime", tables=["messages"], operations=["INSERT", "UPDATE", "DELETE"])

    Repair: add what is missing, drop what is not wanted: subscribers see every row that is published, past any policy.
    """

    name: Identifier
    tables: Relations | None = None
    operations: Operations | None = None
    all_tables: bool | None = None
    schemas: Identifiers | None = None
    via_root: bool | None = None

    states: ClassVar[str] = "publication"

    @property
    def subject(self) -> str:
        return self.name

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        of = f"publication {quote(self.name)}"
        if self.name not in catalog.publications:
            hint = perhaps(self.name, catalog.publications)
            yield Finding(f"{of} does not exist", expected=self.name, object=self.name, hint=hint)
            return
        publication = catalog.publications[self.name]
        if self.all_tables is not None:
            yield from differs(f"all tables of {of}", self.all_tables, publication.all_tables)
        if self.operations is not None:
            listed = ", ".join(self.operations).lower()
            repair = Repair(f"alter {of} set (publish = {literal(listed)});", "changes access")
            yield from differs(f"operations of {of}", tuple(self.operations), publication.operations, repair=[repair])
        if self.via_root is not None:
            told = "true" if self.via_root else "false"
            repair = Repair(f"alter {of} set (publish_via_partition_root = {told});", "changes access")
            yield from differs(f"via_root of {of}", self.via_root, publication.via_root, repair=[repair])
        if self.tables is not None:
            yield from closed(("table", "tables"), of, self.tables, publication.published)
        if self.schemas is not None:
            yield from closed(("schema", "schemas"), of, self.schemas, publication.schemas)


class TablePublished(CatalogExpectation):
    """{table} is in the publication {publication}.

    By its name, with its schema or with all tables. `where` is the condition that published rows satisfy, compared as
    Postgres itself would store it, `true` for none; `columns` are those published (exactly these; none for all).

    Example:
        TablePublished("messages", "realtime", where="not private")

    Repair: add the table, or set its condition and columns, in the publication.
    """

    table: Relation
    publication: Identifier
    where: Sql | None = None
    columns: Identifiers | None = None

    def forms(self) -> Iterable[Form]:
        if self.where is not None:
            yield CheckForm(self.where, self.table)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation, publication = catalog.tables[self.table], catalog.publications[self.publication]
        of = f"{self.table} in publication {quote(self.publication)}"
        found = publication.published.get(self.table)
        if found is None and (publication.all_tables or schema_of(self.table) in publication.schemas):
            found = PublishedTable(self.table)
        if found is None:
            there = (
                "pg_catalog.pg_publication as p join pg_catalog.pg_publication_rel as r on r.prpubid = p.oid"
                f" where p.pubname = {literal(self.publication)}"
                f" and r.prrelid = {literal(self.table)}::pg_catalog.regclass"
            )
            sql = unless(f"alter publication {quote(self.publication)} add table {self.table};", there)
            whole = self.where is None and not self.columns
            yield Finding(
                f"publication {quote(self.publication)} does not publish {self.table}",
                expected=relation.name,
                repair=(Repair(sql, "changes access"),) if whole else (),
            )
            return
        for form in self.forms():
            yield from differs(f"condition of {of}", catalog.own_form(form), found.where or "true")
        if self.columns is not None:
            yield from differs(f"columns of {of}", tuple(sorted(self.columns)), tuple(sorted(found.columns)))
