from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pgcontract.catalog.forms import Form, IndexKeyForm, PredicateForm
from pgcontract.catalog.indexes import Index
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifiers, Member, Relation, Sql, Texts
from pgcontract.expectations.compare import closed, differs
from pgcontract.expectations.table_storage import changed_parameters
from pgcontract.names import literal, qualified, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog


_BARE = re.compile(r"\s*([a-z_][a-z0-9_]*)(?:\s.*)?", re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=65536)
def _bare_column(key: str) -> str | None:
    """The column that a key begins with; None where it is an expression or quoted, which Postgres must read."""
    found = _BARE.fullmatch(key)
    return found.group(1).lower() if found else None


class IndexPresent(CatalogExpectation):
    """{table} has an index on ({columns}).

    Each key is a column or an expression with its order and operator class, compared as Postgres itself would store
    it: `created_at desc`, `lower(email)`, `embedding vector_cosine_ops`. A column alone may stand without
    the quotes of SQL. Without `where` the index must be a whole one, without `name` any index that fits will do, also
    one behind a constraint. Whether two NULLs are duplicates in a unique one (`nulls_not_distinct`), and the storage
    parameters (`fillfactor=70`, all that there may be), are compared when they are given. An index
    whose build failed is none.

    Example:
        IndexPresent("invoices", ["org_id", "created_at desc"])

    Repair: create it `CONCURRENTLY`, outside a transaction, so that writes go on meanwhile.
    """

    table: Relation
    columns: Texts
    name: Member | None = None
    unique: bool | None = None
    method: str = "btree"
    where: Sql | None = None
    include: Identifiers = ()
    nulls_not_distinct: bool | None = None
    parameters: Texts | None = None

    def forms(self) -> Iterable[Form]:
        keys: list[Form] = [IndexKeyForm(column, self.table, self.method) for column in self.columns]
        return keys if self.where is None else [*keys, PredicateForm(self.where, self.table)]

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        relation = catalog.relations[self.table]
        for column in self.columns:
            bare = None if column in relation.columns else _bare_column(column)
            if bare is not None:
                relation.columns[bare]  # a column that is missing is its own failure
        keys, predicate = self._keys(catalog), self._predicate(catalog)
        near = [index for index in relation.indexes.values() if self.name is None or self.name == index.name]
        fitting = [index for index in near if index.columns == keys and self._fits(index, predicate)]
        if not fitting:
            expected = Index(
                self.name or "",
                self.method,
                keys,
                tuple(self.include),
                bool(self.unique),
                nulls_not_distinct=bool(self.nulls_not_distinct),
                predicate=predicate,
            )
            yield self._absent(catalog, expected, near)
        elif not any(index.valid for index in fitting):
            yield from self._invalid(fitting[0])
        elif self.parameters is not None:
            yield from min((list(self._parameters(index)) for index in fitting), key=len)

    def _with(self) -> str:
        pairs = [text.partition("=") for text in self.parameters or ()]
        return f" with ({', '.join(f'{name} = {literal(value)}' for name, _, value in pairs)})" if pairs else ""

    def _parameters(self, index: Index) -> Iterator[Finding]:
        """What is otherwise about how an index is stored."""
        name = qualified(split(self.table)[0], index.name)
        expected, there = tuple(sorted(self.parameters or ())), tuple(sorted(index.options))
        repair = list(changed_parameters(f"index {name}", expected, there))
        yield from differs(f"storage parameters of index {name}", expected, there, repair=repair)

    def _keys(self, catalog: Catalog) -> tuple[str, ...]:
        """The keys as Postgres stores them; one that is a column's name to the letter needs no quotes of SQL."""
        there = catalog.relations[self.table].columns
        return tuple(
            quote(key) if key in there else catalog.own_form(IndexKeyForm(key, self.table, self.method))
            for key in self.columns
        )

    def _predicate(self, catalog: Catalog) -> str | None:
        return None if self.where is None else catalog.own_form(PredicateForm(self.where, self.table))

    def _fits(self, index: Index, predicate: str | None) -> bool:
        """Whether an index on the same keys is the one that is meant."""
        return (
            index.method == self.method
            and index.predicate == predicate
            and (self.unique is None or self.unique == index.unique)
            and self.nulls_not_distinct in {None, index.nulls_not_distinct}
            and (index.include == self.include or set(index.include) == set(self.include))
        )

    def _absent(self, catalog: Catalog, expected: Index, near: list[Index]) -> Finding:
        named = f" {quote(self.name)}" if self.name else ""
        where = f" where {expected.predicate}" if expected.predicate else ""
        include = f" include ({', '.join(map(quote, expected.include))})" if expected.include else ""
        nulls = " nulls not distinct" if self.nulls_not_distinct else ""
        keys = ", ".join(expected.columns)
        unique = "unique " if self.unique else ""
        # A partitioned table's index cannot be built concurrently.
        concurrently = "" if catalog.relations[self.table].kind == "partitioned table" else " concurrently"
        create = (
            f"create {unique}index{concurrently} if not exists{named or ' ' + quote(self._invented(catalog))} "
            f"on {self.table} using {quote(self.method)} ({keys}){include}{nulls}{self._with()}{where};"
        )
        same_name = bool(self.name and near)
        return Finding(
            f"index {quote(self.name or '')} of {self.table} is not {expected}"
            if same_name
            else f"{self.table} lacks index{named} {expected}",
            expected=str(expected),
            observed=str(near[0]) if same_name else None,
            repair=() if same_name else (Repair(create, "none" if concurrently else "blocks writes"),),
        )

    def _invented(self, catalog: Catalog) -> str:
        """A name much as Postgres would choose it, and free, for `IF NOT EXISTS` does nothing where it is taken."""
        schema, table = split(self.table)
        words = [table, *(column.split()[0] for column in self.columns)]
        stem = "_".join("".join(char for char in word if char.isalnum() or char == "_") for word in words)[:50]
        relations = list(catalog.in_schema(schema))
        taken = {split(relation.name)[1] for relation in relations}.union(*(one.indexes for one in relations))
        endings = ("idx", *(f"idx{number}" for number in range(1, len(taken) + 2)))
        return next(name for ending in endings if (name := f"{stem}_{ending}") not in taken)

    def _invalid(self, index: Index) -> Iterator[Finding]:
        repair = Repair(f"reindex index concurrently {qualified(split(self.table)[0], index.name)};")
        yield from differs(f"index {quote(index.name)} of {self.table}", "valid", "invalid", repair=[repair])


class IndexesAre(CatalogExpectation):
    """{table} has exactly the indexes {indexes}.

    A closed world: each index more makes every write slower. Those behind primary keys and constraints count. `beside`
    names what may be there too, and need not.

    Example:
        IndexesAre("invoices", ["invoices_pkey", "invoices_org_id_idx"])

    Repair: drop what is not wanted, `CONCURRENTLY`; what is missing needs its migration.
    """

    table: Relation
    indexes: Identifiers
    beside: Identifiers = ()

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        schema = split(self.table)[0]
        observed = [name for name in catalog.relations[self.table].indexes if name not in self.beside]
        nouns, place = ("index", "indexes"), f"table {self.table}"
        yield from closed(nouns, place, self.indexes, observed, lambda name: qualified(schema, name))
