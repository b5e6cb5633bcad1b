"""Catalogs made by hand, for expectations that see nothing else: they are checked without a server, in microseconds.

```python
from pgcontract.testing import catalog, judged

LEDGER = catalog({"invoices": {"id": "uuid not null", "amount": "numeric(12,2)"}})

assert judged(TableHasPrimaryKey("invoices"), LEDGER).status == "failed"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.schemas import Schema
from pgcontract.names import canonical, split

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWNER = "postgres"
_NOT_NULL = " not null"


def catalog(
    relations: Mapping[str, Mapping[str, str] | Relation] | None = None, *, schema: str = "public", **others: Any
) -> Catalog:
    """A catalog of PostgreSQL 18 with a few relations.

    Args:
        relations: Tables by name, each with its columns: a type as Postgres prints it, and perhaps `not null`. Whatever
            has more to it (keys, policies, indexes) is a `pgcontract.catalog.relations.Relation`.
        schema: The schema of bare names; it is there, as are those that relations name.
        others: What else is in it, as the fields of `Catalog`: `roles`, `functions`, `extensions`, ….

    Raises:
        ValueError: Something is no name.
    """
    made = {name: _relation(name, what, schema) for name, what in (relations or {}).items()}
    schemas = {name: Schema(name, _OWNER) for name in (schema, *(split(each.name)[0] for each in made.values()))}
    server = Server("app", "18.1", 180001, _OWNER, _OWNER)
    given: dict[str, Any] = {"server": server, "schemas": schemas, **others}
    return Catalog(relations={each.name: each for each in made.values()}, **given)


def _relation(name: str, what: Mapping[str, str] | Relation, schema: str) -> Relation:
    if isinstance(what, Relation):
        return what
    columns = {column: _column(column, place, said) for place, (column, said) in enumerate(what.items(), 1)}
    return Relation(canonical(name, schema), "table", _OWNER, columns=columns)


def _column(name: str, place: int, said: str) -> Column:
    kind = said.removesuffix(_NOT_NULL)
    return Column(name, place, kind, not_null=kind != said)
